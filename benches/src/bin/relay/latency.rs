//! How long it takes from the answer of a commit to the message at a consumer, at a fixed offered load.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cohesive::broker::Subscriber;
use cohesive::broker::nats::{NatsPublisher, NatsSubscriber, NatsSubscription};
use cohesive::node::{Node, NodeOptions, Request};
use cohesive::port::Ports;
use cohesive::relay::{Relay, RelayOptions};
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive_servers::Nats;
use tokio::task::JoinSet;

use crate::domain::{CounterId, OpenCounter, StepCounter};
use crate::throughput::system;

/// How many messages are offered in a second.
const RATE: usize = 1000;
/// How many entities they are about.
const ENTITIES: usize = 200;

type Times = Arc<Mutex<HashMap<String, Instant>>>;

pub async fn run(server: &Nats, path: &Path, seconds: usize) -> Result<(), Box<dyn Error>> {
    let store = Arc::new(SqliteStore::open(path, &system().structures(), SqliteOptions::default())?);
    let node = Node::start(system(), store.clone(), Ports::system(), NodeOptions::default());
    let options = crate::options(server, "LATENCY");
    let publisher = Arc::new(NatsPublisher::connect(options.clone()).await?);
    let subscription = NatsSubscription::new("latency", ["Counted"]);
    let subscriber = Arc::new(NatsSubscriber::connect(options, subscription).await?);
    let relay_options = RelayOptions { source: "/latency".to_owned(), ..RelayOptions::default() };
    let relay = Relay::start(store.clone(), publisher, node.wake(), &Ports::system(), relay_options)?;
    for entity in 0..ENTITIES {
        let id: CounterId = format!("c-{entity}").parse()?;
        let _ = node.create(OpenCounter { id }, Request::default()).await?;
    }
    let (committed, arrived): (Times, Times) = (Times::default(), Times::default());
    let (receiver, noted, total) = (Arc::clone(&subscriber), Arc::clone(&arrived), RATE * seconds);
    let receiving = tokio::spawn(async move {
        for _ in 0..total {
            let Ok(delivery) = receiver.receive().await else { return };
            let now = Instant::now();
            if let Ok(message) = &delivery.message {
                noted.lock().unwrap_or_else(PoisonError::into_inner).entry(message.id.clone()).or_insert(now);
            }
            // In a task of its own, as a consumer does: the next message does not wait for this one's answer.
            tokio::spawn(delivery.acknowledge.accept());
        }
    });
    let mut work = JoinSet::new();
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / RATE as u64));
    for number in 0..total {
        ticks.tick().await;
        let (node, committed) = (node.clone(), Arc::clone(&committed));
        let id: CounterId = format!("c-{}", number % ENTITIES).parse()?;
        work.spawn(async move {
            let outcome = node.update(&id, StepCounter { note: String::new() }, Request::default()).await;
            let now = Instant::now();
            let Ok(outcome) = outcome else { return };
            for (message, ..) in outcome.committed().iter().flat_map(|committed| committed.messages()) {
                let mut times = committed.lock().unwrap_or_else(PoisonError::into_inner);
                times.insert(message.to_string(), now);
            }
        });
    }
    while work.join_next().await.is_some() {}
    tokio::time::timeout(Duration::from_secs(60), receiving).await??;
    relay.stop().await;
    subscriber.close().await;
    node.shutdown().await;
    report(&committed, &arrived, total);
    Ok(())
}

fn report(committed: &Times, arrived: &Times, total: usize) {
    let committed = committed.lock().unwrap_or_else(PoisonError::into_inner);
    let arrived = arrived.lock().unwrap_or_else(PoisonError::into_inner);
    // A message may arrive before the caller has its answer.
    let mut waits: Vec<f64> = arrived
        .iter()
        .filter_map(|(id, at)| Some(at.saturating_duration_since(*committed.get(id)?).as_secs_f64() * 1000.0))
        .collect();
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
        let place = (waits.len() as f64 * share) as usize;
        waits.get(place.min(waits.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
    };
    println!(
        "commit to consumer at {RATE}/s: {} of {total} arrived, p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms",
        waits.len(),
        at(0.5),
        at(0.99),
        at(0.999)
    );
}
