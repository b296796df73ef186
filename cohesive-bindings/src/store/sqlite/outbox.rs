//! The relay's side of the store: the texts of the statements, and the port.

use std::sync::Arc;
use std::time::Duration;

use cohesive_core::kernel::MessageId;
use cohesive_core::value::Timestamp;
use rusqlite::Connection;

use super::SqliteStore;
use super::error::failed;
use super::queue::{self, transact, transact_lightly};
use super::read::{self, to_instant, to_version};
use super::session::{Session, prepare};
use crate::store::outbox::lanes::{before, between};
use crate::store::outbox::{
    Acquire, Claim, Lane, Lease, Leases, Outbox, OutboxStats, ParkedMessage, Pending, Settled, Settlement,
    Stream,
};
use crate::store::{BoxFuture, StoreError};

/// A relay whose time is over, or begins in the future, is not there.
pub(super) const DELETE_RELAYS: &str = r#"DELETE FROM "cohesive_relay" WHERE "until" <= ?1 OR "since" > ?2"#;
pub(super) const INSERT_RELAY: &str = r#"INSERT INTO "cohesive_relay" ("stream", "owner", "since", "until") VALUES (?1, ?2, ?3, ?4) ON CONFLICT ("stream", "owner") DO UPDATE SET "since" = excluded."since", "until" = excluded."until" WHERE "cohesive_relay"."until" < ?5"#;
pub(super) const COUNT_RELAYS: &str = r#"SELECT count(*) FROM "cohesive_relay" WHERE "stream" = ?1"#;
pub(super) const DELETE_RELAY: &str = r#"DELETE FROM "cohesive_relay" WHERE "owner" = ?1"#;
pub(super) const SELECT_LANES: &str = r#"SELECT "lane", "owner", "token", "since", "until" FROM "cohesive_lane" WHERE "lane" BETWEEN ?1 AND ?2 ORDER BY "lane""#;
pub(super) const GIVE_LANE: &str = r#"INSERT INTO "cohesive_lane" ("lane", "owner", "token", "since", "until") VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT ("lane") DO UPDATE SET "owner" = excluded."owner", "token" = excluded."token", "since" = excluded."since", "until" = excluded."until""#;
pub(super) const FREE: &str =
    r#"UPDATE "cohesive_lane" SET "owner" = NULL WHERE "lane" = ?1 AND "owner" = ?2 AND "token" = ?3"#;
pub(super) const OWNS: &str =
    r#"SELECT 1 FROM "cohesive_lane" WHERE "lane" = ?1 AND "token" = ?2 AND "owner" IS NOT NULL"#;
/// Of each entity, the first pending message, if the former owner had claimed it and its attempts are many.
pub(super) const RECOVER: &str = r#"INSERT INTO "cohesive_blocked" ("entity", "entity_id", "lane", "position", "since", "until", "alone", "error") SELECT "entity", "entity_id", "lane", min("position"), ?2, ?2, 1, "attempts" || ' attempts ended without an answer' FROM "cohesive_outbox" WHERE "lane" = ?1 AND "published_at" IS NULL AND "dropped_at" IS NULL GROUP BY "entity", "entity_id" HAVING "claim" IS NOT NULL AND "attempts" >= ?3 ON CONFLICT ("lane", "entity", "entity_id") DO UPDATE SET "position" = excluded."position", "since" = excluded."since", "until" = excluded."until", "alone" = 1, "parked_at" = NULL, "error" = excluded."error""#;
pub(super) const CLEAR_CLAIMS: &str = r#"UPDATE "cohesive_outbox" SET "claim" = NULL WHERE "lane" = ?1 AND "published_at" IS NULL AND "dropped_at" IS NULL AND "claim" IS NOT NULL"#;
pub(super) const ALONE: &str = r#"SELECT "b"."position", "o"."attempts", "o"."claim" IS NOT NULL FROM "cohesive_blocked" AS "b" JOIN "cohesive_outbox" AS "o" ON "o"."position" = "b"."position" WHERE "b"."lane" = ?1 AND "b"."alone" = 1 AND "b"."parked_at" IS NULL AND ("b"."until" <= ?2 OR "b"."since" > ?3)"#;
/// The messages of a lane that can be claimed, in order. An entity that waits holds back its messages and nobody
/// else's. The columns are those of `SELECT_MESSAGES` and two more.
pub(super) const CLAIM: &str = r#"SELECT "message_id", "entity", "entity_id", "version", "ordinal", "role", "name", "payload", "transition_name", "correlation", "causation", "actor", "trace", "occurred_at", "recorded_at", "published_at", "position", "attempts" FROM "cohesive_outbox" AS "o" WHERE "lane" = ?1 AND "published_at" IS NULL AND "dropped_at" IS NULL AND "claim" IS NULL AND (?3 IS NULL OR "position" = ?3) AND NOT EXISTS (SELECT 1 FROM "cohesive_blocked" AS "b" WHERE "b"."lane" = "o"."lane" AND "b"."entity" = "o"."entity" AND "b"."entity_id" = "o"."entity_id" AND ("b"."position" <> "o"."position" OR "b"."parked_at" IS NOT NULL OR "b"."until" > ?2 AND "b"."since" <= ?5)) ORDER BY "position" LIMIT ?4"#;
pub(super) const MARK: &str =
    r#"UPDATE "cohesive_outbox" SET "attempts" = "attempts" + 1, "claim" = ?2 WHERE "position" = ?1"#;
