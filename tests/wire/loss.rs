//! F37: a broker loses what it has acknowledged.

use std::sync::Arc;

use cohesive::prelude::Timestamp;
use cohesive::store::outbox::{Outbox as _, Stream};

use crate::nodes::{Depot, Shop, State};
use crate::servers::Server;
use crate::until;

const ORDERS: u32 = 20;
const CHANGES: u32 = 3;
/// How many orders the depot has followed before the loss.
const BEFORE: u32 = 8;

fn order(number: u32) -> String {
    format!("o-{number}")
}

/// Places the orders, has some of them followed and all of them published. With `loss`, the broker then loses everything, and
/// what was published is published again. In the end everything is followed, and this is what the depot holds.
async fn run(loss: bool) -> State {
    let (server, shop, depot) = (Server::nats(), Shop::new(), Depot::new());
    let subscriber = server.subscriber(server.url(), "depot").await.unwrap();
    let consumer = depot.consumer(Arc::clone(&subscriber));
    let relay = shop.relay(server.publisher(server.url()).await.unwrap());
    for number in 0..BEFORE {
        shop.order(&order(number), CHANGES).await;
        depot.has(&order(number), CHANGES).await;
    }
    consumer.stop().await;
    subscriber.close().await;
    for number in BEFORE..ORDERS {
        shop.order(&order(number), CHANGES).await;
    }
    shop.settled().await;
    let published = relay.metrics().published;
    assert_eq!((published, depot.parcels().await), (u64::from(ORDERS * (1 + CHANGES)), BEFORE as usize));
    let mut again = 0;
    if loss {
        let Server::Nats(nats) = &server else { unreachable!() };
        nats.kill();
        nats.wipe();
        nats.run_again();
        // What `outbox republish --since` does.
        again = shop.store.republish(Stream::Events, Timestamp::MIN).await.unwrap();
        shop.settled().await;
    }
    let subscriber = server.subscriber(server.url(), "depot").await.unwrap();
    let consumer = depot.consumer(Arc::clone(&subscriber));
    for number in 0..ORDERS {
        depot.has(&order(number), CHANGES).await;
        depot.follows(&shop, &order(number), CHANGES).await;
    }
    // Whatever still comes is a repeat.
    let repeats = if loss { u64::from(BEFORE * (1 + CHANGES)) } else { 0 };
    until("what was applied before has come again", || async {
        let repeated = consumer.metrics().repeated;
        // The placing is followed by two transitions.
        let expected = repeats + if loss { u64::from(BEFORE) } else { 0 };
        if repeated >= expected { Ok(()) } else { Err(format!("{repeated} of {expected}")) }
    })
    .await;
    println!(
        "loss {loss}: published {published}, published again {again}, {:?}, {:?}",
        relay.metrics(),
        consumer.metrics()
    );
    assert_eq!(again, if loss { published } else { 0 });
    depot.is_sound().await;
    consumer.stop().await;
    subscriber.close().await;
    relay.stop().await;
    depot.state().await
}

#[tokio::test(flavor = "multi_thread")]
async fn f37_what_a_wiped_jetstream_lost_is_published_again() {
    let (lost, whole) = (run(true).await, run(false).await);
    assert_eq!(lost, whole);
}
