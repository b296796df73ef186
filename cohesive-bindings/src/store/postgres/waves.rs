//! Which units of a batch can be applied by one statement, and in which order the statements follow each other.
//!
//! A statement sees the database as it was before it, so two units that touch the same row, receipt, message or
//! unique value do not fit into one: the later one goes into a later wave. Within a wave no unit needs another, so
//! the wave is divided by what its units write, one statement for each. Within a statement units are in the order of
//! their ids, so that nodes that commit at the same time meet in one order and never wait for each other in a circle.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use cohesive_core::value::Datum;

use super::commit_sql::{Section, Step, With};
use crate::store::{Expected, Unit, Write};

/// One statement to come: its form, and the units it applies, by their place in the batch.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) step: Step,
    pub(super) units: Vec<usize>,
}

impl Group {
    /// A statement for units that write the same kind of rows.
    pub(super) fn new(section: Section, units: Vec<usize>, batch: &[Unit]) -> Self {
        let any = |has: fn(&Unit) -> bool| units.iter().any(|&unit| has(&batch[unit]));
        let with = With {
            receipts: any(|unit| !unit.receipts.is_empty()),
            messages: any(|unit| !unit.messages.is_empty()),
            parked: any(|unit| !unit.parked.is_empty()),
        };
        Self { step: Step { section, one: units.len() == 1, with }, units }
    }

    /// The same units in two statements.
    pub(super) fn halves(&self, batch: &[Unit]) -> [Self; 2] {
        let (first, second) = self.units.split_at(self.units.len() / 2);
        [first, second].map(|units| Self::new(self.step.section.clone(), units.to_vec(), batch))
    }
}

/// Divides a batch into waves, and each wave into statements.
pub(super) fn waves(batch: &[Unit]) -> Vec<Vec<Group>> {
    let mut seen = Seen::default();
    let mut waves: Vec<BTreeMap<Section, Vec<usize>>> = Vec::new();
    for (place, unit) in batch.iter().enumerate() {
        let wave = seen.wave_of(unit);
        if waves.len() <= wave {
            waves.resize_with(wave + 1, BTreeMap::new);
        }
        waves[wave].entry(section(unit)).or_default().push(place);
    }
    let groups = |sections: BTreeMap<Section, Vec<usize>>| {
        let group = |(section, mut units): (Section, Vec<usize>)| {
            units.sort_by(|&one, &other| by_id(&batch[one], &batch[other]));
            Group::new(section, units, batch)
        };
        sections.into_iter().map(group).collect()
    };
    waves.into_iter().map(groups).collect()
}

/// The tables of which several statements change rows, with the ids of those rows in order: they have to be locked
/// in that order before the first statement locks some of them.
pub(super) fn shared_tables<'a>(
    waves: &[Vec<Group>],
    batch: &'a [Unit],
) -> Vec<(&'static str, Vec<&'a Write>)> {
    let mut tables: BTreeMap<&'static str, (usize, Vec<&Write>)> = BTreeMap::new();
    for group in waves.iter().flatten() {
        if let Section::Update { table, .. } = group.step.section {
            let (groups, writes) = tables.entry(table).or_default();
            *groups += 1;
            writes.extend(group.units.iter().filter_map(|&unit| batch[unit].write.as_ref()));
        }
    }
    let shared = tables.into_iter().filter(|(_, (groups, _))| *groups > 1);
    let sorted = shared.map(|(table, (_, mut writes))| {
        writes.sort_by(|one, other| compare(&one.id, &other.id));
        writes.dedup_by(|one, other| one.id == other.id);
        (table, writes)
    });
    sorted.collect()
}

fn section(unit: &Unit) -> Section {
    match &unit.write {
        None => Section::Nothing,
        Some(Write { structure, expected: Expected::Absent, .. }) => {
            Section::Insert { table: structure.table }
        }
        Some(Write { structure, columns, .. }) => {
            let columns = columns.iter().map(|(column, _)| *column).collect();
            Section::Update { table: structure.table, columns }
        }
    }
}

/// What has been touched so far, and the first wave after it.
#[derive(Default)]
struct Seen<'a> {
    rows: HashMap<(&'static str, Token<'a>), usize>,
    receipts: HashMap<(&'a str, &'a str), usize>,
    messages: HashMap<(&'a str, &'a str, u64, u32), usize>,
    taken: HashMap<(&'static str, usize, Token<'a>), usize>,
    /// By unique column: after all that take some value of it, and after all that may give one up.
    columns: HashMap<(&'static str, usize), (usize, usize)>,
}

