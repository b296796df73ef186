//! The types a field, an input or a message member can have.

use super::{At, Constraint};

/// The type of a value, without the host language's spelling of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A whole number from 0 to 2³² − 1.
    UInt32,
    /// An exact decimal number of up to 28 digits. Never a binary float.
    Decimal,
    /// Unicode text without U+0000.
    Text,
    /// A sequence of bytes.
    Bytes,
    /// An instant, in microseconds since 1970-01-01 UTC.
    Timestamp,
    /// A calendar day, without a time zone.
    Date,
    /// A length of time, in microseconds. It may be negative.
    Duration,
    /// A UUID (RFC 9562).
    Uuid,
    /// The code of a currency (ISO 4217).
    Currency,
    /// A named identifier around another type.
    Id(&'static IdType),
    /// One of a closed list of names.
    Enum(&'static EnumType),
    /// Named members, stored and sent as one value.
    Record(&'static RecordType),
    /// A value that may be absent.
    Optional(&'static Type),
    /// Any number of values, in order.
    List(&'static Type),
    /// Any number of distinct values; their order is that of the type.
    Set(&'static Type),
    /// A payload that is carried and not understood (JSON).
    Opaque,
    /// A type known by its name only. This occurs while a macro runs, never in a compiled model.
    Named(&'static str),
}

impl Type {
    /// Whether a value of this type may be absent.
    #[must_use]
    pub const fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    /// Whether this type holds any number of values.
    #[must_use]
    pub const fn is_many(&self) -> bool {
        match self {
            Self::Optional(inner) => inner.is_many(),
            other => matches!(other, Self::List(_) | Self::Set(_)),
        }
    }

    /// The type inside `Optional`, or the type itself.
    #[must_use]
    pub const fn required(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner,
            other => other,
        }
    }
}

/// A named identifier, for example `TenderId` around [`Type::Text`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IdType {
    /// The name of the identifier type.
    pub name: &'static str,
    /// What it is made of.
    pub inner: Type,
}

/// A closed list of names: an ordinary enumeration or the lifecycle of an entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EnumType {
    /// The name of the type.
    pub name: &'static str,
    /// What it is, in the words of its author.
    pub docs: &'static str,
    /// The file that declares it.
    pub file: &'static str,
    /// The names, in the order they were written.
    pub variants: &'static [Variant],
    /// Whether the names are the states of a lifecycle.
    pub lifecycle: bool,
}

impl EnumType {
    /// The variant called `name` in code.
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }

    /// The state in which an entity starts.
    #[must_use]
    pub fn initial(&self) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.initial)
    }
}

/// One name of an [`EnumType`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variant {
    /// The name in code.
    pub name: &'static str,
    /// The name that is stored and sent; by default the name in code.
    pub wire: &'static str,
    /// What it is, in the words of its author.
    pub docs: &'static str,
    /// Whether an entity starts here.
    pub initial: bool,
    /// Whether nothing leaves this state.
    pub terminal: bool,
    /// Where the name stands.
    pub at: At,
}

/// Named members that travel as one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordType {
    /// The name of the type.
    pub name: &'static str,
    /// What it is, in the words of its author.
    pub docs: &'static str,
    /// The members, in the order they were written.
    pub members: &'static [Member],
    /// The member that tells records of one list apart: such records are children of the entity that holds them.
    pub id: Option<&'static str>,
}

impl RecordType {
    /// A record whose instances are told apart by their values only.
    #[must_use]
    pub const fn new(name: &'static str, members: &'static [Member]) -> Self {
        Self { name, docs: "", members, id: None }
    }
}

/// One named member of a record, an input or a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// The name in code.
    pub name: &'static str,
    /// The name that is stored and sent; by default the name in code.
    pub wire: &'static str,
    /// What it is, in the words of its author.
    pub docs: &'static str,
    /// Its type.
    pub ty: Type,
    /// What its value has to be like.
    pub constraints: &'static [Constraint],
    /// Whether it tells something about a person.
    pub personal: bool,
    /// Where the name stands.
    pub at: At,
}

impl Member {
    /// A member without further settings, sent under its own name.
    #[must_use]
    pub const fn new(name: &'static str, ty: Type, at: At) -> Self {
        Self { name, wire: name, docs: "", ty, constraints: &[], personal: false, at }
    }
}
