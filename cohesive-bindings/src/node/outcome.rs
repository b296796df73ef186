//! What a node answers.

use cohesive_core::kernel::{
    Boundary, Decision, Input, Invalid, MessageId, Rejection as _, RejectionClass, Version, rejection_code,
};

use cohesive_core::model::Conflict;

use super::reply::Reply;
use crate::store::{StoreError, StoreErrorKind};

/// What became of an input.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "an outcome says whether anything happened"]
pub enum Outcome<I: Input> {
    /// It was applied, and is durable.
    Committed(Committed),
    /// It was accepted, and there was nothing to change and nothing to say.
    NoChange {
        /// The entity's version, as before.
        version: Version,
    },
    /// The domain refused it.
    Rejected(I::Rejection),
    /// The caller's view of the entity is not the latest.
    Conflict {
        /// The version that the caller stated.
        expected: Version,
        /// The entity's version.
        actual: Version,
    },
    /// The caller's view of the entity is not the latest, and the input is kept for somebody to look at.
    Parked {
        /// The version that the caller stated.
        expected: Version,
        /// The entity's version.
        actual: Version,
    },
    /// There is no such entity to change.
    NotFound,
    /// There is such an entity already, so it cannot be created.
    AlreadyExists,
    /// Another entity has the same value in a unique field.
    NotUnique {
        /// The field.
        field: &'static str,
    },
    /// The input, the stored state or the stated version is unusable.
    Invalid(Invalid),
    /// The key was used before for the same request: this is the first answer, byte for byte.
    Replayed(Reply),
    /// The key was used before for another request.
    KeyReused,
    /// The source of the fact gave the same external id to another fact about this entity.
    FactReused,
    /// A request with the same key is being worked on.
    KeyInFlight,
    /// A message with the same source and id, and another content, was applied before (P10).
    MessageReused,
    /// The inbox may have applied this message and forgotten it: it was recorded when nothing is remembered any more.
    /// It is refused, because applying it could be the second time (F16).
    MessageTooOld,
}

/// What a committed transition proves: state, messages and the answer to a repeated request are durable, together.
///
/// It does not prove that any message has been published, received or processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    pub(crate) version: Version,
    pub(crate) changed: Vec<&'static str>,
    pub(crate) messages: Vec<(MessageId, &'static str, &'static str)>,
}

impl Committed {
    /// The entity's version afterwards.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The fields that changed, in declaration order.
    #[must_use]
    pub fn changed(&self) -> &[&'static str] {
        &self.changed
    }

    /// The messages that are now owed to the world: id, role and name, in declaration order.
    #[must_use]
    pub fn messages(&self) -> &[(MessageId, &'static str, &'static str)] {
        &self.messages
    }

    /// The highest boundary that was reached: the outbox, where there are messages, else the transition.
    #[must_use]
    pub const fn boundary(&self) -> Boundary {
        if self.messages.is_empty() { Boundary::TransitionCommitted } else { Boundary::OutboxCommitted }
    }
}

impl<I: Input> Outcome<I> {
    /// The outcome of a decision that changes nothing.
    pub(super) fn refused(decision: Decision<I>) -> Self {
        match decision {
            Decision::Rejected(rejection) => Self::Rejected(rejection),
            Decision::Conflict { expected, actual } if I::TRANSITION.conflict == Conflict::Manual => {
                Self::Parked { expected, actual }
            }
            Decision::Conflict { expected, actual } => Self::Conflict { expected, actual },
            Decision::Invalid(invalid) => Self::Invalid(invalid),
            Decision::NoChange | Decision::Applied(_) => Self::NoChange { version: Version::INITIAL },
        }
    }

