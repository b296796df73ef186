//! Between values and columns.
//!
//! | type | column |
//! |---|---|
//! | boolean | INTEGER, 0 or 1 |
//! | whole numbers | INTEGER, with a range of its own for 32 bits |
//! | decimal | TEXT with the scale it was given, so that `1.50` comes back as `1.50`; compared by number |
//! | text, enumeration | TEXT |
//! | bytes | BLOB |
//! | instant | INTEGER, microseconds since 1970-01-01 UTC |
//! | date | TEXT, `2026-03-01` |
//! | UUID | BLOB of 16 bytes |
//! | record, list, opaque | TEXT, JSON |

use std::borrow::Cow;
use std::str::FromStr;

use cohesive_core::model::{Field, Type};
use cohesive_core::value::{Date, Datum, Decimal, Timestamp, Uuid};
use rusqlite::types::{Null, ValueRef};
use rusqlite::{Row, Statement};

use super::error::{error, failed};
use crate::store::{StoreError, StoreErrorKind, fit};

/// Binds a value as a column keeps it.
pub(super) fn bind(statement: &mut Statement<'_>, index: usize, datum: &Datum<'_>) -> rusqlite::Result<()> {
    match datum {
        Datum::Null => statement.raw_bind_parameter(index, Null),
        Datum::Bool(value) => statement.raw_bind_parameter(index, value),
        Datum::Int(value) => statement.raw_bind_parameter(index, value),
        Datum::Text(value) | Datum::Json(value) => statement.raw_bind_parameter(index, &**value),
        Datum::Bytes(value) => statement.raw_bind_parameter(index, &**value),
        Datum::Timestamp(value) => statement.raw_bind_parameter(index, value.as_micros()),
        Datum::Date(value) => statement.raw_bind_parameter(index, value.to_string()),
        Datum::Decimal(value) => statement.raw_bind_parameter(index, positive_zero(*value).to_string()),
        Datum::Uuid(value) => statement.raw_bind_parameter(index, value.as_bytes().as_slice()),
    }
}

/// Binds a value to compare a column with, which for decimals is the shortest form of the number.
pub(super) fn bind_comparable(
    statement: &mut Statement<'_>,
    index: usize,
    datum: &Datum<'_>,
) -> rusqlite::Result<()> {
    match datum {
        Datum::Decimal(value) => bind(statement, index, &Datum::Decimal(value.normalize())),
        other => bind(statement, index, other),
    }
}

/// Zero has one spelling per scale; `-0` would be a second one.
fn positive_zero(mut value: Decimal) -> Decimal {
    if value.is_zero() {
        value.set_sign_positive(true);
    }
    value
}

/// Reads a value, strictly as its field says.
pub(super) fn read(
    row: &Row<'_>,
    index: usize,
    table: &str,
    field: &'static Field,
) -> Result<Datum<'static>, StoreError> {
    let stored = row.get_ref(index).map_err(failed)?;
    decode(stored, &field.ty).ok_or_else(|| {
        error(
            StoreErrorKind::Corrupt,
            format!("{table}.{} holds something that was not written there", field.wire),
        )
    })
}

fn decode(stored: ValueRef<'_>, ty: &'static Type) -> Option<Datum<'static>> {
    let datum = match (fit::plain(ty), stored) {
        (_, ValueRef::Null) => Datum::Null,
        (Type::Bool, ValueRef::Integer(number @ (0 | 1))) => Datum::Bool(number == 1),
        (Type::Int32 | Type::Int64 | Type::UInt32 | Type::Duration, ValueRef::Integer(number)) => {
            Datum::Int(number)
        }
        (Type::Timestamp, ValueRef::Integer(micros)) => {
            Datum::Timestamp(Timestamp::from_micros(micros).ok()?)
        }
        (Type::Text | Type::Enum(_) | Type::Currency, ValueRef::Text(text)) => {
            Datum::Text(Cow::Owned(owned(text)?))
        }
        (Type::Decimal, ValueRef::Text(text)) => Datum::Decimal(decimal(text)?),
        (Type::Date, ValueRef::Text(text)) => Datum::Date(Date::from_str(str::from_utf8(text).ok()?).ok()?),
        (Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Opaque, ValueRef::Text(text)) => {
            Datum::Json(Cow::Owned(owned(text)?))
        }
        (Type::Bytes, ValueRef::Blob(bytes)) => Datum::Bytes(Cow::Owned(bytes.to_vec())),
        (Type::Uuid, ValueRef::Blob(bytes)) => Datum::Uuid(Uuid::from_slice(bytes).ok()?),
        _ => return None,
    };
    // The same rule as on the way in: range, names of an enumeration, presence.
    fit::fits(ty, &datum).then_some(datum)
}

fn owned(text: &[u8]) -> Option<String> {
    str::from_utf8(text).ok().map(str::to_owned)
}

/// Only the spelling that is written is read, so that what is compared as text is equal as a number.
fn decimal(text: &[u8]) -> Option<Decimal> {
    let text = str::from_utf8(text).ok()?;
    let value = Decimal::from_str_exact(text).ok()?;
    (value.to_string() == text).then_some(value)
}
