//! What a value has to be like, and what is allowed in writing.

use super::{At, Expr};

/// A condition on the value of one field or member. An absent value keeps every constraint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constraint {
    /// The name, which is also the end of the refusal's code, for example `quantity_range`.
    pub name: &'static str,
    /// What to tell the caller when it does not hold.
    pub message: &'static str,
    /// The condition.
    pub rule: Rule,
    /// Where it stands.
    pub at: At,
}

/// What a [`Constraint`] demands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// The value lies between two others.
    Range {
        /// The least permitted value.
        least: Option<Expr>,
        /// The greatest value, or the first one beyond.
        greatest: Option<Expr>,
        /// Whether `greatest` itself is permitted.
        inclusive: bool,
    },
    /// It has so many characters, bytes or elements.
    Length {
        /// The least number.
        least: u32,
        /// The greatest number; `None` for any.
        greatest: Option<u32>,
    },
    /// The whole text matches this regular expression.
    Pattern(&'static str),
    /// This holds. The expression sees the fields of the entity, or the members of the record.
    Check(Expr),
}

/// How two values of a field become one, whatever their order and however often: a join-semilattice (Shapiro et al.,
/// *Conflict-free replicated data types*, 2011).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// The greater one. An absent value gives way to any other.
    Max,
    /// The lesser one. An absent value gives way to any other.
    Min,
    /// All elements of both sets.
    Union,
}

impl Merge {
    /// The merge as it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Max => "max",
            Self::Min => "min",
            Self::Union => "union",
        }
    }
}

/// A finding that an author allows, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The code of the finding.
    pub code: &'static str,
    /// Why it is right here.
    pub reason: &'static str,
    /// Where the code stands.
    pub at: At,
}