    /// The outcome as one lower-case word, for logs and metrics.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Committed(_) => "committed",
            Self::NoChange { .. } => "no-change",
            Self::Rejected(_) => "rejected",
            Self::Conflict { .. } => "conflict",
            Self::Parked { .. } => "parked",
            Self::NotFound => "not-found",
            Self::AlreadyExists => "already-exists",
            Self::NotUnique { .. } => "not-unique",
            Self::Invalid(_) => "invalid",
            Self::Replayed(_) => "replayed",
            Self::KeyReused => "key-reused",
            Self::FactReused => "fact-reused",
            Self::KeyInFlight => "key-in-flight",
            Self::MessageReused => "message-reused",
            Self::MessageTooOld => "message-too-old",
        }
    }

    /// What was committed, if something was.
    pub const fn committed(&self) -> Option<&Committed> {
        if let Self::Committed(committed) = self { Some(committed) } else { None }
    }

    /// The stable code of a refusal, for example `tender.accept.can_accept` or `not_found`.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        let code = match self {
            Self::Committed(_) | Self::NoChange { .. } | Self::Replayed(_) => return None,
            Self::Rejected(rejection) => return Some(rejection_code::<I>(rejection)),
            Self::Conflict { .. } => "version_conflict",
            Self::Parked { .. } => "parked_for_review",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::NotUnique { .. } => "not_unique",
            Self::Invalid(Invalid::VersionRequired(_)) => "version_required",
            Self::Invalid(Invalid::VersionNotAccepted(_)) => "version_not_accepted",
            Self::Invalid(Invalid::State(_) | Invalid::Unobserved(_)) => "stored_state_invalid",
            Self::Invalid(_) => "invalid_input",
            Self::KeyReused => "idempotency_key_reused",
            Self::FactReused => "fact_reused",
            Self::KeyInFlight => "idempotency_key_in_flight",
            Self::MessageReused => "message_reused",
            Self::MessageTooOld => "message_too_old",
        };
        Some(code.to_owned())
    }

    /// Whether the same input would have the same outcome for ever, so that a repeated request may be answered
    /// with it (B47).
    pub(crate) const fn is_final(&self) -> bool {
        match self {
            Self::Committed(_)
            | Self::NoChange { .. }
            | Self::Rejected(_)
            | Self::Parked { .. }
            | Self::AlreadyExists => true,
            // Versions only grow: an older one never fits again, a newer one may.
            Self::Conflict { expected, actual } => expected.number() < actual.number(),
            Self::Invalid(invalid) => !matches!(invalid, Invalid::State(_) | Invalid::Unobserved(_)),
            Self::NotFound
            | Self::NotUnique { .. }
            | Self::Replayed(_)
            | Self::KeyReused
            | Self::FactReused
            | Self::KeyInFlight
            | Self::MessageReused
            | Self::MessageTooOld => false,
        }
    }

    /// The kind of rule that refused, if the domain refused.
    pub fn class(&self) -> Option<RejectionClass> {
        if let Self::Rejected(rejection) = self { Some(rejection.class()) } else { None }
    }
}

/// A failure of infrastructure: no decision was made, or none is known.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node is shutting down or has stopped.
    #[error("the node has stopped")]
    Stopped,
    /// The node ended after it had taken the input in. It is not known whether it was committed; a repeat with the
    /// same key tells.
    #[error("the node ended while the input was on its way")]
    Lost,
    /// The entity is not part of the system that the node serves.
    #[error("`{0}` is not part of this system")]
    NotServed(&'static str),
    /// Other nodes changed the entity again and again while this one tried. Nothing was committed.
    #[error("`{entity}` was changed by others {attempts} times while this input was tried")]
    Contended {
        /// The entity's name.
        entity: &'static str,
        /// How often it was tried.
        attempts: u32,
    },
    /// Deciding panicked, in a helper outside of the model. Nothing was committed.
    #[error("deciding `{0}` panicked")]
    Panicked(&'static str),
}

impl Failure {
    /// The failure as one lower-case word, for logs and metrics.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Store(error) => error.kind.word(),
            Self::Stopped => "stopped",
            Self::Lost => "lost",
            Self::NotServed(_) => "not-served",
            Self::Contended { .. } => "contended",
            Self::Panicked(_) => "panicked",
        }
    }

    /// Whether waiting does not help by itself.
    #[must_use]
    pub const fn is_lasting(&self) -> bool {
        match self {
            Self::Store(error) => matches!(
                error.kind,
                StoreErrorKind::Corrupt | StoreErrorKind::Schema | StoreErrorKind::Closed
            ),
            Self::Stopped | Self::NotServed(_) | Self::Panicked(_) => true,
            Self::Lost | Self::Contended { .. } => false,
        }
    }

    /// Whether it is certain that nothing was committed.
    #[must_use]
    pub const fn nothing_committed(&self) -> bool {
        match self {
            Self::Store(error) => !matches!(error.kind, StoreErrorKind::Unknown),
            Self::Stopped | Self::NotServed(_) | Self::Contended { .. } | Self::Panicked(_) => true,
            Self::Lost => false,
        }
    }
}
