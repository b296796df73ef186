//! The port of the relay: pending messages, claimed by row under leases.
//!
//! An outbox has two [`Stream`]s, events and requests of effects, so that neither holds back the other. Each has
//! [`LANES`] lanes. A message lies in the lane that its stream has for its entity, for ever, so the lane count never
//! changes and nothing is ever moved between lanes (F32). A lane has one owner at a time: a relay with a lease and a
//! token that rises with every change of owner. What a former owner still writes carries an old token and changes
//! nothing; its answer is [`Settled::Fenced`] (F7).
//!
//! An implementation promises six things, and the conformance suite (feature `testing`) holds it to them:
//!
//! 1. Each call is one transaction, and survives the end of the process when it is answered. It is durable, but for a
//!    claim or a settlement, of which a power cut may take back the last ones: their messages are published again.
//! 2. A claim counts the attempt before it answers (F9), and never gives one message twice under one token.
//! 3. Within a stream, the messages of one entity are claimed in the order of version and ordinal, whatever the order in which they
//!    became visible. In particular no position is a cursor: a sequence number is allotted before its commit, so a
//!    lower one may become visible later (F1). A store that remembers how far it looked must look from the start now
//!    and then, and must not give a message while an earlier one of its entity is pending and not claimed under the
//!    same token.
//! 4. While the first pending message of an entity in a stream waits for its next attempt or is parked, no other
//!    message of that entity in that stream is claimed. Those of other entities are, and so are those of the other
//!    stream.
//! 5. Every settlement depends on the token. The rows that it changed are counted.
//! 6. The time is the store's own (F30): callers give spans, never instants.

pub(crate) mod lanes;
mod stream;

use std::time::Duration;

use cohesive_core::kernel::{MessageId, Version};
use cohesive_core::value::Timestamp;

pub use lanes::{LANES, Lane, lane, share};
pub use stream::Stream;

use super::{BoxFuture, StoreError, StoredMessage};

/// A message is taken up alone, with nothing beside it, once this many of its attempts ended without an answer:
/// one that ends the process must not use up the attempts of its neighbours (F9).
pub const ALONE_FROM: u32 = 2;

/// How many characters of an error are kept at the most (F8).
pub const ERROR_LENGTH: usize = 1000;

/// The messages that a store owes the world.
///
/// No method has a default: a store that cannot do something says so.
pub trait Outbox: Send + Sync + 'static {
    /// Extends leases that are due for it, and takes lanes of the stream that nobody holds until the relay has its
    /// share.
    ///
    /// A lane is free when it has no owner, when its lease is over, when its owner took it at a time that has not
    /// come yet (the clock was set back), or when it is the caller's own under a token that the caller does not know.
    /// Taking a lane gives it a new token, and releases what the former owner had claimed. Where the first pending
    /// message of an entity was claimed and had [`ALONE_FROM`] or more attempts, it waits to be claimed alone.
    ///
    /// # Errors
    /// When the store cannot be reached; [`super::StoreErrorKind::Unknown`] when lanes may have been taken.
    fn acquire(&self, request: Acquire) -> BoxFuture<'_, Result<Leases, StoreError>>;

    /// Gives lanes back; those that are no longer the caller's are left alone. With `leaving`, the relay no longer
    /// counts among those that share lanes, in either stream.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn release(
        &self,
        owner: String,
        leases: Vec<Lease>,
        leaving: bool,
    ) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Claims pending messages, in the order of their positions within each lane, and counts one attempt for each.
    ///
    /// While a message of these lanes waits to be claimed alone, a claim gives that one and nothing else; to a
    /// `busy` relay it gives nothing. A row that cannot be read is parked, as it is (R27).
    ///
    /// # Errors
    /// When the store cannot be reached; [`super::StoreErrorKind::Unknown`] when messages may have been claimed.
    fn claim(&self, request: Claim) -> BoxFuture<'_, Result<Vec<Pending>, StoreError>>;

    /// Records what became of claimed messages, each for itself, in the order given.
    ///
    /// # Errors
    /// When nothing was recorded, or when it cannot be known.
    fn settle(&self, settlements: Vec<Settlement>) -> BoxFuture<'_, Result<Vec<Settled>, StoreError>>;

    /// Lists parked messages of a stream in the order of their positions. Each is the first pending one of its entity
    /// in that stream.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn parked_messages(
        &self,
        stream: Stream,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<ParkedMessage>, StoreError>>;

    /// Gives a parked message its attempts back. `false` when no message is parked at this position.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn retry_parked(&self, position: u64) -> BoxFuture<'_, Result<bool, StoreError>>;

    /// Gives a parked message up: it is never published, and the next one of its entity follows. `false` when no
    /// message is parked at this position.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn drop_parked(&self, position: u64) -> BoxFuture<'_, Result<bool, StoreError>>;

    /// Removes at most `limit` messages of a stream that were published or dropped at least `kept` ago, and answers
    /// how many.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn prune_published(
        &self,
        stream: Stream,
        kept: Duration,
        limit: usize,
    ) -> BoxFuture<'_, Result<u64, StoreError>>;

    /// Makes every message of a stream pending again that was published at or after `since` and is still there, and
    /// answers how many (F37). A receiver sees them again, in order within each entity, under the ids that they had.
    /// For requests that means that their effects are asked for again.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn republish(&self, stream: Stream, since: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>>;

    /// How much of a stream is pending, and for how long. Counts what is there, so it takes time in a long backlog.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn outbox_stats(&self, stream: Stream) -> BoxFuture<'_, Result<OutboxStats, StoreError>>;
}

