//! What can be said about conditions without running anything.
//!
//! A [`Condition`] is a conjunction of statements "this term has one of these values", over terms compared with
//! constants and terms compared with each other. It may leave out what it cannot express, and then says that it is
//! not exact: what follows from it is still true, and what would need all of it is not concluded. So rules built on it
//! stay silent where they do not know.

mod comparison;
mod condition;
mod known;
mod number;
mod ranges;
mod term;
#[cfg(test)]
mod trial;
mod values;

pub(super) use condition::Condition;
pub(super) use known::Known;
pub(super) use term::{Names, Term};
