//! COH0709: a way of a choice that is never taken.
//!
//! The ways of `if … else if … else` and of `match` are looked at in order, the first that fits is taken. A way is
//! never taken when its condition never holds, or when those before it take everything that it would take. Conditions
//! are compared where they compare one term with constants, or two terms with each other; guards, types and constraints
//! count as known. A choice within a way that is never taken is left alone.

use super::findings::{About, Findings};
use super::walk;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    for transition in entity.transitions {
        for choice in walk::choices(entity, transition).iter().filter(|choice| !choice.known.is_impossible())
        {
            let mut left = choice.known.clone();
            for (index, way) in choice.ways.iter().enumerate() {
                let mut earlier = choice.ways.iter().take(index);
                let taken = earlier.find(|earlier| way.condition.implies(&earlier.condition, &choice.known));
                let never = way.condition.never(&choice.known);
                let rest = left.and(&way.condition);
                if never || taken.is_some() || rest.is_impossible() {
                    let message = format!("a way of `{}` is never taken", transition.name);
                    let reason = match taken {
                        Some(taken) if !never => {
                            format!("`{}` comes after `{}`, which takes all of it", way.text, taken.text)
                        }
                        _ if never => format!("`{}` never holds here", way.text),
                        _ => format!("`{}` comes after ways that take all of it together", way.text),
                    };
                    let finding = Diagnostic::warning("COH0709", way.at, message)
                        .note(reason)
                        .help("put the narrower condition first, or take the way out")
                        .file(entity.file);
                    findings.push(About::Transition(entity.name(), transition.name), finding);
                }
                left = left.and(&way.condition.negated());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, binary, emit, int, keep, set, spoken};
    use crate::model::{BinaryOperator as Op, Expr, Pattern, Step, StepArm};

    const AMOUNT: Expr = Expr::Field("amount");

    fn chain(conditions: Vec<Expr>, last: &'static [Step]) -> Specimen {
        let otherwise = conditions.into_iter().rev().fold(last, |otherwise, condition| {
            let then = keep([emit("OrderClosed", &[])]);
            keep([Step::If { condition, then, otherwise }])
        });
        Specimen::closing(|close| close.steps = otherwise)
    }

    fn compare(operator: Op, number: i128) -> Expr {
        binary(operator, AMOUNT, int(number))
    }

    #[test]
    fn speaks_of_a_narrower_way_after_a_wider_one() {
        let wider_first = chain(vec![compare(Op::Greater, 3), compare(Op::Greater, 5)], &[]);
        assert_eq!(spoken(check, wider_first), ["COH0709 behaviour.rs:70"]);
    }

    #[test]
    fn speaks_of_what_ways_before_it_leave_nothing_to() {
        let rest = keep([set("amount", int(0))]);
        let all = chain(vec![compare(Op::Greater, 3), compare(Op::LessOrEqual, 3)], rest);
        assert_eq!(spoken(check, all), ["COH0709 behaviour.rs:50"]);
        let three = chain(vec![compare(Op::Greater, 5), compare(Op::Less, 3), compare(Op::Equal, 9)], &[]);
        assert_eq!(spoken(check, three).len(), 1);
    }

    #[test]
    fn speaks_of_what_a_guard_rules_out() {
        let negative = chain(vec![compare(Op::Less, 0)], &[]);
        assert_eq!(spoken(check, negative).len(), 1, "the guard demands an amount of at least 0");
    }

    #[test]
    fn is_silent_where_each_way_takes_something() {
        assert!(spoken(check, Specimen::order()).is_empty());
        assert!(spoken(check, chain(vec![compare(Op::Greater, 5), compare(Op::Greater, 3)], &[])).is_empty());
        let other = binary(Op::Greater, Expr::Input("limit"), int(5));
        assert!(spoken(check, chain(vec![compare(Op::Greater, 3), other], &[])).is_empty());
    }

    #[test]
    fn is_silent_about_a_field_that_was_assigned_in_between() {
        let before = Step::Let { name: "before", value: AMOUNT };
        let fell = binary(Op::Less, AMOUNT, Expr::Local("before"));
        let way = Step::If { condition: fell, then: keep([emit("OrderClosed", &[])]), otherwise: &[] };
        let steps = keep([before, set("amount", Expr::Input("amount")), way]);
        assert!(spoken(check, Specimen::closing(|close| close.steps = steps)).is_empty());
    }

    #[test]
    fn speaks_of_an_arm_whose_condition_is_taken_before() {
        let arm =
            |pattern, condition| StepArm { pattern, condition, steps: keep([emit("OrderClosed", &[])]) };
        let bound = |operator, number| Some(binary(operator, Expr::Local("n"), int(number)));
        let arms = keep([
            arm(Pattern::Bind("n"), bound(Op::Greater, 3)),
            arm(Pattern::Bind("n"), bound(Op::Greater, 5)),
            arm(Pattern::Any, None),
        ]);
        let steps = keep([Step::Match { on: AMOUNT, arms }]);
        assert_eq!(spoken(check, Specimen::closing(|close| close.steps = steps)).len(), 1);
    }
}
