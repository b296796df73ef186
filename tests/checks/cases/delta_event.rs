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

/// An order costs less.
#[event]
pub struct OrderReduced {
    pub order_id: OrderId,
    pub by: i64,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, amount: i64) -> Self {
        requires!(Positive: amount > 0, "an order costs something");
        Self { id, amount }
    }

    #[transition(Open)]
    pub fn reduce(&mut self, by: i64) {
        requires!(Positive: by > 0, "a reduction is positive");
        self.amount -= by;
        emit!(OrderReduced { order_id: self.id, by });
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self) {}

    #[invariant]
    fn is_limited(&self) -> bool {
        self.amount < 1_000_000
    }
}

pub fn findings() -> Vec<Diagnostic> {
    check::entity(Order::MODEL)
}
