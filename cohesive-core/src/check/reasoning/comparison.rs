//! Comparisons as conditions.

use std::cmp::Ordering;

use super::condition::{Condition, Subject};
use super::number::Number;
use super::ranges::Ranges;
use super::term::{NumberTerm, Term};
use super::values::{Values, outcome};
use crate::model::BinaryOperator;

impl Condition {
    /// When a term is this number.
    pub(in super::super) fn equal_to(term: Term, number: NumberTerm) -> Self {
        Self::compared(term, Term::Number(number), outcome::EQUAL)
    }

    /// When the comparison of two terms has one of these outcomes.
    pub(super) fn compared(left: Term, right: Term, some: u8) -> Self {
        match (left, right) {
            (left, right) if left == right => Self::constant(some & outcome::EQUAL != 0),
            (Term::Number(one), Term::Number(other)) => {
                let outcome = match one.0.cmp(&other.0) {
                    Ordering::Less => outcome::LESS,
                    Ordering::Equal => outcome::EQUAL,
                    Ordering::Greater => outcome::GREATER,
                };
                Self::constant(some & outcome != 0)
            }
            (term, Term::Number(number)) => Self::numbers(term, number.0, some),
            (Term::Number(number), term) => Self::numbers(term, number.0, mirrored(some)),
            (term, Term::Absent) | (Term::Absent, term) if is_equality(some) => {
                Self::truth(Some(term.method("is_some")), some & outcome::EQUAL == 0)
            }
            (Term::Name(_), Term::Name(_)) if is_equality(some) => Self::constant(some & outcome::EQUAL == 0),
            (term, Term::Name(name)) | (Term::Name(name), term) if is_equality(some) => {
                Self::named(term, name, some)
            }
            (term, Term::Truth(truth)) | (Term::Truth(truth), term) if is_equality(some) => {
                Self::truth(Some(term), truth == (some & outcome::EQUAL != 0))
            }
            (left, right) => Self::pair(left, right, some),
        }
    }

    fn numbers(term: Term, number: Number, some: u8) -> Self {
        let mut ranges = Ranges::all().complement();
        if some & outcome::LESS != 0 {
            ranges = ranges.union(&Ranges::at_least(number).complement());
        }
        if some & outcome::EQUAL != 0 {
            ranges = ranges.union(&Ranges::only(number));
        }
        if some & outcome::GREATER != 0 {
            ranges = ranges.union(&Ranges::above(number));
        }
        Self::part(Subject::Term(term), Values::Numbers(ranges))
    }

    fn named(term: Term, name: String, some: u8) -> Self {
        let values = Values::names([name]);
        let equal = some & outcome::EQUAL != 0;
        Self::part(Subject::Term(term), if equal { values } else { values.complement() })
    }

    /// Two terms, in one order whichever way they are written.
    fn pair(left: Term, right: Term, some: u8) -> Self {
        let (one, other) = (format!("{left:?}"), format!("{right:?}"));
        if one <= other {
            return Self::part(Subject::Pair(left, right), Values::outcomes(some));
        }
        Self::part(Subject::Pair(right, left), Values::outcomes(mirrored(some)))
    }
}

pub(super) fn outcomes(operator: BinaryOperator) -> Option<u8> {
    use outcome::{ALL, EQUAL, GREATER, LESS};
    Some(match operator {
        BinaryOperator::Equal => EQUAL,
        BinaryOperator::NotEqual => ALL & !EQUAL,
        BinaryOperator::Less => LESS,
        BinaryOperator::LessOrEqual => LESS | EQUAL,
        BinaryOperator::Greater => GREATER,
        BinaryOperator::GreaterOrEqual => GREATER | EQUAL,
        _ => return None,
    })
}

/// The outcomes of comparing the other way round.
const fn mirrored(some: u8) -> u8 {
    let less = if some & outcome::GREATER != 0 { outcome::LESS } else { 0 };
    let greater = if some & outcome::LESS != 0 { outcome::GREATER } else { 0 };
    less | greater | some & (outcome::EQUAL | outcome::NEITHER)
}

const fn is_equality(some: u8) -> bool {
    some == outcome::EQUAL || some == outcome::ALL & !outcome::EQUAL
}
