//! Columns under a former name: `#[field(alias = "…")]` renames the column instead of asking for a new one.

use cohesive_core::model::{Field, Structure};

use super::shape::TableShape;
use crate::store::names::quoted;

/// The statements that give columns their present names, and the table as they leave it.
pub(super) fn renamed(structure: &Structure, made: &TableShape) -> (Vec<String>, TableShape) {
    let mut table = made.clone();
    let mut steps = Vec::new();
    for field in structure.fields.iter().filter(|field| !made.parts.contains_key(field.wire)) {
        let Some(former) = field.aliases.iter().find(|alias| made.parts.contains_key(**alias)) else {
            continue;
        };
        // An index is named after its column, so it is made anew.
        for index in indexes(structure, former, made) {
            steps.push(format!("DROP INDEX {}", quoted(&index)));
            table.extras.remove(&index);
        }
        let (from, to) = (quoted(former), quoted(field.wire));
        steps.push(format!("ALTER TABLE {} RENAME COLUMN {from} TO {to}", quoted(structure.table)));
        rename(&mut table, former, field, &from, &to);
    }
    (steps, table)
}

/// SQLite puts the new name wherever the column is meant. A column's constraint names only the column itself, and
/// the words of an enumeration stand in other quotes.
fn rename(table: &mut TableShape, former: &str, field: &Field, from: &str, to: &str) {
    if let Some(declared) = table.parts.remove(former) {
        table.parts.insert(field.wire.to_owned(), declared.replace(from, to));
    }
}

fn indexes(structure: &Structure, column: &str, made: &TableShape) -> Vec<String> {
    let names = ["unique", "index"].map(|suffix| format!("{}.{column}.{suffix}", structure.table));
    names.into_iter().filter(|name| made.extras.contains_key(name)).collect()
}
