//! A store that can be told to fail, to hang and to panic.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cohesive::Timestamp;
use cohesive::store::inbox::{DeliveryKey, Inbox, InboxStats, ParkedDelivery, StoredDelivery};
use cohesive::store::outbox::{
    Acquire, Claim, Lease, Leases, Outbox, OutboxStats, ParkedMessage, Pending, Settled, Settlement, Stream,
};
use cohesive::store::{
    BoxFuture, ListQuery, Load, Loaded, OutboxQuery, Row, Store, StoreError, StoreErrorKind, StoredInput,
    StoredMessage, Unit, UnitOutcome,
};

/// What becomes of loads and of statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Good,
    Failing,
    Hanging,
    Panicking,
}

pub struct Moody<S> {
    inner: S,
    mood: tokio::sync::watch::Sender<Mood>,
    /// How often it was asked for something that has a mood.
    pub asked: AtomicUsize,
}

impl<S> Moody<S> {
    pub fn new(inner: S) -> Arc<Self> {
        let (mood, _) = tokio::sync::watch::channel(Mood::Good);
        Arc::new(Self { inner, mood, asked: AtomicUsize::new(0) })
    }

    pub fn be(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    async fn pass(&self) -> Result<(), StoreError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut mood = self.mood.subscribe();
        let now = *mood.wait_for(|mood| *mood != Mood::Hanging).await.unwrap();
        assert_ne!(now, Mood::Panicking, "the store panics, as it was told to");
        if now == Mood::Failing {
            let message = "the disk is on fire".to_owned();
            return Err(StoreError { kind: StoreErrorKind::Unavailable, store: "moody", message });
        }
        Ok(())
    }
}

type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

impl<S: Store> Store for Moody<S> {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn load(&self, batch: Load) -> Answer<'_, Loaded> {
        Box::pin(async move {
            self.pass().await?;
            self.inner.load(batch).await
        })
    }

    fn commit(&self, batch: Vec<Unit>) -> Answer<'_, Vec<UnitOutcome>> {
        self.inner.commit(batch)
    }

    fn list(&self, query: ListQuery) -> Answer<'_, Vec<Row>> {
        self.inner.list(query)
    }

    fn outbox(&self, query: OutboxQuery) -> Answer<'_, Vec<StoredMessage>> {
        self.inner.outbox(query)
    }

    fn parked_inputs(&self, limit: usize) -> Answer<'_, Vec<StoredInput>> {
        self.inner.parked_inputs(limit)
    }

    fn prune_receipts(&self, now: Timestamp) -> Answer<'_, u64> {
        self.inner.prune_receipts(now)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.inner.close()
    }
}

impl<S: Outbox> Outbox for Moody<S> {
    fn acquire(&self, request: Acquire) -> Answer<'_, Leases> {
        self.inner.acquire(request)
    }

    fn release(&self, owner: String, leases: Vec<Lease>, leaving: bool) -> Answer<'_, ()> {
        self.inner.release(owner, leases, leaving)
    }

    fn claim(&self, request: Claim) -> Answer<'_, Vec<Pending>> {
        self.inner.claim(request)
    }

    fn settle(&self, settlements: Vec<Settlement>) -> Answer<'_, Vec<Settled>> {
        self.inner.settle(settlements)
    }

    fn parked_messages(&self, stream: Stream, limit: usize) -> Answer<'_, Vec<ParkedMessage>> {
        self.inner.parked_messages(stream, limit)
    }

    fn retry_parked(&self, position: u64) -> Answer<'_, bool> {
        self.inner.retry_parked(position)
    }

    fn drop_parked(&self, position: u64) -> Answer<'_, bool> {
        self.inner.drop_parked(position)
    }

    fn prune_published(&self, stream: Stream, kept: Duration, limit: usize) -> Answer<'_, u64> {
        self.inner.prune_published(stream, kept, limit)
    }

    fn republish(&self, stream: Stream, since: Timestamp) -> Answer<'_, u64> {
        self.inner.republish(stream, since)
    }

    fn outbox_stats(&self, stream: Stream) -> Answer<'_, OutboxStats> {
        Box::pin(async move {
            self.pass().await?;
            self.inner.outbox_stats(stream).await
        })
    }
}

impl<S: Inbox> Inbox for Moody<S> {
    fn count_attempt(&self, key: DeliveryKey) -> Answer<'_, u32> {
        self.inner.count_attempt(key)
    }

    fn forget_attempts(&self, keys: Vec<DeliveryKey>) -> Answer<'_, ()> {
        self.inner.forget_attempts(keys)
    }

    fn park_delivery(&self, delivery: ParkedDelivery) -> Answer<'_, ()> {
        self.inner.park_delivery(delivery)
    }

    fn is_waiting(&self, consumer: String, partition_key: String) -> Answer<'_, bool> {
        self.inner.is_waiting(consumer, partition_key)
    }

    fn parked_deliveries(&self, after: u64, limit: usize) -> Answer<'_, Vec<StoredDelivery>> {
        self.inner.parked_deliveries(after, limit)
    }

    fn parked_of(&self, consumer: String, partition_key: String) -> Answer<'_, Vec<StoredDelivery>> {
        self.inner.parked_of(consumer, partition_key)
    }

    fn remove_delivery(&self, number: u64) -> Answer<'_, bool> {
        self.inner.remove_delivery(number)
    }

    fn inbox_stats(&self) -> Answer<'_, InboxStats> {
        Box::pin(async move {
            self.pass().await?;
            self.inner.inbox_stats().await
        })
    }
}

/// A broker that does as it is told.
#[derive(Default)]
pub struct Broker {
    /// Whether it is there. A message to `X…` it never takes, one to `R…` it refuses for good.
    pub gone: Mutex<bool>,
}

impl cohesive::broker::Publisher for Broker {
    fn name(&self) -> &'static str {
        "moody"
    }

    fn max_message(&self) -> usize {
        usize::MAX
    }

    fn publish<'a>(
        &'a self,
        message: &'a cohesive::envelope::Envelope,
    ) -> BoxFuture<'a, Result<(), cohesive::broker::PublishError>> {
        use cohesive::broker::PublishError;
        let subject = message.subject.as_deref().unwrap_or_default();
        let answer = if *self.gone.lock().unwrap() || subject.starts_with('X') {
            Err(PublishError::transient("nobody is there"))
        } else if subject.starts_with('R') {
            Err(PublishError::permanent("not this one"))
        } else {
            Ok(())
        };
        Box::pin(async move { answer })
    }
}
