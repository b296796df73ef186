//! COH0313: two transitions of an entity follow one event in one state.
//!
//! It is silent where their states have none in common, or where their guards cannot hold together.

use super::findings::{About, Findings};
use super::guards;
use super::reasoning::Known;
use crate::diagnostic::Diagnostic;
use crate::model::{Edge, Entity, Kind, Transition};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    for (index, transition) in entity.transitions.iter().enumerate() {
        let Some(consumption) = transition.consumes else { continue };
        let same = |other: &&Transition| {
            other.kind == transition.kind
                && other.consumes.is_some_and(|other| other.event == consumption.event)
        };
        for earlier in entity.transitions.iter().take(index).filter(same) {
            let Some(place) = common(entity, earlier, transition) else { continue };
            let message = format!(
                "`{}` and `{}` both follow `{}`{place}",
                earlier.name, transition.name, consumption.event
            );
            let about = [earlier, transition].map(|one| About::Transition(entity.name(), one.name));
            findings.push_about(
                about.to_vec(),
                Diagnostic::warning("COH0313", consumption.at, message)
                    .note("the order in which they are looked at would decide what the event means")
                    .help("let them start from different states, or tell them apart by guards on one value")
                    .file(entity.file),
            );
        }
    }
}

/// Where both may happen, as the end of a message; nothing where they exclude each other.
fn common(entity: &Entity, one: &Transition, other: &Transition) -> Option<String> {
    let both = guards::all(one).and(&guards::all(other));
    if both.never(&Known::of_entity(entity)) {
        return None;
    }
    if one.kind == Kind::Create {
        return Some(String::new());
    }
    let somewhere = |edge: &Edge| !edge.from.is_empty();
    match (one.edge.filter(somewhere), other.edge.filter(somewhere)) {
        (Some(one), Some(other)) => {
            let state = one.from.iter().find(|state| other.from.contains(state))?;
            Some(format!(" in the state `{state}`"))
        }
        (Some(edge), None) | (None, Some(edge)) => {
            edge.from.first().map(|state| format!(" in the state `{state}`"))
        }
        (None, None) => Some(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, guard, int, keep, spoken};
    use crate::model::{At, BinaryOperator as Op, Consumption, Edge, Expr, Guard, Kind, Target, Transition};

    fn following(name: &'static str, from: &'static [&'static str], condition: Guard) -> Transition {
        Transition {
            edge: Some(Edge { from, to: Target::State("Closed") }),
            guards: keep([condition]),
            consumes: Some(Consumption { event: "Paid", bindings: &[], at: At(80) }),
            ..Transition::new(name, name, Kind::Update, At(23))
        }
    }

    fn with(transitions: &[Transition; 2]) -> Specimen {
        let mut order = Specimen::order();
        order.transitions.extend(transitions);
        order
    }

    fn sum(operator: Op, bound: i128) -> Guard {
        guard("Sum", operator, Expr::Input("sum"), int(bound))
    }

    #[test]
    fn speaks_of_two_that_one_event_may_mean() {
        let (ship, refund) = (
            following("ship", &["Open"], sum(Op::Greater, 5)),
            following("refund", &["Open"], sum(Op::Less, 9)),
        );
        assert_eq!(spoken(check, with(&[ship, refund])), ["COH0313 behaviour.rs:80"]);
    }

    #[test]
    fn is_silent_where_they_exclude_each_other() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let ship = following("ship", &["Open"], sum(Op::Greater, 5));
        assert!(spoken(check, with(&[ship, following("refund", &["Open"], sum(Op::Less, 5))])).is_empty());
        assert!(spoken(check, with(&[ship, following("refund", &["Held"], sum(Op::Less, 9))])).is_empty());
    }
}
