//! What a decision knows besides state and input. Every value is recorded with the decision.

use std::fmt;
use std::str::FromStr;

use super::{TraceParent, Version};
use crate::value::Timestamp;

/// The circumstances of one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    now: Timestamp,
    correlation: CorrelationId,
    causation: Option<CausationId>,
    actor: Option<Actor>,
    trace: Option<TraceParent>,
    expected: Option<Version>,
}

impl Context {
    /// A context for an input that nothing but its sender caused.
    #[must_use]
    pub const fn new(now: Timestamp, correlation: CorrelationId) -> Self {
        Self { now, correlation, causation: None, actor: None, trace: None, expected: None }
    }

    /// The same context, naming what caused the input.
    #[must_use]
    pub fn caused_by(mut self, causation: CausationId) -> Self {
        self.causation = Some(causation);
        self
    }

    /// The same context, naming who sent the input.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = Some(actor);
        self
    }

    /// The same context, naming the place of the input in a distributed trace.
    #[must_use]
    pub fn traced(mut self, trace: TraceParent) -> Self {
        self.trace = Some(trace);
        self
    }

    /// The same context, stating the version that the sender's view of the entity has.
    #[must_use]
    pub const fn expecting(mut self, version: Version) -> Self {
        self.expected = Some(version);
        self
    }

    /// The version that the sender's view of the entity has, where the sender stated one.
    #[must_use]
    pub const fn expected(&self) -> Option<Version> {
        self.expected
    }

    /// When the input was taken in. The only clock a transition can see.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// What the input belongs to. Everything it causes carries the same id.
    #[must_use]
    pub const fn correlation(&self) -> &CorrelationId {
        &self.correlation
    }

    /// The message or request that directly caused the input, if one did.
    #[must_use]
    pub const fn causation(&self) -> Option<&CausationId> {
        self.causation.as_ref()
    }

    /// Who sent the input, where somebody said so.
    #[must_use]
    pub const fn actor(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }

    /// The place of the input in a distributed trace, where it has one.
    #[must_use]
    pub const fn trace(&self) -> Option<&TraceParent> {
        self.trace.as_ref()
    }
}

/// Why text cannot be a correlation id, a causation id or an actor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a {what} is 1 to {limit} characters of {alphabet}")]
pub struct TokenFlaw {
    what: &'static str,
    limit: usize,
    alphabet: &'static str,
}

macro_rules! token {
    ($(#[$docs:meta])* $name:ident, $what:literal, $limit:literal, $alphabet:literal, $permitted:expr) => {
        $(#[$docs])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TokenFlaw;

            fn from_str(text: &str) -> Result<Self, TokenFlaw> {
                let permitted: fn(char) -> bool = $permitted;
                if text.is_empty() || text.len() > $limit || !text.chars().all(permitted) {
                    return Err(TokenFlaw { what: $what, limit: $limit, alphabet: $alphabet });
                }
                Ok(Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

token! {
    /// What an input belongs to: set at the edge, inherited by everything it causes (requirement A80).
    CorrelationId, "correlation id", 128, "`A-Z`, `a-z`, `0-9`, `_` and `-`",
    |character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

token! {
    /// The message or request that directly caused an input (requirement A81).
    CausationId, "causation id", 128, "`A-Z`, `a-z`, `0-9`, `_` and `-`",
    |character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

token! {
    /// Who sent an input, as the edge established it. Cohesive records it and does not verify it.
    Actor, "actor", 255, "printable ASCII",
    |character| character.is_ascii_graphic() || character == ' '
}

impl From<uuid::Uuid> for CorrelationId {
    fn from(uuid: uuid::Uuid) -> Self {
        Self(uuid.to_string())
    }
}

impl CausationId {
    /// A message as a cause.
    #[must_use]
    pub fn message(id: super::MessageId) -> Self {
        Self(id.to_string())
    }
}
