//! The stored form of a value.

use std::borrow::Cow;

use super::{Date, Decimal, Flaw, Timestamp, Uuid};

/// What one column of one row holds.
///
/// A store maps each case to its own exact representation; SQLite, for example, keeps a decimal as text and an
/// instant as whole microseconds.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum<'a> {
    /// Absent.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// An instant.
    Timestamp(Timestamp),
    /// A calendar day.
    Date(Date),
    /// An exact decimal.
    Decimal(Decimal),
    /// A UUID.
    Uuid(Uuid),
    /// A list or a record, as JSON text.
    Json(Cow<'a, str>),
}

impl Datum<'_> {
    /// The same value, without borrowing.
    #[must_use]
    pub fn into_owned(self) -> Datum<'static> {
        match self {
            Self::Null => Datum::Null,
            Self::Bool(value) => Datum::Bool(value),
            Self::Int(value) => Datum::Int(value),
            Self::Text(value) => Datum::Text(Cow::Owned(value.into_owned())),
            Self::Bytes(value) => Datum::Bytes(Cow::Owned(value.into_owned())),
            Self::Timestamp(value) => Datum::Timestamp(value),
            Self::Date(value) => Datum::Date(value),
            Self::Decimal(value) => Datum::Decimal(value),
            Self::Uuid(value) => Datum::Uuid(value),
            Self::Json(value) => Datum::Json(Cow::Owned(value.into_owned())),
        }
    }

    /// The same value, borrowed from this one.
    #[must_use]
    pub fn borrowed(&self) -> Datum<'_> {
        match self {
            Self::Text(value) => Datum::Text(Cow::Borrowed(value)),
            Self::Bytes(value) => Datum::Bytes(Cow::Borrowed(value)),
            Self::Json(value) => Datum::Json(Cow::Borrowed(value)),
            Self::Null => Datum::Null,
            Self::Bool(value) => Datum::Bool(*value),
            Self::Int(value) => Datum::Int(*value),
            Self::Timestamp(value) => Datum::Timestamp(*value),
            Self::Date(value) => Datum::Date(*value),
            Self::Decimal(value) => Datum::Decimal(*value),
            Self::Uuid(value) => Datum::Uuid(*value),
        }
    }

    /// What kind of value this is, in words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a whole number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Timestamp(_) => "an instant",
            Self::Date(_) => "a date",
            Self::Decimal(_) => "a decimal",
            Self::Uuid(_) => "a UUID",
            Self::Json(_) => "a JSON value",
        }
    }

    /// The flaw of finding this value where `expected` belongs.
    #[must_use]
    pub const fn instead_of(&self, expected: &'static str) -> Flaw {
        Flaw::WrongType { expected, found: self.kind() }
    }
}
