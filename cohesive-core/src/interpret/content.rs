//! A value whose type is known by the model only.

use std::borrow::Cow;
use std::fmt;

use crate::model::{EnumType, Type, Variant};
use crate::value::{Bytes, Currency, Date, Datum, Decimal, Duration, Flaw, MONEY, Money, Timestamp, Uuid};

use super::json;

/// A value of a field, an input, a message or an expression.
///
/// It holds as much as a body can tell apart: the width of a whole number, the scale of a decimal, an absent value
/// within a present one. An identifier is what it is made of.
///
/// `==` compares as the model renders: decimals by value, and a whole number only with one of the same width.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// An optional value that is absent.
    Absent,
    /// An optional value that is there.
    Present(Box<Self>),
    /// True or false.
    Bool(bool),
    /// A whole number of 32 bits.
    Int32(i32),
    /// A whole number of 64 bits.
    Int64(i64),
    /// A whole number from 0 to 2³² − 1.
    UInt32(u32),
    /// A number of elements or characters.
    Size(usize),
    /// A whole number as it is written, which takes the type of what it meets.
    Number(i128),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An instant.
    Timestamp(Timestamp),
    /// A calendar day.
    Date(Date),
    /// A length of time.
    Duration(Duration),
    /// A UUID.
    Uuid(Uuid),
    /// The code of a currency.
    Currency(Currency),
    /// An amount in a currency.
    Money(Money),
    /// One of a closed list of names: the list, and the position within it.
    Variant(&'static EnumType, usize),
    /// Named members, in the order of their declaration.
    Record(Vec<(&'static str, Self)>),
    /// Values in order.
    List(Vec<Self>),
    /// Distinct values in the order of their type.
    Set(Vec<Self>),
    /// A payload that is carried and not understood, as JSON text.
    Opaque(String),
}

impl Content {
    /// An optional value that is there.
    #[must_use]
    pub fn present(value: Self) -> Self {
        Self::Present(Box::new(value))
    }

    /// The set of these values; one that has no order among them is left out.
    #[must_use]
    pub fn set_of(items: Vec<Self>) -> Self {
        let mut set = Vec::with_capacity(items.len());
        for item in items {
            let _ = super::collect::insert(&mut set, item);
        }
        Self::Set(set)
    }

    /// The variant called `name` in code.
    #[must_use]
    pub fn variant(choice: &'static EnumType, name: &str) -> Option<Self> {
        let position = choice.variants.iter().position(|variant| variant.name == name)?;
        Some(Self::Variant(choice, position))
    }

    /// The variant that this value is, if it is one.
    #[must_use]
    pub fn as_variant(&self) -> Option<&'static Variant> {
        match self {
            Self::Variant(choice, position) => choice.variants.get(*position),
            _ => None,
        }
    }

    /// The value of the member called `name` in code.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Cow<'_, Self>> {
        match (self, name) {
            (Self::Money(money), "amount") => Some(Cow::Owned(Self::Decimal(money.amount))),
            (Self::Money(money), "currency") => Some(Cow::Owned(Self::Currency(money.currency))),
            (Self::Record(members), _) => {
                members.iter().find(|(known, _)| *known == name).map(|(_, value)| Cow::Borrowed(value))
            }
            _ => None,
        }
    }

    /// What kind of value this is, in words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Absent | Self::Present(_) => "an optional value",
            Self::Bool(_) => "a boolean",
            Self::Int32(_) | Self::Int64(_) | Self::UInt32(_) | Self::Size(_) | Self::Number(_) => {
                "a whole number"
            }
            Self::Decimal(_) => "a decimal",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Timestamp(_) => "an instant",
            Self::Date(_) => "a date",
            Self::Duration(_) => "a length of time",
            Self::Uuid(_) => "a UUID",
            Self::Currency(_) => "a currency",
            Self::Money(_) => "money",
            Self::Variant(..) => "one of a list of names",
            Self::Record(_) => "a record",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Opaque(_) => "a JSON value",
        }
    }

    /// The value behind the stored form of a `ty`.
    ///
    /// # Errors
    /// When the stored form is of another type or out of range.
    pub fn from_datum(ty: &Type, datum: &Datum<'_>) -> Result<Self, Flaw> {
        Ok(match (ty, datum) {
            (Type::Optional(_), Datum::Null) => Self::Absent,
            (Type::Optional(inner), datum) => Self::present(Self::from_datum(inner, datum)?),
            (Type::Id(id), datum) => Self::from_datum(&id.inner, datum)?,
            (Type::Bool, Datum::Bool(value)) => Self::Bool(*value),
            (Type::Int32, Datum::Int(value)) => {
                Self::Int32(i32::try_from(*value).map_err(|_| out_of_range("a whole number of 32 bits"))?)
            }
            (Type::Int64, Datum::Int(value)) => Self::Int64(*value),
            (Type::UInt32, Datum::Int(value)) => {
                Self::UInt32(u32::try_from(*value).map_err(|_| out_of_range("a whole number from 0"))?)
            }
            (Type::Duration, Datum::Int(micros)) => Self::Duration(Duration::from_micros(*micros)?),
            (Type::Decimal, Datum::Decimal(value)) => Self::Decimal(*value),
            (Type::Text, Datum::Text(text)) => Self::Text(text.clone().into_owned()),
            (Type::Currency, Datum::Text(text)) => Self::Currency(Currency::new(text)?),
            (Type::Enum(choice), Datum::Text(wire)) => json::variant(choice, wire)?,
            (Type::Bytes, Datum::Bytes(bytes)) => Self::Bytes(bytes.clone().into_owned()),
            (Type::Timestamp, Datum::Timestamp(value)) => Self::Timestamp(*value),
            (Type::Date, Datum::Date(value)) => Self::Date(*value),
            (Type::Uuid, Datum::Uuid(value)) => Self::Uuid(*value),
            (Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Opaque, Datum::Json(text)) => {
                Self::from_json(ty, text)?
            }
            (_, other) => return Err(other.instead_of("a value of the declared type")),
        })
    }

    /// The stored form, for a value of type `ty`.
    #[must_use]
    pub fn to_datum(&self, ty: &Type) -> Datum<'static> {
        match (ty, self) {
            (Type::Optional(_), Self::Absent) => Datum::Null,
            (Type::Optional(inner), Self::Present(value)) => value.to_datum(inner),
            (Type::Id(id), value) => value.to_datum(&id.inner),
            (_, Self::Bool(value)) => Datum::Bool(*value),
            (_, Self::Int32(value)) => Datum::Int(i64::from(*value)),
            (_, Self::Int64(value)) => Datum::Int(*value),
            (_, Self::UInt32(value)) => Datum::Int(i64::from(*value)),
            (_, Self::Duration(value)) => Datum::Int(value.as_micros()),
            (_, Self::Decimal(value)) => Datum::Decimal(*value),
            (_, Self::Text(text)) => Datum::Text(text.clone().into()),
            (_, Self::Currency(currency)) => Datum::Text(currency.code().to_owned().into()),
            (_, Self::Variant(..)) => {
                Datum::Text(self.as_variant().map_or("", |variant| variant.wire).into())
            }
            (_, Self::Bytes(bytes)) => Datum::Bytes(bytes.clone().into()),
            (_, Self::Timestamp(value)) => Datum::Timestamp(*value),
            (_, Self::Date(value)) => Datum::Date(*value),
            (_, Self::Uuid(value)) => Datum::Uuid(*value),
            (ty, value) => Datum::Json(value.to_json(ty).into()),
        }
    }

    /// The value behind JSON text.
    ///
    /// # Errors
    /// When the text is not JSON, or not of type `ty`.
    pub fn from_json(ty: &Type, text: &str) -> Result<Self, Flaw> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|_| Flaw::malformed("JSON of the declared type", text))?;
        json::read(ty, &value)
    }

    /// The JSON text of a value of type `ty`, without space between its parts.
    #[must_use]
    pub fn to_json(&self, ty: &Type) -> String {
        let mut text = String::new();
        json::write(ty, self, &mut text);
        text
    }

    /// Whether this is the type of money, which calculates where other records do not.
    pub(super) fn is_money(record: &crate::model::RecordType) -> bool {
        record.name == MONEY
            && matches!(<Money as crate::value::Value>::TYPE, Type::Record(money) if *money == *record)
    }
}

