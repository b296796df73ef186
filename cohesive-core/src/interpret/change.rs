//! Changes to a part of a value: the counterpart of [`kernel::collection`](crate::kernel::collection).

use crate::kernel::collection::Misplaced;
use crate::model::{Change, Expr, Merge, Type};

use super::compare::{equal, order};
use super::construct::typed;
use super::{Content, Scope, Stop, collect};

impl Scope<'_> {
    /// Changes a part of a field.
    pub(super) fn change(
        &mut self,
        field: &'static str,
        change: Change,
        operands: &[Expr],
    ) -> Result<(), Stop> {
        let mut values =
            operands.iter().map(|operand| self.evaluate(operand)).collect::<Result<Vec<_>, _>>()?.into_iter();
        let ty = self.field_type(field).ok_or(Stop::Unobserved(field))?;
        let value = self.field(field)?.clone();
        let (first, second) = (values.next(), values.next());
        let changed = if change == Change::Merge {
            let merge = self.merge_of(field);
            match (merge, first) {
                (Some(merge), Some(other)) => join(merge, value, typed(other, &ty)?)?,
                _ => return Err(Stop::opaque(format!("the merge of `{field}`"))),
            }
        } else {
            match (&ty, value) {
                (Type::List(element), Content::List(mut items)) => {
                    list(change, element, &mut items, first, second)?;
                    Content::List(items)
                }
                (Type::Set(element), Content::Set(mut items)) => {
                    set(change, element, &mut items, first)?;
                    Content::Set(items)
                }
                (_, value) => {
                    return Err(Stop::opaque(format!("`{}` on {}", change.word(), value.kind())));
                }
            }
        };
        self.assigned.set(field, changed);
        Ok(())
    }

    fn merge_of(&self, field: &str) -> Option<Merge> {
        self.structure.field(field).and_then(|field| field.merge)
    }
}

fn list(
    change: Change,
    element: &Type,
    items: &mut Vec<Content>,
    first: Option<Content>,
    second: Option<Content>,
) -> Result<(), Stop> {
    match (change, first, second) {
        (Change::Push, Some(item), None) => {
            let item = typed(item, element)?;
            distinct(element, items, &item)?;
            items.push(item);
        }
        (Change::Insert, Some(index), Some(item)) => {
            let item = typed(item, element)?;
            distinct(element, items, &item)?;
            let index = place(&index)?;
            if index > items.len() {
                return Err(Misplaced::NoSuchPlace.into());
            }
            items.insert(index, item);
        }
        (Change::Remove, Some(index), None) => {
            let index = place(&index)?;
            if index >= items.len() {
                return Err(Misplaced::NoSuchPlace.into());
            }
            items.remove(index);
        }
        (Change::Extend, Some(Content::List(more)), None) => {
            for item in more {
                items.push(typed(item, element)?);
            }
        }
        (Change::Clear, None, None) => items.clear(),
        (Change::Upsert, Some(child), None) => {
            let child = typed(child, element)?;
            match known(element, items, |id| child_id(element, &child).map(|other| equal(id, &other)))? {
                Some(place) => items.splice(place..=place, [child]).for_each(drop),
                None => items.push(child),
            }
        }
        (Change::RemoveById, Some(id), None) => {
            while let Some(place) = known(element, items, |known| Some(equal(known, &id)))? {
                items.remove(place);
            }
        }
        (change, ..) => return Err(Stop::opaque(format!("`{}` on a list", change.word()))),
    }
    Ok(())
}

fn set(change: Change, element: &Type, items: &mut Vec<Content>, first: Option<Content>) -> Result<(), Stop> {
    match (change, first) {
        (Change::Insert, Some(item)) => collect::insert(items, typed(item, element)?),
        (Change::Remove, Some(item)) => collect::remove(items, &typed(item, element)?),
        (Change::Extend, Some(Content::Set(more))) => {
            more.into_iter().try_for_each(|item| collect::insert(items, item))
        }
        (Change::Clear, None) => {
            items.clear();
            Ok(())
        }
        (change, _) => Err(Stop::opaque(format!("`{}` on a set", change.word()))),
    }
}

fn place(index: &Content) -> Result<usize, Stop> {
    match super::calculate::like(index, &Content::UInt32(0))? {
        Content::UInt32(index) => Ok(usize::try_from(index).map_err(|_| Misplaced::NoSuchPlace)?),
        other => Err(Stop::opaque(format!("{} as an index", other.kind()))),
    }
}

/// The id of a child, where the elements of a list have ids.
fn child_id(element: &Type, item: &Content) -> Option<Content> {
    let Type::Record(record) = element else { return None };
    record.id.and_then(|id| item.member(id)).map(std::borrow::Cow::into_owned)
}

/// The place of the first element whose id is as asked.
fn known(
    element: &Type,
    items: &[Content],
    fits: impl Fn(&Content) -> Option<Result<bool, Stop>>,
) -> Result<Option<usize>, Stop> {
    for (place, item) in items.iter().enumerate() {
        let id = child_id(element, item);
        if id.as_ref().and_then(&fits).transpose()? == Some(true) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

fn distinct(element: &Type, items: &[Content], item: &Content) -> Result<(), Stop> {
    let Some(id) = child_id(element, item) else { return Ok(()) };
    match known(element, items, |known| Some(equal(known, &id)))? {
        Some(_) => Err(Misplaced::DuplicateChild.into()),
        None => Ok(()),
    }
}

/// Two values of a field as one.
fn join(merge: Merge, one: Content, other: Content) -> Result<Content, Stop> {
    if merge == Merge::Union {
        let (Content::Set(mut union), Content::Set(more)) = (one, other) else {
            return Err(Stop::opaque("a union of other values than sets"));
        };
        more.into_iter().try_for_each(|item| collect::insert(&mut union, item))?;
        return Ok(Content::Set(union));
    }
    // An absent value gives way to any other.
    match (&one, &other) {
        (Content::Absent, _) => return Ok(other),
        (_, Content::Absent) => return Ok(one),
        _ => {}
    }
    // As `Ord::max` and `Ord::min` do with equal values: the later one is the greater.
    let less = order(&other, &one)?.is_some_and(std::cmp::Ordering::is_lt);
    Ok(if less == (merge == Merge::Min) { other } else { one })
}
