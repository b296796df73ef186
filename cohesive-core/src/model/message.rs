//! What leaves an entity: events and effect requests.

use super::{Allowance, At, Member, Type};

/// An event or an effect request, with the shape of its payload.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Message {
    /// The name of the type, which is also the name on the wire.
    pub name: &'static str,
    /// What it says, in the words of its author.
    pub docs: &'static str,
    /// The file that declares it.
    pub file: &'static str,
    /// Whether it tells or asks.
    pub role: Role,
    /// The members of the payload.
    pub members: &'static [Member],
    /// Warnings that its author allows, with reasons.
    pub allowances: &'static [Allowance],
    /// Where the name stands.
    pub at: At,
}

/// Whether a message tells what happened or asks for something to be done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Role {
    /// It tells what happened. Nobody owes an answer.
    Event,
    /// It asks for an effect. One terminal reply of this type, or a failure, is owed.
    Request {
        /// The type of the reply; `None` when there is nothing to say but "done".
        reply: Option<Type>,
        /// How it is performed.
        policy: Policy,
    },
}

/// How an effect is performed: what is waited for, how often it is tried, and what follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Policy {
    /// The longest time that one attempt may take, in milliseconds.
    pub timeout: Option<u64>,
    /// How many attempts are made before it counts as failed.
    pub attempts: Option<u32>,
    /// The transition that the reply goes to, for example `Tender::confirm`.
    pub then: Option<&'static str>,
    /// The transition that a final failure goes to.
    pub otherwise: Option<&'static str>,
    /// Whether nothing can take it back, for example a letter in the post.
    pub irreversible: bool,
}

impl Policy {
    /// Nothing is declared.
    pub const UNDECLARED: Self =
        Self { timeout: None, attempts: None, then: None, otherwise: None, irreversible: false };
}

impl Role {
    /// The role as one lower-case word: `event` or `request`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Request { .. } => "request",
        }
    }
}
