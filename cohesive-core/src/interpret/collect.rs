//! Sets, as `BTreeSet` keeps them.

use std::cmp::Ordering;

use super::compare::order;
use super::{Content, Stop};

/// Adds a value to a set; one that it has stays as it is.
pub(super) fn insert(set: &mut Vec<Content>, item: Content) -> Result<(), Stop> {
    for (place, known) in set.iter().enumerate() {
        match order(known, &item)? {
            Some(Ordering::Less) => {}
            Some(Ordering::Equal) => return Ok(()),
            Some(Ordering::Greater) => {
                set.insert(place, item);
                return Ok(());
            }
            None => return Err(Stop::opaque("a set of values without an order")),
        }
    }
    set.push(item);
    Ok(())
}

/// Takes a value out of a set.
pub(super) fn remove(set: &mut Vec<Content>, item: &Content) -> Result<(), Stop> {
    for (place, known) in set.iter().enumerate() {
        if order(known, item)? == Some(Ordering::Equal) {
            set.remove(place);
            return Ok(());
        }
    }
    Ok(())
}