pub(super) const PUBLISH: &str = r#"UPDATE "cohesive_outbox" SET "published_at" = ?4, "claim" = NULL WHERE "position" = ?1 AND "claim" = ?2 AND "lane" = ?3"#;
pub(super) const RETURN: &str = r#"UPDATE "cohesive_outbox" SET "attempts" = max("attempts" - 1, 0), "claim" = NULL WHERE "position" = ?1 AND "claim" = ?2 AND "lane" = ?3"#;
pub(super) const RELEASE_CLAIM: &str =
    r#"UPDATE "cohesive_outbox" SET "claim" = NULL WHERE "position" = ?1 AND "claim" = ?2 AND "lane" = ?3"#;
pub(super) const BLOCK: &str = r#"INSERT INTO "cohesive_blocked" ("entity", "entity_id", "lane", "position", "since", "until", "alone", "parked_at", "error") SELECT "entity", "entity_id", "lane", "position", ?2, ?3, 0, ?4, ?5 FROM "cohesive_outbox" WHERE "position" = ?1 ON CONFLICT ("lane", "entity", "entity_id") DO UPDATE SET "position" = excluded."position", "since" = excluded."since", "until" = excluded."until", "alone" = 0, "parked_at" = excluded."parked_at", "error" = excluded."error""#;
pub(super) const UNBLOCK: &str = r#"DELETE FROM "cohesive_blocked" WHERE "position" = ?1"#;
pub(super) const ANY_BLOCKED: &str = r#"SELECT 1 FROM "cohesive_blocked""#;
const UNPARK: &str = r#"DELETE FROM "cohesive_blocked" WHERE "position" = ?1 AND "parked_at" IS NOT NULL"#;
const RETRY: &str = r#"UPDATE "cohesive_outbox" SET "attempts" = 0 WHERE "position" = ?1"#;
const DROP: &str = r#"UPDATE "cohesive_outbox" SET "dropped_at" = ?2 WHERE "position" = ?1"#;
const SELECT_PARKED: &str = r#"SELECT "o"."position", "o"."entity", "o"."entity_id", "o"."version", "o"."ordinal", "o"."name", "o"."payload", "o"."attempts", "b"."error", "b"."parked_at" FROM "cohesive_blocked" AS "b" JOIN "cohesive_outbox" AS "o" ON "o"."position" = "b"."position" WHERE "b"."lane" BETWEEN ?1 AND ?2 AND "b"."parked_at" IS NOT NULL ORDER BY "b"."position" LIMIT ?3"#;
const PRUNE_PUBLISHED: &str = r#"DELETE FROM "cohesive_outbox" WHERE "position" IN (SELECT "position" FROM "cohesive_outbox" WHERE "role" = ?1 AND "published_at" <= ?2 LIMIT ?3)"#;
const PRUNE_DROPPED: &str = r#"DELETE FROM "cohesive_outbox" WHERE "position" IN (SELECT "position" FROM "cohesive_outbox" WHERE "role" = ?1 AND "dropped_at" <= ?2 LIMIT ?3)"#;
const REPUBLISH: &str = r#"UPDATE "cohesive_outbox" SET "published_at" = NULL, "attempts" = 0 WHERE "role" = ?1 AND "published_at" >= ?2"#;
/// An entity that waits for another attempt begins anew with the first of them; one that is parked stays parked.
const BEGIN_ANEW: &str = r#"DELETE FROM "cohesive_blocked" WHERE "position" IN (SELECT "b"."position" FROM "cohesive_outbox" AS "o" CROSS JOIN "cohesive_blocked" AS "b" ON "b"."lane" = "o"."lane" AND "b"."entity" = "o"."entity" AND "b"."entity_id" = "o"."entity_id" WHERE "o"."role" = ?1 AND "o"."published_at" >= ?2 AND "b"."parked_at" IS NULL)"#;
const COUNT_PENDING: &str = r#"SELECT count(*), min("position") FROM "cohesive_outbox" WHERE "lane" BETWEEN ?1 AND ?2 AND "published_at" IS NULL AND "dropped_at" IS NULL"#;
const RECORDED_AT: &str = r#"SELECT "recorded_at" FROM "cohesive_outbox" WHERE "position" = ?1"#;
const COUNT_BLOCKED: &str = r#"SELECT count(*) FILTER (WHERE "parked_at" IS NULL), count("parked_at") FROM "cohesive_blocked" WHERE "lane" BETWEEN ?1 AND ?2"#;
const COUNT_CLAIMED: &str = r#"SELECT "lane", count(*) FROM "cohesive_outbox" WHERE "lane" BETWEEN ?1 AND ?2 AND "published_at" IS NULL AND "dropped_at" IS NULL AND "claim" IS NOT NULL GROUP BY "lane" ORDER BY "lane""#;

