//! What one receiver is promised.

use std::time::Duration;

use cohesive_bindings::broker::Publisher as _;
use cohesive_bindings::broker::Subscriber as _;
use cohesive_bindings::broker::kafka::KafkaSubscription;
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

use super::cluster::{Cluster, KIND, TOPIC, id, message, next, publish, subscription, take, within};

// A120: after a restart, everything from the first message on that was not accepted comes again.
pub(super) async fn only_what_has_no_hole_below_is_committed() {
    let cluster = Cluster::start(1);
    let publisher = cluster.publisher();
    for key in ["a", "b", "c"] {
        within(publisher.publish(&message(key, 0))).await.unwrap();
    }
    let subscriber = cluster.subscriber("g");
    let (first, second, third) = (next(&subscriber).await, next(&subscriber).await, next(&subscriber).await);
    assert_eq!([id(&first), id(&second), id(&third)], ["a-0", "b-0", "c-0"]);
    within(first.acknowledge.accept()).await.unwrap();
    within(third.acknowledge.accept()).await.unwrap();
    drop((second, subscriber));
    let subscriber = cluster.subscriber("g");
    let again = next(&subscriber).await;
    assert!(again.redelivered);
    assert_eq!(id(&again), "b-0");
    within(again.acknowledge.accept()).await.unwrap();
    assert_eq!(take(&subscriber, 1).await, ["c-0"]);
    within(subscriber.close()).await;
    within(publisher.publish(&message("d", 0))).await.unwrap();
    let subscriber = cluster.subscriber("g");
    assert_eq!(take(&subscriber, 1).await, ["d-0"], "the others were accepted");
    // Another group has a place of its own.
    let subscriber = cluster.subscriber("h");
    assert_eq!(take(&subscriber, 4).await, ["a-0", "b-0", "c-0", "d-0"]);
}

// A117, R21: those of the same key wait, those of other keys do not.
pub(super) async fn a_rejected_message_holds_back_its_key() {
    let cluster = Cluster::start(1);
    let publisher = cluster.publisher();
    for (key, number) in [("a", 0), ("a", 1), ("b", 0)] {
        within(publisher.publish(&message(key, number))).await.unwrap();
    }
    let subscriber = cluster.subscriber("g");
    let first = next(&subscriber).await;
    assert_eq!(id(&first), "a-0");
    let start = tokio::time::Instant::now();
    let wait = Duration::from_millis(300);
    within(first.acknowledge.reject(wait)).await.unwrap();
    assert_eq!(take(&subscriber, 1).await, ["b-0"]);
    let again = next(&subscriber).await;
    assert!(again.redelivered && start.elapsed() >= wait);
    assert_eq!(id(&again), "a-0");
    // Nobody answers: it comes again.
    drop(again);
    assert_eq!(take(&subscriber, 2).await, ["a-0", "a-1"]);
}

/// Writes a record as others do.
async fn write(cluster: &Cluster, key: Option<&str>, headers: &[(&str, &[u8])], body: Option<&str>) {
    let producer: FutureProducer =
        ClientConfig::new().set("bootstrap.servers", &cluster.servers).create().unwrap();
    let mut all = OwnedHeaders::new();
    for (key, value) in headers {
        all = all.insert(Header { key, value: Some(*value) });
    }
    let record = FutureRecord { key, payload: body, headers: Some(all), ..FutureRecord::to(TOPIC) };
    within(producer.send(record, Duration::from_secs(1))).await.unwrap();
}

pub(super) async fn both_modes_are_read_and_what_is_neither_is_handed_over_as_it_is() {
    let cluster = Cluster::start(1);
    let structured = message("a", 0).structured().unwrap();
    let json: &[u8] = b"application/cloudevents+json; charset=UTF-8";
    write(&cluster, Some("a"), &[("content-type", json)], Some(&structured)).await;
    let binary: [(&str, &[u8]); 5] = [
        ("ce_specversion", b"1.0"),
        ("ce_id", b"b-0"),
        ("ce_source", b"/other"),
        ("ce_type", KIND.as_bytes()),
        ("ce_time", b"2026-01-01T00:00:00Z"),
    ];
    write(&cluster, Some("the key"), &binary, Some("{}")).await;
    let mut other = binary;
    other[3].1 = b"parcelSent";
    write(&cluster, None, &other, Some("{}")).await;
    let mut broken = binary;
    broken[1].1 = b"\xff";
    write(&cluster, None, &broken, Some("{}")).await;
    write(&cluster, Some("tombstone"), &[], None).await;

    let subscriber = cluster.subscriber("g");
    let first = next(&subscriber).await;
    assert_eq!(first.message, Ok(message("a", 0)));
    assert_eq!(first.raw.body, structured.as_bytes());
    let second = next(&subscriber).await;
    assert_eq!(second.message.as_ref().unwrap().partition_key, "the key");
    for _ in 0..2 {
        let unreadable = next(&subscriber).await;
        assert!(unreadable.message.is_err(), "{:?}", unreadable.message);
        within(unreadable.acknowledge.accept()).await.unwrap();
    }
    within(first.acknowledge.accept()).await.unwrap();
    within(second.acknowledge.accept()).await.unwrap();
}

