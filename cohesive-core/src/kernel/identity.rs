//! Versions and message ids.

use std::fmt;

use uuid::Uuid;

/// How many transitions an entity has seen since its creation: 0 after the creation, one more for each applied
/// update. A rejected or unchanging input leaves it as it is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Version(u64);

impl Version {
    /// The version of a new entity.
    pub const INITIAL: Self = Self(0);

    /// The version with this number. Stores keep 63 bits.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number & (u64::MAX >> 1))
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The version after one more transition.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::new(self.0 + 1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The identity of one message, the same for every attempt to publish it.
///
/// It is a UUID of version 5 (RFC 9562 §5.5) over entity name, entity id, version and ordinal, each preceded by
/// its length, so that no two different messages can spell the same bytes (requirement R12). Because nothing
/// random or timed enters, deciding again gives the same ids, and an inbox can tell a repeat from a new message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct MessageId(Uuid);

impl MessageId {
    const NAMESPACE: Uuid = Uuid::from_u128(0x6f3c_1f0e_92ab_4e51_8a0d_c0e5_17e1_a11f);

    /// The id of the message at position `ordinal` among those of the transition that led to `version`.
    #[must_use]
    pub fn derive(entity: &str, id: &str, version: Version, ordinal: u32) -> Self {
        let mut name = Vec::with_capacity(entity.len() + id.len() + 28);
        for part in [entity.as_bytes(), id.as_bytes()] {
            name.extend_from_slice(&(part.len() as u64).to_be_bytes());
            name.extend_from_slice(part);
        }
        name.extend_from_slice(&version.number().to_be_bytes());
        name.extend_from_slice(&ordinal.to_be_bytes());
        Self(Uuid::new_v5(&Self::NAMESPACE, &name))
    }

    /// The id as a UUID.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for MessageId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
