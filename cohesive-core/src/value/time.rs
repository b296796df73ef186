//! Instants and calendar days.
//!
//! The types are our own, so that the calendar library behind them is not part of the interface.

use std::fmt;
use std::str::FromStr;

use super::{Datum, Flaw, Value};
use crate::model::Type;

/// An instant with microsecond precision, as stores keep it.
///
/// JSON form: RFC 3339 in UTC, for example `2026-03-01T12:00:00Z`. Reading accepts any offset and keeps the
/// instant, not the offset. Digits beyond microseconds are refused rather than cut, because a value that changes
/// on its way through a store breaks comparisons (requirement R45).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest instant: 0000-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_167_219_200_000_000);
    /// The latest instant: 9999-12-30T22:00:00Z.
    pub const MAX: Self = Self(253_402_207_200_000_000);

    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// When it lies outside of [`Timestamp::MIN`] to [`Timestamp::MAX`].
    pub const fn from_micros(micros: i64) -> Result<Self, Flaw> {
        if micros < Self::MIN.0 || micros > Self::MAX.0 {
            return Err(Flaw::OutOfRange { expected: "an instant" });
        }
        Ok(Self(micros))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Microseconds from `earlier` to this instant; negative when this instant comes first.
    pub(crate) const fn micros_since(self, earlier: Self) -> i64 {
        // Both lie within 10,000 years, which 64 bits of microseconds hold 29 times over.
        self.0 - earlier.0
    }

    /// The instant this much later, or the latest one there is.
    #[must_use]
    pub fn saturating_add(self, duration: std::time::Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros).min(Self::MAX.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(formatter, "{instant}"),
            Err(_) => write!(formatter, "{} µs", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = Flaw;

    fn from_str(text: &str) -> Result<Self, Flaw> {
        let flaw = || Flaw::malformed("an instant such as `2026-03-01T12:00:00Z`", text);
        let instant: jiff::Timestamp = text.parse().map_err(|_| flaw())?;
        if instant.subsec_nanosecond() % 1000 != 0 {
            return Err(Flaw::malformed("an instant with at most six fractional digits", text));
        }
        Self::from_micros(instant.as_microsecond())
    }
}

impl Value for Timestamp {
    const TYPE: Type = Type::Timestamp;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Timestamp(*self))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Timestamp(value) => Ok(value),
            other => Err(other.instead_of("an instant")),
        }
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

/// A calendar day without a time zone, from 0000-01-01 to 9999-12-31. JSON form: `2026-03-01` (RFC 3339 full-date).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The day with these numbers.
    ///
    /// # Errors
    /// When there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, Flaw> {
        match jiff::civil::Date::new(year, month, day) {
            Ok(date) if year >= 0 => Ok(Self(date)),
            _ => Err(Flaw::OutOfRange { expected: "a date" }),
        }
    }

    /// Days from `earlier` to this day; negative when this day comes first. Bodies may use it.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        // Both lie within 10,000 years, so the difference always exists.
        self.0.since(earlier.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// The day this many days later, or earlier for a negative number; `None` beyond the years 0 to 9999.
    #[must_use]
    pub fn checked_plus_days(self, days: i64) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        self.0.checked_add(span).ok().filter(|date| date.year() >= 0).map(Self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Date {
    type Err = Flaw;

    fn from_str(text: &str) -> Result<Self, Flaw> {
        let date: jiff::civil::Date =
            text.parse().map_err(|_| Flaw::malformed("a date such as `2026-03-01`", text))?;
        if text.len() != 10 || date.year() < 0 {
            return Err(Flaw::malformed("a date such as `2026-03-01`", text));
        }
        Ok(Self(date))
    }
}

impl Value for Date {
    const TYPE: Type = Type::Date;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Date(*self))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Date(value) => Ok(value),
            other => Err(other.instead_of("a date")),
        }
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

/// JSON by way of `Display` and `FromStr`.
macro_rules! as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(super) use as_text;

as_text!(Timestamp);
as_text!(Date);
