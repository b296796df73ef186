//! Checked arithmetic: what `+ - * / %` mean within a transition.
//!
//! A result that its type cannot hold is an [`Arithmetic`] rejection. Nothing wraps and nothing panics. Each operator
//! is a trait of its own, so that an instant and a length of time can be added and two instants cannot.

use crate::value::{Date, Decimal, Duration, Money, Timestamp};

/// An arithmetic operation without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Arithmetic {
    /// The result is beyond the range of its type.
    #[error("the result of a calculation is beyond the range of its type")]
    Overflow,
    /// Division by zero.
    #[error("a calculation divides by zero")]
    DivisionByZero,
    /// A calculation with amounts in two currencies.
    #[error("a calculation mixes two currencies")]
    CurrencyMismatch,
}

type Outcome<T> = Result<T, Arithmetic>;

/// `+` within a transition.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{Right}` cannot be added in a transition",
    label = "`+` works on two values of one of `i32`, `i64`, `u32`, `Decimal`, `Duration` and `Money`, and on an instant and a duration"
)]
pub trait Add<Right> {
    /// What the sum is.
    type Output;
    /// The sum.
    ///
    /// # Errors
    /// When there is none.
    fn add(self, right: Right) -> Outcome<Self::Output>;
}

/// `-` between two values within a transition.
#[diagnostic::on_unimplemented(
    message = "`{Right}` cannot be subtracted from `{Self}` in a transition",
    label = "`-` works on two values of one of `i32`, `i64`, `u32`, `Decimal`, `Duration`, `Money` and `Timestamp`, and on an instant and a duration"
)]
pub trait Subtract<Right> {
    /// What the difference is.
    type Output;
    /// The difference.
    ///
    /// # Errors
    /// When there is none.
    fn subtract(self, right: Right) -> Outcome<Self::Output>;
}

/// `*` within a transition.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{Right}` cannot be multiplied in a transition",
    label = "`*` works on two values of one of `i32`, `i64`, `u32` and `Decimal`, on a duration and an `i64`, and on money and a `Decimal`"
)]
pub trait Multiply<Right> {
    /// What the product is.
    type Output;
    /// The product.
    ///
    /// # Errors
    /// When there is none.
    fn multiply(self, right: Right) -> Outcome<Self::Output>;
}

/// A number: `/`, `%`, unary `-` and sums.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that a transition can calculate with",
    label = "`/`, `%`, unary `-` and sums work on `i32`, `i64`, `u32` and `Decimal` in a transition"
)]
pub trait Number: Sized + Copy + Default + PartialOrd + Add<Self, Output = Self> {
    /// The quotient.
    ///
    /// # Errors
    /// [`Arithmetic::DivisionByZero`], or [`Arithmetic::Overflow`].
    fn divide(self, right: Self) -> Outcome<Self>;
    /// The remainder.
    ///
    /// # Errors
    /// [`Arithmetic::DivisionByZero`], or [`Arithmetic::Overflow`].
    fn remainder(self, right: Self) -> Outcome<Self>;
    /// The same without its sign.
    ///
    /// # Errors
    /// [`Arithmetic::Overflow`].
    fn absolute(self) -> Outcome<Self>;
    /// The same with the other sign.
    ///
    /// # Errors
    /// [`Arithmetic::Overflow`].
    fn negate(self) -> Outcome<Self>;
}

macro_rules! number {
    ($($type:ty),*) => {$(
        impl Add<$type> for $type {
            type Output = $type;
            #[inline]
            fn add(self, right: Self) -> Outcome<Self> {
                self.checked_add(right).ok_or(Arithmetic::Overflow)
            }
        }
        impl Subtract<$type> for $type {
            type Output = $type;
            #[inline]
            fn subtract(self, right: Self) -> Outcome<Self> {
                self.checked_sub(right).ok_or(Arithmetic::Overflow)
            }
        }
        impl Multiply<$type> for $type {
            type Output = $type;
            #[inline]
            fn multiply(self, right: Self) -> Outcome<Self> {
                self.checked_mul(right).ok_or(Arithmetic::Overflow)
            }
        }
        impl Number for $type {
            fn divide(self, right: Self) -> Outcome<Self> {
                self.checked_div(right).ok_or_else(|| without_quotient(right))
            }
            fn remainder(self, right: Self) -> Outcome<Self> {
                self.checked_rem(right).ok_or_else(|| without_quotient(right))
            }
            fn absolute(self) -> Outcome<Self> {
                if self < Self::default() { self.negate() } else { Ok(self) }
            }
            fn negate(self) -> Outcome<Self> {
                Self::default().subtract(self)
            }
        }
    )*};
}

