//! The receiving side: a route whose requests are deliveries.

mod line;
mod request;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use tokio::sync::Notify;
use tokio::time::Instant;

use self::line::{Answer, Held, Line, Next};
use super::NAME;
use super::secret::Secret;
use crate::broker::{Acknowledge, BrokerError, Delivery, SubscribeError, Subscriber};
use crate::port::Clock;
use crate::store::BoxFuture;

/// How long the sender of a message is asked to wait whose delivery was dropped without an answer.
const DROPPED: Duration = Duration::from_secs(1);

/// What a route takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookSubscription {
    /// The kinds of messages, by exact name (R01). Messages of other kinds are answered with 204 and passed over.
    pub kinds: Vec<String>,
    /// The secrets that senders sign with. While a secret is being replaced there are two.
    pub secrets: Vec<Secret>,
    /// How far the time of a signature may be from the time here, in either direction.
    pub tolerance: Duration,
    /// The longest body that is accepted, in bytes. A longer one is answered with 413.
    pub body_limit: usize,
    /// Within which time a body has to arrive. A slower one is answered with 408.
    pub body_timeout: Duration,
    /// How long a sender waits for its message to be accepted before it is told to send it again. Shorter than the
    /// sender's own timeout. The message may still be accepted after that; the repeat is then one for the inbox.
    pub answer_timeout: Duration,
    /// How many requests may wait. Further ones are answered with 503.
    pub places: usize,
    /// For how long after it recorded a message a sender may send it again. `None` is without end.
    pub keep: Option<Duration>,
    /// Whether an event in binary mode is believed whose headers the signature does not cover, because its sender makes
    /// the id otherwise than a [`WebhookPublisher`](super::WebhookPublisher) does. Whoever sees one request could then
    /// send its body again as another event.
    pub trust_headers: bool,
}

impl WebhookSubscription {
    /// Messages of these kinds, signed with one of these secrets within five minutes.
    pub fn new(
        kinds: impl IntoIterator<Item = impl Into<String>>,
        secrets: impl IntoIterator<Item = Secret>,
    ) -> Self {
        Self {
            kinds: kinds.into_iter().map(Into::into).collect(),
            secrets: secrets.into_iter().collect(),
            tolerance: Duration::from_mins(5),
            body_limit: 256 * 1024,
            body_timeout: Duration::from_secs(5),
            answer_timeout: Duration::from_secs(7),
            places: 1024,
            keep: None,
            trust_headers: false,
        }
    }

    fn check(&self) -> Result<(), BrokerError> {
        if self.kinds.is_empty() || self.kinds.iter().any(String::is_empty) {
            return Err(BrokerError::option("kinds", "there is none, or one is empty"));
        }
        if self.secrets.is_empty() {
            return Err(BrokerError::option("secrets", "there is none"));
        }
        let spans = [
            ("tolerance", self.tolerance),
            ("body_timeout", self.body_timeout),
            ("answer_timeout", self.answer_timeout),
        ];
        if let Some((name, _)) = spans.into_iter().find(|(_, span)| span.is_zero()) {
            return Err(BrokerError::option(name, "it is zero"));
        }
        if self.places == 0 || self.body_limit == 0 {
            return Err(BrokerError::option("places", "it, or `body_limit`, is zero"));
        }
        Ok(())
    }
}

/// Receives what is posted to its [route](WebhookSubscriber::route). Copies of it share the messages.
///
/// A sender hears 204 once its message is accepted, and 503 with `Retry-After` when it is rejected, when nobody answers
/// in time, and when too much waits already. It hears 401 when the request is not signed by a secret that is known, or
/// not now. A message that cannot be read is delivered like any other, for somebody to look at.
///
/// Nothing is kept here: a message comes again because its sender sends it again. Any message may be a repeat.
#[derive(Clone)]
pub struct WebhookSubscriber {
    shared: Arc<Shared>,
}

struct Shared {
    options: WebhookSubscription,
    clock: Arc<dyn Clock>,
    line: Mutex<Line>,
    /// Something may have come.
    arrived: Notify,
}

impl WebhookSubscriber {
    /// A subscriber with this clock, which tells whether a signature is of now.
    ///
    /// # Errors
    /// When an option is not usable.
    pub fn new(options: WebhookSubscription, clock: Arc<dyn Clock>) -> Result<Self, BrokerError> {
        options.check()?;
        let line = Mutex::new(Line::new(options.places));
        Ok(Self { shared: Arc::new(Shared { options, clock, line, arrived: Notify::new() }) })
    }

