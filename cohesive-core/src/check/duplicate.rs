//! COH0131: two transitions with one name, or with one input.
//!
//! The name is part of paths, codes and message provenance, so it has to mean one thing.

use crate::diagnostic::Diagnostic;
use crate::model::Transition;

pub(super) fn check(transitions: &[Transition], findings: &mut Vec<Diagnostic>) {
    for (index, transition) in transitions.iter().enumerate() {
        let mut earlier = transitions.iter().take(index);
        let Some(other) = earlier.find(|other| other.input == transition.input) else { continue };
        let message = if other.name == transition.name {
            format!("there is a transition `{}` already", transition.name)
        } else {
            format!("`{}` and `{}` have one input, `{}`", other.name, transition.name, transition.input)
        };
        findings.push(
            Diagnostic::error("COH0131", transition.at, message)
                .help("give each transition a name of its own"),
        );
    }
}
