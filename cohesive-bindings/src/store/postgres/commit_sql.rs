//! The statement that applies units: state, receipts, messages and kept inputs, each unit as a whole or not at all.
//!
//! One statement is one transaction, so nothing has to be begun or ended, and one answer tells all. Its parts pass on
//! which units are done: rows first, in the order of their ids; then, for the units whose row was written, receipts,
//! messages and kept inputs. It answers with the places of the units that were refused. What it cannot see when it
//! begins, because another node is writing it at the time, makes it fail as a whole: a value that is taken, a message
//! that exists, a receipt that stands. Then the units are applied in smaller statements (`write`).

use std::fmt::Write as _;

use cohesive_core::model::Structure;
use tokio_postgres::types::Type;

use super::codec::column_type;
use super::error::misfit;
use super::schema::{VERSION, comparable, is_json};
use super::statements::Written;
use crate::store::names::quoted;
use crate::store::{StoreError, fit};

/// What a statement writes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Section {
    /// New rows of one entity.
    Insert { table: &'static str },
    /// These columns of rows of one entity.
    Update { table: &'static str, columns: Vec<usize> },
    /// No row.
    Nothing,
}

/// A form of the statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Step {
    pub(super) section: Section,
    /// Whether it applies one unit only, which takes the server half the time.
    pub(super) one: bool,
    pub(super) with: With,
}

/// What some of the units bring besides their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct With {
    pub(super) receipts: bool,
    pub(super) messages: bool,
    pub(super) parked: bool,
}

impl Step {
    pub(super) const fn table(&self) -> Option<&'static str> {
        match self.section {
            Section::Insert { table } | Section::Update { table, .. } => Some(table),
            Section::Nothing => None,
        }
    }
}

/// The columns of a receipt, in the order of their parameters.
const RECEIPT: [(&str, Type); 9] = [
    ("scope", Type::TEXT_ARRAY),
    ("key", Type::TEXT_ARRAY),
    ("fingerprint", Type::BYTEA_ARRAY),
    ("status", Type::INT4_ARRAY),
    ("version", Type::INT8_ARRAY),
    ("body", Type::BYTEA_ARRAY),
    ("recorded_at", Type::TIMESTAMPTZ_ARRAY),
    ("expires_at", Type::TIMESTAMPTZ_ARRAY),
    ("mark", Type::TIMESTAMPTZ_ARRAY),
];
/// The columns of a message, in the order of their parameters.
const MESSAGE: [(&str, Type); 16] = [
    ("message_id", Type::UUID_ARRAY),
    ("entity", Type::TEXT_ARRAY),
    ("entity_id", Type::TEXT_ARRAY),
    ("version", Type::INT8_ARRAY),
    ("ordinal", Type::INT8_ARRAY),
    ("role", Type::TEXT_ARRAY),
    ("name", Type::TEXT_ARRAY),
    ("payload", Type::JSON_ARRAY),
    ("transition_name", Type::TEXT_ARRAY),
    ("correlation", Type::TEXT_ARRAY),
    ("causation", Type::TEXT_ARRAY),
    ("actor", Type::TEXT_ARRAY),
    ("trace", Type::TEXT_ARRAY),
    ("occurred_at", Type::TIMESTAMPTZ_ARRAY),
    ("recorded_at", Type::TIMESTAMPTZ_ARRAY),
    ("lane", Type::INT4_ARRAY),
];
/// The columns of a kept input, in the order of their parameters.
const PARKED: [(&str, Type); 11] = [
    ("entity", Type::TEXT_ARRAY),
    ("entity_id", Type::TEXT_ARRAY),
    ("transition_name", Type::TEXT_ARRAY),
    ("input", Type::JSON_ARRAY),
    ("expected", Type::INT8_ARRAY),
    ("actual", Type::INT8_ARRAY),
    ("correlation", Type::TEXT_ARRAY),
    ("causation", Type::TEXT_ARRAY),
    ("actor", Type::TEXT_ARRAY),
    ("trace", Type::TEXT_ARRAY),
    ("recorded_at", Type::TIMESTAMPTZ_ARRAY),
];

