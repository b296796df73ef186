//! The meaning of a Cohesive model.
//!
//! Without features this crate is [`model`], [`check`] and what they need, and has no dependencies: the form that
//! the macros read. With `runtime` come [`value`] and [`kernel`]: the types that travel and the pure decision.
//! There is no I/O, no clock and no async here, and there never will be.

#![warn(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

pub mod check;
pub mod diagnostic;
pub mod model;
pub mod render;
pub mod spelling;
pub mod suggest;

#[cfg(feature = "testing")]
pub mod interpret;
#[cfg(feature = "runtime")]
pub mod kernel;
#[cfg(feature = "runtime")]
#[doc(hidden)]
pub mod plumbing;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "runtime")]
pub mod value;
