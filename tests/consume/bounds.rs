//! Many messages: in disorder, repeated, and faster than they can be applied.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use cohesive::consumer::{Consumer, ConsumerOptions};
use cohesive::envelope::Envelope;
use cohesive::node::{Node, NodeOptions};
use cohesive::port::Ports;
use cohesive::store::inbox::Inbox as _;
use cohesive::store::memory::MemoryStore;

use crate::broker::{Said, Scripted};
use crate::support::HeldStore;
use crate::{Depot, Shop, following};

/// F39: everything three times, keys in disorder within windows of 50 messages, repeats in any order: the state is that of
/// the messages in order.
#[tokio::test(start_paused = true)]
async fn f39_repeats_in_disorder_come_to_the_state_of_the_order() {
    const KEYS: u32 = 40;
    let (shop, depot) = (Shop::new(), Depot::new());
    let mut streams = Vec::new();
    for key in 0..KEYS {
        // Some change more often than others.
        streams.push(shop.orders(&format!("o-{key}"), 5 + key % 20).await.into_iter());
    }
    // As a broker would have them: of each key in order, the keys in turns.
    let mut said: Vec<Envelope> = Vec::new();
    loop {
        let before = said.len();
        said.extend(streams.iter_mut().filter_map(Iterator::next));
        if said.len() == before {
            break;
        }
    }
    let (mut state, mut deliveries) = (20_261_121_u64, 0);
    let mut before: &[Envelope] = &[];
    for window in said.chunks(50) {
        let mut fresh: Vec<&Envelope> = window.iter().collect();
        shuffle(&mut fresh, &mut state);
        // No broker here mixes up the messages of one key: each key's take their own places in order.
        let keys: Vec<&str> = fresh.iter().map(|envelope| &*envelope.partition_key).collect();
        let mut ordered: HashMap<&str, VecDeque<&Envelope>> = HashMap::new();
        for envelope in window {
            ordered.entry(&envelope.partition_key).or_default().push_back(envelope);
        }
        let fresh = keys.iter().filter_map(|key| ordered.get_mut(key)?.pop_front());
        // Repeats come in any order, also behind what was recorded later.
        let mut repeats: Vec<&Envelope> = before.iter().chain(window).collect();
        shuffle(&mut repeats, &mut state);
        let numbers: Vec<u64> =
            fresh.chain(repeats).map(|envelope| depot.broker.redeliver(envelope)).collect();
        deliveries += numbers.len();
        for number in numbers {
            assert_eq!(depot.broker.answer(number).await, Said::Accepted);
        }
        before = window;
    }
    deliveries += before.len();
    depot.take(before).await;
    for key in 0..KEYS {
        let (parcel, changes) = (depot.parcel(&format!("o-{key}")).await.unwrap(), 5 + key % 20);
        assert_eq!((parcel.pieces, parcel.repacked), (1 + changes, changes), "o-{key}");
    }
    let metrics = depot.consumer.metrics();
    println!(
        "{} messages, {deliveries} deliveries: {} applied, {} repeated, {} parked",
        said.len(),
        metrics.applied,
        metrics.repeated,
        metrics.parked
    );
    // Each placing is followed by two transitions.
    let each = said.len() as u64 + u64::from(KEYS);
    assert_eq!((metrics.applied, metrics.repeated, metrics.parked), (each, 2 * each, 0));
    assert_eq!(depot.store.inbox_stats().await.unwrap().attempts, 0);
}

/// A deterministic disorder.
fn shuffle(envelopes: &mut [&Envelope], state: &mut u64) {
    for place in (1..envelopes.len()).rev() {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        envelopes.swap(place, usize::try_from(*state >> 33).unwrap() % (place + 1));
    }
}

/// A consumer whose store is slow takes in as much as it may, and leaves the rest with the broker.
#[tokio::test(start_paused = true)]
async fn a_slow_consumer_holds_no_more_than_it_may() {
    const IN_HAND: usize = 32;
    let (shop, store, broker) = (Shop::new(), MemoryStore::new(), Scripted::new());
    let held = HeldStore::new(store.clone());
    let ports = Ports::system();
    let node = Node::start(following(), held.clone(), ports.clone(), NodeOptions::default());
    let options = ConsumerOptions { in_hand: IN_HAND, ..ConsumerOptions::default() };
    let consumer = Consumer::start(&node, Arc::new(store.clone()), broker.clone(), &ports, options).unwrap();
    let mut numbers = Vec::new();
    for key in 0..1000 {
        for envelope in shop.orders(&format!("o-{key}"), 1).await {
            numbers.push(broker.deliver(&envelope));
        }
    }
    // Nothing is committed for as long as anybody likes.
    tokio::time::sleep(Duration::from_mins(10)).await;
    let stuck = consumer.metrics();
    assert_eq!((stuck.received, stuck.in_hand), (IN_HAND as u64, IN_HAND as u64), "{stuck:?}");
    assert_eq!(broker.answers(), []);
    // One commit after the other, each a second after the last.
    let (mut most, mut waiting, mut most_taken) = (0, 0, 0);
    while broker.answers().len() < numbers.len() {
        held.permit(1);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let metrics = consumer.metrics();
        most = metrics.in_hand.max(most);
        waiting = node.waiting().max(waiting);
        most_taken = (metrics.received - broker.answers().len() as u64).max(most_taken);
    }
    println!(
        "{} messages: at most {most} in hand, {waiting} waiting for the node, {most_taken} taken and not answered",
        numbers.len()
    );
    assert!(most <= IN_HAND as u64 && most_taken <= IN_HAND as u64, "{most} {most_taken}");
    assert!(waiting <= IN_HAND, "{waiting}");
    for number in numbers {
        assert_eq!(broker.answer(number).await, Said::Accepted);
    }
    assert_eq!((consumer.metrics().applied, consumer.metrics().parked), (3000, 0));
}
