//! The commit engine: natural batching, conflicts, keys, cancellation, and a cut at every step.

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use cohesive::kernel::Structure;
use cohesive::node::{Failure, Node, NodeOptions, Outcome, Request};
use cohesive::port::Ports;
use cohesive::prelude::*;
use cohesive::store::ListQuery;
use cohesive::store::memory::{CutAt, MemoryStore, Step};
use support::domain::{
    BookShipment, CancelShipment, ExpireTender, PickUpShipment, Shipment, ShipmentId, Tender, TenderStatus,
};
use support::{HeldStore, StoppedClock, accept, at, freight, id, keyed, messages, node, offer};

#[tokio::test]
async fn p01_an_entity_is_created_changed_and_read() {
    let node = node(Arc::new(MemoryStore::new()));
    let outcome = node.create(offer("T-1"), Request::default()).await.unwrap();
    assert_eq!(outcome.committed().unwrap().version(), Version::INITIAL);
    let outcome = node.update(&id("T-1"), accept("P-7"), Request::default()).await.unwrap();
    let committed = outcome.committed().unwrap();
    assert_eq!(committed.changed(), ["status", "partner_id", "accepted_at"]);
    assert_eq!(committed.boundary(), cohesive::Boundary::OutboxCommitted); // G01
    let (tender, version) = node.get::<Tender>(&id("T-1")).await.unwrap().unwrap();
    assert_eq!((tender.status, version), (TenderStatus::Accepted, Version::new(1)));
    let stored: Vec<_> = messages(&node, "T-1").await;
    assert_eq!(
        stored.iter().map(|message| message.name.as_str()).collect::<Vec<_>>(),
        ["TenderAccepted", "Emit990Accept"]
    );
    assert_eq!(stored[0].id, committed.messages()[0].0); // P07
}

#[tokio::test]
async fn p05_creation_needs_an_absent_entity_and_an_update_a_present_one() {
    let node = node(Arc::new(MemoryStore::new()));
    let outcome = node.update(&id("T-1"), accept("P-7"), Request::default()).await.unwrap();
    assert_eq!(outcome, Outcome::NotFound);
    let _ = node.create(offer("T-1"), Request::default()).await.unwrap();
    assert_eq!(node.create(offer("T-1"), Request::default()).await.unwrap(), Outcome::AlreadyExists);
}

#[tokio::test]
async fn b113_a_stale_version_is_a_conflict_with_both_versions() {
    let node = node(Arc::new(MemoryStore::new()));
    let _ = node.create(offer("T-1"), Request::default()).await.unwrap();
    let request = Request { expected: Some(Version::new(3)), ..Request::default() };
    let outcome = node.update(&id("T-1"), accept("P-7"), request).await.unwrap();
    assert_eq!(outcome, Outcome::Conflict { expected: Version::new(3), actual: Version::INITIAL }); // P02
    assert!(messages(&node, "T-1").await.is_empty());
}

/// While one commit is on its way, inputs queue, and the next commit takes them all.
#[tokio::test]
async fn natural_batching_takes_what_has_queued() {
    let store = HeldStore::new(MemoryStore::new());
    let node = node(Arc::<HeldStore<_>>::clone(&store));
    let first = tokio::spawn({
        let node = node.clone();
        async move { node.create(offer("T-0"), Request::default()).await }
    });
    store.arrived(1).await;
    let others: Vec<_> = (1..=100)
        .map(|number| {
            let node = node.clone();
            tokio::spawn(async move { node.create(offer(&format!("T-{number}")), Request::default()).await })
        })
        .collect();
    while node.waiting() < 100 {
        tokio::task::yield_now().await;
    }
    store.permit(2);
    assert!(first.await.unwrap().unwrap().committed().is_some());
    for other in others {
        assert!(other.await.unwrap().unwrap().committed().is_some());
    }
    assert_eq!(*store.units.lock().unwrap(), [1, 100]);
}

