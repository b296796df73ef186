//! Rules that only the compiler can apply: one macro sees the fields, another what is done with them, and both are
//! constants. Generated code asserts these in `const` items that carry the span of the user's word.

mod identity;

pub use identity::identifies;

use crate::model::{FieldRole, Mutability, Structure, Type, Variant};

/// How a transition writes a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writing {
    /// Whether it creates the entity.
    pub creates: bool,
    /// Whether its body chooses the next lifecycle state.
    pub chooses: bool,
    /// Whether it joins the field with another value.
    pub joins: bool,
}

/// Whether a transition may assign a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignment {
    /// It may, or the field does not exist, which the compiler says better.
    Permitted,
    /// The field is computed.
    Computed,
    /// The field is the id, which never changes.
    Id,
    /// The field is the lifecycle, which the declared edge moves.
    Lifecycle,
    /// The field holds the versions of the others, which are kept without anybody assigning them.
    FieldVersions,
    /// The field is write-once and required, so it has its value from the creation on.
    Sealed,
    /// The field has a merge, and is joined rather than assigned.
    Merged,
    /// The field has no merge, and cannot be joined.
    Unmerged,
}

/// Whether the transition may assign `field`.
#[must_use]
pub const fn assignment(structure: &Structure, field: &str, writing: Writing) -> Assignment {
    let Writing { creates, chooses, joins } = writing;
    let mut index = 0;
    while index < structure.fields.len() {
        let candidate = &structure.fields[index];
        if same(candidate.name, field) {
            return match (candidate.mutability, candidate.role) {
                (Mutability::Computed(_), _) => Assignment::Computed,
                (_, FieldRole::FieldVersions) => Assignment::FieldVersions,
                (_, FieldRole::Id) if !creates => Assignment::Id,
                (_, FieldRole::Lifecycle) if !chooses => Assignment::Lifecycle,
                (Mutability::WriteOnce, _) if !creates && !candidate.ty.is_optional() => Assignment::Sealed,
                _ if joins && candidate.merge.is_none() => Assignment::Unmerged,
                _ if !joins && !creates && candidate.merge.is_some() => Assignment::Merged,
                _ => Assignment::Permitted,
            };
        }
        index += 1;
    }
    Assignment::Permitted
}

/// Refuses an assignment that the structure does not permit.
///
/// # Panics
/// With the message for the author, in a constant of generated code: the compiler shows it at the field's name.
#[track_caller]
pub const fn assignable(structure: &Structure, field: &str, transition: &str, writing: Writing) {
    let parts: &[&str] = match assignment(structure, field, writing) {
        Assignment::Permitted => return,
        Assignment::Computed => {
            &["` is computed and never assigned [COH0107]\nhelp: change the fields that it is computed from"]
        }
        Assignment::Id => &["` is the id and never changes [COH0109]\nhelp: create another entity"],
        Assignment::FieldVersions => {
            &["` is kept without anybody assigning it [COH0158]\nhelp: leave the assignment out"]
        }
        Assignment::Lifecycle => &[
            "` moves by the declared states only [COH0110]\nhelp: leave the assignment out of `",
            transition,
            "`, or declare several targets: `#[transition(A => B | C)]`",
        ],
        Assignment::Sealed => &["` is write-once and there from the creation on [COH0111]\n\
             help: make it an `Option` to set it later, or leave out `write_once`"],
        Assignment::Merged => {
            &["` has a merge and changes by it only [COH0157]\nhelp: write `self.", field, ".merge(…)`"]
        }
        Assignment::Unmerged => {
            &["` has no merge [COH0157]\nhelp: declare one: `#[field(merge = max)]`, or assign the field"]
        }
    };
    refuse(field, parts);
}

/// Refuses a transition that leaves a terminal state.
///
/// # Panics
/// With the message for the author, as [`assignable`].
#[track_caller]
pub const fn leavable(structure: &Structure, state: &str, transition: &str) {
    if terminal(structure, state) {
        refuse(
            transition,
            &[
                "` leaves `",
                state,
                "`, which is terminal [COH0701]\nhelp: leave `",
                state,
                "` out of the transition, or take `#[terminal]` off it",
            ],
        );
    }
}

/// Refuses a transition that may happen in any state and leads to `target` only, where another state is terminal.
/// With several targets, `target` is empty.
///
/// # Panics
/// With the message for the author, as [`assignable`].
#[track_caller]
pub const fn leavable_everywhere(structure: &Structure, target: &str, transition: &str) {
    if let Some(states) = states(structure) {
        let mut index = 0;
        while index < states.len() {
            if states[index].terminal && !same(states[index].name, target) {
                refuse(
                    transition,
                    &[
                        "` leaves `",
                        states[index].name,
                        "`, which is terminal [COH0701]\n\
                         help: add `_` to the targets for \"stay\", and let the body choose",
                    ],
                );
            }
            index += 1;
        }
    }
}

/// Refuses a structure that does not keep the versions of its fields.
///
/// # Panics
/// With the message for the author, as [`assignable`].
#[track_caller]
pub const fn keeps_field_versions(structure: &Structure) {
    if !has_field_versions(structure) {
        refuse(
            structure.name,
            &["` does not keep when its fields changed [COH0162]\n\
               help: declare a field for it: `#[field_versions] pub touched: FieldVersions`"],
        );
    }
}

