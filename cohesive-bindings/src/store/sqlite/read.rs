//! Loads, lists and the history of messages.

use cohesive_core::kernel::{MessageId, Version};
use cohesive_core::model::Structure;
use cohesive_core::value::{Timestamp, Uuid};
use rusqlite::Connection;

use super::codec;
use super::error::{error, failed, misfit};
use super::session::{Ready, Session, prepare};
use super::statements::{
    BEGIN_READ, COMMIT, Catalogue, SELECT_MARK, SELECT_MESSAGES, SELECT_PARKED, SELECT_RECEIPT,
};
use crate::store::{
    ListQuery, Load, Loaded, OutboxQuery, ParkedInput, Receipt, ReceiptKey, Row, RowKey, StoreError,
    StoreErrorKind, StoredInput, StoredMessage, fit,
};

/// Loads everything as of one moment: that of the transaction's first read.
pub(super) fn load(session: &mut Session, batch: &Load) -> Result<Loaded, StoreError> {
    fit::check_load(batch).map_err(misfit)?;
    if let Err(cause) = session.run(BEGIN_READ) {
        session.roll_back();
        return Err(failed(cause));
    }
    let loaded = load_all(session, batch);
    let ended = session.run(COMMIT).map_err(failed);
    if ended.is_err() {
        session.roll_back();
    }
    let loaded = loaded?;
    ended?;
    Ok(loaded)
}

fn load_all(session: &mut Session, batch: &Load) -> Result<Loaded, StoreError> {
    let Session { connection, catalogue, .. } = session;
    let mut loaded = Loaded {
        rows: Vec::with_capacity(batch.rows.len()),
        receipts: Vec::with_capacity(batch.receipts.len()),
        marks: Vec::with_capacity(batch.marks.len()),
    };
    let mut ready = Ready::new(connection);
    for key in &batch.rows {
        loaded.rows.push(load_row(&mut ready, catalogue, key)?);
    }
    for key in &batch.receipts {
        loaded.receipts.push(receipt(connection, key)?);
    }
    for scope in &batch.marks {
        loaded.marks.push(mark(connection, scope)?);
    }
    Ok(loaded)
}

fn load_row(
    ready: &mut Ready<'_>,
    catalogue: &mut Catalogue,
    key: &RowKey,
) -> Result<Option<Row>, StoreError> {
    let sql = catalogue.table(key.structure)?.load(&key.columns);
    let statement = ready.get(&sql).map_err(failed)?;
    codec::bind(statement, 1, &key.id).map_err(failed)?;
    let mut rows = statement.raw_query();
    let row = rows.next().map_err(failed)?;
    row.map(|row| read_row(row, key.structure, key.columns.iter().copied())).transpose()
}

fn read_row(
    row: &rusqlite::Row<'_>,
    structure: &'static Structure,
    columns: impl ExactSizeIterator<Item = usize>,
) -> Result<Row, StoreError> {
    let version = row.get(0).map_err(failed)?;
    let mut values = Vec::with_capacity(columns.len());
    for (place, column) in (1..).zip(columns) {
        values.push(codec::read(row, place, structure.table, &structure.fields[column])?);
    }
    Ok(Row { version: to_version(version), columns: values })
}

/// Lists entities in the order of their ids.
pub(super) fn list(session: &mut Session, query: &ListQuery) -> Result<Vec<Row>, StoreError> {
    fit::check_list(query).map_err(misfit)?;
    let filters: Vec<usize> = query.filters.iter().map(|(column, _)| *column).collect();
    let after = query.after.as_ref();
    let sql = session.catalogue.table(query.structure)?.list(&filters, after.map(drop));
    let mut statement = prepare(&session.connection, &sql).map_err(failed)?;
    for (place, (_, datum)) in (1..).zip(&query.filters) {
        codec::bind_comparable(&mut statement, place, datum).map_err(failed)?;
    }
    let limit = filters.len() + 1;
    statement.raw_bind_parameter(limit, at_most(query.limit)).map_err(failed)?;
    if let Some(after) = after {
        codec::bind(&mut statement, limit + 1, after).map_err(failed)?;
    }
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(read_row(row, query.structure, 0..query.structure.fields.len())?);
    }
    Ok(found)
}

/// Lists the messages of one entity, oldest first.
pub(super) fn outbox(session: &mut Session, query: &OutboxQuery) -> Result<Vec<StoredMessage>, StoreError> {
    let mut statement = prepare(&session.connection, SELECT_MESSAGES).map_err(failed)?;
    let (version, ordinal) = match query.after {
        Some((version, ordinal)) => (from_version(version), i64::from(ordinal)),
        None => (-1, 0),
    };
    let parameters = (query.entity, &query.entity_id, version, ordinal, at_most(query.limit));
    let mut rows = statement.query(parameters).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(message(row).map_err(|cause| corrupt("cohesive_outbox", &cause))?);
    }
    Ok(found)
}

