//! The relay on the store in memory, with a broker that does as it is told and a clock that is held.

#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

#[path = "relay/broker.rs"]
mod broker;
#[path = "relay/crashes.rs"]
mod crashes;
#[path = "relay/failures.rs"]
mod failures;
#[path = "relay/harness.rs"]
mod harness;
#[path = "relay/sharing.rs"]
mod sharing;
#[path = "relay/swarm.rs"]
mod swarm;
#[path = "relay/timing.rs"]
mod timing;
