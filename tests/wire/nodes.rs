//! The node that says something, the node that follows, and somebody who listens beside it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cohesive::broker::{Publisher, Subscriber};
use cohesive::consumer::{Consumer, ConsumerMetrics, ConsumerOptions};
use cohesive::envelope::Envelope;
use cohesive::kernel::Structure as _;
use cohesive::node::{Node, NodeOptions, Request, System};
use cohesive::port::Ports;
use cohesive::relay::{Relay, RelayOptions};
use cohesive::store::inbox::Inbox as _;
use cohesive::store::memory::MemoryStore;
use cohesive::store::outbox::{Outbox as _, Stream};
use cohesive::store::{ListQuery, OutboxQuery, StoredMessage};

use crate::domain::{ChangeOrder, Entry, Order, OrderId, Parcel, PlaceOrder};
use crate::until;

/// Where orders are placed.
pub struct Shop {
    pub store: MemoryStore,
    node: Node,
}

impl Shop {
    pub fn new() -> Self {
        let (store, system) = (MemoryStore::new(), System::new("shop").entity::<Order>());
        let node = Node::start(system, Arc::new(store.clone()), Ports::system(), NodeOptions::default());
        Self { store, node }
    }

    /// A relay that gives up soon and tries for ever.
    pub fn relay(&self, publisher: Arc<dyn Publisher>) -> Relay {
        let options = RelayOptions {
            source: "/shop".to_owned(),
            lease: Duration::from_millis(1800),
            publish_timeout: Duration::from_millis(600),
            balance: Duration::from_millis(100),
            poll: Duration::from_millis(10),
            attempts: 1_000_000,
            first_wait: Duration::from_millis(5),
            longest_wait: Duration::from_millis(50),
            ..RelayOptions::default()
        };
        let store = Arc::new(self.store.clone());
        Relay::start(store, publisher, self.node.wake(), &Ports::system(), options).unwrap()
    }

    /// Places an order of one piece and changes it so often, by one piece each.
    pub async fn order(&self, id: &str, changes: u32) {
        let request = Request { correlation: Some(correlation(id).parse().unwrap()), ..Request::default() };
        let place = PlaceOrder { id: id.parse().unwrap(), pieces: 1 };
        self.node.create(place, request.clone()).await.unwrap().committed().unwrap();
        let id: OrderId = id.parse().unwrap();
        for pieces in 2..2 + changes {
            let outcome = self.node.update(&id, ChangeOrder { pieces }, request.clone());
            outcome.await.unwrap().committed().unwrap();
        }
    }

    /// What was said of an order.
    pub async fn said(&self, id: &str) -> Vec<StoredMessage> {
        messages(&self.node, "Order", id).await
    }

    /// The ids of the messages of these orders that are recorded as published.
    pub async fn published(&self, orders: &[String]) -> Vec<String> {
        let mut published = Vec::new();
        for order in orders {
            let said = self.said(order).await.into_iter();
            published.extend(said.filter(|said| said.published_at.is_some()).map(|said| said.id.to_string()));
        }
        published
    }

    pub async fn pending(&self) -> u64 {
        self.store.outbox_stats(Stream::Events).await.unwrap().pending
    }

    /// Waits until nothing is owed, and finds nothing parked.
    pub async fn settled(&self) {
        until("everything is published", || async {
            match self.pending().await {
                0 => Ok(()),
                pending => Err(format!("{pending} messages are pending")),
            }
        })
        .await;
        assert_eq!(self.store.parked_messages(Stream::Events, 10).await.unwrap(), []);
    }
}

/// Where parcels follow from orders.
pub struct Depot {
    pub store: MemoryStore,
    node: Node,
}

/// What a depot holds, without what differs from run to run.
#[derive(Debug, PartialEq, Eq)]
pub struct State {
    parcels: Vec<(String, u32, u32)>,
    entries: Vec<(String, u32)>,
    /// What it says of each parcel: name, payload, correlation.
    said: Vec<(String, String, String)>,
}

impl Depot {
    pub fn new() -> Self {
        let (store, system) = (MemoryStore::new(), System::new("depot").entity::<Parcel>().entity::<Entry>());
        let node = Node::start(system, Arc::new(store.clone()), Ports::system(), NodeOptions::default());
        Self { store, node }
    }

    pub fn consumer(&self, subscriber: Arc<dyn Subscriber>) -> Consumer {
        let options = ConsumerOptions {
            extend_every: Duration::from_millis(60),
            first_wait: Duration::from_millis(5),
            longest_wait: Duration::from_millis(50),
            ..ConsumerOptions::default()
        };
        let inbox = Arc::new(self.store.clone());
        Consumer::start(&self.node, inbox, subscriber, &Ports::system(), options).unwrap()
    }

