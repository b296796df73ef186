//! Migrations: ordered, fingerprinted, recorded in the database they made.
//!
//! What the recorded migrations make in an empty database has to be what is there; a difference is drift and is
//! refused. What the model asks for beyond that is planned as the next migration if it only adds or renames: a
//! table, an optional column, an index, a column whose field names its former name as an alias. Anything else needs
//! a decision about the rows that are there, and is refused with all the reasons at once. For the engine's own tables
//! `upgrade` has such decisions.

use cohesive_core::model::Structure;
use rusqlite::{Connection, OptionalExtension as _};

use super::error::{commit_failed, failed, misfit};
use super::shape::{self, Shape, TableShape};
use super::statements::{BEGIN_WRITE, COMMIT, ROLLBACK};
use super::{rename, schema, upgrade};
use crate::port::Clock;
use crate::store::migration::{Migration, check_recorded};
use crate::store::{StoreError, names};

/// Brings the database to what the model asks for. Each migration is a transaction of its own; another process
/// that does the same at the same time applies what is then still missing.
pub(super) fn apply(
    connection: &Connection,
    structures: &[&'static Structure],
    clock: &dyn Clock,
) -> Result<(), StoreError> {
    while !pending(connection, structures)?.is_empty() {
        connection.execute_batch(BEGIN_WRITE).map_err(failed)?;
        let applied = apply_next(connection, structures, clock)
            .and_then(|()| connection.execute_batch(COMMIT).map_err(commit_failed));
        if applied.is_err() && !connection.is_autocommit() {
            connection.execute_batch(ROLLBACK).map_err(failed)?;
        }
        applied?;
    }
    Ok(())
}

fn apply_next(
    connection: &Connection,
    structures: &[&'static Structure],
    clock: &dyn Clock,
) -> Result<(), StoreError> {
    let Some(next) = pending(connection, structures)?.into_iter().next() else { return Ok(()) };
    let context = |cause: rusqlite::Error| {
        let cause = failed(cause);
        StoreError {
            message: format!("migration {} `{}`: {}", next.ordinal, next.name, cause.message),
            ..cause
        }
    };
    connection.execute_batch(&next.sql).map_err(context)?;
    let sql = r#"INSERT INTO "cohesive_migration" ("ordinal", "name", "fingerprint", "sql", "applied_at") VALUES (?1, ?2, ?3, ?4, ?5)"#;
    let applied_at = clock.now().as_micros();
    let record = (next.ordinal, &next.name, &next.fingerprint, &next.sql, applied_at);
    connection.execute(sql, record).map_err(failed)?;
    Ok(())
}

/// What would have to be applied, in order.
pub(super) fn pending(
    connection: &Connection,
    structures: &[&'static Structure],
) -> Result<Vec<Migration>, StoreError> {
    names::check_structures(structures, &schema::RESERVED).map_err(misfit)?;
    let recorded = recorded(connection)?;
    let sql: String = recorded.iter().map(|migration| migration.sql.as_str()).collect();
    let mut made = shape::of(&sql)?;
    if !recorded.is_empty() {
        check_drift(&made, &shape::read(connection)?)?;
    }
    let engine = ("engine", schema::ENGINE.to_owned(), None);
    let entities =
        structures.iter().map(|structure| (structure.table, schema::entity(structure), Some(*structure)));
    let mut planned = Vec::new();
    if let Some((name, step)) = upgrade::streams(&made)? {
        made = shape::of(&(sql + &step))?;
        planned.push((name, step));
    }
    let mut refusals = Vec::new();
    for (name, sql, structure) in std::iter::once(engine).chain(entities) {
        planned.extend(difference(&made, name, &sql, structure, &mut refusals)?);
    }
    if !refusals.is_empty() {
        return Err(misfit(format!("a migration has to be written: {}", refusals.join("; "))));
    }
    let first = recorded.last().map_or(1, |migration| migration.ordinal + 1);
    Ok((first..).zip(planned).map(|(ordinal, (name, sql))| Migration::new(ordinal, name, sql)).collect())
}

/// The migrations that the database says it went through.
fn recorded(connection: &Connection) -> Result<Vec<Migration>, StoreError> {
    let there = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'cohesive_migration'", (), |_| Ok(()))
        .optional()
        .map_err(failed)?;
    if there.is_none() {
        return Ok(Vec::new());
    }
    let sql =
        r#"SELECT "ordinal", "name", "sql", "fingerprint" FROM "cohesive_migration" ORDER BY "ordinal""#;
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let rows = statement.query_map((), |row| {
        let [name, sql, fingerprint] = [row.get(1)?, row.get(2)?, row.get(3)?];
        Ok(Migration { ordinal: row.get(0)?, name, sql, fingerprint })
    });
    let migrations: Vec<Migration> = rows.and_then(Iterator::collect).map_err(failed)?;
    check_recorded(&migrations).map_err(misfit)?;
    Ok(migrations)
}

/// Compares what is there with what the recorded migrations make. Tables of others are left alone.
fn check_drift(made: &Shape, live: &Shape) -> Result<(), StoreError> {
    let mut found = Vec::new();
    let none = TableShape::default();
    for (table, made) in made {
        let there = live.get(table).unwrap_or(&none);
        if there.parts.is_empty() {
            found.push(format!("table {table} is missing"));
            continue;
        }
        for (what, made, there) in
            [("column", &made.parts, &there.parts), ("index or trigger", &made.extras, &there.extras)]
        {
            let missing = made.keys().filter(|name| !there.contains_key(*name));
            found.extend(missing.map(|name| format!("{what} {name} of table {table} is missing")));
            for (name, there) in there {
                match made.get(name) {
                    None => found.push(format!("{what} {name} of table {table} was added")),
                    Some(made) if made != there => {
                        found.push(format!("{what} {name} of table {table} was changed"));
                    }
                    Some(_) => {}
                }
            }
        }
        if made.options != there.options {
            found.push(format!("the options of table {table} were changed"));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(misfit(format!("the database is not what its migrations made: {}", found.join("; "))))
}

/// The statements that lead from what was made to what is wanted, with a name; or why there are none.
fn difference(
    made: &Shape,
    part: &str,
    sql: &str,
    structure: Option<&Structure>,
    refusals: &mut Vec<String>,
) -> Result<Option<(String, String)>, StoreError> {
    let wanted = shape::of(sql)?;
    if wanted.keys().all(|table| !made.contains_key(table)) {
        return Ok(Some((part.to_owned(), sql.to_owned())));
    }
    let mut steps = Vec::new();
    let mut added = Vec::new();
    let mut renamed = false;
    for (table, wanted) in &wanted {
        if let Some(made) = made.get(table) {
            let (first, made) = structure
                .map_or_else(|| (Vec::new(), made.clone()), |structure| rename::renamed(structure, made));
            renamed |= !first.is_empty();
            steps.extend(first);
            compare(table, &made, wanted, &mut steps, &mut added, refusals);
        } else {
            steps.push(wanted.sql.clone());
            steps.extend(wanted.extras.values().cloned());
            added.push(table.clone());
        }
    }
    let sql: String = steps.into_iter().map(|step| step + ";\n").collect();
    let what = match (renamed, added.is_empty()) {
        (true, true) => "rename".to_owned(),
        (true, false) => format!("rename, and add {}", added.join(", ")),
        (false, _) => format!("add {}", added.join(", ")),
    };
    Ok((!sql.is_empty()).then(|| (format!("{part}: {what}"), sql)))
}

fn compare(
    table: &str,
    made: &TableShape,
    wanted: &TableShape,
    steps: &mut Vec<String>,
    added: &mut Vec<String>,
    refusals: &mut Vec<String>,
) {
    for (name, declared) in &wanted.parts {
        match made.parts.get(name) {
            Some(before) if before == declared => {}
            Some(before) => {
                refusals.push(format!("{table}.{name} changes from `{before}` to `{declared}`"));
            }
            None if is_optional(name, declared) => {
                steps.push(format!("ALTER TABLE {} ADD COLUMN {declared}", names::quoted(table)));
                added.push(name.clone());
            }
            None => refusals.push(format!("{table}.{name} is new and required; existing rows have no value")),
        }
    }
    for (name, declared) in &wanted.extras {
        match made.extras.get(name) {
            Some(before) if before == declared => {}
            Some(_) => refusals.push(format!("index {name} changes")),
            None => {
                steps.push(declared.clone());
                added.push(format!("index {name}"));
            }
        }
    }
    let removed = made.parts.keys().filter(|name| !wanted.parts.contains_key(*name));
    refusals.extend(removed.map(|name| format!("{table}.{name} is no longer in the model")));
    let removed = made.extras.keys().filter(|name| !wanted.extras.contains_key(*name));
    refusals.extend(removed.map(|name| format!("index {name} is no longer in the model")));
    if made.options != wanted.options {
        refusals.push(format!("the options of table {table} change"));
    }
}

/// Whether rows that are there can do without a value. A table constraint is not a column.
fn is_optional(name: &str, declared: &str) -> bool {
    let column = names::quoted(name);
    declared.starts_with(&column) && !declared.contains(" NOT NULL")
}
