//! COH0611: a body chooses a state that its transition does not declare.

use super::findings::listed;
use super::targets::{chosen_field, each_choice, last};
use crate::diagnostic::Diagnostic;
use crate::model::{Edge, Expr, Target, Transition};

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    let Some(Edge { to: Target::OneOf { states, .. }, .. }) = transition.edge else { return };
    let Some(field) = chosen_field(transition.steps, states) else { return };
    each_choice(transition.steps, field, &mut |value, at| {
        if let Expr::Path(path) = value
            && !states.contains(&last(path))
        {
            let names = listed(states.iter().copied()).replace(" and ", " or ");
            let message = format!("`{}` is not a declared target of `{}`", last(path), transition.name);
            findings.push(
                Diagnostic::error("COH0611", at, message)
                    .help(format!("it may move to {names}; add the state to the declaration")),
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, keep, set};
    use crate::model::{Edge, Expr, Step, Target};

    fn speaks(steps: Vec<Step>) -> bool {
        let order = Specimen::closing(|close| {
            close.edge =
                Some(Edge { from: &["Open"], to: Target::OneOf { states: &["Held", "Closed"], stay: true } });
            close.steps = keep(steps).as_slice();
        });
        let mut findings = Vec::new();
        check(&order.transitions[1], &mut findings);
        !findings.is_empty()
    }

    fn to(state: &'static str) -> Step {
        set("status", Expr::Path(state))
    }

    fn either(other: &'static str) -> Step {
        let condition = Expr::Input("held");
        Step::If { condition, then: keep([to("OrderStatus::Held")]), otherwise: keep([to(other)]) }
    }

    #[test]
    fn speaks_of_a_state_that_is_not_declared() {
        assert!(speaks(vec![either("OrderStatus::Open")]));
    }

    #[test]
    fn is_silent_about_declared_states() {
        assert!(!speaks(vec![either("OrderStatus::Closed")]));
    }
}
