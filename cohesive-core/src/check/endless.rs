//! COH0704: entities come to a state from which no terminal one can be reached.
//!
//! A lifecycle without terminal states goes on for ever on purpose, and a state that is a dead end, or leads to one,
//! is left to COH0703: there the end is missing and not the way.

use super::findings::{About, Findings, listed};
use super::states::States;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let Some(states) = States::of(entity) else { return };
    let reached = states.reached();
    let ends = |name: &str| {
        !states.goes_on(name) || states.variants().iter().any(|state| state.terminal && state.name == name)
    };
    if !states.variants().iter().any(|state| state.terminal) {
        return;
    }
    let caught: Vec<_> = states
        .variants()
        .iter()
        .filter(|state| reached.contains(state.name) && !states.from(state.name).iter().any(|to| ends(to)))
        .collect();
    let Some((first, others)) = caught.split_first() else { return };
    let message = format!("from the state `{}` no terminal state can be reached", first.name);
    let mut finding = Diagnostic::warning("COH0704", first.at, message)
        .help("add a transition out of the circle")
        .file(states.states.file);
    if !others.is_empty() {
        finding = finding.note(format!("nor from {}", listed(others.iter().map(|state| state.name))));
    }
    findings.push(About::Entity(entity.name()), finding);
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, spoken, state};
    use crate::model::{At, Edge, Kind, Target, Transition};

    /// Two more states that lead to each other.
    fn circle() -> Specimen {
        let mut order = Specimen::order();
        for (name, line) in [("Held", 13), ("Kept", 14)] {
            order.states.push(state(name, line));
        }
        for (name, from, to) in [("hold", "Open", "Held"), ("keep", "Held", "Kept"), ("back", "Kept", "Held")]
        {
            let from: &'static [&'static str] = Box::leak(Box::new([from]));
            let edge = Some(Edge { from, to: Target::State(to) });
            order.transitions.push(Transition { edge, ..Transition::new(name, name, Kind::Update, At(23)) });
        }
        order
    }

    #[test]
    fn speaks_once_of_a_circle_without_a_way_out() {
        assert_eq!(spoken(check, circle()), ["COH0704 states.rs:13"]);
    }

    #[test]
    fn is_silent_where_there_is_a_way_out_or_no_end_at_all() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let mut with_a_way_out = circle();
        with_a_way_out.transitions[4].edge = Some(Edge { from: &["Kept"], to: Target::State("Closed") });
        assert!(spoken(check, with_a_way_out).is_empty());
        let mut without_end = circle();
        without_end.states[1].terminal = false;
        assert!(spoken(check, without_end).is_empty());
        let mut dead_end = circle();
        dead_end.transitions.pop();
        assert!(spoken(check, dead_end).is_empty());
    }
}
