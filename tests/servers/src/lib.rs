//! Servers of the tests' own: found, started on private ports in temporary folders, and gone with the tests.
//!
//! They keep their promises: what they acknowledge is written. `tests/servers/install` fetches them where the machine
//! has none; a test without its server fails, and says so.

#![allow(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a test reports by panicking")]

mod nats;
mod process;
mod proxy;
mod rabbitmq;
mod wire;

pub use nats::Nats;
pub use proxy::{Proxy, Side};
pub use rabbitmq::RabbitMq;
