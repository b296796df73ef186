//! F36: a broker that does not acknowledge: it refuses, knows no way, stays silent, or dies. A row counts as published when
//! the broker has the message, and not before.

use std::collections::BTreeSet;
use std::sync::Arc;

use cohesive::prelude::Timestamp;
use cohesive::relay::Relay;
use cohesive::store::outbox::{Outbox as _, Stream};
use cohesive_servers::Proxy;
use lapin::options::{BasicGetOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::{AMQPValue, FieldTable};

use crate::nodes::{Depot, Shop};
use crate::random::{self, Random};
use crate::servers::{KINDS, NAME, PARTITIONS, Server};
use crate::{rounds, until};

const CHANGES: u32 = 3;
const ORDERS: usize = 6;
/// How many messages a queue or a stream takes before it refuses more.
const ROOM: u32 = 3;

/// Places some orders, and answers how they are called.
async fn place(shop: &Shop, what: &str) -> Vec<String> {
    let orders: Vec<String> = (0..ORDERS).map(|number| format!("{what}-{number}")).collect();
    for order in &orders {
        shop.order(order, CHANGES).await;
    }
    orders
}

/// Waits for more failures, and answers how many there were.
async fn fails(relay: &Relay, more: u64) -> u64 {
    let before = relay.metrics().failed;
    until("publishing fails", || async {
        let failed = relay.metrics().failed;
        if failed >= before + more { Ok(()) } else { Err(format!("{failed} failures, {before} before")) }
    })
    .await;
    relay.metrics().failed
}

/// Lets a depot follow all of these, and finds everything applied once.
async fn deliver(server: &Server, shop: &Shop, relay: &Relay, orders: &[String]) {
    let depot = Depot::new();
    let subscriber = server.subscriber(server.url(), "depot").await.unwrap();
    let consumer = depot.consumer(Arc::clone(&subscriber));
    shop.settled().await;
    for order in orders {
        depot.has(order, CHANGES).await;
        depot.follows(shop, order, CHANGES).await;
    }
    depot.is_sound().await;
    let metrics = consumer.metrics();
    println!("delivered: {} orders, {metrics:?}, relay {:?}", orders.len(), relay.metrics());
    consumer.stop().await;
    subscriber.close().await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_rows_without_a_queue_or_refused_by_one_stay_pending_on_rabbitmq() {
    let (server, shop) = (Server::rabbitmq(), Shop::new());
    let relay = shop.relay(server.publisher(server.url()).await.unwrap());
    let orders = place(&shop, "refused").await;
    let rows = orders.len() * (1 + CHANGES as usize);

    // The exchange confirms what it passes to nobody; `mandatory` makes that a return.
    let unroutable = fails(&relay, 20).await;
    assert_eq!(shop.published(&orders).await, [""; 0]);

    // A queue that is full answers with a negative acknowledgement.
    let connection =
        lapin::Connection::connect(&server.url(), lapin::ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let mut arguments = FieldTable::default();
    arguments.insert("x-max-length".into(), AMQPValue::LongLongInt(ROOM.into()));
    arguments.insert("x-overflow".into(), AMQPValue::LongString("reject-publish".into()));
    channel.queue_declare("full".into(), QueueDeclareOptions::durable(), arguments).await.unwrap();
    for (partition, kind) in (0..PARTITIONS).flat_map(|partition| KINDS.map(|kind| (partition, kind))) {
        let key = format!("{partition:02}/{PARTITIONS}.{kind}");
        let bind = QueueBindOptions::default();
        channel
            .queue_bind("full".into(), NAME.into(), key.into(), bind, FieldTable::default())
            .await
            .unwrap();
    }
    until("the queue is full", || async {
        let published = shop.published(&orders).await.len();
        if published >= ROOM as usize { Ok(()) } else { Err(format!("{published} messages are in it")) }
    })
    .await;
    let refused = fails(&relay, 20).await - unroutable;
    relay.stop().await;
    let published: BTreeSet<String> = shop.published(&orders).await.into_iter().collect();
    let mut kept = BTreeSet::new();
    while let Some(message) = channel.basic_get("full".into(), BasicGetOptions::default()).await.unwrap() {
        let headers = message.properties.headers().clone().unwrap();
        match headers.inner().get("cloudEvents:id") {
            Some(AMQPValue::LongString(id)) => kept.insert(id.to_string()),
            other => panic!("no id: {other:?}"),
        };
    }
    println!(
        "RabbitMQ: rows {rows}, returned {unroutable} times, refused {refused} times, recorded as published {}, kept {}",
        published.len(),
        kept.len()
    );
    assert_eq!(published, kept, "what is recorded as published is not what the broker has");
    assert!(published.len() < rows);
    channel.queue_delete("full".into(), QueueDeleteOptions::default()).await.unwrap();

    // The orders whose first messages went into the other queue are not the depot's any more.
    let again = shop.store.republish(Stream::Events, Timestamp::MIN).await.unwrap();
    assert_eq!(again, published.len() as u64);
    let relay = shop.relay(server.publisher(server.url()).await.unwrap());
    deliver(&server, &shop, &relay, &orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_rows_that_a_full_stream_refuses_stay_pending_on_nats() {
    let (server, shop) = (Server::nats(), Shop::new());
    let through = server.publisher(server.url()).await.unwrap();
    let context = async_nats::jetstream::new(async_nats::connect(server.url()).await.unwrap());
    let usual = context.get_stream(NAME).await.unwrap().cached_info().config.clone();
    let full = async_nats::jetstream::stream::Config {
        max_messages: ROOM.into(),
        discard: async_nats::jetstream::stream::DiscardPolicy::New,
        ..usual.clone()
    };
    context.update_stream(full).await.unwrap();
    let relay = shop.relay(through);
    let orders = place(&shop, "refused").await;
    let refused = fails(&relay, 20).await;
    relay.stop().await;
    let published = shop.published(&orders).await.len();
    let kept = context.get_stream(NAME).await.unwrap().cached_info().state.messages;
    let rows = orders.len() * (1 + CHANGES as usize);
    println!("NATS: rows {rows}, refused {refused} times, recorded as published {published}, kept {kept}");
    assert_eq!((published as u64, kept), (ROOM.into(), ROOM.into()));
    context.update_stream(usual).await.unwrap();
    let relay = shop.relay(server.publisher(server.url()).await.unwrap());
    deliver(&server, &shop, &relay, &orders).await;
}

/// Nothing passes, and nobody is told.
async fn silence(server: Server) {
    let (shop, proxy) = (Shop::new(), Proxy::to(&server.url()));
    server.subscriber(server.url(), "depot").await.unwrap().close().await;
    let relay = shop.relay(server.publisher(proxy.url(&server.url())).await.unwrap());
    shop.order("before", CHANGES).await;
    shop.settled().await;
    proxy.freeze(true);
    let mut orders = place(&shop, "silent").await;
    let failed = fails(&relay, 2 * ORDERS as u64).await;
    let published = shop.published(&orders).await.len();
    println!("{}: attempts that nobody answered {failed}, recorded as published {published}", server.name());
    assert_eq!(published, 0);
    proxy.freeze(false);
    orders.push("before".to_owned());
    deliver(&server, &shop, &relay, &orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_rows_that_a_silent_nats_does_not_answer_stay_pending() {
    silence(Server::nats()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_rows_that_a_silent_rabbitmq_does_not_answer_stay_pending() {
    silence(Server::rabbitmq()).await;
}

/// `kill -9` of the broker while orders are placed, published and followed.
async fn deaths(server: Server) {
    let seed = random::seed();
    println!("COHESIVE_SEED={seed}");
    let (mut random, kills) = (Random::new(seed), 3 * rounds().unwrap_or(1));
    let (shop, depot, mut orders) = (Shop::new(), Depot::new(), Vec::new());
    let subscriber = server.subscriber(server.url(), "depot").await.unwrap();
    let consumer = depot.consumer(Arc::clone(&subscriber));
    let relay = shop.relay(server.publisher(server.url()).await.unwrap());
    for kill in 0..kills {
        let placed = place(&shop, &format!("{kill}")).await;
        let before = relay.metrics().published;
        let some = random.below((ORDERS * (1 + CHANGES as usize)) as u64 / 2);
        until("something is published", || async {
            let published = relay.metrics().published;
            if published >= before + some { Ok(()) } else { Err(format!("{published} of {some}")) }
        })
        .await;
        server.kill();
        orders.extend(placed);
        orders.extend(place(&shop, &format!("{kill}-dead")).await);
        let failed = fails(&relay, 1).await;
        server.run_again();
        println!("kill {kill}: after {some} messages, {failed} attempts failed so far");
    }
    for order in &orders {
        depot.has(order, CHANGES).await;
        depot.follows(&shop, order, CHANGES).await;
    }
    shop.settled().await;
    depot.is_sound().await;
    println!(
        "{}: kills {kills}, orders {}, messages {}, {:?}, {:?}, seed {seed}",
        server.name(),
        orders.len(),
        shop.published(&orders).await.len(),
        relay.metrics(),
        consumer.metrics()
    );
    consumer.stop().await;
    subscriber.close().await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_a_nats_that_dies_loses_nothing() {
    deaths(Server::nats()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_a_rabbitmq_that_dies_loses_nothing() {
    deaths(Server::rabbitmq()).await;
}
