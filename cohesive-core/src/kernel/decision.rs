//! What a decision can say.

use std::fmt;

use super::arithmetic::Arithmetic;
use super::collection::Misplaced;
use super::traits::{Entity, Input, Structure};
use super::{EffectSet, MessageId, Version};
use crate::model;
use crate::value::Flaw;

/// The outcome of one input, as a value. Only [`Decision::Applied`] advances the version, by exactly one; every
/// other outcome changes nothing and produces no effects. Failures of infrastructure are not decisions.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a decision has to be committed or answered"]
pub enum Decision<I: Input> {
    /// The input was accepted and something changed.
    Applied(Applied<I>),
    /// The input was accepted, and there is nothing to change and nothing to say.
    NoChange,
    /// The domain refused the input.
    Rejected(I::Rejection),
    /// The caller's view of the entity is not the latest.
    Conflict {
        /// The version that the caller stated.
        expected: Version,
        /// The version of the state that was decided on.
        actual: Version,
    },
    /// The question cannot be asked: the input, the stored state or the stated version is unusable.
    Invalid(Invalid),
}

impl<I: Input> Decision<I> {
    /// The outcome as one lower-case word, for logs and metrics.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Applied(_) => "applied",
            Self::NoChange => "no-change",
            Self::Rejected(_) => "rejected",
            Self::Conflict { .. } => "conflict",
            Self::Invalid(_) => "invalid",
        }
    }

    /// What was applied, if something was.
    pub const fn applied(&self) -> Option<&Applied<I>> {
        if let Self::Applied(applied) = self { Some(applied) } else { None }
    }

    /// The rejection, if the domain refused.
    pub const fn rejection(&self) -> Option<&I::Rejection> {
        if let Self::Rejected(rejection) = self { Some(rejection) } else { None }
    }
}

/// What one accepted input changed and produced.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied<I: Input> {
    version: Version,
    patch: <I::Entity as Structure>::Patch,
    effects: I::Effects,
}

impl<I: Input> Applied<I> {
    pub(super) const fn new(
        version: Version,
        patch: <I::Entity as Structure>::Patch,
        effects: I::Effects,
    ) -> Self {
        Self { version, patch, effects }
    }

    /// The transition's name.
    #[must_use]
    pub const fn transition(&self) -> &'static str {
        I::TRANSITION.name
    }

    /// The entity's version afterwards.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The fields that changed, computed ones included, with their new values. All fields, for a creation.
    #[must_use]
    pub const fn patch(&self) -> &<I::Entity as Structure>::Patch {
        &self.patch
    }

    /// The effects, in declaration order.
    #[must_use]
    pub const fn effects(&self) -> &I::Effects {
        &self.effects
    }

    /// The names of the fields that changed, in declaration order.
    #[must_use]
    pub fn changed(&self) -> Vec<&'static str> {
        let fields = I::Entity::STRUCTURE.fields;
        let mut names = Vec::new();
        let encoded = I::Entity::encode(&self.patch, &mut |column, _| {
            let field = fields.get(column).filter(|field| field.role != model::FieldRole::FieldVersions);
            names.extend(field.map(|field| field.name));
        });
        debug_assert!(encoded.is_ok(), "a decision is checked before it is returned");
        names
    }

    /// The entity afterwards: `old` with the patch laid over it.
    ///
    /// # Errors
    /// The name of a required field that neither has. This cannot happen for a complete `old`.
    pub fn after(&self, old: &I::Entity) -> Result<I::Entity, &'static str> {
        let mut patch = <I::Entity as Structure>::Patch::default();
        I::Entity::merge(&mut patch, I::Entity::whole(old));
        I::Entity::merge(&mut patch, self.patch.clone());
        I::Entity::complete(patch)
    }

    /// The entity that a creation made.
    ///
    /// # Errors
    /// The name of a required field that the patch does not have, which is the case for every update.
    pub fn created(&self) -> Result<I::Entity, &'static str> {
        I::Entity::complete(self.patch.clone())
    }

    /// The ids of the messages, in declaration order, for the entity with this id.
    #[must_use]
    pub fn message_ids(&self, id: &str) -> Vec<MessageId> {
        let count = u32::try_from(self.effects.count()).unwrap_or(u32::MAX);
        let entity = I::Entity::STRUCTURE.name;
        (0..count).map(|ordinal| MessageId::derive(entity, id, self.version, ordinal)).collect()
    }

    /// The parts: version, patch and effects.
    #[must_use]
    pub fn into_parts(self) -> (Version, <I::Entity as Structure>::Patch, I::Effects) {
        (self.version, self.patch, self.effects)
    }
}

/// What a body fills while it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft<I: Input> {
    /// The fields assigned so far.
    pub patch: <I::Entity as Structure>::Patch,
    /// The effects produced so far.
    pub effects: I::Effects,
}

impl<I: Input> Default for Draft<I> {
    fn default() -> Self {
        Self { patch: Default::default(), effects: Default::default() }
    }
}

