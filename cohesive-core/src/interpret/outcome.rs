//! What an interpreted decision can say.

use crate::kernel::arithmetic::Arithmetic;
use crate::kernel::collection::Misplaced;
use crate::kernel::{Invalid, Refusal, RejectionClass};
use crate::spelling::snake;

use super::Document;

/// The outcome of one input, by the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The input was accepted and something changed.
    Applied {
        /// The fields that changed, with their new values; all fields, for a creation.
        patch: Document,
        /// The messages, in order.
        effects: Vec<Produced>,
    },
    /// The input was accepted, and there is nothing to change and nothing to say.
    NoChange,
    /// The domain refused the input.
    Rejected(Refused),
    /// The stated version is not the latest.
    Conflict,
    /// The question cannot be asked.
    Invalid(Invalid),
    /// The model does not say: this part of it is known by its name only.
    Opaque(String),
}

/// A message of an interpreted decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Produced {
    /// The name of the message.
    pub message: &'static str,
    /// Whether it asks for an effect.
    pub request: bool,
    /// What it says.
    pub payload: Document,
}

/// Why the domain refused an input.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    /// The entity is in a state in which this is not possible: the state's name.
    WrongState(&'static str),
    /// A guard or a `reject!`: its name as it is written.
    Case(&'static str),
    /// A rule of the model.
    Rule(Refusal),
}

impl Refused {
    /// The name of the rule, in lower case with underscores.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::WrongState(_) => "wrong_state".to_owned(),
            Self::Case(name) => snake(name),
            Self::Rule(refusal) => refusal.name().to_owned(),
        }
    }

    /// What kind of rule refused.
    #[must_use]
    pub const fn class(&self) -> RejectionClass {
        match self {
            Self::WrongState(_) => RejectionClass::State,
            Self::Case(_) => RejectionClass::Guard,
            Self::Rule(_) => RejectionClass::Rule,
        }
    }
}

/// Why an expression has no value, or a body did not run to its end.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// A rule of the model refused.
    Refused(Refusal),
    /// The body refused with `reject!`: the name of the refusal.
    Rejected(&'static str),
    /// A field is needed that was not observed.
    Unobserved(&'static str),
    /// The model does not say what this is.
    Opaque(String),
}

impl Stop {
    /// The model does not say what this is.
    pub(super) fn opaque(what: impl Into<String>) -> Self {
        Self::Opaque(what.into())
    }
}

impl From<Arithmetic> for Stop {
    fn from(arithmetic: Arithmetic) -> Self {
        Self::Refused(Refusal::Arithmetic(arithmetic))
    }
}

impl From<Misplaced> for Stop {
    fn from(misplaced: Misplaced) -> Self {
        Self::Refused(Refusal::Misplaced(misplaced))
    }
}
