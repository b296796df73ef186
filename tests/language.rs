//! What the language of fields and bodies means, row by row of the requirements.

use cohesive::kernel::{Entity, Input, Structure, decide_sparse};
use cohesive::model::{FieldRole, Literal, Mutability, Type};
use cohesive::prelude::*;
use cohesive::{Applied, CorrelationId, Invalid, Refusal, Rejection, create, decide};

#[derive(Id)]
pub struct OrderId(String);

#[derive(Lifecycle)]
pub enum OrderStatus {
    #[initial]
    Open,
    #[wire = "on-hold"]
    Held,
    #[terminal]
    Closed,
}

/// How urgent an order is.
#[derive(Value)]
pub enum Urgency {
    Normal,
    #[wire = "very-urgent"]
    High,
}

/// One line of an order.
#[derive(Value)]
pub struct Line {
    pub article: String,
    pub quantity: i64,
    pub price: Decimal,
}

/// An order with a field of every kind.
#[entity(name = "PurchaseOrder")]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    #[field(write_once)]
    pub customer: String,
    #[field(default = Urgency::Normal, index)]
    pub urgency: Urgency,
    #[field(default = 3)]
    pub retries: i32,
    #[field(default = 0)]
    pub count: i64,
    #[field(default = 1)]
    pub parts: u32,
    #[field(default = false)]
    pub gift: bool,
    pub lines: Vec<Line>,
    #[field(write_once)]
    pub voucher: Option<String>,
    #[field(default = Decimal::ZERO, wire = "paid_amount")]
    pub paid: Decimal,
    #[field(computed = self.lines.iter().map(|line| line.price).sum())]
    pub total: Decimal,
    pub due: Option<Date>,
    pub seal: Option<Bytes>,
    pub token: Option<Uuid>,
    pub note: Option<String>,
}

/// A note was taken.
#[event]
pub struct NoteTaken {
    pub order_id: OrderId,
    pub status: OrderStatus,
    pub text: String,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, customer: String) -> Self {
        Self { id, customer }
    }

    #[transition(Open | Held)]
    pub fn add_line(&mut self, line: Line) {
        requires!(HasQuantity: line.quantity > 0, "a line orders something");
        requires!(NotTwice: !self.lines.iter().any(|other| other.article == line.article), "the article is there already");
        self.lines.push(line);
    }

    #[transition(Open | Held | Closed)]
    pub fn redeem(&mut self, voucher: String) {
        self.voucher = Some(voucher);
    }

    #[transition(Open | Held)]
    pub fn annotate(&mut self, text: Option<String>) {
        self.note = text;
    }

    #[transition(Open | Held)]
    pub fn divide(&mut self, by: i64) {
        self.count = (self.count + 100) / by;
    }

    #[transition(Open | Held)]
    pub fn add_count(&mut self, by: i64) {
        self.count += by;
    }

    #[transition(Open | Held => _ | Held | Closed)]
    pub fn settle(&mut self, amount: Decimal, hold: bool) {
        let paid = self.paid + amount;
        self.paid = paid;
        if hold {
            self.status = OrderStatus::Held;
        } else if paid >= self.total {
            self.status = OrderStatus::Closed;
        } else {
            reject!(TooLittle, "that is not enough");
        }
    }

    #[transition]
    pub fn remark(&mut self, text: String) {
        requires!(Short: !text.is_empty() && text.len() < 20, "a remark is short");
        let label = match self.urgency {
            Urgency::High => "urgent",
            Urgency::Normal => "normal",
        };
        self.note = Some(format!("{}: {}", label, text));
        emit!(NoteTaken { order_id: self.id, status: self.status, text: format!("{}!", text) });
        if self.gift {
            emit!(NoteTaken { order_id: self.id, status: self.status, text });
        }
    }

    #[transition(Open)]
    pub fn quantify(&mut self) {
        self.count = self.lines.iter().map(|line| line.quantity).sum();
        self.retries = if self.lines.iter().all(|line| line.quantity > 1) { 1 } else { -1 };
        self.note = if let Some(voucher) = &self.voucher { Some(voucher.clone()) } else { None };
    }

    /// An order costs at most a thousand.
    #[invariant]
    fn affordable(&self) -> bool {
        self.total <= Decimal::new(1000, 0)
    }

    /// Counts are not negative.
    #[invariant]
    fn counts_are_not_negative(&self) -> bool {
        self.count >= 0
    }
}

fn context() -> Context {
    Context::new("2026-01-01T00:00:00Z".parse().unwrap(), "test".parse::<CorrelationId>().unwrap())
}

fn placed() -> Order {
    let input = PlaceOrder { id: "O-1".parse().unwrap(), customer: "anna".to_owned() };
    create(&input, &context()).applied().unwrap().created().unwrap()
}

fn line(article: &str, price: &str) -> Line {
    Line { article: article.to_owned(), quantity: 2, price: price.parse().unwrap() }
}

fn apply<I: cohesive::kernel::Update<Entity = Order>>(order: &Order, input: &I) -> Order {
    applied(&decide(order, Version::INITIAL, input, &context())).after(order).unwrap()
}

fn applied<I: Input>(decision: &Decision<I>) -> &Applied<I> {
    decision.applied().unwrap_or_else(|| panic!("{decision:?}"))
}

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
    let gauge = Gauge { id: "G".parse().unwrap(), level: 10, share: 0 };
    let applied = |by| decide(&gauge, Version::INITIAL, &measure(by), &context()).word();
    assert_eq!(applied(0), "rejected"); // `by != 0 && …` is false without dividing
    assert_eq!(applied(2), "applied");
    let decision = decide(&gauge, Version::INITIAL, &measure(0), &context());
    assert_eq!(decision.rejection().unwrap(), &MeasureGaugeRejection::Divides);
}

#[derive(Id)]
pub struct GaugeId(String);

/// A thing without a lifecycle.
#[entity]
pub struct Gauge {
    #[id]
    pub id: GaugeId,
    pub level: i64,
    #[field(default = 0)]
    pub share: i64,
}

#[transitions]
impl Gauge {
    #[create]
    pub fn install(id: GaugeId, level: i64) -> Self {
        Self { id, level }
    }

    #[transition]
    pub fn scale_down(&mut self, scale: u32) {
        requires!(Fine: Decimal::new(self.level, scale) < Decimal::ONE, "the level is not fine");
        self.share = 1;
    }

    #[transition]
    pub fn measure(&mut self, by: i64) {
        requires!(Divides: by != 0 && self.level / by >= 0, "the level cannot be divided by that");
        self.share = self.level / by;
    }
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
fn e24_s07_state_is_a_plain_struct_and_carries_no_version() {
    let order = placed();
    let copy = order.clone();
    let _ = decide(&order, Version::new(3), &AddCountOrder { by: 1 }, &context());
    assert_eq!(order, copy);
    assert!(serde_json::to_value(&order).unwrap().get("version").is_none());
}

#[test]
fn a_decimal_that_cannot_be_is_a_rejection_and_no_panic() {
    let gauge = Gauge { id: "G".parse().unwrap(), level: 10, share: 0 };
    let scaled = |scale| decide(&gauge, Version::INITIAL, &ScaleDownGauge { scale }, &context());
    assert!(scaled(2).applied().is_some());
    assert_eq!(scaled(29).rejection().unwrap().name(), "overflow");
}
