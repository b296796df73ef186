//! What a Cohesive model runs on.
//!
//! Read in this order: [`store`] is the port to a database, [`port`] are the smaller ports, [`node`] is the commit
//! engine that everything goes through, [`relay`] publishes what its commits owe the world, as [`envelope`] renders
//! it, [`http`] puts an API in front of it, and [`operate`] is for those who keep it running.

#![warn(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod backoff;
pub mod broker;
#[cfg(feature = "http-client")]
mod client;
pub mod consumer;
mod counter;
pub mod effects;
pub mod envelope;
#[cfg(feature = "http")]
pub mod http;
pub mod node;
#[cfg(feature = "operate")]
pub mod operate;
pub mod port;
pub mod relay;
pub mod store;
