//! COH0612: a path through a body with several targets that chooses none.
//!
//! Such a path would leave the entity in a state that the declaration rules out.

use super::targets::chosen_field;
use crate::diagnostic::Diagnostic;
use crate::model::{Edge, Step, Target, Transition};

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    let Some(Edge { to: Target::OneOf { states, stay: false }, .. }) = transition.edge else { return };
    let Some(field) = chosen_field(transition.steps, states) else { return };
    if !always_sets(transition.steps, field) {
        let message = format!("a path through `{}` does not choose a target", transition.name);
        findings.push(
            Diagnostic::error("COH0612", transition.at, message)
                .help(format!("assign `{field}` on every path, or add `_` to the targets for \"stay\"")),
        );
    }
}

/// Whether every path that is not refused assigns the field.
fn always_sets(steps: &[Step], field: &str) -> bool {
    steps.iter().any(|step| match step {
        Step::Set { field: set, .. } => *set == field,
        Step::Reject { .. } => true,
        Step::If { then, otherwise, .. } => always_sets(then, field) && always_sets(otherwise, field),
        Step::Match { arms, .. } => arms.iter().all(|arm| always_sets(arm.steps, field)),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, keep, set};
    use crate::model::{Edge, Expr, Step, Target};

    fn speaks(stay: bool, steps: Vec<Step>) -> bool {
        let order = Specimen::closing(|close| {
            close.edge =
                Some(Edge { from: &["Open"], to: Target::OneOf { states: &["Held", "Closed"], stay } });
            close.steps = keep(steps).as_slice();
        });
        let mut findings = Vec::new();
        check(&order.transitions[1], &mut findings);
        !findings.is_empty()
    }

    fn to(state: &'static str) -> Step {
        set("status", Expr::Path(state))
    }

    fn one_way(otherwise: &'static [Step]) -> Vec<Step> {
        vec![Step::If { condition: Expr::Input("held"), then: keep([to("OrderStatus::Held")]), otherwise }]
    }

    #[test]
    fn speaks_of_a_path_without_a_choice() {
        assert!(speaks(false, one_way(&[])));
    }

    #[test]
    fn is_silent_where_every_path_chooses_is_refused_or_may_stay() {
        assert!(!speaks(false, one_way(keep([to("OrderStatus::Closed")]))));
        assert!(!speaks(false, one_way(keep([Step::Reject { name: "No" }]))));
        assert!(!speaks(true, one_way(&[])));
    }
}
