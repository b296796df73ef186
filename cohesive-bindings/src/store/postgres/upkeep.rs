//! What the server has to clean up, and what keeps it from that (F33).

use std::time::Duration;

use cohesive_core::value::Datum;
use tokio_postgres::types::Type;

use super::codec::{Parameter, int};
use super::read::{Fields, Stop, answers};
use super::schema;
use super::session::{Leaves, Request, Session};
use super::statements::{Catalogue, Purpose, Written};
use super::{PostgresStore, Reading};
use crate::store::StoreError;

/// What the server has to clean up, and what keeps it from that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostgresUpkeep {
    /// The store's tables, by name.
    pub tables: Vec<PostgresTable>,
    /// What old rows are kept for, one of each kind.
    pub holders: Vec<PostgresHolder>,
}

/// A table, as the server's statistics have it: they are estimates, and may be seconds old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresTable {
    /// The name.
    pub table: String,
    /// How many rows are there.
    pub live: u64,
    /// How many old rows are there (dead tuples), which nobody sees any more and every search may have to pass.
    pub dead: u64,
}

/// The oldest of one kind that old rows are kept for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresHolder {
    /// `session`, `prepared`, `slot` or `standby`: a session of this database with a transaction or a snapshot, a prepared
    /// transaction of it, a replication slot, a standby that reports what it reads.
    pub kind: String,
    /// How many transactions the server has begun since. 0 when there is none of this kind.
    pub transactions: u64,
    /// How long ago it began, where the server tells: of other roles' sessions only to members of `pg_read_all_stats`.
    pub age: Option<Duration>,
}

const TABLES: &str = "SELECT relname::text, n_live_tup, n_dead_tup FROM pg_stat_user_tables \
    WHERE schemaname = current_schema() AND relname = ANY ($1) ORDER BY relname";

/// A vacuum's own snapshot holds nothing back. This session has one only while it asks.
const HOLDERS: &str = "SELECT 'session', max(greatest(age(backend_xmin), age(backend_xid)))::bigint, \
    (extract(epoch FROM max(clock_timestamp() - xact_start)) * 1000000)::bigint FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type IS DISTINCT FROM 'autovacuum worker' \
    AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) \
    UNION ALL SELECT 'prepared', max(age(transaction))::bigint, \
    (extract(epoch FROM max(clock_timestamp() - prepared)) * 1000000)::bigint FROM pg_prepared_xacts \
    WHERE database = current_database() \
    UNION ALL SELECT 'slot', max(age(xmin))::bigint, NULL FROM pg_replication_slots \
    UNION ALL SELECT 'standby', max(age(backend_xmin))::bigint, NULL FROM pg_stat_replication";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Query {
    Tables,
    Holders,
}

pub(super) fn write(query: Query) -> Written {
    match query {
        Query::Tables => (TABLES.to_owned(), vec![Type::TEXT_ARRAY]),
        Query::Holders => (HOLDERS.to_owned(), Vec::new()),
    }
}

impl PostgresStore {
    /// What the server has to clean up, and what keeps it from that.
    ///
    /// Rows that change leave old ones behind, and the server can remove those only when nobody has a snapshot from before.
    /// A session that stands open, a prepared transaction that was forgotten or a replication slot that nobody reads lets
    /// the tables of the outbox grow, and with them the time of each search.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn upkeep(&self) -> Result<PostgresUpkeep, StoreError> {
        until_done!(self, Reading(true), lease => ask(&mut lease, &self.catalogue))
    }
}

async fn ask(session: &mut Session, catalogue: &Catalogue) -> Result<PostgresUpkeep, Stop> {
    let engine = schema::engine().into_iter().map(|table| Datum::Text(table.name.into()));
    let names = engine.chain(catalogue.names().map(|name| Datum::Text(name.into()))).collect();
    let requests = vec![
        Request::Statement(catalogue.sql(Purpose::Upkeep(Query::Tables))?, vec![Parameter::Many(names)]),
        Request::Statement(catalogue.sql(Purpose::Upkeep(Query::Holders))?, Vec::new()),
    ];
    let mut found = answers(session, requests, Leaves::Nothing).await?.into_iter();
    let mut upkeep = PostgresUpkeep::default();
    for row in found.next().iter().flatten() {
        let fields = Fields { row, table: "pg_stat_user_tables" };
        let (live, dead) = (fields.int(1)?.unsigned_abs(), fields.int(2)?.unsigned_abs());
        upkeep.tables.push(PostgresTable { table: fields.text(0)?, live, dead });
    }
    for row in found.next().iter().flatten() {
        let fields = Fields { row, table: "pg_stat_activity" };
        let transactions = fields.optional(1, int)?.map_or(0, i64::unsigned_abs);
        // A clock that was set back makes nothing younger than it is.
        let age =
            fields.optional(2, int)?.map(|micros| Duration::from_micros(micros.try_into().unwrap_or(0)));
        upkeep.holders.push(PostgresHolder { kind: fields.text(0)?, transactions, age });
    }
    Ok(upkeep)
}
