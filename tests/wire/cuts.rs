//! F36: connections that are cut at every boundary of messages, and within the message that follows it.
//!
//! A run connects, lets an order and its change go all the way, and closes. An uncut run tells how many messages go to either
//! side; then one run for each of them is cut before it, and in its middle.

use std::sync::Arc;

use cohesive::broker::{BrokerError, Publisher, Subscriber};
use cohesive::consumer::ConsumerMetrics;
use cohesive_servers::{Proxy, Side};

use crate::nodes::{Depot, Listener, Shop, add};
use crate::random::{self, Random};
use crate::servers::Server;
use crate::{PATIENCE, rounds};

/// By default one boundary of so many is cut.
const SLICE: usize = 5;
/// How often each order is changed.
const CHANGES: u32 = 1;

/// Everything that takes part. Relay or consumer are made anew for each run, by way of the proxy.
struct Scene {
    server: Server,
    proxy: Proxy,
    shop: Shop,
    depot: Depot,
    listener: Listener,
    /// Connections that could not be made, because they were cut.
    refused: usize,
    relayed: u64,
    failed: u64,
    consumed: ConsumerMetrics,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Publisher,
    Consumer,
}

impl Scene {
    async fn new(server: Server) -> Self {
        // The queues have to be there before anything is published.
        server.subscriber(server.url(), "depot").await.unwrap().close().await;
        let listener = Listener::start(server.subscriber(server.url(), "listener").await.unwrap());
        Self {
            proxy: Proxy::to(&server.url()),
            shop: Shop::new(),
            depot: Depot::new(),
            listener,
            server,
            refused: 0,
            relayed: 0,
            failed: 0,
            consumed: ConsumerMetrics::default(),
        }
    }

    fn url(&self, through: bool) -> String {
        let url = self.server.url();
        if through { self.proxy.url(&url) } else { url }
    }

    /// One order all the way, with one side of it by way of the proxy.
    async fn run(&mut self, side: Cut, order: &str) {
        let publisher = self.publisher(side == Cut::Publisher).await;
        let subscriber = self.subscriber(side == Cut::Consumer).await;
        let relay = self.shop.relay(publisher);
        let consumer = self.depot.consumer(Arc::clone(&subscriber));
        self.shop.order(order, CHANGES).await;
        self.depot.has(order, CHANGES).await;
        self.shop.settled().await;
        tokio::time::timeout(PATIENCE, consumer.stop()).await.expect("the consumer stops");
        tokio::time::timeout(PATIENCE, subscriber.close()).await.expect("the subscriber closes");
        tokio::time::timeout(PATIENCE, relay.stop()).await.expect("the relay stops");
        self.relayed += relay.metrics().published;
        self.failed += relay.metrics().failed;
        add(&mut self.consumed, consumer.metrics());
        self.depot.follows(&self.shop, order, CHANGES).await;
        self.listener.has(&self.shop, order).await;
    }

    async fn publisher(&mut self, through: bool) -> Arc<dyn Publisher> {
        let url = self.url(through);
        for _ in 0..3 {
            match self.server.publisher(url.clone()).await {
                Ok(publisher) => return publisher,
                Err(error) => self.refuse(&error),
            }
        }
        panic!("one cut keeps the publisher away");
    }

    async fn subscriber(&mut self, through: bool) -> Arc<dyn Subscriber> {
        let url = self.url(through);
        for _ in 0..3 {
            match self.server.subscriber(url.clone(), "depot").await {
                Ok(subscriber) => return subscriber,
                Err(error) => self.refuse(&error),
            }
        }
        panic!("one cut keeps the subscriber away");
    }

    /// A cut is no flaw of what is there.
    fn refuse(&mut self, error: &BrokerError) {
        assert!(matches!(error, BrokerError::Unreachable { .. }), "{error}");
        self.refused += 1;
    }
}

async fn cut_everywhere(server: Server, side: Cut) {
    let seed = random::seed();
    println!("COHESIVE_SEED={seed}");
    let mut random = Random::new(seed);
    let (name, what) = (server.name(), if side == Cut::Publisher { "publisher" } else { "consumer" });
    let mut scene = Scene::new(server).await;
    // The first run makes what later ones find.
    for order in ["first", "uncut"] {
        scene.proxy.mend();
        scene.run(side, order).await;
    }
    let boundaries = scene.proxy.passed();
    let (mut orders, mut tried, mut cut) = (vec!["first".to_owned(), "uncut".to_owned()], 0, 0);
    for round in 0..rounds().unwrap_or(1) {
        let first = if rounds().is_some() { 0 } else { random.index(SLICE) };
        let step = if rounds().is_some() { 1 } else { SLICE };
        for (to, count) in [Side::Server, Side::Client].into_iter().zip(boundaries) {
            for boundary in (first..count).step_by(step) {
                // Before the message, and within it.
                for bytes in [0, 1 + random.index(12)] {
                    let order = format!("{round}-{to:?}-{boundary}-{bytes}");
                    scene.proxy.cut_at(to, boundary, bytes);
                    scene.run(side, &order).await;
                    tried += 1;
                    cut += usize::from(scene.proxy.is_whole());
                    scene.proxy.mend();
                    orders.push(order);
                }
            }
        }
    }
    let (heard, repeats) = scene.listener.counts();
    let published = scene.shop.published(&orders).await.len();
    let (pending, parcels) = (scene.shop.pending().await, scene.depot.parcels().await);
    println!(
        "{name}, {what}: boundaries {boundaries:?} (to the server, to the client), runs {tried}, of them cut {cut}, \
         connecting refused {}, messages {published} published ({pending} pending), attempts failed {}, heard {heard} \
         (again {repeats}), parcels {parcels}, {:?}, seed {seed}",
        scene.refused, scene.failed, scene.consumed
    );
    // How many messages a run takes differs a little, by what comes together.
    assert!(cut * 10 >= tried * 7, "too few runs were cut, seed {seed}");
    assert_eq!((published, pending, parcels), (2 * orders.len(), 0, orders.len()), "seed {seed}");
    assert_eq!(u64::try_from(published).unwrap(), scene.relayed, "a row was published twice, seed {seed}");
    scene.depot.is_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_cuts_between_publisher_and_nats() {
    cut_everywhere(Server::nats(), Cut::Publisher).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_cuts_between_nats_and_consumer() {
    cut_everywhere(Server::nats(), Cut::Consumer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_cuts_between_publisher_and_rabbitmq() {
    cut_everywhere(Server::rabbitmq(), Cut::Publisher).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_cuts_between_rabbitmq_and_consumer() {
    cut_everywhere(Server::rabbitmq(), Cut::Consumer).await;
}
