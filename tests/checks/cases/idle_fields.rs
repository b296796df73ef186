use cohesive::check;
use cohesive::diagnostic::Diagnostic;
use cohesive::kernel::Entity;
use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    pub amount: i64,
    pub note: Option<String>,
    #[field(default = 1)]
    pub priority: i32,
    pub placed_on: Date,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, amount: i64, placed_on: Date) -> Self {
        requires!(Important: amount > 0, "an order costs something");
        Self { id, amount, placed_on }
    }

    #[transition]
    pub fn raise(&mut self, by: i64) {
        requires!(Urgent: self.priority > 0 && self.note.is_none(), "it can wait");
        self.amount += by;
    }
}

pub fn findings() -> Vec<Diagnostic> {
    check::entity(Order::MODEL)
}
