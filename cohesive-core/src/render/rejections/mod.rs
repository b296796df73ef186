//! Why a transition may be refused, read from the model alone.

mod body;
mod changed;
#[cfg(test)]
mod tests;

use body::{Misplaced, leaves};
pub(super) use changed::{changed, is_touched};

use super::calculations::Calculations;
use crate::model::{Edge, Entity, Field, Kind, Mutability, Target, Transition};
use crate::spelling::snake;

/// One way in which the domain may refuse an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PossibleRejection {
    /// The code that the caller sees, for example `tender.accept.can_accept`.
    pub code: String,
    /// What the caller is told.
    pub message: String,
    /// What kind of rule refuses: `state`, `guard` or `rule`, as
    /// [`RejectionClass`](crate::kernel::RejectionClass) has them.
    pub class: &'static str,
}

/// Every way in which the domain may refuse an input of `transition`, in the order of the checks.
///
/// What is listed can happen as far as the model shows; whether it ever does depends on values. Problems that are no
/// decisions, such as a stale version or a value that is not unique, are not listed.
#[must_use]
pub fn rejections(entity: &Entity, transition: &Transition) -> Vec<PossibleRejection> {
    let mut found = Found { entity, transition, list: Vec::new() };
    found.state();
    for guard in transition.guards {
        found.add("guard", &snake(guard.name), guard.message.to_owned());
    }
    for case in transition.rejections {
        found.add("guard", &snake(case.name), case.message.to_owned());
    }
    found.changes();
    found.calculations();
    found.constraints();
    found.invariants();
    found.list
}

struct Found<'a> {
    entity: &'a Entity,
    transition: &'a Transition,
    list: Vec<PossibleRejection>,
}

impl Found<'_> {
    fn add(&mut self, class: &'static str, rule: &str, message: String) {
        let code = format!("{}.{}.{rule}", self.entity.structure.table, self.transition.name);
        if self.list.iter().all(|known| known.code != code) {
            self.list.push(PossibleRejection { code, message, class });
        }
    }

    fn state(&mut self) {
        let edge = self.transition.edge.filter(|_| self.transition.kind == Kind::Update);
        if let Some(edge) = edge.filter(|edge| !edge.from.is_empty()) {
            let from = states(self.entity, edge.from);
            self.add("state", "wrong_state", format!("`{}` is possible in {from}", self.transition.name));
        }
    }

    /// What assigning fields and changing collections may run into.
    fn changes(&mut self) {
        let transition = self.transition;
        let sealed = self.entity.structure.fields.iter();
        let sealed = sealed.filter(|field| field.mutability == Mutability::WriteOnce);
        let sealed: Vec<_> = sealed.filter(|field| transition.writes.contains(&field.name)).collect();
        if transition.kind == Kind::Update && !sealed.is_empty() {
            let names: Vec<_> = sealed.iter().map(|field| field.name).collect();
            self.add("rule", "write_once", format!("`{}` can be set once", names.join("`, `")));
        }
        if let (Some(Edge { to: Target::OneOf { states, .. }, .. }), Some((lifecycle, _))) =
            (transition.edge, self.entity.structure.lifecycle())
            && leaves(transition.steps, lifecycle.name, states)
        {
            self.add("rule", "edge", "the lifecycle cannot move there".to_owned());
        }
        let mut misplaced = Misplaced::default();
        misplaced.look_at(self.entity, transition.steps);
        if misplaced.place {
            self.add("rule", "no_such_place", "the list has no such place".to_owned());
        }
        if misplaced.child {
            self.add("rule", "duplicate_child", "there is a child with this id already".to_owned());
        }
    }

    fn calculations(&mut self) {
        let calculations = Calculations::of(self.entity, self.transition);
        if calculations.overflow {
            let message = "the result of a calculation is beyond the range of its type";
            self.add("rule", "overflow", message.to_owned());
        }
        if calculations.division {
            self.add("rule", "division_by_zero", "a calculation divides by zero".to_owned());
        }
        if calculations.currencies {
            self.add("rule", "currency_mismatch", "a calculation mixes two currencies".to_owned());
        }
    }

    fn constraints(&mut self) {
        let changed = changed(self.entity, self.transition);
        for field in self.entity.structure.fields {
            if self.leaves_out(field) {
                continue;
            }
            for constraint in field.constraints {
                if is_touched(constraint, field.name, &changed) {
                    let message = format!("`{}`: {}", field.name, constraint.message);
                    self.add("rule", constraint.name, message);
                }
            }
        }
    }

    fn invariants(&mut self) {
        let changed = changed(self.entity, self.transition);
        for invariant in self.entity.invariants {
            // A condition that held before and reads nothing that changes still holds.
            if invariant.reads.iter().any(|field| changed.contains(field)) || self.creates() {
                let docs = if invariant.docs.is_empty() { "" } else { ": " };
                let message = format!("`{}` would not hold{docs}{}", invariant.name, invariant.docs);
                self.add("rule", invariant.name, message);
            }
        }
    }

    /// Whether a field is absent after a creation. What is absent keeps every constraint.
    fn leaves_out(&self, field: &Field) -> bool {
        self.creates()
            && field.ty.is_optional()
            && field.default.is_none()
            && field.mutability == Mutability::Mutable
            && !self.transition.writes.contains(&field.name)
    }

    fn creates(&self) -> bool {
        self.transition.kind == Kind::Create
    }
}

/// States by the names they have on the wire, for prose: `` `Open` or `on-hold` ``. No names stand for any state, as
/// in an [`Edge`](crate::model::Edge).
#[must_use]
pub fn states(entity: &Entity, names: &[&str]) -> String {
    if names.is_empty() {
        return "any state".to_owned();
    }
    let lifecycle = entity.structure.lifecycle().map(|(_, states)| states);
    let wire = |name: &&str| match lifecycle.and_then(|states| states.variant(name)) {
        Some(variant) => format!("`{}`", variant.wire),
        None => format!("`{name}`"),
    };
    names.iter().map(wire).collect::<Vec<_>>().join(" or ")
}
