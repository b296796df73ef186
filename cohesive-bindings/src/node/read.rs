//! From rows to entities.

use cohesive_core::kernel::{Entity, Structure, Version};
use cohesive_core::value::Datum;

use super::outcome::Failure;
use crate::store::{Row, StoreError, StoreErrorKind};

/// The failure of a store that holds something it cannot have written.
pub(super) fn corrupt(entity: &'static str, what: &str) -> Failure {
    Failure::Store(StoreError {
        kind: StoreErrorKind::Corrupt,
        store: "store",
        message: format!("a stored {entity} is not usable: {what}"),
    })
}

/// The fields behind some columns.
pub(super) fn patch<E: Structure>(
    columns: impl IntoIterator<Item = usize>,
    values: Vec<Datum<'static>>,
) -> Result<E::Patch, Failure> {
    let mut patch = E::Patch::default();
    for (column, value) in columns.into_iter().zip(values) {
        E::decode(&mut patch, column, value).map_err(|flaw| {
            let field = E::STRUCTURE.fields.get(column).map_or("?", |field| field.name);
            corrupt(E::STRUCTURE.name, &format!("`{field}`: {flaw}"))
        })?;
    }
    Ok(patch)
}

/// The entity behind a whole row.
pub(super) fn entity<E: Entity>(row: Row) -> Result<(E, Version), Failure> {
    let version = row.version;
    let patch = patch::<E>(0..E::STRUCTURE.fields.len(), row.columns)?;
    let entity =
        E::complete(patch).map_err(|field| corrupt(E::STRUCTURE.name, &format!("`{field}` has no value")))?;
    Ok((entity, version))
}
