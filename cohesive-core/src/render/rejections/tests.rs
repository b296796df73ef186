use super::rejections;
use crate::model::{
    At, BinaryOperator, Change, Constraint, Edge, Entity, EnumType, Expr, Field, FieldRole, Invariant, Kind,
    Literal, Member, Mutability, RecordType, Rule, Step, Structure, Target, Transition, Type,
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
fn a_state_that_is_written_out_is_known_to_be_declared() {
    const STATES: EnumType = EnumType { name: "Status", docs: "", file: "", variants: &[], lifecycle: true };
    const STATUS: Field =
        Field { role: FieldRole::Lifecycle, ..Field::new("status", Type::Enum(&STATES), At(0)) };
    const STRUCTURE: Structure = Structure { fields: &[STATUS], ..super::tests::STRUCTURE };
    const OPEN: Expr = Expr::Path("Status::Open");
    const DONE: Expr = Expr::Path("Done");
    const HELD: Expr = Expr::Path("Status::Held");
    let refused = |value: Expr| {
        let inner = vec![Step::Set { field: "status", value, at: At(0) }].leak();
        let steps = vec![Step::If { condition: OPEN, then: &[], otherwise: inner }].leak();
        let edge = Edge { from: &[], to: Target::OneOf { states: &["Open", "Done"], stay: true } };
        let transition = Transition { edge: Some(edge), steps, ..UPDATE };
        !rejections(&Entity::new(&STRUCTURE, ""), &transition).is_empty()
    };
    let choice = |otherwise| Expr::If { condition: &OPEN, then: &OPEN, otherwise };
    assert!(!refused(OPEN) && !refused(choice(&DONE)));
    assert!(refused(HELD) && refused(choice(&HELD)) && refused(Expr::Input("status")));
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
