//! Effects: performed at least once with one key, bounded, and answered through transitions, once.

mod domain;
#[cfg(feature = "effects-http")]
mod http;
#[cfg(feature = "effects-http")]
mod peer;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cohesive::effects::{EffectFlaw, EffectOptions, EffectRunner, Effects};
use cohesive::node::{Node, NodeOptions, Request, System};
use cohesive::port::{Clock, Ports};
use cohesive::prelude::*;
use cohesive::store::memory::MemoryStore;
use cohesive::store::outbox::{Outbox as _, Stream};
use domain::{Charge, NoteOrder, Order, OrderId, OrderStatus, PlaceOrder, Slip, Wrap, WrapOrder};

/// What the bank does next.
enum Next {
    Answer(u32),
    Fail(EffectFailure),
    Silence,
}

/// A bank that does as it is told, and remembers who asked.
#[derive(Default)]
struct Bank {
    next: Mutex<VecDeque<Next>>,
    calls: Mutex<Vec<EffectCall>>,
}

impl Bank {
    fn doing(next: impl IntoIterator<Item = Next>) -> Arc<Self> {
        Arc::new(Self { next: Mutex::new(next.into_iter().collect()), calls: Mutex::default() })
    }

    fn calls(&self) -> Vec<EffectCall> {
        self.calls.lock().unwrap().clone()
    }
}

impl Handle<Charge> for Bank {
    async fn handle(&self, request: Charge, call: &EffectCall) -> Result<Slip, EffectFailure> {
        self.calls.lock().unwrap().push(call.clone());
        let next = self.next.lock().unwrap().pop_front();
        match next {
            Some(Next::Fail(failure)) => Err(failure),
            Some(Next::Silence) => std::future::pending().await,
            Some(Next::Answer(number)) => Ok(Slip { number, charged: request.amount }),
            None => Ok(Slip { number: 1, charged: request.amount }),
        }
    }
}

impl Handle<Wrap> for Bank {
    async fn handle(&self, _: Wrap, call: &EffectCall) -> Result<Nothing, EffectFailure> {
        self.calls.lock().unwrap().push(call.clone());
        match self.next.lock().unwrap().pop_front() {
            Some(Next::Fail(failure)) => Err(failure),
            _ => Ok(Nothing),
        }
    }
}

struct Shop {
    node: Node,
    store: MemoryStore,
    bank: Arc<Bank>,
    runner: EffectRunner,
}

fn system() -> System {
    System::new("shop").entity::<Order>()
}

impl Shop {
    fn with(next: impl IntoIterator<Item = Next>) -> Self {
        Self::on(MemoryStore::new(), Bank::doing(next))
    }

    fn on(store: MemoryStore, bank: Arc<Bank>) -> Self {
        let ports = Ports::system();
        let node = Node::start(system(), Arc::new(store.clone()), ports.clone(), NodeOptions::default());
        let effects = Effects::new().of::<Order, _>(&bank);
        let options = EffectOptions::default();
        let runner = EffectRunner::start(&node, Arc::new(store.clone()), &effects, &ports, &options).unwrap();
        Self { node, store, bank, runner }
    }

    async fn place(&self, id: &str) {
        let input = PlaceOrder { id: id.parse().unwrap(), amount: "9.50".parse().unwrap() };
        let correlation = Some(format!("load-{id}").parse().unwrap());
        let request = Request { correlation, ..Request::default() };
        self.node.create(input, request).await.unwrap().committed().unwrap();
    }

    async fn order(&self, id: &str) -> Order {
        self.node.get::<Order>(&id.parse::<OrderId>().unwrap()).await.unwrap().unwrap().0
    }

    /// Waits until nothing is to be done, or something is left for an operator.
    async fn settled(&self) {
        loop {
            let stats = self.store.outbox_stats(Stream::Requests).await.unwrap();
            if stats.pending == 0 || stats.parked > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// F03, F04, F17, B49: the request is performed under its key, and the reply enters through `then`.
#[tokio::test(start_paused = true)]
async fn f17_the_reply_enters_through_its_transition() {
    let shop = Shop::with([Next::Answer(42)]);
    shop.place("o-1").await;
    shop.settled().await;
    let order = shop.order("o-1").await;
    assert_eq!((order.status, order.slip), (OrderStatus::Settled, Some(42)));
    assert_eq!(order.charged, Some("9.50".parse().unwrap()));
    let calls = shop.bank.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].attempt, calls[0].attempts, calls[0].timeout), (1, 3, Duration::from_secs(2)));
    assert_eq!((calls[0].entity, &*calls[0].entity_id), ("Order", "o-1"));
    assert_eq!(calls[0].correlation.as_str(), "load-o-1");
    assert_eq!(shop.runner.metrics().published, 1);
}

/// B102: a failure that may pass is tried again under the same key, as often as the effect declares.
#[tokio::test(start_paused = true)]
async fn b102_a_passing_failure_is_tried_again_under_the_same_key() {
    let shop = Shop::with([Next::Fail(EffectFailure::transient("busy")), Next::Silence, Next::Answer(7)]);
    shop.place("o-1").await;
    shop.settled().await;
    assert_eq!(shop.order("o-1").await.slip, Some(7));
    let calls = shop.bank.calls();
    assert_eq!(calls.iter().map(|call| call.attempt).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(calls.iter().all(|call| call.key == calls[0].key), "{calls:?}");
}

/// A clock that goes with the time of the runtime, which passes only when nothing else is to be done.
struct Paused(tokio::time::Instant);

impl Clock for Paused {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.elapsed().as_micros().try_into().unwrap()).unwrap()
    }
}

