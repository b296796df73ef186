use cohesive::check;
use cohesive::diagnostic::Diagnostic;
use cohesive::kernel::Entity;
use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

/// Ask the post to deliver a letter.
#[effect(reply = Nothing, timeout = "1m", attempts = 3, then = Order::confirm, otherwise = Order::lose)]
pub struct SendLetter {
    pub order_id: OrderId,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        request!(SendLetter { order_id: id });
        Self { id }
    }

    #[transition(conflict = strict)]
    pub fn confirm(&mut self) {}

    #[transition(conflict = manual)]
    pub fn lose(&mut self) {}
}

pub fn findings() -> Vec<Diagnostic> {
    check::entity(Order::MODEL)
}
