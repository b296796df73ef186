use super::{Calculations, Walk};
use crate::model::{
    Arm, At, BinaryOperator, Entity, Expr, Field, FoldOperator, Kind, Literal, Member, Parameter, Pattern,
    RecordType, Step, Structure, Transition, Type,
};
use crate::value::{Money, Value};

const LINE: RecordType = RecordType {
    name: "Line",
    docs: "",
    members: &[Member::new("price", Money::TYPE, At(0)), Member::new("quantity", Type::Decimal, At(0))],
    id: None,
};
const STRUCTURE: Structure = Structure {
    name: "Order",
    table: "order",
    plural: "orders",
    docs: "",
    file: "",
    fields: &[
        Field::new("total", Money::TYPE, At(0)),
        Field::new("discount", Type::Optional(&Money::TYPE), At(0)),
        Field::new("count", Type::Int64, At(0)),
        Field::new("lines", Type::List(&Type::Record(&LINE)), At(0)),
    ],
    allowances: &[],
    at: At(0),
};
const TRANSITION: Transition = Transition {
    parameters: &[Parameter::new("by", Type::Int64, At(0))],
    ..Transition::new("change", "ChangeOrder", Kind::Update, At(0))
};
const ONE: Expr = Expr::Literal(Literal::Int(1));
const TOTAL: Expr = Expr::Field("total");
const RATIO: Expr = Expr::Binary(BinaryOperator::Divide, &ONE, &ONE);
const STEP: Step = Step::Let { name: "x", value: RATIO };
const SOME: Pattern = Pattern::Construct { name: "Some", arguments: &[Pattern::Bind("x")] };

fn found(steps: &[Step]) -> Calculations {
    let entity = Entity::new(&STRUCTURE, "");
    let mut walk = Walk::new(&entity, &TRANSITION);
    walk.steps(steps);
    walk.found
}

fn value(value: Expr) -> Calculations {
    found(&[Step::Let { name: "x", value }])
}

const NOTHING: Calculations = Calculations { overflow: false, division: false, currencies: false };

#[test]
fn calculations_are_found_wherever_they_stand() {
    let both = Calculations { overflow: true, division: true, currencies: false };
    assert_eq!(value(ONE), NOTHING);
    for whole in [
        Expr::List(&[RATIO]),
        Expr::Concat(&[RATIO]),
        Expr::Construct { name: "Some", arguments: &[RATIO] },
        Expr::Native { name: "score", reads: &[], arguments: &[RATIO] },
        Expr::Call { receiver: &RATIO, method: "is_zero", arguments: &[] },
        Expr::Call { receiver: &ONE, method: "min", arguments: &[RATIO] },
        Expr::Record { name: "Line", members: &[("quantity", RATIO)], base: None },
        Expr::Match { on: &ONE, arms: &[Arm { pattern: Pattern::Any, condition: None, value: RATIO }] },
    ] {
        assert_eq!(value(whole), both, "{whole}");
    }
    assert_eq!(found(&[Step::If { condition: ONE, then: &[], otherwise: &[STEP] }]), both);
}

#[test]
fn a_decimal_with_places_that_are_not_known_may_not_fit() {
    const OPEN: Expr = Expr::Construct { name: "Decimal::new", arguments: &[Expr::Input("by")] };
    const FIXED: Expr = Expr::Construct { name: "Decimal::new", arguments: &[ONE] };
    assert_eq!(value(FIXED), NOTHING);
    assert!(value(OPEN).overflow);
}

#[test]
fn a_day_beyond_the_calendar_has_no_result() {
    let call = |method| Expr::Call { receiver: &Expr::Input("by"), method, arguments: &[ONE] };
    assert!(value(call("plus_days")).overflow);
    assert_eq!(value(call("days_since")), NOTHING);
}

#[test]
fn only_sums_of_money_mix_currencies() {
    const PRICE: Expr = Expr::Member(&Expr::Local("line"), "price");
    const QUANTITY: Expr = Expr::Member(&Expr::Local("line"), "quantity");
    let add = |left, right| value(Expr::Binary(BinaryOperator::Add, left, right)).currencies;
    assert!(add(&TOTAL, &TOTAL));
    assert!(!add(&Expr::Field("count"), &ONE));
    assert!(!add(&Expr::Member(&TOTAL, "amount"), &Expr::Path("Decimal::ZERO")));
    // What cannot be known may be money.
    assert!(add(&Expr::Path("FEE"), &Expr::Path("FEE")));
    assert!(!value(Expr::Binary(BinaryOperator::Multiply, &TOTAL, &ONE)).currencies);
    let sum =
        |body| Expr::Fold { fold: FoldOperator::Sum, list: &Expr::Field("lines"), binding: "line", body };
    assert!(value(sum(&PRICE)).currencies);
    assert!(!value(sum(&QUANTITY)).currencies);
}

#[test]
fn names_keep_the_type_of_what_they_stand_for() {
    const SUM: Expr = Expr::Binary(BinaryOperator::Subtract, &Expr::Local("x"), &Expr::Local("x"));
    let bound = |value| found(&[Step::Let { name: "x", value }, Step::Let { name: "y", value: SUM }]);
    assert!(bound(TOTAL).currencies);
    assert!(bound(Expr::Field("discount")).currencies);
    assert!(!bound(Expr::Input("by")).currencies);
    let matched = |on| value(Expr::Match { on, arms: &[Arm { pattern: SOME, condition: None, value: SUM }] });
    assert!(matched(&Expr::Field("discount")).currencies);
    assert!(!matched(&Expr::Field("count")).currencies);
}
