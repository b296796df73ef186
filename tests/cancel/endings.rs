//! What stops a relay, a consumer, the performers of effects and a node, dropped at every poll.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use cohesive::broker::InProcess;
use cohesive::consumer::{Consumer, ConsumerOptions};
use cohesive::effects::{EffectOptions, EffectRunner, Effects};
use cohesive::node::{Node, NodeOptions};
use cohesive::port::Ports;
use cohesive::prelude::*;
use cohesive::relay::{Relay, RelayOptions};
use cohesive::store::Store as _;
use cohesive::store::memory::MemoryStore;
use cohesive::store::outbox::{Outbox as _, Stream};

use crate::cut;
use crate::support::domain::{Emit990Accept, Shipment, Tender};
use crate::support::{accept, freight, id, keyed, offer};

struct Gateway;

impl Handle<Emit990Accept> for Gateway {
    async fn handle(&self, _: Emit990Accept, _: &EffectCall) -> Result<Nothing, EffectFailure> {
        Ok(Nothing)
    }
}

/// Everything that runs on a store.
struct Running {
    node: Node,
    relay: Relay,
    effects: EffectRunner,
    consumer: Consumer,
}

fn start(store: &Arc<MemoryStore>) -> Running {
    let (ports, broker) = (Ports::system(), InProcess::default());
    let options = NodeOptions::default();
    let node = Node::start(freight(), store.clone(), ports.clone(), options);
    let subscriber = Arc::new(broker.subscribe(&["TenderAccepted"], NonZeroUsize::MIN));
    let options = RelayOptions { poll: Duration::from_millis(5), ..RelayOptions::default() };
    let relay = Relay::start(store.clone(), Arc::new(broker), node.wake(), &ports, options).unwrap();
    let handlers = Effects::new().of::<Tender, _>(&Arc::new(Gateway));
    let options = EffectOptions { poll: Duration::from_millis(5), ..EffectOptions::default() };
    let effects = EffectRunner::start(&node, store.clone(), &handlers, &ports, &options).unwrap();
    let options = ConsumerOptions::default();
    let consumer = Consumer::start(&node, store.clone(), subscriber, &ports, options).unwrap();
    Running { node, relay, effects, consumer }
}

/// One life: something is under way, each stop is dropped after so many polls, and asked again. Whether none was dropped.
async fn live(durable: &MemoryStore, name: &str, polls: usize, linger: u64) -> (bool, usize) {
    // A node that ends closes its store.
    let store = Arc::new(durable.recover());
    let Running { node, relay, effects, consumer } = start(&store);
    node.create(offer(name), keyed(name)).await.unwrap().committed().unwrap();
    node.update(&id(name), accept("P-7"), keyed(name)).await.unwrap().committed().unwrap();
    let done = [
        cut(consumer.stop(), polls, linger).await,
        cut(effects.stop(), polls, linger).await,
        cut(relay.stop(), polls, linger).await,
    ];
    // Asked again, each ends: what was begun is finished, and nothing is held.
    consumer.stop().await;
    effects.stop().await;
    relay.stop().await;
    for stream in Stream::ALL {
        let stats = store.outbox_stats(stream).await.unwrap();
        assert_eq!((stats.claimed, stats.parked), (vec![], 0), "{name}, {stream:?}");
    }
    let ended = cut(node.shutdown(), polls, linger).await;
    node.shutdown().await;
    assert!(node.create(offer("T-late"), keyed("late")).await.is_err(), "it has stopped");
    let dropped = done.iter().chain([&ended]).filter(|done| !**done).count();
    (dropped == 0, dropped)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f40_dropped_stops_stop_or_can_be_asked_again() {
    let durable = MemoryStore::new();
    let (mut dropped, mut lives) = (0, 0_u64);
    while dropped < crate::cancellations() / 5 {
        for polls in 0.. {
            lives += 1;
            let (all, some) = live(&durable, &format!("T-{lives}"), polls, lives * 5 % crate::LINGER).await;
            dropped += some;
            if all {
                break;
            }
        }
    }
    // Whoever comes last finishes what was left.
    let store = Arc::new(durable.recover());
    let running = start(&store);
    let owed = async || {
        let events = store.outbox_stats(Stream::Events).await.unwrap().pending;
        events + store.outbox_stats(Stream::Requests).await.unwrap().pending
    };
    while owed().await > 0 {
        tokio::task::yield_now().await;
    }
    let query = cohesive::store::ListQuery {
        structure: <Shipment as cohesive::kernel::Structure>::STRUCTURE,
        filters: Vec::new(),
        after: None,
        limit: usize::MAX,
    };
    let shipments = u64::try_from(store.list(query).await.unwrap().len()).unwrap();
    assert_eq!(shipments, lives, "each accepted tender has its shipment");
    println!("{dropped} stops dropped in {lives} lives, {shipments} shipments, 0 lost");
    running.consumer.stop().await;
    running.effects.stop().await;
    running.relay.stop().await;
    running.node.shutdown().await;
}
