//! The guards of transitions as conditions, for the rules about them.

use super::findings::{About, Findings};
use super::reasoning::{Condition, Known, Names};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Expr, Guard, Transition};

/// Shows each transition that has guards, with their conditions and what is known when they are looked at.
pub(super) fn each(entity: &Entity, show: &mut dyn FnMut(&'static Transition, &[Condition], &Known)) {
    for transition in entity.transitions.iter().filter(|transition| !transition.guards.is_empty()) {
        let conditions: Vec<Condition> = transition.guards.iter().map(condition).collect();
        show(transition, &conditions, &Known::of_transition(entity, transition));
    }
}

fn condition(guard: &Guard) -> Condition {
    Condition::of(&guard.condition, &Names::default(), true)
}

/// When all guards of a transition hold.
pub(super) fn all(transition: &Transition) -> Condition {
    transition.guards.iter().map(condition).fold(Condition::ALWAYS, |all, guard| all.and(&guard))
}

/// Notes what is wrong with a guard.
pub(super) fn note(entity: &Entity, transition: &Transition, finding: Diagnostic, findings: &mut Findings) {
    findings.push(About::Transition(entity.name(), transition.name), finding.file(entity.file));
}

/// The condition of a guard as it is written: `let` names that stand before it stay names.
pub(super) fn shown(guard: &Guard) -> String {
    let mut condition = &guard.condition;
    while let Expr::Let { body, .. } = condition {
        condition = body;
    }
    condition.to_string()
}
