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
    #[field(write_once)]
    pub number: i32,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, amount: Decimal, number: i32) -> Self {
        Self { id, amount, number }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self, number: i32) {
        self.number = number;
    }
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
