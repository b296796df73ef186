//! COH0710: two ways of a choice take the same values, and their order decides.
//!
//! It speaks where both conditions compare one and the same term with constants, some values meet both, and each takes
//! some that the other does not: `amount < 10`, then `amount > 5`. A narrower condition before a wider one, as in
//! `amount > 10`, then `amount > 5`, is how ordered choices are written, and silent.

use super::findings::{About, Findings};
use super::walk;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    for transition in entity.transitions {
        for choice in walk::choices(entity, transition).iter().filter(|choice| !choice.known.is_impossible())
        {
            let pairs =
                choice.ways.iter().enumerate().flat_map(|(index, way)| {
                    choice.ways.iter().take(index).map(move |earlier| (earlier, way))
                });
            let mut overlapping =
                pairs.filter(|(earlier, way)| earlier.condition.overlaps(&way.condition, &choice.known));
            if let Some((earlier, way)) = overlapping.next() {
                let (first, second, of) = (&earlier.text, &way.text, transition.name);
                let message = format!("two ways of `{of}` overlap, and the first one decides");
                let finding = Diagnostic::hint("COH0710", way.at, message)
                    .note(format!("both `{first}` and `{second}` may hold"))
                    .help("where the order is not meant, let the conditions exclude each other")
                    .file(entity.file);
                findings.push(About::Transition(entity.name(), transition.name), finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, binary, emit, int, keep, spoken};
    use crate::model::{BinaryOperator as Op, Expr, Step};

    const AMOUNT: Expr = Expr::Field("amount");

    fn two(first: Expr, second: Expr) -> Specimen {
        let then = keep([emit("OrderClosed", &[])]);
        let second = keep([Step::If { condition: second, then, otherwise: &[] }]);
        let first = keep([Step::If { condition: first, then, otherwise: second }]);
        Specimen::closing(|close| close.steps = first)
    }

    #[test]
    fn speaks_where_each_takes_some_of_the_others_values() {
        let order = two(binary(Op::Less, AMOUNT, int(10)), binary(Op::Greater, AMOUNT, int(5)));
        assert_eq!(spoken(check, order), ["COH0710 behaviour.rs:70"]);
    }

    #[test]
    fn is_silent_where_the_order_is_the_usual_one_or_does_not_matter() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let narrowing = two(binary(Op::Greater, AMOUNT, int(10)), binary(Op::Greater, AMOUNT, int(5)));
        assert!(spoken(check, narrowing).is_empty());
        let apart = two(binary(Op::Greater, AMOUNT, int(10)), binary(Op::Less, AMOUNT, int(10)));
        assert!(spoken(check, apart).is_empty());
        let others = two(binary(Op::Less, AMOUNT, int(10)), binary(Op::Greater, Expr::Input("x"), int(5)));
        assert!(spoken(check, others).is_empty());
    }
}
