//! Every broker passes the one suite; what is particular to one is tried beside it.

#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

#[path = "brokers/in_process.rs"]
mod in_process;
#[cfg(feature = "kafka")]
#[path = "brokers/kafka/mod.rs"]
mod kafka;
#[cfg(feature = "nats")]
#[path = "brokers/nats.rs"]
mod nats;
#[cfg(all(feature = "http", feature = "webhook"))]
#[path = "brokers/webhook/mod.rs"]
mod webhook;
