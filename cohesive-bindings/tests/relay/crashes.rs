//! Crashes: nothing is lost, repeats are few, and what ends the process is found.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::store::memory::{CutAt, MemoryStore, Step};
use cohesive_bindings::store::outbox::{Outbox as _, Stream};

use super::harness::{Act, Broker, HeldClock, Member, histories, message, options, put, start, until};

/// Waits until the relay has published everything, or its store is down.
async fn work(store: &MemoryStore) {
    for _ in 0..120_000 {
        match store.outbox_stats(Stream::Events).await {
            Ok(stats) if stats.pending > 0 => tokio::time::sleep(Duration::from_millis(1)).await,
            _ => return,
        }
    }
    panic!("never published: {:?}", store.outbox_stats(Stream::Events).await);
}

// F6, B27, R25, CW3: the process dies before and after every call of the store, and another takes over.
#[tokio::test(start_paused = true)]
async fn crash_at_every_step_loses_nothing() {
    let mut seen = HashSet::new();
    let (mut crashes, mut all) = (0, 0);
    for nth in 0.. {
        let durable = MemoryStore::new().on_clock(HeldClock::new());
        let messages = histories(9, 4);
        put(&durable, &messages).await;
        let cuts = Arc::new(CutAt::crash(nth));
        let store = durable.recover_with(cuts.clone());
        let broker = Arc::new(Broker::default());
        let window = 16;
        let small = || cohesive_bindings::relay::RelayOptions { window, ..options() };
        let script = |_: &cohesive_bindings::envelope::Envelope, start: u32| match start {
            1 => Act::Fail,
            _ => Act::Slow(3),
        };
        let member = start(Arc::new(store.clone()), &broker, small(), script);
        work(&store).await;
        member.process.kill();
        let recovered = durable.recover();
        let other = start(Arc::new(recovered.clone()), &broker, small(), script);
        work(&recovered).await;
        other.process.kill();
        let repeats = broker.check(&messages);
        let Some(step) = cuts.reached() else {
            assert_eq!(repeats, 0);
            break;
        };
        seen.insert(step);
        crashes += 1;
        all += repeats;
        assert!(repeats <= window, "{step:?}: {repeats} repeats");
        assert_eq!(recovered.outbox_stats(Stream::Events).await.unwrap().parked, 0, "{step:?}");
    }
    println!("{crashes} crashes, 0 lost, {all} published twice");
    for step in [
        Step::BeforeLease,
        Step::AfterLease,
        Step::BeforeClaim,
        Step::AfterClaim,
        Step::BeforeSettle,
        Step::AfterSettle,
    ] {
        assert!(seen.contains(&step), "{step:?}");
    }
    assert!(all > 0, "a crash after an acknowledgement repeats it");
}

// R05, R28: a call that fails, or whose answer is lost, is not the end.
#[tokio::test(start_paused = true)]
async fn failure_at_every_step_is_overcome() {
    for nth in 0.. {
        let cuts = Arc::new(CutAt::fail(nth));
        let store = MemoryStore::with_cuts(cuts.clone()).on_clock(HeldClock::new());
        let durable = store.recover();
        let messages = histories(9, 4);
        put(&durable, &messages).await;
        let broker = Arc::new(Broker::default());
        let small = cohesive_bindings::relay::RelayOptions { window: 16, ..options() };
        let member = start(Arc::new(store.clone()), &broker, small, |_, start| match start {
            1 => Act::Fail,
            _ => Act::Slow(3),
        });
        work(&durable).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let repeats = broker.check(&messages);
        let metrics = member.relay.metrics();
        let Some(step) = cuts.reached() else {
            assert_eq!((repeats, metrics.store_failures), (0, 0));
            break;
        };
        assert_eq!(metrics.store_failures, 1, "{step:?}");
        assert!(repeats <= 16, "{step:?}: {repeats}");
        assert_eq!((metrics.lanes, metrics.parked), (64, 0), "{step:?}: {metrics:?}");
        member.process.kill();
    }
}