/// Inputs about one entity in a batch are decided in order, each on what the one before left, and written once.
#[tokio::test]
async fn inputs_about_one_entity_are_decided_in_sequence_and_written_once() {
    let store = HeldStore::new(MemoryStore::new());
    let node = node(Arc::<HeldStore<_>>::clone(&store));
    let hold = tokio::spawn({
        let node = node.clone();
        async move { node.create(offer("T-0"), Request::default()).await }
    });
    store.arrived(1).await;
    let create = tokio::spawn({
        let node = node.clone();
        async move { node.create(offer("T-1"), Request::default()).await }
    });
    while node.waiting() < 1 {
        tokio::task::yield_now().await;
    }
    let mut updates = Vec::new();
    for partner in ["P-1", "P-2", "P-3"] {
        let sender = node.clone();
        updates.push(tokio::spawn(async move {
            sender.update(&id("T-1"), accept(partner), Request::default()).await
        }));
        while node.waiting() < 1 + updates.len() {
            tokio::task::yield_now().await;
        }
    }
    store.permit(2);
    assert!(hold.await.unwrap().unwrap().committed().is_some());
    assert!(create.await.unwrap().unwrap().committed().is_some());
    let mut words = Vec::new();
    for update in updates {
        words.push(update.await.unwrap().unwrap().word());
    }
    assert_eq!(words, ["committed", "rejected", "rejected"]);
    assert_eq!(*store.units.lock().unwrap(), [1, 1]);
    let (tender, version) = node.get::<Tender>(&id("T-1")).await.unwrap().unwrap();
    assert_eq!((tender.partner_id, version), (Some("P-1".parse().unwrap()), Version::new(1)));
    assert_eq!(messages(&node, "T-1").await.len(), 2);
}

/// One bad input never fails its neighbours.
#[tokio::test]
async fn a_refused_unit_leaves_its_neighbours_alone() {
    let store = HeldStore::new(MemoryStore::new());
    let node = node(Arc::<HeldStore<_>>::clone(&store));
    let book = |shipment: &str, tender: &str| BookShipment {
        id: shipment.parse().unwrap(),
        tender_id: tender.parse().unwrap(),
        partner_id: "P-7".parse().unwrap(),
    };
    let hold = tokio::spawn({
        let node = node.clone();
        async move { node.create(offer("T-0"), Request::default()).await }
    });
    store.arrived(1).await;
    let mut bookings = Vec::new();
    for input in [book("S-1", "T-1"), book("S-2", "T-1"), book("S-3", "T-3")] {
        let sender = node.clone();
        bookings.push(tokio::spawn(async move { sender.create(input, Request::default()).await }));
        while node.waiting() < bookings.len() {
            tokio::task::yield_now().await;
        }
    }
    store.permit(10);
    assert!(hold.await.unwrap().unwrap().committed().is_some());
    let mut words = Vec::new();
    for booking in bookings {
        words.push(booking.await.unwrap().unwrap().word());
    }
    assert_eq!(words, ["committed", "not-unique", "committed"]);
}

/// F13: dropping the future abandons the answer and never the commit.
#[tokio::test]
async fn f13_a_dropped_caller_does_not_cancel_a_commit() {
    let store = HeldStore::new(MemoryStore::new());
    let node = node(Arc::<HeldStore<_>>::clone(&store));
    let caller = tokio::spawn({
        let node = node.clone();
        async move { node.create(offer("T-1"), Request::default()).await }
    });
    store.arrived(1).await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    store.permit(1);
    node.shutdown().await;
    let recovered = support::node(Arc::new(store.inner.recover()));
    assert!(recovered.get::<Tender>(&id("T-1")).await.unwrap().is_some());
}

#[tokio::test]
async fn f40_shutdown_finishes_what_was_taken_in_and_takes_nothing_more() {
    let store = HeldStore::new(MemoryStore::new());
    let node = node(Arc::<HeldStore<_>>::clone(&store));
    let mut callers = Vec::new();
    for number in 0..50 {
        let sender = node.clone();
        callers.push(tokio::spawn(async move {
            sender.create(offer(&format!("T-{number}")), Request::default()).await
        }));
        if number == 0 {
            store.arrived(1).await;
        }
    }
    while node.waiting() < 49 {
        tokio::task::yield_now().await;
    }
    store.permit(10);
    node.shutdown().await;
    for caller in callers {
        assert!(caller.await.unwrap().unwrap().committed().is_some());
    }
    assert!(matches!(node.create(offer("T-late"), Request::default()).await, Err(Failure::Stopped)));
}

