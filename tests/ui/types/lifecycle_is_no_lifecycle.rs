use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Value)]
pub enum OrderStatus {
    Open,
    Closed,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self) {}
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
