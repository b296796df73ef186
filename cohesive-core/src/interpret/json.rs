//! Values as JSON, by their types: the same texts as those of the compiled types.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::model::{EnumType, Member, RecordType, Type};
use crate::value::{Bytes, Flaw, Money};

use super::Content;

/// Reads a value of type `ty`.
pub(super) fn read(ty: &Type, json: &Json) -> Result<Content, Flaw> {
    let wrong = |expected: &'static str| Flaw::malformed(expected, &json.to_string());
    let text = |expected: &'static str| json.as_str().ok_or_else(|| wrong(expected));
    Ok(match ty {
        Type::Optional(_) if json.is_null() => Content::Absent,
        Type::Optional(inner) => Content::present(read(inner, json)?),
        Type::Bool => Content::Bool(json.as_bool().ok_or_else(|| wrong("a boolean"))?),
        Type::Int32 => Content::Int32(whole(json, "a whole number of 32 bits")?),
        Type::Int64 => Content::Int64(whole(json, "a whole number of 64 bits")?),
        Type::UInt32 => Content::UInt32(whole(json, "a whole number from 0 to 4294967295")?),
        Type::Decimal => {
            Content::Decimal(text("a decimal as text")?.parse().map_err(|_| wrong("a decimal as text"))?)
        }
        Type::Text => Content::Text(text("text")?.to_owned()),
        Type::Bytes => {
            Content::Bytes(Bytes::from_base64(text("base64 text")?).ok_or_else(|| wrong("base64 text"))?.0)
        }
        Type::Timestamp => Content::Timestamp(text("an instant")?.parse()?),
        Type::Date => Content::Date(text("a date")?.parse()?),
        Type::Duration => Content::Duration(text("a length of time")?.parse()?),
        Type::Uuid => Content::Uuid(text("a UUID")?.parse().map_err(|_| wrong("a UUID"))?),
        Type::Currency => Content::Currency(text("a currency")?.parse()?),
        Type::Id(id) => read(&id.inner, json)?,
        Type::Enum(choice) => variant(choice, text("one of a list of names")?)?,
        Type::Record(shape) => record(shape, json)?,
        Type::List(inner) => Content::List(items(inner, json)?),
        Type::Set(inner) => {
            let mut set = Vec::new();
            for item in items(inner, json)? {
                super::collect::insert(&mut set, item).map_err(|_| wrong("values that have an order"))?;
            }
            Content::Set(set)
        }
        Type::Opaque => Content::Opaque(json.to_string()),
        Type::Named(_) => return Err(wrong("a value of a known type")),
    })
}

fn whole<T: TryFrom<i64>>(json: &Json, expected: &'static str) -> Result<T, Flaw> {
    let number = json.as_i64().ok_or_else(|| Flaw::malformed(expected, &json.to_string()))?;
    T::try_from(number).map_err(|_| Flaw::OutOfRange { expected })
}

fn items(ty: &Type, json: &Json) -> Result<Vec<Content>, Flaw> {
    let items = json.as_array().ok_or_else(|| Flaw::malformed("a list", &json.to_string()))?;
    items.iter().map(|item| read(ty, item)).collect()
}

/// The variant with this name on the wire.
pub(super) fn variant(choice: &'static EnumType, wire: &str) -> Result<Content, Flaw> {
    let position = choice.variants.iter().position(|variant| variant.wire == wire);
    position
        .map(|position| Content::Variant(choice, position))
        .ok_or_else(|| Flaw::UnknownVariant { expected: choice.name, value: wire.chars().take(64).collect() })
}

fn record(shape: &RecordType, json: &Json) -> Result<Content, Flaw> {
    let members = members(shape.members, json)?;
    if !Content::is_money(shape) {
        return Ok(Content::Record(members));
    }
    match <[_; 2]>::try_from(members) {
        Ok([(_, Content::Decimal(amount)), (_, Content::Currency(currency))]) => {
            Ok(Content::Money(Money { amount, currency }))
        }
        _ => Err(Flaw::malformed("an amount and a currency", &json.to_string())),
    }
}

/// The members of a record or a message, under their names in code.
pub(super) fn members(members: &[Member], json: &Json) -> Result<Vec<(&'static str, Content)>, Flaw> {
    let object = json.as_object().ok_or_else(|| Flaw::malformed("an object", &json.to_string()))?;
    let read = |member: &Member| {
        let value = match (object.get(member.wire), member.ty) {
            (Some(json), ty) => read(&ty, json)?,
            (None, Type::Optional(_)) => Content::Absent,
            (None, _) => return Err(Flaw::malformed("an object with every member", &json.to_string())),
        };
        Ok((member.name, value))
    };
    members.iter().map(read).collect()
}

/// Writes a value of type `ty`.
pub(super) fn write(ty: &Type, value: &Content, out: &mut String) {
    match (ty, value) {
        (Type::Optional(inner), Content::Present(value)) => write(inner, value, out),
        (Type::Id(id), value) => write(&id.inner, value, out),
        (Type::Record(shape), Content::Record(values)) => {
            let named = shape.members.iter().filter_map(|member| {
                let value = values.iter().find(|(name, _)| *name == member.name);
                value.map(|(_, value)| (member.wire, member.ty, value))
            });
            object(named, out);
        }
        (Type::List(inner), Content::List(items)) | (Type::Set(inner), Content::Set(items)) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(inner, item, out);
            }
            out.push(']');
        }
        (_, value) => scalar(value, out),
    }
}

/// Writes named values as an object.
pub(super) fn object<'a>(members: impl Iterator<Item = (&'a str, Type, &'a Content)>, out: &mut String) {
    out.push('{');
    for (index, (wire, ty, value)) in members.enumerate() {
        if index > 0 {
            out.push(',');
        }
        quoted(wire, out);
        out.push(':');
        write(&ty, value, out);
    }
    out.push('}');
}

fn scalar(value: &Content, out: &mut String) {
    match value {
        Content::Bool(_)
        | Content::Int32(_)
        | Content::Int64(_)
        | Content::UInt32(_)
        | Content::Size(_)
        | Content::Number(_)
        | Content::Opaque(_) => {
            // Writing to text cannot fail.
            let _ = write!(out, "{value}");
        }
        Content::Text(text) => quoted(text, out),
        Content::Variant(..) => quoted(value.as_variant().map_or("", |variant| variant.wire), out),
        Content::Money(money) => {
            let _ = write!(out, "{{\"amount\":\"{}\",\"currency\":\"{}\"}}", money.amount, money.currency);
        }
        Content::Decimal(_)
        | Content::Bytes(_)
        | Content::Timestamp(_)
        | Content::Date(_)
        | Content::Duration(_)
        | Content::Uuid(_)
        | Content::Currency(_) => quoted(&value.to_string(), out),
        // Of another type than declared; a model that was compiled has no such value.
        Content::Absent | Content::Present(_) | Content::Record(_) | Content::List(_) | Content::Set(_) => {
            out.push_str("null");
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push_str(&Json::from(text).to_string());
}
