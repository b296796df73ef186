//! The one suite that every broker has to pass, by its publishers and subscribers.
//!
//! A broker that passes keeps the promises of [`Publisher`] and [`Subscriber`]. Each case has a namespace of its own, and
//! most run beside each other. What a broker is not made for is left out, and the report says so.

mod bench;
mod messages;
mod order;
mod outages;
mod repeats;
mod samples;
mod sharing;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::{PublishError, Publisher, SubscribeError, Subscriber};
use crate::store::BoxFuture;

/// Makes publishers and subscribers of the broker under test.
pub trait Harness: Send + Sync + 'static {
    /// What this broker is made for.
    fn nature(&self) -> Nature;

    /// A publisher to this namespace. Calls with the same name share it; others do not see its messages.
    fn publisher<'a>(&'a self, namespace: &'a str) -> BoxFuture<'a, Arc<dyn Publisher>>;

    /// A receiver of this subscription to messages of these kinds. When it is there, the broker keeps such messages
    /// for the subscription.
    fn subscriber<'a>(
        &'a self,
        namespace: &'a str,
        subscription: &'a str,
        kinds: &'a [&'a str],
    ) -> BoxFuture<'a, Arc<dyn Subscriber>>;

    /// The server, if it may be ended and started. `None` leaves out what needs that.
    fn server(&self) -> Option<Arc<dyn Server>>;
}

/// What a broker is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    /// It keeps messages itself: publishing succeeds before anybody has accepted the message.
    pub keeps: bool,
    /// Several receivers may share a subscription.
    pub shares: bool,
    /// A message that no subscription is there for is an error.
    pub needs_subscription: bool,
    /// After how long a delivery that nobody answers and nobody drops comes again. `None` where there is no such time.
    pub hold: Option<Duration>,
}

/// A server that may be ended and started. The calls return when it is done.
pub trait Server: Send + Sync + 'static {
    /// Ends it in good order.
    fn stop(&self);

    /// Ends it as a crash would.
    fn kill(&self);

    /// Starts it again on what it has kept.
    fn start(&self);
}

/// What ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The broker's name.
    pub broker: &'static str,
    /// The cases that ran, all of which passed.
    pub cases: Vec<&'static str>,
    /// The cases that the broker is not made for.
    pub left_out: Vec<&'static str>,
}

/// Why a case failed.
#[derive(Debug)]
struct Failure(String);

type Outcome = Result<(), Failure>;

impl From<SubscribeError> for Failure {
    fn from(error: SubscribeError) -> Self {
        Self(format!("subscriber: {}", error.chain()))
    }
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        Self(format!("publisher: {:?}: {}", error.class, error.chain()))
    }
}

impl From<tokio::task::JoinError> for Failure {
    fn from(error: tokio::task::JoinError) -> Self {
        Self(format!("a task of the suite ended: {error}"))
    }
}

/// Fails the case unless both sides are equal.
macro_rules! same {
    ($left:expr, $right:expr $(,)?) => {
        match (&$left, &$right) {
            (left, right) if left == right => {}
            (left, right) => {
                let place = concat!(file!(), ":", line!());
                return Err(crate::broker::conformance::Failure(format!(
                    "{place}: {left:?} is not {right:?}"
                )));
            }
        }
    };
}
pub(crate) use same;

/// Fails the case unless this holds.
macro_rules! holds {
    ($condition:expr, $($text:tt)*) => {
        if !$condition {
            let place = concat!(file!(), ":", line!());
            return Err(crate::broker::conformance::Failure(format!("{place}: {}", format!($($text)*))));
        }
    };
}
pub(crate) use holds;

/// A case, as far as it needs the broker: its own namespace in it.
#[derive(Clone)]
struct Place {
    harness: Arc<dyn Harness>,
    namespace: &'static str,
}

impl Place {
    async fn publisher(&self) -> Arc<dyn Publisher> {
        self.harness.publisher(self.namespace).await
    }

    async fn subscriber(&self, subscription: &str, kinds: &[&str]) -> Arc<dyn Subscriber> {
        self.harness.subscriber(self.namespace, subscription, kinds).await
    }

    /// Does something to the server and waits until that is done.
    async fn server(&self, act: impl FnOnce(&dyn Server) + Send + 'static) -> Outcome {
        let server = self.harness.server().ok_or_else(|| Failure("there is no server to end".into()))?;
        Ok(tokio::task::spawn_blocking(move || act(&*server)).await?)
    }
}

