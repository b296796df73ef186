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
pub mod inbox;
pub mod memory;
mod message;
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

pub use message::{OutboxMessage, ParkedInput, StoredInput, StoredMessage};

/// A future that a port returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A database.
///
/// No method has a default: a store that cannot do something says so, it never does something else (R17).
pub trait Store: Send + Sync + 'static {
    /// The substrate's name, for example `SQLite`.
    fn name(&self) -> &'static str;

    /// Loads rows, receipts and marks, all as of one moment. The answers stand in the order of the questions.
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
    /// What a removed receipt knew must not be lost with it: in the same transaction in which receipts with a
    /// [`Receipt::mark`] go, the mark of their scope rises to the greatest of theirs. Marks never fall, and they stay.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn prune_receipts(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>>;

    /// Finishes what is under way and lets go of the database. Later calls fail with [`StoreErrorKind::Closed`].
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// All that a store can do, so that one handle can be passed about.
pub trait Substrate: Store + outbox::Outbox + inbox::Inbox {}

impl<S: Store + outbox::Outbox + inbox::Inbox> Substrate for S {}

/// What to load.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// Rows by id.
    pub rows: Vec<RowKey>,
    /// Receipts by scope and key.
    pub receipts: Vec<ReceiptKey>,
    /// Marks by scope.
    pub marks: Vec<String>,
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
    /// Marks: up to when receipts of the scope have been removed; `None` while none has. A message of that scope
    /// without a receipt that was recorded at or before the mark may have been applied, and its receipt removed.
    pub marks: Vec<Option<Timestamp>>,
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
    /// From when on it counts as absent, and a new receipt recorded then or later replaces it. One with a mark counts
    /// until it is removed, so that at no time it is neither here nor below the mark of its scope.
    pub expires_at: Timestamp,
    /// For the receipt of a message: when its sender recorded the message. See [`Store::prune_receipts`].
    pub mark: Option<Timestamp>,
}

impl Receipt {
    /// Whether it stands in the way of another receipt with the same scope and key that is recorded at `now`.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.mark.is_some() || self.expires_at > now
    }
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
    /// Nothing of it: a receipt with the same scope and key stands in its way, see [`Receipt::stands`].
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