/// R21: who asks to be left alone is, for as long as the longest wait at the most.
#[tokio::test(start_paused = true)]
async fn r21_an_attempt_waits_as_long_as_it_is_asked_to() {
    let busy = |wait| Next::Fail(EffectFailure::transient("busy").retry_after(wait));
    let begun = tokio::time::Instant::now();
    let store = MemoryStore::new().on_clock(Arc::new(Paused(begun)));
    let next = [busy(Duration::from_secs(90)), busy(Duration::from_hours(9)), Next::Answer(7)];
    let shop = Shop::on(store, Bank::doing(next));
    let longest = EffectOptions::default().longest_wait;
    shop.place("o-1").await;
    shop.settled().await;
    assert_eq!(shop.order("o-1").await.slip, Some(7));
    let (least, took) = (Duration::from_secs(90) + longest, begun.elapsed());
    assert!(took >= least && took < least + Duration::from_secs(10), "{took:?}");
}

/// B102: the last failure goes to `otherwise`, and so does one for good, at once.
#[tokio::test(start_paused = true)]
async fn b102_a_final_failure_takes_the_failure_path() {
    let busy = || Next::Fail(EffectFailure::transient("busy"));
    let shop = Shop::with([busy(), busy(), busy()]);
    shop.place("o-1").await;
    shop.settled().await;
    let order = shop.order("o-1").await;
    assert_eq!((order.status, order.reason.as_deref()), (OrderStatus::Held, Some("busy")));
    assert_eq!(shop.bank.calls().len(), 3);
    let shop = Shop::with([Next::Fail(EffectFailure::permanent("no such account").because("code 14"))]);
    shop.place("o-2").await;
    shop.settled().await;
    assert_eq!(shop.order("o-2").await.reason.as_deref(), Some("no such account: code 14"));
    assert_eq!(shop.bank.calls().len(), 1);
}

/// B25, R29: without a failure path it is left for an operator, and the entity's events flow on.
#[tokio::test(start_paused = true)]
async fn b25_without_a_failure_path_it_is_left_for_an_operator() {
    let refuse = || Next::Fail(EffectFailure::permanent("out of paper"));
    let shop = Shop::with([Next::Answer(1), refuse()]);
    shop.place("o-1").await;
    shop.settled().await;
    let id: OrderId = "o-1".parse().unwrap();
    for _ in 0..2 {
        let _ = shop.node.update(&id, WrapOrder {}, Request::default()).await.unwrap();
    }
    shop.settled().await;
    let _ = shop.node.update(&id, NoteOrder {}, Request::default()).await.unwrap();
    let parked = shop.store.parked_messages(Stream::Requests, 10).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!((&*parked[0].name, &*parked[0].error), ("Wrap", "out of paper"));
    let events = shop.store.outbox_stats(Stream::Events).await.unwrap();
    assert_eq!((events.pending, events.parked), (1, 0));
    // The second wrapping waits behind it, until an operator gives the first its attempts back.
    assert_eq!(shop.bank.calls().len(), 2);
    assert!(shop.store.retry_parked(parked[0].position).await.unwrap());
    while shop.store.outbox_stats(Stream::Requests).await.unwrap().pending > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(shop.bank.calls().len(), 4);
}

/// F6, F16, P11: the effect was performed and its answer committed, and then everything was lost but the store. It is
/// performed again under the same key, and the second answer changes nothing.
#[tokio::test(start_paused = true)]
async fn f06_a_repeat_after_a_crash_changes_nothing() {
    let store = MemoryStore::new();
    let bank = Bank::doing([Next::Answer(1), Next::Answer(2)]);
    let shop = Shop::on(store.clone(), Arc::clone(&bank));
    shop.place("o-1").await;
    shop.settled().await;
    shop.runner.stop().await;
    // As if the record that it was performed had been lost.
    assert_eq!(store.republish(Stream::Requests, Timestamp::default()).await.unwrap(), 1);
    let shop = Shop::on(store.clone(), Arc::clone(&bank));
    shop.settled().await;
    assert_eq!(shop.order("o-1").await.slip, Some(1), "the first answer counts");
    let calls = bank.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].key, calls[1].key);
    assert_eq!(store.outbox_stats(Stream::Requests).await.unwrap().pending, 0);
}

/// A missing handler is found at the start, for what the compiler cannot see: an entity that was not named.
#[tokio::test]
async fn an_entity_whose_effects_nobody_performs_is_refused_at_the_start() {
    let store = MemoryStore::new();
    let node = Node::start(system(), Arc::new(store.clone()), Ports::system(), NodeOptions::default());
    let nobody = Effects::new();
    let flaw =
        EffectRunner::start(&node, Arc::new(store), &nobody, &Ports::system(), &EffectOptions::default())
            .err();
    assert_eq!(flaw, Some(EffectFlaw::NotHandled { entity: "Order", effect: "Charge" }));
    assert!(flaw.unwrap().to_string().contains(".of::<Order, _>(&handlers)"));
}
