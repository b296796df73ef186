//! One of a closed list of names.

use serde::de::Error as _;

use super::{Datum, Flaw};
use crate::model::EnumType;

/// A type whose values are a closed list of names. Implemented by `#[derive(Lifecycle)]` and `#[derive(Value)]`.
///
/// The provided functions are the one place where names are read and written, for columns and for JSON alike.
pub trait Choice: Copy + 'static {
    /// The names, as data.
    const CHOICES: &'static EnumType;

    /// The values, in the order of the names.
    const ALL: &'static [Self];

    /// The position of this value among [`Choice::ALL`].
    fn position(self) -> usize;

    /// The name that is stored and sent.
    #[must_use]
    fn wire(self) -> &'static str {
        Self::CHOICES.variants.get(self.position()).map_or("", |variant| variant.wire)
    }

    /// The value with this name.
    ///
    /// # Errors
    /// When no value has it. An unknown name is never taken for a known one.
    fn from_wire(name: &str) -> Result<Self, Flaw> {
        let position = Self::CHOICES.variants.iter().position(|variant| variant.wire == name);
        position.and_then(|position| Self::ALL.get(position).copied()).ok_or_else(|| Flaw::UnknownVariant {
            expected: Self::CHOICES.name,
            value: name.chars().take(64).collect(),
        })
    }

    /// The stored form.
    #[must_use]
    fn datum(self) -> Datum<'static> {
        Datum::Text(self.wire().into())
    }

    /// The value behind a stored form.
    ///
    /// # Errors
    /// When the datum is not text, or no value has that name.
    fn from_datum(datum: &Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Text(name) => Self::from_wire(name),
            other => Err(other.instead_of("one of a list of names")),
        }
    }

    /// Writes the name.
    ///
    /// # Errors
    /// When the serializer fails.
    fn write<S: serde::Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.wire())
    }

    /// Reads the name.
    ///
    /// # Errors
    /// When there is no text, or no value has that name.
    fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::from_wire(&name).map_err(D::Error::custom)
    }
}