/// The right to publish from one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lease {
    /// The lane.
    pub lane: Lane,
    /// Rises whenever the lane changes its owner.
    pub token: u64,
}

/// What a relay asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acquire {
    /// Who asks. No two relays have the same name, and none has the name of an earlier run.
    pub owner: String,
    /// The lanes of which stream are shared.
    pub stream: Stream,
    /// The leases that it knows of.
    pub held: Vec<Lease>,
    /// How long a lease lasts. It is extended when a third of it is over.
    pub lease: Duration,
}

/// What a relay has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leases {
    /// Every lease of the relay in the stream, by lane.
    pub held: Vec<Lease>,
    /// How many relays share the lanes of the stream, this one included.
    pub relays: usize,
    /// How long the shortest of these leases still lasts; zero when there is none.
    pub left: Duration,
}

/// What to claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// From which lanes. A lease that has been lost gives nothing.
    pub leases: Vec<Lease>,
    /// At most this many messages of each lane.
    pub per_lane: usize,
    /// Whether the relay has claimed messages that are not settled.
    pub busy: bool,
}

/// A claimed message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Where it lies in the outbox.
    pub position: u64,
    /// The lease under which it was claimed.
    pub lease: Lease,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    /// The message.
    pub message: StoredMessage,
}

/// What became of a claimed message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Where it lies in the outbox.
    pub position: u64,
    /// The lease under which it was claimed.
    pub lease: Lease,
    /// What became of it.
    pub outcome: Settle,
}

/// What became of a claimed message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settle {
    /// The broker acknowledged it.
    Published,
    /// It could not be published now. Its entity waits.
    Retry {
        /// How long to wait, at the least.
        after: Duration,
        /// Why; cut to [`ERROR_LENGTH`].
        error: String,
    },
    /// It is left for an operator. Its entity waits.
    Parked {
        /// Why; cut to [`ERROR_LENGTH`].
        error: String,
    },
    /// It was not taken up, so its claim does not count as an attempt.
    Returned,
}

/// What became of a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is recorded.
    Done,
    /// It changed no row: the lane has another owner, or the message has been settled before.
    Fenced,
}

/// A message that is left for an operator. Only what names it is read, so that one that cannot be read is listed too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedMessage {
    /// Where it lies in the outbox; this number names it to [`Outbox::retry_parked`] and [`Outbox::drop_parked`].
    pub position: u64,
    /// Its identity.
    pub id: MessageId,
    /// The entity's name.
    pub entity: String,
    /// The entity's id, as text.
    pub entity_id: String,
    /// The entity's version after the transition.
    pub version: Version,
    /// The position among the messages of that transition, from 0.
    pub ordinal: u32,
    /// The contract: the name of the event or effect.
    pub name: String,
    /// The payload, as it is stored.
    pub payload: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it is parked.
    pub error: String,
    /// When it was parked.
    pub parked_at: Timestamp,
}

/// What a stream of an outbox holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutboxStats {
    /// How many messages are neither published nor dropped.
    pub pending: u64,
    /// How long ago the pending message with the lowest position was recorded.
    pub oldest: Option<Duration>,
    /// How many entities wait for another attempt.
    pub waiting: u64,
    /// How many entities wait for an operator.
    pub parked: u64,
    /// How many messages are claimed and not settled, by lane.
    pub claimed: Vec<(Lane, u64)>,
}

/// An error as it is kept: with its causes, not too long (F8), and up to the first NUL, which not every database can
/// keep as text.
pub(crate) fn cut(error: &str) -> &str {
    let error = error.split('\0').next().unwrap_or_default();
    error.char_indices().nth(ERROR_LENGTH).map_or(error, |(place, _)| &error[..place])
}