/// Reads a message, the columns of which stand in the order of [`SELECT_MESSAGES`].
pub(super) fn message(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredMessage> {
    Ok(StoredMessage {
        id: MessageId::from(Uuid::from_bytes(row.get(0)?)),
        entity: row.get(1)?,
        entity_id: row.get(2)?,
        version: to_version(row.get(3)?),
        ordinal: row.get(4)?,
        role: row.get(5)?,
        name: row.get(6)?,
        payload: row.get(7)?,
        transition: row.get(8)?,
        correlation: row.get(9)?,
        causation: row.get(10)?,
        actor: row.get(11)?,
        trace: row.get(12)?,
        occurred_at: instant(row, 13)?,
        recorded_at: to_instant(row.get(14)?, 14)?,
        published_at: instant(row, 15)?,
    })
}

/// Lists the kept inputs, oldest first.
pub(super) fn parked(session: &mut Session, limit: usize) -> Result<Vec<StoredInput>, StoreError> {
    let mut statement = prepare(&session.connection, SELECT_PARKED).map_err(failed)?;
    let mut rows = statement.query((at_most(limit),)).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(input(row).map_err(|cause| corrupt("cohesive_parked_input", &cause))?);
    }
    Ok(found)
}

fn input(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredInput> {
    let input = ParkedInput {
        entity: row.get(1)?,
        entity_id: row.get(2)?,
        transition: row.get(3)?,
        input: row.get(4)?,
        expected: to_version(row.get(5)?),
        actual: to_version(row.get(6)?),
        correlation: row.get(7)?,
        causation: row.get(8)?,
        actor: row.get(9)?,
        trace: row.get(10)?,
        recorded_at: to_instant(row.get(11)?, 11)?,
    };
    Ok(StoredInput { number: row.get::<_, i64>(0)?.unsigned_abs(), input })
}

/// The receipt with this scope and key, expired or not.
pub(super) fn receipt(connection: &Connection, key: &ReceiptKey) -> Result<Option<Receipt>, StoreError> {
    let mut statement = prepare(connection, SELECT_RECEIPT).map_err(failed)?;
    let mut rows = statement.query((&key.scope, &key.key)).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else { return Ok(None) };
    read_receipt(row, key).map(Some).map_err(|cause| corrupt("cohesive_receipt", &cause))
}

fn read_receipt(row: &rusqlite::Row<'_>, key: &ReceiptKey) -> rusqlite::Result<Receipt> {
    Ok(Receipt {
        scope: key.scope.clone(),
        key: key.key.clone(),
        fingerprint: row.get(0)?,
        status: row.get(1)?,
        version: row.get::<_, Option<i64>>(2)?.map(to_version),
        body: row.get(3)?,
        recorded_at: to_instant(row.get(4)?, 4)?,
        expires_at: to_instant(row.get(5)?, 5)?,
        mark: instant(row, 6)?,
    })
}

/// Up to when receipts of this scope have been removed.
fn mark(connection: &Connection, scope: &str) -> Result<Option<Timestamp>, StoreError> {
    let mut statement = prepare(connection, SELECT_MARK).map_err(failed)?;
    let mut rows = statement.query((scope,)).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else { return Ok(None) };
    instant(row, 0).map_err(|cause| corrupt("cohesive_mark", &cause))
}

/// An instant that may be absent.
fn instant(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    let micros: Option<i64> = row.get(column)?;
    micros.map(|micros| to_instant(micros, column)).transpose()
}

pub(super) fn to_instant(micros: i64, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_micros(micros).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, micros))
}

/// The table keeps versions from 0 on.
pub(super) fn to_version(number: i64) -> Version {
    Version::new(number.unsigned_abs())
}

/// A version has 63 bits, so it always fits.
pub(super) fn from_version(version: Version) -> i64 {
    version.number().cast_signed()
}

pub(super) fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// A row that does not read as it was written. The cause may quote the value, so only its place is told.
pub(super) fn corrupt(table: &str, cause: &rusqlite::Error) -> StoreError {
    let column = match cause {
        rusqlite::Error::InvalidColumnType(index, ..)
        | rusqlite::Error::FromSqlConversionFailure(index, ..)
        | rusqlite::Error::IntegralValueOutOfRange(index, _)
        | rusqlite::Error::Utf8Error(index, _) => format!("column {index}"),
        _ => "a column".to_owned(),
    };
    error(StoreErrorKind::Corrupt, format!("{column} of a row of {table} was not written there"))
}
