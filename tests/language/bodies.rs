//! What bodies mean: guards, choices, folds, arithmetic, messages and outcomes.

use crate::{
    AddCountOrder, AddLineOrder, AddLineOrderRejection, AnnotateOrder, DivideOrder, Gauge, Line,
    MeasureGauge, MeasureGaugeRejection, Order, OrderStatus, QuantifyOrder, ReadGauge, RedeemOrder,
    RemarkOrder, RemarkOrderEffect, ScaleDownGauge, SettleOrder, SettleOrderRejection, Urgency, applied,
    apply, context, line, placed,
};
use cohesive::kernel::{Entity, Input};
use cohesive::model::Type;
use cohesive::prelude::*;
use cohesive::{Rejection, decide};

#[test]
fn t03_guards_are_checked_in_order_and_the_first_failure_wins() {
    let with_line = apply(&placed(), &AddLineOrder { line: line("A", "1") });
    let both_wrong = AddLineOrder { line: Line { quantity: 0, ..line("A", "1") } };
    let decision = decide(&with_line, Version::INITIAL, &both_wrong, &context());
    assert_eq!(decision.rejection().unwrap(), &AddLineOrderRejection::HasQuantity);
    let second_wrong = AddLineOrder { line: line("A", "1") };
    let decision = decide(&with_line, Version::INITIAL, &second_wrong, &context());
    assert_eq!(decision.rejection().unwrap(), &AddLineOrderRejection::NotTwice);
}

#[test]
fn t06_t24_setting_to_nothing_and_changing_nothing() {
    let noted = apply(&placed(), &AnnotateOrder { text: Some("x".to_owned()) });
    assert_eq!(apply(&noted, &AnnotateOrder { text: None }).note, None);
    let decision =
        decide(&noted, Version::INITIAL, &AnnotateOrder { text: Some("x".to_owned()) }, &context());
    assert_eq!(decision, Decision::NoChange); // A12
}

#[test]
fn t37_arithmetic_without_a_result_is_a_rejection() {
    let order = placed();
    let by_zero = decide(&order, Version::INITIAL, &DivideOrder { by: 0 }, &context());
    assert_eq!(by_zero.rejection().unwrap().name(), "division_by_zero");
    let full = Order { count: i64::MAX, ..order };
    let overflow = decide(&full, Version::INITIAL, &AddCountOrder { by: 1 }, &context());
    assert_eq!(overflow.rejection().unwrap().name(), "overflow");
    let negative = decide(&placed(), Version::INITIAL, &AddCountOrder { by: -1 }, &context());
    assert_eq!(negative.rejection().unwrap().name(), "counts_are_not_negative");
}

#[test]
fn t33_a_body_chooses_among_the_declared_states() {
    let order = apply(&placed(), &AddLineOrder { line: line("A", "10") });
    let settle = |amount: i64, hold| SettleOrder { amount: Decimal::new(amount, 0), hold };
    assert_eq!(apply(&order, &settle(1, true)).status, OrderStatus::Held);
    assert_eq!(apply(&order, &settle(10, false)).status, OrderStatus::Closed);
    let decision = decide(&order, Version::INITIAL, &settle(9, false), &context());
    assert_eq!(decision.rejection().unwrap(), &SettleOrderRejection::TooLittle); // T25
    assert_eq!(decision.rejection().unwrap().to_string(), "that is not enough");
}

#[test]
fn t35_f02_text_matches_and_conditional_effects() {
    let remark = RemarkOrder { text: "hello".to_owned() };
    let decision = decide(&placed(), Version::INITIAL, &remark, &context());
    assert_eq!(applied(&decision).after(&placed()).unwrap().note.as_deref(), Some("normal: hello"));
    assert_eq!(applied(&decision).effects().len(), 1);
    let gift = Order { gift: true, urgency: Urgency::High, ..placed() };
    let decision = decide(&gift, Version::INITIAL, &remark, &context());
    assert_eq!(applied(&decision).after(&gift).unwrap().note.as_deref(), Some("urgent: hello"));
    let texts: Vec<_> = applied(&decision)
        .effects()
        .iter()
        .map(|RemarkOrderEffect::NoteTaken(note)| note.text.clone())
        .collect();
    assert_eq!(texts, ["hello!", "hello"]);
}

#[test]
fn folds_look_at_every_element() {
    let order = apply(
        &apply(&placed(), &AddLineOrder { line: line("A", "1") }),
        &AddLineOrder { line: line("B", "1") },
    );
    let order = apply(&apply(&order, &RedeemOrder { voucher: "V".to_owned() }), &QuantifyOrder {});
    assert_eq!((order.count, order.retries, order.note.as_deref()), (4, 1, Some("V")));
}

