//! F13: futures that are dropped at every poll, of each call of the store, its outbox and its inbox. Whoever comes
//! after gets everything that is owed, and no connection is left in a transaction.
//!
//! `COHESIVE_CANCELLATIONS` says how many futures are dropped.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::store::Store as _;
use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::inbox::{DeliveryKey, Inbox as _, ParkedDelivery};
use cohesive_bindings::store::outbox::{
    Acquire, Claim, Lease, Outbox as _, Pending, Settle, Settled, Settlement, Stream,
};
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_core::value::Timestamp;
use tokio_postgres::Client;

use super::pool::{KINDS, act, polled, until};
use super::server::Server;
use super::tickets::{commit, create, versions, whole};

/// How many futures are dropped, where `COHESIVE_CANCELLATIONS` does not say.
const CANCELLATIONS: usize = 500;
/// How often the test gives way at the most, between the last poll and the drop.
const LINGER: u64 = 5;

fn cancellations() -> usize {
    let count = std::env::var("COHESIVE_CANCELLATIONS").ok();
    count.map_or(CANCELLATIONS, |count| count.parse().expect("a whole number"))
}

/// What a call works on.
struct Desk {
    store: Arc<PostgresStore>,
    leases: Vec<Lease>,
    claimed: Vec<Pending>,
}

impl Desk {
    async fn acquire(&self) -> Vec<Lease> {
        let lease = Duration::from_mins(1);
        let request = Acquire { owner: "one".to_owned(), stream: Stream::Events, held: Vec::new(), lease };
        self.store.acquire(request).await.unwrap().held
    }

    async fn claim(&self) -> Vec<Pending> {
        let claim = Claim { leases: self.leases.clone(), per_lane: usize::MAX, busy: false };
        self.store.claim(claim).await.unwrap()
    }

    async fn settle(&self, outcome: &Settle) -> Vec<Settled> {
        let settlement = |pending: &Pending| Settlement {
            position: pending.position,
            lease: pending.lease,
            outcome: outcome.clone(),
        };
        self.store.settle(self.claimed.iter().map(settlement).collect()).await.unwrap()
    }

    /// Leases and claims as a relay has them that knows of nothing before.
    async fn begin(&mut self) {
        self.leases = self.acquire().await;
        self.claimed = self.claim().await;
    }

    /// The calls of outbox and inbox, by number.
    async fn act(&self, kind: u64, id: &str) {
        let (store, stream) = (&*self.store, Stream::Events);
        let key =
            || DeliveryKey { consumer: "test".to_owned(), source: "/test".to_owned(), id: id.to_owned() };
        let position = self.claimed.first().map_or(0, |pending| pending.position);
        let retry = Settle::Retry { after: Duration::ZERO, error: "no".to_owned() };
        match kind {
            0 => drop(self.acquire().await),
            1 => drop(self.claim().await),
            2 => drop(self.settle(&Settle::Published).await),
            3 => drop(self.settle(&retry).await),
            4 => drop(self.settle(&Settle::Parked { error: "never".to_owned() }).await),
            5 => store.release("one".to_owned(), self.leases.clone(), true).await.unwrap(),
            6 => drop(store.parked_messages(stream, 9).await.unwrap()),
            7 => drop(store.retry_parked(position).await.unwrap()),
            8 => drop(store.prune_published(stream, Duration::from_hours(1), 9).await.unwrap()),
            9 => drop(store.republish(stream, Timestamp::MAX).await.unwrap()),
            10 => drop(store.outbox_stats(stream).await.unwrap()),
            11 => drop(store.count_attempt(key()).await.unwrap()),
            12 => store.forget_attempts(vec![key()]).await.unwrap(),
            13 => {
                let parked = ParkedDelivery {
                    key: key(),
                    kind: "TicketChanged".to_owned(),
                    partition_key: id.to_owned(),
                    headers: Vec::new(),
                    body: Vec::new(),
                    error: "it does not fit".to_owned(),
                    attempts: 1,
                };
                store.park_delivery(parked).await.unwrap();
            }
            14 => drop(store.is_waiting("test".to_owned(), id.to_owned()).await.unwrap()),
            15 => drop(store.parked_deliveries(0, 9).await.unwrap()),
            16 => drop(store.parked_of("test".to_owned(), id.to_owned()).await.unwrap()),
            17 => drop(store.remove_delivery(u64::from(u32::MAX)).await.unwrap()),
            _ => drop(store.inbox_stats().await.unwrap()),
        }
    }
}
const CALLS: u64 = 19;

/// How many connections of the store stay in a transaction, or at work. A server says that it is idle a moment after it
/// has answered.
async fn at_work(client: &Client) -> i64 {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'swept' AND state <> 'idle'";
    let mut left = 0;
    for _ in 0..1000 {
        left = client.query_one(sql, &[]).await.unwrap().get(0);
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    left
}

/// Everything that is owed is got, once: what was given up comes back with the lanes, and waits for nobody.
async fn publish_all(desk: &mut Desk) -> usize {
    for parked in desk.store.parked_messages(Stream::Events, usize::MAX).await.unwrap() {
        assert!(desk.store.retry_parked(parked.position).await.unwrap());
    }
    let mut published = 0;
    loop {
        desk.begin().await;
        if desk.claimed.is_empty() {
            return published;
        }
        let settled = desk.settle(&Settle::Published).await;
        assert!(settled.iter().all(|settled| *settled == Settled::Done), "{settled:?}");
        published += settled.len();
    }
}

#[tokio::test]
async fn f13_dropped_calls_leave_no_transaction_open() {
    let database = Server::shared().database().await;
    let options = PostgresOptions {
        application_name: "swept".to_owned(),
        connections: NonZeroUsize::new(3).unwrap(),
        ..PostgresOptions::default()
    };
    let store = PostgresStore::open(database.url(), &STRUCTURES, options).await.unwrap();
    let mut desk = Desk { store: Arc::new(store), leases: Vec::new(), claimed: Vec::new() };
    let client = database.client().await;
    let (mut dropped, mut finished, mut number, mut ids) = (0, 0, 0_u64, Vec::new());
    while dropped < cancellations() {
        for kind in 0..CALLS + KINDS {
            for times in 0.. {
                number += 1;
                let id = format!("t{number}");
                let (relays, linger) = (kind < CALLS, number * 7 % LINGER);
                if relays {
                    commit(&*desk.store, whole(create(&id))).await.unwrap();
                    desk.begin().await;
                }
                let done = if relays {
                    polled(times, linger, desk.act(kind, &id)).await
                } else {
                    polled(times, linger, act(&*desk.store, kind - CALLS, &id)).await
                };
                ids.push(id);
                if done {
                    finished += 1;
                    break;
                }
                dropped += 1;
            }
            until(&desk.store, 0, 0).await;
            assert_eq!(at_work(&client).await, 0, "kind {kind}");
        }
        publish_all(&mut desk).await;
        let stats = desk.store.outbox_stats(Stream::Events).await.unwrap();
        assert_eq!((stats.pending, stats.waiting, stats.parked, stats.claimed.len()), (0, 0, 0, 0));
    }
    for id in &ids {
        // State, messages and receipts agree, or this fails.
        assert!([0, 1, 2].contains(&versions(&*desk.store, id).await), "{id}");
    }
    let pool = desk.store.pool();
    println!(
        "PostgreSQL: {dropped} futures dropped, {finished} finished, {} connections in a transaction, {pool:?}",
        at_work(&client).await
    );
    desk.store.close().await;
}
