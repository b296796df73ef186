//! A mistake in a model: what, where, why it matters, and what to type instead.

use std::fmt;

use crate::model::At;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The model cannot be used.
    Error,
    /// The model can be used, and probably does not mean what it says.
    Warning,
    /// The model means what it says, and its author may want to know more.
    Hint,
}

impl Severity {
    /// The severity as it is printed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// One finding of a rule.
///
/// The text follows one form everywhere: what is wrong in the user's own names, then notes with the reason, then
/// help that can be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a finding has to be reported"]
pub struct Diagnostic {
    /// The stable code, for example `COH0101`. Codes are never used again for something else.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Why it matters, or what it clashes with.
    pub notes: Vec<String>,
    /// One change that mends it.
    pub help: Option<String>,
    /// The word to blame.
    pub at: At,
    /// The file of that word, where it is known.
    pub file: &'static str,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, at: At, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            notes: Vec::new(),
            help: None,
            at,
            file: "",
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, at: At, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, at, message) }
    }

    /// A hint at a place.
    pub fn hint(code: &'static str, at: At, message: impl Into<String>) -> Self {
        Self { severity: Severity::Hint, ..Self::error(code, at, message) }
    }

    /// The same finding with a reason.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same finding with a way out.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same finding, in a file.
    pub const fn file(mut self, file: &'static str) -> Self {
        self.file = file;
        self
    }

    /// The text without the place, as a compiler shows it under the blamed word.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{} [{}]", self.message, self.code);
        for note in &self.notes {
            text.push_str("\nnote: ");
            text.push_str(note);
        }
        if let Some(help) = &self.help {
            text.push_str("\nhelp: ");
            text.push_str(help);
        }
        text
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.severity.word();
        write!(formatter, "{word}: {}", self.text().replace('\n', "\n       "))?;
        if !self.file.is_empty() {
            write!(formatter, "\n  --> {}:{}", self.file, self.at.0)?;
        }
        Ok(())
    }
}
