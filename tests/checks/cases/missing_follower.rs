use cohesive::check;
use cohesive::diagnostic::Diagnostic;
use cohesive::kernel::Entity;
use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

/// Ask the post to deliver a letter.
#[effect(reply = Nothing, timeout = "1m", attempts = 3, then = Order::confrim, otherwise = Parcel::lose)]
pub struct SendLetter {
    pub order_id: OrderId,
}

/// Ask the archive to keep a copy.
#[effect(reply = Nothing, timeout = "1m", attempts = 3, then = Order::place, otherwise = Order::confirm)]
pub struct KeepCopy {
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
        request!(KeepCopy { order_id: id });
        Self { id }
    }

    #[transition]
    pub fn confirm(&mut self) {}
}

pub fn findings() -> Vec<Diagnostic> {
    check::entity(Order::MODEL)
}
