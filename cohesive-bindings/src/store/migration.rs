//! What every store with a schema records about it: ordered, fingerprinted steps.

use sha2::{Digest as _, Sha256};

/// One step of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The position in the order of application, from 1.
    pub ordinal: u32,
    /// What it is about.
    pub name: String,
    /// The statements.
    pub sql: String,
    /// SHA-256 of the statements, in hexadecimal.
    pub fingerprint: String,
}

impl Migration {
    /// A step with the fingerprint that belongs to it.
    pub(super) fn new(ordinal: u32, name: String, sql: String) -> Self {
        Self { ordinal, name, fingerprint: fingerprint(&sql), sql }
    }
}

fn fingerprint(sql: &str) -> String {
    format!("{:x}", Sha256::digest(sql))
}

/// Whether recorded steps are complete and as they were applied. One whose text no longer fits its fingerprint was
/// edited, and nothing can be concluded from it.
pub(super) fn check_recorded(migrations: &[Migration]) -> Result<(), String> {
    for (place, migration) in (1..).zip(migrations) {
        let Migration { ordinal, name, .. } = migration;
        if *ordinal != place {
            return Err(format!("migration {place} is missing; the next one is {ordinal} `{name}`"));
        }
        if migration.fingerprint != fingerprint(&migration.sql) {
            return Err(format!("migration {ordinal} `{name}` was edited after it was applied"));
        }
    }
    Ok(())
}
