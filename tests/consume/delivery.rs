//! One message: applied once, with what it led to, and acknowledged after that.

use std::sync::Arc;
use std::time::Duration;

use cohesive::broker::Subscriber;
use cohesive::consumer::{Consumer, ConsumerFlaw};
use cohesive::envelope::Envelope;
use cohesive::node::{Node, NodeOptions, System};
use cohesive::port::Ports;
use cohesive::store::inbox::Inbox as _;
use cohesive::store::memory::MemoryStore;

use crate::broker::{Said, Scripted};
use crate::domain::Order;
use crate::support::HeldStore;
use crate::{Depot, Shop, following, messages, options};

/// P08, P09, B40, B41: three deliveries of each message, one effect for each transition that follows it.
#[tokio::test]
async fn p08_a_message_that_comes_again_is_applied_once() {
    let (shop, depot) = (Shop::new(), Depot::new());
    let said = shop.orders("o-1", 3).await;
    for envelope in &said {
        let numbers = [
            depot.broker.deliver(envelope),
            depot.broker.redeliver(envelope),
            depot.broker.redeliver(envelope),
        ];
        for number in numbers {
            assert_eq!(depot.broker.answer(number).await, Said::Accepted);
        }
    }
    // And all of them from the start, as after a publisher's republishing.
    depot.take(&said).await;
    let parcel = depot.parcel("o-1").await.unwrap();
    assert_eq!((parcel.pieces, parcel.repacked), (4, 3));
    assert_eq!(depot.entry("o-1").await.unwrap().pieces, 1);
    assert_eq!(messages(&depot.node, "Parcel", "o-1").await.len(), 4);
    let metrics = depot.consumer.metrics();
    // The placing is followed by two transitions, each change by one.
    assert_eq!((metrics.received, metrics.applied, metrics.repeated, metrics.parked), (16, 5, 15, 0));
    // What was counted for the repeats is forgotten.
    assert_eq!(depot.store.inbox_stats().await.unwrap().attempts, 0);
}

/// P09, A120, B43: nothing is acknowledged before its commit.
#[tokio::test(start_paused = true)]
async fn p09_a_message_is_acknowledged_after_the_commit() {
    let store = MemoryStore::new();
    let held = HeldStore::new(store.clone());
    let depot = Depot::on(store, held.clone(), &Ports::system());
    let said = Shop::new().orders("o-1", 0).await;
    let number = depot.broker.deliver(&said[0]);
    held.arrived(1).await;
    crate::a_while().await;
    assert_eq!(depot.broker.answers(), []);
    assert!(depot.parcel("o-1").await.is_none());
    held.permit(10);
    assert_eq!(depot.broker.answer(number).await, Said::Accepted);
    assert!(depot.parcel("o-1").await.is_some());
    assert!(depot.entry("o-1").await.is_some());
}

/// A80, A81, and the trace: what a message causes belongs to what the message belongs to.
#[tokio::test]
async fn a80_what_a_message_causes_carries_its_ids() {
    let depot = Depot::new();
    let said = Shop::new().orders("o-1", 1).await;
    depot.take(&said).await;
    let caused = messages(&depot.node, "Parcel", "o-1").await;
    assert_eq!(caused.len(), 2);
    for (cause, caused) in said.iter().zip(&caused) {
        assert_eq!(caused.correlation, "load-o-1");
        assert_eq!(caused.causation.as_deref(), Some(&*cause.id));
        assert!(cause.trace_parent.is_some());
        assert_eq!(caused.trace, cause.trace_parent);
    }
}

/// A sender outside may give no ids, or such that are none here: then there are fresh ones.
#[tokio::test]
async fn a_message_without_ids_gets_a_correlation() {
    let depot = Depot::new();
    let mut said = Shop::new().orders("o-1", 0).await.remove(0);
    said.correlation = String::new();
    said.id = "not an id here \u{e9}".to_owned();
    said.trace_parent = Some("nonsense".to_owned());
    depot.take(&[said]).await;
    let caused = messages(&depot.node, "Parcel", "o-1").await.remove(0);
    assert!(!caused.correlation.is_empty());
    assert_eq!((caused.causation, caused.trace), (None, None));
}