/// F18: several nodes on one store; the final version is the number of applied inputs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f18_nodes_that_contend_lose_nothing() {
    let store = MemoryStore::new();
    let options = NodeOptions { attempts: 1000, ..NodeOptions::default() };
    let nodes: Vec<Node> =
        (0..4).map(|_| Node::start(freight(), Arc::new(store.clone()), Ports::system(), options)).collect();
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let node = nodes[number % nodes.len()].clone();
            tokio::spawn(async move {
                node.create(offer(&format!("T-{}", number % 10)), Request::default()).await
            })
        })
        .collect();
    let (mut created, mut present) = (0, 0);
    for task in tasks {
        match task.await.unwrap().unwrap() {
            Outcome::Committed(_) => created += 1,
            Outcome::AlreadyExists => present += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((created, present), (10, 190));
}

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

/// P18: a cut at every step of every call. Afterwards state and outbox agree, what was answered is there, and a
/// repeat with the same key ends with one effect.
#[tokio::test]
async fn p04_a_crash_at_any_step_leaves_both_or_neither() {
    let mut steps = Vec::new();
    for kind in ["crash", "fail"] {
        for nth in 0.. {
            let cuts = Arc::new(if kind == "crash" { CutAt::crash(nth) } else { CutAt::fail(nth) });
            let store = MemoryStore::with_cuts(Arc::<CutAt>::clone(&cuts));
            let first = node(Arc::new(store.clone()));
            let created = first.create(offer("T-1"), keyed("offer")).await;
            let accepted = first.update(&id("T-1"), accept("P-7"), keyed("accept")).await;
            first.shutdown().await;
            let Some(step) = cuts.reached() else { break };
            steps.push(step);
            let second = node(Arc::new(store.recover()));
            agree(&second, step).await;
            for answered in [created.map(|outcome| outcome.word()), accepted.map(|outcome| outcome.word())] {
                assert!(
                    !matches!(answered, Ok(word) if word != "committed" && word != "not-found"),
                    "{step:?}: {answered:?}"
                );
            }
            let _ = second.create(offer("T-1"), keyed("offer")).await.unwrap();
            let _ = second.update(&id("T-1"), accept("P-7"), keyed("accept")).await.unwrap();
            let (tender, version) = second.get::<Tender>(&id("T-1")).await.unwrap().unwrap();
            assert_eq!((tender.status, version), (TenderStatus::Accepted, Version::new(1)), "{step:?}");
            assert_eq!(messages(&second, "T-1").await.len(), 2, "{step:?}");
        }
    }
    println!("cut at {} steps: {steps:?}", steps.len());
    for step in
        [Step::BeforeLoad, Step::AfterWrite, Step::BeforeMessage, Step::BeforeCommit, Step::AfterCommit]
    {
        assert!(steps.contains(&step), "{step:?} was never reached");
    }
}

/// State if and only if outbox.
async fn agree(node: &Node, step: Step) {
    let tender = node.get::<Tender>(&id("T-1")).await.unwrap();
    let accepted = tender.is_some_and(|(tender, _)| tender.status == TenderStatus::Accepted);
    let expected = if accepted { 2 } else { 0 };
    assert_eq!(messages(node, "T-1").await.len(), expected, "{step:?}");
}

#[tokio::test]
async fn a53_a_preview_changes_nothing() {
    let node = node(Arc::new(MemoryStore::new()));
    let _ = node.create(offer("T-1"), Request::default()).await.unwrap();
    let preview = node.preview(&id("T-1"), &accept("P-7"), keyed("k")).await.unwrap();
    assert!(preview.decided.as_ref().unwrap().applied().is_some());
    assert!(messages(&node, "T-1").await.is_empty());
    let (tender, version) = node.get::<Tender>(&id("T-1")).await.unwrap().unwrap();
    assert_eq!((tender.status, version), (TenderStatus::Pending, Version::INITIAL));
    assert!(node.update(&id("T-1"), accept("P-7"), keyed("k")).await.unwrap().committed().is_some());
}

#[tokio::test]
async fn a_strict_transition_needs_the_version() {
    let node = node(Arc::new(MemoryStore::new()));
    let shipment: ShipmentId = "S-1".parse().unwrap();
    let input =
        BookShipment { id: shipment.clone(), tender_id: id("T-1"), partner_id: "P-7".parse().unwrap() };
    let _ = node.create(input, Request::default()).await.unwrap();
    let without = node.update(&shipment, CancelShipment {}, Request::default()).await.unwrap();
    assert_eq!(without.code().unwrap(), "version_required");
    let moved = node.update(
        &shipment,
        PickUpShipment { picked_up_at: at("2026-01-01T00:00:00Z") },
        Request::default(),
    );
    assert!(moved.await.unwrap().committed().is_some());
    let stale = Request { expected: Some(Version::INITIAL), ..Request::default() };
    assert_eq!(node.update(&shipment, CancelShipment {}, stale).await.unwrap().word(), "conflict"); // A30, A36
}

#[tokio::test]
async fn the_node_records_time_actor_correlation_and_causation() {
    let clock = StoppedClock::at("2026-03-01T13:00:00Z");
    let ports = Ports { clock, ..Ports::system() };
    let node = Node::start(freight(), Arc::new(MemoryStore::new()), ports, NodeOptions::default());
    let _ = node.create(offer("T-1"), Request::default()).await.unwrap();
    let expired = node.update(&id("T-1"), ExpireTender {}, Request::default()).await.unwrap();
    assert_eq!(expired.committed().unwrap().boundary(), cohesive::Boundary::TransitionCommitted);
    let _ = node.create(offer("T-2"), Request::default()).await.unwrap();
    let request = Request {
        correlation: "c-1".parse().ok(),
        causation: "m-1".parse().ok(),
        actor: "anna".parse().ok(),
        ..Request::default()
    };
    let _ = node.update(&id("T-2"), accept("P-7"), request).await.unwrap();
    let stored = messages(&node, "T-2").await;
    assert_eq!(stored[0].correlation, "c-1"); // A80
    assert_eq!(stored[0].causation.as_deref(), Some("m-1")); // A81
    assert_eq!(stored[0].actor.as_deref(), Some("anna"));
    assert_eq!(stored[0].occurred_at, at("2026-03-01T13:00:00Z"));
}

#[tokio::test]
async fn only_entities_of_the_system_are_served() {
    let system = cohesive::node::System::new("tenders").entity::<Tender>();
    let node = Node::start(system, Arc::new(MemoryStore::new()), Ports::system(), NodeOptions::default());
    let input =
        BookShipment { id: "S-1".parse().unwrap(), tender_id: id("T-1"), partner_id: "P-7".parse().unwrap() };
    assert!(matches!(node.create(input, Request::default()).await, Err(Failure::NotServed("Shipment"))));
    let query = ListQuery { structure: Shipment::STRUCTURE, filters: Vec::new(), after: None, limit: 1 };
    assert!(node.list::<Shipment>(query).await.unwrap().is_empty());
}

#[tokio::test]
async fn senders_wait_when_the_queue_is_full() {
    let store = HeldStore::new(MemoryStore::new());
    let options = NodeOptions { queue: 2, batch: 1, ..NodeOptions::default() };
    let node = Node::start(freight(), Arc::<HeldStore<_>>::clone(&store), Ports::system(), options);
    let callers: Vec<_> = (0..8)
        .map(|number| {
            let node = node.clone();
            tokio::spawn(async move { node.create(offer(&format!("T-{number}")), Request::default()).await })
        })
        .collect();
    store.arrived(1).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
        assert!(node.waiting() <= 2, "{}", node.waiting());
    }
    store.permit(8);
    for caller in callers {
        assert!(caller.await.unwrap().unwrap().committed().is_some());
    }
    assert_eq!(store.commits.load(Ordering::SeqCst), 8);
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

/// Two renames in one batch: the first one's value is tried by the store, though the second replaces it at once.
#[tokio::test]
async fn a_unique_value_is_tried_even_when_the_next_input_replaces_it() {
    let store = HeldStore::new(MemoryStore::new());
    let system = cohesive::node::System::new("tags").entity::<Tag>();
    let node =
        Node::start(system, Arc::<HeldStore<_>>::clone(&store), Ports::system(), NodeOptions::default());
    let make = |id: &str, code: &str| MakeTag { id: id.parse().unwrap(), code: code.to_owned() };
    store.permit(2);
    for input in [make("B", "x"), make("A", "a")] {
        assert!(node.create(input, Request::default()).await.unwrap().committed().is_some());
    }
    store.arrived(2).await;
    let hold = tokio::spawn({
        let node = node.clone();
        async move { node.create(make("C", "c"), Request::default()).await }
    });
    store.arrived(1).await;
    let mut renames = Vec::new();
    for code in ["x", "y"] {
        let sender = node.clone();
        let input = RenameTag { code: code.to_owned() };
        renames.push(tokio::spawn(async move {
            sender.update(&"A".parse().unwrap(), input, Request::default()).await
        }));
        while node.waiting() < renames.len() {
            tokio::task::yield_now().await;
        }
    }
    store.permit(10);
    assert!(hold.await.unwrap().unwrap().committed().is_some());
    let mut words = Vec::new();
    for rename in renames {
        words.push(rename.await.unwrap().unwrap().word());
    }
    assert_eq!(words, ["not-unique", "committed"]);
}

#[derive(Id)]
pub struct TagId(String);

#[entity]
pub struct Tag {
    #[id]
    pub id: TagId,
    #[field(unique)]
    pub code: String,
}

#[transitions]
impl Tag {
    #[create]
    pub fn make(id: TagId, code: String) -> Self {
        Self { id, code }
    }

    #[transition]
    pub fn rename(&mut self, code: String) {
        self.code = code;
    }
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

#[tokio::test]
async fn every_shutdown_waits_for_the_end() {
    let store = HeldStore::new(MemoryStore::new());
    let node = node(Arc::<HeldStore<_>>::clone(&store));
    let caller = tokio::spawn({
        let node = node.clone();
        async move { node.create(offer("T-1"), Request::default()).await }
    });
    store.arrived(1).await;
    let stops: Vec<_> = (0..2)
        .map(|_| {
            let node = node.clone();
            tokio::spawn(async move { node.shutdown().await })
        })
        .collect();
    for _ in 0..100 {
        tokio::task::yield_now().await;
        assert!(stops.iter().all(|stop| !stop.is_finished()));
    }
    store.permit(1);
    for stop in stops {
        stop.await.unwrap();
    }
    assert!(caller.await.unwrap().unwrap().committed().is_some());
}

/// A creation states no version but the first one.
#[tokio::test]
async fn a38_a_creation_is_expected_at_version_zero_or_not_at_all() {
    let node = node(Arc::new(MemoryStore::new()));
    let at_version = |version| Request { expected: Some(Version::new(version)), ..Request::default() };
    let refused = node.create(offer("T-1"), at_version(3)).await.unwrap();
    assert_eq!(refused.code().unwrap(), "version_not_accepted");
    assert!(node.create(offer("T-1"), at_version(0)).await.unwrap().committed().is_some());
}

#[tokio::test]
async fn a37_the_budget_for_deciding_again_ends() {
    for attempts in [1, 4] {
        let store = HeldStore::contended(MemoryStore::new());
        let options = NodeOptions { attempts, ..NodeOptions::default() };
        let node = Node::start(freight(), Arc::<HeldStore<_>>::clone(&store), Ports::system(), options);
        let failure = node.create(offer("T-1"), keyed("k")).await.unwrap_err();
        assert!(
            matches!(failure, Failure::Contended { entity: "Tender", attempts: tried } if tried == attempts)
        );
        assert!(failure.nothing_committed());
        assert_eq!(store.commits.load(Ordering::SeqCst), attempts as usize);
    }
}
