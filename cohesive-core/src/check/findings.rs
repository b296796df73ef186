//! What rules over whole entities find, and what it is about.

use crate::diagnostic::Diagnostic;

/// A finding with what it is about: an allowance on one of these silences it.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) diagnostic: Diagnostic,
    pub(super) about: Vec<About>,
}

/// A thing that allowances stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// An entity as a whole.
    Entity(&'static str),
    /// A transition of an entity.
    Transition(&'static str, &'static str),
    /// A field of an entity.
    Field(&'static str, &'static str),
    /// An event or an effect.
    Message(&'static str),
}

impl About {
    /// Whether an allowance on this covers what is about `other`: an entity covers all of its parts.
    pub(super) fn covers(self, other: Self) -> bool {
        match (self, other) {
            (Self::Entity(entity), Self::Transition(of, _) | Self::Field(of, _)) => entity == of,
            (one, other) => one == other,
        }
    }
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl Findings {
    /// Notes a finding.
    pub(super) fn push(&mut self, about: About, diagnostic: Diagnostic) {
        self.push_about(vec![about], diagnostic);
    }

    /// Notes a finding about several things.
    pub(super) fn push_about(&mut self, about: Vec<About>, diagnostic: Diagnostic) {
        self.0.push(Finding { diagnostic, about });
    }
}

/// Names as a list in words: `a`, `b` and `c`.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
