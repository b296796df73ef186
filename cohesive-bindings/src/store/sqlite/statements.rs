//! The texts of the statements, each made once per entity and set of columns.
//!
//! A statement's text names tables and columns of the model and holds no value. SQLite keeps the prepared form by
//! its text; what is kept here is the text, so that nothing is formatted while a batch is under way.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use cohesive_core::model::Structure;

use super::error::misfit;
use super::schema::{VERSION, comparable};
use crate::store::names::quoted;
use crate::store::{StoreError, fit};

pub(super) const BEGIN_READ: &str = "BEGIN";
pub(super) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
pub(super) const COMMIT: &str = "COMMIT";
pub(super) const ROLLBACK: &str = "ROLLBACK";
pub(super) const SAVEPOINT: &str = "SAVEPOINT unit";
pub(super) const RELEASE: &str = "RELEASE unit";
pub(super) const UNDO: &str = "ROLLBACK TO unit";

pub(super) const INSERT_MESSAGE: &str = r#"INSERT INTO "cohesive_outbox" ("message_id", "entity", "entity_id", "version", "ordinal", "role", "name", "payload", "transition_name", "correlation", "causation", "actor", "trace", "occurred_at", "recorded_at", "lane") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) ON CONFLICT DO NOTHING"#;
pub(super) const SELECT_MESSAGES: &str = r#"SELECT "message_id", "entity", "entity_id", "version", "ordinal", "role", "name", "payload", "transition_name", "correlation", "causation", "actor", "trace", "occurred_at", "recorded_at", "published_at" FROM "cohesive_outbox" WHERE "entity" = ?1 AND "entity_id" = ?2 AND ("version", "ordinal") > (?3, ?4) ORDER BY "version", "ordinal" LIMIT ?5"#;
/// A receipt that has expired by the time of the new one gives way to it, unless it has a mark.
pub(super) const INSERT_RECEIPT: &str = r#"INSERT INTO "cohesive_receipt" ("scope", "key", "fingerprint", "status", "version", "body", "recorded_at", "expires_at", "mark") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT ("scope", "key") DO UPDATE SET "fingerprint" = excluded."fingerprint", "status" = excluded."status", "version" = excluded."version", "body" = excluded."body", "recorded_at" = excluded."recorded_at", "expires_at" = excluded."expires_at", "mark" = excluded."mark" WHERE "cohesive_receipt"."expires_at" <= excluded."recorded_at" AND "cohesive_receipt"."mark" IS NULL"#;
pub(super) const SELECT_RECEIPT: &str = r#"SELECT "fingerprint", "status", "version", "body", "recorded_at", "expires_at", "mark" FROM "cohesive_receipt" WHERE "scope" = ?1 AND "key" = ?2"#;
pub(super) const DELETE_RECEIPTS: &str = r#"DELETE FROM "cohesive_receipt" WHERE ("scope", "key") IN (SELECT "scope", "key" FROM "cohesive_receipt" WHERE "expires_at" <= ?1 LIMIT ?2) RETURNING "scope", "mark""#;
pub(super) const RAISE_MARK: &str = r#"INSERT INTO "cohesive_mark" ("scope", "mark") VALUES (?1, ?2) ON CONFLICT ("scope") DO UPDATE SET "mark" = max("mark", excluded."mark")"#;
pub(super) const SELECT_MARK: &str = r#"SELECT "mark" FROM "cohesive_mark" WHERE "scope" = ?1"#;

pub(super) const INSERT_PARKED: &str = r#"INSERT INTO "cohesive_parked_input" ("entity", "entity_id", "transition_name", "input", "expected", "actual", "correlation", "causation", "actor", "trace", "recorded_at") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"#;
pub(super) const SELECT_PARKED: &str = r#"SELECT "number", "entity", "entity_id", "transition_name", "input", "expected", "actual", "correlation", "causation", "actor", "trace", "recorded_at" FROM "cohesive_parked_input" ORDER BY "number" LIMIT ?1"#;

/// The statements about one entity.
pub(super) struct Table {
    /// The entity as the store was opened with it.
    pub(super) structure: &'static Structure,
    /// The position of its id.
    pub(super) id: usize,
    /// Inserts a row of all columns and the version, unless the id is there already.
    pub(super) insert: Arc<str>,
    /// Answers the version of one row.
    pub(super) version: Arc<str>,
    /// For each unique column, finds another row with the same value.
    pub(super) unique: Vec<(usize, Arc<str>)>,
    updates: HashMap<Vec<usize>, Arc<str>>,
    loads: HashMap<Vec<usize>, Arc<str>>,
    lists: HashMap<(Vec<usize>, bool), Arc<str>>,
}

impl Table {
    fn new(structure: &'static Structure) -> Result<Self, StoreError> {
        let id = fit::id_column(structure).map_err(misfit)?;
        let (table, key) = (quoted(structure.table), quoted(structure.fields[id].wire));
        let columns: String = structure.fields.iter().map(|field| quoted(field.wire) + ", ").collect();
        let places: Vec<String> = (1..=structure.fields.len() + 1).map(|place| format!("?{place}")).collect();
        let unique = (0..).zip(structure.fields).filter(|(_, field)| field.unique).map(|(column, field)| {
            let same = comparable(field);
            (column, format!("SELECT 1 FROM {table} WHERE {same} = ?1 AND {key} <> ?2").into())
        });
        Ok(Self {
            structure,
            id,
            insert: format!(
                "INSERT INTO {table} ({columns}\"{VERSION}\") VALUES ({}) ON CONFLICT ({key}) DO NOTHING",
                places.join(", ")
            )
            .into(),
            version: format!("SELECT \"{VERSION}\" FROM {table} WHERE {key} = ?1").into(),
            unique: unique.collect(),
            updates: HashMap::new(),
            loads: HashMap::new(),
            lists: HashMap::new(),
        })
    }

