//! Commits.
//!
//! A batch is one transaction, and one sync of the log makes all of it durable. A unit that is refused before it
//! changed anything just leaves its neighbours alone. When one is refused later than that, which takes another node
//! that answered the same key in between, the transaction is taken back and made again, with a savepoint for each unit
//! to be taken back to. Savepoints from the start would be simpler, and set every page aside that a unit changes.

use std::collections::BTreeMap;

use cohesive_core::kernel::Version;
use cohesive_core::value::{Datum, Timestamp};
use rusqlite::{CachedStatement, Connection, Statement};

use super::codec;
use super::error::{commit_failed, failed, is_unique_violation, misfit};
use super::queue::transact;
use super::read::{self, from_version, to_version};
use super::session::{Ready, Session, prepare};
use super::statements::{
    BEGIN_WRITE, COMMIT, Catalogue, DELETE_RECEIPTS, INSERT_MESSAGE, INSERT_PARKED, INSERT_RECEIPT,
    RAISE_MARK, RELEASE, SAVEPOINT, Table, UNDO,
};
use crate::store::outbox::Stream;
use crate::store::{
    Expected, OutboxMessage, ParkedInput, Receipt, ReceiptKey, StoreError, Unit, UnitOutcome, Write, fit,
};

/// Commits a batch and answers each unit.
pub(super) fn commit(session: &mut Session, batch: &[Unit]) -> Result<Vec<UnitOutcome>, StoreError> {
    fit::check_batch(batch).map_err(misfit)?;
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    match transaction(session, batch, false)? {
        Some(outcomes) => Ok(outcomes),
        None => transaction(session, batch, true)?.ok_or_else(|| misfit("a unit was not taken back")),
    }
}

/// One attempt. `None`, and nothing committed, when a unit would have to be taken back and has no savepoint.
fn transaction(
    session: &mut Session,
    batch: &[Unit],
    savepoints: bool,
) -> Result<Option<Vec<UnitOutcome>>, StoreError> {
    if let Err(cause) = session.run(BEGIN_WRITE) {
        // Should an earlier transaction still be open, this is the next chance to get rid of it.
        session.roll_back();
        return Err(failed(cause));
    }
    let outcomes = apply_all(session, batch, savepoints).and_then(|outcomes| {
        if outcomes.is_some() {
            session.run(COMMIT).map_err(commit_failed)?;
        }
        Ok(outcomes)
    });
    if !matches!(outcomes, Ok(Some(_))) {
        session.roll_back();
    }
    outcomes
}

fn apply_all(
    session: &mut Session,
    batch: &[Unit],
    savepoints: bool,
) -> Result<Option<Vec<UnitOutcome>>, StoreError> {
    let Session { connection, catalogue, .. } = session;
    let mut work = Work {
        connection,
        catalogue,
        savepoints,
        columns: Vec::new(),
        update: Ready::new(connection),
        message: None,
        touched: false,
    };
    batch.iter().map(|unit| work.settle(unit)).collect()
}

/// What a batch under way needs.
struct Work<'a> {
    connection: &'a Connection,
    catalogue: &'a mut Catalogue,
    savepoints: bool,
    columns: Vec<usize>,
    update: Ready<'a>,
    message: Option<CachedStatement<'a>>,
    /// Whether the present unit has changed anything.
    touched: bool,
}

/// Why a unit does not take effect, or why the batch does not.
enum Halt {
    Refused(UnitOutcome),
    Failed(StoreError),
}

impl From<rusqlite::Error> for Halt {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Failed(failed(cause))
    }
}

impl From<StoreError> for Halt {
    fn from(cause: StoreError) -> Self {
        Self::Failed(cause)
    }
}

