//! Text that matches a regular expression.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::testing::choices::Choices;
use crate::value::constraint::whole;

/// More characters than a matching text needs.
const LIMIT: usize = 512;

/// A text that matches the whole of `source`; `None` where none was found.
pub(super) fn matching(source: &str, choices: &mut Choices) -> Option<String> {
    // As the judge has it: classes are those of ASCII.
    let mut reader = ParserBuilder::new().unicode(false).utf8(false).build();
    let syntax = reader.parse(source).ok()?;
    let judge = whole(source).ok()?;
    for _ in 0..8 {
        let mut text = String::new();
        write(&syntax, choices, &mut text);
        if judge.is_match(&text) {
            return Some(text);
        }
    }
    None
}

fn write(syntax: &Hir, choices: &mut Choices, text: &mut String) {
    if text.len() > LIMIT {
        return;
    }
    match syntax.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(character(class, choices)),
        HirKind::Repetition(repetition) => {
            let least = u64::from(repetition.min);
            let greatest = repetition.max.map_or(least + 4, u64::from).min(least + 16);
            for _ in 0..least + choices.below(greatest.saturating_sub(least) + 1) {
                write(&repetition.sub, choices, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, choices, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, choices, text)),
        HirKind::Alternation(ways) => {
            if let Some(way) = choices.one_of(ways) {
                write(way, choices, text);
            }
        }
    }
}

/// A character of a class, a printable one where there is one.
fn character(class: &Class, choices: &mut Choices) -> Option<char> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(class) => {
            class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
        }
        Class::Bytes(class) => {
            class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
        }
    };
    let printable: Vec<(u32, u32)> = ranges
        .iter()
        .map(|(start, end)| ((*start).max(0x20), (*end).min(0x7e)))
        .filter(|(start, end)| start <= end)
        .collect();
    let ranges = if printable.is_empty() { ranges } else { printable };
    let (start, end) = choices.one_of(&ranges).copied()?;
    let place = choices.below(u64::from(end - start) + 1);
    char::from_u32(start + u32::try_from(place).ok()?)
}
