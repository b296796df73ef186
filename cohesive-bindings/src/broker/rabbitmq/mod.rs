//! RabbitMQ, from version 3.10 on.
//!
//! Messages go to a durable direct exchange, by the key `<partition>/<partitions>.<kind>`; the partition is that of the
//! message's key. A subscription is a quorum queue for each partition, with one active receiver that has one message in
//! hand: that is what keeps the order when a receiver dies. A rejected message holds back its partition until it comes
//! again, so more partitions mean more at once.
//!
//! A queue is there from the moment its first subscriber connected, and a message that no queue takes is refused, so
//! nothing is published to nobody. Publishing is confirmed when a majority of the queue's servers has written the message.
//!
//! Servers of the 3.x line write down a new queue half a second after they made it. One that crashes in that half second
//! forgets the queue and what was published to it, though it was confirmed.
//!
//! There is no TLS: give it a tunnel, or a network of its own. The client writes a message that the server returned
//! into the log, payload and all, at level WARN of its target `lapin`: filter it where logs must hold no payloads.

mod link;
mod options;
mod publisher;
mod share;
mod subscriber;
mod topology;

pub use options::{RabbitMqOptions, RabbitMqSubscription};
pub use publisher::RabbitMqPublisher;
pub use subscriber::RabbitMqSubscriber;

/// What this broker is called.
const NAME: &str = "RabbitMQ";
/// The prefix of the attributes in headers.
const HEADER_PREFIX: &str = "cloudEvents:";
