//! Several relays on one store: each message once, each entity in order, whoever stands still meanwhile.

use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::store::memory::MemoryStore;
use cohesive_bindings::store::outbox::{Outbox as _, Stream};

use super::harness::{
    Act, Broker, Gate, Gated, HeldClock, histories, options, put, seed, start, start_with, until,
};

/// A number that follows from the seed and a text.
fn roll(seed: u64, text: &str, start: u32) -> u64 {
    text.bytes().fold(seed.wrapping_add(u64::from(start)), |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    })
}

// B23, B24, A117, R22, F5
#[tokio::test(start_paused = true)]
async fn relays_publish_every_message_once_and_in_order() {
    let store = MemoryStore::new().on_clock(HeldClock::new());
    let broker = Arc::new(Broker::default());
    let seed = seed();
    let script = move |message: &cohesive_bindings::envelope::Envelope, start: u32| {
        let roll = roll(seed, &message.id, start);
        if start < 4 && roll.is_multiple_of(11) { Act::Fail } else { Act::Slow(roll % 13) }
    };
    let members: Vec<_> =
        (0..3).map(|_| start(Arc::new(store.clone()), &broker, options(), script)).collect();
    let messages = histories(40, 25);
    for chunk in messages.chunks(100) {
        put(&store, chunk).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    until("published", &store, |stats| stats.pending == 0).await;
    assert_eq!(broker.check(&messages), 0, "nothing failed, so nothing is repeated");
    let lanes: Vec<u64> = members.iter().map(|member| member.relay.metrics().lanes).collect();
    assert!(
        lanes.iter().all(|lanes| (20..=22).contains(lanes)) && lanes.iter().sum::<u64>() == 64,
        "{lanes:?}"
    );
    let published: Vec<u64> = members.iter().map(|member| member.relay.metrics().published).collect();
    assert_eq!(published.iter().sum::<u64>(), 1000, "{published:?}");
    // How many each had to do depends on which entities lie in its lanes and on who was scheduled when.
    assert!(published.iter().all(|count| *count > 0), "{published:?}");
    for member in &members {
        let metrics = member.relay.metrics();
        assert_eq!((metrics.fenced, metrics.parked, metrics.store_failures), (0, 0, 0), "{metrics:?}");
    }
}

// F7: SIGSTOP of a relay for half to three leases, and a clock that is set by an hour meanwhile.
#[tokio::test(start_paused = true)]
async fn stale_marks_of_a_paused_relay_are_fenced() {
    for (halves, jump) in [(1, 0), (3, 0), (6, 0), (1, 3600), (3, -3600), (6, 3600), (6, -3600)] {
        let clock = HeldClock::new();
        let store = MemoryStore::new().on_clock(clock.clone());
        let broker = Arc::new(Broker::default());
        let gate = Gate::open();
        let gated = Arc::new(Gated(Arc::new(store.clone()), gate.clone()));
        let wake = cohesive_bindings::relay::Wake::default();
        let paused = start_with(gated, &broker, options(), &wake, gate, |_, _| Act::Slow(5));
        let messages = histories(30, 10);
        put(&store, &messages).await;
        wake.ring();
        until("begun", &store, |stats| stats.pending < 280).await;
        paused.gate.set(false);
        clock.jump(jump);
        let other = start(Arc::new(store.clone()), &broker, options(), |_, _| Act::Slow(5));
        tokio::time::sleep(options().lease / 2 * halves).await;
        let taken_over = store.outbox_stats(Stream::Events).await.unwrap().pending == 0;
        paused.gate.set(true);
        until("published", &store, |stats| stats.pending == 0).await;
        tokio::time::sleep(options().lease).await;
        let repeats = broker.check(&messages);
        let metrics = paused.relay.metrics();
        let fenced = metrics.fenced;
        println!(
            "{halves} half leases, {jump} s: {repeats} repeats, {fenced} fenced, taken over: {taken_over}"
        );
        // One message of an entity was under way; nothing is begun under a lease that is over.
        assert!(repeats <= 30, "{repeats}");
        assert_eq!(taken_over, halves > 2 || jump != 0, "{halves} {jump}");
        // What was in flight when the relay stood still was acknowledged to it, and marked by nobody but the other.
        assert_eq!(fenced > 0, taken_over, "{metrics:?}");
        assert_eq!(metrics.published + other.relay.metrics().published, 300);
        assert_eq!(metrics.lanes + other.relay.metrics().lanes, 64);
        paused.process.kill();
        other.process.kill();
    }
}

// F1: a message that becomes visible after later positions were published.
#[tokio::test(start_paused = true)]
async fn late_positions_are_published() {
    let store = MemoryStore::new().on_clock(HeldClock::new());
    let broker = Arc::new(Broker::default());
    let _member = start(Arc::new(store.clone()), &broker, options(), |_, _| Act::Ack);
    let messages = histories(20, 30);
    let (late, early): (Vec<_>, Vec<_>) =
        messages.iter().cloned().partition(|message| message.entity_id.ends_with('7'));
    for message in &late {
        store.allot_position(message.id);
    }
    put(&store, &early).await;
    until("published", &store, |stats| stats.pending == 0).await;
    for message in &late {
        put(&store, std::slice::from_ref(message)).await;
        tokio::time::sleep(Duration::from_millis(7)).await;
    }
    until("published", &store, |stats| stats.pending == 0).await;
    assert_eq!(broker.check(&messages), 0);
}
