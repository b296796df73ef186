//! What is right as it is: an allowance in every place where one may stand, each of a finding that is there.

use std::collections::BTreeSet;

use cohesive::check;
use cohesive::kernel::Entity;
use cohesive::model::{self, Field, Message, Policy, Role, Structure, Transition};
use cohesive::prelude::*;

use crate::support::keep;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Lifecycle)]
pub enum OrderStatus {
    #[initial]
    Open,
    Lost,
    #[terminal]
    Closed,
}

#[entity(allow(COH0703, reason = "a lost order may turn up in years to come"))]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    #[field(allow(COH0716, COH0715, reason = "three notes are the most that anybody has seen"))]
    pub notes: Vec<String>,
    #[field(default = 0)]
    pub paid: i64,
}

#[event]
pub enum OrderEvent {
    OrderPaid {
        order_id: OrderId,
        amount: i64,
    },
    #[event(allow(COH0311, reason = "the warehouse follows it, which is another system"))]
    OrderClosed {
        order_id: OrderId,
    },
}

#[event(allow(COH0311, reason = "so does the customer"))]
pub struct OrderLost {
    pub order_id: OrderId,
}

#[effect(
    reply = Nothing,
    timeout = "1500ms",
    attempts = 2,
    then = Order::lose,
    irreversible,
    allow(COH0306, reason = "who misses a letter calls"),
)]
pub struct SendLetter {
    pub order_id: OrderId,
}

#[transitions(allow(COH0711, reason = "it documents what the next version demands"))]
impl Order {
    #[create(allow(COH0713, reason = "an old client still sends it"))]
    pub fn place(id: OrderId, source: String) -> Self {
        Self { id }
    }

    #[fact(external_id = payment_id, allow(COH0308, reason = "the ledger counts by payment, each once"))]
    pub fn record_payment(&mut self, payment_id: String, amount: i64) {
        self.paid += amount;
        emit!(OrderPaid { order_id: self.id, amount });
    }

    #[transition(Open => Closed, allow(COH0708, reason = "two departments want a refusal of their own"))]
    pub fn close(&mut self, note: String) {
        requires!(Paid: self.paid >= 100, "it is not paid");
        requires!(PaidAtAll: self.paid > 0, "nothing is paid");
        self.notes.push(note);
        emit!(OrderClosed { order_id: self.id });
        request!(SendLetter { order_id: self.id });
    }

    #[transition(Open => Lost)]
    #[consumes(OrderPaid { order_id: id, amount: _ })]
    pub fn lose(&mut self) {
        emit!(OrderLost { order_id: self.id });
    }

    #[invariant]
    fn will_be_counted(&self) -> bool {
        self.paid == self.paid
    }
}

/// The entity as if its author allowed nothing.
fn strict(entity: &'static model::Entity) -> &'static model::Entity {
    let field = |field: &Field| Field { allowances: &[], ..*field };
    let transition = |transition: &Transition| Transition { allowances: &[], ..*transition };
    let message = |message: &&'static Message| keep(Message { allowances: &[], ..**message });
    let fields: Vec<Field> = entity.structure.fields.iter().map(field).collect();
    let transitions: Vec<Transition> = entity.transitions.iter().map(transition).collect();
    let messages: Vec<&'static Message> = entity.messages.iter().map(message).collect();
    keep(model::Entity {
        structure: keep(Structure { fields: fields.leak(), allowances: &[], ..*entity.structure }),
        transitions: transitions.leak(),
        messages: messages.leak(),
        allowances: &[],
        ..*entity
    })
}

#[test]
fn an_allowance_may_stand_wherever_a_finding_may() {
    assert_eq!(check::entities(&[Order::MODEL]), []);
    let found: BTreeSet<&str> =
        check::entities(&[strict(Order::MODEL)]).iter().map(|finding| finding.code).collect();
    let expected =
        ["COH0306", "COH0308", "COH0311", "COH0703", "COH0708", "COH0711", "COH0713", "COH0715", "COH0716"];
    assert_eq!(found, expected.into());
}

#[test]
fn reasons_are_data() {
    let allowance = Order::MODEL.transition("place").unwrap().allowances[0];
    assert_eq!((allowance.code, allowance.reason), ("COH0713", "an old client still sends it"));
    assert_eq!(Order::MODEL.structure.field("notes").unwrap().allowances.len(), 2);
}

#[test]
fn a_policy_is_data() {
    let letter = Order::MODEL.messages.iter().find(|message| message.name == "SendLetter").unwrap();
    let policy = Policy {
        timeout: Some(1500),
        attempts: Some(2),
        then: Some("Order::lose"),
        otherwise: None,
        irreversible: true,
    };
    assert_eq!(letter.role, Role::Request { reply: None, policy });
}
