//! Whether a model is sound: one rule, one file, one code.
//!
//! Rules look at data only, so that the same rule speaks within a macro and over a composed system.

mod choice;
pub mod codes;
pub mod consts;
mod creation;
mod duplicate;

use crate::diagnostic::Diagnostic;
use crate::model::{At, Transition};

/// Looks at the transitions of one entity, as far as one macro can see them.
#[must_use]
pub fn transitions(entity: &'static str, at: At, transitions: &[Transition]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    creation::check(entity, at, transitions, &mut findings);
    duplicate::check(transitions, &mut findings);
    for transition in transitions {
        choice::check(transition, &mut findings);
    }
    findings
}