    /// Waits until an order has led to everything that it leads to.
    pub async fn has(&self, order: &str, changes: u32) {
        until("the parcel is packed", || async {
            let parcel = self.node.get::<Parcel>(&order.parse().unwrap()).await.unwrap();
            let entry = self.node.get::<Entry>(&order.parse().unwrap()).await.unwrap();
            let whole = parcel.as_ref().is_some_and(|(parcel, _)| parcel.repacked >= changes);
            if whole && entry.is_some() {
                return Ok(());
            }
            let parked = self.store.parked_deliveries(0, 3).await.unwrap();
            Err(format!("{order}: {parcel:?}, {entry:?}, parked {parked:?}"))
        })
        .await;
    }

    /// Every message of this order was applied once, in order, and what it led to names it.
    pub async fn follows(&self, shop: &Shop, order: &str, changes: u32) {
        let (parcel, _) = self.node.get::<Parcel>(&order.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((parcel.pieces, parcel.repacked), (1 + changes, changes), "{order}");
        let (said, led_to) = (shop.said(order).await, messages(&self.node, "Parcel", order).await);
        let causes: Vec<_> = said.iter().map(|said| Some(said.id.to_string())).collect();
        let named: Vec<_> = led_to.iter().map(|message| message.causation.clone()).collect();
        assert_eq!(named, causes, "{order}");
        assert!(led_to.iter().all(|message| message.correlation == correlation(order)), "{order}");
    }

    /// Nothing was given up.
    pub async fn is_sound(&self) {
        assert_eq!(self.store.parked_deliveries(0, 10).await.unwrap(), []);
    }

    pub async fn state(&self) -> State {
        let all = |structure| ListQuery { structure, filters: Vec::new(), after: None, limit: 1_000_000 };
        let (mut parcels, mut said) = (Vec::new(), Vec::new());
        for (parcel, _) in self.node.list::<Parcel>(all(Parcel::STRUCTURE)).await.unwrap() {
            let id = parcel.id.to_string();
            for message in messages(&self.node, "Parcel", &id).await {
                said.push((message.name, message.payload, message.correlation));
            }
            parcels.push((id, parcel.pieces, parcel.repacked));
        }
        let entries = self.node.list::<Entry>(all(Entry::STRUCTURE)).await.unwrap();
        let entries = entries.into_iter().map(|(entry, _)| (entry.id.to_string(), entry.pieces)).collect();
        State { parcels, entries, said }
    }

    pub async fn parcels(&self) -> usize {
        self.state().await.parcels.len()
    }
}

fn correlation(order: &str) -> String {
    format!("load-{order}")
}

/// The messages of an entity, in order.
async fn messages(node: &Node, entity: &'static str, id: &str) -> Vec<StoredMessage> {
    let query = OutboxQuery { entity, entity_id: id.to_owned(), after: None, limit: 1000 };
    node.outbox(query).await.unwrap()
}

/// Listens to everything that the broker passes on, and accepts it.
#[derive(Clone)]
pub struct Listener(Arc<Mutex<HashMap<String, Vec<Envelope>>>>);

impl Listener {
    pub fn start(subscriber: Arc<dyn Subscriber>) -> Self {
        let heard = Self(Arc::default());
        let own = heard.clone();
        tokio::spawn(async move {
            loop {
                let Ok(delivery) = subscriber.receive().await else { continue };
                let message = delivery.message.unwrap();
                own.0.lock().unwrap().entry(message.partition_key.clone()).or_default().push(message);
                let _ = delivery.acknowledge.accept().await;
            }
        });
        heard
    }

    /// Waits until everything that was said of an order was heard. The first time it is in order.
    pub async fn has(&self, shop: &Shop, order: &str) {
        let said: Vec<String> = shop.said(order).await.iter().map(|said| said.id.to_string()).collect();
        until("the broker passes on what is recorded as published", || async {
            let heard = self.heard(order);
            let mut first: Vec<&String> = Vec::new();
            for id in &heard {
                if !first.contains(&id) {
                    first.push(id);
                }
            }
            assert!(first.iter().zip(&said).all(|(heard, said)| *heard == said), "{first:?}, {said:?}");
            if first.len() == said.len() { Ok(()) } else { Err(format!("of {said:?} only {first:?}")) }
        })
        .await;
    }

    fn heard(&self, order: &str) -> Vec<String> {
        let heard = self.0.lock().unwrap();
        let of = heard.get(&format!("Order:{order}"));
        of.into_iter().flatten().map(|message| message.id.clone()).collect()
    }

    /// How many messages were heard, and how many of them more than once.
    pub fn counts(&self) -> (usize, usize) {
        let heard = self.0.lock().unwrap();
        let (mut all, mut repeats) = (0, 0);
        for messages in heard.values() {
            let mut ids: Vec<&str> = messages.iter().map(|message| &*message.id).collect();
            (all, repeats) = (all + ids.len(), repeats + ids.len());
            ids.sort_unstable();
            ids.dedup();
            repeats -= ids.len();
        }
        (all, repeats)
    }
}

/// Adds what another consumer counted.
pub fn add(sum: &mut ConsumerMetrics, other: ConsumerMetrics) {
    sum.received += other.received;
    sum.applied += other.applied;
    sum.repeated += other.repeated;
    sum.early += other.early;
    sum.unacknowledged += other.unacknowledged;
    sum.receive_failures += other.receive_failures;
}
