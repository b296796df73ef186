//! What a node counts: atomic numbers, and no lock anywhere.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cohesive_core::kernel::Input;

use super::outcome::{Failure, Outcome};
use super::system::System;
use super::{Node, NodeOptions};
use crate::store::StoreErrorKind;

/// What can become of an input: the words of [`Outcome`], then those of [`Failure`].
const WORDS: [&str; 26] = [
    "committed",
    "no-change",
    "rejected",
    "conflict",
    "parked",
    "not-found",
    "already-exists",
    "not-unique",
    "invalid",
    "replayed",
    "key-reused",
    "fact-reused",
    "key-in-flight",
    "message-reused",
    "message-too-old",
    "stopped",
    "lost",
    "not-served",
    "contended",
    "panicked",
    "store-unavailable",
    "store-full",
    "store-unknown",
    "store-corrupt",
    "store-schema",
    "store-closed",
];

/// How many inputs one commit took, up to and including each of these.
const BATCHES: [u64; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// How many microseconds one commit took, up to and including each of these.
const COMMITS: [u64; 16] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
];

/// What a node has done since it started, and what it is doing. Numbers of one moment need not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeMetrics {
    /// Inputs by what became of them. Those of which there was none are left out.
    pub inputs: Vec<InputCount>,
    /// How many inputs one commit took.
    pub batches: Distribution,
    /// How many microseconds the store took for one commit, successful or not.
    pub commits: Distribution,
    /// Inputs that were decided again, because another node was faster or because a batch was refused as a whole.
    pub decided_again: u64,
    /// Inputs that wait to be taken into a commit now.
    pub waiting: u64,
    /// How many may wait ([`NodeOptions::queue`]).
    pub places: u64,
}

/// How many inputs of one transition had one outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputCount {
    /// The entity's name.
    pub entity: &'static str,
    /// The transition.
    pub transition: &'static str,
    /// What became of them: [`Outcome::word`] or [`Failure::word`].
    pub outcome: &'static str,
    /// How many there were.
    pub count: u64,
}

/// How values are distributed over ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// The upper end of each range, included.
    pub bounds: &'static [u64],
    /// How many values lie in each range, and at the end how many lie beyond the last.
    pub counts: Vec<u64>,
    /// All values together.
    pub sum: u64,
}

/// What the loop of a node does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// It waits: for inputs, or for the store.
    Waiting,
    /// It decides. The number is another one each time that it begins.
    Deciding(u64),
    /// It has ended: the node was shut down, or something in it panicked.
    Ended,
}

/// The counters of a running node.
pub(super) struct Counters {
    transitions: Box<[Transition]>,
    batches: Buckets,
    commits: Buckets,
    again: AtomicU64,
    /// Odd while the loop decides; one more at each change.
    turns: AtomicU64,
}

struct Transition {
    entity: &'static str,
    name: &'static str,
    outcomes: [AtomicU64; WORDS.len()],
}

impl Counters {
    pub(super) fn of(system: &System) -> Self {
        let transitions = system.entities().iter().flat_map(|served| {
            served.operations.iter().map(|operation| Transition {
                entity: served.model.name(),
                name: operation.transition.name,
                outcomes: [const { AtomicU64::new(0) }; WORDS.len()],
            })
        });
        Self {
            transitions: transitions.collect(),
            batches: Buckets::new(&BATCHES),
            commits: Buckets::new(&COMMITS),
            again: AtomicU64::new(0),
            turns: AtomicU64::new(1),
        }
    }

