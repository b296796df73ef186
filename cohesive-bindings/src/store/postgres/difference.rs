//! What separates two shapes, and the statements that lead from one to the other.

use cohesive_core::model::Structure;

use super::error::misfit;
use super::schema::{Table, index_name};
use super::shape::{Kind, Shape, TableShape};
use crate::store::StoreError;
use crate::store::names::quoted;

/// Compares what is there with what it should be. Tables of others are left alone, and so are further indexes that
/// forbid nothing: they are the operator's.
pub(super) fn drift(made: &Shape, live: &Shape) -> Result<(), StoreError> {
    let mut found = Vec::new();
    for (table, made) in made {
        let Some(live) = live.get(table) else {
            found.push(format!("table {table} is missing"));
            continue;
        };
        for (part, _) in made.iter().filter(|(part, _)| !live.contains_key(*part)) {
            found.push(format!("{} {} of table {table} is missing", part.0.word(), part.1));
        }
        for (part, there) in live {
            let (kind, name) = (part.0.word(), &part.1);
            match made.get(part) {
                None if part.0 == Kind::Index && there.starts_with("CREATE INDEX") => {}
                None if part.0 == Kind::Property => found.push(format!("table {table} is {name}: {there}")),
                None => found.push(format!("{kind} {name} of table {table} was added")),
                Some(made) if made != there => {
                    found.push(format!("{kind} {name} of table {table} was changed"));
                }
                Some(_) => {}
            }
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(misfit(format!("the database is not what its migrations made: {}", found.join("; "))))
}

/// The statements that give columns their present names: those whose field names the former one as an alias.
pub(super) fn renames(structure: &Structure, made: &TableShape) -> Vec<String> {
    let has = |kind, name: &str| made.contains_key(&(kind, name.to_owned()));
    let mut steps = Vec::new();
    for field in structure.fields.iter().filter(|field| !has(Kind::Column, field.wire)) {
        let Some(former) = field.aliases.iter().find(|alias| has(Kind::Column, alias)) else { continue };
        // An index is named after its column, so it is made anew.
        let indexes = ["unique", "index"].map(|suffix| index_name(structure.table, former, suffix));
        for index in indexes.iter().filter(|index| has(Kind::Index, index)) {
            steps.push(format!("DROP INDEX {}", quoted(index)));
        }
        let (table, from, to) = (quoted(structure.table), quoted(former), quoted(field.wire));
        steps.push(format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}"));
    }
    steps
}

/// The statements that lead from what was made to what is wanted, after those that rename, with a name; or why there
/// are none.
pub(super) fn difference(
    part: &str,
    tables: &[Table],
    mut steps: Vec<String>,
    made: &Shape,
    wanted: &Shape,
    refusals: &mut Vec<String>,
) -> Option<(String, String)> {
    if tables.iter().all(|table| !made.contains_key(&table.name)) {
        return Some((part.to_owned(), tables.iter().map(Table::sql).collect()));
    }
    let renamed = !steps.is_empty();
    let mut added = Vec::new();
    for table in tables {
        if let (Some(made), Some(wanted)) = (made.get(&table.name), wanted.get(&table.name)) {
            compare(table, made, wanted, (&mut steps, &mut added), refusals);
        } else {
            steps.push(table.sql().trim_end_matches(";\n").to_owned());
            added.push(table.name.clone());
        }
    }
    let sql: String = steps.into_iter().map(|step| step + ";\n").collect();
    let what = match (renamed, added.is_empty()) {
        (true, true) => "rename".to_owned(),
        (true, false) => format!("rename, and add {}", added.join(", ")),
        (false, _) => format!("add {}", added.join(", ")),
    };
    (!sql.is_empty()).then(|| (format!("{part}: {what}"), sql))
}

fn compare(
    table: &Table,
    made: &TableShape,
    wanted: &TableShape,
    (steps, added): (&mut Vec<String>, &mut Vec<String>),
    refusals: &mut Vec<String>,
) {
    let name = &table.name;
    for (part, declared) in wanted {
        match (made.get(part), part.0) {
            (Some(before), _) if before == declared => {}
            (Some(before), Kind::Column) => {
                refusals.push(format!("{name}.{} changes from `{before}` to `{declared}`", part.1));
            }
            (Some(_), kind) => refusals.push(format!("{} {} changes", kind.word(), part.1)),
            (None, Kind::Column) if declared.contains(" NOT NULL") && !declared.contains(" DEFAULT ") => {
                refusals.push(format!("{name}.{} is new and required; existing rows have no value", part.1));
            }
            (None, Kind::Column) => {
                let column = table.columns.iter().find(|(column, _)| *column == part.1);
                let column =
                    column.map(|(_, declared)| format!("ALTER TABLE {} ADD COLUMN {declared}", quoted(name)));
                steps.extend(column);
                added.push(part.1.clone());
            }
            (None, Kind::Index) => {
                steps.extend(
                    table.indexes.iter().find(|(index, _)| *index == part.1).map(|(_, sql)| sql.clone()),
                );
                added.push(format!("index {}", part.1));
            }
            (None, kind) => refusals.push(format!("{} {} of table {name} is new", kind.word(), part.1)),
        }
    }
    for part in made.keys().filter(|part| !wanted.contains_key(*part)) {
        refusals.push(match part.0 {
            Kind::Column => format!("{name}.{} is no longer in the model", part.1),
            kind => format!("{} {} is no longer in the model", kind.word(), part.1),
        });
    }
}
