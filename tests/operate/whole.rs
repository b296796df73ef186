//! Everything that runs in one process, watched together: node, relay, effects, consumer.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use cohesive::broker::{Delivery, InProcess, SubscribeError, Subscriber};
use cohesive::consumer::{Consumer, ConsumerOptions};
use cohesive::effects::{EffectOptions, EffectRunner, Effects};
use cohesive::node::Request;
use cohesive::operate::{Health, HealthOptions, Metrics};
use cohesive::port::Ports;
use cohesive::prelude::*;
use cohesive::relay::{Relay, RelayOptions};
use cohesive::store::BoxFuture;
use cohesive::store::memory::MemoryStore;

use crate::exposition::{Exposition, promtool};
use crate::support::domain::{Emit990Accept, Tender};
use crate::support::{accept, freight, id, node, offer};

struct Gateway;

impl Handle<Emit990Accept> for Gateway {
    async fn handle(&self, request: Emit990Accept, _: &EffectCall) -> Result<Nothing, EffectFailure> {
        let refused = request.tender_id == id("T-2");
        if refused { Err(EffectFailure::permanent("unknown partner")) } else { Ok(Nothing) }
    }
}

/// From a commit to the shipment that follows it, and to the effect that it asks for: all of it is counted.
#[tokio::test]
async fn what_goes_in_and_out_is_counted_where_it_goes() {
    let store = Arc::new(MemoryStore::new());
    let (node, broker, ports) = (node(store.clone()), InProcess::default(), Ports::system());
    let subscription = Arc::new(broker.subscribe(&freight().followed(), NonZeroUsize::MIN));
    let relay =
        Relay::start(store.clone(), Arc::new(broker), node.wake(), &ports, RelayOptions::default()).unwrap();
    let effects = Effects::new().of::<Tender, _>(&Arc::new(Gateway));
    let effects =
        EffectRunner::start(&node, store.clone(), &effects, &ports, &EffectOptions::default()).unwrap();
    let consumer =
        Consumer::start(&node, store.clone(), subscription, &ports, ConsumerOptions::default()).unwrap();
    // Nothing is kept of an answer that could have changed meanwhile.
    let health = Health::new(HealthOptions { keep: Duration::ZERO, ..HealthOptions::default() });
    let metrics = Metrics::default();
    health.node(&node);
    health.relay("relay", &relay);
    health.effects("effects", &effects);
    health.consumer("consumer", &consumer);
    metrics.node(&node);
    metrics.outbox(store.clone());
    metrics.inbox(store);
    metrics.relay("main", &relay);
    metrics.effects("main", &effects);
    metrics.consumer("main", &consumer);
    for name in ["T-1", "T-2"] {
        let _ = node.create(offer(name), Request::default()).await.unwrap();
        let accepted = node.update(&id(name), accept("P-1"), Request::default()).await.unwrap();
        assert!(accepted.committed().is_some());
    }
    let counted = async {
        loop {
            let told = Exposition::read(&metrics.text().await).unwrap();
            let done = [
                told.get("cohesive_effects_performed_requests_total", &[("effects", "main")]),
                told.get("cohesive_effects_parked_requests_total", &[("effects", "main")]),
                told.get("cohesive_consumer_applied_messages_total", &[("consumer", "main")]),
            ];
            if done == [1.0, 1.0, 2.0] {
                return told;
            }
            tokio::task::yield_now().await;
        }
    };
    let told = tokio::time::timeout(Duration::from_mins(1), counted).await.expect("waited in vain");
    let refused = [("effects", "main"), ("class", "permanent")];
    assert_eq!(told.get("cohesive_effects_failures_total", &refused), 1.0);
    let booked = [("entity", "Shipment"), ("transition", "book"), ("outcome", "committed")];
    assert_eq!(told.get("cohesive_node_inputs_total", &booked), 2.0);
    let consumer_told = |name: &str| told.get(&format!("cohesive_consumer_{name}"), &[("consumer", "main")]);
    assert_eq!(consumer_told("received_messages_total"), 2.0);
    let nothing =
        ["repeated_messages_total", "parked_messages_total", "returned_messages_total", "failures_total"];
    assert_eq!(nothing.map(consumer_told), [0.0; 4]);
    promtool(&metrics.text().await);
    assert!(health.alive().await.is_well() && health.ready().await.is_well());
    let names: Vec<_> = health.ready().await.checks.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["store", "relay", "effects", "consumer"]);
    consumer.stop().await;
    effects.stop().await;
    relay.stop().await;
    node.shutdown().await;
    let ended: Vec<_> =
        health.alive().await.checks.into_iter().map(|(name, found)| (name, found.is_err())).collect();
    let expected = ["node", "relay", "effects", "consumer"].map(|name| (name.to_owned(), true));
    assert_eq!(ended, expected);
    let told = Exposition::read(&metrics.text().await).unwrap();
    for (name, label) in [("relay", "relay"), ("effects", "effects"), ("consumer", "consumer")] {
        assert_eq!(told.get(&format!("cohesive_{name}_up"), &[(label, "main")]), 0.0);
    }
}

/// A broker that is away.
struct Away;

impl Subscriber for Away {
    fn name(&self) -> &'static str {
        "away"
    }

    fn redelivery_horizon(&self) -> Option<Duration> {
        None
    }

    fn receive(&self) -> BoxFuture<'_, Result<Delivery, SubscribeError>> {
        Box::pin(async { Err(SubscribeError::new("nobody is there")) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

#[tokio::test(start_paused = true)]
async fn a126_a_consumer_that_receives_nothing_but_failures_is_not_ready() {
    let store = Arc::new(MemoryStore::new());
    let node = node(store.clone());
    let options = ConsumerOptions::default();
    let consumer = Consumer::start(&node, store, Arc::new(Away), &Ports::system(), options).unwrap();
    let health = Health::default();
    health.consumer("consumer", &consumer);
    assert!(health.ready().await.is_well());
    let mut seconds = 0;
    while health.ready().await.is_well() {
        tokio::time::sleep(Duration::from_secs(5)).await;
        seconds += 5;
        assert!(seconds <= 60, "it is noticed");
    }
    assert!(seconds >= 30, "and not at the first failure");
    assert!(health.alive().await.is_well());
    consumer.stop().await;
    node.shutdown().await;
}
