//! Equality and order, as the compiled types have them.

use std::cmp::Ordering;

use super::{Content, Stop};

/// Whether both are the same value.
pub(super) fn equal(left: &Content, right: &Content) -> Result<bool, Stop> {
    use Content::{Absent, List, Money, Present, Record, Set};
    Ok(match (left, right) {
        (Absent, Absent) => true,
        (Absent, Present(_)) | (Present(_), Absent) => false,
        (Present(left), Present(right)) => equal(left, right)?,
        (Money(left), Money(right)) => left == right,
        (Record(left), Record(right)) => {
            for ((_, left), (_, right)) in left.iter().zip(right) {
                if !equal(left, right)? {
                    return Ok(false);
                }
            }
            left.len() == right.len()
        }
        (List(left), List(right)) | (Set(left), Set(right)) => all_equal(left, right)?,
        (Content::Opaque(left), Content::Opaque(right)) => left == right,
        _ => order(left, right)? == Some(Ordering::Equal),
    })
}

fn all_equal(left: &[Content], right: &[Content]) -> Result<bool, Stop> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for (left, right) in left.iter().zip(right) {
        if !equal(left, right)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Which value comes first; `None` where neither does, as with amounts in two currencies.
pub(super) fn order(left: &Content, right: &Content) -> Result<Option<Ordering>, Stop> {
    use Content::{
        Absent, Bool, Bytes, Currency, Date, Decimal, Duration, List, Money, Present, Record, Set, Text,
        Timestamp, Uuid, Variant,
    };
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return Ok(Some(left.cmp(&right)));
    }
    Ok(match (left, right) {
        (Absent, Absent) => Some(Ordering::Equal),
        (Absent, Present(_)) => Some(Ordering::Less),
        (Present(_), Absent) => Some(Ordering::Greater),
        (Present(left), Present(right)) => order(left, right)?,
        (Bool(left), Bool(right)) => Some(left.cmp(right)),
        (Decimal(left), Decimal(right)) => Some(left.cmp(right)),
        (Text(left), Text(right)) => Some(left.cmp(right)),
        (Bytes(left), Bytes(right)) => Some(left.cmp(right)),
        (Timestamp(left), Timestamp(right)) => Some(left.cmp(right)),
        (Date(left), Date(right)) => Some(left.cmp(right)),
        (Duration(left), Duration(right)) => Some(left.cmp(right)),
        (Uuid(left), Uuid(right)) => Some(left.cmp(right)),
        (Currency(left), Currency(right)) => Some(left.cmp(right)),
        (Money(left), Money(right)) => left.partial_cmp(right),
        (Variant(_, left), Variant(_, right)) => Some(left.cmp(right)),
        (Record(left), Record(right)) => {
            in_turn(left.iter().map(|(_, value)| value), right.iter().map(|(_, value)| value))?
        }
        (List(left), List(right)) | (Set(left), Set(right)) => in_turn(left.iter(), right.iter())?,
        _ => return Err(Stop::opaque(format!("a comparison of {} and {}", left.kind(), right.kind()))),
    })
}

/// A whole number next to one whose type is that of the other side.
fn number(value: &Content) -> Option<i128> {
    Some(match value {
        Content::Int32(value) => i128::from(*value),
        Content::Int64(value) => i128::from(*value),
        Content::UInt32(value) => i128::from(*value),
        Content::Size(value) => i128::try_from(*value).ok()?,
        Content::Number(value) => *value,
        _ => return None,
    })
}

fn in_turn<'a>(
    left: impl ExactSizeIterator<Item = &'a Content>,
    right: impl ExactSizeIterator<Item = &'a Content>,
) -> Result<Option<Ordering>, Stop> {
    let lengths = left.len().cmp(&right.len());
    for (left, right) in left.zip(right) {
        match order(left, right)? {
            Some(Ordering::Equal) => {}
            other => return Ok(other),
        }
    }
    Ok(Some(lengths))
}