#[test]
fn t20_the_result_says_what_happened() {
    let decision = decide(&placed(), Version::new(6), &AddCountOrder { by: 5 }, &context());
    let result = applied(&decision);
    assert_eq!(
        (result.transition(), result.version(), result.changed()),
        ("add_count", Version::new(7), vec!["count"])
    );
    assert_eq!(AddCountOrder::TRANSITION.writes, ["count"]);
    assert_eq!(result.patch().count, Some(5)); // W07
}

#[test]
fn t15_computed_fields_are_settled_before_the_invariants_are_checked() {
    // The invariant `affordable` reads the computed total: it sees the new one, and the loaded one was fine.
    let decision =
        decide(&placed(), Version::INITIAL, &AddLineOrder { line: line("A", "1000.00") }, &context());
    assert!(decision.applied().is_some());
    let decision =
        decide(&placed(), Version::INITIAL, &AddLineOrder { line: line("A", "1000.01") }, &context());
    assert_eq!(decision.rejection().unwrap().name(), "affordable");
}

#[test]
fn t18_deciding_twice_gives_the_same_bytes() {
    let input = RemarkOrder { text: "hello".to_owned() };
    let bytes = [0, 1].map(|_| format!("{:?}", decide(&placed(), Version::INITIAL, &input, &context())));
    assert_eq!(bytes[0], bytes[1]);
}

#[test]
fn t23_outcomes_are_values_with_kinds() {
    let words = [
        decide(&placed(), Version::INITIAL, &AddCountOrder { by: 1 }, &context()).word(),
        decide(&placed(), Version::INITIAL, &AddCountOrder { by: 0 }, &context()).word(),
        decide(&placed(), Version::INITIAL, &AddCountOrder { by: -1 }, &context()).word(),
        decide(&placed(), Version::INITIAL, &AddCountOrder { by: 1 }, &context().expecting(Version::new(9)))
            .word(),
    ];
    assert_eq!(words, ["applied", "no-change", "rejected", "conflict"]);
    let nul = RemarkOrder { text: "\u{0}".to_owned() };
    assert_eq!(decide(&placed(), Version::INITIAL, &nul, &context()).word(), "invalid");
}

/// The right operand of `&&` and `||` would divide by zero; it is not looked at when the left one decides.
#[test]
fn t36_logic_looks_at_the_right_operand_only_when_it_must() {
    let measure = |by| MeasureGauge { by };
    let gauge = Gauge { id: "G".parse().unwrap(), level: 10, share: 0, reader: None };
    let applied = |by| decide(&gauge, Version::INITIAL, &measure(by), &context()).word();
    assert_eq!(applied(0), "rejected"); // `by != 0 && …` is false without dividing
    assert_eq!(applied(2), "applied");
    let decision = decide(&gauge, Version::INITIAL, &measure(0), &context());
    assert_eq!(decision.rejection().unwrap(), &MeasureGaugeRejection::Divides);
}

#[test]
fn t01_t02_t05_transitions_guards_and_updates_are_data() {
    let transition = Gauge::MODEL.transition("measure").unwrap();
    assert_eq!(
        (transition.input, transition.parameters[0].name, transition.parameters[0].ty),
        ("MeasureGauge", "by", Type::Int64)
    );
    assert_eq!(transition.guards[0].name, "Divides");
    assert_eq!(transition.guards[0].condition.to_string(), "(by != 0) && ((self.level / by) >= 0)");
    let cohesive::model::Step::Set { field: "share", value, .. } = transition.steps[0] else { panic!() };
    assert_eq!(value.to_string(), "self.level / by");
}

#[test]
fn a_decimal_that_cannot_be_is_a_rejection_and_no_panic() {
    let gauge = Gauge { id: "G".parse().unwrap(), level: 10, share: 0, reader: None };
    let scaled = |scale| decide(&gauge, Version::INITIAL, &ScaleDownGauge { scale }, &context());
    assert!(scaled(2).applied().is_some());
    assert_eq!(scaled(29).rejection().unwrap().name(), "overflow");
}

#[test]
fn a_body_sees_the_recorded_values_of_its_context() {
    let gauge = Gauge { id: "G".parse().unwrap(), level: 10, share: 0, reader: None };
    let context = context().by("anna".parse().unwrap());
    let after = |context: &Context| {
        applied(&decide(&gauge, Version::INITIAL, &ReadGauge {}, context)).after(&gauge).unwrap().reader
    };
    assert_eq!(after(&context).as_deref(), Some("anna in test"));
    assert_eq!(after(&crate::context()).as_deref(), Some("nobody in test"));
}
