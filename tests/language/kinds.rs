//! Facts, conflict policies, helpers, conditions and generic identifiers.

use std::marker::PhantomData;

use cohesive::kernel::{Entity, Input, Structure};
use cohesive::model::{Conflict, Expr, Fact, FieldRole, Target};
use cohesive::prelude::*;
use cohesive::{Applied, CorrelationId, Invalid, create, decide};

/// The number of an invoice or of anything else.
#[derive(Id)]
pub struct Number<Of>(String, PhantomData<fn() -> Of>);

/// What numbers of invoices are about.
pub struct Billing;

#[derive(Lifecycle)]
pub enum InvoiceStatus {
    #[initial]
    Open,
    #[terminal]
    Paid,
}

#[entity]
pub struct Invoice {
    #[id]
    pub id: Number<Billing>,
    #[lifecycle]
    pub status: InvoiceStatus,
    pub total: Decimal,
    #[field(default = Decimal::ZERO)]
    pub paid: Decimal,
    pub note: String,
    #[field(default = 0)]
    pub reminders: i32,
    #[cfg(not(any()))]
    pub here: Option<i32>,
    #[cfg(any())]
    pub there: Nowhere,
    #[field_versions]
    pub touched: FieldVersions,
}

#[event]
pub struct PaymentRecorded {
    pub amount: Decimal,
    pub paid: Decimal,
    #[cfg(any())]
    pub nowhere: Nowhere,
}

#[transitions]
impl Invoice {
    #[create]
    pub fn issue(id: Number<Billing>, total: Decimal, note: String) -> Self {
        Self { id, total, note }
    }

    /// Somebody paid.
    #[fact(_ => _ | Paid, external_id = payment_id, occurred_at = paid_at)]
    pub fn record_payment(&mut self, payment_id: String, amount: Decimal, paid_at: Option<Timestamp>) {
        let paid = self.paid + amount;
        self.paid = paid;
        if paid >= self.total {
            self.status = InvoiceStatus::Paid;
        }
        emit!(PaymentRecorded { amount, paid });
    }

    #[transition(conflict = disjoint)]
    pub fn annotate(&mut self, note: String) {
        requires!(SomethingOwed: self.paid < self.total, "nothing is owed");
        self.note = note;
    }

    #[transition(conflict = disjoint)]
    pub fn remind(&mut self) {
        self.reminders += 1;
    }

    #[transition(conflict = manual)]
    pub fn correct(&mut self, total: Decimal) {
        self.total = total;
    }

    #[transition]
    pub fn round(&mut self, by: i32) {
        requires!(Worth: self.urgency(by) > 0, "it is not urgent");
        self.reminders = 7;
        self.note = format!("urgency {}", self.urgency(by));
    }

    #[cfg(not(any()))]
    #[transition]
    pub fn look(&mut self, here: i32) {
        self.here = Some(here);
    }

    #[cfg(any())]
    #[transition]
    pub fn vanish(&mut self, nowhere: Nowhere) {
        self.there = nowhere;
    }

    /// How urgent it is, by a table that is kept elsewhere.
    #[native(reads(reminders, total))]
    fn urgency(&self, by: i32) -> i32 {
        let urgency = (0..by.clamp(0, 9)).fold(0_i32, |sum, _| sum.saturating_add(self.reminders));
        if self.total > Decimal::ONE_HUNDRED { urgency.saturating_mul(10) } else { urgency }
    }

    #[invariant]
    fn a_number_is_not_urgent(&self) -> bool {
        self.urgency(1) >= 0 || self.reminders < 0
    }
}

fn context() -> Context {
    Context::new("2026-03-01T12:00:00Z".parse().unwrap(), "c-1".parse::<CorrelationId>().unwrap())
}

