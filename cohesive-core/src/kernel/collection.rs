//! Changes to a part of a value: what `push`, `insert`, `remove` and their like mean within a transition.
//!
//! Each works on a copy of what was loaded, so that a refused input leaves the state as it was.

use std::collections::BTreeSet;

use crate::value::{Child, Value};

/// A change to a collection that cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Misplaced {
    /// The list has no element at the index.
    #[error("the list has no such place")]
    NoSuchPlace,
    /// The list has a child with the id already.
    #[error("there is a child with this id already")]
    DuplicateChild,
}

type Outcome = Result<(), Misplaced>;

/// A list or a set, as `clear` and `extend` see it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a list nor a set",
    label = "elements are added to and taken out of a `Vec` or a `BTreeSet`"
)]
pub trait Collection: Default {
    /// Adds all elements of another one.
    ///
    /// # Errors
    /// [`Misplaced::DuplicateChild`].
    fn extend(&mut self, other: Self) -> Outcome;
}

impl<T: Value> Collection for Vec<T> {
    fn extend(&mut self, other: Self) -> Outcome {
        other.into_iter().try_for_each(|element| push(self, element))
    }
}

impl<T: Ord> Collection for BTreeSet<T> {
    fn extend(&mut self, other: Self) -> Outcome {
        Extend::extend(self, other);
        Ok(())
    }
}

/// Adds an element at the end of a list.
///
/// # Errors
/// [`Misplaced::DuplicateChild`].
pub fn push<T: Value>(list: &mut Vec<T>, element: T) -> Outcome {
    unknown(list, &element)?;
    list.push(element);
    Ok(())
}

fn unknown<T: Value>(list: &[T], element: &T) -> Outcome {
    let known = list.iter().any(|known| known.same_child(element));
    if known { Err(Misplaced::DuplicateChild) } else { Ok(()) }
}

/// Adds an element before the one at `index` of a list, or at its end.
///
/// # Errors
/// [`Misplaced::NoSuchPlace`] for an index beyond the end, or [`Misplaced::DuplicateChild`].
pub fn insert_at<T: Value>(list: &mut Vec<T>, index: u32, element: T) -> Outcome {
    unknown(list, &element)?;
    let index = usize::try_from(index).map_err(|_| Misplaced::NoSuchPlace)?;
    if index > list.len() {
        return Err(Misplaced::NoSuchPlace);
    }
    list.insert(index, element);
    Ok(())
}

/// Adds an element to a set; one that it has changes nothing.
///
/// # Errors
/// None; the type is that of every change.
pub fn insert<T: Ord>(set: &mut BTreeSet<T>, element: T) -> Outcome {
    set.insert(element);
    Ok(())
}

/// Something to take an element out of: a list by index, a set by element.
#[diagnostic::on_unimplemented(
    message = "nothing can be removed from `{Self}` by a `{By}`",
    label = "a list loses the element at a `u32` index, a set loses an element of its own"
)]
pub trait Remove<By> {
    /// Takes it out.
    ///
    /// # Errors
    /// [`Misplaced::NoSuchPlace`] for an index beyond the end.
    fn remove(&mut self, by: By) -> Outcome;
}

impl<T> Remove<u32> for Vec<T> {
    fn remove(&mut self, index: u32) -> Outcome {
        match usize::try_from(index) {
            Ok(index) if index < self.len() => {
                drop(Vec::remove(self, index));
                Ok(())
            }
            _ => Err(Misplaced::NoSuchPlace),
        }
    }
}

impl<T: Ord> Remove<T> for BTreeSet<T> {
    fn remove(&mut self, element: T) -> Outcome {
        BTreeSet::remove(self, &element);
        Ok(())
    }
}

/// Takes an element out of a list by index, or out of a set.
///
/// # Errors
/// [`Misplaced::NoSuchPlace`] for an index beyond the end.
pub fn remove<C: Remove<By>, By>(collection: &mut C, by: By) -> Outcome {
    collection.remove(by)
}

/// Adds all elements of another list or set.
///
/// # Errors
/// [`Misplaced::DuplicateChild`].
pub fn extend<C: Collection>(collection: &mut C, other: C) -> Outcome {
    collection.extend(other)
}

/// Takes out every element.
///
/// # Errors
/// None; the type is that of every change.
pub fn clear<C: Collection>(collection: &mut C) -> Outcome {
    *collection = C::default();
    Ok(())
}

/// Puts a child in the place of the one with its id, or at the end of the list.
///
/// # Errors
/// None; the type is that of every change.
pub fn upsert<T: Child>(list: &mut Vec<T>, child: T) -> Outcome {
    match list.iter_mut().find(|known| known.child_id() == child.child_id()) {
        Some(known) => *known = child,
        None => list.push(child),
    }
    Ok(())
}

/// Takes out the child with an id; without one nothing changes.
///
/// # Errors
/// None; the type is that of every change.
pub fn remove_by_id<T: Child>(list: &mut Vec<T>, id: &T::Id) -> Outcome {
    list.retain(|child| child.child_id() != id);
    Ok(())
}
