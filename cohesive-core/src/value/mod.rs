//! Values a field, an input or a message member can have, and how they travel.
//!
//! A value has three forms: the Rust value, a [`Datum`] (what a column holds) and JSON (what an API and a message
//! carry). All three are exact: decimals never become floats, instants keep microseconds, and an absent value
//! differs from an empty one.

mod bytes;
mod choice;
pub mod constraint;
mod datum;
mod duration;
mod flaw;
mod identifier;
pub mod join;
mod money;
mod scalars;
mod time;

pub use bytes::Bytes;
pub use choice::Choice;
pub use datum::Datum;
pub use duration::Duration;
pub use flaw::Flaw;
pub use identifier::{IdContent, check_id_text};
pub use money::{Currency, MONEY, Money};
pub use rust_decimal::Decimal;
pub use scalars::{decode_json, encode_json};
pub use time::{Date, Timestamp};
pub use uuid::Uuid;

use crate::model::Type;

/// A type that a field, an input or a message member can have.
///
/// Implemented for the scalar types, for `Option`, `Vec` and `BTreeSet` of them, and by `#[derive(Id)]`, `#[derive(Value)]`
/// and `#[derive(Lifecycle)]` for types of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a field, an input or a message member",
    label = "this type has no stored form",
    note = "for a type of your own, add `#[derive(cohesive::Value)]` to `{Self}`",
    note = "for an identifier of your own, add `#[derive(cohesive::Id)]` to `{Self}`",
    note = "binary floats are left out on purpose: use `Decimal` for exact amounts"
)]
pub trait Value: Sized + Clone + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// The type, as the model knows it.
    const TYPE: Type;

    /// The stored form of this value.
    ///
    /// # Errors
    /// When the value has no stored form, for example text that contains U+0000.
    fn encode(&self) -> Result<Datum<'_>, Flaw>;

    /// The value behind a stored form.
    ///
    /// # Errors
    /// When the stored form is of another type or out of range. Nothing is coerced silently.
    fn decode(datum: Datum<'_>) -> Result<Self, Flaw>;

    /// Whether every store can hold this value.
    ///
    /// # Errors
    /// The reason why not.
    fn check(&self) -> Result<(), Flaw>;

    /// The value of a field that a creation leaves out; `None` when it has to be supplied.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }

    /// Whether this is the absent value of an optional type.
    #[must_use]
    fn is_absent(&self) -> bool {
        false
    }

    /// Whether both are children of an entity with one id.
    #[must_use]
    fn same_child(&self, _other: &Self) -> bool {
        false
    }
}

/// A record with an id of its own, of which an entity holds a list: a line of an order, for example.
///
/// Implemented by `#[derive(Value)]` for a struct with an `#[id]` member.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no id to be found by",
    label = "`upsert` and `remove_by_id` work on records with an id",
    note = "mark the member that tells the records of one list apart: `#[id] pub number: u32`"
)]
pub trait Child: Value {
    /// The type of the id.
    type Id: PartialEq;

    /// The id.
    fn child_id(&self) -> &Self::Id;
}

/// A type that identifies an entity.
///
/// Implemented by `#[derive(Id)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot identify an entity",
    label = "this is not an identifier type",
    note = "declare an identifier of its own: `#[derive(cohesive::Id)] pub struct OrderId(String);`"
)]
pub trait EntityId: Value + Eq + std::hash::Hash + std::fmt::Display + std::str::FromStr<Err = Flaw> {}
