//! What one commit takes, and that inputs in it do not disturb each other.

use crate::support::domain::{BookShipment, Tender};
use crate::support::{HeldStore, accept, freight, id, messages, node, offer};
use cohesive::node::{Node, NodeOptions, Request};
use cohesive::port::Ports;
use cohesive::prelude::*;
use cohesive::store::memory::MemoryStore;
use std::sync::Arc;
use std::sync::atomic::Ordering;

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