number!(i32, i64, u32, usize, Decimal);

fn without_quotient<T: Number>(divisor: T) -> Arithmetic {
    if divisor == T::default() { Arithmetic::DivisionByZero } else { Arithmetic::Overflow }
}

fn duration(micros: Option<i64>) -> Outcome<Duration> {
    micros.and_then(|micros| Duration::from_micros(micros).ok()).ok_or(Arithmetic::Overflow)
}

fn instant(micros: Option<i64>) -> Outcome<Timestamp> {
    micros.and_then(|micros| Timestamp::from_micros(micros).ok()).ok_or(Arithmetic::Overflow)
}

impl Add<Self> for Duration {
    type Output = Self;
    fn add(self, right: Self) -> Outcome<Self> {
        duration(self.as_micros().checked_add(right.as_micros()))
    }
}

impl Subtract<Self> for Duration {
    type Output = Self;
    fn subtract(self, right: Self) -> Outcome<Self> {
        duration(self.as_micros().checked_sub(right.as_micros()))
    }
}

impl Multiply<i64> for Duration {
    type Output = Self;
    fn multiply(self, right: i64) -> Outcome<Self> {
        duration(self.as_micros().checked_mul(right))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, right: Duration) -> Outcome<Self> {
        instant(self.as_micros().checked_add(right.as_micros()))
    }
}

impl Subtract<Duration> for Timestamp {
    type Output = Self;
    fn subtract(self, right: Duration) -> Outcome<Self> {
        instant(self.as_micros().checked_sub(right.as_micros()))
    }
}

impl Subtract<Self> for Timestamp {
    type Output = Duration;
    fn subtract(self, right: Self) -> Outcome<Duration> {
        duration(Some(self.micros_since(right)))
    }
}

impl Add<Self> for Money {
    type Output = Self;
    fn add(self, right: Self) -> Outcome<Self> {
        same_currency(self, right)?;
        Ok(Self { amount: self.amount.add(right.amount)?, ..self })
    }
}

impl Subtract<Self> for Money {
    type Output = Self;
    fn subtract(self, right: Self) -> Outcome<Self> {
        same_currency(self, right)?;
        Ok(Self { amount: self.amount.subtract(right.amount)?, ..self })
    }
}

impl Multiply<Decimal> for Money {
    type Output = Self;
    fn multiply(self, right: Decimal) -> Outcome<Self> {
        Ok(Self { amount: self.amount.multiply(right)?, ..self })
    }
}

fn same_currency(left: Money, right: Money) -> Outcome<()> {
    if left.currency == right.currency { Ok(()) } else { Err(Arithmetic::CurrencyMismatch) }
}

/// `left + right`.
///
/// # Errors
/// When there is no sum.
#[inline]
pub fn add<L, R, O>(left: L, right: R) -> Outcome<O>
where
    L: Add<R, Output = O>,
{
    left.add(right)
}

/// `left - right`.
///
/// # Errors
/// When there is no difference.
#[inline]
pub fn subtract<L, R, O>(left: L, right: R) -> Outcome<O>
where
    L: Subtract<R, Output = O>,
{
    left.subtract(right)
}

/// `left * right`.
///
/// # Errors
/// When there is no product.
#[inline]
pub fn multiply<L, R, O>(left: L, right: R) -> Outcome<O>
where
    L: Multiply<R, Output = O>,
{
    left.multiply(right)
}

/// `left / right`.
///
/// # Errors
/// When there is no quotient.
#[inline]
pub fn divide<T: Number>(left: T, right: T) -> Outcome<T> {
    left.divide(right)
}

/// The remainder of `left / right`.
///
/// # Errors
/// When there is no quotient.
#[inline]
pub fn remainder<T: Number>(left: T, right: T) -> Outcome<T> {
    left.remainder(right)
}

/// `-value`.
///
/// # Errors
/// [`Arithmetic::Overflow`].
#[inline]
pub fn negate<T: Number>(value: T) -> Outcome<T> {
    value.negate()
}

/// `value` without its sign.
///
/// # Errors
/// [`Arithmetic::Overflow`]: the least whole number has no opposite.
#[inline]
pub fn abs<T: Number>(value: T) -> Outcome<T> {
    value.absolute()
}

/// The day this many days after `date`, or before it for a negative number.
///
/// # Errors
/// [`Arithmetic::Overflow`], beyond the years 0 to 9999.
pub fn plus_days(date: Date, days: i64) -> Outcome<Date> {
    date.checked_plus_days(days).ok_or(Arithmetic::Overflow)
}
