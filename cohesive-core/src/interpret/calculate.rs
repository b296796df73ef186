//! Arithmetic, by the functions that compiled bodies call.

use crate::kernel::arithmetic::{self, Arithmetic};
use crate::model::BinaryOperator;

use super::{Content, Stop};

/// The result of an operator that calculates.
pub(super) fn binary(operator: BinaryOperator, left: &Content, right: &Content) -> Result<Content, Stop> {
    use Content::{Decimal, Duration, Int32, Int64, Money, Number, Size, Timestamp, UInt32};
    Ok(match (left, right) {
        (Int32(left), Int32(right)) => Int32(numbers(operator, *left, *right)?),
        (Int64(left), Int64(right)) => Int64(numbers(operator, *left, *right)?),
        (UInt32(left), UInt32(right)) => UInt32(numbers(operator, *left, *right)?),
        (Size(left), Size(right)) => Size(numbers(operator, *left, *right)?),
        (Decimal(left), Decimal(right)) => Decimal(numbers(operator, *left, *right)?),
        (Number(left), Number(right)) => literals(operator, *left, *right)?,
        (Duration(span), Number(_)) if operator == BinaryOperator::Multiply => {
            return binary(operator, &Duration(*span), &like(right, &Int64(0))?);
        }
        (Number(_), _) => return binary(operator, &like(left, right)?, right),
        (_, Number(_)) => return binary(operator, left, &like(right, left)?),
        (Duration(left), Duration(right)) if operator == BinaryOperator::Add => {
            Duration(arithmetic::add(*left, *right)?)
        }
        (Duration(left), Duration(right)) if operator == BinaryOperator::Subtract => {
            Duration(arithmetic::subtract(*left, *right)?)
        }
        (Duration(left), Int64(right)) if operator == BinaryOperator::Multiply => {
            Duration(arithmetic::multiply(*left, *right)?)
        }
        (Timestamp(left), Duration(right)) if operator == BinaryOperator::Add => {
            Timestamp(arithmetic::add(*left, *right)?)
        }
        (Timestamp(left), Duration(right)) if operator == BinaryOperator::Subtract => {
            Timestamp(arithmetic::subtract(*left, *right)?)
        }
        (Timestamp(left), Timestamp(right)) if operator == BinaryOperator::Subtract => {
            Duration(arithmetic::subtract(*left, *right)?)
        }
        (Money(left), Money(right)) if operator == BinaryOperator::Add => {
            Money(arithmetic::add(*left, *right)?)
        }
        (Money(left), Money(right)) if operator == BinaryOperator::Subtract => {
            Money(arithmetic::subtract(*left, *right)?)
        }
        (Money(left), Decimal(right)) if operator == BinaryOperator::Multiply => {
            Money(arithmetic::multiply(*left, *right)?)
        }
        _ => {
            let symbol = operator.symbol();
            return Err(Stop::opaque(format!("`{symbol}` on {} and {}", left.kind(), right.kind())));
        }
    })
}

fn numbers<T>(operator: BinaryOperator, left: T, right: T) -> Result<T, Stop>
where
    T: arithmetic::Number
        + arithmetic::Add<T, Output = T>
        + arithmetic::Subtract<T, Output = T>
        + arithmetic::Multiply<T, Output = T>,
{
    Ok(match operator {
        BinaryOperator::Add => arithmetic::add(left, right)?,
        BinaryOperator::Subtract => arithmetic::subtract(left, right)?,
        BinaryOperator::Multiply => arithmetic::multiply(left, right)?,
        BinaryOperator::Divide => arithmetic::divide(left, right)?,
        BinaryOperator::Remainder => arithmetic::remainder(left, right)?,
        other => return Err(Stop::opaque(format!("`{}` on numbers", other.symbol()))),
    })
}

/// Two numbers as they are written. Their type comes from elsewhere, so only what every type of number agrees on has
/// a result here.
fn literals(operator: BinaryOperator, left: i128, right: i128) -> Result<Content, Stop> {
    let result = match operator {
        BinaryOperator::Add => left.checked_add(right),
        BinaryOperator::Subtract => left.checked_sub(right),
        BinaryOperator::Multiply => left.checked_mul(right),
        BinaryOperator::Divide | BinaryOperator::Remainder if right == 0 => {
            return Err(Arithmetic::DivisionByZero.into());
        }
        BinaryOperator::Divide => left.checked_div(right),
        BinaryOperator::Remainder => left.checked_rem(right),
        _ => None,
    };
    result
        .filter(|result| *result >= 0 && i32::try_from(*result).is_ok())
        .map(Content::Number)
        .ok_or_else(|| Stop::opaque("a calculation of numbers without a type"))
}

/// The value with the other sign.
pub(super) fn negate(value: &Content) -> Result<Content, Stop> {
    Ok(match value {
        Content::Int32(value) => Content::Int32(arithmetic::negate(*value)?),
        Content::Int64(value) => Content::Int64(arithmetic::negate(*value)?),
        Content::UInt32(value) => Content::UInt32(arithmetic::negate(*value)?),
        Content::Size(value) => Content::Size(arithmetic::negate(*value)?),
        Content::Decimal(value) => Content::Decimal(arithmetic::negate(*value)?),
        other => return Err(Stop::opaque(format!("`-` on {}", other.kind()))),
    })
}

/// A number as it is written, in the type of another value.
pub(super) fn like(number: &Content, model: &Content) -> Result<Content, Stop> {
    let Content::Number(value) = number else { return Ok(number.clone()) };
    let typed = match model {
        Content::Int32(_) => i32::try_from(*value).map(Content::Int32).ok(),
        Content::Int64(_) => i64::try_from(*value).map(Content::Int64).ok(),
        Content::UInt32(_) => u32::try_from(*value).map(Content::UInt32).ok(),
        Content::Size(_) => usize::try_from(*value).map(Content::Size).ok(),
        Content::Number(_) => Some(number.clone()),
        _ => None,
    };
    typed.ok_or_else(|| Stop::opaque(format!("the number {value} as {}", model.kind())))
}
