use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    pub price: Option<char>,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, price: Option<char>) -> Self {
        Self { id, price }
    }
}

fn main() {
    let _ = cohesive::create::<PlaceOrder>;
}
