//! Opening a connection, and making sure that it is what was asked for.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::{failed, misfit};
use super::options::{SqliteOptions, SqliteSettings};
use crate::store::StoreError;

/// The first version without the defect that could corrupt a database in WAL mode (sqlite.org/wal.html#walresetbug).
const OLDEST: i32 = 3_051_003;
/// Statements kept ready per connection; a model of thirty entities with thirty transitions each fits.
const STATEMENTS: usize = 1024;
/// Memory for pages per connection, in KiB (negative: SQLite's way to say "not pages").
const CACHE_KIB: i64 = -16_384;

/// Refuses a version of SQLite that may lose data.
pub(super) fn check_version(number: i32) -> Result<(), StoreError> {
    if number >= OLDEST {
        return Ok(());
    }
    Err(misfit(format!(
        "this is version {number} of SQLite, and versions before {OLDEST} can corrupt a database in WAL mode"
    )))
}

/// Refuses what is not a file: each connection to `:memory:` is a database of its own, so reads would find
/// nothing of what was written (R44).
pub(super) fn check_path(path: &Path) -> Result<(), StoreError> {
    let text = path.to_string_lossy();
    if text.is_empty() || text == ":memory:" || text.starts_with("file:") {
        return Err(misfit(format!(
            "`{text}` is not a path to a file; for a store in memory, use `MemoryStore`"
        )));
    }
    Ok(())
}

/// The connection that writes.
pub(super) fn writer(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, options)?;
    switch_to_wal(&connection, options.busy_timeout)?;
    let set = |name: &str, value: &dyn rusqlite::ToSql| connection.pragma_update(None, name, value);
    set("synchronous", &options.synchronous.word()).map_err(failed)?;
    let pages = options.checkpoint_pages.get();
    connection.pragma_update_and_check(None, "wal_autocheckpoint", pages, |_| Ok(())).map_err(failed)?;
    if let Some(pages) = options.max_pages {
        connection
            .pragma_update_and_check(None, "max_page_count", pages.get(), |_| Ok(()))
            .map_err(failed)?;
    }
    check_settings(&settings(&connection)?, options)?;
    Ok(connection)
}

/// A connection that reads.
pub(super) fn reader(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, options)
}

fn open(path: &Path, flags: OpenFlags, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(options.busy_timeout).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", CACHE_KIB).map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
    Ok(connection)
}

/// SQLite does not wait for other processes when it changes the journal mode, so this does.
fn switch_to_wal(connection: &Connection, busy_timeout: Duration) -> Result<(), StoreError> {
    const PAUSE: Duration = Duration::from_millis(10);
    let mut left = busy_timeout;
    loop {
        let changed = connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()));
        match changed {
            Err(cause) if cause.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && !left.is_zero() => {
                std::thread::sleep(PAUSE);
                left = left.saturating_sub(PAUSE);
            }
            other => return other.map_err(failed),
        }
    }
}

/// What is in force on a connection.
pub(super) fn settings(connection: &Connection) -> Result<SqliteSettings, StoreError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let journal_mode = connection.pragma_query_value(None, "journal_mode", |row| row.get(0));
    Ok(SqliteSettings {
        version: rusqlite::version(),
        journal_mode: journal_mode.map_err(failed)?,
        synchronous: number("synchronous").map_err(failed)?,
        foreign_keys: number("foreign_keys").map_err(failed)? == 1,
        busy_timeout: number("busy_timeout").map_err(failed)?,
        checkpoint_pages: number("wal_autocheckpoint").map_err(failed)?,
        max_pages: number("max_page_count").map_err(failed)?,
    })
}

/// SQLite ignores a setting that it does not understand; a promise must not rest on one that was ignored.
fn check_settings(settings: &SqliteSettings, options: &SqliteOptions) -> Result<(), StoreError> {
    if settings.journal_mode != "wal" {
        return Err(misfit("the database cannot use a write-ahead log, which it needs; is it on a network?"));
    }
    if settings.synchronous != options.synchronous.number() {
        return Err(misfit("`synchronous` is not in force, so commits would not be durable as promised"));
    }
    if !settings.foreign_keys {
        return Err(misfit("foreign keys are not enforced"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_versions_that_corrupt() {
        // F23
        assert!(check_version(3_051_002).is_err());
        assert!(check_version(3_051_003).is_ok());
        assert!(check_version(rusqlite::version_number()).is_ok());
    }
}
