//! The end of a test that `cohesive::check!` writes.

use std::fmt;

use super::json;
use crate::diagnostic::{Diagnostic, Severity};

/// A model with errors, or with warnings that nobody allows. Its `Debug` is the text of all findings, because that is
/// what a failing test shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Unsound(Vec<Diagnostic>);

impl Unsound {
    /// What was found, hints included.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl fmt::Debug for Unsound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |severity| self.0.iter().filter(|finding| finding.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        writeln!(
            formatter,
            "the model is not sound: errors: {errors}, warnings that nobody allows: {warnings}"
        )?;
        self.0.iter().try_for_each(|finding| write!(formatter, "\n{finding}\n"))
    }
}

impl fmt::Display for Unsound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

impl std::error::Error for Unsound {}

/// Ends well where there are hints at most, and prints these. With `COHESIVE_CHECK=json` in the environment it prints
/// all findings as one line of JSON instead.
///
/// # Errors
/// When there is an error, or a warning that nobody allows.
pub fn sound(findings: Vec<Diagnostic>) -> Result<(), Unsound> {
    let for_tools = std::env::var_os("COHESIVE_CHECK").is_some_and(|form| form == "json");
    let sound = findings.iter().all(|finding| finding.severity == Severity::Hint);
    #[expect(clippy::print_stdout, reason = "this is the end of a test, and what it prints is its result")]
    if for_tools {
        println!("{}", json(&findings));
    } else if sound {
        for finding in &findings {
            println!("{finding}");
        }
    }
    if sound { Ok(()) } else { Err(Unsound(findings)) }
}

#[cfg(test)]
mod tests {
    use super::sound;
    use crate::diagnostic::Diagnostic;
    use crate::model::At;

    #[test]
    fn hints_do_not_fail_and_warnings_do() {
        let (hint, warning) =
            (Diagnostic::hint("COH0715", At(1), "a"), Diagnostic::warning("COH0702", At(2), "b"));
        assert_eq!(sound(vec![hint.clone()]), Ok(()));
        let unsound = sound(vec![hint, warning.file("a.rs")]).unwrap_err();
        assert_eq!(
            format!("{unsound:?}"),
            "the model is not sound: errors: 0, warnings that nobody allows: 1\n\nhint: a [COH0715]\n\nwarning: b [COH0702]\n  --> a.rs:2\n"
        );
    }
}