/// Why a question cannot be asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// A value of the input cannot be stored.
    #[error("`{parameter}`: {flaw}")]
    Input {
        /// The parameter.
        parameter: &'static str,
        /// What is wrong with its value.
        flaw: Flaw,
    },
    /// A value that the transition produced cannot be stored.
    #[error("`{field}`: {flaw}")]
    Output {
        /// The field or the member of a message.
        field: &'static str,
        /// What is wrong with its value.
        flaw: Flaw,
    },
    /// The stored state breaks a rule of the model.
    #[error("the stored state is not valid: {0}")]
    State(Refusal),
    /// The stored state lacks a field that the transition needs.
    #[error(transparent)]
    Unobserved(#[from] Unobserved),
    /// A creation leaves out a required field.
    #[error("the required field `{0}` has no value")]
    Missing(&'static str),
    /// The transition needs a stated version.
    #[error("`{0}` needs the version it is based on")]
    VersionRequired(&'static str),
    /// The transition decides on the latest state only.
    #[error("`{0}` always decides on the latest state; leave the version out")]
    VersionNotAccepted(&'static str),
}

/// A field that a decision needs and that was not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the field `{0}` was not observed")]
pub struct Unobserved(pub &'static str);

/// A refusal by a rule of the model rather than of one transition.
#[derive(Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// An invariant would not hold.
    #[error("{}", invariant_text(.0))]
    Invariant(&'static model::Invariant),
    /// A calculation has no result.
    #[error(transparent)]
    Arithmetic(#[from] Arithmetic),
    /// A part of a value cannot be changed.
    #[error(transparent)]
    Misplaced(#[from] Misplaced),
    /// A field's value would not be as it has to be.
    #[error("`{field}`: {}", .constraint.message)]
    Constraint {
        /// The field.
        field: &'static str,
        /// What does not hold.
        constraint: &'static model::Constraint,
    },
    /// A write-once field already has a value.
    #[error("`{0}` has been set and cannot be set again")]
    Sealed(&'static str),
    /// A computed field disagrees with its expression.
    #[error("the computed field `{0}` does not agree with the fields it is computed from")]
    Computed(&'static str),
    /// The body moved the lifecycle to a state that the transition does not declare.
    #[error("the lifecycle cannot move to `{0}` here")]
    Edge(&'static str),
}

fn invariant_text(invariant: &model::Invariant) -> String {
    if invariant.docs.is_empty() {
        format!("`{}` would not hold", invariant.name)
    } else {
        format!("`{}` would not hold: {}", invariant.name, invariant.docs)
    }
}

impl Refusal {
    /// The name of the rule, in lower case with underscores.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Invariant(invariant) => invariant.name,
            Self::Arithmetic(Arithmetic::Overflow) => "overflow",
            Self::Arithmetic(Arithmetic::DivisionByZero) => "division_by_zero",
            Self::Arithmetic(Arithmetic::CurrencyMismatch) => "currency_mismatch",
            Self::Misplaced(Misplaced::NoSuchPlace) => "no_such_place",
            Self::Misplaced(Misplaced::DuplicateChild) => "duplicate_child",
            Self::Constraint { constraint, .. } => constraint.name,
            Self::Sealed(_) => "write_once",
            Self::Computed(_) => "computed",
            Self::Edge(_) => "edge",
        }
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invariant(invariant) => write!(formatter, "Invariant({})", invariant.name),
            Self::Arithmetic(arithmetic) => write!(formatter, "Arithmetic({arithmetic:?})"),
            Self::Misplaced(misplaced) => write!(formatter, "Misplaced({misplaced:?})"),
            Self::Constraint { constraint, .. } => write!(formatter, "Constraint({})", constraint.name),
            Self::Sealed(field) => write!(formatter, "Sealed({field})"),
            Self::Computed(field) => write!(formatter, "Computed({field})"),
            Self::Edge(state) => write!(formatter, "Edge({state})"),
        }
    }
}

/// What kind of rule refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectionClass {
    /// The lifecycle: the entity is in another state.
    State,
    /// A guard or a `reject!` of the transition.
    Guard,
    /// A rule of the model: an invariant, a write-once field, a calculation without result.
    Rule,
}

/// A typed refusal. Implemented by `#[transitions]`, one type per transition; `Display` is what to tell the caller.
pub trait Rejection: fmt::Display + From<Refusal> {
    /// The name of the rule, in lower case with underscores, unique within the transition.
    fn name(&self) -> &'static str;

    /// What kind of rule refused.
    fn class(&self) -> RejectionClass;
}

/// Why a body did not run to its end.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop<R> {
    /// It was refused.
    Rejected(R),
    /// It needed a field that was not observed.
    Unobserved(Unobserved),
}

impl<R> From<Unobserved> for Stop<R> {
    fn from(unobserved: Unobserved) -> Self {
        Self::Unobserved(unobserved)
    }
}

impl<R: From<Refusal>> From<Arithmetic> for Stop<R> {
    fn from(arithmetic: Arithmetic) -> Self {
        Self::Rejected(R::from(Refusal::Arithmetic(arithmetic)))
    }
}

impl<R: From<Refusal>> From<Misplaced> for Stop<R> {
    fn from(misplaced: Misplaced) -> Self {
        Self::Rejected(R::from(Refusal::Misplaced(misplaced)))
    }
}

/// The code of a rejection, stable across releases: table, transition and rule, for example
/// `tender.accept.can_accept`.
#[must_use]
pub fn rejection_code<I: Input>(rejection: &I::Rejection) -> String {
    format!("{}.{}.{}", I::Entity::MODEL.structure.table, I::TRANSITION.name, rejection.name())
}