impl<'a> Seen<'a> {
    /// The first wave that comes after all that the unit depends on. Later units will come after it.
    fn wave_of(&mut self, unit: &'a Unit) -> usize {
        let wave = self.after(unit);
        self.touch(unit, wave + 1);
        wave
    }

    fn after(&self, unit: &'a Unit) -> usize {
        let receipts = unit
            .receipts
            .iter()
            .filter_map(|receipt| self.receipts.get(&(receipt.scope.as_str(), receipt.key.as_str())));
        let messages = unit.messages.iter().filter_map(|message| self.messages.get(&place(message)));
        let mut after = receipts.chain(messages).copied().max().unwrap_or(0);
        let Some(write) = &unit.write else { return after };
        let row = self.rows.get(&(write.structure.table, Token::of(&write.id)));
        after = after.max(row.copied().unwrap_or(0));
        for (column, value) in unique_values(write) {
            let column = (write.structure.table, column);
            let &(taken, given_up) = self.columns.get(&column).unwrap_or(&(0, 0));
            if may_give_up(write) {
                after = after.max(taken);
            }
            if *value != Datum::Null {
                let same = self.taken.get(&(column.0, column.1, Token::of(value)));
                after = after.max(given_up).max(same.copied().unwrap_or(0));
            }
        }
        after
    }

    fn touch(&mut self, unit: &'a Unit, next: usize) {
        for receipt in &unit.receipts {
            self.receipts.insert((&receipt.scope, &receipt.key), next);
        }
        for message in &unit.messages {
            self.messages.insert(place(message), next);
        }
        let Some(write) = &unit.write else { return };
        let table = write.structure.table;
        self.rows.insert((table, Token::of(&write.id)), next);
        for (column, value) in unique_values(write) {
            let (taken, given_up) = self.columns.entry((table, column)).or_default();
            if may_give_up(write) {
                *given_up = (*given_up).max(next);
            }
            if *value != Datum::Null {
                *taken = (*taken).max(next);
                self.taken.insert((table, column, Token::of(value)), next);
            }
        }
    }
}

fn place(message: &crate::store::OutboxMessage) -> (&str, &str, u64, u32) {
    (message.entity, &message.entity_id, message.version.number(), message.ordinal)
}

fn unique_values(write: &Write) -> impl Iterator<Item = (usize, &Datum<'static>)> {
    let unique = |(column, _): &&(usize, Datum<'static>)| write.structure.fields[*column].unique;
    write.columns.iter().filter(unique).map(|(column, value)| (*column, value))
}

/// A new row has no earlier value; that of a changed row is not known here.
fn may_give_up(write: &Write) -> bool {
    write.expected != Expected::Absent
}

/// A value to find equals by: two values that the database takes for equal have equal tokens.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Token<'a> {
    Number(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Decimal(cohesive_core::value::Decimal),
    Date(cohesive_core::value::Date),
    Uuid(cohesive_core::value::Uuid),
}

impl<'a> Token<'a> {
    fn of(datum: &'a Datum<'_>) -> Self {
        match datum {
            Datum::Null => Self::Number(0),
            Datum::Bool(value) => Self::Number((*value).into()),
            Datum::Int(value) => Self::Number(*value),
            Datum::Timestamp(value) => Self::Number(value.as_micros()),
            Datum::Text(value) | Datum::Json(value) => Self::Text(value),
            Datum::Bytes(value) => Self::Bytes(value),
            Datum::Decimal(value) => Self::Decimal(*value),
            Datum::Date(value) => Self::Date(*value),
            Datum::Uuid(value) => Self::Uuid(*value),
        }
    }
}

fn by_id(one: &Unit, other: &Unit) -> Ordering {
    match (&one.write, &other.write) {
        (Some(one), Some(other)) => compare(&one.id, &other.id),
        _ => Ordering::Equal,
    }
}

/// The order of ids; any would do, as long as every node has the same.
fn compare(one: &Datum<'_>, other: &Datum<'_>) -> Ordering {
    match (one, other) {
        (Datum::Bool(one), Datum::Bool(other)) => one.cmp(other),
        (Datum::Int(one), Datum::Int(other)) => one.cmp(other),
        (Datum::Text(one), Datum::Text(other)) => one.cmp(other),
        (Datum::Bytes(one), Datum::Bytes(other)) => one.cmp(other),
        (Datum::Timestamp(one), Datum::Timestamp(other)) => one.cmp(other),
        (Datum::Date(one), Datum::Date(other)) => one.cmp(other),
        (Datum::Uuid(one), Datum::Uuid(other)) => one.cmp(other),
        _ => Ordering::Equal,
    }
}
