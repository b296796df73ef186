//! COH0706: guards of one transition that no input meets together.
//!
//! A guard that never holds by itself is left to COH0705.

use super::findings::Findings;
use super::guards;
use super::reasoning::Condition;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    guards::each(entity, &mut |transition, conditions, known| {
        if conditions.iter().any(|condition| condition.never(known)) {
            return;
        }
        let mut before = Condition::ALWAYS;
        for (index, (guard, condition)) in transition.guards.iter().zip(conditions).enumerate() {
            before = before.and(condition);
            if !before.never(known) {
                continue;
            }
            let mut earlier = transition.guards.iter().zip(conditions).take(index);
            let other = earlier.find(|(_, other)| other.and(condition).never(known));
            let of = transition.name;
            let (message, note) = match other {
                Some((other, _)) => (
                    format!(
                        "the guards `{}` and `{}` of `{of}` contradict each other",
                        other.name, guard.name
                    ),
                    format!("they demand `{}` and `{}`", guards::shown(other), guards::shown(guard)),
                ),
                None => (
                    format!("the guard `{}` of `{of}` contradicts those before it", guard.name),
                    format!("it demands `{}`", guards::shown(guard)),
                ),
            };
            let finding = Diagnostic::warning("COH0706", guard.at, message)
                .note(note)
                .note(format!("so `{of}` never happens"))
                .help("correct one of them, or make two transitions of it");
            guards::note(entity, transition, finding, findings);
            return;
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
    fn speaks_of_two_guards_that_exclude_each_other() {
        let (large, small) =
            (guard("Large", Op::Greater, AMOUNT, int(5)), guard("Small", Op::Less, AMOUNT, int(3)));
        assert_eq!(spoken(check, guarded(vec![large, small])), ["COH0706 behaviour.rs:40"]);
    }

    #[test]
    fn speaks_of_one_that_several_exclude() {
        let (from, to) = (guard("From", Op::Greater, AMOUNT, int(3)), guard("To", Op::Less, AMOUNT, int(5)));
        let not_between = guard("NotFour", Op::NotEqual, AMOUNT, int(4));
        assert_eq!(spoken(check, guarded(vec![from, to, not_between])).len(), 1);
    }

    #[test]
    fn is_silent_where_an_input_can_meet_both() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let (large, small) =
            (guard("Large", Op::Greater, AMOUNT, int(3)), guard("Small", Op::Less, AMOUNT, int(5)));
        assert!(spoken(check, guarded(vec![large, small])).is_empty());
        let never = guard("Never", Op::Less, AMOUNT, AMOUNT);
        assert!(spoken(check, guarded(vec![large, never])).is_empty(), "left to COH0705");
    }
}
