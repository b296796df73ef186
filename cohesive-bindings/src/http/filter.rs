//! Filters of a list: which there are, and how their values are read.

use cohesive_core::model::{Field, Structure, Type};
use cohesive_core::value::{Bytes, Currency, Date, Datum, Decimal, Duration, Timestamp, Uuid, check_id_text};

use super::problem::Problem;
use super::query::Query;
use crate::node::Unreadable;

/// The parameters that every list has.
const PAGING: [&str; 2] = ["after", "limit"];

/// A field that lists can be filtered by.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    pub(super) column: usize,
    pub(super) field: &'static Field,
    /// The parameter for a value.
    pub(super) name: String,
    /// The parameter for "has no value", where that is possible.
    pub(super) absent: Option<String>,
}

/// The filters of an entity's list, in the order of its fields.
///
/// A field whose name a paging parameter already has is reached as `filter.{name}`. Lists and records have no
/// filter: equality of whole JSON values is not a question anybody asks.
pub(super) fn filters(structure: &'static Structure) -> Vec<Filter> {
    let fields = structure.fields.iter().enumerate();
    fields
        .filter(|(_, field)| field.is_filter() && is_scalar(field.ty.required()))
        .map(|(column, field)| {
            let clash = PAGING.contains(&field.wire);
            let name = if clash { format!("filter.{}", field.wire) } else { field.wire.to_owned() };
            let absent = field.ty.is_optional().then(|| format!("{name}.absent"));
            Filter { column, field, name, absent }
        })
        .collect()
}

const fn is_scalar(ty: &Type) -> bool {
    !matches!(
        ty,
        Type::List(_) | Type::Set(_) | Type::Record(_) | Type::Opaque | Type::Named(_) | Type::Optional(_)
    )
}

impl Filter {
    /// The column and the value to look for, where the query has this filter.
    pub(super) fn take(&self, query: &mut Query) -> Result<Option<(usize, Datum<'static>)>, Problem> {
        let value = query.take(&self.name)?;
        let absent = match &self.absent {
            Some(name) => query.flag(name)?,
            None => false,
        };
        match (value, absent) {
            (None, false) => Ok(None),
            (None, true) => Ok(Some((self.column, Datum::Null))),
            (Some(_), true) => {
                let both = format!("`{}` cannot have a value and be absent", self.name);
                Err(Problem::new("malformed_query", both))
            }
            (Some(text), false) => {
                let ty = self.field.ty.required();
                let datum = read(ty, &text).ok_or_else(|| {
                    let flaw = format!("`{}`: expected {}", self.name, Unreadable::expected(ty));
                    Problem::new("unusable_filter", flaw).with("parameter", self.name.as_str().into())
                })?;
                Ok(Some((self.column, datum)))
            }
        }
    }
}

/// The stored form of a value that stands in a query; `None` when it is not of the type.
fn read(ty: &Type, text: &str) -> Option<Datum<'static>> {
    match ty {
        Type::Bool => text.parse().ok().map(Datum::Bool),
        Type::Int32 => whole(text).filter(|number| i32::try_from(*number).is_ok()).map(Datum::Int),
        Type::Int64 => whole(text).map(Datum::Int),
        Type::UInt32 => whole(text).filter(|number| u32::try_from(*number).is_ok()).map(Datum::Int),
        Type::Decimal => Decimal::from_str_exact(text).ok().map(Datum::Decimal),
        Type::Text => (!text.contains('\0')).then(|| Datum::Text(text.to_owned().into())),
        Type::Bytes => {
            let bytes: Bytes = serde_json::from_value(text.into()).ok()?;
            Some(Datum::Bytes(bytes.0.into()))
        }
        Type::Timestamp => text.parse::<Timestamp>().ok().map(Datum::Timestamp),
        Type::Date => text.parse::<Date>().ok().map(Datum::Date),
        Type::Uuid => text.parse::<Uuid>().ok().map(Datum::Uuid),
        Type::Id(id) => match id.inner {
            Type::Text => check_id_text(text).ok().map(|()| Datum::Text(text.to_owned().into())),
            inner => read(&inner, text),
        },
        Type::Enum(names) => {
            let variant = names.variants.iter().find(|variant| variant.wire == text)?;
            Some(Datum::Text(variant.wire.into()))
        }
        Type::Duration => text.parse::<Duration>().ok().map(|value| Datum::Int(value.as_micros())),
        Type::Currency => {
            text.parse::<Currency>().ok().map(|value| Datum::Text(value.code().to_owned().into()))
        }
        Type::Optional(_)
        | Type::List(_)
        | Type::Set(_)
        | Type::Record(_)
        | Type::Opaque
        | Type::Named(_) => None,
    }
}

/// A whole number in its one spelling.
fn whole(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use cohesive_core::model::{EnumType, IdType, Type};
    use cohesive_core::value::Datum;

    use super::read;

    const ID: IdType = IdType { name: "TenderId", inner: Type::Text };
    const NUMBER: IdType = IdType { name: "Number", inner: Type::Int32 };
    const NONE: EnumType = EnumType { name: "None", docs: "", file: "", variants: &[], lifecycle: false };

    // R38
    #[test]
    fn a_value_is_of_its_type_or_refused() {
        let table: &[(Type, &[&str], &[&str])] = &[
            (Type::Bool, &["true", "false"], &["", "1", "TRUE", "yes"]),
            (Type::Int32, &["0", "-5", "2147483647"], &["", "+1", "01", "-0", "2147483648", "1.0", "1e3"]),
            (Type::Int64, &["9223372036854775807"], &["9223372036854775808", "0x1", " 1"]),
            (Type::UInt32, &["4294967295"], &["-1", "4294967296"]),
            (Type::Decimal, &["1.50", "-0.1"], &["", "a", "1,5", "0.00000000000000000000000000000000001"]),
            (Type::Text, &["", "a b", "ä"], &["a\0b"]),
            (Type::Bytes, &["", "AQI="], &["AQI", "*"]),
            (Type::Timestamp, &["2026-03-01T12:00:00Z"], &["", "2026-03-01", "2026-03-01T12:00:00.0000001Z"]),
            (Type::Date, &["2026-03-01"], &["2026-02-30", "20260301", ""]),
            (Type::Uuid, &["01234567-89ab-cdef-0123-456789abcdef"], &["", "0123"]),
            (Type::Id(&ID), &["t-1"], &["", "  ", "a\u{7}b"]),
            (Type::Id(&NUMBER), &["7"], &["x", "07"]),
            (Type::Enum(&NONE), &[], &["", "Pending"]),
        ];
        for (ty, good, bad) in table {
            good.iter().for_each(|text| assert!(read(ty, text).is_some(), "{ty:?} {text}"));
            bad.iter().for_each(|text| assert!(read(ty, text).is_none(), "{ty:?} {text}"));
        }
        assert_eq!(read(&Type::Int64, "-7"), Some(Datum::Int(-7)));
    }
}
