//! Messages at hand, by key.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit};

use super::metrics::Aged;
use crate::broker::Delivery;

/// A message at hand.
pub(super) struct Held {
    pub(super) delivery: Delivery,
    /// Its place among what arrived.
    pub(super) arrival: u64,
    /// How often it was tried in vain.
    pub(super) attempts: u32,
    /// How many of the transitions that follow it are done with it.
    pub(super) done: usize,
    /// Its place among what may be at hand.
    pub(super) _place: OwnedSemaphorePermit,
    /// Its age, where it is a message.
    pub(super) _aged: Option<Aged>,
}

impl Held {
    /// The key, and the place within it.
    fn place(&self) -> (String, Place) {
        match &self.delivery.message {
            // Sequences of different sources cannot be compared, so each source has an order of its own.
            Ok(message) => (
                format!("{}\u{0}{}", message.source, message.partition_key),
                (message.sequence.clone(), self.arrival),
            ),
            // What is no message has no neighbours.
            Err(_) => (format!("\u{0}{}", self.arrival), (String::new(), self.arrival)),
        }
    }
}

/// The sequence, and for messages of one sequence or none the order of arrival.
type Place = (String, u64);

/// Messages that wait, of each key in the order in which their sender recorded them. A key is here as long as somebody
/// works on it.
#[derive(Default)]
pub(super) struct Keys {
    waiting: Mutex<HashMap<String, BTreeMap<Place, Held>>>,
    /// Tells those who wait that a message joined others of its key.
    pub(super) joined: Notify,
}

impl Keys {
    /// Adds a message. Answers its key if nobody works on that yet: the caller has to now.
    pub(super) fn add(&self, held: Held) -> Option<String> {
        let (key, place) = held.place();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(others) = waiting.get_mut(&key) {
            others.insert(place, held);
            self.joined.notify_waiters();
            return None;
        }
        waiting.insert(key.clone(), BTreeMap::from([(place, held)]));
        Some(key)
    }

    /// The next message of a key. `None` when there is none left; then nobody works on the key any more.
    pub(super) fn next(&self, key: &str) -> Option<Held> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let next = waiting.get_mut(key)?.pop_first();
        if next.is_none() {
            waiting.remove(key);
        }
        next.map(|(_, held)| held)
    }

    /// Whether a message of this key waits that was recorded before the one with this sequence.
    pub(super) fn has_earlier(&self, key: &str, sequence: &str) -> bool {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let first = waiting.get(key).and_then(BTreeMap::first_key_value);
        first.is_some_and(|((first, _), _)| &**first < sequence)
    }

    /// Puts a message back among those of its key, which the caller works on.
    pub(super) fn put_back(&self, held: Held) {
        let (key, place) = held.place();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.entry(key).or_default().insert(place, held);
    }
}
