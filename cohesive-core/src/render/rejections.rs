//! Why a transition may be refused, read from the model alone.

use super::calculations::Calculations;
use crate::model::{
    Change, Constraint, Entity, Expr, Field, Kind, Mutability, Rule, Step, Target, Transition, Type,
};
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
        if transition.edge.is_some_and(|edge| matches!(edge.to, Target::OneOf { .. })) {
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

/// Whether a constraint looks at a field that may be different.
pub(super) fn is_touched(constraint: &Constraint, field: &str, changed: &[&str]) -> bool {
    let touched = |expression: &Expr| expression.fields().iter().any(|name| changed.contains(name));
    changed.contains(&field)
        || match &constraint.rule {
            Rule::Range { least, greatest, .. } => least.iter().chain(greatest).any(touched),
            Rule::Check(condition) => touched(condition),
            Rule::Length { .. } | Rule::Pattern(_) => false,
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

/// The fields that may be different afterwards, in the order of the entity; all of them, for a creation. Computed
/// fields are different where something that they read is.
pub(super) fn changed(entity: &Entity, transition: &Transition) -> Vec<&'static str> {
    let fields = entity.structure.fields.iter();
    if transition.kind == Kind::Create {
        return fields.map(|field| field.name).collect();
    }
    let mut names = transition.writes.to_vec();
    if transition.edge.is_some_and(|edge| edge.to != Target::Same) {
        names.extend(entity.structure.lifecycle().map(|(field, _)| field.name));
    }
    let mut known = usize::MAX;
    while known != names.len() {
        known = names.len();
        for field in fields.clone().filter(|field| !names.contains(&field.name)).collect::<Vec<_>>() {
            if let Mutability::Computed(expression) = &field.mutability
                && expression.fields().iter().any(|name| names.contains(name))
            {
                names.push(field.name);
            }
        }
    }
    fields.map(|field| field.name).filter(|name| names.contains(name)).collect()
}

/// What changes to collections may run into.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Misplaced {
    place: bool,
    child: bool,
}

impl Misplaced {
    fn look_at(&mut self, entity: &Entity, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Change { field, change, .. } => {
                    let ty = entity.structure.field(field).map(|field| *field.ty.required());
                    self.look(ty, *change);
                }
                Step::If { then, otherwise, .. } => {
                    self.look_at(entity, then);
                    self.look_at(entity, otherwise);
                }
                Step::Match { arms, .. } => arms.iter().for_each(|arm| self.look_at(entity, arm.steps)),
                Step::Let { .. }
                | Step::Set { .. }
                | Step::Emit { .. }
                | Step::Request { .. }
                | Step::Reject { .. } => {}
            }
        }
    }

    fn look(&mut self, ty: Option<Type>, change: Change) {
        let Some(Type::List(element)) = ty else { return };
        let owns_children = matches!(element, Type::Record(record) if record.id.is_some());
        self.place |= matches!(change, Change::Insert | Change::Remove);
        self.child |= matches!(change, Change::Push | Change::Insert) && owns_children;
    }
}

#[cfg(test)]
mod tests {
    use super::rejections;
    use crate::model::{
        At, BinaryOperator, Change, Constraint, Edge, Entity, Expr, Field, Invariant, Kind, Literal, Member,
        Mutability, RecordType, Rule, Step, Structure, Target, Transition, Type,
    };

    const LINE: RecordType = RecordType {
        name: "Line",
        docs: "",
        members: &[Member::new("number", Type::UInt32, At(0))],
        id: Some("number"),
    };
    const LIMIT: Constraint = Constraint {
        name: "total_range",
        message: "at most 100",
        rule: Rule::Range { least: None, greatest: Some(Expr::Literal(Literal::Int(100))), inclusive: true },
        at: At(0),
    };
    const COVERED: Constraint = Constraint {
        name: "credit_check",
        message: "credit covers the total",
        rule: Rule::Check(Expr::Binary(
            BinaryOperator::GreaterOrEqual,
            &Expr::Field("credit"),
            &Expr::Field("total"),
        )),
        at: At(0),
    };
    const TWICE: Expr = Expr::Binary(BinaryOperator::Add, &Expr::Field("sum"), &Expr::Field("sum"));
    const STRUCTURE: Structure = Structure {
        name: "Order",
        table: "order",
        plural: "orders",
        docs: "",
        file: "",
        fields: &[
            Field { constraints: &[LIMIT], ..Field::new("total", Type::Int64, At(0)) },
            Field { constraints: &[COVERED], ..Field::new("credit", Type::Int64, At(0)) },
            Field { mutability: Mutability::WriteOnce, ..Field::new("voucher", Type::Text, At(0)) },
            Field::new("lines", Type::List(&Type::Record(&LINE)), At(0)),
            Field {
                constraints: &[Constraint { name: "words_length", ..LIMIT }],
                ..Field::new("words", Type::Optional(&Type::List(&Type::Text)), At(0))
            },
            Field::new("tags", Type::Set(&Type::Text), At(0)),
            Field { mutability: Mutability::Computed(TWICE), ..Field::new("twice", Type::Int64, At(0)) },
            Field {
                mutability: Mutability::Computed(Expr::Field("twice")),
                constraints: &[Constraint { name: "echo_range", ..LIMIT }],
                ..Field::new("echo", Type::Int64, At(0))
            },
            Field::new("sum", Type::Int64, At(0)),
        ],
        allowances: &[],
        at: At(0),
    };
    const POSITIVE: Invariant = Invariant {
        name: "positive",
        docs: "It costs something.",
        condition: Expr::Field("total"),
        reads: &["total"],
        at: At(0),
    };
    const UPDATE: Transition = Transition::new("change", "ChangeOrder", Kind::Update, At(0));

