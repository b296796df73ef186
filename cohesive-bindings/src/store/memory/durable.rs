//! What survives a crash: rows, messages, receipts and marks, with the constraints that a database would keep.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use cohesive_core::kernel::Version;
use cohesive_core::model::Structure;
use cohesive_core::value::{Date, Datum, Decimal, Timestamp, Uuid};

use super::deliveries::Deliveries;
use super::queue::{Place, Queue};
use crate::store::outbox::Stream;
use crate::store::{
    ListQuery, OutboxMessage, OutboxQuery, ParkedInput, Receipt, ReceiptKey, Row, RowKey, StoredInput,
    StoredMessage, UnitOutcome, Write,
};

/// A value by which rows are found: as an id, or in a unique field. Decimals are equal by number, as in `1.0 = 1.00`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    Bool(bool),
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Timestamp(Timestamp),
    Date(Date),
    Decimal(Decimal),
    Uuid(Uuid),
    Json(String),
}

impl Key {
    /// The key for a value; absent values have none, so any number of rows may lack a unique value.
    pub(super) fn of(datum: &Datum<'_>) -> Option<Self> {
        Some(match datum {
            Datum::Null => return None,
            Datum::Bool(value) => Self::Bool(*value),
            Datum::Int(value) => Self::Int(*value),
            Datum::Text(value) => Self::Text(value.to_string()),
            Datum::Bytes(value) => Self::Bytes(value.to_vec()),
            Datum::Timestamp(value) => Self::Timestamp(*value),
            Datum::Date(value) => Self::Date(*value),
            Datum::Decimal(value) => Self::Decimal(*value),
            Datum::Uuid(value) => Self::Uuid(*value),
            Datum::Json(value) => Self::Json(value.to_string()),
        })
    }
}

/// The rows of one entity, and who holds which unique value.
#[derive(Debug)]
struct Table {
    structure: &'static Structure,
    rows: BTreeMap<Key, Row>,
    unique: HashMap<(usize, Key), Key>,
}

impl Table {
    fn new(structure: &'static Structure) -> Self {
        Self { structure, rows: BTreeMap::new(), unique: HashMap::new() }
    }

    /// Puts a row in the place of another and answers what was there.
    fn replace(&mut self, key: &Key, row: Option<Row>) -> Option<Row> {
        let before = self.rows.remove(key);
        let columns = (0..).zip(self.structure.fields).filter(|(_, field)| field.unique);
        for (column, _) in columns {
            let value = |row: &Option<Row>| row.as_ref().and_then(|row| Key::of(&row.columns[column]));
            if let Some(old) = value(&before) {
                self.unique.remove(&(column, old));
            }
            if let Some(new) = value(&row) {
                self.unique.insert((column, new), key.clone());
            }
        }
        if let Some(row) = row {
            self.rows.insert(key.clone(), row);
        }
        before
    }

    /// The first unique field in which another row has the same value.
    fn clash(&self, key: &Key, row: &Row) -> Option<&'static str> {
        let taken = |column: usize| {
            let value = Key::of(&row.columns[column])?;
            self.unique.get(&(column, value)).filter(|holder| *holder != key)
        };
        let mut fields = (0..).zip(self.structure.fields).filter(|(_, field)| field.unique);
        fields.find_map(|(column, field)| taken(column).map(|_| field.name))
    }
}

/// One change, so that it can be taken back.
#[derive(Debug)]
pub(super) enum Undo {
    Row { structure: &'static Structure, key: Key, before: Option<Row> },
    Message { position: u64 },
    Receipt { key: ReceiptKey, before: Option<Receipt> },
    Parked,
}

/// Everything that survives a crash.
#[derive(Debug, Default)]
pub(super) struct Durable {
    tables: HashMap<&'static str, Table>,
    outbox: HashMap<(String, String), BTreeMap<(Version, u32), StoredMessage>>,
    receipts: HashMap<ReceiptKey, Receipt>,
    /// Up to when receipts have been removed, by scope.
    marks: HashMap<String, Timestamp>,
    parked: Vec<StoredInput>,
    pub(super) queue: Queue,
    pub(super) deliveries: Deliveries,
}

impl Durable {
    /// Writes one row, or says why not.
    pub(super) fn write(&mut self, write: &Write) -> Result<Undo, UnitOutcome> {
        let table = self.tables.entry(write.structure.table).or_insert_with(|| Table::new(write.structure));
        let Some(key) = Key::of(&write.id) else { return Err(UnitOutcome::Conflict { actual: None }) };
        let before = table.rows.get(&key);
        let actual = before.map(|row| row.version);
        let expected = match write.expected {
            crate::store::Expected::Absent => None,
            crate::store::Expected::Version(version) => Some(version),
        };
        if actual != expected {
            return Err(UnitOutcome::Conflict { actual });
        }
        let mut row = before.cloned().unwrap_or_else(|| Row {
            version: write.version,
            columns: vec![Datum::Null; write.structure.fields.len()],
        });
        row.version = write.version;
        for (column, datum) in &write.columns {
            row.columns[*column] = datum.clone();
        }
        if let Some(field) = table.clash(&key, &row) {
            return Err(UnitOutcome::NotUnique { field });
        }
        let before = table.replace(&key, Some(row));
        Ok(Undo::Row { structure: write.structure, key, before })
    }

