//! The commit engine: natural batching, conflicts, keys, cancellation, and a cut at every step.

mod asyncapi;
mod batching;
mod bounds;
mod ending;
mod facts;
mod inputs;
mod keys;
mod relay;
#[path = "../support/mod.rs"]
mod support;
