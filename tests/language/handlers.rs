//! Effects and who handles them.
//!
//! F03, F04, F10, F13, F17.

use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context as Task, Poll, Waker};
use std::time::Duration;

use cohesive::kernel::{Effect, Entity, HandlerVisitor, Requests};
use cohesive::prelude::*;
use cohesive::{CorrelationId, FailureClass, create};

#[derive(Id)]
pub struct LetterId(String);

/// What the post says of a letter that it took.
#[derive(Value)]
pub struct Posting {
    pub tracking: String,
    pub postage: Decimal,
}

/// Ask the post to deliver a letter.
#[effect(reply = Posting, timeout = "30s", attempts = 3, then = Letter::post, otherwise = Letter::lose)]
pub struct SendLetter {
    pub letter_id: LetterId,
    pub address: String,
}

/// Ask the archive to keep a copy.
#[effect(reply = Nothing, timeout = "5s", attempts = 8, otherwise = Letter::lose)]
pub struct KeepCopy {
    pub letter_id: LetterId,
}

#[derive(Lifecycle)]
pub enum LetterStatus {
    #[initial]
    Written,
    #[terminal]
    Posted,
    #[terminal]
    Lost,
}

#[entity]
pub struct Letter {
    #[id]
    pub id: LetterId,
    #[lifecycle]
    pub status: LetterStatus,
    pub address: String,
    pub tracking: Option<String>,
    pub error: Option<String>,
}

#[transitions]
impl Letter {
    #[create]
    pub fn write(id: LetterId, address: String) -> Self {
        request!(SendLetter { letter_id: id, address });
        request!(KeepCopy { letter_id: id });
        Self { id, address }
    }

    #[transition(Written => Posted)]
    pub fn post(&mut self, tracking: String, address: String) {
        self.tracking = Some(tracking);
        self.address = address;
    }

    #[transition(Written => Lost)]
    pub fn lose(&mut self, error: String) {
        self.error = Some(error);
    }
}

/// An entity that asks nobody for anything.
#[entity]
pub struct Stamp {
    #[id]
    pub id: LetterId,
}

#[transitions]
impl Stamp {
    #[create]
    pub fn print(id: LetterId) -> Self {
        Self { id }
    }
}

/// The world, as far as letters need one.
#[derive(Default)]
struct World {
    sent: AtomicU32,
}

impl Handle<SendLetter> for World {
    async fn handle(&self, request: SendLetter, call: &EffectCall) -> Result<Posting, EffectFailure> {
        // Something to wait for, so that the future is held across it.
        std::future::ready(()).await;
        if request.address.is_empty() {
            return Err(EffectFailure::permanent("a letter needs an address"));
        }
        if call.attempt < call.attempts {
            return Err(EffectFailure::transient("the post is closed"));
        }
        let sent = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(Posting { tracking: format!("{}#{sent}", call.key), postage: Decimal::new(85, 2) })
    }
}

impl Handle<KeepCopy> for World {
    async fn handle(&self, _: KeepCopy, _: &EffectCall) -> Result<Nothing, EffectFailure> {
        Ok(Nothing)
    }
}

fn call(attempt: u32) -> EffectCall {
    EffectCall {
        key: "6f3c1f0e".to_owned(),
        attempt,
        attempts: 3,
        entity: Letter::MODEL.name(),
        entity_id: "L-1".to_owned(),
        correlation: "c-1".parse().unwrap(),
        causation: None,
        trace: None,
        timeout: Duration::from_secs(30),
    }
}

/// The result of a future that waits for nothing. A runtime may move it between threads.
fn now<T>(future: impl Future<Output = T> + Send) -> T {
    match pin!(future).poll(&mut Task::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("nothing here waits"),
    }
}

/// F17: a handler gets the request and gives an answer; there is no entity that it could change.
#[test]
fn f03_f04_a_handler_answers_with_the_declared_type() {
    let world = World::default();
    let send = |address: &str| SendLetter { letter_id: "L-1".parse().unwrap(), address: address.to_owned() };
    let first = now(world.handle(send("Mill Road 1"), &call(1))).unwrap_err();
    assert_eq!((first.class, first.message.as_str()), (FailureClass::Transient, "the post is closed"));
    let posting: <SendLetter as Effect>::Reply = now(world.handle(send("Mill Road 1"), &call(3))).unwrap();
    assert_eq!(posting.tracking, "6f3c1f0e#1");
    let refused = now(world.handle(send(""), &call(1))).unwrap_err();
    assert_eq!(refused.class, FailureClass::Permanent);
    assert_eq!(now(world.handle(KeepCopy { letter_id: "L-1".parse().unwrap() }, &call(1))).unwrap(), Nothing);
}

/// The names of the effects with their handlers, as a performer sees them.
struct Seen(Vec<&'static str>);

impl<H> HandlerVisitor<H> for Seen {
    fn effect<Q: Effect>(&mut self)
    where
        H: Handle<Q>,
    {
        self.0.push(Q::MESSAGE.name);
    }
}

fn handled<E: Requests<H>, H>() -> Vec<&'static str> {
    let mut seen = Seen(Vec::new());
    E::handlers(&mut seen);
    seen.0
}

#[test]
fn f03_every_effect_of_an_entity_has_a_handler_by_type() {
    assert_eq!(handled::<Letter, World>(), ["KeepCopy", "SendLetter"]);
    let requests = Letter::MODEL.transitions.iter().flat_map(|transition| transition.requests);
    assert_eq!(requests.copied().collect::<Vec<_>>(), ["KeepCopy", "SendLetter"]);
    assert!(handled::<Stamp, ()>().is_empty(), "who asks for nothing needs nobody");
}

/// F10: the transitions that answers and failures go to take what the answers and the requests have.
#[test]
fn f10_answers_fit_the_transitions_that_they_go_to() {
    assert_eq!(
        cohesive::check::entity(Letter::MODEL).iter().map(|finding| finding.code).collect::<Vec<_>>(),
        ["COH0715"; 3]
    );
    let context =
        Context::new("2026-03-01T12:00:00Z".parse().unwrap(), "c-1".parse::<CorrelationId>().unwrap());
    let write = WriteLetter { id: "L-1".parse().unwrap(), address: "Mill Road 1".to_owned() };
    assert_eq!(cohesive::EffectSet::count(create(&write, &context).applied().unwrap().effects()), 2);
}
