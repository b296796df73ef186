//! References for people, in Markdown: one page for an entity, one for a system.

mod body;
mod entity;
mod message;
mod system;
mod transition;
mod types;

pub use entity::entity_reference;
pub use system::system_reference;

use crate::model::{Allowance, Constraint, Type};

/// A page that grows.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// A block, with an empty line before the next one. Nothing comes of an empty block.
    fn block(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.text.push_str(text);
            self.text.push_str("\n\n");
        }
    }

    fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {text}", "#".repeat(level)));
    }

    fn fence(&mut self, language: &str, text: &str) {
        self.block(&format!("```{language}\n{}\n```", text.trim_end()));
    }

    /// A table; nothing comes of one without rows. Columns in which no row has anything are left out, apart from
    /// the first.
    fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
        let used = |column: &usize| *column == 0 || rows.iter().any(|row| !cell(row, *column).is_empty());
        let columns: Vec<usize> = (0..heads.len()).filter(used).collect();
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = line(
            columns.iter().filter_map(|column| heads.get(*column)).map(|head| (*head).to_owned()).collect(),
        );
        text.push('|');
        text.push_str(&"---|".repeat(columns.len()));
        text.push('\n');
        for row in rows {
            text.push_str(&line(columns.iter().map(|column| one_line(&cell(row, *column))).collect()));
        }
        self.block(&text);
    }

    /// The findings that an author allows.
    fn allowances(&mut self, allowances: &[&[Allowance]]) {
        let lines = allowances.iter().copied().flatten();
        let lines: Vec<String> =
            lines.map(|one| format!("- Allowed: {}, because {}", one.code, one.reason.trim())).collect();
        self.block(&lines.join("\n"));
    }

    fn finish(mut self, provenance: &str) -> String {
        self.block("---");
        self.block(&format!("<sub>{provenance}</sub>"));
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.text
    }
}

/// Text on one line, as the cell of a table needs it.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// Text as code, within enough backticks.
fn code(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Names as code, joined.
fn codes<'a>(names: impl IntoIterator<Item = &'a str>, joint: &str) -> String {
    names.into_iter().map(code).collect::<Vec<_>>().join(joint)
}

/// A name, with the name on the wire where that differs.
fn name(name: &str, wire: &str) -> String {
    if name == wire { code(name) } else { format!("{} (sent as {})", code(name), code(wire)) }
}

/// A type in words: `list of Line`. That a value may be absent is said elsewhere.
fn ty(value: &Type) -> String {
    match value {
        Type::Bool => "true or false".to_owned(),
        Type::Int32 => "integer, 32 bits".to_owned(),
        Type::Int64 => "integer, 64 bits".to_owned(),
        Type::UInt32 => "integer from 0, 32 bits".to_owned(),
        Type::Decimal => "decimal".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Bytes => "bytes".to_owned(),
        Type::Timestamp => "instant".to_owned(),
        Type::Date => "day".to_owned(),
        Type::Duration => "length of time".to_owned(),
        Type::Uuid => "UUID".to_owned(),
        Type::Currency => "currency".to_owned(),
        Type::Opaque => "any JSON".to_owned(),
        Type::Id(id) => code(id.name),
        Type::Enum(names) => code(names.name),
        Type::Record(record) => code(record.name),
        Type::Named(name) => code(name),
        Type::Optional(inner) => ty(inner),
        Type::List(inner) => format!("list of {}", ty(inner)),
        Type::Set(inner) => format!("set of {}", ty(inner)),
    }
}

/// Whether there has to be a value.
fn presence(value: &Type) -> &'static str {
    match value {
        Type::Optional(_) => "optional",
        Type::List(_) | Type::Set(_) => "any number",
        _ => "required",
    }
}

/// Constraints with their texts and, in brackets, what is checked.
fn constraints(values: &[Constraint]) -> String {
    let lines = values
        .iter()
        .map(|one| format!("{}: {} ({})", code(one.name), one.message.trim(), code(&one.rule.to_string())));
    lines.collect::<Vec<_>>().join("<br>")
}

/// What else is to be known of a value.
fn notes(parts: &[(bool, String)]) -> String {
    let said = parts.iter().filter(|(holds, _)| *holds).map(|(_, words)| words.as_str());
    said.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Page, code, one_line};

    #[test]
    fn code_may_hold_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a `b` c"), "``a `b` c``");
        assert_eq!(code("`"), "`` ` ``");
    }

    #[test]
    fn a_cell_keeps_to_its_line_and_its_column() {
        assert_eq!(one_line("a\n\n  b | c"), "a b \\| c");
    }

    #[test]
    fn columns_with_nothing_in_them_are_left_out() {
        let mut page = Page::default();
        page.table(&["a", "b", "c"], &[vec![String::new(), String::new(), "1".to_owned()]]);
        page.table(&["a"], &[]);
        assert_eq!(page.text, "| a | c |\n|---|---|\n|  | 1 |\n\n");
    }
}
