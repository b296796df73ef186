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
    pub amount: Decimal,
    pub note: Option<String>,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, amount: Decimal) -> Self {
        Self { id, amount }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self, note: &str) {
        self.note = Some(note);
    }
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
