//! Operating an application: health and metrics over real sockets, and what operators type, on SQLite and in memory.
#![cfg(all(feature = "http", feature = "sqlite", feature = "operate"))]
#![allow(missing_docs, unreachable_pub, reason = "a test is no interface")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]
#![allow(clippy::float_cmp, reason = "the numbers compared are whole")]

mod commands;
mod deliveries;
mod exposition;
mod health;
mod metrics;
mod moody;
mod parcel;
mod signals;
mod site;
#[path = "../support/mod.rs"]
mod support;
mod whole;
