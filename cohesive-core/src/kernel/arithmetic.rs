//! Checked arithmetic: what `+ - * / %` mean within a transition.
//!
//! A result that its type cannot hold is an [`Arithmetic`] rejection. Nothing wraps and nothing panics.

use crate::value::Decimal;

/// An arithmetic operation without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Arithmetic {
    /// The result is beyond the range of its type.
    #[error("the result of a calculation is beyond the range of its type")]
    Overflow,
    /// Division by zero.
    #[error("a calculation divides by zero")]
    DivisionByZero,
}

/// A type with checked arithmetic.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no checked arithmetic",
    label = "`+`, `-`, `*`, `/`, `%` and sums work on `i32`, `i64`, `u32` and `Decimal` in a transition"
)]
pub trait Number: Sized + Copy + Default {
    /// `self + right`.
    fn checked_add(self, right: Self) -> Option<Self>;
    /// `self - right`.
    fn checked_subtract(self, right: Self) -> Option<Self>;
    /// `self * right`.
    fn checked_multiply(self, right: Self) -> Option<Self>;
    /// `self / right`.
    fn checked_divide(self, right: Self) -> Option<Self>;
    /// The remainder of `self / right`.
    fn checked_remainder(self, right: Self) -> Option<Self>;
    /// `-self`.
    fn checked_negate(self) -> Option<Self>;
}

macro_rules! number {
    ($($type:ty),*) => {$(
        impl Number for $type {
            fn checked_add(self, right: Self) -> Option<Self> {
                <$type>::checked_add(self, right)
            }
            fn checked_subtract(self, right: Self) -> Option<Self> {
                <$type>::checked_sub(self, right)
            }
            fn checked_multiply(self, right: Self) -> Option<Self> {
                <$type>::checked_mul(self, right)
            }
            fn checked_divide(self, right: Self) -> Option<Self> {
                <$type>::checked_div(self, right)
            }
            fn checked_remainder(self, right: Self) -> Option<Self> {
                <$type>::checked_rem(self, right)
            }
            fn checked_negate(self) -> Option<Self> {
                Self::default().checked_subtract(self)
            }
        }
    )*};
}

number!(i32, i64, u32, usize, Decimal);

/// `left + right`.
///
/// # Errors
/// [`Arithmetic::Overflow`].
pub fn add<T: Number>(left: T, right: T) -> Result<T, Arithmetic> {
    left.checked_add(right).ok_or(Arithmetic::Overflow)
}

/// `left - right`.
///
/// # Errors
/// [`Arithmetic::Overflow`].
pub fn subtract<T: Number>(left: T, right: T) -> Result<T, Arithmetic> {
    left.checked_subtract(right).ok_or(Arithmetic::Overflow)
}

/// `left * right`.
///
/// # Errors
/// [`Arithmetic::Overflow`].
pub fn multiply<T: Number>(left: T, right: T) -> Result<T, Arithmetic> {
    left.checked_multiply(right).ok_or(Arithmetic::Overflow)
}

/// `left / right`.
///
/// # Errors
/// [`Arithmetic::DivisionByZero`], or [`Arithmetic::Overflow`].
pub fn divide<T: Number + PartialEq>(left: T, right: T) -> Result<T, Arithmetic> {
    left.checked_divide(right).ok_or_else(|| without_quotient(right))
}

/// The remainder of `left / right`.
///
/// # Errors
/// [`Arithmetic::DivisionByZero`], or [`Arithmetic::Overflow`].
pub fn remainder<T: Number + PartialEq>(left: T, right: T) -> Result<T, Arithmetic> {
    left.checked_remainder(right).ok_or_else(|| without_quotient(right))
}

/// `-value`.
///
/// # Errors
/// [`Arithmetic::Overflow`].
pub fn negate<T: Number>(value: T) -> Result<T, Arithmetic> {
    value.checked_negate().ok_or(Arithmetic::Overflow)
}

fn without_quotient<T: Number + PartialEq>(divisor: T) -> Arithmetic {
    if divisor == T::default() { Arithmetic::DivisionByZero } else { Arithmetic::Overflow }
}
