//! Names of tables, paths and fields: usable and distinct.

use cohesive_core::diagnostic::Diagnostic;
use proc_macro2::Span;

use super::parse::Field;
use crate::attr::Arguments;
use crate::report::Report;

/// A name for a table or a path: what was given, where it is usable, else the default.
pub(super) fn identifier(
    report: &mut Report,
    arguments: &Arguments,
    argument: &str,
    default: String,
) -> String {
    let Some((text, span)) = arguments.text(report, argument) else { return default };
    let usable = text.len() <= 56
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|letter| {
            letter.is_ascii_lowercase()
                || letter.is_ascii_digit()
                || letter == '_'
                || (letter == '-' && argument == "plural")
        });
    if usable {
        return text;
    }
    report.error_with_help(
        "COH0112",
        span,
        format!("`{text}` cannot be the name of a {}", if argument == "table" { "table" } else { "path" }),
        "use 1 to 56 of `a` to `z`, `0` to `9` and `_`, with a letter first",
    );
    default
}

pub(super) fn check_wire(report: &mut Report, wire: &str, span: Span) {
    let usable = !wire.is_empty()
        && wire.len() <= 63
        && wire.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && wire.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if !usable {
        report.error_with_help(
            "COH0112",
            span,
            format!("`{wire}` cannot be the name of a field"),
            "use 1 to 63 of `a` to `z`, `0` to `9` and `_`, with a letter first",
        );
    }
}

/// The names on the wire, of which each stands for one field.
pub(super) fn distinct(report: &mut Report, fields: &[Field]) {
    for field in fields {
        let taken = |alias: &&String| {
            let wires = fields.iter().filter(|other| other.wire == **alias).count();
            let aliases =
                fields.iter().flat_map(|other| &other.aliases).filter(|other| *other == *alias).count();
            wires + aliases > 1
        };
        if let Some(alias) = field.aliases.iter().find(taken) {
            let message = format!("the alias `{alias}` of `{}` is another name already", field.name);
            report.push(
                Diagnostic::error("COH0112", field.at, message).help("leave it out, or give it another name"),
            );
        }
    }
    for (index, field) in fields.iter().enumerate() {
        if let Some(other) = fields.iter().take(index).find(|other| other.wire == field.wire) {
            let message =
                format!("`{}` and `{}` have the same wire name `{}`", other.name, field.name, field.wire);
            report
                .push(Diagnostic::error("COH0112", field.at, message).help("give one of them another name"));
        }
    }
}
