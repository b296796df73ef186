//! SQLite: one writer, several readers, one file.
//!
//! Commits go through one thread with one connection, a batch per transaction; loads and lists go through other
//! threads with connections of their own and never wait for the writer. The database keeps a write-ahead log and
//! syncs it before a commit is answered, unless [`SqliteOptions`] say otherwise.
//!
//! ```no_run
//! use cohesive_bindings::store::sqlite::{SqliteOptions, SqliteStore};
//! # fn open(structures: &[&'static cohesive_core::model::Structure]) -> Result<(), cohesive_bindings::store::StoreError> {
//! let store = SqliteStore::open("freight.db", structures, SqliteOptions::default())?;
//! # drop(store);
//! # Ok(())
//! # }
//! ```
//!
//! Read in this order: `schema` makes the tables, `migrate` and `upgrade` bring a database there, `statements` are the
//! texts, `codec` the values, `write` and `read` what runs, `queue` what runs for a relay, `inbox` what runs for
//! consumers, `session` the threads.

mod codec;
mod connection;
mod error;
mod inbox;
mod migrate;
mod options;
mod outbox;
mod queue;
mod read;
mod rename;
mod schema;
mod session;
mod shape;
mod statements;
mod upgrade;
mod write;

use std::path::Path;
use std::sync::Arc;

use cohesive_core::model::Structure;
use cohesive_core::value::Timestamp;
use rusqlite::{Connection, OpenFlags};

pub use super::migration::Migration;
use super::{
    BoxFuture, ListQuery, Load, Loaded, OutboxQuery, Row, Store, StoreError, StoreErrorKind, StoredInput,
    StoredMessage, Unit, UnitOutcome,
};
use crate::port::Clock;
use error::{NAME, error, failed};
pub use options::{SqliteOptions, SqliteSettings, Synchronous};
pub use schema::ddl;
use session::{Session, Workers};
use statements::Catalogue;

/// How many receipts are removed in one go, so that commits need not wait for long.
const PRUNE: u64 = 1000;

/// A store in one SQLite file.
///
/// Dropping a caller's future does not take back a commit that has reached the writer. Dropping the store lets
/// the threads finish what is queued; [`Store::close`] also waits for it.
pub struct SqliteStore {
    writer: Workers,
    readers: Workers,
    clock: Arc<dyn Clock>,
}

impl SqliteStore {
    /// Opens the file, or creates it, and brings it to what the entities need. Blocks while it does.
    ///
    /// # Errors
    /// When the file cannot be opened, when it was changed by something else than its recorded migrations, or
    /// when the entities need a change that cannot be made without losing or inventing data.
    pub fn open(
        path: impl AsRef<Path>,
        structures: &[&'static Structure],
        options: SqliteOptions,
    ) -> Result<Self, StoreError> {
        let (path, options) = (path.as_ref(), Arc::new(options));
        connection::check_version(rusqlite::version_number())?;
        connection::check_path(path)?;
        let session = |open: fn(&Path, &SqliteOptions) -> Result<Connection, StoreError>| {
            let connection = open(path, &options)?;
            let catalogue = Catalogue::new(structures)?;
            Ok(Session { connection, catalogue, path: path.to_owned(), options: Arc::clone(&options), open })
        };
        let writer = session(connection::writer)?;
        migrate::apply(&writer.connection, structures, &*options.clock)?;
        let readers: Result<Vec<_>, _> =
            (0..options.readers.get()).map(|_| session(connection::reader)).collect();
        let places = options.queue.get();
        Ok(Self {
            clock: Arc::clone(&options.clock),
            writer: Workers::start("writer", vec![writer], places, StoreErrorKind::Unknown)?,
            readers: Workers::start("reader", readers?, places, StoreErrorKind::Unavailable)?,
        })
    }

    /// What [`SqliteStore::open`] would apply to this file, in order, without applying it.
    ///
    /// # Errors
    /// When opening would be refused.
    pub fn plan(
        path: impl AsRef<Path>,
        structures: &[&'static Structure],
    ) -> Result<Vec<Migration>, StoreError> {
        let path = path.as_ref();
        connection::check_path(path)?;
        let connection = if path.exists() {
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        } else {
            Connection::open_in_memory()
        };
        migrate::pending(&connection.map_err(failed)?, structures)
    }

    /// What is in force on the writer's connection, as SQLite tells it.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn settings(&self) -> Result<SqliteSettings, StoreError> {
        self.writer.run(|session| connection::settings(&session.connection)).await
    }

    /// Checks the whole file: structure, indexes and constraints. Takes as long as reading it.
    ///
    /// # Errors
    /// With [`StoreErrorKind::Corrupt`] when something is wrong.
    pub async fn verify(&self) -> Result<(), StoreError> {
        let found = self.readers.run(|session| {
            let check =
                session.connection.pragma_query_value(None, "integrity_check", |row| row.get::<_, String>(0));
            check.map_err(failed)
        });
        match found.await?.as_str() {
            "ok" => Ok(()),
            wrong => Err(error(StoreErrorKind::Corrupt, wrong)),
        }
    }

    /// How SQLite would search for each statement that searches: the statement, and the steps of its plan.
    ///
    /// # Errors
    /// When the store cannot be reached.
    #[cfg(feature = "testing")]
    pub async fn query_plans(
        &self,
        structures: &'static [&'static Structure],
    ) -> Result<Vec<(String, Vec<String>)>, StoreError> {
        let plans = self.readers.run(move |session| {
            let explain = |sql: String| {
                let plan = statements::explain(&session.connection, &sql).map_err(failed)?;
                Ok((sql, plan))
            };
            statements::searches(structures)?.into_iter().map(explain).collect()
        });
        plans.await
    }
}

impl Store for SqliteStore {
    fn name(&self) -> &'static str {
        NAME
    }

    fn load(&self, batch: Load) -> BoxFuture<'_, Result<Loaded, StoreError>> {
        Box::pin(self.readers.run(move |session| read::load(session, &batch)))
    }

    fn commit(&self, batch: Vec<Unit>) -> BoxFuture<'_, Result<Vec<UnitOutcome>, StoreError>> {
        Box::pin(self.writer.run(move |session| write::commit(session, &batch)))
    }

    fn list(&self, query: ListQuery) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(self.readers.run(move |session| read::list(session, &query)))
    }

    fn outbox(&self, query: OutboxQuery) -> BoxFuture<'_, Result<Vec<StoredMessage>, StoreError>> {
        Box::pin(self.readers.run(move |session| read::outbox(session, &query)))
    }

    fn parked_inputs(&self, limit: usize) -> BoxFuture<'_, Result<Vec<StoredInput>, StoreError>> {
        Box::pin(self.readers.run(move |session| read::parked(session, limit)))
    }

    fn prune_receipts(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move {
            let mut removed = 0;
            loop {
                let some = self.writer.run(move |session| write::prune(session, now, PRUNE)).await?;
                removed += some;
                if some < PRUNE {
                    return Ok(removed);
                }
            }
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // The writer is last: the last connection moves the log into the database.
            self.readers.stop().await;
            self.writer.stop().await;
        })
    }
}
