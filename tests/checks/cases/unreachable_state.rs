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

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, amount: i64) -> Self {
        requires!(Positive: amount > 0, "an order costs something");
        Self { id, amount }
    }

    #[transition(Open | Held => Closed)]
    pub fn close(&mut self) {}

    #[transition(Held => Open)]
    pub fn resume(&mut self) {}

    #[invariant]
    fn is_limited(&self) -> bool {
        self.amount < 1_000_000
    }
}

pub fn findings() -> Vec<Diagnostic> {
    check::entity(Order::MODEL)
}
