//! The port to a database: load many, commit many, each with an outcome of its own.
//!
//! A store keeps rows, versions, outbox messages and receipts, and knows nothing of Rust types, decisions or HTTP.
//! It promises four things, and the conformance suite (feature `testing`) holds every implementation to them:
//!
//! 1. A [`Unit`] takes effect as a whole or not at all: state, messages and receipts together.
//! 2. A unit whose expectation about the version does not hold changes nothing.
//! 3. A unit that was answered with [`UnitOutcome::Committed`] is durable.
//! 4. One unit's refusal never touches another unit of the same batch.

#[cfg(feature = "testing")]
pub mod conformance;
mod fit;
pub mod memory;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod migration;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod names;
pub mod outbox;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::future::Future;
use std::pin::Pin;

use cohesive_core::kernel::{MessageId, Version};
use cohesive_core::model::Structure;
use cohesive_core::value::{Datum, Timestamp};

/// A future that a port returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A database.
///
/// No method has a default: a store that cannot do something says so, it never does something else (R17).
pub trait Store: Send + Sync + 'static {
    /// The substrate's name, for example `SQLite`.
    fn name(&self) -> &'static str;

    /// Loads rows and receipts, all as of one moment. The answers stand in the order of the questions.
    ///
    /// # Errors
    /// When the store cannot be reached or holds something that it cannot have written.
    fn load(&self, batch: Load) -> BoxFuture<'_, Result<Loaded, StoreError>>;

    /// Commits units, durably, and answers each in order. Several units about one entity are applied in order.
    ///
    /// # Errors
    /// When nothing of the batch was committed, or when it cannot be known: [`StoreError::kind`] tells which.
    fn commit(&self, batch: Vec<Unit>) -> BoxFuture<'_, Result<Vec<UnitOutcome>, StoreError>>;

    /// Lists entities in the order of their ids.
    ///
    /// # Errors
    /// When the store cannot be reached or holds something that it cannot have written.
    fn list(&self, query: ListQuery) -> BoxFuture<'_, Result<Vec<Row>, StoreError>>;

    /// Lists the messages of one entity, oldest first, published or not.
    ///
    /// # Errors
    /// When the store cannot be reached or holds something that it cannot have written.
    fn outbox(&self, query: OutboxQuery) -> BoxFuture<'_, Result<Vec<StoredMessage>, StoreError>>;

    /// Lists the inputs that were kept for somebody to look at, oldest first.
    ///
    /// # Errors
    /// When the store cannot be reached or holds something that it cannot have written.
    fn parked_inputs(&self, limit: usize) -> BoxFuture<'_, Result<Vec<StoredInput>, StoreError>>;

    /// Removes receipts that expired at or before `now`, and answers how many.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn prune_receipts(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>>;

    /// Finishes what is under way and lets go of the database. Later calls fail with [`StoreErrorKind::Closed`].
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// What to load.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// Rows by id.
    pub rows: Vec<RowKey>,
    /// Receipts by scope and key.
    pub receipts: Vec<ReceiptKey>,
}

/// One row to load.
#[derive(Debug, Clone)]
pub struct RowKey {
    /// The entity.
    pub structure: &'static Structure,
    /// Its id.
    pub id: Datum<'static>,
    /// The columns to load, by index, ascending.
    pub columns: Vec<usize>,
}

/// One receipt to load.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReceiptKey {
    /// Who asked for what: caller and operation. Keys of different scopes never meet.
    pub scope: String,
    /// The caller's key.
    pub key: String,
}

/// What was loaded, in the order of the questions.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Rows; `None` where there is no such entity.
    pub rows: Vec<Option<Row>>,
    /// Receipts; `None` where there is no such receipt. Expired ones are returned; the engine judges them.
    pub receipts: Vec<Option<Receipt>>,
}

/// One row, as far as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The entity's version.
    pub version: Version,
    /// The values of the columns asked for, in that order; of all columns, for a list.
    pub columns: Vec<Datum<'static>>,
}

/// What commits as a whole or not at all.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// The change of state, if there is one.
    pub write: Option<Write>,
    /// The messages that the change owes the world.
    pub messages: Vec<OutboxMessage>,
    /// The answers to remember.
    pub receipts: Vec<Receipt>,
    /// The inputs to keep for somebody to look at.
    pub parked: Vec<ParkedInput>,
}