const fn out_of_range(expected: &'static str) -> Flaw {
    Flaw::OutOfRange { expected }
}

/// As a person reads it: not quoted, absent values as `none`, records with their names.
impl fmt::Display for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => formatter.write_str("none"),
            Self::Present(value) => value.fmt(formatter),
            Self::Bool(value) => value.fmt(formatter),
            Self::Int32(value) => value.fmt(formatter),
            Self::Int64(value) => value.fmt(formatter),
            Self::UInt32(value) => value.fmt(formatter),
            Self::Size(value) => value.fmt(formatter),
            Self::Number(value) => value.fmt(formatter),
            Self::Decimal(value) => value.fmt(formatter),
            Self::Text(text) if plain(text) => formatter.write_str(text),
            Self::Text(text) => write!(formatter, "{text:?}"),
            Self::Bytes(bytes) => formatter.write_str(&Bytes(bytes.clone()).to_base64()),
            Self::Timestamp(value) => value.fmt(formatter),
            Self::Date(value) => value.fmt(formatter),
            Self::Duration(value) => value.fmt(formatter),
            Self::Uuid(value) => value.fmt(formatter),
            Self::Currency(value) => value.fmt(formatter),
            Self::Money(value) => value.fmt(formatter),
            Self::Variant(..) => formatter.write_str(self.as_variant().map_or("", |variant| variant.name)),
            Self::Record(members) => {
                formatter.write_str("{ ")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    write!(formatter, "{}{name}: {value}", if index == 0 { "" } else { ", " })?;
                }
                formatter.write_str(" }")
            }
            Self::List(items) => listed(formatter, ('[', ']'), items),
            Self::Set(items) => listed(formatter, ('{', '}'), items),
            Self::Opaque(text) => formatter.write_str(text),
        }
    }
}

/// Whether text reads as itself without quotes.
fn plain(text: &str) -> bool {
    !text.is_empty()
        && text != "none"
        && text.trim() == text
        && text.chars().all(|character| !character.is_control() && !",\"[]{}".contains(character))
}

fn listed(formatter: &mut fmt::Formatter<'_>, (open, close): (char, char), items: &[Content]) -> fmt::Result {
    write!(formatter, "{open}")?;
    for (index, item) in items.iter().enumerate() {
        write!(formatter, "{}{item}", if index == 0 { "" } else { ", " })?;
    }
    write!(formatter, "{close}")
}
