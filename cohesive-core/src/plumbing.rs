//! What generated code calls. Reached through `cohesive::__private` only, and free to change at any time.
//!
//! What a value can do is handed in as `<T as Value>::…`, written by the macros at the user's own type, rather than
//! demanded here by a bound: the compiler then reports a type that is no value once, and not once for each use.

use std::fmt;

use crate::kernel::{Effect, LifecycleState, Reply, Structure};
use crate::model;
use crate::value::{Datum, Flaw};

pub use crate::kernel::observed;

/// Fills a field that was left out, where its type allows that.
pub fn fill<T>(slot: &mut Option<T>, absent: impl FnOnce() -> Option<T>) {
    if slot.is_none() {
        *slot = absent();
    }
}

/// The field's name, when a write-once field is set a second time.
#[must_use]
pub fn sealed<T>(
    known: Option<&T>,
    set: Option<&T>,
    is_absent: impl FnOnce(&T) -> bool,
    name: &'static str,
) -> Option<&'static str> {
    (set.is_some() && known.is_some_and(|value| !is_absent(value))).then_some(name)
}

/// Forgets a value that is equal to the known one.
pub fn trim<T: PartialEq>(known: Option<&T>, slot: &mut Option<T>) {
    if slot.is_some() && slot.as_ref() == known {
        *slot = None;
    }
}

/// Takes over a value that came later.
pub fn merge<T>(slot: &mut Option<T>, later: Option<T>) {
    if later.is_some() {
        *slot = later;
    }
}

/// The name and the flaw of a value that cannot be stored.
#[must_use]
pub fn flaw<T>(
    slot: Option<&T>,
    check: impl FnOnce(&T) -> Result<(), Flaw>,
    name: &'static str,
) -> Option<(&'static str, Flaw)> {
    slot.and_then(|value| check(value).err()).map(|flaw| (name, flaw))
}

/// What a check found, with the name of the value.
///
/// # Errors
/// The name and the flaw.
pub fn named(checked: Result<(), Flaw>, name: &'static str) -> Result<(), (&'static str, Flaw)> {
    checked.map_err(|flaw| (name, flaw))
}

/// Shows a column that is there.
///
/// # Errors
/// The column and the flaw of a value that has no stored form.
pub fn show<'a, T>(
    column: usize,
    slot: Option<&'a T>,
    encode: impl FnOnce(&'a T) -> Result<Datum<'a>, Flaw>,
    show: &mut dyn FnMut(usize, Datum<'a>),
) -> Result<(), (usize, Flaw)> {
    if let Some(value) = slot {
        show(column, encode(value).map_err(|flaw| (column, flaw))?);
    }
    Ok(())
}

/// Reads a column into its field.
///
/// # Errors
/// When the stored form does not fit.
pub fn read<T>(slot: &mut Option<T>, decoded: Result<T, Flaw>) -> Result<(), Flaw> {
    *slot = Some(decoded?);
    Ok(())
}

/// The flaw of a column that the entity does not have.
///
/// # Errors
/// Always.
pub const fn no_column() -> Result<(), Flaw> {
    Err(Flaw::WrongType { expected: "a column of the entity", found: "another column" })
}

/// The value of a field at this point of a body: as assigned, else as loaded.
pub fn current<'a, T>(assigned: &'a Option<T>, loaded: &'a T) -> &'a T {
    assigned.as_ref().unwrap_or(loaded)
}

/// The value of a field that is about to change in part: as assigned, else a copy of what was loaded.
pub fn part<'a, T: Clone>(slot: &'a mut Option<T>, loaded: &T) -> &'a mut T {
    slot.get_or_insert_with(|| loaded.clone())
}

/// The payload as JSON text.
///
/// # Errors
/// When the payload cannot be written as JSON.
pub fn json<T: serde::Serialize>(payload: &T) -> Result<String, Flaw> {
    serde_json::to_string(payload)
        .map_err(|error| Flaw::malformed("a payload that JSON can carry", &error.to_string()))
}

/// The type of the reply to an effect.
#[must_use]
pub const fn reply<E: Effect>() -> Option<model::Type> {
    <E::Reply as Reply>::REPLY
}

/// What to tell a caller whose entity is in another state.
///
/// # Errors
/// When the formatter fails.
pub fn wrong_state<E: Structure>(
    formatter: &mut fmt::Formatter<'_>,
    transition: &str,
    from: &[E::Status],
    state: E::Status,
) -> fmt::Result {
    write!(formatter, "`{transition}` is possible in ")?;
    for (position, permitted) in from.iter().enumerate() {
        let joint = if position == 0 { "" } else { " or " };
        write!(formatter, "{joint}`{}`", permitted.name())?;
    }
    write!(formatter, ", and the state is `{}`", state.name())
}

/// An invariant that does not hold.
///
/// # Errors
/// The refusal, unless `holds`.
pub const fn invariant(
    holds: bool,
    invariant: &'static model::Invariant,
) -> Result<(), crate::kernel::Stop<crate::kernel::Refusal>> {
    if holds {
        Ok(())
    } else {
        Err(crate::kernel::Stop::Rejected(crate::kernel::Refusal::Invariant(invariant)))
    }
}

/// A required field of a patch.
///
/// # Errors
/// The field's name, when the patch does not have it.
pub fn required<T>(slot: Option<T>, name: &'static str) -> Result<T, &'static str> {
    slot.ok_or(name)
}

/// Starts the lifecycle of `E`, where a creation left it out.
pub fn start<E: Structure>(slot: &mut Option<E::Status>) {
    slot.get_or_insert(E::Status::INITIAL);
}

/// Who sent the input, as text.
#[must_use]
pub fn actor(context: &crate::kernel::Context) -> Option<String> {
    context.actor().map(|actor| actor.as_str().to_owned())
}

/// What the input belongs to, as text.
#[must_use]
pub fn correlation(context: &crate::kernel::Context) -> String {
    context.correlation().as_str().to_owned()
}

/// The decimal with these digits and this many of them behind the point.
///
/// # Errors
/// When there are more than 28, which no decimal can hold.
pub fn decimal(
    digits: i64,
    scale: u32,
) -> Result<crate::value::Decimal, crate::kernel::arithmetic::Arithmetic> {
    crate::value::Decimal::try_new(digits, scale).map_err(|_| crate::kernel::arithmetic::Arithmetic::Overflow)
}
