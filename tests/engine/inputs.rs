//! One input on its way: versions, previews, circumstances, contention.

use crate::support::domain::{
    BookShipment, CancelShipment, ExpireTender, PickUpShipment, Shipment, ShipmentId, Tender, TenderStatus,
};
use crate::support::{HeldStore, StoppedClock, accept, at, freight, id, keyed, messages, node, offer};
use cohesive::kernel::Structure as _;
use cohesive::node::{Failure, Node, NodeOptions, Outcome, Request};
use cohesive::port::Ports;
use cohesive::prelude::*;
use cohesive::store::ListQuery;
use cohesive::store::memory::MemoryStore;
use std::sync::Arc;
use std::sync::atomic::Ordering;

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
    assert_eq!(stored[0].occurred_at, Some(at("2026-03-01T13:00:00Z")));
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
