//! The names of tables and columns: checked before they enter a statement, and quoted in it (F38).

use cohesive_core::model::Structure;

use super::fit;

/// An identifier, quoted.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text, as a literal of standard SQL.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Refuses structures from which no table can be made. Prefixes in `reserved` belong to the engine or the database.
pub(super) fn check_structures(structures: &[&'static Structure], reserved: &[&str]) -> Result<(), String> {
    for (index, structure) in structures.iter().enumerate() {
        check_name("table", structure.table, reserved)?;
        fit::id_column(structure)?;
        if structures[..index].iter().any(|other| other.table == structure.table) {
            return Err(format!("two entities have the table {}", structure.table));
        }
        // Messages are told apart by the entity's name.
        if structures[..index].iter().any(|other| other.name == structure.name) {
            return Err(format!("two entities have the name {}", structure.name));
        }
        for (position, field) in structure.fields.iter().enumerate() {
            check_name("column", field.wire, reserved)?;
            if structure.fields[..position].iter().any(|other| other.wire == field.wire) {
                return Err(format!("{} has two columns {}", structure.table, field.wire));
            }
        }
    }
    Ok(())
}

/// Refuses a name that could be read as anything else than a name.
pub(super) fn check_name(what: &str, name: &str, reserved: &[&str]) -> Result<(), String> {
    let starts = name.starts_with(|first: char| first == '_' || first.is_ascii_lowercase());
    let rest = name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !starts || !rest || name.len() > 63 {
        return Err(format!("`{name}` cannot name a {what}: `[a-z_][a-z0-9_]{{0,62}}` is required"));
    }
    if reserved.iter().any(|prefix| name.starts_with(prefix)) {
        return Err(format!("`{name}` cannot name a {what}: its prefix is reserved"));
    }
    Ok(())
}
