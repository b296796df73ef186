use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    pub price: char,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, price: char) -> Self {
        Self { id, price }
    }
}

fn main() {
    let _ = cohesive::create::<PlaceOrder>;
}
