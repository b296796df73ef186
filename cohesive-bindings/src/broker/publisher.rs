//! The port to a broker.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::envelope::Envelope;
use crate::store::BoxFuture;

/// A broker, as far as a relay needs one.
pub trait Publisher: Send + Sync + 'static {
    /// The broker's name, for example `NATS JetStream`.
    fn name(&self) -> &'static str;

    /// How many bytes a message may have, headers counted. Larger ones are parked without being sent.
    fn max_message(&self) -> usize;

    /// Sends one message. `Ok` only once the broker has acknowledged that very message (R07, F36); whatever is
    /// merely on its way is not published.
    ///
    /// The relay never sends two messages of one entity at once. It gives up waiting after its publish timeout and
    /// sends the message again, so a receiver may see it twice.
    ///
    /// # Errors
    /// When the broker refused the message, or did not say.
    fn publish<'a>(&'a self, message: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>>;
}

/// Why a message was not acknowledged.
#[derive(Debug)]
pub struct PublishError {
    /// Whether trying again can help.
    pub class: ErrorClass,
    /// What happened. Holds no payload.
    pub message: String,
    /// How long the broker asks to be left alone, where it says so. The message is not sent sooner, unless that is longer
    /// than the longest wait of the relay.
    pub retry_after: Option<Duration>,
    /// What it came from.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// Whether trying again can help (A121).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// It can: a connection is lost, a broker is full, nobody answered.
    Transient,
    /// It cannot: the message is refused as it is. It is parked at once.
    Permanent,
}

impl PublishError {
    /// A failure that may pass.
    pub fn transient(message: impl Into<String>) -> Self {
        Self { class: ErrorClass::Transient, message: message.into(), retry_after: None, source: None }
    }

    /// A refusal for good.
    pub fn permanent(message: impl Into<String>) -> Self {
        Self { class: ErrorClass::Permanent, message: message.into(), retry_after: None, source: None }
    }

    /// The same with what it came from.
    #[must_use]
    pub fn because(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// The same, where the broker asks to be left alone for so long.
    #[must_use]
    pub fn retry_after(self, wait: impl Into<Option<Duration>>) -> Self {
        Self { retry_after: wait.into(), ..self }
    }

    /// What happened and all its causes, as one line.
    #[must_use]
    pub fn chain(&self) -> String {
        chain(&self.message, self.source())
    }
}

/// A message and all its causes, as one line.
pub(super) fn chain(message: &str, mut cause: Option<&(dyn Error + 'static)>) -> String {
    let mut text = message.to_owned();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl fmt::Display for PublishError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for PublishError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| -> &(dyn Error + 'static) { source })
    }
}
