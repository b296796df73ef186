//! PostgreSQL: several connections, one statement for a commit, several nodes on one database.
//!
//! A commit is one statement wherever what the batch writes allows it, and a block in one flight otherwise. Loads take
//! one round trip as well. Connections are pooled; one that a caller left in the middle of its work is never used as
//! it is. Every new connection is asked whether the server keeps what the store promises: a replica, a server that
//! does not sync, or one that answers before it has synced, is refused.
//!
//! ```no_run
//! use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
//! # async fn open(structures: &[&'static cohesive_core::model::Structure]) -> Result<(), cohesive_bindings::store::StoreError> {
//! let url = "postgres://desk@db.example.org/freight";
//! let store = PostgresStore::open(url, structures, PostgresOptions::default()).await?;
//! # drop(store);
//! # Ok(())
//! # }
//! ```
//!
//! A pooler between store and server has to keep a server connection for as long as the client has one (session
//! pooling), because settings and prepared statements belong to the connection.
//!
//! Text in a unique or indexed field has to fit into an index: about 2,700 bytes, after compression. A batch with a
//! longer one is refused as a whole, with [`super::StoreErrorKind::Schema`]; bound such fields by a constraint of the model.
//!
//! Read in this order: `schema` makes the tables, `migrate` brings a database there, `statements` and `commit_sql` are
//! the texts, `codec` the values, `waves`, `write` and `read` what runs, `connection`, `session` and `pool` the rest.

/// Runs something on a connection until it is done or has failed for good.
macro_rules! until_done {
    ($store:expr, $again:expr, $lease:ident => $run:expr) => {{
        let mut again = $again;
        loop {
            let mut $lease = $store.pool.acquire().await?;
            let stop = match $run.await {
                Ok(done) => break Ok::<_, StoreError>(done),
                Err(stop) => stop,
            };
            drop($lease);
            again.again($store, stop).await?;
        }
    }};
}

mod codec;
mod commit_sql;
mod connection;
mod difference;
mod error;
mod hints;
mod inbox;
mod migrate;
mod numeric;
mod options;
mod outbox;
mod parameters;
#[cfg(feature = "testing")]
mod plans;
mod pool;
mod queue;
mod read;
mod refusal;
mod relay_sql;
mod schema;
mod session;
mod shape;
mod statements;
#[cfg(feature = "postgres-tls")]
mod tls;
mod upkeep;
mod waves;
mod write;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use cohesive_core::model::Structure;
use cohesive_core::value::Timestamp;

pub use super::migration::Migration;
use super::{
    BoxFuture, ListQuery, Load, Loaded, OutboxQuery, Row, Store, StoreError, StoredInput, StoredMessage,
    Unit, UnitOutcome, fit,
};
use connection::Connector;
use error::{NAME, misfit};
use hints::Hints;
pub use options::{PostgresOptions, PostgresPool, PostgresSettings};
use pool::Pool;
pub use schema::ddl;
use session::Leaves;
use statements::Catalogue;
#[cfg(feature = "postgres-tls")]
pub use tls::Tls;
pub use upkeep::{PostgresHolder, PostgresTable, PostgresUpkeep};

/// How many receipts are removed in one go, so that commits need not wait for long.
const PRUNE: u64 = 1000;
/// How long to wait before the second attempt of what the server took back, at most; longer before later ones.
const PAUSE: Duration = Duration::from_millis(5);

/// Outside of any block.
const ALONE: Leaves = Leaves::Nothing;

/// A store in one schema of a PostgreSQL database.
///
/// Any number of processes can share it. Dropping a caller's future does not take back a commit that was sent.
pub struct PostgresStore {
    pool: Arc<Pool>,
    catalogue: Catalogue,
    hints: Hints,
}

