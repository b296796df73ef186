//! The permitted methods.

use crate::kernel::arithmetic::{self, Arithmetic};
use crate::model::Expr;

use super::compare::{equal, order};
use super::{Content, Scope, Stop};

impl Scope<'_> {
    /// The result of a permitted method.
    pub(super) fn call(
        &mut self,
        receiver: &Expr,
        method: &str,
        arguments: &[Expr],
    ) -> Result<Content, Stop> {
        let value = self.evaluate(receiver)?;
        let operands: Vec<Content> =
            arguments.iter().map(|argument| self.evaluate(argument)).collect::<Result<_, _>>()?;
        if method == "unwrap_or_default" {
            if let Content::Present(value) = value {
                return Ok(*value);
            }
            let shape = self.shape(receiver).and_then(|shape| shape.inner());
            return shape.ok_or_else(|| Stop::opaque("the default of an unknown type"))?.default_value();
        }
        match operands.as_slice() {
            [] => question(&value, method),
            [operand] => with(value, method, operand),
            _ => Err(Stop::opaque(format!("`{method}` with {} values", operands.len()))),
        }
    }
}

fn unknown(value: &Content, method: &str) -> Stop {
    Stop::opaque(format!("`{method}` of {}", value.kind()))
}

/// Methods without an argument.
fn question(value: &Content, method: &str) -> Result<Content, Stop> {
    Ok(match (method, value) {
        ("is_some", Content::Present(_)) | ("is_none", Content::Absent) => Content::Bool(true),
        ("is_some", Content::Absent) | ("is_none", Content::Present(_)) => Content::Bool(false),
        ("is_empty", Content::Text(text)) => Content::Bool(text.is_empty()),
        ("is_empty", Content::List(items) | Content::Set(items)) => Content::Bool(items.is_empty()),
        ("len", Content::Text(text)) => Content::Size(text.len()),
        ("len", Content::List(items) | Content::Set(items)) => Content::Size(items.len()),
        ("is_zero", Content::Decimal(value)) => Content::Bool(value.is_zero()),
        ("abs", Content::Decimal(value)) => Content::Decimal(value.abs()),
        ("abs", Content::Int32(value)) => Content::Int32(value.checked_abs().ok_or(Arithmetic::Overflow)?),
        ("abs", Content::Int64(value)) => Content::Int64(value.checked_abs().ok_or(Arithmetic::Overflow)?),
        _ => return Err(unknown(value, method)),
    })
}

/// Methods with one argument.
fn with(value: Content, method: &str, operand: &Content) -> Result<Content, Stop> {
    Ok(match (method, &value, operand) {
        ("or" | "unwrap_or", Content::Absent, other) => other.clone(),
        ("or", Content::Present(_), _) => value,
        ("unwrap_or", Content::Present(inner), _) => (**inner).clone(),
        ("contains", Content::Text(text), Content::Text(part)) => Content::Bool(text.contains(part.as_str())),
        ("contains", Content::List(items) | Content::Set(items), item) => {
            Content::Bool(any_equal(items, item)?)
        }
        ("starts_with", Content::Text(text), Content::Text(part)) => {
            Content::Bool(text.starts_with(part.as_str()))
        }
        ("ends_with", Content::Text(text), Content::Text(part)) => {
            Content::Bool(text.ends_with(part.as_str()))
        }
        ("days_since", Content::Date(later), Content::Date(earlier)) => {
            Content::Int64(later.days_since(*earlier))
        }
        ("plus_days", Content::Date(date), days) => match super::calculate::like(days, &Content::Int64(0))? {
            Content::Int64(days) => Content::Date(arithmetic::plus_days(*date, days)?),
            other => return Err(unknown(&other, method)),
        },
        ("round_dp", Content::Decimal(value), places) => {
            match super::calculate::like(places, &Content::UInt32(0))? {
                Content::UInt32(places) => Content::Decimal(value.round_dp(places)),
                other => return Err(unknown(&other, method)),
            }
        }
        // As `Ord::min` and `Ord::max` do: of two equal values, the first is the lesser and the second the greater.
        ("min" | "max", left, right) => {
            let right = super::calculate::like(right, left).unwrap_or_else(|_| right.clone());
            let left = super::calculate::like(left, &right).unwrap_or_else(|_| left.clone());
            let less = order(&right, &left)?.is_some_and(std::cmp::Ordering::is_lt);
            if less == (method == "min") { right } else { left }
        }
        _ => return Err(unknown(&value, method)),
    })
}

pub(super) fn any_equal(items: &[Content], item: &Content) -> Result<bool, Stop> {
    for other in items {
        if equal(other, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