impl Work<'_> {
    /// Applies a unit as a whole or not at all. `None` when it can be neither.
    fn settle(&mut self, unit: &Unit) -> Result<Option<UnitOutcome>, StoreError> {
        self.touched = false;
        if self.savepoints {
            self.run(SAVEPOINT)?;
        }
        let outcome = match self.apply(unit) {
            Ok(()) => UnitOutcome::Committed,
            Err(Halt::Failed(cause)) => return Err(cause),
            Err(Halt::Refused(refusal)) => {
                if self.savepoints {
                    self.run(UNDO)?;
                } else if self.touched {
                    return Ok(None);
                }
                refusal
            }
        };
        if self.savepoints {
            self.run(RELEASE)?;
        }
        Ok(Some(outcome))
    }

    fn run(&self, sql: &str) -> Result<(), StoreError> {
        let mut statement = prepare(self.connection, sql).map_err(failed)?;
        statement.raw_execute().map(drop).map_err(failed)
    }

    fn apply(&mut self, unit: &Unit) -> Result<(), Halt> {
        if let Some(write) = &unit.write {
            self.write(write).map_err(|halt| self.preferred(halt, unit))?;
            self.touched = true;
        }
        for receipt in &unit.receipts {
            self.receipt(receipt)?;
            self.touched = true;
        }
        for message in &unit.messages {
            self.message(message)?;
            self.touched = true;
        }
        for input in &unit.parked {
            self.park(input)?;
            self.touched = true;
        }
        Ok(())
    }

    /// A receipt that exists is told before anything else: it is the answer to the whole request.
    fn preferred(&self, halt: Halt, unit: &Unit) -> Halt {
        if matches!(halt, Halt::Failed(_)) {
            return halt;
        }
        for receipt in &unit.receipts {
            match self.standing(receipt) {
                Ok(Some(standing)) => return Halt::Refused(UnitOutcome::ReceiptExists(Box::new(standing))),
                Ok(None) => {}
                Err(cause) => return Halt::Failed(cause),
            }
        }
        halt
    }

    fn write(&mut self, write: &Write) -> Result<(), Halt> {
        let table = self.catalogue.table(write.structure)?;
        let written = match write.expected {
            Expected::Absent => insert(self.connection, table, write),
            Expected::Version(_) => {
                self.columns.clear();
                self.columns.extend(write.columns.iter().map(|(column, _)| *column));
                let sql = table.update(&self.columns);
                update(self.update.get(&sql)?, write)
            }
        };
        let cause = match written {
            Ok(0) => None,
            Ok(_) => return Ok(()),
            Err(cause) if is_unique_violation(&cause) => Some(cause),
            Err(cause) => return Err(cause.into()),
        };
        Err(Halt::Refused(refusal(self.connection, table, write, cause)?))
    }

    fn receipt(&self, receipt: &Receipt) -> Result<(), Halt> {
        let mut statement = prepare(self.connection, INSERT_RECEIPT)?;
        let written = statement.execute((
            &receipt.scope,
            &receipt.key,
            receipt.fingerprint.as_slice(),
            receipt.status,
            receipt.version.map(from_version),
            &receipt.body,
            receipt.recorded_at.as_micros(),
            receipt.expires_at.as_micros(),
            receipt.mark.map(Timestamp::as_micros),
        ))?;
        if written == 1 {
            return Ok(());
        }
        match self.standing(receipt)? {
            Some(standing) => Err(Halt::Refused(UnitOutcome::ReceiptExists(Box::new(standing)))),
            None => Err(Halt::Failed(misfit("a receipt was not written"))),
        }
    }

    /// The receipt that stands in the way of a new one.
    fn standing(&self, receipt: &Receipt) -> Result<Option<Receipt>, StoreError> {
        let key = ReceiptKey { scope: receipt.scope.clone(), key: receipt.key.clone() };
        let found = read::receipt(self.connection, &key)?;
        Ok(found.filter(|standing| standing.stands(receipt.recorded_at)))
    }

    fn park(&self, input: &ParkedInput) -> Result<(), Halt> {
        let mut statement = prepare(self.connection, INSERT_PARKED)?;
        statement.execute((
            &input.entity,
            &input.entity_id,
            &input.transition,
            &input.input,
            from_version(input.expected),
            from_version(input.actual),
            &input.correlation,
            &input.causation,
            &input.actor,
            &input.trace,
            input.recorded_at.as_micros(),
        ))?;
        Ok(())
    }

    fn message(&mut self, message: &OutboxMessage) -> Result<(), Halt> {
        let stream =
            Stream::of_role(message.role).ok_or_else(|| misfit(format!("{} has no stream", message.name)))?;
        let statement = match &mut self.message {
            Some(statement) => statement,
            none => none.insert(prepare(self.connection, INSERT_MESSAGE)?),
        };
        let written = statement.execute((
            message.id.uuid().as_bytes().as_slice(),
            message.entity,
            &message.entity_id,
            from_version(message.version),
            message.ordinal,
            message.role,
            message.name,
            &message.payload,
            message.transition,
            &message.correlation,
            &message.causation,
            &message.actor,
            &message.trace,
            message.occurred_at.map(Timestamp::as_micros),
            message.recorded_at.as_micros(),
            stream.lane(message.entity, &message.entity_id),
        ))?;
        if written == 1 { Ok(()) } else { Err(Halt::Refused(UnitOutcome::MessageExists(message.id))) }
    }
}

