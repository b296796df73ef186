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
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self) {}

    #[transition(Open | Closed => Open)]
    pub fn reopen(&mut self) {}
}

fn main() {
    let _ = cohesive::decide::<ReopenOrder>;
}
