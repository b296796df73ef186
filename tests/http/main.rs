//! The HTTP API over real sockets, on a SQLite file: every route, every header rule, every status told apart.
#![cfg(all(feature = "http", feature = "sqlite"))]
#![allow(missing_docs, unreachable_pub, reason = "a test is no interface")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

#[path = "../../examples/freight/domain.rs"]
mod freight;
mod specimen;
mod support;

mod contract;
mod docs;
mod entities;
mod headers;
mod keys;
mod pages;
mod refusals;
mod spans;
mod transport;
