use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity(allow(COH0107, reason = "we know better"))]
pub struct Order {
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
