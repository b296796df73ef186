//! What a consumer counts.

use crate::counter::Counter;

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
}

impl Counters {
    pub(super) fn snapshot(&self) -> ConsumerMetrics {
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
        }
    }
}
