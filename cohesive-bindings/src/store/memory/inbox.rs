//! The consumers' side of the store in memory.

use super::{MemoryStore, Step, misfit};
use crate::store::inbox::{DeliveryKey, Inbox, InboxStats, ParkedDelivery, StoredDelivery};
use crate::store::{BoxFuture, StoreError, fit};

const DELIVERY: (Step, Step) = (Step::BeforeDelivery, Step::AfterDelivery);

impl Inbox for MemoryStore {
    fn count_attempt(&self, key: DeliveryKey) -> BoxFuture<'_, Result<u32, StoreError>> {
        Box::pin(async move {
            fit::check_key(&key).map_err(misfit)?;
            self.transact(DELIVERY, |durable, _| durable.deliveries.count(key))
        })
    }

    fn forget_attempts(&self, keys: Vec<DeliveryKey>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            keys.iter().try_for_each(fit::check_key).map_err(misfit)?;
            self.transact(DELIVERY, |durable, _| durable.deliveries.forget(&keys))
        })
    }

    fn park_delivery(&self, delivery: ParkedDelivery) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            fit::check_delivery(&delivery).map_err(misfit)?;
            self.transact(DELIVERY, |durable, now| durable.deliveries.park(delivery, now))
        })
    }

    fn is_waiting(&self, consumer: String, partition_key: String) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(async move {
            fit::check_texts(&[&consumer, &partition_key]).map_err(misfit)?;
            Ok(self.lock()?.deliveries.of(&consumer, &partition_key).next().is_some())
        })
    }

    fn parked_deliveries(
        &self,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<StoredDelivery>, StoreError>> {
        Box::pin(async move { Ok(self.lock()?.deliveries.parked(after).take(limit).cloned().collect()) })
    }

    fn parked_of(
        &self,
        consumer: String,
        partition_key: String,
    ) -> BoxFuture<'_, Result<Vec<StoredDelivery>, StoreError>> {
        Box::pin(async move {
            fit::check_texts(&[&consumer, &partition_key]).map_err(misfit)?;
            Ok(self.lock()?.deliveries.of(&consumer, &partition_key).cloned().collect())
        })
    }

    fn remove_delivery(&self, number: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(async move { self.transact(DELIVERY, |durable, _| durable.deliveries.remove(number)) })
    }

    fn inbox_stats(&self) -> BoxFuture<'_, Result<InboxStats, StoreError>> {
        Box::pin(async move {
            let durable = self.lock()?;
            let (parked, attempts) = durable.deliveries.counts();
            Ok(InboxStats { receipts: durable.marked(), parked, attempts })
        })
    }
}
