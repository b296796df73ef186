//! Who performs effects: plain types with a method, and a proof that each effect of an entity has one.
//!
//! A handler does what a pure decision cannot: it talks to the world. It never changes an entity. What it answers comes
//! back as the input of a transition, where the effect's policy names one.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use super::traits::{Effect, Entity};
use super::{CausationId, CorrelationId};

/// One who performs an effect. Written by hand, as `impl Handle<SendLetter> for Post` with an `async fn handle`.
///
/// The same request may come more than once, also after it was performed: the answer may have been lost. Each time it
/// has the same [`key`](EffectCall::key), by which the other side can tell a repeat.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not handle the effect `{Q}`",
    label = "nothing here performs `{Q}`",
    note = "write `impl Handle<{Q}> for {Self}`"
)]
pub trait Handle<Q>: Send + Sync + 'static {
    /// Performs one request.
    ///
    /// What it returns is the one answer that the request is owed, unless this attempt takes longer than its
    /// [`timeout`](EffectCall::timeout): then it is dropped where it waits, and counts as one that may pass.
    ///
    /// # Errors
    /// When it was not performed, or nobody knows whether it was.
    fn handle(
        &self,
        request: Q,
        call: &EffectCall,
    ) -> impl Future<Output = Result<Q::Reply, EffectFailure>> + Send
    where
        Q: Effect;
}

/// The circumstances of one attempt to perform an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectCall {
    /// The identity of the request, the same for every attempt: its message id. Hand it on as the idempotency key.
    pub key: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// How many attempts are made at most.
    pub attempts: u32,
    /// The name of the entity that asks, for example `Tender`.
    pub entity: &'static str,
    /// The id of the entity that asks, as text.
    pub entity_id: String,
    /// What the request belongs to.
    pub correlation: CorrelationId,
    /// What caused the input that asks; `None` where nothing but its sender did.
    pub causation: Option<CausationId>,
    /// The W3C `traceparent` of the input that asks, where it had one.
    pub trace: Option<String>,
    /// The longest time that this attempt may take.
    pub timeout: Duration,
}

/// Why an effect was not performed.
#[derive(Debug)]
pub struct EffectFailure {
    /// Whether trying again can help.
    pub class: FailureClass,
    /// What happened, for people. Put nothing secret into it: it is stored, logged and handed to `otherwise`.
    pub message: String,
    /// How long the other side asks to be left alone, where it says so. The next attempt is not made sooner, unless that is
    /// longer than the longest wait between attempts.
    pub retry_after: Option<Duration>,
    /// What it came from.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureClass {
    /// It can: a connection is lost, the other side is busy, nobody answered. It is tried again, as often as the
    /// effect's policy says.
    Transient,
    /// It cannot: the request is refused as it is. It is not tried again.
    Permanent,
}

impl EffectFailure {
    /// A failure that may pass.
    pub fn transient(message: impl Into<String>) -> Self {
        Self { class: FailureClass::Transient, message: message.into(), retry_after: None, source: None }
    }

    /// A refusal for good.
    pub fn permanent(message: impl Into<String>) -> Self {
        Self { class: FailureClass::Permanent, message: message.into(), retry_after: None, source: None }
    }

    /// The same with what it came from.
    #[must_use]
    pub fn because(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// The same, where the other side asks to be left alone for so long.
    #[must_use]
    pub fn retry_after(self, wait: impl Into<Option<Duration>>) -> Self {
        Self { retry_after: wait.into(), ..self }
    }

    /// What happened and all its causes, as one line.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.message.clone();
        let mut cause = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for EffectFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for EffectFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| -> &(dyn Error + 'static) { source })
    }
}

/// An entity of which `H` handles every effect that it may request. Implemented by `#[transitions]` for each `H` that
/// does, so that a missing handler is a compile error that names the effect.
pub trait Requests<H>: Entity {
    /// Names every effect, in the order of [`model::Entity::messages`](crate::model::Entity::messages).
    fn handlers(visitor: &mut impl HandlerVisitor<H>);
}

/// One who wants to know every effect of an entity with its handler, for example to perform requests.
pub trait HandlerVisitor<H> {
    /// Sees an effect that `H` handles.
    fn effect<Q: Effect>(&mut self)
    where
        H: Handle<Q>;
}

#[cfg(test)]
mod tests {
    use super::{EffectFailure, FailureClass};

    #[test]
    fn a_failure_says_whether_trying_again_can_help_and_what_it_came_from() {
        let cause = EffectFailure::permanent("no such address").because("unknown host");
        let failure = EffectFailure::transient("the post is closed").because(cause);
        assert_eq!(failure.class, FailureClass::Transient);
        assert_eq!(failure.chain(), "the post is closed: no such address: unknown host");
        assert_eq!(failure.to_string(), "the post is closed");
        assert_eq!(EffectFailure::permanent("no").class, FailureClass::Permanent);
    }
}
