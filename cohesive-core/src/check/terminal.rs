//! COH0701: a transition leaves a terminal state.
//!
//! The compiler shows it at the state's name, by way of [`leavable`](super::consts::leavable); this rule says the same
//! of a model that was put together by hand.

use super::findings::{About, Findings};
use super::states::{States, targets};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Kind, Target};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let Some(states) = States::of(entity) else { return };
    for transition in entity.transitions.iter().filter(|transition| transition.kind == Kind::Update) {
        let Some(edge) = transition.edge else { continue };
        // A fact comes in any state. One that may stay leaves it to its body to keep a terminal state.
        let any = edge.from.is_empty() && !matches!(edge.to, Target::OneOf { stay: true, .. });
        let terminal = states
            .variants()
            .iter()
            .filter(|state| state.terminal && (any || edge.from.contains(&state.name)));
        for state in terminal.filter(|state| targets(state.name, edge.to).iter().any(|to| *to != state.name))
        {
            let message = format!("`{}` leaves `{}`, which is terminal", transition.name, state.name);
            let help = if any {
                "add `_` to the targets for \"stay\", and let the body choose".to_owned()
            } else {
                format!("leave `{}` out of the transition, or take `#[terminal]` off it", state.name)
            };
            findings.push(
                About::Transition(entity.name(), transition.name),
                Diagnostic::error("COH0701", transition.at, message).help(help).file(entity.file),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, spoken};
    use crate::model::{At, Edge, Kind, Target, Transition};

    fn with(edge: Edge) -> Specimen {
        let mut order = Specimen::order();
        let reopen = Transition::new("reopen", "ReopenOrder", Kind::Update, At(23));
        order.transitions.push(Transition { edge: Some(edge), ..reopen });
        order
    }

    #[test]
    fn speaks_of_leaving_a_terminal_state() {
        let to_open = Edge { from: &["Closed"], to: Target::State("Open") };
        assert_eq!(spoken(check, with(to_open)), ["COH0701 behaviour.rs:23"]);
        let chosen = Edge { from: &["Open", "Closed"], to: Target::OneOf { states: &["Open"], stay: true } };
        assert_eq!(spoken(check, with(chosen)), ["COH0701 behaviour.rs:23"]);
        let in_any_state = Edge { from: &[], to: Target::State("Open") };
        assert_eq!(spoken(check, with(in_any_state)), ["COH0701 behaviour.rs:23"]);
    }

    #[test]
    fn is_silent_about_staying_in_it() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let stays = Edge { from: &["Closed"], to: Target::Same };
        assert!(spoken(check, with(stays)).is_empty());
        let may_stay = Edge { from: &[], to: Target::OneOf { states: &["Open"], stay: true } };
        assert!(spoken(check, with(may_stay)).is_empty());
        assert!(spoken(check, with(Edge { from: &[], to: Target::State("Closed") })).is_empty());
    }
}
