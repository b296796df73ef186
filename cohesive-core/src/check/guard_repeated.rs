//! COH0708: a guard that demands only what guards before it demand, so that its refusal is never given.
//!
//! A guard that always holds is left to COH0707, guards that contradict each other to COH0706.

use super::findings::Findings;
use super::guards;
use super::reasoning::Condition;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    guards::each(entity, &mut |transition, conditions, known| {
        let mut before = Condition::ALWAYS;
        for (guard, condition) in transition.guards.iter().zip(conditions) {
            if before.never(known) {
                return;
            }
            if !condition.always(known) && before.implies(condition, known) {
                let (name, of) = (guard.name, transition.name);
                let message =
                    format!("the guard `{name}` of `{of}` demands only what guards before it demand");
                let finding = Diagnostic::warning("COH0708", guard.at, message)
                    .note(format!(
                        "`{}` holds wherever they do, so `{name}` is never refused",
                        guards::shown(guard)
                    ))
                    .help("put the wider condition first, or take this one out");
                guards::note(entity, transition, finding, findings);
            }
            before = before.and(condition);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, guard, int, keep, spoken};
    use crate::model::{BinaryOperator as Op, Expr, Guard};

    const AMOUNT: Expr = Expr::Field("amount");

    fn guarded(guards: Vec<Guard>) -> Specimen {
        Specimen::closing(|close| close.guards = keep(guards).as_slice())
    }

    #[test]
    fn speaks_of_a_wider_condition_after_a_narrower_one() {
        let (more, some) =
            (guard("More", Op::Greater, AMOUNT, int(5)), guard("Some", Op::Greater, AMOUNT, int(0)));
        assert_eq!(spoken(check, guarded(vec![more, some])), ["COH0708 behaviour.rs:40"]);
    }

    #[test]
    fn is_silent_where_each_guard_refuses_something() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let (some, more) =
            (guard("Some", Op::Greater, AMOUNT, int(0)), guard("More", Op::Greater, AMOUNT, int(5)));
        assert!(spoken(check, guarded(vec![some, more])).is_empty());
        let any = guard("Any", Op::Equal, AMOUNT, AMOUNT);
        assert!(spoken(check, guarded(vec![more, any])).is_empty(), "left to COH0707");
        let less = guard("Less", Op::Less, AMOUNT, int(0));
        assert!(spoken(check, guarded(vec![more, less, some])).is_empty(), "left to COH0706");
    }
}
