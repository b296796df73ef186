//! What a database is made of, as SQLite itself tells it, in a form that can be compared.
//!
//! The live database, the one that the recorded migrations would make, and the one that the model asks for are
//! all read in the same way. A table is its columns and constraints as they were declared, so that a changed
//! constraint is found as surely as a missing column; their order does not count.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::error::failed;
use crate::store::StoreError;

/// The tables by name.
pub(super) type Shape = BTreeMap<String, TableShape>;

/// One table.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct TableShape {
    /// The statement that makes it.
    pub(super) sql: String,
    /// Columns by name and table constraints by their text, each as declared.
    pub(super) parts: BTreeMap<String, String>,
    /// What stands after the columns: `STRICT, WITHOUT ROWID`.
    pub(super) options: String,
    /// Indexes and triggers by name, with the statements that make them.
    pub(super) extras: BTreeMap<String, String>,
}

/// The shape of all tables, the engine's own included.
pub(super) fn read(connection: &Connection) -> Result<Shape, StoreError> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let rows = statement.query_map((), |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, String>(3)?,
        ))
    });
    let mut shape = Shape::new();
    for row in rows.map_err(failed)? {
        let (kind, name, table, sql) = row.map_err(failed)?;
        let table = shape.entry(table).or_default();
        if kind == "table" {
            (table.parts, table.options) = split(&sql);
            table.sql = sql;
        } else {
            table.extras.insert(name, collapse(&sql));
        }
    }
    Ok(shape)
}

/// The shape that these statements make in an empty database.
pub(super) fn of(sql: &str) -> Result<Shape, StoreError> {
    let connection = Connection::open_in_memory().map_err(failed)?;
    connection.execute_batch(sql).map_err(failed)?;
    read(&connection)
}

/// The columns and constraints of a `CREATE TABLE` statement, and what follows them.
fn split(sql: &str) -> (BTreeMap<String, String>, String) {
    let mut parts = BTreeMap::new();
    let mut part = String::new();
    let mut depth = 0_usize;
    let mut quote = None;
    let mut rest = "";
    for (place, letter) in sql.char_indices() {
        let inside = depth > 0;
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if inside && depth == 0 {
            rest = &sql[place + 1..];
            break;
        }
        if depth == 1 && quote.is_none() && letter == ',' {
            keep(&mut parts, &part);
            part.clear();
        } else if inside {
            part.push(letter);
        }
    }
    keep(&mut parts, &part);
    (parts, collapse(rest))
}

fn keep(parts: &mut BTreeMap<String, String>, part: &str) {
    let part = collapse(part);
    let name = match part.strip_prefix('"') {
        Some(rest) => rest.split('"').next(),
        None => part.split([' ', '(']).next().filter(|word| !CONSTRAINTS.contains(&&*word.to_uppercase())),
    };
    parts.insert(name.unwrap_or(&part).to_owned(), part);
}

/// What a constraint of a table begins with, where a column begins with its name.
const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// White space does not count.
fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_commas_of_the_table_only() {
        let (parts, options) = split(
            "CREATE TABLE \"t\" (\"a\" TEXT CHECK (\"a\" IN ('x, y', 'it''s (')),\n \"b\" INTEGER, PRIMARY KEY (\"a\", \"b\")) STRICT",
        );
        let names: Vec<&str> = parts.keys().map(String::as_str).collect();
        assert_eq!(names, ["PRIMARY KEY (\"a\", \"b\")", "a", "b"]);
        assert_eq!(parts["a"], "\"a\" TEXT CHECK (\"a\" IN ('x, y', 'it''s ('))");
        assert_eq!(options, "STRICT");
    }
}
