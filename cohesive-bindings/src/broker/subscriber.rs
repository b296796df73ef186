//! The port from a broker.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::envelope::{Envelope, Unreadable};
use crate::store::BoxFuture;

/// A broker, as far as a consumer needs one.
///
/// An implementation promises four things, and the conformance suite (feature `testing`) holds it to them:
///
/// 1. What was not accepted comes again: after [`Acknowledge::reject`], after the receiver is gone, after a restart.
/// 2. While a message of a key is delivered and not accepted, no later message of that key is delivered to another
///    receiver of the same subscription (A117). To the same receiver it may be.
/// 3. Receivers of one subscription share its messages; each subscription gets all of them.
/// 4. Only messages of the kinds that were subscribed to are delivered, by exact name (R01).
pub trait Subscriber: Send + Sync + 'static {
    /// The broker's name, for example `NATS JetStream`.
    fn name(&self) -> &'static str;

    /// For how long after it was published a message may be delivered, as far as the broker tells. `None` when it
    /// keeps messages without end. The inbox has to remember for longer (B42).
    fn redelivery_horizon(&self) -> Option<Duration>;

    /// The next message. Waits until there is one; dropping the future loses nothing.
    ///
    /// # Errors
    /// When the broker cannot be reached. Calling it again tries again; an implementation connects anew by itself.
    fn receive(&self) -> BoxFuture<'_, Result<Delivery, SubscribeError>>;

    /// Takes no further messages, and gives back what was taken and not delivered.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// A message as it arrived.
pub struct Delivery {
    /// The message, or why it is none.
    pub message: Result<Envelope, Unreadable>,
    /// What arrived, byte for byte, for somebody to look at when it cannot be handled.
    pub raw: RawMessage,
    /// Whether it may have been delivered before: the broker says so, or cannot know.
    pub redelivered: bool,
    /// How the broker hears what became of it.
    pub acknowledge: Box<dyn Acknowledge>,
}

/// A message as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawMessage {
    /// The headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// How a broker hears what became of a delivery. Dropping it says nothing, and the message comes again in time.
pub trait Acknowledge: Send + 'static {
    /// The message was handled, and what it led to is durable. It does not come again, unless this answer is lost.
    ///
    /// # Errors
    /// When the broker did not take the answer. The message comes again then, and the inbox knows it.
    fn accept(self: Box<Self>) -> BoxFuture<'static, Result<(), SubscribeError>>;

    /// The message was not handled. It comes again, not before `after` (R21).
    ///
    /// # Errors
    /// When the broker did not take the answer. The message comes again all the same.
    fn reject(self: Box<Self>, after: Duration) -> BoxFuture<'static, Result<(), SubscribeError>>;

    /// The message is still being handled: the broker must not give it to somebody else yet.
    ///
    /// # Errors
    /// When the broker did not take the answer.
    fn extend(&mut self) -> BoxFuture<'_, Result<(), SubscribeError>>;
}

/// The broker could not be reached, or would not answer.
#[derive(Debug)]
pub struct SubscribeError {
    /// What happened.
    pub message: String,
    /// What it came from.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl SubscribeError {
    /// A failure without a known cause.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// The same with what it came from.
    #[must_use]
    pub fn because(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// What happened and all its causes, as one line.
    #[must_use]
    pub fn chain(&self) -> String {
        super::publisher::chain(&self.message, self.source())
    }
}

impl fmt::Display for SubscribeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for SubscribeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| -> &(dyn Error + 'static) { source })
    }
}
