//! What fields mean: defaults, kinds, names, strict reading, and travelling without loss.

use crate::{
    AddCountOrder, AddLineOrder, AnnotateOrder, Order, OrderId, OrderPatch, OrderStatus, PlaceOrder,
    QuantifyOrder, RedeemOrder, RedeemOrderRejection, RemarkOrder, SettleOrder, Urgency, applied, apply,
    context, line, placed,
};
use cohesive::Rejection;
use cohesive::kernel::{Entity, Structure, decide_sparse};
use cohesive::model::{FieldRole, Literal, Mutability, Type};
use cohesive::prelude::*;
use cohesive::{Invalid, Refusal, create, decide};

#[test]
fn e02_s01_what_a_creation_leaves_out_takes_its_default() {
    let order = placed();
    assert_eq!(order.status, OrderStatus::Open);
    assert_eq!(
        (order.urgency, order.retries, order.count, order.parts, order.gift),
        (Urgency::Normal, 3, 0, 1, false)
    );
    assert!(order.lines.is_empty() && order.voucher.is_none() && order.total == Decimal::ZERO);
    let input = PlaceOrder { id: "O-1".parse().unwrap(), customer: "anna".to_owned() };
    let decision = create(&input, &context());
    assert_eq!(applied(&decision).changed().len(), Order::STRUCTURE.fields.len()); // every field has a value
}

#[test]
fn e05_e06_types_presence_and_cardinality_are_in_the_model() {
    let ty = |name: &str| Order::STRUCTURE.field(name).unwrap().ty;
    assert!(matches!(ty("lines"), Type::List(Type::Record(record)) if record.members.len() == 3)); // E05
    assert!(ty("lines").is_many() && !ty("customer").is_many());
    assert!(matches!(ty("due"), Type::Optional(Type::Date))); // E04
    assert!(matches!(ty("seal"), Type::Optional(Type::Bytes)));
    assert!(matches!(ty("token"), Type::Optional(Type::Uuid)));
    assert_eq!((ty("retries"), ty("count"), ty("parts")), (Type::Int32, Type::Int64, Type::UInt32));
    assert_eq!((ty("gift"), ty("paid"), ty("customer")), (Type::Bool, Type::Decimal, Type::Text));
    assert!(matches!(ty("urgency"), Type::Enum(choice) if !choice.lifecycle));
    assert_eq!(Order::STRUCTURE.field("status").unwrap().role, FieldRole::Lifecycle);
    assert!(matches!(Order::STRUCTURE.field("total").unwrap().mutability, Mutability::Computed(_))); // E08
    assert_eq!(
        Order::STRUCTURE.field("retries").unwrap().default,
        Some(cohesive::model::Expr::Literal(Literal::Int(3)))
    );
}

#[test]
fn e07_names_travel_by_their_wire_name() {
    assert_eq!(serde_json::to_value(Urgency::High).unwrap(), "very-urgent");
    assert_eq!(serde_json::from_value::<OrderStatus>("on-hold".into()).unwrap(), OrderStatus::Held);
    let unknown = serde_json::from_value::<Urgency>("High".into()).unwrap_err();
    assert!(unknown.to_string().contains("`High` is not one of the values of `Urgency`"), "{unknown}");
}

#[test]
fn e09_a_write_once_field_is_set_once() {
    let redeem = |voucher: &str| RedeemOrder { voucher: voucher.to_owned() };
    let order = apply(&placed(), &redeem("V-1"));
    assert_eq!(order.voucher.as_deref(), Some("V-1"));
    for voucher in ["V-1", "V-2"] {
        let decision = decide(&order, Version::INITIAL, &redeem(voucher), &context());
        assert_eq!(decision.rejection().unwrap(), &RedeemOrderRejection::Refused(Refusal::Sealed("voucher")));
    }
}

#[test]
fn e10_w08_computed_fields_follow_and_are_part_of_the_change() {
    let decision =
        decide(&placed(), Version::INITIAL, &AddLineOrder { line: line("A", "12.50") }, &context());
    assert_eq!(applied(&decision).changed(), ["lines", "total"]);
    let order = apply(
        &apply(&placed(), &AddLineOrder { line: line("A", "12.50") }),
        &AddLineOrder { line: line("B", "0.25") },
    );
    assert_eq!(order.total, Decimal::new(1275, 2));
    let wrong = Order { total: Decimal::ONE, ..order };
    let decision = decide(&wrong, Version::INITIAL, &QuantifyOrder {}, &context());
    assert_eq!(decision, Decision::Invalid(Invalid::State(Refusal::Computed("total")))); // E11
}

#[test]
fn e13_t16_a_broken_invariant_is_named_and_changes_nothing() {
    let before = placed();
    let decision =
        decide(&before, Version::INITIAL, &AddLineOrder { line: line("A", "1000.01") }, &context());
    let rejection = decision.rejection().unwrap();
    assert_eq!(rejection.name(), "affordable");
    assert_eq!(rejection.to_string(), "`affordable` would not hold: An order costs at most a thousand.");
    assert_eq!(before, placed());
}

