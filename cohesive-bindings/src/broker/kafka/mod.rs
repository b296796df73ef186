//! Kafka, and what speaks its protocol.
//!
//! A [`KafkaPublisher`] writes every message to one topic, with the message's partition key as the key of the record,
//! so that the messages of an entity lie in one partition in their order. The partition is chosen as Java clients
//! choose it by default (murmur2 of the key), so other producers' records of the same key lie beside them. A
//! [`KafkaSubscriber`] is one member of a consumer group; the group is the subscription, and its members share the
//! partitions.
//!
//! The attributes of an event are headers under `ce_`, by the Kafka binding of CloudEvents; events that are one JSON
//! document are read too.
//!
//! ```no_run
//! use cohesive_bindings::broker::kafka::{KafkaOptions, KafkaPublisher, KafkaSubscriber, KafkaSubscription};
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let options = KafkaOptions {
//!     servers: vec!["broker-1:9092".to_owned(), "broker-2:9092".to_owned()],
//!     topic: "freight".to_owned(),
//!     ..KafkaOptions::default()
//! };
//! let publisher = KafkaPublisher::new(options.clone())?;
//! let subscriber = KafkaSubscriber::join(options, KafkaSubscription::new("billing", ["TenderAccepted"]))?;
//! # Ok(())
//! # }
//! ```
//!
//! **What the operator has to see to.** The topic exists, with a replication factor of three and
//! `min.insync.replicas=2`: an acknowledgement is worth what the replicas behind it are. The number of its partitions
//! never changes, because a key moves to another partition then and its order is lost. It keeps messages for longer
//! than any consumer is away. Nothing here creates topics.
//!
//! **TLS and SASL.** librdkafka is built without OpenSSL. Add `rdkafka` with its feature `ssl` or `ssl-vendored` to your
//! own dependencies, and give `security.protocol` and the rest as [settings](KafkaOptions::settings).

mod book;
mod client;
mod options;
mod publisher;
mod read;
mod subscriber;
mod thread;

pub use options::{KafkaOptions, KafkaSubscription};
pub use publisher::KafkaPublisher;
pub use subscriber::KafkaSubscriber;

/// The broker's name.
const NAME: &str = "Kafka";
/// What the name of an attribute begins with when it is a header.
const PREFIX: &str = "ce_";