/// A receipt stands where it has not expired when the new one was recorded, or where it has a mark. The subquery keeps its place in the plan
/// by its `OFFSET`: one search of the key for each receipt.
const STANDING: &str = "asked, LATERAL (SELECT FROM cohesive_receipt AS kept WHERE kept.scope = asked.scope \
                        AND kept.key = asked.key AND (kept.expires_at > asked.recorded_at OR kept.mark IS NOT NULL) OFFSET 0) AS standing";
/// One that stands and could not be seen violates a constraint on purpose, and the statement with it.
const REPLACE: &str = "ON CONFLICT (scope, key) DO UPDATE SET \
    scope = CASE WHEN cohesive_receipt.expires_at <= excluded.recorded_at AND cohesive_receipt.mark IS NULL \
    THEN excluded.scope END, \
    fingerprint = excluded.fingerprint, status = excluded.status, version = excluded.version, \
    body = excluded.body, recorded_at = excluded.recorded_at, expires_at = excluded.expires_at, mark = excluded.mark";

/// Writes the statement of a step. Its parameters are, in this order: those of the rows, of the receipts, of the
/// messages and of the kept inputs (`parameters` has their values).
pub(super) fn write(step: &Step, structure: Option<&'static Structure>) -> Result<Written, StoreError> {
    let mut writer =
        Writer { one: step.one, receipts: step.with.receipts, parts: Vec::new(), types: Vec::new() };
    let rows = writer.rows(step, structure)?;
    if step.with.receipts {
        let asked = writer.unnest("asked", &RECEIPT);
        // It stands first, because the rows depend on it; its parameters come after theirs.
        writer.parts.insert(0, format!("asked AS MATERIALIZED ({asked})"));
    }
    writer.parts.extend(rows);
    if step.with.receipts {
        let gate = writer.gate("asked");
        let names = names(&RECEIPT);
        writer.parts.push(format!(
            "receipts AS (INSERT INTO cohesive_receipt ({names}) SELECT {names} FROM asked WHERE {gate} {REPLACE})"
        ));
    }
    if step.with.messages {
        writer.insert("messages", "cohesive_outbox", &MESSAGE);
    }
    if step.with.parked {
        writer.insert("parked", "cohesive_parked_input", &PARKED);
    }
    let refused = if step.one { "0::int4" } else { "given.unit" };
    let from = if step.one { "" } else { " FROM given" };
    let gate = writer.gate("given");
    let text = format!("WITH {} SELECT {refused}{from} WHERE NOT {gate}", writer.parts.join(", "));
    Ok((text, writer.types))
}

