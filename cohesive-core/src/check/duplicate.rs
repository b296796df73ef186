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

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::Specimen;
    use crate::model::Transition;

    fn messages(change: impl Fn(&mut Transition)) -> Vec<String> {
        let mut order = Specimen::order();
        let mut third = order.transitions[1];
        change(&mut third);
        order.transitions.push(third);
        let mut findings = Vec::new();
        check(&order.transitions, &mut findings);
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn speaks_of_one_name_and_of_one_input() {
        assert_eq!(messages(|_| {}), ["there is a transition `close` already"]);
        assert_eq!(messages(|it| it.name = "Close"), ["`close` and `Close` have one input, `CloseOrder`"]);
    }

    #[test]
    fn is_silent_about_names_of_their_own() {
        assert!(messages(|it| (it.name, it.input) = ("cancel", "CancelOrder")).is_empty());
    }
}
