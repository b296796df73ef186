//! What consumers work on: attempts that are counted, deliveries that are parked.

use std::collections::{BTreeMap, HashMap, HashSet};

use cohesive_core::value::Timestamp;

use crate::store::inbox::{DeliveryKey, ParkedDelivery, StoredDelivery};
use crate::store::outbox::cut;

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Deliveries {
    attempts: HashMap<DeliveryKey, u32>,
    parked: BTreeMap<u64, StoredDelivery>,
    known: HashSet<DeliveryKey>,
    last: u64,
}

impl Deliveries {
    pub(super) fn count(&mut self, key: DeliveryKey) -> u32 {
        let attempts = self.attempts.entry(key).or_default();
        *attempts = attempts.saturating_add(1);
        *attempts
    }

    pub(super) fn forget(&mut self, keys: &[DeliveryKey]) {
        for key in keys {
            self.attempts.remove(key);
        }
    }

    pub(super) fn park(&mut self, delivery: ParkedDelivery, now: Timestamp) {
        self.attempts.remove(&delivery.key);
        if !self.known.insert(delivery.key.clone()) {
            return;
        }
        self.last += 1;
        let delivery = ParkedDelivery { error: cut(&delivery.error).to_owned(), ..delivery };
        let stored = StoredDelivery { number: self.last, delivery, parked_at: now };
        self.parked.insert(self.last, stored);
    }

    pub(super) fn parked(&self, after: u64) -> impl Iterator<Item = &StoredDelivery> {
        self.parked.range(after.saturating_add(1)..).map(|(_, stored)| stored)
    }

    /// Those with this partition key that are parked for this consumer.
    pub(super) fn of<'a>(
        &'a self,
        consumer: &'a str,
        partition_key: &'a str,
    ) -> impl Iterator<Item = &'a StoredDelivery> {
        self.parked.values().filter(move |stored| {
            stored.delivery.key.consumer == consumer && stored.delivery.partition_key == partition_key
        })
    }

    pub(super) fn remove(&mut self, number: u64) -> bool {
        let removed = self.parked.remove(&number);
        removed.is_some_and(|stored| self.known.remove(&stored.delivery.key))
    }

    /// How many are parked, and of how many attempts are counted.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.parked.len() as u64, self.attempts.len() as u64)
    }
}