// F9, R29: a message that ends the process is begun as often as is allowed, and no neighbour suffers for it.
#[tokio::test(start_paused = true)]
async fn message_that_kills_is_parked_after_its_attempts() {
    let store = MemoryStore::new().on_clock(HeldClock::new());
    let broker = Arc::new(Broker::default());
    let mut messages = histories(20, 5);
    put(&store, &messages).await;
    let killer = message("t7", 2, 0);
    let id = killer.id.to_string();
    let attempts = options().attempts;
    let mut deaths = 0;
    loop {
        let id = id.clone();
        let script = move |message: &cohesive_bindings::envelope::Envelope, _| {
            if message.id == id { Act::Kill } else { Act::Slow(2) }
        };
        let member: Member = start(Arc::new(store.clone()), &broker, options(), script);
        let (mut parked, began) = (false, tokio::time::Instant::now());
        while !member.process.is_dead() && !parked {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let stats = store.outbox_stats(Stream::Events).await.unwrap();
            parked = stats.parked == 1 && stats.pending == 3;
            assert!(began.elapsed() < Duration::from_mins(1), "neither parked nor dead: {stats:?}");
        }
        member.process.kill();
        if parked {
            break;
        }
        deaths += 1;
        assert!(deaths <= attempts, "begun more often than allowed");
    }
    assert_eq!((deaths, broker.starts(&killer.id)), (attempts, attempts));
    let parked = store.parked_messages(Stream::Events, 9).await.unwrap();
    assert_eq!(parked.iter().map(|message| message.id).collect::<Vec<_>>(), [killer.id]);
    assert_eq!(parked[0].error, "5 attempts ended without an answer");
    messages.retain(|message| message.entity_id != "t7" || message.version <= killer.version);
    let repeats = broker.check(&messages);
    println!("{deaths} deaths, {repeats} published twice");
    assert!(repeats <= options().window * deaths as usize);
}

// F40: a relay that stops finishes what is in flight and leaves nothing claimed.
#[tokio::test(start_paused = true)]
async fn stop_finishes_what_is_in_flight() {
    for millis in [0, 1, 3, 10, 50, 120] {
        let store = MemoryStore::new().on_clock(HeldClock::new());
        let broker = Arc::new(Broker::default());
        let messages = histories(30, 10);
        put(&store, &messages).await;
        let member = start(Arc::new(store.clone()), &broker, options(), |_, _| Act::Slow(20));
        tokio::time::sleep(Duration::from_millis(millis)).await;
        member.relay.stop().await;
        member.relay.stop().await;
        let stats = store.outbox_stats(Stream::Events).await.unwrap();
        assert_eq!((stats.claimed.len(), member.relay.metrics().in_flight), (0, 0), "{stats:?}");
        let published = 300 - usize::try_from(stats.pending).unwrap();
        assert_eq!(broker.len(), published, "what arrived is recorded, and nothing else");
        let other = start(Arc::new(store.clone()), &broker, options(), |_, _| Act::Slow(20));
        let taken =
            until("taken over", &store, |stats| !stats.claimed.is_empty() || stats.pending == 0).await;
        assert!(taken < Duration::from_secs(1), "{taken:?}");
        until("published", &store, |stats| stats.pending == 0).await;
        assert_eq!(broker.check(&messages), 0);
        assert_eq!(other.relay.metrics().lanes, 64);
    }
}

// F40: after a kill, the lanes are free when the lease is over.
#[tokio::test(start_paused = true)]
async fn kill_delays_no_longer_than_the_lease() {
    let store = MemoryStore::new().on_clock(HeldClock::new());
    let broker = Arc::new(Broker::default());
    let member = start(Arc::new(store.clone()), &broker, options(), |_, _| Act::Hang);
    let other = start(Arc::new(store.clone()), &broker, options(), |_, _| Act::Ack);
    put(&store, &histories(30, 2)).await;
    until("claimed", &store, |stats| !stats.claimed.is_empty()).await;
    member.process.kill();
    let taken = until("published", &store, |stats| stats.pending == 0).await;
    assert!(taken < options().lease + Duration::from_secs(1), "{taken:?}");
    assert!(broker.check(&histories(30, 2)) <= options().window);
    assert_eq!(other.relay.metrics().lanes, 64);
}
