//! Several messages: in the order of their key, whatever the order in which they come.

use std::time::Duration;

use cohesive::envelope::Envelope;

use crate::broker::Said;
use crate::{Depot, Shop};

/// A117, F39: what comes too early waits for what was recorded before it.
#[tokio::test(start_paused = true)]
async fn f39_messages_of_one_key_that_come_in_disorder_are_applied_in_order() {
    let (shop, depot) = (Shop::new(), Depot::new());
    for seed in 0..20_u64 {
        let id = format!("o-{seed}");
        let mut said = shop.orders(&id, 9).await;
        shuffle(&mut said, seed);
        // Each comes three times.
        let numbers: Vec<u64> =
            said.iter().flat_map(|envelope| [(); 3].map(|()| depot.broker.deliver(envelope))).collect();
        for number in numbers {
            assert_eq!(depot.broker.answer(number).await, Said::Accepted, "seed {seed}");
        }
        let parcel = depot.parcel(&id).await.unwrap();
        assert_eq!((parcel.pieces, parcel.repacked), (10, 9), "seed {seed}");
    }
    assert_eq!(depot.consumer.metrics().parked, 0);
}

/// A deterministic disorder.
fn shuffle(envelopes: &mut [Envelope], seed: u64) {
    let mut state = seed;
    for place in (1..envelopes.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        envelopes.swap(place, usize::try_from(state >> 33).unwrap() % (place + 1));
    }
}

/// F8: a key that waits holds back itself and no other.
#[tokio::test(start_paused = true)]
async fn f8_a_key_that_waits_holds_back_nobody_else() {
    let (shop, depot) = (Shop::new(), Depot::new());
    let early = shop.orders("o-early", 1).await;
    let waiting = depot.broker.deliver(&early[1]);
    tokio::time::sleep(Duration::from_millis(1)).await;
    for number in 0..20 {
        depot.take(&shop.orders(&format!("o-{number}"), 1).await).await;
    }
    assert!(depot.broker.answers().iter().all(|(number, _)| *number != waiting));
    // What it waited for arrives, and it goes on at once.
    let before = tokio::time::Instant::now();
    depot.take(&early[..1]).await;
    assert_eq!(depot.broker.answer(waiting).await, Said::Accepted);
    assert!(before.elapsed() < Duration::from_millis(100), "{:?}", before.elapsed());
    assert_eq!(depot.parcel("o-early").await.unwrap().repacked, 1);
}

/// F8, R21: what happens under other keys does not use up the attempts of a message that waits.
#[tokio::test(start_paused = true)]
async fn a_busy_neighbour_does_not_shorten_a_wait() {
    let (shop, depot) = (Shop::new(), Depot::new());
    let early = shop.orders("o-early", 1).await;
    let waiting = depot.broker.deliver(&early[1]);
    let busy = shop.orders("o-busy", 200).await;
    let numbers: Vec<u64> = busy.iter().map(|envelope| depot.broker.deliver(envelope)).collect();
    for number in numbers {
        assert_eq!(depot.broker.answer(number).await, Said::Accepted);
    }
    assert_eq!((depot.consumer.metrics().parked, depot.consumer.metrics().early), (0, 1));
    depot.take(&early[..1]).await;
    assert_eq!(depot.broker.answer(waiting).await, Said::Accepted);
    assert_eq!(depot.parcel("o-early").await.unwrap().repacked, 1);
}