/// A payload may have members that this node does not know yet.
#[tokio::test]
async fn a_newer_sender_may_say_more() {
    let depot = Depot::new();
    let mut said = Shop::new().orders("o-1", 0).await.remove(0);
    said.data = said.data.replacen('{', "{\"colour\":\"red\",", 1);
    depot.take(&[said]).await;
    assert!(depot.parcel("o-1").await.is_some());
    assert_eq!(depot.consumer.metrics().parked, 0);
}

/// F40: what was begun is finished, and what waits is given back.
#[tokio::test(start_paused = true)]
async fn f40_a_consumer_that_stops_gives_back_what_it_cannot_finish() {
    let (shop, depot) = (Shop::new(), Depot::new());
    let mut said = shop.orders("o-1", 1).await;
    let hour_ago = said[1].recorded.as_micros() - 3_600_000_000;
    said[1].recorded = cohesive::Timestamp::from_micros(hour_ago).unwrap();
    assert_eq!(depot.consumer.metrics().oldest, None);
    // The change comes without the placing, so it waits.
    let number = depot.broker.deliver(&said[1]);
    tokio::time::sleep(Duration::from_millis(1)).await;
    let metrics = depot.consumer.metrics();
    assert_eq!(metrics.in_hand, 1);
    assert!(metrics.oldest.unwrap() >= Duration::from_hours(1), "it lags behind: {metrics:?}");
    depot.consumer.stop().await;
    assert_eq!(depot.consumer.metrics().oldest, None);
    assert_eq!(depot.broker.answer(number).await, Said::Rejected);
    assert_eq!(depot.consumer.metrics().returned, 1);
    depot.node.shutdown().await;
}

/// B42: an inbox that forgets sooner than the broker does is refused at the start; so is a node that follows nothing.
#[tokio::test]
async fn b42_an_inbox_that_forgets_too_soon_is_refused() {
    let store = MemoryStore::new();
    let subscriber: Arc<dyn Subscriber> = Scripted::new();
    let start = |system: System, inbox_retention: Duration| {
        let options = NodeOptions { inbox_retention, ..NodeOptions::default() };
        let node = Node::start(system, Arc::new(store.clone()), Ports::system(), options);
        Consumer::start(
            &node,
            Arc::new(store.clone()),
            Arc::clone(&subscriber),
            &Ports::system(),
            self::options(),
        )
        .err()
    };
    let hour = Duration::from_hours(1);
    let flaw = start(following(), hour).unwrap();
    assert!(matches!(flaw, ConsumerFlaw::ForgetsTooSoon { horizon, .. } if horizon == hour), "{flaw}");
    assert!(flaw.to_string().contains("NodeOptions::inbox_retention"), "{flaw}");
    assert_eq!(start(following(), hour + Duration::from_nanos(1)), None);
    let nothing = start(System::new("shop").entity::<Order>(), hour * 2);
    assert_eq!(nothing, Some(ConsumerFlaw::FollowsNothing("shop")));
}

/// P10: the same id with another content is told, and not applied.
#[tokio::test]
async fn p10_the_same_id_with_another_content_is_a_conflict() {
    let depot = Depot::new();
    let said = Shop::new().orders("o-1", 0).await.remove(0);
    depot.take(std::slice::from_ref(&said)).await;
    let other = Envelope { data: said.data.replace('1', "2"), ..said.clone() };
    depot.take(&[other]).await;
    assert_eq!(depot.parcel("o-1").await.unwrap().pieces, 1);
    let parked = depot.store.parked_deliveries(0, 10).await.unwrap();
    let errors: Vec<_> = parked.iter().map(|stored| &*stored.delivery.error).collect();
    assert_eq!(errors.len(), 2, "one for each transition that follows: {errors:?}");
    assert!(errors.iter().all(|error| error.starts_with("message_reused: ")), "{errors:?}");
    // The same id of another source is another message.
    let (depot, elsewhere) = (Depot::new(), Envelope { source: "/other/Order".to_owned(), ..said.clone() });
    depot.take(&[said, elsewhere]).await;
    let parked = depot.store.parked_deliveries(0, 10).await.unwrap();
    assert!(parked.iter().all(|stored| stored.delivery.error.starts_with("already_exists: ")), "{parked:?}");
}
