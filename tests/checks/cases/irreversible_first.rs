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
    #[terminal]
    Closed,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    pub amount: i64,
}

/// Ask the post to deliver a letter.
#[effect(reply = Nothing, timeout = "1m", attempts = 3, otherwise = Order::cancel, irreversible)]
pub struct SendLetter {
    pub order_id: OrderId,
}

/// Ask the warehouse to keep goods back.
#[effect(reply = Nothing, timeout = "1m", attempts = 3, otherwise = Order::cancel)]
pub struct ReserveStock {
    pub order_id: OrderId,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, amount: i64) -> Self {
        requires!(Positive: amount > 0, "an order costs something");
        Self { id, amount }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self) {
        if self.amount > 100 {
            request!(SendLetter { order_id: self.id });
        }
        request!(ReserveStock { order_id: self.id });
    }

    #[transition(Open => Closed)]
    pub fn cancel(&mut self) {}

    #[invariant]
    fn is_limited(&self) -> bool {
        self.amount < 1_000_000
    }
}

pub fn findings() -> Vec<Diagnostic> {
    check::entity(Order::MODEL)
}
