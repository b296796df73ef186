//! What a relay counts.

use crate::counter::Counter;

/// The counters of a running relay.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) rounds: Counter,
    pub(super) claimed: Counter,
    pub(super) attempts: Counter,
    pub(super) failed: Counter,
    pub(super) refused: Counter,
    pub(super) failing: Counter,
    pub(super) published: Counter,
    pub(super) retried: Counter,
    pub(super) parked: Counter,
    pub(super) returned: Counter,
    pub(super) fenced: Counter,
    pub(super) pruned: Counter,
    pub(super) lanes_taken: Counter,
    pub(super) lanes_lost: Counter,
    pub(super) store_failures: Counter,
    pub(super) lanes: Counter,
    pub(super) in_flight: Counter,
    pub(super) unsettled: Counter,
}

/// What a relay has done since it started, and what it is doing. Numbers of one moment need not add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RelayMetrics {
    /// Turns of its loop: one at least for each [`RelayOptions::balance`](super::RelayOptions::balance) while it lives.
    pub rounds: u64,
    /// Messages claimed, each attempt counted.
    pub claimed: u64,
    /// Attempts to publish.
    pub attempts: u64,
    /// Attempts that failed in a way that may pass.
    pub failed: u64,
    /// Attempts that were refused for good.
    pub refused: u64,
    /// Entities whose last attempt failed in a way that may pass, since anything was acknowledged: more than one is a sign
    /// that the broker is lost. Counted up to 1024.
    pub failing: u64,
    /// Messages recorded as published.
    pub published: u64,
    /// Attempts that failed and are repeated later.
    pub retried: u64,
    /// Messages left for an operator.
    pub parked: u64,
    /// Messages claimed and given back untried.
    pub returned: u64,
    /// Settlements that changed no row, because the lane had another owner by then (F7). Each may be a message
    /// that is published twice.
    pub fenced: u64,
    /// Published messages removed after their time.
    pub pruned: u64,
    /// Lanes taken.
    pub lanes_taken: u64,
    /// Lanes lost to another relay before they were given back.
    pub lanes_lost: u64,
    /// Calls of the store that failed.
    pub store_failures: u64,
    /// Lanes held now.
    pub lanes: u64,
    /// Messages that wait for the broker's acknowledgement now.
    pub in_flight: u64,
    /// Settlements that are not recorded now.
    pub unsettled: u64,
}

impl Counters {
    pub(super) fn snapshot(&self) -> RelayMetrics {
        RelayMetrics {
            rounds: self.rounds.get(),
            claimed: self.claimed.get(),
            attempts: self.attempts.get(),
            failed: self.failed.get(),
            refused: self.refused.get(),
            failing: self.failing.get(),
            published: self.published.get(),
            retried: self.retried.get(),
            parked: self.parked.get(),
            returned: self.returned.get(),
            fenced: self.fenced.get(),
            pruned: self.pruned.get(),
            lanes_taken: self.lanes_taken.get(),
            lanes_lost: self.lanes_lost.get(),
            store_failures: self.store_failures.get(),
            lanes: self.lanes.get(),
            in_flight: self.in_flight.get(),
            unsettled: self.unsettled.get(),
        }
    }
}