    /// Sets these columns and the version, of the row with this id and version.
    pub(super) fn update(&mut self, columns: &[usize]) -> Arc<str> {
        if let Some(sql) = self.updates.get(columns) {
            return Arc::clone(sql);
        }
        let mut sql = format!("UPDATE {} SET \"{VERSION}\" = ?3", quoted(self.structure.table));
        for (place, &column) in (4..).zip(columns) {
            let _ = write!(sql, ", {} = ?{place}", quoted(self.structure.fields[column].wire));
        }
        let _ = write!(sql, " WHERE {} = ?1 AND \"{VERSION}\" = ?2", self.key());
        keep(&mut self.updates, columns.to_vec(), sql)
    }

    /// Selects the version and these columns, of the row with this id.
    pub(super) fn load(&mut self, columns: &[usize]) -> Arc<str> {
        if let Some(sql) = self.loads.get(columns) {
            return Arc::clone(sql);
        }
        let sql = format!("{} WHERE {} = ?1", self.select(columns), self.key());
        keep(&mut self.loads, columns.to_vec(), sql)
    }

    /// Selects the version and all columns, of rows that fit the filters. The last two places are the limit and,
    /// if asked for, the id after which to begin.
    pub(super) fn list(&mut self, filters: &[usize], after: Option<()>) -> Arc<str> {
        let name = (filters.to_vec(), after.is_some());
        if let Some(sql) = self.lists.get(&name) {
            return Arc::clone(sql);
        }
        let all: Vec<usize> = (0..self.structure.fields.len()).collect();
        let mut sql = self.select(&all);
        let mut word = "WHERE";
        for (place, &column) in (1..).zip(filters) {
            let _ = write!(sql, " {word} {} IS ?{place}", comparable(&self.structure.fields[column]));
            word = "AND";
        }
        let limit = filters.len() + 1;
        if after.is_some() {
            let _ = write!(sql, " {word} {} > ?{}", self.key(), limit + 1);
        }
        let _ = write!(sql, " ORDER BY {} LIMIT ?{limit}", self.key());
        keep(&mut self.lists, name, sql)
    }

    fn key(&self) -> String {
        quoted(self.structure.fields[self.id].wire)
    }

    fn select(&self, columns: &[usize]) -> String {
        let names = columns.iter().map(|&column| format!(", {}", quoted(self.structure.fields[column].wire)));
        format!("SELECT \"{VERSION}\"{} FROM {}", names.collect::<String>(), quoted(self.structure.table))
    }
}

fn keep<K: Eq + std::hash::Hash>(kept: &mut HashMap<K, Arc<str>>, key: K, sql: String) -> Arc<str> {
    let sql: Arc<str> = sql.into();
    kept.insert(key, Arc::clone(&sql));
    sql
}

/// The statements about every entity, for one connection.
pub(super) struct Catalogue(HashMap<&'static str, Table>);

impl Catalogue {
    pub(super) fn new(structures: &[&'static Structure]) -> Result<Self, StoreError> {
        let tables = structures.iter().map(|structure| Ok((structure.table, Table::new(structure)?)));
        tables.collect::<Result<_, StoreError>>().map(Self)
    }

    /// The statements about one entity, if the store was opened with it.
    pub(super) fn table(&mut self, structure: &'static Structure) -> Result<&mut Table, StoreError> {
        let unknown = || misfit(format!("the store was opened without {}", structure.name));
        let table = self.0.get_mut(structure.table).ok_or_else(unknown)?;
        if !std::ptr::eq(table.structure, structure) {
            // Columns are named by position, so another version of the entity would mix them up.
            if *table.structure != *structure {
                return Err(misfit(format!(
                    "the store was opened with another version of {}",
                    structure.name
                )));
            }
            // A constant can have several addresses; the next call has this one.
            table.structure = structure;
        }
        Ok(table)
    }
}

/// The plan that SQLite follows for each statement that searches, for tests: none may read a whole table.
#[cfg(feature = "testing")]
pub(super) fn explain(connection: &rusqlite::Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = statement.raw_query();
    let mut plan = Vec::new();
    while let Some(row) = rows.next()? {
        plan.push(row.get(3)?);
    }
    Ok(plan)
}

/// The statements of reading, for tests.
#[cfg(feature = "testing")]
pub(super) fn searches(structures: &[&'static Structure]) -> Result<Vec<String>, StoreError> {
    crate::store::names::check_structures(structures, &super::schema::RESERVED).map_err(misfit)?;
    let mut found = vec![SELECT_MESSAGES.to_owned(), SELECT_RECEIPT.to_owned(), DELETE_RECEIPTS.to_owned()];
    found.push(SELECT_MARK.to_owned());
    found.extend(super::outbox::SEARCHES.map(str::to_owned));
    found.extend(super::inbox::SEARCHES.map(str::to_owned));
    for structure in structures {
        let mut table = Table::new(structure)?;
        found.extend([table.version.to_string(), table.load(&[]).to_string(), table.update(&[]).to_string()]);
        found.extend(table.unique.iter().map(|(_, sql)| sql.to_string()));
        found.push(table.list(&[], Some(())).to_string());
        for (column, _) in (0..).zip(structure.fields).filter(|(_, field)| field.is_filter()) {
            found.push(table.list(&[column], Some(())).to_string());
        }
    }
    Ok(found)
}
