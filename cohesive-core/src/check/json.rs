//! Findings as JSON, for tools.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;

/// The findings as a JSON array, in their order. Each has `code`, `severity`, `message`, `notes`, `help`, `file` and
/// `line`; `help` is `null` where there is none.
#[must_use]
pub fn json(findings: &[Diagnostic]) -> String {
    let findings: Vec<String> = findings.iter().map(object).collect();
    format!("[{}]", findings.join(","))
}

fn object(finding: &Diagnostic) -> String {
    let Diagnostic { code, severity, message, notes, help, at, file } = finding;
    let notes: Vec<String> = notes.iter().map(|note| text(note)).collect();
    format!(
        "{{\"code\":{},\"severity\":{},\"message\":{},\"notes\":[{}],\"help\":{},\"file\":{},\"line\":{}}}",
        text(code),
        text(severity.word()),
        text(message),
        notes.join(","),
        help.as_deref().map_or_else(|| "null".to_owned(), text),
        text(file),
        at.0,
    )
}

/// A text in quotes (RFC 8259, section 7).
fn text(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for letter in value.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            control if control < ' ' => {
                // Writing to a `String` cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::diagnostic::Diagnostic;
    use crate::model::At;

    #[test]
    fn a150_findings_have_a_form_for_tools() {
        let finding =
            Diagnostic::hint("COH0311", At(7), "nobody follows \"it\"\n").note("why").file("a\\b.rs");
        assert_eq!(
            json(&[finding]),
            r#"[{"code":"COH0311","severity":"hint","message":"nobody follows \"it\"\u000a","notes":["why"],"help":null,"file":"a\\b.rs","line":7}]"#
        );
        assert_eq!(json(&[]), "[]");
    }
}