    fn codes(transition: &Transition) -> Vec<String> {
        let entity = Entity { invariants: &[POSITIVE], ..Entity::new(&STRUCTURE, "") };
        let found = rejections(&entity, transition);
        found.into_iter().map(|one| one.code.replace("order.change.", "")).collect()
    }

    #[test]
    fn constraints_and_invariants_can_refuse_where_what_they_read_is_written() {
        assert_eq!(codes(&UPDATE), Vec::<String>::new());
        assert_eq!(codes(&Transition { writes: &["credit"], ..UPDATE }), ["credit_check"]);
        let total = Transition { writes: &["total"], ..UPDATE };
        assert_eq!(codes(&total), ["total_range", "credit_check", "positive"]);
        let create = Transition { kind: Kind::Create, ..UPDATE };
        assert_eq!(codes(&create), ["overflow", "total_range", "credit_check", "echo_range", "positive"]);
        let entity = Entity { invariants: &[POSITIVE], ..Entity::new(&STRUCTURE, "") };
        let messages: Vec<_> = rejections(&entity, &total).into_iter().map(|one| one.message).collect();
        assert_eq!(
            messages,
            [
                "`total`: at most 100",
                "`credit`: credit covers the total",
                "`positive` would not hold: It costs something."
            ]
        );
    }

    #[test]
    fn what_a_creation_leaves_out_keeps_every_constraint() {
        let create = Transition { kind: Kind::Create, ..UPDATE };
        assert!(!codes(&create).contains(&"words_length".to_owned()));
        assert!(codes(&Transition { writes: &["words"], ..create }).contains(&"words_length".to_owned()));
    }

    #[test]
    fn what_is_computed_can_refuse_where_something_it_follows_is_written() {
        assert_eq!(codes(&Transition { writes: &["sum"], ..UPDATE }), ["overflow", "echo_range"]);
        assert_eq!(codes(&Transition { writes: &["tags"], ..UPDATE }), Vec::<String>::new());
    }

    #[test]
    fn a_field_that_can_be_set_once_refuses_updates_only() {
        let writes: &[&str] = &["voucher"];
        assert_eq!(codes(&Transition { writes, ..UPDATE }), ["write_once"]);
        let create = codes(&Transition { writes, kind: Kind::Create, ..UPDATE });
        assert!(!create.contains(&"write_once".to_owned()));
    }

    #[test]
    fn a_movement_from_any_state_is_refused_by_none() {
        let edge = |from| Some(Edge { from, to: Target::Same });
        assert_eq!(codes(&Transition { edge: edge(&["Open"]), ..UPDATE }), ["wrong_state"]);
        assert_eq!(codes(&Transition { edge: edge(&[]), ..UPDATE }), Vec::<String>::new());
    }

    #[test]
    fn places_and_children_are_looked_for_in_lists_only() {
        const fn step(field: &'static str, change: Change) -> [Step; 1] {
            [Step::Change { field, change, operands: &[], at: At(0) }]
        }
        let of = |steps: [Step; 1]| codes(&Transition { steps: steps.to_vec().leak(), ..UPDATE });
        assert_eq!(of(step("lines", Change::Push)), ["duplicate_child"]);
        assert_eq!(of(step("lines", Change::Insert)), ["no_such_place", "duplicate_child"]);
        assert_eq!(of(step("lines", Change::Upsert)), Vec::<String>::new());
        assert_eq!(of(step("words", Change::Remove)), ["no_such_place"]);
        assert_eq!(of(step("words", Change::Push)), Vec::<String>::new());
        for change in [Change::Insert, Change::Remove, Change::Extend, Change::Clear] {
            assert_eq!(of(step("tags", change)), Vec::<String>::new(), "{change:?}");
        }
    }
}
