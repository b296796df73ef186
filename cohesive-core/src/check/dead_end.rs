//! COH0703: nothing is declared for a state, and it is not terminal.
//!
//! A transition that stays in the state is something, because things still happen there. A state that no entity comes
//! to is left to COH0702.

use super::findings::{About, Findings};
use super::states::States;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let Some(states) = States::of(entity) else { return };
    let reached = states.reached();
    let ends = states
        .variants()
        .iter()
        .filter(|state| !state.terminal && reached.contains(state.name) && !states.goes_on(state.name));
    for state in ends {
        let message = format!("nothing leaves the state `{}`, and it is not terminal", state.name);
        findings.push(
            About::Entity(entity.name()),
            Diagnostic::warning("COH0703", state.at, message)
                .note("an entity in it stays there for ever, whether that is meant or forgotten")
                .help(format!("write `#[terminal] {}`, or add a transition that leaves it", state.name))
                .file(states.states.file),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, spoken, state};
    use crate::model::{At, Edge, Kind, Target, Transition};

    fn open_end() -> Specimen {
        let mut order = Specimen::order();
        order.states[1].terminal = false;
        order
    }

    #[test]
    fn speaks_of_a_state_without_a_way_on() {
        assert_eq!(spoken(check, open_end()), ["COH0703 states.rs:12"]);
    }

    #[test]
    fn is_silent_about_terminal_states_and_states_in_which_things_happen() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let mut order = open_end();
        let edge = Some(Edge { from: &["Closed"], to: Target::Same });
        order
            .transitions
            .push(Transition { edge, ..Transition::new("note", "NoteOrder", Kind::Update, At(23)) });
        assert!(spoken(check, order).is_empty());
        let mut unreached = Specimen::order();
        unreached.states.push(state("Held", 13));
        assert!(spoken(check, unreached).is_empty(), "left to COH0702");
    }
}
