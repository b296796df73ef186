//! An outbox whose claims are timed.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cohesive::store::outbox::{
    Acquire, Claim, Lease, Leases, Outbox, OutboxStats, ParkedMessage, Pending, Settled, Settlement, Stream,
};
use cohesive::store::postgres::PostgresStore;
use cohesive::store::{BoxFuture, StoreError};
use cohesive::value::Timestamp;

/// One claim.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    pub at: Instant,
    pub took: Duration,
    pub messages: usize,
}

/// A store, and the claims that were made of it.
pub struct Timed {
    store: PostgresStore,
    calls: Mutex<Vec<Call>>,
}

impl Timed {
    pub const fn new(store: PostgresStore) -> Self {
        Self { store, calls: Mutex::new(Vec::new()) }
    }

    /// The claims until now.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

macro_rules! passed_on {
    ($($name:ident($($value:ident: $kind:ty),*) -> $answer:ty;)*) => {
        impl Outbox for Timed {
            fn claim(&self, request: Claim) -> BoxFuture<'_, Result<Vec<Pending>, StoreError>> {
                Box::pin(async move {
                    let at = Instant::now();
                    let claimed = self.store.claim(request).await;
                    let call = Call { at, took: at.elapsed(), messages: claimed.as_ref().map_or(0, Vec::len) };
                    self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
                    claimed
                })
            }

            $(fn $name(&self, $($value: $kind),*) -> BoxFuture<'_, Result<$answer, StoreError>> {
                self.store.$name($($value),*)
            })*
        }
    };
}

passed_on! {
    acquire(request: Acquire) -> Leases;
    release(owner: String, leases: Vec<Lease>, leaving: bool) -> ();
    settle(settlements: Vec<Settlement>) -> Vec<Settled>;
    parked_messages(stream: Stream, limit: usize) -> Vec<ParkedMessage>;
    retry_parked(position: u64) -> bool;
    drop_parked(position: u64) -> bool;
    prune_published(stream: Stream, kept: Duration, limit: usize) -> u64;
    republish(stream: Stream, since: Timestamp) -> u64;
    outbox_stats(stream: Stream) -> OutboxStats;
}
