//! From PostgreSQL's errors to the port's.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::store::{StoreError, StoreErrorKind};

pub(super) const NAME: &str = "PostgreSQL";

/// A failure in our own words.
pub(super) fn error(kind: StoreErrorKind, message: impl Into<String>) -> StoreError {
    StoreError { kind, store: NAME, message: message.into() }
}

/// A schema, a value or a setting that is not what the model needs.
pub(super) fn misfit(message: impl Into<String>) -> StoreError {
    error(StoreErrorKind::Schema, message)
}

/// Nothing was committed, and trying again later may help.
pub(super) fn unavailable(message: impl Into<String>) -> StoreError {
    error(StoreErrorKind::Unavailable, message)
}

/// A failure where nothing can have been committed: of a load, or before the end of a block.
#[expect(clippy::needless_pass_by_value, reason = "so that it can stand in `map_err`")]
pub(super) fn failed(cause: Error) -> StoreError {
    let kind = match cause.as_db_error() {
        Some(refusal) => kind(refusal.code()),
        None if is_conversion(&cause) => StoreErrorKind::Schema,
        None => StoreErrorKind::Unavailable,
    };
    error(kind, text(&cause))
}

/// A failure of what commits: a single statement, or the end of a block.
///
/// The server takes a statement back before it answers with `ERROR`. When it dies or goes silent instead, the
/// commit may have come before.
pub(super) fn commit_failed(cause: Error) -> StoreError {
    let known = match cause.as_db_error() {
        Some(refusal) => !is_last_word(refusal),
        None => is_conversion(&cause),
    };
    if known { failed(cause) } else { error(StoreErrorKind::Unknown, text(&cause)) }
}

/// Whether the server ends the connection with this, so that it says nothing about what came before.
fn is_last_word(refusal: &DbError) -> bool {
    !matches!(refusal.parsed_severity(), Some(Severity::Error))
}

/// Whether the connection must not be used again.
pub(super) fn is_broken(cause: &Error) -> bool {
    cause.as_db_error().map_or_else(|| !is_conversion(cause), is_last_word)
}

/// Whether a value did not fit its parameter, which is noticed before anything is sent.
fn is_conversion(cause: &Error) -> bool {
    cause.source().is_some_and(<dyn std::error::Error>::is::<Unfit>)
}

/// A value that does not fit its parameter.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unfit(pub(super) String);

/// Whether the server took a statement back because of others, so that the same may succeed next time.
pub(super) fn is_transient(cause: &Error) -> bool {
    let codes = [&SqlState::T_R_SERIALIZATION_FAILURE, &SqlState::T_R_DEADLOCK_DETECTED];
    cause.code().is_some_and(|code| codes.contains(&code))
}

/// Whether the server no longer knows a prepared statement, or knows it with other columns.
pub(super) fn is_stale(cause: &Error) -> bool {
    let Some(refusal) = cause.as_db_error() else { return false };
    *refusal.code() == SqlState::INVALID_SQL_STATEMENT_NAME
        || *refusal.code() == SqlState::FEATURE_NOT_SUPPORTED && refusal.message().starts_with("cached plan")
}

/// Whether a unit was refused by something that the statement could not see when it began: a value, a receipt or a
/// message that another node had just written.
pub(super) fn is_clash(cause: &Error) -> bool {
    let Some(refusal) = cause.as_db_error() else { return false };
    let code = refusal.code();
    let receipt = refusal.table() == Some("cohesive_receipt");
    *code == SqlState::UNIQUE_VIOLATION
        || *code == SqlState::NOT_NULL_VIOLATION && receipt
        || *code == SqlState::CARDINALITY_VIOLATION
}

fn kind(code: &SqlState) -> StoreErrorKind {
    if *code == SqlState::DISK_FULL {
        return StoreErrorKind::Full;
    }
    match code.code().get(..2).unwrap_or_default() {
        // A value, a constraint, a statement, a name or a right that does not fit the tables.
        "0A" | "21" | "22" | "23" | "3F" | "42" | "44" | "54" => StoreErrorKind::Schema,
        "XX" if *code != SqlState::INTERNAL_ERROR => StoreErrorKind::Corrupt,
        _ => StoreErrorKind::Unavailable,
    }
}

/// What happened, without values: details and hints of the server quote them, and so do messages about values.
fn text(cause: &Error) -> String {
    match cause.as_db_error() {
        Some(refusal) if refusal.code().code().starts_with("22") => {
            format!("a value was refused ({})", refusal.code().code())
        }
        Some(refusal) => format!("{} ({})", refusal.message(), refusal.code().code()),
        None => cause.source().map_or_else(|| cause.to_string(), |source| format!("{cause}: {source}")),
    }
}
