//! COH0705: a guard that no input meets, so that the transition never happens.

use super::findings::Findings;
use super::guards;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    guards::each(entity, &mut |transition, conditions, known| {
        for (guard, condition) in transition.guards.iter().zip(conditions) {
            if condition.never(known) {
                let (name, of) = (guard.name, transition.name);
                let message = format!("the guard `{name}` of `{of}` never holds, so `{of}` never happens");
                let finding = Diagnostic::warning("COH0705", guard.at, message)
                    .note(format!("it demands `{}`", guards::shown(guard)))
                    .help("correct the condition, or take the transition out");
                guards::note(entity, transition, finding, findings);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, binary, guard, int, keep, spoken};
    use crate::model::{At, BinaryOperator as Op, Constraint, Expr, Guard, Rule};

    const AMOUNT: Expr = Expr::Field("amount");

    fn guarded(condition: Guard) -> Specimen {
        Specimen::closing(|close| close.guards = keep([condition]))
    }

    #[test]
    fn speaks_of_bounds_that_exclude_each_other() {
        let (large, small) = (binary(Op::Greater, AMOUNT, int(5)), binary(Op::Less, AMOUNT, int(3)));
        let both =
            Guard { condition: binary(Op::And, large, small), ..guard("Both", Op::Equal, AMOUNT, int(0)) };
        assert_eq!(spoken(check, guarded(both)), ["COH0705 behaviour.rs:40"]);
    }

    #[test]
    fn speaks_of_what_type_constraint_and_state_exclude() {
        let beyond = guard("Beyond", Op::Greater, AMOUNT, int(i128::from(i32::MAX)));
        assert_eq!(spoken(check, guarded(beyond)).len(), 1);
        let mut order = guarded(guard("Many", Op::Greater, AMOUNT, int(10)));
        let rule = Rule::Range { least: Some(int(1)), greatest: Some(int(10)), inclusive: true };
        order.fields[1].constraints = keep([Constraint { name: "", message: "", rule, at: At(0) }]);
        assert_eq!(spoken(check, order).len(), 1);
        let closed = guard("IsClosed", Op::Equal, Expr::Field("status"), Expr::Path("OrderStatus::Closed"));
        assert_eq!(spoken(check, guarded(closed)).len(), 1);
    }

    #[test]
    fn is_silent_where_an_input_can_meet_it() {
        assert!(spoken(check, Specimen::order()).is_empty());
        assert!(
            spoken(check, guarded(guard("Most", Op::Equal, AMOUNT, int(i128::from(i32::MAX))))).is_empty()
        );
        assert!(spoken(check, guarded(guard("Other", Op::Less, AMOUNT, Expr::Path("LIMIT")))).is_empty());
    }
}
