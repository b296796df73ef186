//! Exact numbers of limited size.

use std::cmp::Ordering;

/// A decimal number: `digits` divided by ten to the power of `scale`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    digits: i128,
    scale: u32,
    /// Whether it comes from a whole number, so that there is nothing between it and the next one.
    pub(super) whole: bool,
}

impl Number {
    /// Beyond this, comparing would overflow; rules do not need such numbers.
    const DIGITS: i128 = 10_i128.pow(19);
    const SCALE: u32 = 18;

    pub(super) const fn whole(digits: i128) -> Option<Self> {
        if digits.abs() < Self::DIGITS { Some(Self { digits, scale: 0, whole: true }) } else { None }
    }

    pub(super) fn decimal(digits: i128, scale: i128) -> Option<Self> {
        let scale = u32::try_from(scale).ok().filter(|scale| *scale <= Self::SCALE)?;
        (digits.abs() < Self::DIGITS).then_some(Self { digits, scale, whole: false })
    }

    /// A decimal as it is written, for example `-1.50`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (before, after) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{before}{after}").parse().ok()?;
        Self::decimal(digits, i128::try_from(after.len()).ok()?)
    }

    pub(super) const fn negative(self) -> Self {
        Self { digits: -self.digits, ..self }
    }

    /// The digits of a whole number.
    pub(super) fn as_whole(self) -> Option<i128> {
        self.whole.then_some(self.digits)
    }

    /// The next whole number; nothing for a number that is none.
    pub(super) const fn next(self) -> Option<Self> {
        if self.whole { Self::whole(self.digits + 1) } else { None }
    }

    /// The digits at another scale. Within the limits nothing overflows.
    const fn at(self, scale: u32) -> i128 {
        self.digits * 10_i128.pow(scale - self.scale)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.at(scale).cmp(&other.at(scale))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn numbers_compare_across_scales() {
        let half = Number::decimal(50, 2);
        assert_eq!(half, Number::parse("0.5"));
        assert!(half < Number::whole(1) && Number::parse("-1.5") < Number::whole(-1));
        let (most, least) = (Number::whole(9_999_999_999_999_999_999), Number::decimal(1, 18));
        assert!(least < most && Number::decimal(9_999_999_999_999_999_999, 18) < most);
    }

    #[test]
    fn numbers_beyond_the_limits_are_none() {
        assert_eq!(Number::whole(10_i128.pow(19)), None);
        assert_eq!(Number::decimal(1, 19), None);
        assert_eq!(Number::decimal(1, -1), None);
    }
}
