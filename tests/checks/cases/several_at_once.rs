use cohesive::check;
use cohesive::diagnostic::Diagnostic;
use cohesive::kernel::Entity;
use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Lifecycle)]
pub enum OrderStatus {
    #[initial]
    Open,
    Held,
    Lost,
    #[terminal]
    Closed,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    #[field(default = 0)]
    pub paid: i64,
    pub notes: Vec<String>,
}

/// Somebody paid.
#[event]
pub struct OrderPaid {
    pub order_id: OrderId,
    pub amount: i64,
}

/// Ask the post to deliver a receipt.
#[effect(reply = Nothing, attempts = 3, otherwise = Order::lose)]
pub struct SendReceipt {
    pub order_id: OrderId,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[transition(Open | Held => _ | Closed)]
    pub fn pay(&mut self, amount: i64, note: String) {
        requires!(Positive: amount > 0, "a payment is positive");
        requires!(Counted: amount > -1, "a payment is counted");
        self.paid += amount;
        emit!(OrderPaid { order_id: self.id, amount });
        request!(SendReceipt { order_id: self.id });
        if self.paid >= 100 {
            self.status = OrderStatus::Closed;
        }
    }

    #[transition(Open => Lost)]
    pub fn lose(&mut self) {}

    #[invariant]
    fn is_true(&self) -> bool {
        true
    }
}

pub fn findings() -> Vec<Diagnostic> {
    check::entity(Order::MODEL)
}
