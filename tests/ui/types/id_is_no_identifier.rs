use cohesive::prelude::*;

#[entity]
pub struct Order {
    #[id]
    pub id: String,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: String) -> Self {
        Self { id }
    }
}

fn main() {
    let _ = cohesive::create::<PlaceOrder>;
}
