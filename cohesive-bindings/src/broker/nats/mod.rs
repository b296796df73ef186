//! NATS `JetStream`, from version 2.9 on.
//!
//! One stream keeps the messages of one prefix. A message goes to the subject `<prefix>.<partition>.<kind>`; the
//! partition is that of its key. A subscription is a durable pull consumer for each partition, which has one message in
//! hand at a time: that is what keeps the order when a receiver dies. A rejected message holds back its partition until
//! it comes again, so more partitions mean more at once.
//!
//! The server acknowledges what it has written, and by default asks the disk to keep it every two minutes only
//! (`sync_interval`, from version 2.10 on): a crash of the process loses nothing, a power cut may lose what was
//! acknowledged. Set `sync_interval: always`, or several replicas in places that do not fail together, or keep published
//! messages for long enough in the outbox to publish them again.

mod options;
mod publisher;
mod stream;
mod subject;
mod subscriber;

pub use options::{NatsOptions, NatsSubscription};
pub use publisher::NatsPublisher;
pub use subscriber::NatsSubscriber;

/// What this broker is called.
const NAME: &str = "NATS JetStream";
/// The prefix of the attributes in headers.
const HEADER_PREFIX: &str = "ce-";
