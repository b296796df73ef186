//! What the publisher promises.

use std::collections::BTreeMap;
use std::time::Duration;

use cohesive_bindings::broker::kafka::{KafkaOptions, KafkaPublisher};
use cohesive_bindings::broker::{ErrorClass, PublishError, Publisher as _};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Headers as _, Message as _};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tokio::task::JoinSet;

use super::cluster::{Cluster, PATIENCE, TOPIC, message, publish, within};

type Log = BTreeMap<i32, Vec<(String, String)>>;

/// What lies in the log of the topic, by partition: keys and ids.
fn log(cluster: &Cluster, partitions: i32) -> Log {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &cluster.servers)
        .set("group.id", "reader")
        .create()
        .unwrap();
    let mut log = Log::new();
    for partition in 0..partitions {
        let (_, end) = consumer.fetch_watermarks(TOPIC, partition, PATIENCE).unwrap();
        let mut assignment = TopicPartitionList::new();
        assignment.add_partition_offset(TOPIC, partition, Offset::Beginning).unwrap();
        consumer.assign(&assignment).unwrap();
        for _ in 0..end {
            // A poll ends without a message when it has done something else.
            let message = std::iter::repeat_with(|| consumer.poll(Duration::from_millis(50)));
            let message = message.take(1000).flatten().next().expect("a message is missing").unwrap();
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let headers = message.headers().unwrap();
            let id = headers.iter().find(|header| header.key == "ce_id").unwrap().value.unwrap();
            log.entry(partition).or_default().push((text(message.key().unwrap()), text(id)));
        }
    }
    log
}

