//! Between values and columns, in PostgreSQL's binary form.
//!
//! | type | column |
//! |---|---|
//! | boolean | `boolean` |
//! | whole numbers | `integer`, `bigint`; unsigned ones `bigint` with a range of their own |
//! | decimal | `numeric` without a limit: it keeps the scale it was given, so that `1.50` comes back as `1.50`, and compares by number |
//! | text, enumeration, currency | `text`, ordered by bytes |
//! | bytes | `bytea` |
//! | instant | `timestamptz`, which keeps microseconds |
//! | length of time | `bigint`, microseconds |
//! | date | `date` |
//! | UUID | `uuid` |
//! | record, list, set, opaque | `json`, which keeps the text as it was; `jsonb` would not |

use std::borrow::Cow;
use std::error::Error;

use bytes::{BufMut as _, BytesMut};
use cohesive_core::model::Type;
use cohesive_core::value::{Date, Datum, Timestamp, Uuid};
use tokio_postgres::types::{self, FromSql, IsNull, Kind, ToSql, to_sql_checked};

use super::error::Unfit;
use super::numeric;
use crate::store::fit;

type Flawed = Box<dyn Error + Sync + Send>;

/// 2000-01-01T00:00:00Z, from where PostgreSQL counts, in microseconds since 1970.
const EPOCH: i64 = 946_684_800_000_000;

