use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
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

cohesive::check!(Order Parcel);
cohesive::check!();
cohesive::check!(shop: [Order], evnets: []);
cohesive::check!(shop: [Order], events: [], views: [], events: []);

fn main() {
    let _ = cohesive::create::<PlaceOrder>;
}