    /// Writes one message; its place in the entity's history occurs once, and with it its id.
    pub(super) fn message(&mut self, message: &OutboxMessage) -> Result<Undo, UnitOutcome> {
        let history = (message.entity.to_owned(), message.entity_id.clone());
        let place = (message.version, message.ordinal);
        match self.outbox.entry(history).or_default().entry(place) {
            Entry::Vacant(entry) => {
                entry.insert(StoredMessage::from(message));
                // The batch was checked, so there is such a stream.
                let stream = Stream::of_role(message.role).unwrap_or(Stream::Events);
                Ok(Undo::Message { position: self.queue.push(message, stream) })
            }
            Entry::Occupied(_) => Err(UnitOutcome::MessageExists(message.id)),
        }
    }

    /// The receipt that stands in the way of a new one.
    pub(super) fn standing(&self, receipt: &Receipt) -> Option<&Receipt> {
        self.receipts.get(&key_of(receipt)).filter(|standing| standing.stands(receipt.recorded_at))
    }

    /// Writes one receipt.
    pub(super) fn receipt(&mut self, receipt: &Receipt) -> Result<Undo, UnitOutcome> {
        if let Some(standing) = self.standing(receipt) {
            return Err(UnitOutcome::ReceiptExists(Box::new(standing.clone())));
        }
        let key = key_of(receipt);
        let before = self.receipts.insert(key.clone(), receipt.clone());
        Ok(Undo::Receipt { key, before })
    }

    /// Keeps one input.
    pub(super) fn park(&mut self, input: &ParkedInput) -> Undo {
        let number = self.parked.last().map_or(1, |last| last.number + 1);
        self.parked.push(StoredInput { number, input: input.clone() });
        Undo::Parked
    }

    pub(super) fn parked(&self, limit: usize) -> Vec<StoredInput> {
        self.parked.iter().take(limit).cloned().collect()
    }

    /// Takes a change back.
    pub(super) fn undo(&mut self, undo: Undo) {
        match undo {
            Undo::Row { structure, key, before } => {
                if let Some(table) = self.tables.get_mut(structure.table) {
                    table.replace(&key, before);
                }
            }
            Undo::Message { position } => {
                let place = self.queue.remove(position);
                self.forget(place);
            }
            Undo::Parked => {
                self.parked.pop();
            }
            Undo::Receipt { key, before } => {
                self.receipts.remove(&key);
                self.receipts.extend(before.map(|receipt| (key, receipt)));
            }
        }
    }

    pub(super) fn load_row(&self, key: &RowKey) -> Option<Row> {
        let row = self.tables.get(key.structure.table)?.rows.get(&Key::of(&key.id)?)?;
        let columns = key.columns.iter().map(|&column| row.columns[column].clone()).collect();
        Some(Row { version: row.version, columns })
    }

    pub(super) fn load_receipt(&self, key: &ReceiptKey) -> Option<Receipt> {
        self.receipts.get(key).cloned()
    }

    pub(super) fn load_mark(&self, scope: &str) -> Option<Timestamp> {
        self.marks.get(scope).copied()
    }

    /// How many receipts have a mark.
    pub(super) fn marked(&self) -> u64 {
        self.receipts.values().filter(|receipt| receipt.mark.is_some()).count() as u64
    }

    pub(super) fn list(&self, query: &ListQuery) -> Vec<Row> {
        let Some(table) = self.tables.get(query.structure.table) else { return Vec::new() };
        let after = query.after.as_ref().and_then(Key::of);
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = table.rows.range((start, Bound::Unbounded)).map(|(_, row)| row);
        let fits = |row: &&Row| query.filters.iter().all(|(column, value)| row.columns[*column] == *value);
        rows.filter(fits).take(query.limit).cloned().collect()
    }

    pub(super) fn outbox(&self, query: &OutboxQuery) -> Vec<StoredMessage> {
        let history = (query.entity.to_owned(), query.entity_id.clone());
        let Some(messages) = self.outbox.get(&history) else { return Vec::new() };
        let start = query.after.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = messages.range((start, Bound::Unbounded));
        rest.take(query.limit).map(|(_, message)| message.clone()).collect()
    }

    /// The message at a place.
    pub(super) fn message_at(&mut self, (subject, place): &Place) -> Option<&mut StoredMessage> {
        self.outbox.get_mut(subject)?.get_mut(place)
    }

    /// Removes messages from their histories.
    pub(super) fn forget(&mut self, places: impl IntoIterator<Item = Place>) {
        for (subject, place) in places {
            if let Some(messages) = self.outbox.get_mut(&subject) {
                messages.remove(&place);
            }
        }
    }

    pub(super) fn prune(&mut self, now: Timestamp) -> u64 {
        let before = self.receipts.len();
        let marks = &mut self.marks;
        self.receipts.retain(|_, receipt| {
            let keep = receipt.expires_at > now;
            if let Some(mark) = receipt.mark.filter(|_| !keep) {
                let highest = marks.entry(receipt.scope.clone()).or_insert(mark);
                *highest = mark.max(*highest);
            }
            keep
        });
        (before - self.receipts.len()) as u64
    }
}

fn key_of(receipt: &Receipt) -> ReceiptKey {
    ReceiptKey { scope: receipt.scope.clone(), key: receipt.key.clone() }
}