    /// The route, to be put wherever senders are told to post to:
    /// `Router::new().route("/webhooks/freight", subscriber.route())`.
    pub fn route(&self) -> MethodRouter {
        let shared = Arc::clone(&self.shared);
        post(move |request: Request| Arc::clone(&shared).serve(request))
    }
}

impl Shared {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(self: Arc<Self>, request: Request) -> Response {
        let WebhookSubscription { body_limit, body_timeout, answer_timeout, .. } = self.options;
        let (parts, body) = match crate::http::whole_body(request, body_limit, body_timeout).await {
            Ok(whole) => whole,
            Err(refused) => return refused,
        };
        if let Err(refusal) = request::check(&parts.headers, &body, &self.options, self.clock.now()) {
            tracing::warn!(?refusal, "a webhook is not let in");
            return request::refused(refusal);
        }
        let arrived = request::read(&parts, body);
        let key = match &arrived.message {
            Ok(message) if !self.options.kinds.contains(&message.kind) => {
                return request::answered(Answer::Accepted);
            }
            Ok(message) => message.partition_key.clone(),
            Err(_) => String::new(),
        };
        let joined = self.line().join(key, Arc::new(arrived), Instant::now());
        self.arrived.notify_waiters();
        let again = Answer::Again(DROPPED);
        request::answered(match joined {
            Ok(answer) => match tokio::time::timeout(answer_timeout, answer).await {
                Ok(answer) => answer.unwrap_or(again),
                Err(_) => again,
            },
            Err(answer) => answer,
        })
    }

    async fn receive(self: &Arc<Self>) -> Result<Delivery, SubscribeError> {
        loop {
            let mut changed = std::pin::pin!(self.arrived.notified());
            changed.as_mut().enable();
            let soonest = {
                let mut line = self.line();
                if line.is_closed() {
                    return Err(SubscribeError::new("the subscriber is closed"));
                }
                match line.next(Instant::now()) {
                    Next::Message(held, arrived) => {
                        let in_hand = InHand { shared: Arc::clone(self), held: Some(held) };
                        return Ok(Delivery {
                            message: arrived.message.clone(),
                            raw: arrived.raw.clone(),
                            redelivered: true,
                            acknowledge: Box::new(in_hand),
                        });
                    }
                    Next::Later(soonest) => soonest,
                }
            };
            match soonest {
                Some(soonest) => drop(tokio::time::timeout_at(soonest, changed).await),
                None => changed.await,
            }
        }
    }
}

impl Subscriber for WebhookSubscriber {
    fn name(&self) -> &'static str {
        NAME
    }

    fn redelivery_horizon(&self) -> Option<Duration> {
        self.shared.options.keep
    }

    fn receive(&self) -> BoxFuture<'_, Result<Delivery, SubscribeError>> {
        Box::pin(self.shared.receive())
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            self.shared.line().close();
            self.shared.arrived.notify_waiters();
        })
    }
}

/// A message in hand, and the request that waits for it.
struct InHand {
    shared: Arc<Shared>,
    /// `None` once it is answered.
    held: Option<Held>,
}

impl InHand {
    /// Answers the request, and makes way for the next message of the key.
    fn answer(&mut self, answer: Answer) -> Result<(), SubscribeError> {
        let Some(Held { key, answer: request }) = self.held.take() else { return Ok(()) };
        let heard = request.send(answer).is_ok();
        let wait = match answer {
            Answer::Accepted => Duration::ZERO,
            Answer::Again(wait) => wait,
        };
        self.shared.line().free(&key, wait, Instant::now());
        self.shared.arrived.notify_waiters();
        if heard { Ok(()) } else { Err(gone()) }
    }
}

fn gone() -> SubscribeError {
    SubscribeError::new("the sender waits no longer, and sends the message again")
}

impl Acknowledge for InHand {
    fn accept(mut self: Box<Self>) -> BoxFuture<'static, Result<(), SubscribeError>> {
        Box::pin(async move { self.answer(Answer::Accepted) })
    }

    fn reject(mut self: Box<Self>, after: Duration) -> BoxFuture<'static, Result<(), SubscribeError>> {
        Box::pin(async move { self.answer(Answer::Again(after)) })
    }

    fn extend(&mut self) -> BoxFuture<'_, Result<(), SubscribeError>> {
        // The request waits for as long as it waits; its key stays in hand all the same.
        let waits = self.held.as_ref().is_none_or(|held| !held.answer.is_closed());
        Box::pin(async move { if waits { Ok(()) } else { Err(gone()) } })
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        // The sender hears that nobody answered.
        let _ = self.answer(Answer::Again(DROPPED));
    }
}
