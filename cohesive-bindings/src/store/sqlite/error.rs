//! From SQLite's errors to the port's.

use rusqlite::ErrorCode;

use crate::store::{StoreError, StoreErrorKind};

pub(super) const NAME: &str = "SQLite";

/// A failure in our own words.
pub(super) fn error(kind: StoreErrorKind, message: impl Into<String>) -> StoreError {
    StoreError { kind, store: NAME, message: message.into() }
}

/// A schema, a value or a setting that is not what the model needs.
pub(super) fn misfit(message: impl Into<String>) -> StoreError {
    error(StoreErrorKind::Schema, message)
}

/// A failure before the commit point: nothing was committed. SQLite's messages name tables and columns, not values.
#[expect(clippy::needless_pass_by_value, reason = "so that it can stand in `map_err`")]
pub(super) fn failed(cause: rusqlite::Error) -> StoreError {
    error(kind(&cause), cause.to_string())
}

fn kind(cause: &rusqlite::Error) -> StoreErrorKind {
    match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreErrorKind::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreErrorKind::Corrupt,
        Some(
            ErrorCode::ConstraintViolation
            | ErrorCode::SchemaChanged
            | ErrorCode::TypeMismatch
            | ErrorCode::Unknown,
        ) => StoreErrorKind::Schema,
        _ => StoreErrorKind::Unavailable,
    }
}

/// A failure of `COMMIT` itself.
///
/// While SQLite says busy or full, the commit record has not been written. Any other failure may come after it,
/// for example from the sync of the log: then a recovery after a power cut may find the batch or not.
#[expect(clippy::needless_pass_by_value, reason = "so that it can stand in `map_err`")]
pub(super) fn commit_failed(cause: rusqlite::Error) -> StoreError {
    let kind = match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreErrorKind::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Unknown,
    };
    error(kind, cause.to_string())
}

/// Whether a unique index or a primary key refused a row.
pub(super) fn is_unique_violation(cause: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    let code = cause.sqlite_extended_error_code();
    matches!(code, Some(SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_UNIQUE))
}
