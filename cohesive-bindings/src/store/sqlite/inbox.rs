//! The consumers' side of the store: the texts of the statements, and the port.

use cohesive_core::value::Timestamp;
use rusqlite::{Connection, Params};

use super::SqliteStore;
use super::error::{failed, misfit};
use super::read::{self, to_instant};
use super::session::{Session, prepare};
use crate::store::inbox::{DeliveryKey, Inbox, InboxStats, ParkedDelivery, StoredDelivery};
use crate::store::outbox::cut;
use crate::store::{BoxFuture, StoreError, fit};

const COUNT: &str = r#"INSERT INTO "cohesive_attempt" ("consumer", "source", "message_id", "attempts") VALUES (?1, ?2, ?3, 1) ON CONFLICT ("consumer", "source", "message_id") DO UPDATE SET "attempts" = min("attempts" + 1, 4294967295) RETURNING "attempts""#;
const FORGET: &str =
    r#"DELETE FROM "cohesive_attempt" WHERE "consumer" = ?1 AND "source" = ?2 AND "message_id" = ?3"#;
const PARK: &str = r#"INSERT INTO "cohesive_parked_delivery" ("consumer", "source", "message_id", "kind", "partition_key", "headers", "body", "error", "attempts", "parked_at") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT ("consumer", "source", "message_id") DO NOTHING"#;
const WAITS: &str =
    r#"SELECT 1 FROM "cohesive_parked_delivery" WHERE "consumer" = ?1 AND "partition_key" = ?2 LIMIT 1"#;
const LIST: &str = r#"SELECT "number", "consumer", "source", "message_id", "kind", "partition_key", "headers", "body", "error", "attempts", "parked_at" FROM "cohesive_parked_delivery" WHERE "number" > ?1 ORDER BY "number" LIMIT ?2"#;
const LIST_OF: &str = r#"SELECT "number", "consumer", "source", "message_id", "kind", "partition_key", "headers", "body", "error", "attempts", "parked_at" FROM "cohesive_parked_delivery" WHERE "consumer" = ?1 AND "partition_key" = ?2 ORDER BY "number""#;
const REMOVE: &str = r#"DELETE FROM "cohesive_parked_delivery" WHERE "number" = ?1"#;
const STATS: &str = r#"SELECT (SELECT count("mark") FROM "cohesive_receipt"), (SELECT count(*) FROM "cohesive_parked_delivery"), (SELECT count(*) FROM "cohesive_attempt")"#;

/// Statements that must not read a whole table, for tests.
#[cfg(feature = "testing")]
pub(super) const SEARCHES: [&str; 5] = [FORGET, WAITS, LIST, LIST_OF, REMOVE];

impl Inbox for SqliteStore {
    fn count_attempt(&self, key: DeliveryKey) -> BoxFuture<'_, Result<u32, StoreError>> {
        self.checked(fit::check_key(&key), move |connection, _| {
            let DeliveryKey { consumer, source, id } = key;
            prepare(connection, COUNT)?.query_row((consumer, source, id), |row| row.get(0))
        })
    }

    fn forget_attempts(&self, keys: Vec<DeliveryKey>) -> BoxFuture<'_, Result<(), StoreError>> {
        self.checked(keys.iter().try_for_each(fit::check_key), move |connection, _| {
            keys.iter().try_for_each(|key| forget(connection, key))
        })
    }

    fn park_delivery(&self, delivery: ParkedDelivery) -> BoxFuture<'_, Result<(), StoreError>> {
        self.checked(fit::check_delivery(&delivery), move |connection, now| park(connection, &delivery, now))
    }

    fn is_waiting(&self, consumer: String, partition_key: String) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.readers.run(move |session| {
            fit::check_texts(&[&consumer, &partition_key]).map_err(misfit)?;
            let mut statement = prepare(&session.connection, WAITS).map_err(failed)?;
            statement.exists((consumer, partition_key)).map_err(failed)
        }))
    }

    fn parked_deliveries(
        &self,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<StoredDelivery>, StoreError>> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        Box::pin(self.readers.run(move |session| list(session, LIST, (after, read::at_most(limit)))))
    }

    fn parked_of(
        &self,
        consumer: String,
        partition_key: String,
    ) -> BoxFuture<'_, Result<Vec<StoredDelivery>, StoreError>> {
        Box::pin(self.readers.run(move |session| {
            fit::check_texts(&[&consumer, &partition_key]).map_err(misfit)?;
            list(session, LIST_OF, (consumer, partition_key))
        }))
    }

    fn remove_delivery(&self, number: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        self.transaction(move |connection, _| {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            Ok(prepare(connection, REMOVE)?.execute((number,))? > 0)
        })
    }

    fn inbox_stats(&self) -> BoxFuture<'_, Result<InboxStats, StoreError>> {
        Box::pin(self.readers.run(|session| {
            let mut statement = prepare(&session.connection, STATS).map_err(failed)?;
            let counts = statement.query_row((), |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]));
            let [receipts, parked, attempts] = counts.map_err(failed)?.map(i64::unsigned_abs);
            Ok(InboxStats { receipts, parked, attempts })
        }))
    }
}

impl SqliteStore {
    /// Runs `work` as one transaction of the writer, unless what it is asked for cannot be kept.
    fn checked<T: Send + 'static>(
        &self,
        check: Result<(), String>,
        work: impl FnOnce(&Connection, Timestamp) -> rusqlite::Result<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, StoreError>> {
        match check {
            // A closed store says so first.
            Err(flaw) => Box::pin(self.writer.run(move |_| Err(misfit(flaw)))),
            Ok(()) => self.transaction(work),
        }
    }
}

fn forget(connection: &Connection, key: &DeliveryKey) -> rusqlite::Result<()> {
    prepare(connection, FORGET)?.execute((&key.consumer, &key.source, &key.id)).map(drop)
}

fn park(connection: &Connection, delivery: &ParkedDelivery, now: Timestamp) -> rusqlite::Result<()> {
    let ParkedDelivery { key, kind, partition_key, headers, body, error, attempts } = delivery;
    let headers = serde_json::to_string(headers)
        .map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))?;
    prepare(connection, PARK)?.execute((
        &key.consumer,
        &key.source,
        &key.id,
        kind,
        partition_key,
        headers,
        body,
        cut(error),
        attempts,
        now.as_micros(),
    ))?;
    forget(connection, key)
}

fn list(
    session: &mut Session,
    sql: &str,
    parameters: impl Params,
) -> Result<Vec<StoredDelivery>, StoreError> {
    let mut statement = prepare(&session.connection, sql).map_err(failed)?;
    let mut rows = statement.query(parameters).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(stored(row).map_err(|cause| read::corrupt("cohesive_parked_delivery", &cause))?);
    }
    Ok(found)
}

fn stored(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredDelivery> {
    let headers: String = row.get(6)?;
    let unreadable = |cause: serde_json::Error| {
        rusqlite::Error::FromSqlConversionFailure(6, rusqlite::types::Type::Text, Box::new(cause))
    };
    Ok(StoredDelivery {
        number: row.get::<_, i64>(0)?.unsigned_abs(),
        delivery: ParkedDelivery {
            key: DeliveryKey { consumer: row.get(1)?, source: row.get(2)?, id: row.get(3)? },
            kind: row.get(4)?,
            partition_key: row.get(5)?,
            headers: serde_json::from_str(&headers).map_err(unreadable)?,
            body: row.get(7)?,
            error: row.get(8)?,
            attempts: row.get(9)?,
        },
        parked_at: to_instant(row.get(10)?, 10)?,
    })
}
