//! Waking, polling and bounds. The time is held, so spans are exact.

use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::relay::{Relay, RelayFlaw, RelayOptions, Wake};
use cohesive_bindings::store::memory::{Cut, Cuts, MemoryStore, Step};
use cohesive_bindings::store::outbox::{Outbox as _, Stream};

use super::harness::{
    Act, Broker, Gate, HeldClock, histories, message, options, put, start, start_with, until,
};

// B31, F34: a wake-up that is lost costs the wait for the next poll, and nothing else.
#[tokio::test(start_paused = true)]
async fn lost_wake_ups_cost_one_poll() {
    let poll = Duration::from_secs(1);
    for wakes in [true, false] {
        let store = MemoryStore::new().on_clock(HeldClock::new());
        let (broker, wake) = (Arc::new(Broker::default()), Wake::default());
        let options = RelayOptions { poll, ..options() };
        let _member =
            start_with(Arc::new(store.clone()), &broker, options, &wake, Gate::open(), |_, _| Act::Ack);
        let mut slowest = Duration::ZERO;
        for version in 0..20 {
            tokio::time::sleep(Duration::from_millis(333)).await;
            put(&store, &[message("t", version, 0)]).await;
            if wakes {
                wake.ring();
            }
            slowest = slowest.max(until("published", &store, |stats| stats.pending == 0).await);
        }
        println!("woken: {wakes}, slowest: {slowest:?}");
        let bound = if wakes { Duration::from_millis(10) } else { poll + Duration::from_millis(10) };
        assert!(slowest <= bound, "{slowest:?}");
        assert!(wakes || slowest > poll / 2, "{slowest:?}");
    }
}

/// Fails every settlement while it is told to.
struct NoSettlements(std::sync::atomic::AtomicBool);

impl Cuts for NoSettlements {
    fn reach(&self, step: Step) -> Cut {
        let failing = self.0.load(std::sync::atomic::Ordering::SeqCst);
        if failing && step == Step::BeforeSettle { Cut::Fail } else { Cut::Go }
    }
}

// R28: while nothing can be recorded, nothing more is claimed, and it is told.
#[tokio::test(start_paused = true)]
async fn nothing_is_claimed_while_nothing_can_be_recorded() {
    let cuts = Arc::new(NoSettlements(true.into()));
    let store = MemoryStore::with_cuts(cuts.clone()).on_clock(HeldClock::new());
    let broker = Arc::new(Broker::default());
    let messages = histories(300, 2);
    put(&store, &messages).await;
    let member = start(Arc::new(store.clone()), &broker, options(), |_, _| Act::Ack);
    tokio::time::sleep(Duration::from_mins(1)).await;
    let metrics = member.relay.metrics();
    assert!(metrics.store_failures > 100, "{metrics:?}");
    assert!(metrics.claimed > 0 && metrics.claimed <= options().window as u64, "{metrics:?}");
    assert_eq!((metrics.published, metrics.unsettled), (0, metrics.claimed));
    cuts.0.store(false, std::sync::atomic::Ordering::SeqCst);
    until("published", &store, |stats| stats.pending == 0).await;
    assert_eq!(broker.check(&messages), 0);
}

/// A slow broker: what is claimed stays within the window.
#[tokio::test(start_paused = true)]
async fn window_bounds_what_is_claimed() {
    let store = MemoryStore::new().on_clock(HeldClock::new());
    let broker = Arc::new(Broker::default());
    let messages = histories(200, 10);
    put(&store, &messages).await;
    let options = RelayOptions { window: 20, ..options() };
    let member = start(Arc::new(store.clone()), &broker, options, |_, _| Act::Slow(100));
    let mut most = 0;
    loop {
        let stats = store.outbox_stats(Stream::Events).await.unwrap();
        most = most.max(stats.claimed.iter().map(|(_, count)| count).sum());
        if stats.pending == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!((15..=20).contains(&most), "{most}");
    assert_eq!(member.relay.metrics().claimed, 2000);
    assert_eq!(broker.check(&messages), 0);
}

// F7
#[tokio::test]
async fn options_are_checked_at_the_start() {
    let short = RelayOptions { lease: options().publish_timeout * 2, ..options() };
    let ports = cohesive_bindings::port::Ports::system();
    let broker = Arc::new(cohesive_bindings::broker::InProcess::default());
    let refused = Relay::start(Arc::new(MemoryStore::new()), broker, &Wake::default(), &ports, short);
    assert!(matches!(refused.err(), Some(RelayFlaw::LeaseTooShort { .. })));
}
