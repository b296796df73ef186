//! Facts are recorded once, whoever tells them how often; inputs under `conflict = manual` are kept, not decided.

use std::sync::Arc;

use cohesive::node::{Node, NodeOptions, Outcome, Request, System};
use cohesive::port::Ports;
use cohesive::prelude::*;
use cohesive::store::memory::MemoryStore;
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive::store::{OutboxQuery, Store};

use crate::support::{StoppedClock, at, keyed};

#[derive(Id)]
pub struct AccountId(String);

#[entity]
pub struct Account {
    #[id]
    pub id: AccountId,
    pub balance: i64,
}

#[event]
pub struct Deposited {
    pub amount: i64,
    pub balance: i64,
}

#[transitions]
impl Account {
    #[create]
    pub fn open(id: AccountId) -> Self {
        Self { id, balance: 0 }
    }

    #[fact(external_id = payment_id, occurred_at = paid_at)]
    pub fn deposit(&mut self, payment_id: String, amount: i64, paid_at: Option<Timestamp>) {
        let balance = self.balance + amount;
        self.balance = balance;
        emit!(Deposited { amount, balance });
    }

    #[transition(conflict = manual)]
    pub fn freeze(&mut self, at: i64) {
        self.balance = at;
    }
}

fn account() -> AccountId {
    "A-1".parse().unwrap()
}

fn deposit(payment: &str, amount: i64) -> DepositAccount {
    DepositAccount { payment_id: payment.to_owned(), amount, paid_at: None }
}

async fn bank(store: Arc<dyn Store>) -> Node {
    let clock = StoppedClock::at("2026-03-01T13:00:00Z");
    let ports = Ports { clock, ..Ports::system() };
    let node = Node::start(System::new("bank").entity::<Account>(), store, ports, NodeOptions::default());
    let _ = node.create(OpenAccount { id: account() }, Request::default()).await.unwrap();
    node
}

async fn balance(node: &Node) -> (i64, u64, usize) {
    let (state, version) = node.get::<Account>(&account()).await.unwrap().unwrap();
    let query = OutboxQuery { entity: "Account", entity_id: "A-1".to_owned(), after: None, limit: 1000 };
    (state.balance, version.number(), node.outbox(query).await.unwrap().len())
}

