//! COH0308: an event that tells a change and not the value that came of it.
//!
//! It speaks where a transition calculates a field from itself, by adding or subtracting a value that is no constant,
//! and an event of the same transition carries that value and nothing of the field: neither its new value, nor its old
//! one, nor a computed field that follows from it. A consumer that sees such an event twice, or misses one, is wrong
//! from then on.

use super::findings::{About, Findings};
use super::reasoning::{Names, Term};
use crate::diagnostic::Diagnostic;
use crate::model::{At, BinaryOperator, Entity, Expr, Mutability, Step};

/// A field that is calculated from itself, and by what.
struct Change {
    field: &'static str,
    by: Term,
    /// The other value as it is written.
    text: String,
}

/// An event with the terms of its members.
struct Told {
    event: &'static str,
    members: Vec<(&'static str, Term)>,
    at: At,
}

#[derive(Default)]
struct Walk {
    changes: Vec<Change>,
    told: Vec<Told>,
}

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    for transition in entity.transitions {
        let mut walk = Walk::default();
        walk.steps(transition.steps, &mut Names::default());
        for told in &walk.told {
            let delta = walk.changes.iter().find_map(|change| {
                let (member, _) = told.members.iter().find(|(_, term)| *term == change.by)?;
                let shown = |field: &str| told.members.iter().any(|(_, term)| term.mentions(field));
                (!following(entity, change.field).any(shown)).then_some((change, *member))
            });
            let Some((Change { field, text, .. }, member)) = delta else { continue };
            let event = told.event;
            let message =
                format!("event `{event}` tells the change `{member}` of `{field}`, and not the new value");
            findings.push(
                About::Transition(entity.name(), transition.name),
                Diagnostic::warning("COH0308", told.at, message)
                    .note(format!("`{field}` changes by `{text}`; who sees that twice, or misses it, is wrong from then on"))
                    .help(format!("add the new value: `{field}: self.{field}`, after the assignment"))
                    .file(entity.file),
            );
        }
    }
}

/// The field and the computed fields that follow from it.
fn following(entity: &Entity, field: &'static str) -> impl Iterator<Item = &'static str> {
    let computed = entity.structure.fields.iter().filter(move |other| match other.mutability {
        Mutability::Computed(expr) => expr.fields().contains(&field),
        _ => false,
    });
    std::iter::once(field).chain(computed.map(|other| other.name))
}

impl Walk {
    fn steps(&mut self, steps: &'static [Step], names: &mut Names) {
        for step in steps {
            match step {
                Step::Let { name, value } => names.name(name, Term::of(value, names)),
                Step::Set { field, value, .. } => {
                    self.set(field, value, names);
                    names.assign(field);
                }
                Step::Change { field, .. } => names.assign(field),
                Step::Emit { message, payload: Expr::Record { members, .. }, at } => {
                    let members =
                        members.iter().filter_map(|(name, value)| Some((*name, Term::of(value, names)?)));
                    self.told.push(Told { event: message, members: members.collect(), at: *at });
                }
                Step::If { then, otherwise, .. } => {
                    self.steps(then, &mut names.clone());
                    self.steps(otherwise, &mut names.clone());
                }
                Step::Match { arms, .. } => {
                    arms.iter().for_each(|arm| self.steps(arm.steps, &mut names.clone()));
                }
                Step::Emit { .. } | Step::Request { .. } | Step::Reject { .. } => {}
            }
        }
    }

    fn set(&mut self, field: &'static str, value: &'static Expr, names: &Names) {
        let Expr::Binary(BinaryOperator::Add | BinaryOperator::Subtract, left, right) = value else { return };
        let (old, sides) = (names.field(field), [(left, right), (right, left)]);
        for (one, other) in sides {
            if let (Some(one), Some(by)) = (Term::of(one, names), Term::of(other, names))
                && one == old
                && !matches!(by, Term::Number(_))
            {
                self.changes.push(Change { field, by, text: other.to_string() });
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, binary, emit, int, keep, set, spoken};
    use crate::model::{At, BinaryOperator as Op, Expr, Field, Mutability, Step, Type};

    const AMOUNT: Expr = Expr::Field("amount");
    const PAID: Expr = Expr::Input("paid");

    fn steps(steps: Vec<Step>) -> Specimen {
        let mut order = Specimen::closing(|close| close.steps = keep(steps).as_slice());
        let computed = Mutability::Computed(binary(Op::Multiply, AMOUNT, int(2)));
        order.fields.push(Field { mutability: computed, ..Field::new("twice", Type::Int32, At(5)) });
        order
    }

    fn less() -> Step {
        set("amount", binary(Op::Subtract, AMOUNT, PAID))
    }

    #[test]
    fn speaks_of_an_event_that_tells_the_change_only() {
        let told = emit("OrderPaid", &[("order_id", Expr::Field("id")), ("paid", PAID)]);
        assert_eq!(spoken(check, steps(vec![less(), told])), ["COH0308 behaviour.rs:70"]);
        let named = Step::Let { name: "sum", value: PAID };
        let more = set("amount", binary(Op::Add, Expr::Local("sum"), AMOUNT));
        assert_eq!(spoken(check, steps(vec![told, named, more])).len(), 1);
    }

    #[test]
    fn is_silent_where_the_value_itself_is_told() {
        assert!(spoken(check, Specimen::order()).is_empty());
        for other in [AMOUNT, Expr::Field("twice"), binary(Op::Subtract, AMOUNT, PAID)] {
            let told = emit("OrderPaid", &[("paid", PAID), ("amount", other)]);
            assert!(spoken(check, steps(vec![told, less()])).is_empty(), "{other}");
        }
        let other = emit("OrderPaid", &[("by", Expr::Input("by"))]);
        assert!(spoken(check, steps(vec![less(), other])).is_empty());
    }

    #[test]
    fn is_silent_about_a_constant_and_about_another_value_of_the_same_field() {
        let one_more = set("amount", binary(Op::Add, AMOUNT, int(1)));
        assert!(spoken(check, steps(vec![one_more, emit("OrderCounted", &[("page", int(1))])])).is_empty());
        let before = emit("OrderMoved", &[("from", AMOUNT)]);
        let more = set("total", binary(Op::Add, Expr::Field("total"), AMOUNT));
        assert!(spoken(check, steps(vec![before, set("amount", PAID), more])).is_empty());
    }

    #[test]
    fn is_silent_about_a_field_that_takes_the_value() {
        let told = emit("OrderPaid", &[("paid", PAID)]);
        assert!(spoken(check, steps(vec![set("amount", PAID), told])).is_empty());
    }
}
