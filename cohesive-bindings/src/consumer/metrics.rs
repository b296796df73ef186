//! What a consumer counts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cohesive_core::value::Timestamp;

use crate::counter::Counter;
use crate::store::outbox::lanes::between;

/// The counters of a running consumer.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) received: Counter,
    pub(super) applied: Counter,
    pub(super) repeated: Counter,
    pub(super) early: Counter,
    pub(super) parked: Counter,
    pub(super) unfollowed: Counter,
    pub(super) failures: Counter,
    pub(super) receive_failures: Counter,
    pub(super) unacknowledged: Counter,
    pub(super) returned: Counter,
    pub(super) in_hand: Counter,
    pub(super) ages: Ages,
}

/// When the messages at hand were recorded, and how many at that instant.
#[derive(Debug, Default)]
pub(super) struct Ages(Arc<Mutex<BTreeMap<Timestamp, usize>>>);

/// The age of a message at hand, which counts as long as this is there.
pub(super) struct Aged {
    ages: Ages,
    recorded: Timestamp,
}

impl Ages {
    pub(super) fn of(&self, recorded: Timestamp) -> Aged {
        *self.lock().entry(recorded).or_default() += 1;
        Aged { ages: Self(Arc::clone(&self.0)), recorded }
    }

    fn oldest(&self) -> Option<Timestamp> {
        self.lock().first_key_value().map(|(recorded, _)| *recorded)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Timestamp, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Aged {
    fn drop(&mut self) {
        let mut ages = self.ages.lock();
        if let Some(count) = ages.get_mut(&self.recorded) {
            *count -= 1;
            if *count == 0 {
                ages.remove(&self.recorded);
            }
        }
    }
}

/// What a consumer has done since it started, and what it is doing. Numbers of one moment need not add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConsumerMetrics {
    /// Messages received, each time counted.
    pub received: u64,
    /// Messages applied, for each transition that follows them.
    pub applied: u64,
    /// Messages that had been applied before, for each transition that follows them.
    pub repeated: u64,
    /// Attempts that came too early and are made again.
    pub early: u64,
    /// Messages left for an operator, for each transition that follows them.
    pub parked: u64,
    /// Messages that no transition follows. They are acknowledged: somebody subscribed to too much.
    pub unfollowed: u64,
    /// Calls of the node or the store that failed. They are made again.
    pub failures: u64,
    /// Calls of the broker for the next message that failed. They are made again.
    pub receive_failures: u64,
    /// Messages that were handled and whose acknowledgement the broker did not take. They come again, and are known.
    pub unacknowledged: u64,
    /// Messages given back untried or unfinished.
    pub returned: u64,
    /// Messages at hand now.
    pub in_hand: u64,
    /// How long ago the first recorded of them was recorded, by the clocks here and at its sender; `None` when there is
    /// none. How far the consumer lags behind, while more wait at the broker.
    pub oldest: Option<Duration>,
}

impl Counters {
    pub(super) fn snapshot(&self, now: Timestamp) -> ConsumerMetrics {
        ConsumerMetrics {
            received: self.received.get(),
            applied: self.applied.get(),
            repeated: self.repeated.get(),
            early: self.early.get(),
            parked: self.parked.get(),
            unfollowed: self.unfollowed.get(),
            failures: self.failures.get(),
            receive_failures: self.receive_failures.get(),
            unacknowledged: self.unacknowledged.get(),
            returned: self.returned.get(),
            in_hand: self.in_hand.get(),
            oldest: self.ages.oldest().map(|recorded| between(recorded, now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_at_hand_is_the_age() {
        let (counters, at) =
            (Counters::default(), |second: i64| Timestamp::from_micros(second * 1_000_000).unwrap());
        let oldest = |now| counters.snapshot(at(now)).oldest.map(|age| age.as_secs());
        assert_eq!(oldest(9), None);
        let [one, same, other] = [3, 3, 7].map(|second| counters.ages.of(at(second)));
        assert_eq!(oldest(9), Some(6));
        drop(one);
        assert_eq!(oldest(9), Some(6), "another of that instant is there");
        drop(same);
        assert_eq!((oldest(9), oldest(1)), (Some(2), Some(0)), "a sender's clock may be ahead");
        drop(other);
        assert_eq!(oldest(9), None);
    }
}
