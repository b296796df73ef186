//! COH0711: an invariant that always holds, never holds, or says nothing about the entity.

use super::findings::{About, Findings};
use super::reasoning::{Condition, Known, Names};
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let known = Known::of_entity(entity);
    for invariant in entity.invariants {
        let condition = Condition::of(&invariant.condition, &Names::default(), true);
        let name = invariant.name;
        let message = if condition.never(&known) {
            format!("the invariant `{name}` never holds, so that nothing can ever happen")
        } else if condition.always(&known) {
            format!("the invariant `{name}` always holds")
        } else if invariant.condition.fields().is_empty() {
            format!("the invariant `{name}` says nothing about a field of `{}`", entity.name())
        } else {
            continue;
        };
        findings.push(
            About::Entity(entity.name()),
            Diagnostic::warning("COH0711", invariant.at, message)
                .note(format!("it demands `{}`", invariant.condition))
                .help("let it say what the fields have to be like, or take it out")
                .file(entity.file),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, binary, int, spoken};
    use crate::model::{BinaryOperator as Op, Expr, Literal};

    fn demanding(condition: Expr) -> Specimen {
        let mut order = Specimen::order();
        order.invariants[0].condition = condition;
        order
    }

    #[test]
    fn speaks_of_constants() {
        let amount = Expr::Field("amount");
        let same = binary(Op::Equal, amount, amount);
        let beyond = binary(Op::Greater, amount, int(i128::from(i32::MAX)));
        let elsewhere = binary(Op::Less, Expr::Path("LIMIT"), Expr::Path("OTHER"));
        for condition in [Expr::Literal(Literal::Bool(true)), same, beyond, elsewhere] {
            assert_eq!(spoken(check, demanding(condition)), ["COH0711 behaviour.rs:45"], "{condition}");
        }
    }

    #[test]
    fn is_silent_about_what_an_entity_may_break() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let limit = binary(Op::Less, Expr::Field("amount"), Expr::Path("LIMIT"));
        assert!(spoken(check, demanding(limit)).is_empty());
    }
}
