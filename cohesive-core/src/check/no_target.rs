//! COH0610: a transition with several targets whose body chooses none of them.
//!
//! With one target the model moves the lifecycle. With several, the body says where to.

use super::findings::listed;
use super::targets::chosen_field;
use crate::diagnostic::Diagnostic;
use crate::model::{Edge, Target, Transition};

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    let Some(Edge { to: Target::OneOf { states, .. }, .. }) = transition.edge else { return };
    if chosen_field(transition.steps, states).is_none() {
        let message = format!("`{}` declares several targets and chooses none", transition.name);
        findings.push(Diagnostic::error("COH0610", transition.at, message).help(format!(
            "assign the lifecycle field in the body: to {}",
            listed(states.iter().copied()).replace(" and ", " or ")
        )));
    }
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

    #[test]
    fn speaks_of_a_body_without_a_choice() {
        assert!(speaks(vec![]) && speaks(vec![set("amount", Expr::Input("amount"))]));
    }

    #[test]
    fn is_silent_about_a_body_that_chooses() {
        assert!(!speaks(vec![to("OrderStatus::Held")]));
    }
}