impl PostgresStore {
    /// Connects, and brings the schema to what the entities need.
    ///
    /// # Errors
    /// When the server cannot be reached or does not keep what the store promises, when the tables were changed by
    /// something else than their recorded migrations, or when the entities need a change that cannot be made without
    /// losing or inventing data.
    pub async fn open(
        url: &str,
        structures: &[&'static Structure],
        options: PostgresOptions,
    ) -> Result<Self, StoreError> {
        let catalogue = Catalogue::new(structures)?;
        let connector = Connector::new(url, options)?;
        migrate::apply(&connector, structures).await?;
        Ok(Self { pool: Pool::new(connector), catalogue, hints: Hints::new() })
    }

    /// What [`PostgresStore::open`] would apply to this database, in order, without applying it.
    ///
    /// # Errors
    /// When opening would be refused.
    pub async fn plan(
        url: &str,
        structures: &[&'static Structure],
        options: PostgresOptions,
    ) -> Result<Vec<Migration>, StoreError> {
        migrate::plan(&Connector::new(url, options)?, structures).await
    }

    /// What is in force on a connection, as the server tells it.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn settings(&self) -> Result<PostgresSettings, StoreError> {
        self.pool.connector().settings().await
    }

    /// What the connections are doing.
    #[must_use]
    pub fn pool(&self) -> PostgresPool {
        self.pool.status()
    }

    /// How the server would search for each statement that the store sends: the statement, and the steps of its plan.
    ///
    /// # Errors
    /// When the server cannot be reached.
    #[cfg(feature = "testing")]
    pub async fn query_plans(
        &self,
        structures: &[&'static Structure],
    ) -> Result<Vec<(String, Vec<String>)>, StoreError> {
        let lease = self.pool.acquire().await?;
        plans::all(&lease, &self.catalogue, structures).await
    }

    /// Removes what expired at or before `now`, some at a time, and answers how many.
    async fn prune(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut removed = 0;
        loop {
            let some = until_done!(self, Writing(0), lease => write::prune(&mut lease, &self.catalogue, now, PRUNE))?;
            removed += some;
            if some < PRUNE {
                return Ok(removed);
            }
        }
    }
}

/// What only reads is tried once more: a connection that broke before the answer says nothing about the next one.
struct Reading(bool);

impl Reading {
    fn again(&mut self, _: &PostgresStore, stop: read::Stop) -> std::future::Ready<Result<(), StoreError>> {
        let first = std::mem::replace(&mut self.0, false);
        std::future::ready(match stop {
            read::Stop::Cause(cause) if first && (cause.is_broken() || cause.is(error::is_stale)) => Ok(()),
            read::Stop::Cause(cause) => Err(cause.failed()),
            read::Stop::Final(error) => Err(error),
        })
    }
}

/// What others made the server take back is tried again, a bounded number of times.
struct Writing(u32);

impl Writing {
    async fn again(&mut self, store: &PostgresStore, stop: write::Stop) -> Result<(), StoreError> {
        match stop {
            write::Stop::Again(_) if self.0 < store.pool.connector().options().retries => {
                self.0 += 1;
                store.pool.retried.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(jittered(PAUSE * self.0)).await;
                Ok(())
            }
            write::Stop::Again(error) | write::Stop::Final(error) => Err(error),
        }
    }
}

/// Some part of a time, different each time, so that two who met do not meet again.
fn jittered(most: Duration) -> Duration {
    use std::hash::{BuildHasher as _, Hasher as _};
    let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
    most.mul_f64(f64::from(u16::try_from(random >> 48).unwrap_or(u16::MAX)) / f64::from(u16::MAX))
}

impl Store for PostgresStore {
    fn name(&self) -> &'static str {
        NAME
    }

    fn load(&self, batch: Load) -> BoxFuture<'_, Result<Loaded, StoreError>> {
        Box::pin(async move {
            until_done!(self, Reading(true), lease => read::load(&mut lease, &self.catalogue, &batch, ALONE))
        })
    }

    fn commit(&self, batch: Vec<Unit>) -> BoxFuture<'_, Result<Vec<UnitOutcome>, StoreError>> {
        Box::pin(async move {
            fit::check_batch(&batch).map_err(misfit)?;
            until_done!(self, Writing(0), lease => write::commit(&mut lease, &self.catalogue, &batch))
        })
    }

    fn list(&self, query: ListQuery) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(async move {
            until_done!(self, Reading(true), lease => read::list(&mut lease, &self.catalogue, &query))
        })
    }

    fn outbox(&self, query: OutboxQuery) -> BoxFuture<'_, Result<Vec<StoredMessage>, StoreError>> {
        Box::pin(async move {
            until_done!(self, Reading(true), lease => read::outbox(&mut lease, &self.catalogue, &query, ALONE))
        })
    }

    fn parked_inputs(&self, limit: usize) -> BoxFuture<'_, Result<Vec<StoredInput>, StoreError>> {
        Box::pin(async move {
            until_done!(self, Reading(true), lease => read::parked(&mut lease, &self.catalogue, limit))
        })
    }

    fn prune_receipts(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(self.prune(now))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.pool.close())
    }
}