fn insert(connection: &Connection, table: &Table, write: &Write) -> rusqlite::Result<usize> {
    let mut statement = prepare(connection, &table.insert)?;
    for (column, datum) in &write.columns {
        codec::bind(&mut statement, column + 1, datum)?;
    }
    statement.raw_bind_parameter(write.columns.len() + 1, from_version(write.version))?;
    statement.raw_execute()
}

/// The version is part of the condition, so a stale expectation changes no row (B50).
fn update(statement: &mut Statement<'_>, write: &Write) -> rusqlite::Result<usize> {
    let Expected::Version(expected) = write.expected else { return Ok(0) };
    codec::bind(statement, 1, &write.id)?;
    statement.raw_bind_parameter(2, from_version(expected))?;
    statement.raw_bind_parameter(3, from_version(write.version))?;
    for (place, (_, datum)) in (4..).zip(&write.columns) {
        codec::bind(statement, place, datum)?;
    }
    statement.raw_execute()
}

/// Why a row was not written. The first reason in field order is given, so that every store gives the same.
fn refusal(
    connection: &Connection,
    table: &Table,
    write: &Write,
    cause: Option<rusqlite::Error>,
) -> Result<UnitOutcome, StoreError> {
    let actual = version(connection, table, write).map_err(failed)?;
    let expected = match write.expected {
        Expected::Absent => None,
        Expected::Version(version) => Some(version),
    };
    if actual != expected {
        return Ok(UnitOutcome::Conflict { actual });
    }
    for (column, sql) in &table.unique {
        let written = write.columns.binary_search_by_key(column, |(column, _)| *column);
        let Ok(place) = written else { continue };
        if is_taken(connection, sql, &write.columns[place].1, write).map_err(failed)? {
            return Ok(UnitOutcome::NotUnique { field: table.structure.fields[*column].name });
        }
    }
    Err(cause.map_or_else(|| misfit(format!("a row of {} was not written", write.structure.table)), failed))
}

fn version(connection: &Connection, table: &Table, write: &Write) -> rusqlite::Result<Option<Version>> {
    let mut statement = prepare(connection, &table.version)?;
    codec::bind(&mut statement, 1, &write.id)?;
    let mut rows = statement.raw_query();
    rows.next()?.map(|row| row.get(0).map(to_version)).transpose()
}

/// Whether another row has this value.
fn is_taken(connection: &Connection, sql: &str, value: &Datum<'_>, write: &Write) -> rusqlite::Result<bool> {
    let mut statement = prepare(connection, sql)?;
    codec::bind_comparable(&mut statement, 1, value)?;
    codec::bind(&mut statement, 2, &write.id)?;
    let mut rows = statement.raw_query();
    Ok(rows.next()?.is_some())
}

/// Removes at most `most` receipts that expired at or before `now`, raises the marks of their scopes, and answers how
/// many were removed.
pub(super) fn prune(session: &mut Session, now: Timestamp, most: u64) -> Result<u64, StoreError> {
    transact(session, |connection| {
        let mut marks: BTreeMap<String, i64> = BTreeMap::new();
        let mut removed = 0;
        let mut delete = prepare(connection, DELETE_RECEIPTS)?;
        let mut rows = delete.query((now.as_micros(), most.cast_signed()))?;
        while let Some(row) = rows.next()? {
            removed += 1;
            if let Some(mark) = row.get(1)? {
                let highest = marks.entry(row.get(0)?).or_insert(mark);
                *highest = mark.max(*highest);
            }
        }
        let mut raise = prepare(connection, RAISE_MARK)?;
        for mark in marks {
            raise.execute(mark)?;
        }
        Ok(removed)
    })
}