/// Runs the cases: beside each other, as far as they leave the server alone. Brokers take seconds to form a group or to give
/// up a receiver, and all cases wait for that together.
struct Run {
    harness: Arc<dyn Harness>,
    report: Report,
    running: JoinSet<(&'static str, Outcome)>,
}

impl Run {
    /// Begins a case.
    fn case<F: Future<Output = Outcome> + Send + 'static>(
        &mut self,
        applies: bool,
        name: &'static str,
        case: impl FnOnce(Place) -> F,
    ) {
        if !applies {
            self.report.left_out.push(name);
            return;
        }
        let begun = tokio::time::Instant::now();
        let case = case(Place { harness: Arc::clone(&self.harness), namespace: name });
        let broker = self.report.broker;
        self.report.cases.push(name);
        self.running.spawn(async move {
            let outcome = case.await;
            tracing::debug!(broker, case = name, took = ?begun.elapsed(), passed = outcome.is_ok());
            (name, outcome)
        });
    }

    /// Waits for all that have begun.
    #[expect(clippy::panic, reason = "this is how a test suite reports")]
    async fn done(&mut self) {
        let broker = self.report.broker;
        while let Some(ended) = self.running.join_next().await {
            match ended {
                Ok((_, Ok(()))) => {}
                Ok((name, Err(Failure(reason)))) => panic!("{broker}: case `{name}` failed: {reason}"),
                Err(error) => panic!("{broker}: a case ended: {error}"),
            }
        }
    }

    /// Runs a case that ends and starts the server, while no other one needs it.
    async fn alone<F: Future<Output = Outcome> + Send + 'static>(
        &mut self,
        applies: bool,
        name: &'static str,
        case: impl FnOnce(Place) -> F,
    ) {
        self.done().await;
        self.case(applies, name, case);
        self.done().await;
    }

    async fn of(harness: Arc<dyn Harness>) -> Self {
        let broker = harness.publisher("name").await.name();
        let report = Report { broker, cases: Vec::new(), left_out: Vec::new() };
        Self { harness, report, running: JoinSet::new() }
    }

    /// Runs the cases that leave the server alone.
    async fn in_peace(&mut self) {
        let Nature { keeps, shares, needs_subscription, hold } = self.harness.nature();
        self.case(true, "messages_arrive_whole", messages::messages_arrive_whole);
        self.case(true, "kinds_count_by_exact_name", messages::kinds_count_by_exact_name);
        self.case(true, "sizes_up_to_the_bound_arrive", messages::sizes_up_to_the_bound_arrive);
        self.case(needs_subscription, "unroutable_is_an_error", messages::unroutable_is_an_error);
        self.case(true, "subscriptions_get_all", sharing::subscriptions_get_all);
        self.case(shares, "receivers_share", sharing::receivers_share);
        self.case(shares, "order_holds_for_two_receivers", order::order_holds_for_two_receivers);
        self.case(shares, "order_survives_a_receiver", order::order_survives_a_receiver);
        self.case(true, "rejected_comes_again", repeats::rejected_comes_again);
        self.case(true, "dropped_comes_again", repeats::dropped_comes_again);
        self.case(keeps, "closed_receiver_gives_back", repeats::closed_receiver_gives_back);
        self.case(keeps, "rejected_outlives_its_receiver", repeats::rejected_outlives_its_receiver);
        self.case(keeps, "lost_receiver_gives_back", repeats::lost_receiver_gives_back);
        self.case(true, "closed_receiver_receives_nothing", repeats::closed_receiver_receives_nothing);
        self.case(true, "cancelled_receives_lose_nothing", repeats::cancelled_receives_lose_nothing);
        self.case(shares && hold.is_some(), "extended_stays", move |place| {
            repeats::extended_stays(place, hold.unwrap_or_default())
        });
        self.done().await;
    }

    /// Runs the cases that end and start the server.
    async fn outages(&mut self) {
        let applies = self.harness.nature().keeps && self.harness.server().is_some();
        self.alone(applies, "accepted_survives_a_restart", outages::accepted_survives_a_restart).await;
        self.alone(applies, "publishers_recover", outages::publishers_recover).await;
        self.alone(applies, "acknowledged_survives_a_crash", outages::acknowledged_survives_a_crash).await;
    }
}

/// Runs every case that the broker is made for. It has to be called in a Tokio runtime with time and several threads.
///
/// # Panics
/// With the name of a case that fails.
pub async fn run_broker(harness: Arc<dyn Harness>) -> Report {
    let mut run = Run::of(harness).await;
    run.in_peace().await;
    run.outages().await;
    run.report
}

/// Runs those of the cases that end and start the server. [`run_broker`] does that too, after the others; who can have two
/// servers gives one of them to this, and runs both at once.
///
/// # Panics
/// With the name of a case that fails.
pub async fn run_outages(harness: Arc<dyn Harness>) -> Report {
    let mut run = Run::of(harness).await;
    run.outages().await;
    run.report
}