/// Refuses a creation that leaves out a required field.
///
/// # Panics
/// With the message for the author, as [`assignable`].
#[track_caller]
pub const fn complete(structure: &Structure, assigned: &[&str], transition: &str) {
    if let Some(field) = missing(structure, assigned) {
        refuse(
            transition,
            &[
                "` leaves out `",
                field,
                "`, which is required [COH0108]\n\
                 help: set it in `Self { … }`, give it a default, or make it an `Option`",
            ],
        );
    }
}

#[expect(clippy::panic, reason = "it runs within the compiler, and this is how a constant reports")]
#[track_caller]
const fn refuse(name: &str, rest: &[&str]) -> ! {
    let mut message = text(&["`", name]);
    let mut index = 0;
    while index < rest.len() {
        message = text(&[message.as_str(), rest[index]]);
        index += 1;
    }
    panic!("{}", message.as_str())
}

/// The first required field that is not among `assigned`.
#[must_use]
pub const fn missing(structure: &Structure, assigned: &[&str]) -> Option<&'static str> {
    let mut index = 0;
    while index < structure.fields.len() {
        let field = &structure.fields[index];
        if field.is_required() && !contains(assigned, field.name) {
            return Some(field.name);
        }
        index += 1;
    }
    None
}

/// Whether the entity has a lifecycle.
#[must_use]
pub const fn has_lifecycle(structure: &Structure) -> bool {
    lifecycle(structure).is_some()
}

/// Whether a field holds the versions of the others.
#[must_use]
pub const fn has_field_versions(structure: &Structure) -> bool {
    let mut index = 0;
    while index < structure.fields.len() {
        if matches!(structure.fields[index].role, FieldRole::FieldVersions) {
            return true;
        }
        index += 1;
    }
    false
}

const fn lifecycle(structure: &Structure) -> Option<&'static str> {
    let mut index = 0;
    while index < structure.fields.len() {
        if matches!(structure.fields[index].role, FieldRole::Lifecycle) {
            return Some(structure.fields[index].name);
        }
        index += 1;
    }
    None
}

/// Whether nothing may leave `state`. A state that the entity does not have is the compiler's to report.
const fn terminal(structure: &Structure, state: &str) -> bool {
    let Some(states) = states(structure) else { return false };
    let mut index = 0;
    while index < states.len() {
        if same(states[index].name, state) {
            return states[index].terminal;
        }
        index += 1;
    }
    false
}

const fn states(structure: &Structure) -> Option<&'static [Variant]> {
    let mut index = 0;
    while index < structure.fields.len() {
        let field = &structure.fields[index];
        if let (FieldRole::Lifecycle, Type::Enum(states)) = (field.role, field.ty) {
            return Some(states.variants);
        }
        index += 1;
    }
    None
}

/// The names of a set, with room for one more.
pub type Names<const ROOM: usize> = ([&'static str; ROOM], usize);

/// The sorted set of `names`, and the lifecycle field when the transition `moves` along it or asks for it.
#[must_use]
pub const fn names<const N: usize, const ROOM: usize>(
    names: [&'static str; N],
    structure: &Structure,
    moves: bool,
) -> Names<ROOM> {
    let mut set = [""; ROOM];
    let mut len = 0;
    let mut index = 0;
    while index < N {
        len = insert(&mut set, len, names[index]);
        index += 1;
    }
    if moves && let Some(field) = lifecycle(structure) {
        len = insert(&mut set, len, field);
    }
    (set, len)
}

/// The names, without the room.
#[must_use]
pub const fn listed<const ROOM: usize>(names: &'static Names<ROOM>) -> &'static [&'static str] {
    names.0.split_at(names.1).0
}

const fn insert(set: &mut [&'static str], len: usize, name: &'static str) -> usize {
    let mut place = 0;
    while place < len && before(set[place], name) {
        place += 1;
    }
    if place < len && same(set[place], name) {
        return len;
    }
    let mut index = len;
    while index > place {
        set[index] = set[index - 1];
        index -= 1;
    }
    set[place] = name;
    len + 1
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut index = 0;
    while index < names.len() {
        if same(names[index], name) {
            return true;
        }
        index += 1;
    }
    false
}

pub(super) const fn before(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut index = 0;
    while index < left.len() && index < right.len() {
        if left[index] != right[index] {
            return left[index] < right[index];
        }
        index += 1;
    }
    left.len() < right.len()
}

const fn same(left: &str, right: &str) -> bool {
    !before(left, right) && !before(right, left)
}

/// Text put together in a constant, for messages that name a field.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    bytes: [u8; 512],
    len: usize,
}

/// The parts, one after the other; cut at 512 bytes.
#[must_use]
pub const fn text(parts: &[&str]) -> Text {
    let mut text = Text { bytes: [0; 512], len: 0 };
    let mut part = 0;
    while part < parts.len() {
        let bytes = parts[part].as_bytes();
        let mut index = 0;
        while index < bytes.len() && text.len < text.bytes.len() {
            text.bytes[text.len] = bytes[index];
            text.len += 1;
            index += 1;
        }
        part += 1;
    }
    text
}

impl Text {
    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, names, text};
    use crate::model::{At, Structure};

    const EMPTY: Structure = Structure {
        name: "",
        table: "",
        plural: "",
        docs: "",
        file: "",
        fields: &[],
        allowances: &[],
        at: At(0),
    };

    #[test]
    fn names_are_sorted_and_distinct() {
        static SET: super::Names<4> = names(["b", "a", "b"], &EMPTY, true);
        assert_eq!(listed(&SET), ["a", "b"]);
    }

    #[test]
    fn text_is_put_together() {
        assert_eq!(text(&["a ", "field"]).as_str(), "a field");
    }
}