fn issued() -> Invoice {
    let input =
        IssueInvoice { id: "I-1".parse().unwrap(), total: Decimal::from(50), note: "first".to_owned() };
    match create(&input, &context()) {
        Decision::Applied(applied) => applied.created().unwrap(),
        other => panic!("{other:?}"),
    }
}

fn at_version<I: cohesive::kernel::Update<Entity = Invoice>>(
    invoice: &Invoice,
    version: u64,
    input: &I,
    expected: Option<u64>,
) -> Decision<I> {
    let mut context = context();
    if let Some(expected) = expected {
        context = context.expecting(Version::new(expected));
    }
    decide(invoice, Version::new(version), input, &context)
}

fn applied<I: cohesive::kernel::Update<Entity = Invoice>>(
    invoice: &Invoice,
    version: u64,
    input: &I,
    expected: Option<u64>,
) -> Invoice {
    match at_version(invoice, version, input, expected) {
        Decision::Applied(applied) => Applied::after(&applied, invoice).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn payment(id: &str, amount: i64) -> RecordPaymentInvoice {
    RecordPaymentInvoice { payment_id: id.to_owned(), amount: Decimal::from(amount), paid_at: None }
}

#[test]
fn a20_a_fact_comes_in_any_state_and_decides_on_the_latest() {
    let invoice = applied(&issued(), 0, &payment("p-1", 60), None);
    assert_eq!((invoice.status, invoice.paid), (InvoiceStatus::Paid, Decimal::from(60)));
    let again = applied(&invoice, 1, &payment("p-2", 1), None);
    assert_eq!(again.paid, Decimal::from(61), "also in a terminal state");
    let stated = at_version(&issued(), 0, &payment("p-1", 1), Some(0));
    assert!(matches!(stated, Decision::Invalid(Invalid::VersionNotAccepted("record_payment"))));
    let transition = RecordPaymentInvoice::TRANSITION;
    assert_eq!(transition.fact, Some(Fact { external_id: "payment_id", occurred_at: Some("paid_at") }));
    assert_eq!(transition.conflict, Conflict::AtHead);
    let edge = transition.edge.unwrap();
    assert!(edge.from.is_empty() && matches!(edge.to, Target::OneOf { states: ["Paid"], stay: true }));
}

#[test]
fn a25_a_fact_has_the_time_that_its_source_gives_and_none_without() {
    let at: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
    assert_eq!(payment("p", 1).occurred_at(&context()), None);
    let told = RecordPaymentInvoice { paid_at: Some(at), ..payment("p", 1) };
    assert_eq!((told.occurred_at(&context()), told.external_id()), (Some(at), Some("p".to_owned())));
    let command = RemindInvoice {};
    assert_eq!((command.occurred_at(&context()), command.external_id()), (Some(context().now()), None));
}

#[test]
fn a31_a32_disjoint_looks_at_what_was_read_and_written_since() {
    let first = issued();
    let noted = AnnotateInvoice { note: "second".to_owned() };
    let reminded = applied(&first, 0, &RemindInvoice {}, Some(0));
    // Reminding touched neither what annotating reads nor what it writes.
    assert_eq!(applied(&reminded, 1, &noted, Some(0)).note, "second");
    // Two changes of one field meet.
    let twice = at_version(&reminded, 1, &RemindInvoice {}, Some(0));
    assert_eq!(twice, Decision::Conflict { expected: Version::new(0), actual: Version::new(1) });
    assert_eq!(applied(&reminded, 1, &RemindInvoice {}, Some(1)).reminders, 2);
    // A payment changes what the guard reads, although annotating does not write it.
    let paid = applied(&first, 0, &payment("p-1", 1), None);
    assert!(matches!(at_version(&paid, 1, &noted, Some(0)), Decision::Conflict { .. }));
    // A version that is not there yet, or none at all.
    assert!(matches!(at_version(&paid, 1, &noted, Some(2)), Decision::Conflict { .. }));
    assert!(matches!(at_version(&paid, 1, &noted, None), Decision::Invalid(Invalid::VersionRequired(_))));
    // What is older than the declaration counts as changed.
    let unknown = Invoice { touched: FieldVersions::default(), ..reminded };
    assert!(matches!(at_version(&unknown, 1, &noted, Some(0)), Decision::Conflict { .. }));
}

#[test]
fn a31_the_versions_of_fields_are_kept_without_anybody_assigning_them() {
    let invoice = applied(&applied(&issued(), 0, &RemindInvoice {}, Some(0)), 1, &payment("p", 1), None);
    let document = serde_json::to_value(&invoice).unwrap();
    assert_eq!(document["touched"], serde_json::json!({ "reminders": 1, "paid": 2 }));
    let Decision::Applied(applied) = at_version(&invoice, 2, &payment("q", 1), None) else { panic!() };
    assert_eq!(applied.changed(), ["paid"], "callers are not told of it");
    assert_eq!(Invoice::STRUCTURE.field("touched").unwrap().role, FieldRole::FieldVersions);
}

#[test]
fn a34_manual_decides_nothing_on_a_stale_view() {
    let correct = CorrectInvoice { total: Decimal::from(40) };
    let paid = applied(&issued(), 0, &payment("p-1", 1), None);
    assert!(matches!(at_version(&paid, 1, &correct, Some(0)), Decision::Conflict { .. }));
    assert_eq!(applied(&paid, 1, &correct, Some(1)).total, Decimal::from(40));
}

#[test]
fn a36_each_transition_has_a_policy_of_its_own() {
    let policies: Vec<&str> = Invoice::MODEL.transitions.iter().map(|one| one.conflict.word()).collect();
    assert_eq!(policies, ["default", "at_head", "disjoint", "disjoint", "manual", "default", "default"]);
}

#[test]
fn a_helper_is_called_with_what_it_declares_and_sees_earlier_assignments() {
    let refused = at_version(&issued(), 0, &RoundInvoice { by: 2 }, None);
    assert_eq!(refused.rejection(), Some(&RoundInvoiceRejection::Worth));
    let reminded = applied(&issued(), 0, &RemindInvoice {}, Some(0));
    assert_eq!(applied(&reminded, 1, &RoundInvoice { by: 2 }, None).note, "urgency 14");
    let round = Invoice::MODEL.transition("round").unwrap();
    assert_eq!(round.reads, ["note", "reminders", "total"]);
    let Expr::Binary(_, Expr::Native { name, reads, arguments }, _) = round.guards[0].condition else {
        panic!()
    };
    assert_eq!((*name, *reads, arguments.len()), ("urgency", &["reminders", "total"][..], 1));
    assert_eq!(Invoice::MODEL.natives[0].docs, "How urgent it is, by a table that is kept elsewhere.");
    assert_eq!(Invoice::MODEL.invariants[0].reads, ["reminders", "total"]);
}

#[test]
fn members_under_a_condition_are_there_or_not() {
    assert!(Invoice::STRUCTURE.field("here").is_some() && Invoice::STRUCTURE.field("there").is_none());
    assert!(Invoice::MODEL.transition("look").is_some() && Invoice::MODEL.transition("vanish").is_none());
    assert_eq!(applied(&issued(), 0, &LookInvoice { here: 3 }, None).here, Some(3));
    assert_eq!(Invoice::STRUCTURE.column("touched"), Some(7), "positions leave no gap");
}

#[test]
fn a_generic_identifier_says_what_it_identifies() {
    let one: Number<Billing> = "I-1".parse().unwrap();
    assert_eq!((one.to_string().as_str(), format!("{one:?}").as_str()), ("I-1", "Number(\"I-1\")"));
    assert_eq!(serde_json::from_str::<Number<String>>("\"I-1\"").unwrap().to_string(), "I-1");
    assert!(Number::<Billing>::new(" ").is_err());
    assert_eq!(one.clone(), one);
}
