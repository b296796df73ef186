//! Values that are put together: records, variants with payload, identifiers.

use crate::kernel::arithmetic::Arithmetic;
use crate::model::{Expr, Member, Message, RecordType, Type};
use crate::value::{Decimal, Duration, Money};

use super::{Content, Document, Scope, Stop};

impl Scope<'_> {
    /// A record with named members, and the others from `base`.
    pub(super) fn record(
        &mut self,
        path: &str,
        members: &[(&'static str, Expr)],
        base: Option<&Expr>,
    ) -> Result<Content, Stop> {
        let shape = self.names.record(path).ok_or_else(|| Stop::opaque(format!("the record `{path}`")))?;
        let base = base.map(|base| self.evaluate(base)).transpose()?;
        let written = self.members(members)?;
        let mut whole = Vec::with_capacity(shape.members.len());
        for member in shape.members {
            let value = written.get(member.name).cloned();
            let value =
                value.or_else(|| base.as_ref()?.member(member.name).map(std::borrow::Cow::into_owned));
            let value = value.ok_or_else(|| Stop::opaque(format!("`{}` of `{path}`", member.name)))?;
            whole.push((member.name, typed(value, &member.ty)?));
        }
        finished(shape, whole)
    }

    /// The payload of a message.
    pub(super) fn payload(&mut self, message: &Message, payload: &Expr) -> Result<Document, Stop> {
        let Expr::Record { members, base: None, .. } = payload else {
            return Err(Stop::opaque(format!("the payload of `{}`", message.name)));
        };
        let written = self.members(members)?;
        let member = |member: &Member| {
            let value = written.get(member.name).cloned();
            let value = value.ok_or_else(|| Stop::opaque(format!("`{}` of `{}`", member.name, message.name)));
            Ok((member.name, typed(value?, &member.ty)?))
        };
        message.members.iter().map(member).collect()
    }

    fn members(&mut self, members: &[(&'static str, Expr)]) -> Result<Document, Stop> {
        members.iter().map(|(name, value)| Ok((*name, self.evaluate(value)?))).collect()
    }

    /// A constructor or one of the permitted functions.
    pub(super) fn construct(&mut self, name: &str, arguments: &[Expr]) -> Result<Content, Stop> {
        let values: Vec<Content> =
            arguments.iter().map(|argument| self.evaluate(argument)).collect::<Result<_, _>>()?;
        match (name, values.as_slice()) {
            ("Some" | "Option::Some", [value]) => Ok(Content::present(value.clone())),
            ("String::new", []) => Ok(Content::Text(String::new())),
            ("String::from", [Content::Text(text)]) => Ok(Content::Text(text.clone())),
            ("Vec::new", []) => Ok(Content::List(Vec::new())),
            ("BTreeSet::new", []) => Ok(Content::Set(Vec::new())),
            ("Decimal::new", [digits, scale]) => decimal(digits, scale),
            ("Decimal::from", [value]) => from_number(value),
            ("Bytes", [Content::List(items)]) => bytes(items),
            (_, [value]) if name.starts_with("Duration::") => duration(name, value),
            (_, [value]) if self.names.id(name).is_some() => {
                let ty = self.names.id(name).map(|id| id.inner);
                ty.map_or_else(|| Ok(value.clone()), |ty| typed(value.clone(), &ty))
            }
            _ => Err(Stop::opaque(format!("the constructor `{name}`"))),
        }
    }
}

/// The record, or the amount of money that it is.
fn finished(shape: &RecordType, members: Vec<(&'static str, Content)>) -> Result<Content, Stop> {
    if !Content::is_money(shape) {
        return Ok(Content::Record(members));
    }
    match members.as_slice() {
        [(_, Content::Decimal(amount)), (_, Content::Currency(currency))] => {
            Ok(Content::Money(Money { amount: *amount, currency: *currency }))
        }
        _ => Err(Stop::opaque("an amount of money")),
    }
}

fn decimal(digits: &Content, scale: &Content) -> Result<Content, Stop> {
    let digits = super::calculate::like(digits, &Content::Int64(0))?;
    let scale = super::calculate::like(scale, &Content::UInt32(0))?;
    match (digits, scale) {
        (Content::Int64(digits), Content::UInt32(scale)) => {
            let decimal = Decimal::try_new(digits, scale).map_err(|_| Arithmetic::Overflow)?;
            Ok(Content::Decimal(decimal))
        }
        _ => Err(Stop::opaque("`Decimal::new` of other values")),
    }
}

fn from_number(value: &Content) -> Result<Content, Stop> {
    Ok(Content::Decimal(match value {
        Content::Int32(value) => Decimal::from(*value),
        Content::Int64(value) => Decimal::from(*value),
        Content::UInt32(value) => Decimal::from(*value),
        Content::Size(value) => Decimal::from(*value),
        // A number as it is written has 32 bits where nothing else says so.
        Content::Number(value) => {
            Decimal::from(i32::try_from(*value).map_err(|_| Stop::opaque("a number beyond 32 bits"))?)
        }
        Content::Decimal(value) => *value,
        other => return Err(Stop::opaque(format!("`Decimal::from` of {}", other.kind()))),
    }))
}

fn duration(name: &str, value: &Content) -> Result<Content, Stop> {
    let Content::UInt32(count) = super::calculate::like(value, &Content::UInt32(0))? else {
        return Err(Stop::opaque(format!("`{name}` of {}", value.kind())));
    };
    Ok(Content::Duration(match name {
        "Duration::days" => Duration::days(count),
        "Duration::hours" => Duration::hours(count),
        "Duration::minutes" => Duration::minutes(count),
        "Duration::seconds" => Duration::seconds(count),
        _ => return Err(Stop::opaque(format!("the constructor `{name}`"))),
    }))
}

fn bytes(items: &[Content]) -> Result<Content, Stop> {
    let byte = |item: &Content| match item {
        Content::Number(value) => u8::try_from(*value).ok(),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = items.iter().map(byte).collect();
    bytes.map(Content::Bytes).ok_or_else(|| Stop::opaque("bytes of other values"))
}

/// A value with the numbers that were written without a type in the type of its place.
pub(super) fn typed(value: Content, ty: &Type) -> Result<Content, Stop> {
    Ok(match (value, ty) {
        (Content::Number(value), ty) => {
            let model = match ty {
                Type::Int32 => Content::Int32(0),
                Type::Int64 => Content::Int64(0),
                Type::UInt32 => Content::UInt32(0),
                Type::Id(id) => return typed(Content::Number(value), &id.inner),
                other => return Err(Stop::opaque(format!("the number {value} as {other:?}"))),
            };
            super::calculate::like(&Content::Number(value), &model)?
        }
        (Content::Present(value), Type::Optional(inner)) => Content::present(typed(*value, inner)?),
        (Content::List(items), Type::List(inner)) => Content::List(all_typed(items, inner)?),
        (Content::Set(items), Type::Set(inner)) => Content::Set(all_typed(items, inner)?),
        (value, _) => value,
    })
}

fn all_typed(items: Vec<Content>, ty: &Type) -> Result<Vec<Content>, Stop> {
    items.into_iter().map(|item| typed(item, ty)).collect()
}
