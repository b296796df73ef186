//! COH0707: a guard that every input meets, so that it refuses nothing.

use super::findings::Findings;
use super::guards;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    guards::each(entity, &mut |transition, conditions, known| {
        for (guard, condition) in transition.guards.iter().zip(conditions) {
            if condition.always(known) {
                let message = format!("the guard `{}` of `{}` always holds", guard.name, transition.name);
                let finding = Diagnostic::warning("COH0707", guard.at, message)
                    .note(format!(
                        "`{}` follows from types, constraints and the declared states",
                        guards::shown(guard)
                    ))
                    .help("correct the condition, or take the guard out");
                guards::note(entity, transition, finding, findings);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, guard, int, keep, spoken};
    use crate::model::{BinaryOperator as Op, Expr, Guard, Type};

    fn guarded(condition: Guard) -> Specimen {
        Specimen::closing(|close| close.guards = keep([condition]))
    }

    #[test]
    fn speaks_of_what_a_type_or_a_state_has_anyway() {
        let at_least_0 = guard("AtLeast0", Op::GreaterOrEqual, Expr::Field("amount"), int(0));
        let mut order = guarded(at_least_0);
        order.fields[1].ty = Type::UInt32;
        assert_eq!(spoken(check, order), ["COH0707 behaviour.rs:40"]);
        let open = guard("IsOpen", Op::Equal, Expr::Field("status"), Expr::Path("OrderStatus::Open"));
        assert_eq!(spoken(check, guarded(open)).len(), 1);
    }

    #[test]
    fn is_silent_where_it_may_refuse() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let open = guard("IsOpen", Op::Equal, Expr::Field("amount"), Expr::Path("LIMIT"));
        assert!(spoken(check, guarded(open)).is_empty());
    }
}
