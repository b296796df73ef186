//! Sets of numbers, as ranges in order.

use super::number::Number;

/// A place between numbers: just below one, or just above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    number: Number,
    above: bool,
}

impl Cut {
    const fn below(number: Number) -> Self {
        Self { number, above: false }
    }

    /// Above a whole number is below the next one, so that there is one place for each.
    fn above(number: Number) -> Self {
        number.next().map_or(Self { number, above: true }, Self::below)
    }
}

/// From one place to another; without one, without an end.
type Range = (Option<Cut>, Option<Cut>);

/// A set of numbers: ranges that do not touch, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranges(Vec<Range>);

impl Ranges {
    pub(super) fn all() -> Self {
        Self(vec![(None, None)])
    }

    pub(super) fn only(number: Number) -> Self {
        Self(vec![(Some(Cut::below(number)), Some(Cut::above(number)))])
    }

    pub(super) fn at_least(number: Number) -> Self {
        Self(vec![(Some(Cut::below(number)), None)])
    }

    pub(super) fn above(number: Number) -> Self {
        Self(vec![(Some(Cut::above(number)), None)])
    }

    pub(super) fn complement(&self) -> Self {
        let mut ranges = Vec::new();
        let mut start = Some(None);
        for (from, to) in &self.0 {
            if let (Some(start), Some(from)) = (start, from) {
                ranges.push((start, Some(*from)));
            }
            start = to.map(Some);
        }
        if let Some(start) = start {
            ranges.push((start, None));
        }
        Self(ranges)
    }

    pub(super) fn intersection(&self, other: &Self) -> Self {
        let mut ranges = Vec::new();
        for (from, to) in &self.0 {
            for (other_from, other_to) in &other.0 {
                // No start is less than any other; no end is greater.
                let from = (*from).max(*other_from);
                let to = match (to, other_to) {
                    (Some(one), Some(other)) => Some(*one.min(other)),
                    (one, other) => one.or(*other),
                };
                if from.is_none() || to.is_none() || from < to {
                    ranges.push((from, to));
                }
            }
        }
        ranges.sort_unstable();
        Self(ranges)
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        self.complement().intersection(&other.complement()).complement()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;
    use crate::check::reasoning::number::Number;

    fn whole(number: i128) -> Number {
        Number::whole(number).unwrap()
    }

    fn decimal(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn nothing_lies_between_neighbours_of_whole_numbers_only() {
        let between = |one, other| Ranges::above(one).intersection(&Ranges::at_least(other).complement());
        assert!(between(whole(5), whole(6)).is_empty());
        assert!(!between(whole(5), whole(7)).is_empty());
        assert!(!between(decimal("5"), decimal("6")).is_empty());
    }

    #[test]
    fn complement_and_union_are_what_sets_have() {
        for set in [Ranges::all(), Ranges::only(whole(3)), Ranges::above(decimal("1.5"))] {
            assert_eq!(set.complement().complement(), set);
            assert_eq!(set.union(&set.complement()), Ranges::all());
            assert!(set.intersection(&set.complement()).is_empty());
        }
        let both = Ranges::only(whole(1)).union(&Ranges::only(whole(2)));
        assert_eq!(both, Ranges::at_least(whole(1)).intersection(&Ranges::above(whole(2)).complement()));
    }
}
