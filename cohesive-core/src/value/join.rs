//! Values that two sources may change at once: joins of a semilattice.
//!
//! A join is associative, commutative and idempotent, so neither the order nor the number of changes matters (Shapiro
//! et al., *Conflict-free replicated data types*, 2011). `properties!` tests the three laws for every field with a
//! merge.

use std::collections::BTreeSet;

use super::{Date, Decimal, Duration, Timestamp};

/// `merge = max`: the greater value.
#[derive(Debug, Clone, Copy)]
pub struct Max;

/// `merge = min`: the lesser value.
#[derive(Debug, Clone, Copy)]
pub struct Min;

/// `merge = union`: all elements of both sets.
#[derive(Debug, Clone, Copy)]
pub struct Union;

/// A value that can be joined with another one by the merge `By`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be merged by `{By}` [COH0153]",
    label = "this type has no such merge",
    note = "`max` and `min` work on numbers, instants, dates, durations, text and `bool`; `union` works on sets"
)]
pub trait JoinBy<By>: Sized {
    /// The join of both.
    #[must_use]
    fn join(self, other: Self) -> Self;
}

macro_rules! ordered {
    ($($type:ty),*) => {$(
        impl JoinBy<Max> for $type {
            fn join(self, other: Self) -> Self {
                Ord::max(self, other)
            }
        }
        impl JoinBy<Min> for $type {
            fn join(self, other: Self) -> Self {
                Ord::min(self, other)
            }
        }
    )*};
}

ordered!(bool, i32, i64, u32, Decimal, Timestamp, Date, Duration, String);

impl<T: Ord> JoinBy<Union> for BTreeSet<T> {
    fn join(mut self, other: Self) -> Self {
        self.extend(other);
        self
    }
}

/// An absent value is the least one for every merge: the other one stays.
impl<By, T: JoinBy<By>> JoinBy<By> for Option<T> {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Some(one), Some(other)) => Some(one.join(other)),
            (one, other) => one.or(other),
        }
    }
}
