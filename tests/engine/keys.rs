//! Idempotency keys: the first answer, byte for byte, and nobody else's.

use crate::support::{StoppedClock, accept, at, freight, id, keyed, messages, node, offer};
use cohesive::node::{Node, NodeOptions, Outcome, Request};
use cohesive::port::Ports;
use cohesive::prelude::*;
use cohesive::store::memory::MemoryStore;
use cohesive::store::{Receipt, Store as _, Unit};
use std::collections::BTreeSet;
use std::sync::Arc;

#[tokio::test]
async fn b45_a_repeated_request_gets_the_first_answer_byte_for_byte() {
    let node = node(Arc::new(MemoryStore::new()));
    let _ = node.create(offer("T-1"), Request::default()).await.unwrap();
    let first = node.update(&id("T-1"), accept("P-7"), keyed("k-1")).await.unwrap();
    assert!(first.committed().is_some());
    let again = node.update(&id("T-1"), accept("P-7"), keyed("k-1")).await.unwrap();
    let Outcome::Replayed(reply) = &again else { panic!("{again:?}") };
    assert_eq!(reply, &first.reply("T-1")); // P10, P11
    assert_eq!(messages(&node, "T-1").await.len(), 2); // one effect
}

#[tokio::test]
async fn b47_a_rejection_is_replayed_and_a_missing_entity_is_not() {
    let node = node(Arc::new(MemoryStore::new()));
    let missing = node.update(&id("T-1"), accept("P-7"), keyed("k-1")).await.unwrap();
    assert_eq!(missing, Outcome::NotFound);
    let _ = node.create(offer("T-1"), Request::default()).await.unwrap();
    let applied = node.update(&id("T-1"), accept("P-7"), keyed("k-1")).await.unwrap();
    assert!(applied.committed().is_some());
    let rejected = node.update(&id("T-1"), accept("P-8"), keyed("k-2")).await.unwrap();
    assert_eq!(rejected.word(), "rejected");
    let replayed = node.update(&id("T-1"), accept("P-8"), keyed("k-2")).await.unwrap();
    assert_eq!(replayed.reply("T-1"), rejected.reply("T-1"));
}

#[tokio::test]
async fn b48_a_key_belongs_to_one_request_of_one_caller_and_operation() {
    let node = node(Arc::new(MemoryStore::new()));
    let _ = node.create(offer("T-1"), keyed("k")).await.unwrap();
    let other_body = node.create(offer("T-2"), keyed("k")).await.unwrap();
    assert_eq!(other_body, Outcome::KeyReused); // P10: identity conflict
    let other_operation = node.update(&id("T-1"), accept("P-7"), keyed("k")).await.unwrap();
    assert!(other_operation.committed().is_some());
    let mut request = keyed("k");
    request.key = cohesive::node::IdempotencyKey::new("somebody else", "k").ok();
    assert!(node.create(offer("T-3"), request).await.unwrap().committed().is_some());
}

/// F16: a receipt with a mark is not over before it is removed, however late that is.
#[tokio::test]
async fn f16_a_receipt_with_a_mark_counts_until_it_is_removed() {
    let applied = async |mark: Option<Timestamp>| {
        let store = MemoryStore::new();
        let receipt = Receipt {
            scope: "tender.offer \"tester\"".to_owned(),
            key: "k".to_owned(),
            fingerprint: [7; 32],
            status: 201,
            version: None,
            body: b"{}".to_vec(),
            recorded_at: at("2026-01-01T00:00:00Z"),
            expires_at: at("2026-01-02T00:00:00Z"),
            mark,
        };
        store.commit(vec![Unit { receipts: vec![receipt], ..Unit::default() }]).await.unwrap();
        node(Arc::new(store)).create(offer("T-1"), keyed("k")).await.unwrap()
    };
    assert!(applied(None).await.committed().is_some());
    assert_eq!(applied(Some(at("2025-12-31T00:00:00Z"))).await, Outcome::KeyReused);
}

#[tokio::test]
async fn b46_an_expired_key_executes_anew() {
    let clock = StoppedClock::at("2026-01-01T00:00:00Z");
    let ports = Ports { clock: Arc::<StoppedClock>::clone(&clock), ..Ports::system() };
    let node = Node::start(freight(), Arc::new(MemoryStore::new()), ports, NodeOptions::default());
    let _ = node.create(offer("T-1"), keyed("k")).await.unwrap();
    clock.move_to("2026-01-01T23:59:59Z");
    assert!(matches!(node.create(offer("T-1"), keyed("k")).await.unwrap(), Outcome::Replayed(_)));
    clock.move_to("2026-01-02T00:00:00Z");
    assert_eq!(node.create(offer("T-1"), keyed("k")).await.unwrap(), Outcome::AlreadyExists);
    clock.move_to("2026-01-05T00:00:00Z");
    assert_eq!(node.prune_receipts().await.unwrap(), 1);
}