/// Statements that must not read the whole outbox, for tests.
#[cfg(feature = "testing")]
pub(super) const SEARCHES: [&str; 9] =
    [ALONE, CLAIM, CLEAR_CLAIMS, UNBLOCK, PRUNE_PUBLISHED, PRUNE_DROPPED, BEGIN_ANEW, REPUBLISH, OWNS];

impl Outbox for SqliteStore {
    fn acquire(&self, request: Acquire) -> BoxFuture<'_, Result<Leases, StoreError>> {
        self.transaction(move |connection, now| queue::acquire(connection, &request, now))
    }

    fn release(
        &self,
        owner: String,
        leases: Vec<Lease>,
        leaving: bool,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        self.transaction(move |connection, _| queue::release(connection, &owner, &leases, leaving))
    }

    fn claim(&self, request: Claim) -> BoxFuture<'_, Result<Vec<Pending>, StoreError>> {
        self.light_transaction(move |connection, now| queue::claim(connection, &request, now))
    }

    fn settle(&self, settlements: Vec<Settlement>) -> BoxFuture<'_, Result<Vec<Settled>, StoreError>> {
        self.light_transaction(move |connection, now| queue::settle(connection, &settlements, now))
    }

    fn parked_messages(
        &self,
        stream: Stream,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<ParkedMessage>, StoreError>> {
        Box::pin(self.readers.run(move |session| parked(session, stream, limit).map_err(failed)))
    }

    fn retry_parked(&self, position: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        self.transaction(move |connection, _| unpark(connection, RETRY, position, None))
    }

    fn drop_parked(&self, position: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        self.transaction(move |connection, now| unpark(connection, DROP, position, Some(now)))
    }

    fn prune_published(
        &self,
        stream: Stream,
        kept: Duration,
        limit: usize,
    ) -> BoxFuture<'_, Result<u64, StoreError>> {
        self.transaction(move |connection, now| {
            let (role, oldest) = (stream.role(), before(now, kept).as_micros());
            let first =
                prepare(connection, PRUNE_PUBLISHED)?.execute((role, oldest, read::at_most(limit)))?;
            let rest = read::at_most(limit - first);
            Ok((first + prepare(connection, PRUNE_DROPPED)?.execute((role, oldest, rest))?) as u64)
        })
    }

    fn republish(&self, stream: Stream, since: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>> {
        self.transaction(move |connection, _| {
            let which = (stream.role(), since.as_micros());
            prepare(connection, BEGIN_ANEW)?.execute(which)?;
            Ok(prepare(connection, REPUBLISH)?.execute(which)? as u64)
        })
    }

    fn outbox_stats(&self, stream: Stream) -> BoxFuture<'_, Result<OutboxStats, StoreError>> {
        let now = self.clock.now();
        Box::pin(self.readers.run(move |session| stats(session, stream, now).map_err(failed)))
    }
}

