//! An order that is charged: the reply settles it, the failure holds it.

use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Lifecycle)]
pub enum OrderStatus {
    #[initial]
    Placed,
    #[terminal]
    Settled,
    #[terminal]
    Held,
}

/// What the bank answers.
#[derive(Value)]
pub struct Slip {
    pub number: u32,
    pub charged: Decimal,
}

/// Ask the bank for money.
#[effect(reply = Slip, timeout = "2s", attempts = 3, then = Order::settle, otherwise = Order::hold)]
pub struct Charge {
    pub order_id: OrderId,
    pub amount: Decimal,
}

/// Ask somebody to wrap it.
#[effect(reply = Nothing, timeout = "1s", attempts = 2)]
pub struct Wrap {
    pub order_id: OrderId,
}

#[event]
pub struct OrderNoted {
    pub order_id: OrderId,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    pub amount: Decimal,
    pub slip: Option<u32>,
    pub charged: Option<Decimal>,
    pub reason: Option<String>,
    pub notes: u32,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, amount: Decimal) -> Self {
        request!(Charge { order_id: id.clone(), amount });
        Self { id, amount, notes: 0 }
    }

    #[transition]
    pub fn note(&mut self) {
        self.notes += 1;
        emit!(OrderNoted { order_id: self.id.clone() });
    }

    #[transition]
    pub fn wrap(&mut self) {
        self.notes += 1;
        request!(Wrap { order_id: self.id.clone() });
    }

    #[transition(Placed => Settled)]
    pub fn settle(&mut self, number: u32, charged: Decimal, order_id: OrderId) {
        requires!(Mine: order_id == self.id, "the slip is of another order");
        self.slip = Some(number);
        self.charged = Some(charged);
    }

    #[transition(Placed => Held)]
    pub fn hold(&mut self, error: String, amount: Decimal) {
        requires!(Mine: amount == self.amount, "the amount is of another order");
        self.reason = Some(error);
    }
}
