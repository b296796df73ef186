//! A sequence of bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;

use super::{Datum, Flaw, Value};
use crate::model::Type;

/// A sequence of bytes; base64 with padding (RFC 4648 §4) in JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// The bytes as base64 text with padding.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }

    /// The bytes behind base64 text with padding; `None` where it is none.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        STANDARD.decode(text).map(Self).ok()
    }
}

impl serde::Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64())
    }
}

impl<'de> serde::Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_base64(&text).ok_or_else(|| D::Error::custom("expected base64 text (RFC 4648)"))
    }
}

impl Value for Bytes {
    const TYPE: Type = Type::Bytes;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Bytes(self.0.as_slice().into()))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Bytes(bytes) => Ok(Self(bytes.into_owned())),
            other => Err(other.instead_of("bytes")),
        }
    }

    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}