/// A change of one entity's state.
#[derive(Debug, Clone)]
pub struct Write {
    /// The entity.
    pub structure: &'static Structure,
    /// Its id.
    pub id: Datum<'static>,
    /// What must be there before.
    pub expected: Expected,
    /// The version afterwards.
    pub version: Version,
    /// The columns to write, by index, ascending: all of them for a new entity, the changed ones otherwise.
    pub columns: Vec<(usize, Datum<'static>)>,
}

/// What must be there before a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// No such entity.
    Absent,
    /// The entity, at this version.
    Version(Version),
}

/// A message as it enters the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// The message's identity, and the basis on which receivers recognise a repeat. It is the one that
    /// [`MessageId::derive`] gives for entity, id, version and ordinal, so no two places share one; a store refuses
    /// any other with [`StoreErrorKind::Schema`].
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
    /// When it happened; `None` where the source of a fact does not say.
    pub occurred_at: Option<Timestamp>,
    /// The time that the decision saw.
    pub recorded_at: Timestamp,
    /// When it was published; `None` while it is pending.
    pub published_at: Option<Timestamp>,
}

/// An answer to remember, so that a repeated request gets it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Who asked for what: caller and operation.
    pub scope: String,
    /// The caller's key.
    pub key: String,
    /// SHA-256 of the request's meaning. The same key with another fingerprint is another request.
    pub fingerprint: [u8; 32],
    /// The HTTP status of the answer (RFC 9110).
    pub status: u16,
    /// The entity's version in the answer, where it names one.
    pub version: Option<Version>,
    /// The body of the answer, byte for byte.
    pub body: Vec<u8>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// From when on it counts as absent. A new receipt replaces one that has expired when the new one was recorded.
    pub expires_at: Timestamp,
}

/// What became of a unit. Where several refusals apply, the first in this order is given: a receipt that exists,
/// an entity that is not as expected, a value that is not unique, a message that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitOutcome {
    /// All of it is durable.
    Committed,
    /// Nothing of it: the entity was not as expected.
    Conflict {
        /// The version that is there; `None` when the entity is absent.
        actual: Option<Version>,
    },
    /// Nothing of it: another entity has the same value in a unique field.
    NotUnique {
        /// The field's name in code.
        field: &'static str,
    },
    /// Nothing of it: an unexpired receipt with the same scope and key is there already.
    ReceiptExists(Box<Receipt>),
    /// Nothing of it: a message with the same id is there already, which no correct engine produces.
    MessageExists(MessageId),
}

/// Which entities to list.
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// The entity.
    pub structure: &'static Structure,
    /// Columns that must equal a value. A `Null` fits rows without a value.
    pub filters: Vec<(usize, Datum<'static>)>,
    /// Only ids greater than this one.
    pub after: Option<Datum<'static>>,
    /// At most this many rows.
    pub limit: usize,
}

/// Which messages to list.
#[derive(Debug, Clone)]
pub struct OutboxQuery {
    /// The entity's name.
    pub entity: &'static str,
    /// The entity's id, as text.
    pub entity_id: String,
    /// Only messages after this version and ordinal.
    pub after: Option<(Version, u32)>,
    /// At most this many messages.
    pub limit: usize,
}

/// A failure of the store itself.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{store}: {message}")]
pub struct StoreError {
    /// What the failure means for the caller.
    pub kind: StoreErrorKind,
    /// The substrate's name.
    pub store: &'static str,
    /// What happened, in the substrate's words. Holds no values of fields.
    pub message: String,
}

/// What a failure of the store means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Nothing was committed; trying again later may help.
    Unavailable,
    /// Nothing was committed: the disk or a quota is full.
    Full,
    /// It cannot be known whether the batch was committed. A receipt tells later.
    Unknown,
    /// The store holds something that it cannot have written.
    Corrupt,
    /// The store's schema is not what the model says.
    Schema,
    /// The store has been closed.
    Closed,
}

impl StoreErrorKind {
    /// The kind as one lower-case word, for logs and metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unavailable => "store-unavailable",
            Self::Full => "store-full",
            Self::Unknown => "store-unknown",
            Self::Corrupt => "store-corrupt",
            Self::Schema => "store-schema",
            Self::Closed => "store-closed",
        }
    }
}
