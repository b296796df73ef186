//! A store that is away for a while.

use std::sync::atomic::{AtomicU64, Ordering};

use cohesive::prelude::*;
use cohesive::store::memory::MemoryStore;
use cohesive::store::{
    BoxFuture, ListQuery, Load, Loaded, OutboxQuery, Row, Store, StoreError, StoreErrorKind, StoredInput,
    StoredMessage, Unit, UnitOutcome,
};

/// Its first loads and commits fail; of the commits every second one with an unknown outcome, after it took effect.
pub struct Failing {
    inner: MemoryStore,
    left: AtomicU64,
}

impl Failing {
    pub fn new(inner: MemoryStore, failures: u64) -> Self {
        Self { inner, left: failures.into() }
    }

    pub fn left(&self) -> u64 {
        self.left.load(Ordering::SeqCst)
    }

    fn fails(&self) -> Option<u64> {
        self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).ok()
    }

    fn error(kind: StoreErrorKind) -> StoreError {
        StoreError { kind, store: "failing", message: "it is away".to_owned() }
    }
}

impl Store for Failing {
    fn name(&self) -> &'static str {
        "failing"
    }

    fn load(&self, batch: Load) -> BoxFuture<'_, Result<Loaded, StoreError>> {
        Box::pin(async move {
            match self.fails() {
                Some(left) if left.is_multiple_of(3) => Err(Self::error(StoreErrorKind::Unavailable)),
                _ => self.inner.load(batch).await,
            }
        })
    }

    fn commit(&self, batch: Vec<Unit>) -> BoxFuture<'_, Result<Vec<UnitOutcome>, StoreError>> {
        Box::pin(async move {
            match self.fails() {
                Some(left) if left.is_multiple_of(2) => {
                    self.inner.commit(batch).await?;
                    Err(Self::error(StoreErrorKind::Unknown))
                }
                Some(_) => Err(Self::error(StoreErrorKind::Unavailable)),
                None => self.inner.commit(batch).await,
            }
        })
    }

    fn list(&self, query: ListQuery) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        self.inner.list(query)
    }

    fn outbox(&self, query: OutboxQuery) -> BoxFuture<'_, Result<Vec<StoredMessage>, StoreError>> {
        self.inner.outbox(query)
    }

    fn parked_inputs(&self, limit: usize) -> BoxFuture<'_, Result<Vec<StoredInput>, StoreError>> {
        self.inner.parked_inputs(limit)
    }

    fn prune_receipts(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>> {
        self.inner.prune_receipts(now)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.inner.close()
    }
}
