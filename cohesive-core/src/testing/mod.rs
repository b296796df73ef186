//! Tests of a domain: scenarios that read as they are told, and properties that the model writes.
//!
//! Everything here reports by panicking, as tests do; it belongs into `dev-dependencies`.

#![expect(clippy::panic, reason = "a test reports by panicking")]

mod play;
mod scenario;
mod show;
mod then;

pub use scenario::{Given, Scenario};
pub use then::Then;
