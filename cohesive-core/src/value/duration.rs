//! Lengths of time.

use std::fmt;
use std::str::FromStr;

use super::time::as_text;
use super::{Datum, Flaw, Value};
use crate::model::Type;

/// A length of time with microsecond precision, negative for "earlier".
///
/// JSON form: ISO 8601 with hours, minutes and seconds, for example `PT1H30M` (RFC 3339 appendix A). Days, months and
/// years are refused on reading, because their length depends on where and when they are counted.
///
/// In a body: `instant + duration`, `instant - instant`, `duration * 3`, and [`Duration::hours`] and its like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration(i64);

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest length of time; no two instants are further apart.
    pub const MAX: Self = Self(315_576_000_000_000_000);

    /// This many microseconds.
    ///
    /// # Errors
    /// When they are more than [`Duration::MAX`], in either direction.
    pub const fn from_micros(micros: i64) -> Result<Self, Flaw> {
        if micros > Self::MAX.0 || micros < -Self::MAX.0 {
            return Err(Flaw::OutOfRange { expected: "a length of time" });
        }
        Ok(Self(micros))
    }

    /// The length in microseconds.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This many seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self(seconds as i64 * 1_000_000)
    }

    /// This many minutes.
    #[must_use]
    pub const fn minutes(minutes: u32) -> Self {
        Self(minutes as i64 * 60_000_000)
    }

    /// This many hours; beyond [`Duration::MAX`], that.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        let micros = hours as i64 * 3_600_000_000;
        if micros > Self::MAX.0 { Self::MAX } else { Self(micros) }
    }

    /// This many times 24 hours, whatever a calendar says; beyond [`Duration::MAX`], that.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        let micros = (days as i64).saturating_mul(86_400_000_000);
        if micros > Self::MAX.0 { Self::MAX } else { Self(micros) }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        jiff::SignedDuration::from_micros(self.0).fmt(formatter)
    }
}

impl FromStr for Duration {
    type Err = Flaw;

    fn from_str(text: &str) -> Result<Self, Flaw> {
        let flaw = || Flaw::malformed("a length of time such as `PT1H30M`", text);
        let plain = text.trim_start_matches(['-', '+']).starts_with('P');
        let read: jiff::SignedDuration = text.parse().map_err(|_| flaw())?;
        if !plain {
            return Err(flaw());
        }
        if read.subsec_nanos() % 1000 != 0 {
            return Err(Flaw::malformed("a length of time with at most six fractional digits", text));
        }
        i64::try_from(read.as_micros()).map_err(|_| flaw()).and_then(Self::from_micros)
    }
}

impl Value for Duration {
    const TYPE: Type = Type::Duration;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Int(self.0))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Int(value) => Self::from_micros(value),
            other => Err(other.instead_of("a length of time")),
        }
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

as_text!(Duration);

#[cfg(test)]
mod tests {
    use super::Duration;

    #[test]
    fn text_form_round_trips_and_calendar_units_are_refused() {
        for duration in
            [Duration::hours(36), Duration::ZERO, Duration::MAX, Duration::from_micros(-1).unwrap()]
        {
            assert_eq!(duration.to_string().parse(), Ok(duration), "{duration}");
        }
        assert_eq!("PT1H30M".parse(), Ok(Duration::minutes(90)));
        for wrong in ["P1D", "1h", "PT0.0000001S", "", "PT99999999999H"] {
            assert!(wrong.parse::<Duration>().is_err(), "{wrong}");
        }
    }
}
