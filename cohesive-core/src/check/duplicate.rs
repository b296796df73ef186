//! COH0131: two transitions with one name.
//!
//! The name is part of paths, codes and message provenance, so it has to mean one thing.

use crate::diagnostic::Diagnostic;
use crate::model::Transition;

pub(super) fn check(transitions: &[Transition], findings: &mut Vec<Diagnostic>) {
    for (index, transition) in transitions.iter().enumerate() {
        if transitions.iter().take(index).any(|other| other.name == transition.name) {
            findings.push(
                Diagnostic::error(
                    "COH0131",
                    transition.at,
                    format!("there is a transition `{}` already", transition.name),
                )
                .help("give each transition a name of its own"),
            );
        }
    }
}
