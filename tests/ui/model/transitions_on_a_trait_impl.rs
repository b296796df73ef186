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
impl Default for Order {
    #[create]
    fn default() -> Self {
        ::core::unimplemented!()
    }
}

fn main() {
    let _ = Order::default();
}
