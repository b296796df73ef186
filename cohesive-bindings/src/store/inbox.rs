//! The port of consumers: deliveries that are being tried, and those that are left for an operator.
//!
//! That a message was applied is told by the receipt in the commit of what it led to, and later by the mark of its
//! scope ([`super::Receipt::mark`]). This port keeps what has to survive a crash beside that: how often a delivery
//! was begun, so that one that ends the process is not begun without end (F9), and what was given up.
//!
//! An implementation promises three things, and the conformance suite (feature `testing`) holds it to them:
//!
//! 1. Each call is one transaction, and durable when it is answered.
//! 2. A parked delivery is kept as it came, byte for byte, until somebody removes it.
//! 3. Texts of a key, a kind and a partition key hold no NUL; a store refuses one that does with
//!    [`super::StoreErrorKind::Schema`]. Headers and bodies hold anything.

use cohesive_core::value::Timestamp;

use super::{BoxFuture, StoreError};

/// What a store keeps for consumers.
///
/// No method has a default: a store that cannot do something says so.
pub trait Inbox: Send + Sync + 'static {
    /// Counts one more attempt at a delivery, from 1 on. The count is durable before it is answered (F9).
    ///
    /// # Errors
    /// When the store cannot be reached; [`super::StoreErrorKind::Unknown`] when the attempt may have been counted.
    fn count_attempt(&self, key: DeliveryKey) -> BoxFuture<'_, Result<u32, StoreError>>;

    /// Forgets how often deliveries were tried; the next attempt at one is the first again. Unknown ones are none.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn forget_attempts(&self, keys: Vec<DeliveryKey>) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Leaves a delivery for an operator, and forgets its attempts in the same transaction. One that is parked
    /// already stays as it is.
    ///
    /// # Errors
    /// When the store cannot be reached; [`super::StoreErrorKind::Unknown`] when it may be parked.
    fn park_delivery(&self, delivery: ParkedDelivery) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Whether deliveries with this partition key are parked for this consumer. Others with that key have to wait for
    /// them, to keep their order.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn is_waiting(&self, consumer: String, partition_key: String) -> BoxFuture<'_, Result<bool, StoreError>>;

    /// Lists parked deliveries with numbers greater than `after`, in the order of their numbers, which is that of
    /// parking. Numbers begin at 1.
    ///
    /// # Errors
    /// When the store cannot be reached or holds something that it cannot have written.
    fn parked_deliveries(
        &self,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<StoredDelivery>, StoreError>>;

    /// All deliveries with this partition key that are parked for this consumer, in the order of parking.
    ///
    /// # Errors
    /// When the store cannot be reached or holds something that it cannot have written.
    fn parked_of(
        &self,
        consumer: String,
        partition_key: String,
    ) -> BoxFuture<'_, Result<Vec<StoredDelivery>, StoreError>>;

    /// Removes a parked delivery. `false` when there is none with this number. Numbers are not given again.
    ///
    /// # Errors
    /// When the store cannot be reached; [`super::StoreErrorKind::Unknown`] when it may have been removed.
    fn remove_delivery(&self, number: u64) -> BoxFuture<'_, Result<bool, StoreError>>;

    /// How much is kept. Counts what is there, so it takes time where there is much.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn inbox_stats(&self) -> BoxFuture<'_, Result<InboxStats, StoreError>>;
}

/// What names a delivery: a message, for one of those who get it. Source and id are those of its envelope.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryKey {
    /// Who consumes it.
    pub consumer: String,
    /// Who sent it.
    pub source: String,
    /// Its id, which no other message of that source has.
    pub id: String,
}

/// A delivery that is left for an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedDelivery {
    /// What names it.
    pub key: DeliveryKey,
    /// The contract: the name of the event.
    pub kind: String,
    /// The key within which deliveries keep their order.
    pub partition_key: String,
    /// Its headers, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
    /// Why it was given up; cut to [`super::outbox::ERROR_LENGTH`].
    pub error: String,
    /// How often it was tried.
    pub attempts: u32,
}

/// A parked delivery as the store holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// The number that names it to [`Inbox::remove_delivery`].
    pub number: u64,
    /// The delivery.
    pub delivery: ParkedDelivery,
    /// When it was parked, by the store's clock.
    pub parked_at: Timestamp,
}

/// What an inbox holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboxStats {
    /// How many receipts have a mark: messages that are known one by one.
    pub receipts: u64,
    /// How many deliveries wait for an operator.
    pub parked: u64,
    /// How many deliveries have attempts that are counted.
    pub attempts: u64,
}
