//! Connecting: how long to wait before the next attempt, and what options may be wrong.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

pub(super) use super::error::BrokerError;

/// How long to wait between attempts to reach a broker: each time up to twice as long, at random, so that clients
/// that lost it together do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pauses {
    /// After the first failure, and at the least after any.
    pub first: Duration,
    /// After a failure at the most.
    pub longest: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self { first: Duration::from_millis(100), longest: Duration::from_secs(10) }
    }
}

impl Pauses {
    pub(crate) fn check(self) -> Result<(), BrokerError> {
        if self.first.is_zero() || self.longest < self.first {
            return Err(BrokerError::option("pauses", "the first is zero, or longer than the longest"));
        }
        Ok(())
    }

    /// The pause after this many failures.
    pub(crate) fn after(self, failures: usize) -> Duration {
        let doublings = u32::try_from(failures.saturating_sub(1)).unwrap_or(u32::MAX).min(31);
        let span = self.first.saturating_mul(1 << doublings).min(self.longest).saturating_sub(self.first);
        // A hasher of the standard library is made with random keys.
        let random = (RandomState::new().hash_one(failures) >> 32) as u32;
        self.first + span.mul_f64(f64::from(random) / f64::from(u32::MAX))
    }
}

/// A name that is one word for every broker: letters, digits, `-` and `_`.
pub(crate) fn check_word(option: &'static str, word: &str) -> Result<(), BrokerError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if word.is_empty() || word.len() > 100 || !word.bytes().all(plain) {
        return Err(BrokerError::option(
            option,
            format!("`{word}` is no word of letters, digits, `-` and `_`"),
        ));
    }
    Ok(())
}

/// The number of partitions: it is written with two digits, so that names sort and have one length.
pub(crate) fn check_partitions(partitions: u16) -> Result<(), BrokerError> {
    if !(1..=100).contains(&partitions) {
        return Err(BrokerError::option("partitions", format!("{partitions} is not between 1 and 100")));
    }
    Ok(())
}

pub(crate) fn check_span(option: &'static str, span: Duration) -> Result<(), BrokerError> {
    if span.is_zero() { Err(BrokerError::option(option, "it is zero")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound_and_are_random() {
        let pauses = Pauses { first: Duration::from_millis(10), longest: Duration::from_secs(1) };
        let most = |failures| (0..200).map(|_| pauses.after(failures)).max().unwrap();
        let least = |failures| (0..200).map(|_| pauses.after(failures)).min().unwrap();
        assert_eq!((least(0), most(1)), (pauses.first, pauses.first));
        assert!(most(2) <= Duration::from_millis(20) && most(2) > pauses.first);
        assert!(most(1000) <= pauses.longest && most(1000) > pauses.longest / 2);
        assert!(least(1000) >= pauses.first && least(1000) < pauses.longest / 2);
        assert!(pauses.check().is_ok());
        assert!(Pauses { first: Duration::ZERO, ..pauses }.check().is_err());
        assert!(Pauses { first: Duration::from_secs(2), ..pauses }.check().is_err());
    }

    #[test]
    fn names_are_one_word() {
        for word in ["a", "Orders-2_b"] {
            assert!(check_word("name", word).is_ok());
        }
        for word in ["", "a.b", "a b", "*", "ü", "a/b", &"a".repeat(101)] {
            assert!(check_word("name", word).is_err(), "{word}");
        }
    }
}
