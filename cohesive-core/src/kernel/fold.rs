//! One value from a list or a set: what `any`, `all`, `count`, `sum`, `min`, `max` and `find` mean within a transition.
//!
//! Each takes a body that may fail with an [`Arithmetic`] error, and stops at the first failure.

use super::arithmetic::{Arithmetic, Number};

/// Whether `body` holds for at least one element.
///
/// # Errors
/// The first error of `body`.
pub fn any<'a, T: 'a>(
    list: impl IntoIterator<Item = &'a T>,
    mut body: impl FnMut(&T) -> Result<bool, Arithmetic>,
) -> Result<bool, Arithmetic> {
    for element in list {
        if body(element)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether `body` holds for every element.
///
/// # Errors
/// The first error of `body`.
pub fn all<'a, T: 'a>(
    list: impl IntoIterator<Item = &'a T>,
    mut body: impl FnMut(&T) -> Result<bool, Arithmetic>,
) -> Result<bool, Arithmetic> {
    any(list, |element| body(element).map(|holds| !holds)).map(|found| !found)
}

/// For how many elements `body` holds.
///
/// # Errors
/// The first error of `body`.
pub fn count<'a, T: 'a>(
    list: impl IntoIterator<Item = &'a T>,
    mut body: impl FnMut(&T) -> Result<bool, Arithmetic>,
) -> Result<usize, Arithmetic> {
    list.into_iter().try_fold(0, |count, element| Ok(count + usize::from(body(element)?)))
}

/// The sum of `body` over all elements; zero for an empty list.
///
/// # Errors
/// The first error of `body`, or [`Arithmetic::Overflow`].
pub fn sum<'a, T: 'a, N: Number>(
    list: impl IntoIterator<Item = &'a T>,
    mut body: impl FnMut(&T) -> Result<N, Arithmetic>,
) -> Result<N, Arithmetic> {
    list.into_iter().try_fold(N::default(), |sum, element| super::arithmetic::add(sum, body(element)?))
}

/// The least value of `body`; absent for an empty list.
///
/// # Errors
/// The first error of `body`.
pub fn min<'a, T: 'a, V: Ord>(
    list: impl IntoIterator<Item = &'a T>,
    body: impl FnMut(&T) -> Result<V, Arithmetic>,
) -> Result<Option<V>, Arithmetic> {
    extreme(list, body, |candidate, best| candidate < best)
}

/// The greatest value of `body`; absent for an empty list.
///
/// # Errors
/// The first error of `body`.
pub fn max<'a, T: 'a, V: Ord>(
    list: impl IntoIterator<Item = &'a T>,
    body: impl FnMut(&T) -> Result<V, Arithmetic>,
) -> Result<Option<V>, Arithmetic> {
    extreme(list, body, |candidate, best| candidate > best)
}

/// The first element for which `body` holds; absent when there is none.
///
/// # Errors
/// The first error of `body`.
pub fn find<'a, T: Clone + 'a>(
    list: impl IntoIterator<Item = &'a T>,
    mut body: impl FnMut(&T) -> Result<bool, Arithmetic>,
) -> Result<Option<T>, Arithmetic> {
    for element in list {
        if body(element)? {
            return Ok(Some(element.clone()));
        }
    }
    Ok(None)
}

fn extreme<'a, T: 'a, V: Ord>(
    list: impl IntoIterator<Item = &'a T>,
    mut body: impl FnMut(&T) -> Result<V, Arithmetic>,
    better: impl Fn(&V, &V) -> bool,
) -> Result<Option<V>, Arithmetic> {
    let mut best: Option<V> = None;
    for element in list {
        let candidate = body(element)?;
        if best.as_ref().is_none_or(|best| better(&candidate, best)) {
            best = Some(candidate);
        }
    }
    Ok(best)
}
