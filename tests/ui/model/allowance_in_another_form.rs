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

#[entity(allow)]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
}

#[transitions(allow = COH0703)]
impl Order {
    #[create(allow(COH0713, because = "an old client sends it"))]
    pub fn place(id: OrderId, note: String) -> Self {
        Self { id }
    }

    #[transition(Open => Closed, allow(reason = "an old client sends it"))]
    pub fn close(&mut self, note: String) {}
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
