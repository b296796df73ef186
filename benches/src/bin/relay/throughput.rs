//! How many messages a second are published and acknowledged.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cohesive::broker::Publisher;
use cohesive::broker::nats::NatsPublisher;
use cohesive::envelope::Envelope;
use cohesive::node::{Node, NodeOptions, Request, System};
use cohesive::port::Ports;
use cohesive::relay::{Relay, RelayOptions, Wake};
use cohesive::store::OutboxQuery;
use cohesive::store::outbox::{Outbox, Stream};
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive_servers::Nats;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::domain::{Counter, CounterId, OpenCounter, StepCounter};

/// How many entities the messages are about.
const ENTITIES: usize = 1000;
/// How many messages are under way at the most, on both sides.
const WINDOW: usize = 1024;

pub fn system() -> System {
    System::new("counting").entity::<Counter>()
}

/// A store whose outbox holds this many messages.
pub async fn filled(path: &Path, messages: usize) -> Result<Arc<SqliteStore>, Box<dyn Error>> {
    let store = SqliteStore::open(path, &system().structures(), SqliteOptions::default())?;
    let store = Arc::new(store);
    let node = Node::start(system(), store.clone(), Ports::system(), NodeOptions::default());
    let mut work = JoinSet::new();
    for entity in 0..ENTITIES {
        let node = node.clone();
        work.spawn(async move {
            let id: CounterId = format!("c-{entity}").parse().map_err(|flaw| format!("{flaw}"))?;
            let failed = |failure| format!("{failure}");
            let _ = node.create(OpenCounter { id: id.clone() }, Request::default()).await.map_err(failed)?;
            for _ in 0..messages / ENTITIES {
                let step = StepCounter { note: "x".repeat(100) };
                let _ = node.update(&id, step, Request::default()).await.map_err(failed)?;
            }
            Ok::<_, String>(())
        });
    }
    while let Some(done) = work.join_next().await {
        done??;
    }
    // The node closes its store when it ends, so it is left as it is: nothing asks it for anything any more.
    std::mem::forget(node);
    Ok(store)
}

/// The same envelopes through the same client, as many under way, and nothing else.
pub async fn by_hand(
    server: &Nats,
    round: usize,
    store: &SqliteStore,
    messages: usize,
) -> Result<f64, Box<dyn Error>> {
    use cohesive::store::Store as _;
    let mut envelopes = Vec::with_capacity(messages);
    for entity in 0..ENTITIES {
        let query =
            OutboxQuery { entity: "Counter", entity_id: format!("c-{entity}"), after: None, limit: messages };
        envelopes.extend(store.outbox(query).await?.iter().map(|message| Envelope::of(message, "/by-hand")));
    }
    let publisher = Arc::new(NatsPublisher::connect(crate::options(server, &format!("HAND{round}"))).await?);
    let window = Arc::new(Semaphore::new(WINDOW));
    let started = Instant::now();
    let mut work = JoinSet::new();
    let count = envelopes.len();
    for envelope in envelopes {
        let place = Arc::clone(&window).acquire_owned().await?;
        let publisher = Arc::clone(&publisher);
        work.spawn(async move {
            let done = publisher.publish(&envelope).await;
            drop(place);
            done
        });
    }
    while let Some(done) = work.join_next().await {
        done??;
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

/// The outbox through the relay, until it is empty.
pub async fn relayed(
    server: &Nats,
    round: usize,
    store: &Arc<SqliteStore>,
    messages: usize,
) -> Result<f64, Box<dyn Error>> {
    let publisher = Arc::new(NatsPublisher::connect(crate::options(server, &format!("RELAY{round}"))).await?);
    let options = RelayOptions { source: "/relayed".to_owned(), window: WINDOW, ..RelayOptions::default() };
    let pending = store.outbox_stats(Stream::Events).await?.pending;
    assert_eq!(pending, (messages / ENTITIES * ENTITIES) as u64);
    let started = Instant::now();
    let relay = Relay::start(store.clone(), publisher, &Wake::default(), &Ports::system(), options)?;
    while relay.metrics().published < pending {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let figure = pending as f64 / started.elapsed().as_secs_f64();
    relay.stop().await;
    assert_eq!(store.outbox_stats(Stream::Events).await?.pending, 0);
    Ok(figure)
}
