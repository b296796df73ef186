//! The relay: on the store in memory with a clock that is held, and on every store in real time; always with a broker
//! that does as it is told.

#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

#[path = "relay/broker.rs"]
mod broker;
#[path = "relay/crashes.rs"]
mod crashes;
#[path = "relay/failures.rs"]
mod failures;
#[path = "relay/harness.rs"]
mod harness;
#[cfg(feature = "postgres")]
#[path = "postgres/proxy.rs"]
#[expect(dead_code, reason = "the tests of that store use more of it")]
mod proxy;
#[cfg(feature = "postgres")]
#[path = "postgres/server.rs"]
#[expect(dead_code, reason = "the tests of that store use more of it")]
mod server;
#[path = "relay/sharing.rs"]
mod sharing;
#[path = "relay/stores.rs"]
mod stores;
#[path = "relay/swarm.rs"]
mod swarm;
#[path = "relay/timing.rs"]
mod timing;
