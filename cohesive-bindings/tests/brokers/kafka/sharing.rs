//! What members of a group are promised when partitions move.

use std::time::Duration;

use cohesive_bindings::broker::Publisher as _;
use cohesive_bindings::broker::kafka::{KafkaSubscriber, KafkaSubscription};

use super::cluster::{Cluster, id, message, next, subscription, take, within};

/// Keys that lie in different partitions of two.
const KEYS: [&str; 2] = ["21", "abc"];

fn member(cluster: &Cluster, hand_over: Duration) -> KafkaSubscriber {
    cluster.join(KafkaSubscription { hand_over, ..subscription("g") })
}

async fn publish(cluster: &Cluster, number: usize) {
    let publisher = cluster.publisher();
    for key in KEYS {
        within(publisher.publish(&message(key, number))).await.unwrap();
    }
}

// What is in hand of a partition that goes is accepted no more, and comes again to the other member.
pub(super) async fn what_was_in_hand_comes_again_where_the_partition_is() {
    let cluster = Cluster::start(2);
    publish(&cluster, 0).await;
    let first = member(&cluster, Duration::ZERO);
    let mut held = [next(&first).await, next(&first).await];
    held.sort_by_key(id);
    assert_eq!([id(&held[0]), id(&held[1])], ["21-0", "abc-0"]);
    let second = member(&cluster, Duration::ZERO);
    let moved = next(&second).await;
    assert!(moved.redelivered);
    for mut delivery in held {
        let gone = id(&delivery) == id(&moved);
        assert_eq!(delivery.acknowledge.extend().await.is_err(), gone);
        assert_eq!(within(delivery.acknowledge.accept()).await.is_err(), gone);
    }
    within(moved.acknowledge.accept()).await.unwrap();
    // Each has a partition now, and nothing comes twice.
    publish(&cluster, 1).await;
    let mut ids = [take(&first, 1).await.remove(0), take(&second, 1).await.remove(0)];
    ids.sort();
    assert_eq!(ids, ["21-1", "abc-1"]);
}

// What is finished within the time of the hand-over is accepted, and comes to nobody again.
pub(super) async fn a_partition_that_goes_waits_for_what_is_in_hand() {
    let cluster = Cluster::start(2);
    publish(&cluster, 0).await;
    let first = member(&cluster, Duration::from_secs(30));
    let held = [next(&first).await, next(&first).await];
    publish(&cluster, 1).await;
    let second = member(&cluster, Duration::ZERO);
    // The second member waits for its partition; when nothing is delivered to the first any more, it is about to go.
    let mut waiting = Box::pin(next(&second));
    assert!(tokio::time::timeout(Duration::from_secs(6), &mut waiting).await.is_err(), "it did not wait");
    for delivery in held {
        within(delivery.acknowledge.accept()).await.unwrap();
    }
    let moved = waiting.await;
    assert!(id(&moved).ends_with("-1"), "{} was accepted", id(&moved));
    within(moved.acknowledge.accept()).await.unwrap();
    assert!(take(&first, 1).await[0].ends_with("-1"));
}
