//! What a commit leaves for others: messages, and inputs that wait for somebody.

use cohesive_core::kernel::{MessageId, Version};
use cohesive_core::value::Timestamp;

/// A message as it enters the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// The message's identity, and the basis on which receivers recognise a repeat. It is the one that
    /// [`MessageId::derive`] gives for entity, id, version and ordinal, so no two places share one; a store refuses
    /// any other with [`super::StoreErrorKind::Schema`].
    pub id: MessageId,
    /// The entity's name.
    pub entity: &'static str,
    /// The entity's id, as text.
    pub entity_id: String,
    /// The entity's version after the transition.
    pub version: Version,
    /// The position among the messages of that transition, from 0.
    pub ordinal: u32,
    /// `event` or `request`.
    pub role: &'static str,
    /// The contract: the name of the event or effect.
    pub name: &'static str,
    /// The payload, as JSON text.
    pub payload: String,
    /// The transition that produced it.
    pub transition: &'static str,
    /// What the message belongs to.
    pub correlation: String,
    /// What directly caused the input, if something did.
    pub causation: Option<String>,
    /// Who sent the input, where somebody said so.
    pub actor: Option<String>,
    /// The W3C `traceparent` of the input, where it had one.
    pub trace: Option<String>,
    /// When it happened; `None` where the source of a fact does not say.
    pub occurred_at: Option<Timestamp>,
    /// The time that the decision saw.
    pub recorded_at: Timestamp,
}

/// An input that nobody decides on by itself, because its sender had not seen the latest version
/// (`conflict = manual`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedInput {
    /// The entity's name.
    pub entity: String,
    /// The entity's id, as text.
    pub entity_id: String,
    /// The transition.
    pub transition: String,
    /// The input, as JSON text.
    pub input: String,
    /// The version that its sender had seen.
    pub expected: Version,
    /// The version that was there.
    pub actual: Version,
    /// What the input belongs to.
    pub correlation: String,
    /// What directly caused it, if something did.
    pub causation: Option<String>,
    /// Who sent it, where somebody said so.
    pub actor: Option<String>,
    /// Its W3C `traceparent`, where it had one.
    pub trace: Option<String>,
    /// When it was kept.
    pub recorded_at: Timestamp,
}

/// A kept input, with the number that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredInput {
    /// Its number, in the order of arrival.
    pub number: u64,
    /// The input.
    pub input: ParkedInput,
}

/// A message as the outbox holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    /// The message's identity.
    pub id: MessageId,
    /// The entity's name.
    pub entity: String,
    /// The entity's id, as text.
    pub entity_id: String,
    /// The entity's version after the transition.
    pub version: Version,
    /// The position among the messages of that transition, from 0.
    pub ordinal: u32,
    /// `event` or `request`.
    pub role: String,
    /// The contract: the name of the event or effect.
    pub name: String,
    /// The payload, as JSON text.
    pub payload: String,
    /// The transition that produced it.
    pub transition: String,
    /// What the message belongs to.
    pub correlation: String,
    /// What directly caused the input, if something did.
    pub causation: Option<String>,
    /// Who sent the input, where somebody said so.
    pub actor: Option<String>,
    /// The W3C `traceparent` of the input, where it had one.
    pub trace: Option<String>,
    /// When it happened; `None` where the source of a fact does not say.
    pub occurred_at: Option<Timestamp>,
    /// The time that the decision saw.
    pub recorded_at: Timestamp,
    /// When it was published; `None` while it is pending.
    pub published_at: Option<Timestamp>,
}

impl From<&OutboxMessage> for StoredMessage {
    /// The message as it lies there, pending.
    fn from(message: &OutboxMessage) -> Self {
        Self {
            id: message.id,
            entity: message.entity.to_owned(),
            entity_id: message.entity_id.clone(),
            version: message.version,
            ordinal: message.ordinal,
            role: message.role.to_owned(),
            name: message.name.to_owned(),
            payload: message.payload.clone(),
            transition: message.transition.to_owned(),
            correlation: message.correlation.clone(),
            causation: message.causation.clone(),
            actor: message.actor.clone(),
            trace: message.trace.clone(),
            occurred_at: message.occurred_at,
            recorded_at: message.recorded_at,
            published_at: None,
        }
    }
}
