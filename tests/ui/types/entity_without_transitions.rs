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

fn model<E: cohesive::kernel::Entity>() -> &'static cohesive::model::Entity {
    E::MODEL
}

fn main() {
    let _ = model::<Order>();
}
