//! The field that identifies an entity.

use super::{refuse, same};
use crate::model::{FieldRole, Structure};

/// Refuses a name, in the pattern of an event that `transition` follows, that is neither a parameter nor the id.
///
/// # Panics
/// With the message for the author, as [`assignable`](super::assignable).
#[track_caller]
pub const fn identifies(structure: &Structure, name: &str, transition: &str) {
    let id = id(structure);
    if !same(id, name) {
        refuse(
            name,
            &[
                "` is no parameter of `",
                transition,
                "` [COH0168]\nhelp: write the name of a parameter, or `",
                id,
                "`, which says which `",
                structure.name,
                "` the event is about",
            ],
        );
    }
}

/// The name of the field that identifies the entity.
const fn id(structure: &Structure) -> &'static str {
    let mut index = 0;
    while index < structure.fields.len() {
        if matches!(structure.fields[index].role, FieldRole::Id) {
            return structure.fields[index].name;
        }
        index += 1;
    }
    ""
}
