use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[field(range(1..=5), default = 0)]
    pub priority: i32,
    #[field(length(3..), default = "no".to_owned())]
    pub note: String,
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