/// The ids of a key's messages in the order of their first arrival.
///
/// The mock brokers check no sequence numbers, so what librdkafka sends again after a lost answer lies there twice.
/// Kafka would leave it out.
fn first_arrivals(log: &Log, key: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for (_, id) in log.values().flatten().filter(|(owner, _)| owner == key) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

fn ids(key: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{key}-{number}")).collect()
}

async fn publish_all(publisher: &KafkaPublisher, keys: &[&str], each: usize) -> Result<(), PublishError> {
    for number in 0..each {
        for key in keys {
            publisher.publish(&message(key, number)).await?;
        }
    }
    Ok(())
}

// R22: what librdkafka repeats by itself while brokers fail keeps its order, and nothing is lost.
pub(super) async fn failures_of_brokers_keep_the_order() {
    use RDKafkaRespErr::{
        RD_KAFKA_RESP_ERR__TRANSPORT as TRANSPORT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS as REPLICAS,
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION as LEADER, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT as TIMEOUT,
    };
    let cluster = Cluster::start(4);
    let publisher = cluster.publisher();
    let keys = ["a", "b", "c", "d", "e", "f"];
    within(publish_all(&publisher, &keys, 2)).await.unwrap();
    cluster.fail(RDKafkaApiKey::Produce, vec![LEADER, TIMEOUT, TRANSPORT, REPLICAS, TRANSPORT]);
    let mut tasks = JoinSet::new();
    let publisher = std::sync::Arc::new(publisher);
    for key in keys {
        let publisher = std::sync::Arc::clone(&publisher);
        tasks.spawn(async move {
            for number in 2..30 {
                publisher.publish(&message(key, number)).await.unwrap();
            }
        });
    }
    within(async {
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
    })
    .await;
    let log = log(&cluster, 4);
    for key in keys {
        assert_eq!(first_arrivals(&log, key), ids(key, 30));
    }
}

// The vectors of Kafka's own test of murmur2, and its rule: without the sign, modulo the partitions.
pub(super) async fn partitions_are_those_of_java_clients() {
    let hashes: [(&str, i32); 6] = [
        ("21", -973_932_308),
        ("foobar", -790_332_482),
        ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
        ("abc", 479_470_107),
    ];
    let cluster = Cluster::start(7);
    let publisher = cluster.publisher();
    for (key, _) in hashes {
        within(publisher.publish(&message(key, 0))).await.unwrap();
    }
    let log = log(&cluster, 7);
    for (key, hash) in hashes {
        let partition = (hash & 0x7fff_ffff) % 7;
        let there = log.get(&partition).is_some_and(|keys| keys.iter().any(|(owner, _)| owner == key));
        assert!(there, "{key} is not in {partition}: {log:?}");
    }
}

// R07, A121
pub(super) async fn nothing_is_published_without_brokers_and_it_goes_on_with_them() {
    let cluster = Cluster::start(1);
    let options = KafkaOptions { delivery_timeout: Duration::from_millis(400), ..cluster.options() };
    let publisher = KafkaPublisher::new(options).unwrap();
    publish(&publisher, &message("a", 0)).await;
    cluster.run(|mock| mock.broker_down(-1).unwrap());
    let failed = within(publisher.publish(&message("a", 1))).await.unwrap_err();
    assert_eq!(failed.class, ErrorClass::Transient, "{}", failed.chain());
    cluster.run(|mock| mock.broker_up(-1).unwrap());
    publish(&publisher, &message("a", 1)).await;
    assert_eq!(first_arrivals(&log(&cluster, 1), "a"), ["a-0", "a-1"]);
}

// F10, A121
pub(super) async fn what_is_wrong_with_a_message_is_refused_for_good() {
    let cluster = Cluster::start(1);
    let publisher = cluster.publisher();
    let mut large = message("a", 0);
    large.data = format!("\"{}\"", "x".repeat(publisher.max_message()));
    assert_eq!(publisher.publish(&large).await.unwrap_err().class, ErrorClass::Permanent);
    let mut keyless = message("a", 0);
    keyless.partition_key.clear();
    assert_eq!(publisher.publish(&keyless).await.unwrap_err().class, ErrorClass::Permanent);
    cluster.fail(RDKafkaApiKey::Produce, vec![RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE]);
    let refused = within(publisher.publish(&message("a", 0))).await.unwrap_err();
    assert_eq!(refused.class, ErrorClass::Permanent, "{}", refused.chain());
    cluster.fail(RDKafkaApiKey::Produce, vec![RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED]);
    let refused = within(publisher.publish(&message("a", 0))).await.unwrap_err();
    assert_eq!(refused.class, ErrorClass::Transient, "{}", refused.chain());
    publish(&publisher, &message("a", 1)).await;
    assert_eq!(first_arrivals(&log(&cluster, 1), "a"), ["a-1"]);
}

// rust-rdkafka#468: who waits for room in the queue is not overtaken.
pub(super) async fn a_full_queue_keeps_the_order() {
    let cluster = Cluster::start(1);
    cluster.run(|mock| mock.broker_round_trip_time(-1, Duration::from_millis(15)).unwrap());
    let full = [("queue.buffering.max.messages", "3"), ("linger.ms", "0")];
    let settings = full.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let publisher = KafkaPublisher::new(KafkaOptions { settings, ..cluster.options() }).unwrap();
    let messages: Vec<_> = (0..40).map(|number| message("a", number)).collect();
    let mut publishing: Vec<_> = messages.iter().map(|message| publisher.publish(message)).collect();
    // All are begun, in this order, before any has ended.
    let mut done = vec![false; publishing.len()];
    within(std::future::poll_fn(|context| {
        for (publishing, done) in publishing.iter_mut().zip(&mut done) {
            if !*done && let std::task::Poll::Ready(answer) = publishing.as_mut().poll(context) {
                answer.unwrap();
                *done = true;
            }
        }
        if done.iter().all(|done| *done) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    }))
    .await;
    assert_eq!(first_arrivals(&log(&cluster, 1), "a"), ids("a", 40));
}

// After a fatal error librdkafka's producer sends nothing more; another one takes its place.
pub(super) async fn a_producer_that_has_failed_for_good_is_replaced() {
    let cluster = Cluster::start(1);
    let denied = RDKafkaRespErr::RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
    cluster.fail(RDKafkaApiKey::InitProducerId, vec![denied]);
    let publisher = cluster.publisher();
    let failed = within(publisher.publish(&message("a", 0))).await.unwrap_err();
    assert_eq!(failed.class, ErrorClass::Transient, "{}", failed.chain());
    within(publisher.publish(&message("a", 0))).await.unwrap();
    assert_eq!(first_arrivals(&log(&cluster, 1), "a"), ["a-0"]);
}
