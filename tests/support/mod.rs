//! What several tests need: the freight domain, a store that can be held, and inputs.
#![allow(dead_code, reason = "each test uses a part of it")]

#[path = "../../examples/freight/domain.rs"]
pub mod domain;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cohesive::node::{IdempotencyKey, Node, NodeOptions, Request, System};
use cohesive::port::{Clock, Ports};
use cohesive::prelude::*;
use cohesive::store::{
    BoxFuture, ListQuery, Load, Loaded, OutboxQuery, Row, Store, StoreError, StoredMessage, Unit, UnitOutcome,
};
use domain::{AcceptTender, OfferTender, Shipment, Tender, TenderId};
use tokio::sync::Semaphore;

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn offer(id: &str) -> OfferTender {
    OfferTender { id: id.parse().unwrap(), expiration: at("2026-03-01T12:00:00Z") }
}

pub fn accept(partner: &str) -> AcceptTender {
    AcceptTender { partner_id: partner.parse().unwrap(), accepted_at: at("2026-03-01T11:00:00Z") }
}

pub fn id(id: &str) -> TenderId {
    id.parse().unwrap()
}

pub fn keyed(key: &str) -> Request {
    Request { key: Some(IdempotencyKey::new("tester", key).unwrap()), ..Request::default() }
}

pub fn freight() -> System {
    System::new("freight").entity::<Tender>().entity::<Shipment>()
}

pub fn node(store: Arc<dyn Store>) -> Node {
    Node::start(freight(), store, Ports::system(), NodeOptions::default())
}

/// A clock that stands still until it is moved.
pub struct StoppedClock(pub Mutex<Timestamp>);

impl StoppedClock {
    pub fn at(text: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(at(text))))
    }

    pub fn move_to(&self, text: &str) {
        *self.0.lock().unwrap() = at(text);
    }

    /// Sets it forward, or back.
    pub fn jump(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        *now = Timestamp::from_micros(now.as_micros() + seconds * 1_000_000).unwrap();
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// A store whose commits wait for permission, and are counted.
pub struct HeldStore<S> {
    pub inner: S,
    pub permits: Semaphore,
    pub commits: AtomicUsize,
    pub units: Mutex<Vec<usize>>,
    pub waiting: Semaphore,
    /// Whether every commit is refused, as if another node had always been faster.
    pub contended: bool,
}

impl<S> HeldStore<S> {
    pub fn new(inner: S) -> Arc<Self> {
        Arc::new(Self {
            inner,
            permits: Semaphore::new(0),
            commits: AtomicUsize::new(0),
            units: Mutex::new(Vec::new()),
            waiting: Semaphore::new(0),
            contended: false,
        })
    }

    /// A store whose commits all lose against another node.
    pub fn contended(inner: S) -> Arc<Self> {
        let permits = Semaphore::new(Semaphore::MAX_PERMITS);
        let (commits, units, waiting) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Semaphore::new(0));
        Arc::new(Self { inner, permits, commits, units, waiting, contended: true })
    }

    /// Lets this many commits pass.
    pub fn permit(&self, commits: usize) {
        self.permits.add_permits(commits);
    }

    /// Returns once this many commits have arrived since the last call.
    pub async fn arrived(&self, commits: u32) {
        self.waiting.acquire_many(commits).await.unwrap().forget();
    }
}

impl<S: Store> Store for HeldStore<S> {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn load(&self, batch: Load) -> BoxFuture<'_, Result<Loaded, StoreError>> {
        self.inner.load(batch)
    }

    fn commit(&self, batch: Vec<Unit>) -> BoxFuture<'_, Result<Vec<UnitOutcome>, StoreError>> {
        Box::pin(async move {
            self.waiting.add_permits(1);
            self.permits.acquire().await.unwrap().forget();
            self.commits.fetch_add(1, Ordering::SeqCst);
            self.units.lock().unwrap().push(batch.len());
            if self.contended {
                return Ok(batch.iter().map(|_| UnitOutcome::Conflict { actual: None }).collect());
            }
            self.inner.commit(batch).await
        })
    }

    fn list(&self, query: ListQuery) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        self.inner.list(query)
    }

    fn outbox(&self, query: OutboxQuery) -> BoxFuture<'_, Result<Vec<StoredMessage>, StoreError>> {
        self.inner.outbox(query)
    }

    fn parked_inputs(
        &self,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<cohesive::store::StoredInput>, StoreError>> {
        self.inner.parked_inputs(limit)
    }

    fn prune_receipts(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>> {
        self.inner.prune_receipts(now)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.inner.close()
    }
}

/// The messages of a tender.
pub async fn messages(node: &Node, tender: &str) -> Vec<StoredMessage> {
    let query = OutboxQuery { entity: "Tender", entity_id: tender.to_owned(), after: None, limit: 100 };
    node.outbox(query).await.unwrap()
}
