//! A publisher whose connection is cut after any byte, and frozen.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::broker::{ErrorClass, Publisher, Subscriber};
use cohesive_servers::Proxy;

use crate::{PATIENCE, message};

/// Publishes over a connection that is cut again and again, without sending anything twice; everything that was
/// acknowledged has to arrive. Then nothing passes at all for a while.
pub(crate) async fn cut(proxy: &Proxy, publisher: Arc<dyn Publisher>, subscriber: Arc<dyn Subscriber>) {
    let seed: u64 = std::env::var("COHESIVE_SEED").map_or(17, |seed| seed.parse().unwrap());
    println!("COHESIVE_SEED={seed}");
    let (mut state, mut acknowledged, mut failed, mut number) = (seed, BTreeSet::new(), 0, 0);
    while failed < 20 || acknowledged.len() < 200 {
        if proxy.is_whole() && number % 10 == 0 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            proxy.cut_after((state >> 33) as u32 % 6000);
        }
        let sent = message(&format!("k{}", number % 7), number);
        match publisher.publish(&sent).await {
            Ok(()) => drop(acknowledged.insert(sent.id)),
            Err(error) => {
                assert_eq!(error.class, ErrorClass::Transient, "{}", error.chain());
                failed += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        number += 1;
    }
    println!("sent {number}, acknowledged {}, failed {failed}, seed {seed}", acknowledged.len());
    while !acknowledged.is_empty() {
        let delivery = tokio::time::timeout(PATIENCE, subscriber.receive()).await.unwrap().unwrap();
        acknowledged.remove(&delivery.message.unwrap().id);
        delivery.acknowledge.accept().await.unwrap();
    }
    proxy.cut_after(u32::MAX);
    proxy.freeze(true);
    let silent = publisher.publish(&message("silent", 0)).await;
    assert_eq!(silent.map_err(|error| error.class), Err(ErrorClass::Transient));
    proxy.freeze(false);
    let back = async {
        while publisher.publish(&message("back", 0)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, back).await.unwrap();
}
