//! A walk as it is told.

use std::fmt::Write as _;

use crate::model::Entity;

use super::property::Finding;
use super::walk::{Step, Walked};

/// The steps up to a finding, and what broke.
pub(super) fn tell(entity: &Entity, walked: &Walked, at: usize, finding: &Finding) -> String {
    let mut text = String::new();
    let steps: Vec<&Step> = walked.steps.iter().take(at + 1).collect();
    for (index, step) in steps.iter().enumerate() {
        let name = match step.transition.and_then(|number| entity.transitions.get(number)) {
            Some(transition) => transition.input,
            None => entity.structure.name,
        };
        let stated = step.expected.map_or(String::new(), |version| format!(", stating version {version}"));
        // Writing to text cannot fail.
        let _ = writeln!(text, "  {}. {name} {}  (at {}{stated})", index + 1, step.json, step.now);
        let _ = writeln!(text, "     → {}", step.outcome);
    }
    let _ = writeln!(text, "\nwhat broke");
    for line in finding.what.lines() {
        let _ = writeln!(text, "  {line}");
    }
    text
}