/// One parameter of a statement: a value, or an array with one value for each row.
#[derive(Debug)]
pub(super) enum Parameter<'a> {
    One(Datum<'a>),
    Many(Vec<Datum<'a>>),
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &types::Type, out: &mut BytesMut) -> Result<IsNull, Flawed> {
        match (self, ty.kind()) {
            (Self::One(datum), _) => encode(datum, ty, out),
            (Self::Many(data), Kind::Array(member)) => {
                out.put_i32(1);
                out.put_i32(i32::from(data.contains(&Datum::Null)));
                out.put_u32(member.oid());
                out.put_i32(small(data.len())?);
                out.put_i32(1);
                data.iter().try_for_each(|datum| element(datum, member, out))?;
                Ok(IsNull::No)
            }
            (Self::Many(_), _) => Err(unfit(format!("{ty} is no array"))),
        }
    }

    fn accepts(_: &types::Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn element(datum: &Datum<'_>, ty: &types::Type, out: &mut BytesMut) -> Result<(), Flawed> {
    let start = out.len();
    out.put_i32(-1);
    if let IsNull::No = encode(datum, ty, out)? {
        let length = small(out.len() - start - 4)?;
        out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}

fn encode(datum: &Datum<'_>, ty: &types::Type, out: &mut BytesMut) -> Result<IsNull, Flawed> {
    match (datum, ty) {
        (Datum::Null, _) => return Ok(IsNull::Yes),
        (Datum::Bool(value), &types::Type::BOOL) => out.put_u8(u8::from(*value)),
        (Datum::Int(value), &types::Type::INT4) => out.put_i32(small(*value)?),
        (Datum::Int(value), &types::Type::INT8) => out.put_i64(*value),
        (Datum::Text(value) | Datum::Json(value), &types::Type::TEXT | &types::Type::JSON) => {
            out.put_slice(value.as_bytes());
        }
        (Datum::Bytes(value), &types::Type::BYTEA) => out.put_slice(value),
        // Microseconds, days, months; only the first are of one length.
        (Datum::Int(value), &types::Type::INTERVAL) => {
            out.put_i64(*value);
            out.put_i64(0);
        }
        (Datum::Timestamp(value), &types::Type::TIMESTAMPTZ) => out.put_i64(value.as_micros() - EPOCH),
        (Datum::Date(value), &types::Type::DATE) => out.put_i32(days(*value)?),
        (Datum::Decimal(value), &types::Type::NUMERIC) => numeric::encode(*value, out),
        (Datum::Uuid(value), &types::Type::UUID) => out.put_slice(value.as_bytes()),
        _ => return Err(unfit(format!("{} does not fit {ty}", datum.kind()))),
    }
    Ok(IsNull::No)
}

/// Days since 2000-01-01.
fn days(date: Date) -> Result<i32, Flawed> {
    small(date.days_since(Date::new(2000, 1, 1).map_err(|flaw| unfit(flaw.to_string()))?))
}

fn small(number: impl TryInto<i32>) -> Result<i32, Flawed> {
    number.try_into().map_err(|_| unfit("a number does not fit 32 bits".to_owned()))
}

fn unfit(reason: String) -> Flawed {
    Box::new(Unfit(reason))
}

/// The type of a column, and that of an array of its values.
pub(super) fn column_type(ty: &'static Type) -> (types::Type, types::Type) {
    match fit::plain(ty) {
        Type::Bool => (types::Type::BOOL, types::Type::BOOL_ARRAY),
        Type::Int32 => (types::Type::INT4, types::Type::INT4_ARRAY),
        Type::Int64 | Type::UInt32 | Type::Duration => (types::Type::INT8, types::Type::INT8_ARRAY),
        Type::Decimal => (types::Type::NUMERIC, types::Type::NUMERIC_ARRAY),
        Type::Bytes => (types::Type::BYTEA, types::Type::BYTEA_ARRAY),
        Type::Timestamp => (types::Type::TIMESTAMPTZ, types::Type::TIMESTAMPTZ_ARRAY),
        Type::Date => (types::Type::DATE, types::Type::DATE_ARRAY),
        Type::Uuid => (types::Type::UUID, types::Type::UUID_ARRAY),
        Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Opaque => {
            (types::Type::JSON, types::Type::JSON_ARRAY)
        }
        Type::Text | Type::Enum(_) | Type::Currency | Type::Id(_) | Type::Optional(_) | Type::Named(_) => {
            (types::Type::TEXT, types::Type::TEXT_ARRAY)
        }
    }
}

/// A column of an answer, as it came.
pub(super) struct Raw<'a>(pub(super) &'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &types::Type, raw: &'a [u8]) -> Result<Self, Flawed> {
        Ok(Self(raw))
    }

    fn accepts(_: &types::Type) -> bool {
        true
    }
}

/// Reads a value, strictly as its field says: range, names of an enumeration, presence.
pub(super) fn decode(stored: Option<&[u8]>, ty: &'static Type) -> Option<Datum<'static>> {
    let datum = match stored {
        None => Datum::Null,
        Some(raw) => present(raw, fit::plain(ty))?,
    };
    fit::fits(ty, &datum).then_some(datum)
}

fn present(raw: &[u8], ty: &'static Type) -> Option<Datum<'static>> {
    Some(match ty {
        Type::Bool => Datum::Bool(raw == [1]),
        Type::Int32 => Datum::Int(i32::from_be_bytes(raw.try_into().ok()?).into()),
        Type::Int64 | Type::UInt32 | Type::Duration => Datum::Int(int(raw)?),
        Type::Decimal => Datum::Decimal(numeric::decode(raw)?),
        Type::Bytes => Datum::Bytes(Cow::Owned(raw.to_vec())),
        Type::Timestamp => Datum::Timestamp(instant(raw)?),
        Type::Date => {
            let days = i32::from_be_bytes(raw.try_into().ok()?);
            Datum::Date(Date::new(2000, 1, 1).ok()?.checked_plus_days(days.into())?)
        }
        Type::Uuid => Datum::Uuid(Uuid::from_slice(raw).ok()?),
        Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Opaque => Datum::Json(Cow::Owned(text(raw)?)),
        Type::Text | Type::Enum(_) | Type::Currency => Datum::Text(Cow::Owned(text(raw)?)),
        Type::Id(_) | Type::Optional(_) | Type::Named(_) => return None,
    })
}

/// A `bigint`.
pub(super) fn int(raw: &[u8]) -> Option<i64> {
    raw.try_into().ok().map(i64::from_be_bytes)
}

/// A `timestamptz`. Infinity is none.
pub(super) fn instant(raw: &[u8]) -> Option<Timestamp> {
    Timestamp::from_micros(int(raw)?.checked_add(EPOCH)?).ok()
}

/// Text of any kind.
pub(super) fn text(raw: &[u8]) -> Option<String> {
    str::from_utf8(raw).ok().map(str::to_owned)
}

/// The first instant there is, as PostgreSQL spells it.
pub(super) const FIRST_INSTANT: &str = "0001-01-01 00:00:00+00 BC";
/// The last instant there is.
pub(super) const LAST_INSTANT: &str = "9999-12-30 22:00:00+00";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_from_the_year_2000() {
        let epoch = Timestamp::from_micros(EPOCH).unwrap();
        assert_eq!(epoch.to_string(), "2000-01-01T00:00:00Z");
        assert_eq!(days(Date::new(1999, 12, 31).unwrap()).unwrap(), -1);
        assert_eq!(days(Date::new(0, 1, 1).unwrap()).unwrap(), -730_485);
    }
}
