use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

pub struct Order {
    pub id: OrderId,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }
}

fn main() {
    let _ = cohesive::create::<PlaceOrder>;
}
