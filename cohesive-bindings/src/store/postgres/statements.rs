//! The texts of the statements that read, each made once per entity and set of columns.
//!
//! A statement's text names tables and columns of the model and holds no value. Each text has a number, by which a
//! connection keeps the prepared form.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use cohesive_core::model::Structure;
use tokio_postgres::types::Type;

use super::codec::column_type;
use super::commit_sql::{self, Step};
use super::error::misfit;
use super::inbox;
use super::relay_sql::{self, Query};
use super::schema::{self, VERSION, comparable};
use super::upkeep;
use crate::store::names::quoted;
use crate::store::{StoreError, fit};

/// One statement.
#[derive(Debug)]
pub(super) struct Sql {
    /// Tells the statements of one store apart.
    pub(super) number: usize,
    pub(super) text: String,
    /// The types of the parameters.
    pub(super) types: Vec<Type>,
}

/// A text and the types of its parameters.
pub(super) type Written = (String, Vec<Type>);

/// What a statement is about. Columns are positions in the entity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    /// Load rows by their ids.
    Rows { table: &'static str, columns: Vec<usize> },
    /// Load receipts by scope and key.
    Receipts,
    /// Load marks by scope.
    Marks,
    /// List rows. Each filter is a column, and whether it has to be absent.
    List { table: &'static str, filters: Vec<(usize, bool)>, after: bool },
    /// Find another row with the same value.
    Unique { table: &'static str, column: usize },
    /// List messages of one entity.
    Messages,
    /// List kept inputs.
    Parked,
    /// Remove expired receipts.
    Prune,
    /// Fail where the block has failed before.
    Sentinel,
    /// Lock rows, in the order given.
    Lock { table: &'static str },
    /// Apply units.
    Step(Step),
    /// What relays ask for.
    Relay(Query),
    /// What consumers ask for.
    Inbox(inbox::Query),
    /// What the server has to clean up.
    Upkeep(upkeep::Query),
}

pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
pub(super) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
pub(super) const COMMIT: &str = "COMMIT";
pub(super) const ROLLBACK: &str = "ROLLBACK";
pub(super) const SAVEPOINT: &str = "SAVEPOINT units";
pub(super) const RELEASE: &str = "RELEASE SAVEPOINT units";
pub(super) const UNDO: &str = "ROLLBACK TO SAVEPOINT units";

const SELECT_MESSAGES: &str = "SELECT message_id, entity, entity_id, version, ordinal, role, name, payload, transition_name, correlation, causation, actor, trace, occurred_at, recorded_at, published_at FROM cohesive_outbox WHERE entity = $1 AND entity_id = $2 AND (version, ordinal) > ($3, $4) ORDER BY version, ordinal LIMIT $5";
const SELECT_PARKED: &str = "SELECT number, entity, entity_id, transition_name, input, expected, actual, correlation, causation, actor, trace, recorded_at FROM cohesive_parked_input ORDER BY number LIMIT $1";
/// The subquery keeps its place in the plan by its `OFFSET`: one search of the key for each question.
const SELECT_RECEIPTS: &str = "SELECT asked.place, found.fingerprint, found.status::bigint, found.version, found.body, found.recorded_at, found.expires_at, found.mark FROM unnest($1, $2) WITH ORDINALITY AS asked (scope, key, place), LATERAL (SELECT fingerprint, status, version, body, recorded_at, expires_at, mark FROM cohesive_receipt AS kept WHERE kept.scope = asked.scope AND kept.key = asked.key OFFSET 0) AS found";
/// The condition stands twice: a receipt that was replaced while this waited for it has not expired. It stands there in
/// a form that no index has, because the rows are at hand already.
///
/// What the removed receipts knew goes into the marks of their scopes with them.
const DELETE_RECEIPTS: &str = "WITH gone AS (DELETE FROM cohesive_receipt WHERE ctid = ANY (ARRAY(SELECT ctid FROM cohesive_receipt WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)) AND (expires_at <= $1) IS TRUE RETURNING scope, mark), \
    raised AS (INSERT INTO cohesive_mark AS kept (scope, mark) SELECT scope, max(mark) FROM gone WHERE mark IS NOT NULL \
    GROUP BY scope ORDER BY scope ON CONFLICT (scope) DO UPDATE SET mark = greatest(kept.mark, excluded.mark)) \
    SELECT count(*) FROM gone";
/// Up to when receipts of these scopes have been removed.
const SELECT_MARKS: &str = "SELECT asked.place, found.mark FROM unnest($1) WITH ORDINALITY AS asked (scope, place), LATERAL (SELECT mark FROM cohesive_mark AS kept WHERE kept.scope = asked.scope OFFSET 0) AS found";

/// The statements of one store.
pub(super) struct Catalogue {
    tables: HashMap<&'static str, &'static Structure>,
    texts: Mutex<HashMap<Purpose, Arc<Sql>>>,
}

impl Catalogue {
    pub(super) fn new(structures: &[&'static Structure]) -> Result<Self, StoreError> {
        schema::check(structures)?;
        let tables = structures.iter().map(|structure| (structure.table, *structure)).collect();
        Ok(Self { tables, texts: Mutex::default() })
    }

    /// The tables of the entities.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.tables.keys().copied()
    }

    /// The entity as the store was opened with it, if it is the same as this.
    pub(super) fn table(&self, structure: &'static Structure) -> Result<&'static Structure, StoreError> {
        let unknown = || misfit(format!("the store was opened without {}", structure.name));
        let known = self.tables.get(structure.table).copied().ok_or_else(unknown)?;
        // Columns are named by position, so another version of the entity would mix them up. A constant can have
        // several addresses.
        if !std::ptr::eq(known, structure) && *known != *structure {
            return Err(misfit(format!("the store was opened with another version of {}", structure.name)));
        }
        Ok(known)
    }

    /// The statement for a purpose.
    pub(super) fn sql(&self, purpose: Purpose) -> Result<Arc<Sql>, StoreError> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sql) = texts.get(&purpose) {
            return Ok(Arc::clone(sql));
        }
        let (text, types) = self.write(&purpose)?;
        let sql = Arc::new(Sql { number: texts.len(), text, types });
        texts.insert(purpose, Arc::clone(&sql));
        Ok(sql)
    }

    fn structure(&self, table: &str) -> Result<&'static Structure, StoreError> {
        self.tables.get(table).copied().ok_or_else(|| misfit(format!("the store was opened without {table}")))
    }

    fn write(&self, purpose: &Purpose) -> Result<Written, StoreError> {
        Ok(match purpose {
            Purpose::Rows { table, columns } => rows(self.structure(table)?, columns)?,
            Purpose::Receipts => (SELECT_RECEIPTS.to_owned(), vec![Type::TEXT_ARRAY; 2]),
            Purpose::Marks => (SELECT_MARKS.to_owned(), vec![Type::TEXT_ARRAY]),
            Purpose::List { table, filters, after } => list(self.structure(table)?, filters, *after)?,
            Purpose::Unique { table, column } => unique(self.structure(table)?, *column)?,
            Purpose::Messages => {
                let types = vec![Type::TEXT, Type::TEXT, Type::INT8, Type::INT8, Type::INT8];
                (SELECT_MESSAGES.to_owned(), types)
            }
            Purpose::Parked => (SELECT_PARKED.to_owned(), vec![Type::INT8]),
            Purpose::Prune => (DELETE_RECEIPTS.to_owned(), vec![Type::TIMESTAMPTZ, Type::INT8]),
            Purpose::Sentinel => ("SELECT 1".to_owned(), Vec::new()),
            Purpose::Lock { table } => lock(self.structure(table)?)?,
            Purpose::Step(step) => {
                let structure = step.table().map(|table| self.structure(table)).transpose()?;
                commit_sql::write(step, structure)?
            }
            Purpose::Relay(query) => relay_sql::write(*query),
            Purpose::Inbox(query) => inbox::write(*query),
            Purpose::Upkeep(query) => upkeep::write(*query),
        })
    }
}

/// The id of an entity: its column and its types.
fn key(structure: &'static Structure) -> Result<(String, Type, Type), StoreError> {
    let field = &structure.fields[fit::id_column(structure).map_err(misfit)?];
    let (one, many) = column_type(&field.ty);
    Ok((quoted(field.wire), one, many))
}

/// Selects the version and these columns of the rows with these ids, each with the place of its question.
fn rows(structure: &'static Structure, columns: &[usize]) -> Result<Written, StoreError> {
    let (key, _, many) = key(structure)?;
    let mut names = format!("\"{VERSION}\"");
    for &column in columns {
        let _ = write!(names, ", {}", quoted(structure.fields[column].wire));
    }
    let table = quoted(structure.table);
    let text = format!(
        "SELECT asked.place, found.* FROM unnest($1) WITH ORDINALITY AS asked (id, place), \
         LATERAL (SELECT {names} FROM {table} AS kept WHERE kept.{key} = asked.id OFFSET 0) AS found"
    );
    Ok((text, vec![many]))
}

/// Selects the version and all columns, of rows that fit the filters. The last two parameters are the limit and, if
/// asked for, the id after which to begin.
fn list(
    structure: &'static Structure,
    filters: &[(usize, bool)],
    after: bool,
) -> Result<Written, StoreError> {
    let (key, one, _) = key(structure)?;
    let mut text = format!("SELECT \"{VERSION}\"");
    for field in structure.fields {
        let _ = write!(text, ", {}", quoted(field.wire));
    }
    let _ = write!(text, " FROM {}", quoted(structure.table));
    let (mut types, mut word, mut order) = (Vec::new(), "WHERE", String::new());
    for &(column, absent) in filters {
        let field = &structure.fields[column];
        let compared = comparable(field);
        if absent {
            let _ = write!(text, " {word} {compared} IS NULL");
            // The same for all rows; it tells that the index gives the order.
            let _ = write!(order, "{compared}, ");
        } else {
            types.push(if schema::is_json(field) { Type::TEXT } else { column_type(&field.ty).0 });
            let _ = write!(text, " {word} {compared} = ${}", types.len());
        }
        word = "AND";
    }
    types.push(Type::INT8);
    let limit = types.len();
    if after {
        types.push(one);
        let _ = write!(text, " {word} {key} > ${}", types.len());
    }
    let _ = write!(text, " ORDER BY {order}{key} LIMIT ${limit}");
    Ok((text, types))
}

/// Finds another row with the same value.
fn unique(structure: &'static Structure, column: usize) -> Result<Written, StoreError> {
    let (key, one, _) = key(structure)?;
    let field = &structure.fields[column];
    let value = if schema::is_json(field) { Type::TEXT } else { column_type(&field.ty).0 };
    let (table, same) = (quoted(structure.table), comparable(field));
    Ok((format!("SELECT 1 FROM {table} WHERE {same} = $1 AND {key} <> $2"), vec![value, one]))
}

/// Locks the rows with these ids, one after the other as they are given.
fn lock(structure: &'static Structure) -> Result<Written, StoreError> {
    let (key, _, many) = key(structure)?;
    let table = quoted(structure.table);
    let text = format!(
        "SELECT count(*) FROM unnest($1) AS asked (id), \
         LATERAL (SELECT 1 FROM {table} AS kept WHERE kept.{key} = asked.id FOR NO KEY UPDATE) AS locked"
    );
    Ok((text, vec![many]))
}
