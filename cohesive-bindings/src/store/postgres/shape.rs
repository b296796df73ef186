//! What tables are made of, as PostgreSQL itself tells it, in a form that can be compared.
//!
//! The live tables, those that the recorded migrations would make, and those that the model asks for are all read in
//! the same way from the catalogues of one server, so nothing depends on how it spells an expression. The order of
//! columns does not count.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tokio_postgres::{Client, Row};

use super::error::failed;
use crate::store::StoreError;

/// The tables by name.
pub(super) type Shape = BTreeMap<String, TableShape>;

/// The parts of one table by kind and name, each with what it is.
pub(super) type TableShape = BTreeMap<(Kind, String), String>;

/// What a part of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Column,
    Constraint,
    Index,
    Trigger,
    /// A property of the table itself.
    Property,
}

impl Kind {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Constraint => "constraint",
            Self::Index => "index",
            Self::Trigger => "trigger",
            Self::Property => "property",
        }
    }
}

/// The schema that is looked into.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Named(&'a str),
    /// The one of this connection, in which a plan is tried out.
    Temporary,
}

const TABLES: &str = "SELECT c.relname::text, c.relkind::text, c.relpersistence = 'u', c.relrowsecurity, \
    array_to_string(c.reloptions, ', ') FROM pg_class AS c WHERE c.relnamespace = $1::bigint::oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')";
const COLUMNS: &str = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), l.collname::text, \
    a.attnotnull, a.attidentity::text, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid) \
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_type AS t ON t.oid = a.atttypid \
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
    LEFT JOIN pg_collation AS l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation \
    WHERE c.relnamespace = $1::bigint::oid AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped";
/// A check of one column belongs to the column, whatever its name is.
const CONSTRAINTS: &str = "SELECT c.relname::text, \
    CASE WHEN k.contype = 'c' AND cardinality(k.conkey) = 1 THEN (SELECT a.attname::text FROM pg_attribute AS a \
    WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1]) END, pg_get_constraintdef(k.oid), k.convalidated \
    FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid \
    WHERE c.relnamespace = $1::bigint::oid AND k.contype NOT IN ('n', 't') ORDER BY 3";
/// The indexes of constraints come with them.
const INDEXES: &str = "SELECT c.relname::text, i.relname::text, \
    replace(replace(pg_get_indexdef(x.indexrelid), ' ON pg_temp.', ' ON '), \
    ' ON ' || quote_ident(n.nspname) || '.', ' ON '), x.indisvalid \
    FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid JOIN pg_class AS i ON i.oid = x.indexrelid \
    JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relnamespace = $1::bigint::oid \
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))";
const TRIGGERS: &str = "SELECT c.relname::text, t.tgname::text, pg_get_triggerdef(t.oid) FROM pg_trigger AS t \
    JOIN pg_class AS c ON c.oid = t.tgrelid WHERE c.relnamespace = $1::bigint::oid AND NOT t.tgisinternal \
    UNION ALL SELECT c.relname::text, r.rulename::text, pg_get_ruledef(r.oid) FROM pg_rewrite AS r \
    JOIN pg_class AS c ON c.oid = r.ev_class WHERE c.relnamespace = $1::bigint::oid AND c.relkind = 'r'";

/// The shape of all tables in a schema; of none, when there is no such schema.
pub(super) async fn read(client: &Client, place: Place<'_>) -> Result<Shape, StoreError> {
    let schema = match place {
        Place::Named(name) => {
            client.query("SELECT oid::bigint FROM pg_namespace WHERE nspname = $1", &[&name]).await
        }
        Place::Temporary => client.query("SELECT pg_my_temp_schema()::bigint", &[]).await,
    };
    let Some(schema) = schema.map_err(failed)?.first().map(|row| row.get::<_, i64>(0)) else {
        return Ok(Shape::new());
    };
    let ask = async |sql: &str| client.query(sql, &[&schema]).await.map_err(failed);
    let mut shape = Shape::new();
    for row in ask(TABLES).await? {
        shape.entry(row.get(0)).or_default().extend(properties(&row));
    }
    for row in ask(COLUMNS).await? {
        let table = shape.entry(row.get(0)).or_default();
        table.insert((Kind::Column, row.get(1)), column(&row));
    }
    for row in ask(CONSTRAINTS).await? {
        let table = shape.entry(row.get(0)).or_default();
        let mut text: String = row.get(2);
        if !row.get::<_, bool>(3) && !text.ends_with("NOT VALID") {
            text.push_str(" NOT VALID");
        }
        match row.get::<_, Option<String>>(1).and_then(|column| table.get_mut(&(Kind::Column, column))) {
            Some(column) => {
                let _ = write!(column, " {text}");
            }
            None => {
                table.insert((Kind::Constraint, text.clone()), text);
            }
        }
    }
    for row in ask(INDEXES).await? {
        let table = shape.entry(row.get(0)).or_default();
        let valid = if row.get(3) { "" } else { " INVALID" };
        table.insert((Kind::Index, row.get(1)), row.get::<_, String>(2) + valid);
    }
    for row in ask(TRIGGERS).await? {
        shape.entry(row.get(0)).or_default().insert((Kind::Trigger, row.get(1)), row.get(2));
    }
    Ok(shape)
}

/// What is unusual about a table.
fn properties(row: &Row) -> Vec<((Kind, String), String)> {
    let mut found = Vec::new();
    let mut add = |name: &str, text: String| found.push(((Kind::Property, name.to_owned()), text));
    match row.get::<_, &str>(1) {
        "r" => {}
        other => add("no ordinary table", format!("its kind is `{other}`")),
    }
    if row.get(2) {
        add("unlogged", "a crash empties it".to_owned());
    }
    if row.get(3) {
        add("under row security", "rows can be hidden".to_owned());
    }
    if let Some(options) = row.get::<_, Option<String>>(4) {
        add("given options", options);
    }
    found
}

fn column(row: &Row) -> String {
    let mut text: String = row.get(2);
    if let Some(collation) = row.get::<_, Option<&str>>(3) {
        let _ = write!(text, " COLLATE \"{collation}\"");
    }
    if row.get(4) {
        text.push_str(" NOT NULL");
    }
    match row.get::<_, &str>(5) {
        "" => {}
        "a" => text.push_str(" GENERATED ALWAYS AS IDENTITY"),
        _ => text.push_str(" GENERATED BY DEFAULT AS IDENTITY"),
    }
    if let Some(value) = row.get::<_, Option<&str>>(7) {
        let word = if row.get::<_, &str>(6).is_empty() { "DEFAULT" } else { "GENERATED ALWAYS AS" };
        let _ = write!(text, " {word} {value}");
    }
    text
}
