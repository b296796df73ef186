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

/// What is known of an entity, with what was assigned so far.
pub fn overlay<'a, E: Structure>(view: E::View<'a>, patch: &'a E::Patch) -> E::View<'a> {
    E::overlay(view, patch)
}

/// Joins a value into a field by the field's merge.
pub fn join<E: Structure>(view: E::View<'_>, patch: &mut E::Patch, fill: impl FnOnce(&mut E::Patch)) {
    let mut later = E::Patch::default();
    fill(&mut later);
    E::join(view, patch, later);
}

/// Joins a value into one field, on a copy of what was loaded.
pub fn join_field<By, T: crate::value::join::JoinBy<By> + Clone>(
    slot: &mut Option<T>,
    loaded: Option<&T>,
    later: Option<T>,
) {
    let Some(later) = later else { return };
    let joined = match slot.take().or_else(|| loaded.cloned()) {
        Some(current) => current.join(later),
        None => later,
    };
    *slot = Some(joined);
}

/// The payload as JSON text.
///
/// # Errors
/// When the payload cannot be written as JSON.
pub fn json<T: serde::Serialize>(payload: &T) -> Result<String, Flaw> {
    serde_json::to_string(payload)
        .map_err(|error| Flaw::malformed("a payload that JSON can carry", &error.to_string()))
}

/// JSON text, read as a `T` and written again.
///
/// # Errors
/// When the text cannot be read as one.
pub fn reread<T: serde::Serialize + serde::de::DeserializeOwned>(text: &str) -> Result<String, Flaw> {
    let payload: T =
        serde_json::from_str(text).map_err(|error| Flaw::malformed("a payload", &error.to_string()))?;
    json(&payload)
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

/// A constraint of a field that is not kept.
///
/// # Errors
/// The refusal, unless `kept`.
pub const fn constrained(
    kept: bool,
    field: &'static str,
    constraint: &'static model::Constraint,
) -> Result<(), crate::kernel::Stop<crate::kernel::Refusal>> {
    if kept {
        Ok(())
    } else {
        let refusal = crate::kernel::Refusal::Constraint { field, constraint };
        Err(crate::kernel::Stop::Rejected(refusal))
    }
}

/// A constraint of a member or a parameter that is not kept.
///
/// # Errors
/// The flaw, unless `kept`.
pub const fn kept(kept: bool, constraint: &'static model::Constraint) -> Result<(), Flaw> {
    if kept { Ok(()) } else { Err(Flaw::Constraint(constraint)) }
}

/// Compiles where `T` holds ids of the type `Id`.
pub const fn refers<T: crate::value::constraint::RefersTo<Id>, Id>() {}

/// A struct with these members, in `Debug` output.
///
/// # Errors
/// When the formatter fails.
pub fn debug_struct(
    formatter: &mut fmt::Formatter<'_>,
    name: &str,
    members: &[(&str, &dyn fmt::Debug)],
) -> fmt::Result {
    let mut shown = formatter.debug_struct(name);
    for (name, member) in members {
        shown.field(name, member);
    }
    shown.finish()
}

/// A value with a name, in `Debug` output.
///
/// # Errors
/// When the formatter fails.
pub fn debug_tuple(formatter: &mut fmt::Formatter<'_>, name: &str, value: &dyn fmt::Debug) -> fmt::Result {
    formatter.debug_tuple(name).field(value).finish()
}

/// A text that hides what it stands for, in `Debug` output.
#[derive(Debug, Clone, Copy)]
pub struct Personal;

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