#[test]
fn e18_e19_names_can_be_fixed_apart_from_the_code() {
    assert_eq!((Order::STRUCTURE.name, Order::STRUCTURE.table), ("PurchaseOrder", "purchase_order"));
    assert_eq!(serde_json::to_value(placed()).unwrap()["paid_amount"], "0");
}

#[test]
fn s02_s03_s04_inputs_are_read_strictly() {
    let read = |text: &str| serde_json::from_str::<AddLineOrder>(text).unwrap_err().to_string();
    let good = r#"{"line":{"article":"A","quantity":1,"price":"1.00"}}"#;
    assert!(serde_json::from_str::<AddLineOrder>(good).is_ok());
    assert!(
        read(r#"{"line":{"article":"A","quantity":1,"price":"1.00"},"lime":1}"#)
            .contains("unknown field `lime`")
    ); // S02, T21
    assert!(
        read(r#"{"line":{"article":"A","quantity":1,"price":"1.00","x":1}}"#).contains("unknown field `x`")
    );
    assert!(read("{}").contains("missing field `line`")); // S03
    assert!(read(r#"{"line":{"article":"A","quantity":"1","price":"1.00"}}"#).contains("expected i64")); // S04
    assert!(
        serde_json::from_str::<AddLineOrder>(r#"{"line":{"article":"A","quantity":1,"price":1.5}}"#).is_err()
    );
    assert_eq!(serde_json::from_str::<AnnotateOrder>("{}").unwrap(), AnnotateOrder { text: None }); // T22
}

#[test]
fn s05_blank_ids_are_refused() {
    for blank in ["", "  ", "\t"] {
        assert!(blank.parse::<OrderId>().is_err(), "{blank:?}");
        assert!(serde_json::from_value::<OrderId>(blank.into()).is_err());
    }
    assert!("a\u{0}b".parse::<OrderId>().is_err());
    assert!("x".repeat(256).parse::<OrderId>().is_err());
}

#[test]
fn s09_state_travels_as_columns_and_as_json_without_loss() {
    let order = Order {
        lines: vec![line("A", "12.50")],
        total: Decimal::new(1250, 2),
        due: Some("2026-02-28".parse().unwrap()),
        seal: Some(Bytes(vec![0, 255])),
        token: Some(Uuid::from_u128(7)),
        note: Some(String::new()),
        ..placed()
    };
    let json = serde_json::to_string(&order).unwrap();
    assert_eq!(serde_json::from_str::<Order>(&json).unwrap(), order);
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
    let turned: Vec<String> = members
        .iter()
        .rev()
        .map(|(name, value)| format!("{}:{value}", serde_json::Value::from(name.as_str())))
        .collect();
    let turned = format!("{{{}}}", turned.join(","));
    assert_eq!(serde_json::from_str::<Order>(&turned).unwrap(), order); // S10: whatever order they come in
    let whole = order.whole();
    let mut columns = Vec::new();
    Order::encode(&whole, &mut |column, datum| columns.push((column, datum.into_owned()))).unwrap();
    assert_eq!(columns.len(), Order::STRUCTURE.fields.len());
    let mut patch = OrderPatch::default();
    for (column, datum) in columns {
        Order::decode(&mut patch, column, datum).unwrap();
    }
    assert_eq!(Order::complete(patch).unwrap(), order);
}

#[test]
fn w13_a_state_with_only_the_read_fields_decides_alike() {
    let order = apply(&placed(), &AddLineOrder { line: line("A", "10") });
    let whole = order.whole();
    let transition = Order::MODEL.transition("settle").unwrap();
    let columns = Order::MODEL.columns(transition);
    assert!(columns.len() < Order::STRUCTURE.fields.len());
    let mut sparse = OrderPatch::default();
    Order::encode(&whole, &mut |column, datum| {
        if columns.contains(&column) {
            Order::decode(&mut sparse, column, datum).unwrap();
        }
    })
    .unwrap();
    let input = SettleOrder { amount: Decimal::TEN, hold: false };
    let full = decide(&order, Version::INITIAL, &input, &context());
    assert_eq!(decide_sparse(Order::observe(&sparse), Version::INITIAL, &input, &context()), full);
    sparse.paid = None;
    let missing = decide_sparse(Order::observe(&sparse), Version::INITIAL, &input, &context());
    assert!(matches!(missing, Decision::Invalid(Invalid::Unobserved(_)))); // S08
}

#[test]
fn f11_text_that_no_store_can_hold_is_refused_at_the_input() {
    let decision =
        decide(&placed(), Version::INITIAL, &RemarkOrder { text: "a\u{0}".to_owned() }, &context());
    let Decision::Invalid(Invalid::Input { parameter: "text", .. }) = decision else {
        panic!("{decision:?}")
    };
}

#[test]
fn e24_s07_state_is_a_plain_struct_and_carries_no_version() {
    let order = placed();
    let copy = order.clone();
    let _ = decide(&order, Version::new(3), &AddCountOrder { by: 1 }, &context());
    assert_eq!(order, copy);
    assert!(serde_json::to_value(&order).unwrap().get("version").is_none());
}
