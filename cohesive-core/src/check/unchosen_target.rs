//! COH0712: a declared target that the body never chooses.
//!
//! A body that chooses none at all is left to COH0610. Where a body assigns a value that is not a state by name, it may
//! choose any.

use super::findings::{About, Findings, listed};
use super::targets::{chosen_field, each_choice, last};
use crate::diagnostic::Diagnostic;
use crate::model::{Edge, Entity, Expr, Target};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    for transition in entity.transitions {
        let Some(Edge { to: Target::OneOf { states, .. }, .. }) = transition.edge else { continue };
        let Some(field) = chosen_field(transition.steps, states) else { continue };
        let (mut chosen, mut any) = (Vec::new(), false);
        each_choice(transition.steps, field, &mut |value, _| match value {
            Expr::Path(path) => chosen.push(last(path)),
            _ => any = true,
        });
        let missed: Vec<&str> = states.iter().copied().filter(|state| !chosen.contains(state)).collect();
        if any || missed.is_empty() {
            continue;
        }
        let word = if missed.len() == 1 { "target" } else { "targets" };
        let pronoun = if missed.len() == 1 { "it" } else { "them" };
        let message = format!(
            "`{}` declares the {word} {} and never chooses {pronoun}",
            transition.name,
            listed(missed)
        );
        findings.push(
            About::Transition(entity.name(), transition.name),
            Diagnostic::warning("COH0712", transition.at, message)
                .help(format!("choose {pronoun} in the body, or take {pronoun} out of the declaration"))
                .file(entity.file),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, keep, set, spoken};
    use crate::model::{Edge, Expr, Target};

    fn choosing(value: Expr) -> Specimen {
        Specimen::closing(|close| {
            let to = Target::OneOf { states: &["Held", "Closed"], stay: true };
            close.edge = Some(Edge { from: &["Open"], to });
            close.steps = keep([set("status", value)]);
        })
    }

    fn either(condition: Expr) -> Expr {
        let (then, otherwise) = (keep(Expr::Path("S::Held")), keep(Expr::Path("S::Closed")));
        Expr::If { condition: keep(condition), then, otherwise }
    }

    #[test]
    fn speaks_of_a_target_that_is_not_chosen() {
        assert_eq!(spoken(check, choosing(Expr::Path("S::Closed"))), ["COH0712 behaviour.rs:22"]);
    }

    #[test]
    fn is_silent_where_each_is_chosen_or_any_may_be() {
        assert!(spoken(check, Specimen::order()).is_empty());
        assert!(spoken(check, choosing(either(Expr::Input("held")))).is_empty());
        let given = Expr::If {
            condition: keep(Expr::Input("held")),
            then: keep(Expr::Path("S::Held")),
            otherwise: keep(Expr::Input("state")),
        };
        assert!(spoken(check, choosing(given)).is_empty());
    }
}