fn names(columns: &[(&str, Type)]) -> String {
    columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

struct Writer {
    one: bool,
    receipts: bool,
    parts: Vec<String>,
    types: Vec<Type>,
}

impl Writer {
    /// The next parameter.
    fn parameter(&mut self, ty: Type) -> String {
        self.types.push(ty);
        format!("${}", self.types.len())
    }

    /// Rows from arrays: the place of the unit, unless there is one only, and these columns.
    fn unnest(&mut self, name: &str, columns: &[(&str, Type)]) -> String {
        let unit = ("unit", Type::INT4_ARRAY);
        let columns = (!self.one).then_some(&unit).into_iter().chain(columns);
        let (names, places): (Vec<_>, Vec<_>) =
            columns.map(|(name, ty)| (*name, self.parameter(ty.clone()))).unzip();
        format!("SELECT * FROM unnest({}) AS {name} ({})", places.join(", "), names.join(", "))
    }

    /// Whether no receipt of a unit stands.
    fn free(&self, rows: &str) -> String {
        match (self.receipts, self.one) {
            (false, _) => "true".to_owned(),
            (true, true) => format!("NOT EXISTS (SELECT FROM {STANDING})"),
            (true, false) => format!("{rows}.unit <> ALL ((SELECT units FROM taken)::int4[])"),
        }
    }

    /// Whether a unit is done. Mostly all are; then nothing is searched for.
    fn gate(&self, rows: &str) -> String {
        if self.one {
            "EXISTS (SELECT FROM written)".to_owned()
        } else {
            format!("((SELECT complete FROM done) OR {rows}.unit = ANY ((SELECT units FROM done)::int4[]))")
        }
    }

    /// The parts that write the rows, or stand for them where there are none.
    fn rows(
        &mut self,
        step: &Step,
        structure: Option<&'static Structure>,
    ) -> Result<Vec<String>, StoreError> {
        let mut parts = Vec::new();
        if self.receipts && !self.one {
            parts.push(format!(
                "taken AS MATERIALIZED (SELECT coalesce(array_agg(asked.unit), '{{}}') AS units FROM {STANDING})"
            ));
        }
        match (&step.section, structure) {
            (Section::Insert { .. }, Some(structure)) => self.insert_rows(structure, &mut parts)?,
            (Section::Update { columns, .. }, Some(structure)) => {
                self.update_rows(structure, columns, &mut parts)?;
            }
            _ => self.no_rows(&mut parts),
        }
        Ok(parts)
    }

    fn no_rows(&mut self, parts: &mut Vec<String>) {
        let free = self.free("given");
        if self.one {
            parts.push(format!("written AS MATERIALIZED (SELECT WHERE {free})"));
            return;
        }
        let units = self.parameter(Type::INT4_ARRAY);
        parts.push(format!("given AS MATERIALIZED (SELECT * FROM unnest({units}) AS given (unit))"));
        parts.push(format!("written AS MATERIALIZED (SELECT unit FROM given WHERE {free})"));
        parts.push(done(&units, "(SELECT coalesce(array_agg(unit), '{}') FROM written)"));
    }

    fn insert_rows(
        &mut self,
        structure: &'static Structure,
        parts: &mut Vec<String>,
    ) -> Result<(), StoreError> {
        let id = fit::id_column(structure).map_err(misfit)?;
        let (table, key) = (quoted(structure.table), quoted(structure.fields[id].wire));
        let mut names = quoted(VERSION);
        structure.fields.iter().for_each(|field| {
            let _ = write!(names, ", {}", quoted(field.wire));
        });
        // Any constraint that a row would violate leaves it out; which one it was is found out afterwards.
        let end = "ON CONFLICT DO NOTHING RETURNING";
        if self.one {
            let mut values = self.parameter(Type::INT8);
            for field in structure.fields {
                let _ = write!(values, ", {}", self.parameter(column_type(&field.ty).0));
            }
            let free = self.free("");
            parts.push(format!(
                "written AS (INSERT INTO {table} ({names}) SELECT {values} WHERE {free} {end} 1)"
            ));
            return Ok(());
        }
        let units = self.given(&["version"], structure, 0..structure.fields.len(), parts);
        let mut values = "version".to_owned();
        for column in 0..structure.fields.len() {
            let _ = write!(values, ", c{column}");
        }
        let free = self.free("given");
        parts.push(format!(
            "written AS (INSERT INTO {table} ({names}) SELECT {values} FROM given WHERE {free} {end} {key} AS id)"
        ));
        let found = format!(
            "(SELECT coalesce(array_agg(unit), '{{}}') FROM given WHERE given.c{id} IN (SELECT id FROM written))"
        );
        parts.push(done(&units, &found));
        Ok(())
    }

    /// The version is part of the condition, so a stale expectation changes no row (B50).
    fn update_rows(
        &mut self,
        structure: &'static Structure,
        columns: &[usize],
        parts: &mut Vec<String>,
    ) -> Result<(), StoreError> {
        let id = fit::id_column(structure).map_err(misfit)?;
        let (table, version) = (quoted(structure.table), quoted(VERSION));
        let (key, (one, many)) = (quoted(structure.fields[id].wire), column_type(&structure.fields[id].ty));
        if self.one {
            let [is, expected, next] = [one, Type::INT8, Type::INT8].map(|ty| self.parameter(ty));
            let mut set = format!("{version} = {next}");
            let mut condition = format!("kept.{key} = {is} AND kept.{version} = {expected}");
            for &column in columns {
                let value = self.parameter(column_type(&structure.fields[column].ty).0);
                let _ = write!(set, ", {} = {value}", quoted(structure.fields[column].wire));
                condition.push_str(&unique(structure, column, &value, &is, &key));
            }
            let free = self.free("");
            parts.push(format!(
                "written AS (UPDATE {table} AS kept SET {set} WHERE {condition} AND {free} RETURNING 1)"
            ));
            return Ok(());
        }
        let id_first = [("id", many)];
        let units =
            self.given_with(&id_first, &["expected", "version"], structure, columns.iter().copied(), parts);
        // Rows are locked one after the other, in the order of the ids, whatever the planner thinks of it: statements
        // that meet in several rows then wait for each other instead of blocking each other.
        parts.push(format!(
            "locked AS MATERIALIZED (SELECT given.*, kept.place, kept.actual FROM given, LATERAL (SELECT ctid AS place, \
             {version} AS actual FROM {table} AS kept WHERE kept.{key} = given.id FOR NO KEY UPDATE) AS kept WHERE {})",
            self.free("given"),
        ));
        let mut set = format!("{version} = locked.version");
        let mut condition = "kept.ctid = locked.place AND locked.actual = locked.expected".to_owned();
        for &column in columns {
            let value = format!("locked.c{column}");
            let _ = write!(set, ", {} = {value}", quoted(structure.fields[column].wire));
            condition.push_str(&unique(structure, column, &value, "locked.id", &key));
        }
        parts.push(format!(
            "written AS (UPDATE {table} AS kept SET {set} FROM locked WHERE {condition} RETURNING locked.unit)"
        ));
        parts.push(done(&units, "(SELECT coalesce(array_agg(unit), '{}') FROM written)"));
        Ok(())
    }

    /// The rows to write: place of the unit, numbers, and values of columns. Gives the parameter with the places.
    fn given(
        &mut self,
        numbers: &[&str],
        structure: &'static Structure,
        columns: impl Iterator<Item = usize>,
        parts: &mut Vec<String>,
    ) -> String {
        self.given_with(&[], numbers, structure, columns, parts)
    }

    fn given_with(
        &mut self,
        first: &[(&str, Type)],
        numbers: &[&str],
        structure: &'static Structure,
        columns: impl Iterator<Item = usize>,
        parts: &mut Vec<String>,
    ) -> String {
        let values: Vec<(String, Type)> = columns
            .map(|column| (format!("c{column}"), column_type(&structure.fields[column].ty).1))
            .collect();
        let numbers = numbers.iter().map(|name| (*name, Type::INT8_ARRAY));
        let values = values.iter().map(|(name, ty)| (name.as_str(), ty.clone()));
        let all: Vec<_> = first.iter().cloned().chain(numbers).chain(values).collect();
        let units = format!("${}", self.types.len() + 1);
        let given = self.unnest("given", &all);
        parts.push(format!("given AS MATERIALIZED ({given})"));
        units
    }

    /// Inserts what belongs to units that are done.
    fn insert(&mut self, part: &str, table: &str, columns: &[(&str, Type)]) {
        let (rows, names, gate) = (self.unnest("owed", columns), names(columns), self.gate("owed"));
        self.parts.push(format!(
            "{part} AS (INSERT INTO {table} ({names}) SELECT {names} FROM ({rows}) AS owed WHERE {gate})"
        ));
    }
}

/// Whether all units are done, and which are.
fn done(units: &str, found: &str) -> String {
    format!(
        "done AS MATERIALIZED (SELECT amount = cardinality({units}) AS complete, \
         CASE WHEN amount < cardinality({units}) THEN {found} END AS units FROM (SELECT count(*) AS amount FROM written) AS counted)"
    )
}

/// Leaves a row out whose new value another row has. What is written at the same time is not seen; the index refuses it.
fn unique(structure: &'static Structure, column: usize, value: &str, id: &str, key: &str) -> String {
    let field = &structure.fields[column];
    if !field.unique {
        return String::new();
    }
    let value = if is_json(field) { format!("{value}::text") } else { value.to_owned() };
    let (table, same) = (quoted(structure.table), comparable(field));
    format!(
        " AND NOT EXISTS (SELECT FROM {table} AS other WHERE {same} = {value} AND other.{key} <> {id} OFFSET 0)"
    )
}
