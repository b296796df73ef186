use cohesive::prelude::*;

#[derive(Value)]
pub struct Money(Decimal);

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    pub price: Money,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, price: Money) -> Self {
        Self { id, price }
    }
}

fn main() {
    let _ = cohesive::create::<PlaceOrder>;
}
