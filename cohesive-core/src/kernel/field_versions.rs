//! At which version each field changed last: what `conflict = disjoint` decides by.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Version;
use crate::model::{Field, Structure, Transition, Type};
use crate::value::{Datum, Flaw, Value, decode_json, encode_json};

/// For each field of one entity the version that changed it last.
///
/// Declare it as a field of its own, `#[field_versions] pub touched: FieldVersions`; every applied transition keeps it
/// up to date, and no body reads or assigns it. JSON form: an object of wire names and versions, without the fields
/// that have not changed since the creation; `null` for an entity that is older than the declaration, of which every
/// field counts as changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldVersions(Option<BTreeMap<String, Version>>);

impl FieldVersions {
    /// Those of a new entity.
    #[must_use]
    pub const fn initial() -> Self {
        Self(Some(BTreeMap::new()))
    }

    /// The same, after `version` changed these fields. What is unknown stays unknown.
    #[must_use]
    pub fn touched<'a>(&self, fields: impl Iterator<Item = &'a Field>, version: Version) -> Self {
        let mut known = self.0.clone();
        if let Some(known) = &mut known {
            known.extend(fields.map(|field| (field.wire.to_owned(), version)));
        }
        Self(known)
    }

    /// Whether a field has changed after `version`.
    #[must_use]
    pub fn changed_since(&self, field: &Field, version: Version) -> bool {
        let Some(known) = &self.0 else { return true };
        let mut names = std::iter::once(&field.wire).chain(field.aliases);
        names.any(|name| known.get(*name).is_some_and(|changed| *changed > version))
    }

    /// The first field that `transition` reads or writes and that has changed after `version`.
    #[must_use]
    pub fn overlap(
        &self,
        structure: &'static Structure,
        transition: &Transition,
        version: Version,
    ) -> Option<&'static str> {
        let names = transition.reads.iter().chain(transition.writes);
        names
            .copied()
            .find(|name| structure.field(name).is_none_or(|field| self.changed_since(field, version)))
    }
}

impl Value for FieldVersions {
    const TYPE: Type = Type::Optional(&Type::Opaque);

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        if self.0.is_some() { encode_json(self) } else { Ok(Datum::Null) }
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Null => Ok(Self(None)),
            other => decode_json(&other),
        }
    }

    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }

    fn absent() -> Option<Self> {
        Some(Self::initial())
    }

    fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}