async fn tell_it_fifty_times(node: &Node) {
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let node = node.clone();
            tokio::spawn(async move {
                node.update(&account(), deposit("p-1", 7), Request::default()).await.unwrap()
            })
        })
        .collect();
    let (mut recorded, mut replayed) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Outcome::Committed(committed) => {
                recorded += 1;
                assert_eq!(committed.version(), Version::new(1));
            }
            // Every teller succeeds, with the version that the first one made.
            Outcome::Replayed(reply) => {
                replayed += 1;
                assert_eq!((reply.status, reply.version), (200, Some(Version::new(1))));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((recorded, replayed), (1, 49));
    assert_eq!(balance(node).await, (7, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a22_a_fact_told_fifty_times_at_once_is_recorded_once() {
    tell_it_fifty_times(&bank(Arc::new(MemoryStore::new())).await).await;
    let folder = tempfile::tempdir().unwrap();
    let system = System::new("bank").entity::<Account>();
    let path = folder.path().join("bank.db");
    let store = SqliteStore::open(path, &system.structures(), SqliteOptions::default()).unwrap();
    let node = bank(Arc::new(store)).await;
    tell_it_fifty_times(&node).await;
    node.shutdown().await;
}

#[tokio::test]
async fn a22_a_fact_is_remembered_across_restarts_and_for_longer_than_keys() {
    let store = MemoryStore::new();
    let node = bank(Arc::new(store.clone())).await;
    let first = node.update(&account(), deposit("p-1", 7), keyed("k-1")).await.unwrap();
    node.shutdown().await;
    let recovered = store.recover();
    let late: Timestamp = at("2030-01-01T00:00:00Z");
    assert_eq!(recovered.prune_receipts(late).await.unwrap(), 1, "the key expires, the fact does not");
    let node = bank(Arc::new(recovered)).await;
    let again = node.update(&account(), deposit("p-1", 7), keyed("k-2")).await.unwrap();
    assert_eq!(again, Outcome::Replayed(first.reply("A-1")));
    assert_eq!(balance(&node).await, (7, 1, 1));
}

#[tokio::test]
async fn the_same_external_id_with_other_content_is_another_fact_and_refused() {
    let node = bank(Arc::new(MemoryStore::new())).await;
    let _ = node.update(&account(), deposit("p-1", 7), Request::default()).await.unwrap();
    let other = node.update(&account(), deposit("p-1", 8), Request::default()).await.unwrap();
    assert_eq!(other, Outcome::FactReused);
    assert!(
        node.update(&account(), deposit("p-2", 8), Request::default()).await.unwrap().committed().is_some()
    );
    assert_eq!(balance(&node).await, (15, 2, 2));
}

#[tokio::test]
async fn a_fact_that_could_not_be_recorded_may_be_told_again() {
    let node = bank(Arc::new(MemoryStore::new())).await;
    let _ = node.update(&account(), deposit("p-1", i64::MAX), Request::default()).await.unwrap();
    let beyond = node.update(&account(), deposit("p-2", 1), Request::default()).await.unwrap();
    assert_eq!(beyond.code().unwrap(), "account.deposit.overflow");
    let _ = node.update(&account(), deposit("p-3", -5), Request::default()).await.unwrap();
    assert!(
        node.update(&account(), deposit("p-2", 1), Request::default()).await.unwrap().committed().is_some()
    );
}

#[tokio::test]
async fn a25_messages_carry_the_time_of_the_source_or_none() {
    let node = bank(Arc::new(MemoryStore::new())).await;
    let paid_at = Some(at("2026-02-01T00:00:00Z"));
    let told = DepositAccount { paid_at, ..deposit("p-1", 1) };
    let _ = node.update(&account(), told, Request::default()).await.unwrap();
    let _ = node.update(&account(), deposit("p-2", 1), Request::default()).await.unwrap();
    let query = OutboxQuery { entity: "Account", entity_id: "A-1".to_owned(), after: None, limit: 9 };
    let stored = node.outbox(query).await.unwrap();
    assert_eq!((stored[0].occurred_at, stored[1].occurred_at), (paid_at, None));
    assert_eq!(stored[1].recorded_at, at("2026-03-01T13:00:00Z"));
}

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn a34_a_stale_input_is_kept_with_all_that_is_needed_to_look_at_it() {
    let node = bank(Arc::new(MemoryStore::new())).await;
    let _ = node.update(&account(), deposit("p-1", 7), Request::default()).await.unwrap();
    let request = Request {
        expected: Some(Version::INITIAL),
        correlation: "c-9".parse().ok(),
        actor: "anna".parse().ok(),
        trace: TRACE.parse().ok(),
        ..keyed("k-1")
    };
    let parked = node.update(&account(), FreezeAccount { at: 3 }, request.clone()).await.unwrap();
    assert_eq!(parked, Outcome::Parked { expected: Version::new(0), actual: Version::new(1) });
    let reply = parked.reply("A-1");
    assert_eq!((reply.status, parked.code().as_deref()), (409, Some("parked_for_review")));
    // A repeat with the same key gets the same answer and keeps nothing more.
    assert_eq!(
        node.update(&account(), FreezeAccount { at: 3 }, request).await.unwrap(),
        Outcome::Replayed(reply)
    );
    let kept = node.parked_inputs(9).await.unwrap();
    assert_eq!(kept.len(), 1);
    let input = &kept[0].input;
    assert_eq!(
        (input.entity.as_str(), input.entity_id.as_str(), input.transition.as_str()),
        ("Account", "A-1", "freeze")
    );
    assert_eq!((input.input.as_str(), input.correlation.as_str()), ("{\"at\":3}", "c-9"));
    assert_eq!(
        (input.actor.as_deref(), input.expected, input.actual),
        (Some("anna"), Version::new(0), Version::new(1))
    );
    assert_eq!(input.trace.as_deref(), Some(TRACE));
    assert_eq!(balance(&node).await, (7, 1, 1), "nothing was decided");
    let fresh = Request { expected: Some(Version::new(1)), ..Request::default() };
    assert!(node.update(&account(), FreezeAccount { at: 3 }, fresh).await.unwrap().committed().is_some());
}
