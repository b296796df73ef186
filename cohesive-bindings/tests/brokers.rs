//! Every broker passes the one suite; what is particular to one is tried beside it.

#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

#[path = "brokers/in_process.rs"]
mod in_process;
#[cfg(feature = "nats")]
#[path = "brokers/nats.rs"]
mod nats;
