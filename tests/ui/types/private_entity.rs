use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
struct Order {
    #[id]
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