    /// Counts what became of an input of the transition at this place of the system.
    pub(super) fn ended<I: Input>(&self, place: usize, result: &Result<Outcome<I>, Failure>) {
        let outcomes = self.transitions.get(place).map(|transition| &transition.outcomes);
        if let Some(count) = outcomes.and_then(|outcomes| outcomes.get(word(result))) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn taken(&self, inputs: usize) {
        self.batches.add(inputs as u64);
    }

    pub(super) fn committed(&self, took: Duration) {
        self.commits.add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    pub(super) fn again(&self, inputs: usize) {
        self.again.fetch_add(inputs as u64, Ordering::Relaxed);
    }

    /// Waits for something outside of the loop, and says so meanwhile.
    pub(super) async fn waiting<T>(&self, other: impl Future<Output = T>) -> T {
        self.turns.fetch_add(1, Ordering::Relaxed);
        let answer = other.await;
        self.turns.fetch_add(1, Ordering::Relaxed);
        answer
    }

    pub(super) fn activity(&self) -> Activity {
        let turn = self.turns.load(Ordering::Relaxed);
        if turn.is_multiple_of(2) { Activity::Waiting } else { Activity::Deciding(turn) }
    }

    pub(super) fn snapshot(&self, waiting: usize, places: usize) -> NodeMetrics {
        let inputs = self.transitions.iter().flat_map(|transition| {
            let (entity, name) = (transition.entity, transition.name);
            transition.outcomes.iter().zip(WORDS).map(move |(count, outcome)| {
                let count = count.load(Ordering::Relaxed);
                InputCount { entity, transition: name, outcome, count }
            })
        });
        NodeMetrics {
            inputs: inputs.filter(|input| input.count > 0).collect(),
            batches: self.batches.snapshot(),
            commits: self.commits.snapshot(),
            decided_again: self.again.load(Ordering::Relaxed),
            waiting: waiting as u64,
            places: places as u64,
        }
    }
}

/// The place of what became of an input among [`WORDS`].
const fn word<I: Input>(result: &Result<Outcome<I>, Failure>) -> usize {
    match result {
        Ok(Outcome::Committed(_)) => 0,
        Ok(Outcome::NoChange { .. }) => 1,
        Ok(Outcome::Rejected(_)) => 2,
        Ok(Outcome::Conflict { .. }) => 3,
        Ok(Outcome::Parked { .. }) => 4,
        Ok(Outcome::NotFound) => 5,
        Ok(Outcome::AlreadyExists) => 6,
        Ok(Outcome::NotUnique { .. }) => 7,
        Ok(Outcome::Invalid(_)) => 8,
        Ok(Outcome::Replayed(_)) => 9,
        Ok(Outcome::KeyReused) => 10,
        Ok(Outcome::FactReused) => 11,
        Ok(Outcome::KeyInFlight) => 12,
        Ok(Outcome::MessageReused) => 13,
        Ok(Outcome::MessageTooOld) => 14,
        Err(failure) => failed(failure),
    }
}

const fn failed(failure: &Failure) -> usize {
    match failure {
        Failure::Stopped => 15,
        Failure::Lost => 16,
        Failure::NotServed(_) => 17,
        Failure::Contended { .. } => 18,
        Failure::Panicked(_) => 19,
        Failure::Store(error) => match error.kind {
            StoreErrorKind::Unavailable => 20,
            StoreErrorKind::Full => 21,
            StoreErrorKind::Unknown => 22,
            StoreErrorKind::Corrupt => 23,
            StoreErrorKind::Schema => 24,
            StoreErrorKind::Closed => 25,
        },
    }
}

/// The counters behind a [`Distribution`].
struct Buckets {
    bounds: &'static [u64],
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Buckets {
    fn new(bounds: &'static [u64]) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, counts, sum: AtomicU64::new(0) }
    }

    fn add(&self, value: u64) {
        let place = self.bounds.partition_point(|bound| *bound < value);
        if let Some(count) = self.counts.get(place) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    fn snapshot(&self) -> Distribution {
        Distribution {
            bounds: self.bounds,
            counts: self.counts.iter().map(|count| count.load(Ordering::Relaxed)).collect(),
            sum: self.sum.load(Ordering::Relaxed),
        }
    }
}

impl Node {
    /// The bounds that the node keeps.
    #[must_use]
    pub fn options(&self) -> NodeOptions {
        self.shared.options
    }

    /// How many inputs wait to be taken into a commit; a measure of the pressure on the node.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.queue.max_capacity() - self.shared.queue.capacity()
    }

    /// What it has done so far.
    #[must_use]
    pub fn metrics(&self) -> NodeMetrics {
        self.shared.counters.snapshot(self.waiting(), self.shared.queue.max_capacity())
    }

    /// What its loop does at this moment.
    #[must_use]
    pub fn activity(&self) -> Activity {
        // Nothing is ever sent there: it only ends, with the loop, whether that returned or panicked.
        let ended = self.shared.end.has_changed().is_err();
        if ended { Activity::Ended } else { self.shared.counters.activity() }
    }

    /// Counts an outcome that the engine did not answer with.
    pub(super) fn unanswered<I: Input>(
        &self,
        outcome: Result<Outcome<I>, Failure>,
    ) -> Result<Outcome<I>, Failure> {
        if let Some(taken) = self.shared.system.taken::<I>() {
            self.shared.counters.ended(taken.place, &outcome);
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn a_value_lies_in_the_first_range_that_reaches_it() {
        let buckets = Buckets::new(&[1, 2, 4]);
        for value in [0, 1, 2, 3, 4, 5, 900] {
            buckets.add(value);
        }
        let distribution = buckets.snapshot();
        assert_eq!((distribution.counts, distribution.sum), (vec![2, 1, 2, 2], 915));
    }

    #[test]
    fn every_failure_is_counted_under_its_word() {
        let kinds = [
            StoreErrorKind::Unavailable,
            StoreErrorKind::Full,
            StoreErrorKind::Unknown,
            StoreErrorKind::Corrupt,
            StoreErrorKind::Schema,
            StoreErrorKind::Closed,
        ];
        let stores = kinds.map(|kind| Failure::Store(StoreError { kind, store: "", message: String::new() }));
        let others = [
            Failure::Stopped,
            Failure::Lost,
            Failure::NotServed(""),
            Failure::Contended { entity: "", attempts: 1 },
            Failure::Panicked(""),
        ];
        for failure in stores.iter().chain(&others) {
            assert_eq!(WORDS[failed(failure)], failure.word());
        }
    }
}