impl SqliteStore {
    /// Runs `work` as one transaction of the writer, with the store's time.
    pub(super) fn transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, Timestamp) -> rusqlite::Result<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, StoreError>> {
        Box::pin(self.writer.run(move |session| {
            let clock = Arc::clone(&session.options.clock);
            // The time is read behind the lock: another process may have written while this one waited for it.
            transact(session, |connection| work(connection, clock.now()))
        }))
    }

    /// The same for what may be done again after a power cut: it is not synced.
    fn light_transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, Timestamp) -> rusqlite::Result<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, StoreError>> {
        Box::pin(self.writer.run(move |session| {
            let clock = Arc::clone(&session.options.clock);
            transact_lightly(session, |connection| work(connection, clock.now()))
        }))
    }
}

/// Ends the wait of an entity whose message is parked here, and changes that message.
fn unpark(
    connection: &Connection,
    change: &str,
    position: u64,
    at: Option<Timestamp>,
) -> rusqlite::Result<bool> {
    let position = position.cast_signed();
    if prepare(connection, UNPARK)?.execute((position,))? == 0 {
        return Ok(false);
    }
    let mut change = prepare(connection, change)?;
    match at {
        Some(at) => change.execute((position, at.as_micros()))?,
        None => change.execute((position,))?,
    };
    Ok(true)
}

/// The first and the last lane of a stream.
pub(super) fn bounds(stream: Stream) -> (Lane, Lane) {
    let lanes = stream.lanes();
    (lanes.start, lanes.end - 1)
}

fn parked(session: &mut Session, stream: Stream, limit: usize) -> rusqlite::Result<Vec<ParkedMessage>> {
    let (first, last) = bounds(stream);
    let mut statement = prepare(&session.connection, SELECT_PARKED)?;
    let mut rows = statement.query((first, last, read::at_most(limit)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (entity, entity_id): (String, String) = (row.get(1)?, row.get(2)?);
        let (version, ordinal) = (to_version(row.get(3)?), row.get(4)?);
        found.push(ParkedMessage {
            position: row.get::<_, i64>(0)?.cast_unsigned(),
            id: MessageId::derive(&entity, &entity_id, version, ordinal),
            entity,
            entity_id,
            version,
            ordinal,
            name: row.get(5)?,
            payload: row.get(6)?,
            attempts: row.get(7)?,
            error: row.get(8)?,
            parked_at: to_instant(row.get(9)?, 9)?,
        });
    }
    Ok(found)
}

fn stats(session: &mut Session, stream: Stream, now: Timestamp) -> rusqlite::Result<OutboxStats> {
    let (connection, lanes) = (&session.connection, bounds(stream));
    let (pending, first): (i64, Option<i64>) =
        prepare(connection, COUNT_PENDING)?.query_row(lanes, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let oldest = match first {
        Some(first) => {
            let recorded: i64 = prepare(connection, RECORDED_AT)?.query_row((first,), |row| row.get(0))?;
            Some(between(to_instant(recorded, 0)?, now))
        }
        None => None,
    };
    let (waiting, parked): (i64, i64) =
        prepare(connection, COUNT_BLOCKED)?.query_row(lanes, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut statement = prepare(connection, COUNT_CLAIMED)?;
    let claimed =
        statement.query_map(lanes, |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
    Ok(OutboxStats {
        pending: pending.unsigned_abs(),
        oldest,
        waiting: waiting.unsigned_abs(),
        parked: parked.unsigned_abs(),
        claimed: claimed.collect::<Result<_, _>>()?,
    })
}