/// F15: many identical requests at once have one effect, and nobody is told anything else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_parallel_requests_with_one_key_have_one_effect() {
    let node = node(Arc::new(MemoryStore::new()));
    for round in 0..40 {
        let tender = format!("T-{round}");
        let _ = node.create(offer(&tender), Request::default()).await.unwrap();
        let tasks: Vec<_> = (0..50)
            .map(|number| {
                let (node, tender) = (node.clone(), tender.clone());
                // Every fifth request uses the key for something else.
                let partner = if number % 5 == 4 { "P-8" } else { "P-7" };
                tokio::spawn(async move {
                    loop {
                        let outcome = node
                            .update(&id(&tender), accept(partner), keyed(&format!("k-{tender}")))
                            .await
                            .unwrap();
                        if outcome != Outcome::KeyInFlight {
                            return (partner, outcome);
                        }
                        tokio::task::yield_now().await;
                    }
                })
            })
            .collect();
        let mut bodies = BTreeSet::new();
        let (mut committed, mut reused) = (0, 0);
        for task in tasks {
            let (_, outcome) = task.await.unwrap();
            match &outcome {
                Outcome::KeyReused => reused += 1,
                other => {
                    committed += usize::from(other.committed().is_some());
                    bodies.insert(other.reply(&tender).body);
                }
            }
        }
        assert_eq!((committed, bodies.len()), (1, 1), "round {round}");
        assert!(reused == 10 || reused == 40, "round {round}: {reused}");
        assert_eq!(messages(&node, &tender).await.len(), 2);
    }
}

/// A creation that is refused before it has an id is remembered under its key like any other refusal.
#[tokio::test]
async fn b47_a_refused_creation_is_replayed() {
    let clock = StoppedClock::at("2026-01-01T00:00:00Z");
    let ports = Ports { clock: Arc::<StoppedClock>::clone(&clock), ..Ports::system() };
    let system = cohesive::node::System::new("appointments").entity::<Appointment>();
    let node = Node::start(system, Arc::new(MemoryStore::new()), ports, NodeOptions::default());
    let input = || MakeAppointment { id: "A-1".parse().unwrap(), starts_at: at("2026-01-01T12:00:00Z") };
    clock.move_to("2026-01-01T13:00:00Z");
    let refused = node.create(input(), keyed("k")).await.unwrap();
    assert_eq!(refused.word(), "rejected");
    clock.move_to("2026-01-01T11:00:00Z");
    let again = node.create(input(), keyed("k")).await.unwrap();
    assert!(matches!(again, Outcome::Replayed(_)), "{again:?}");
    assert!(node.create(input(), keyed("another")).await.unwrap().committed().is_some());
}

#[tokio::test]
async fn b46_expired_answers_are_removed_along_the_way() {
    let clock = StoppedClock::at("2026-01-01T00:00:00Z");
    let ports = Ports { clock: Arc::<StoppedClock>::clone(&clock), ..Ports::system() };
    let store = MemoryStore::new();
    let node = Node::start(freight(), Arc::new(store.clone()), ports, NodeOptions::default());
    let _ = node.create(offer("T-1"), keyed("k")).await.unwrap();
    clock.move_to("2026-01-03T00:00:00Z");
    let _ = node.create(offer("T-2"), Request::default()).await.unwrap();
    node.shutdown().await;
    let now = at("2026-01-03T00:00:00Z");
    let left = cohesive::store::Store::prune_receipts(&store.recover(), now).await.unwrap();
    assert_eq!(left, 0, "the expired answer was still there");
}

#[derive(Id)]
pub struct AppointmentId(String);

#[entity]
pub struct Appointment {
    #[id]
    pub id: AppointmentId,
    pub starts_at: Timestamp,
}

#[transitions]
impl Appointment {
    #[create]
    pub fn make(id: AppointmentId, starts_at: Timestamp, context: &Context) -> Self {
        requires!(InTheFuture: starts_at > context.now(), "an appointment lies in the future");
        Self { id, starts_at }
    }
}

/// Both times are the node's to choose: how long an answer is kept, and how often old ones are removed.
#[tokio::test]
async fn answers_are_kept_and_removed_as_the_options_say() {
    let minute = std::time::Duration::from_mins(1);
    for (prune_every, left) in [(minute, 0), (minute * 60, 1)] {
        let clock = StoppedClock::at("2026-01-01T00:00:00Z");
        let ports = Ports { clock: Arc::<StoppedClock>::clone(&clock), ..Ports::system() };
        let store = MemoryStore::new();
        let options = NodeOptions { receipt_retention: minute, prune_every, ..NodeOptions::default() };
        let node = Node::start(freight(), Arc::new(store.clone()), ports, options);
        let _ = node.create(offer("T-1"), keyed("k")).await.unwrap();
        clock.move_to("2026-01-01T00:00:59Z");
        assert!(matches!(node.create(offer("T-1"), keyed("k")).await.unwrap(), Outcome::Replayed(_)));
        clock.move_to("2026-01-01T00:10:00Z");
        let _ = node.create(offer("T-2"), Request::default()).await.unwrap();
        node.shutdown().await;
        let now = at("2026-01-01T00:10:00Z");
        assert_eq!(cohesive::store::Store::prune_receipts(&store.recover(), now).await.unwrap(), left);
    }
}
