//! COH0702: no transition leads to a state, so that what starts from it never happens.

use super::findings::{About, Findings, listed};
use super::states::States;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let Some(states) = States::of(entity) else { return };
    let reached = states.reached();
    let known = states.variants().iter().filter(|state| !reached.contains(state.name));
    for state in known {
        let never: Vec<&str> = entity
            .transitions
            .iter()
            .filter(|transition| {
                transition.edge.is_some_and(|edge| {
                    edge.from.contains(&state.name) && edge.from.iter().all(|from| !reached.contains(from))
                })
            })
            .map(|transition| transition.name)
            .collect();
        let message = format!("no transition leads to the state `{}`", state.name);
        let mut finding = Diagnostic::warning("COH0702", state.at, message)
            .help(format!("add a transition that leads to `{}`, or take the state out", state.name))
            .file(states.states.file);
        if !never.is_empty() {
            let (verb, names) = (if never.len() == 1 { "happens" } else { "happen" }, listed(never));
            finding = finding.note(format!("so {names} never {verb}"));
        }
        findings.push(About::Entity(entity.name()), finding);
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, spoken, state};
    use crate::model::{At, Edge, Kind, Target, Transition};

    fn with(target: Target) -> Specimen {
        let mut order = Specimen::order();
        order.states.push(state("Held", 13));
        let resume = Transition::new("resume", "ResumeOrder", Kind::Update, At(23));
        let edge = Some(Edge { from: &["Held"], to: Target::State("Open") });
        order.transitions.push(Transition { edge, ..resume });
        order.transitions[1].edge = Some(Edge { from: &["Open"], to: target });
        order
    }

    #[test]
    fn speaks_of_a_state_that_nothing_leads_to() {
        assert_eq!(spoken(check, with(Target::State("Closed"))), ["COH0702 states.rs:13"]);
    }

    #[test]
    fn is_silent_where_a_body_may_choose_the_state() {
        assert!(spoken(check, with(Target::OneOf { states: &["Held", "Closed"], stay: false })).is_empty());
        assert!(spoken(check, Specimen::order()).is_empty());
    }
}
