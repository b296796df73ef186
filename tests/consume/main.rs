//! Consumers: applied once, acknowledged after the commit, in order, and nothing dropped.

mod bounds;
mod broker;
mod clocks;
mod crowd;
mod delivery;
mod domain;
mod failing;
mod order;
mod parking;
#[cfg(feature = "operate")]
mod retrying;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use std::time::Duration;

use broker::Scripted;
use cohesive::broker::Subscriber;
use cohesive::consumer::{Consumer, ConsumerOptions};
use cohesive::envelope::Envelope;
use cohesive::node::{Node, NodeOptions, Request, System};
use cohesive::port::Ports;
use cohesive::store::memory::MemoryStore;
use cohesive::store::{OutboxQuery, Store, StoredMessage};
use domain::{Entry, Order, OrderId, Parcel, ParcelId, PlaceOrder};

/// The node of the orders, and what it says of them.
struct Shop(Node);

impl Shop {
    fn new() -> Self {
        Self::on(Ports::system())
    }

    fn on(ports: Ports) -> Self {
        let system = System::new("shop").entity::<Order>();
        Self(Node::start(system, Arc::new(MemoryStore::new()), ports, NodeOptions::default()))
    }

    /// Places an order and changes it `changes` times: what it says of it, in order.
    async fn orders(&self, id: &str, changes: u32) -> Vec<Envelope> {
        let input = PlaceOrder { id: id.parse().unwrap(), pieces: 1 };
        let plain = id.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
        let correlation = Some(format!("load-{plain}").parse().unwrap());
        let trace = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().unwrap());
        let request = Request { correlation, trace, ..Request::default() };
        self.0.create(input, request.clone()).await.unwrap().committed().unwrap();
        for pieces in 2..2 + changes {
            let change = domain::ChangeOrder { pieces };
            let outcome = self.0.update(&id.parse::<OrderId>().unwrap(), change, request.clone()).await;
            outcome.unwrap().committed().unwrap();
        }
        messages(&self.0, "Order", id).await.iter().map(|message| Envelope::of(message, "/shop")).collect()
    }
}

/// The messages of an entity, in order.
async fn messages(node: &Node, entity: &'static str, id: &str) -> Vec<StoredMessage> {
    let query = OutboxQuery { entity, entity_id: id.to_owned(), after: None, limit: 1000 };
    node.outbox(query).await.unwrap()
}

/// The node that follows, its store and its consumer.
struct Depot {
    node: Node,
    store: MemoryStore,
    broker: Arc<Scripted>,
    consumer: Consumer,
}

fn following() -> System {
    System::new("depot").entity::<Parcel>().entity::<Entry>()
}

fn options() -> ConsumerOptions {
    ConsumerOptions { attempts: 4, ..ConsumerOptions::default() }
}

impl Depot {
    fn new() -> Self {
        let store = MemoryStore::new();
        Self::on(store.clone(), Arc::new(store), &Ports::system())
    }

    /// A depot whose node works on `used`, which leads to `store`.
    fn on(store: MemoryStore, used: Arc<dyn Store>, ports: &Ports) -> Self {
        Self::with(store, used, ports, NodeOptions::default())
    }

    fn with(store: MemoryStore, used: Arc<dyn Store>, ports: &Ports, own: NodeOptions) -> Self {
        let broker = Scripted::new();
        let node = Node::start(following(), used, ports.clone(), own);
        let subscriber: Arc<dyn Subscriber> = broker.clone();
        let consumer = Consumer::start(&node, Arc::new(store.clone()), subscriber, ports, options()).unwrap();
        Self { node, store, broker, consumer }
    }

    async fn parcel(&self, id: &str) -> Option<Parcel> {
        let found = self.node.get::<Parcel>(&id.parse::<ParcelId>().unwrap()).await.unwrap();
        found.map(|(parcel, _)| parcel)
    }

    async fn entry(&self, id: &str) -> Option<Entry> {
        let found = self.node.get::<Entry>(&id.parse::<OrderId>().unwrap()).await.unwrap();
        found.map(|(entry, _)| entry)
    }

    /// Delivers all of these, one after the other, and waits until each is answered.
    async fn take(&self, envelopes: &[Envelope]) {
        for envelope in envelopes {
            let number = self.broker.deliver(envelope);
            assert_eq!(self.broker.answer(number).await, broker::Said::Accepted);
        }
    }
}

/// Long enough for whatever ought not to happen to have happened, where the time is paused.
async fn a_while() {
    tokio::time::sleep(Duration::from_mins(10)).await;
}