// A120: when Kafka does not take an offset, the acceptance says so, and the next one carries it along.
pub(super) async fn an_offset_that_is_refused_is_said_and_not_lost() {
    let cluster = Cluster::start(1);
    let publisher = cluster.publisher();
    for number in 0..2 {
        within(publisher.publish(&message("a", number))).await.unwrap();
    }
    let subscriber = cluster.subscriber("g");
    let first = next(&subscriber).await;
    cluster.fail(
        RDKafkaApiKey::OffsetCommit,
        vec![RDKafkaRespErr::RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED],
    );
    let refused = within(first.acknowledge.accept()).await.unwrap_err();
    println!("{refused}: {:?}", refused.source);
    assert_eq!(take(&subscriber, 1).await, ["a-1"]);
    within(subscriber.close()).await;
    within(publisher.publish(&message("a", 2))).await.unwrap();
    assert_eq!(take(&cluster.subscriber("g"), 1).await, ["a-2"]);
}

pub(super) async fn brokers_that_are_away_are_said_and_come_back() {
    let cluster = Cluster::start(1);
    let publisher = cluster.publisher();
    let subscriber = cluster.subscriber("g");
    within(publisher.publish(&message("a", 0))).await.unwrap();
    assert_eq!(take(&subscriber, 1).await, ["a-0"]);
    cluster.run(|mock| mock.broker_down(-1).unwrap());
    let failure = within(subscriber.receive()).await.map(|delivery| id(&delivery)).unwrap_err();
    println!("{failure}");
    cluster.run(|mock| mock.broker_up(-1).unwrap());
    publish(&publisher, &message("a", 1)).await;
    assert_eq!(take(&subscriber, 1).await, ["a-1"]);
}

// More than is read ahead: partitions are paused and resumed, and nothing is lost or comes twice.
pub(super) async fn more_than_fits_arrives_in_order_and_once() {
    let cluster = Cluster::start(2);
    let publisher = cluster.publisher();
    let keys: Vec<String> = (0..8).map(|key| format!("k{key}")).collect();
    let (keys, each) = (&keys, 60);
    let mut tasks = tokio::task::JoinSet::new();
    let publisher = std::sync::Arc::new(publisher);
    for key in keys.clone() {
        let publisher = std::sync::Arc::clone(&publisher);
        tasks.spawn(async move {
            for number in 0..each {
                let mut message = message(&key, number);
                message.data = format!("\"{}\"", "x".repeat(2000));
                publisher.publish(&message).await.unwrap();
            }
        });
    }
    within(async {
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
    })
    .await;
    let subscriber = cluster.join(KafkaSubscription { window: 5, buffer: 20_000, ..subscription("g") });
    let ids = take(&subscriber, keys.len() * each).await;
    for key in keys {
        let of_key: Vec<&String> = ids.iter().filter(|id| id.starts_with(&format!("{key}-"))).collect();
        let expected: Vec<String> = (0..each).map(|number| format!("{key}-{number}")).collect();
        assert_eq!(of_key, expected.iter().collect::<Vec<_>>());
    }
}

// A receiver that waits for room hears of it when Kafka has taken an offset.
pub(super) async fn a_full_window_opens_for_who_waits() {
    let cluster = Cluster::start(1);
    let publisher = cluster.publisher();
    for number in 0..20 {
        within(publisher.publish(&message("a", number))).await.unwrap();
    }
    let subscriber = cluster.join(KafkaSubscription { window: 1, ..subscription("g") });
    let mut accepting = tokio::task::JoinSet::new();
    for number in 0..20 {
        let delivery = next(&subscriber).await;
        assert_eq!(id(&delivery), format!("a-{number}"));
        accepting.spawn(async move {
            // The next call to receive comes first.
            tokio::task::yield_now().await;
            delivery.acknowledge.accept().await
        });
    }
    while let Some(accepted) = within(accepting.join_next()).await {
        accepted.unwrap().unwrap();
    }
}
