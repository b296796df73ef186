//! What constraints look at: size, length and text of a value. An absent value keeps every constraint.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::{Bytes, Currency, Date, Decimal, Duration, Money, Timestamp};

/// A value with a size: `range`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no range with bounds of `{Bound}` [COH0150]",
    label = "`range` works on numbers, instants, dates, durations and money, with bounds of the same type",
    note = "the bounds of money are a `Decimal`"
)]
pub trait Ranged<Bound> {
    /// How the value compares with a bound; `None` when it is absent.
    fn compare(&self, bound: &Bound) -> Option<Ordering>;
}

macro_rules! ranged {
    ($($type:ty),*) => {$(
        impl Ranged<$type> for $type {
            fn compare(&self, bound: &Self) -> Option<Ordering> {
                Some(self.cmp(bound))
            }
        }
    )*};
}

ranged!(i32, i64, u32, Decimal, Timestamp, Date, Duration);

impl Ranged<Decimal> for Money {
    fn compare(&self, bound: &Decimal) -> Option<Ordering> {
        Some(self.amount.cmp(bound))
    }
}

impl<Bound, T: Ranged<Bound>> Ranged<Bound> for Option<T> {
    fn compare(&self, bound: &Bound) -> Option<Ordering> {
        self.as_ref()?.compare(bound)
    }
}

/// A value with a length: `length`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no length [COH0150]",
    label = "`length` counts the characters of text, the bytes of `Bytes`, and the elements of a list or set"
)]
pub trait Measured {
    /// The length; `None` when the value is absent.
    fn length(&self) -> Option<usize>;
}

impl Measured for String {
    fn length(&self) -> Option<usize> {
        Some(self.chars().count())
    }
}

impl Measured for Bytes {
    fn length(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

impl<T> Measured for Vec<T> {
    fn length(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<T> Measured for BTreeSet<T> {
    fn length(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<T: Measured> Measured for Option<T> {
    fn length(&self) -> Option<usize> {
        self.as_ref()?.length()
    }
}

/// A value that is text: `pattern`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text [COH0150]",
    label = "`pattern` works on `String`, `Currency` and options of them"
)]
pub trait Textual {
    /// The text; `None` when the value is absent.
    fn text(&self) -> Option<&str>;
}

impl Textual for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Textual for Currency {
    fn text(&self) -> Option<&str> {
        Some(self.code())
    }
}

impl<T: Textual> Textual for Option<T> {
    fn text(&self) -> Option<&str> {
        self.as_ref()?.text()
    }
}

/// A value that holds ids of an entity: `references`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold the id of the entity it refers to [COH0152]",
    label = "this should be `{Id}`, or an option, a list or a set of it"
)]
pub trait RefersTo<Id> {}

impl<Id: super::EntityId> RefersTo<Id> for Id {}
impl<Id: super::EntityId> RefersTo<Id> for Option<Id> {}
impl<Id: super::EntityId> RefersTo<Id> for Vec<Id> {}
impl<Id: super::EntityId> RefersTo<Id> for BTreeSet<Id> {}

/// A regular expression that is compiled when it is first used. It has to match the whole text.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Option<regex_lite::Regex>>,
}

impl Pattern {
    /// The pattern with this source.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    /// Whether the whole of a value's text matches. The macros refuse sources that cannot be compiled; were there
    /// one, nothing would match it.
    #[must_use]
    pub fn matches(&self, value: &impl Textual) -> bool {
        let Some(text) = value.text() else { return true };
        let compiled = self.compiled.get_or_init(|| whole(self.source).ok());
        compiled.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }
}

/// Whether the whole text of a value matches a pattern, which is compiled once for each place that names it.
#[doc(hidden)]
#[macro_export]
macro_rules! matches_pattern {
    ($value:expr, $source:literal) => {{
        static PATTERN: $crate::value::constraint::Pattern = $crate::value::constraint::Pattern::new($source);
        PATTERN.matches($value)
    }};
}

/// The regular expression that matches where all of a text matches `source`.
///
/// # Errors
/// When `source` is not a regular expression.
pub fn whole(source: &str) -> Result<regex_lite::Regex, regex_lite::Error> {
    // The source is compiled alone first, so that its brackets cannot meet ours.
    regex_lite::Regex::new(source)?;
    regex_lite::Regex::new(&format!("^(?:{source})$"))
}

/// Whether a value is not less than `least`.
pub fn at_least<Bound, T: Ranged<Bound>>(value: &T, least: &Bound) -> bool {
    value.compare(least).is_none_or(Ordering::is_ge)
}

/// Whether a value is not greater than `greatest`.
pub fn at_most<Bound, T: Ranged<Bound>>(value: &T, greatest: &Bound) -> bool {
    value.compare(greatest).is_none_or(Ordering::is_le)
}

/// Whether a value is less than `end`.
pub fn below<Bound, T: Ranged<Bound>>(value: &T, end: &Bound) -> bool {
    value.compare(end).is_none_or(Ordering::is_lt)
}

/// Whether a value's length lies within bounds.
pub fn has_length(value: &impl Measured, least: usize, greatest: usize) -> bool {
    value.length().is_none_or(|length| (least..=greatest).contains(&length))
}

#[cfg(test)]
mod tests {
    use super::{Pattern, at_least, at_most, below, has_length};
    use crate::value::Decimal;

    #[test]
    fn e12_an_absent_value_keeps_every_constraint() {
        assert!(at_least(&None::<i32>, &5) && at_most(&None::<i32>, &5) && has_length(&None::<String>, 3, 4));
        assert!(Pattern::new("x").matches(&None::<String>));
    }

    #[test]
    fn e12_bounds_and_lengths_are_exact() {
        assert!(at_least(&5, &5) && !at_least(&4, &5));
        assert!(at_most(&Some(5), &5) && !at_most(&Some(6), &5));
        assert!(below(&Decimal::new(99, 2), &Decimal::ONE) && !below(&Decimal::ONE, &Decimal::ONE));
        assert!(has_length(&"äöü".to_owned(), 3, 3), "characters, not bytes");
        assert!(!has_length(&vec![1, 2], 3, usize::MAX));
    }

    #[test]
    fn e12_a_pattern_matches_the_whole_text() {
        let pattern = Pattern::new("[A-Z]{2}|x");
        assert!(pattern.matches(&"AB".to_owned()) && pattern.matches(&"x".to_owned()));
        assert!(!pattern.matches(&"ABC".to_owned()) && !pattern.matches(&"xx".to_owned()));
    }
}
