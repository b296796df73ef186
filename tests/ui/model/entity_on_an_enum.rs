use cohesive::prelude::*;

#[entity]
pub enum Order {
    Small,
    Large,
}

fn main() {
    let _ = Order::Small;
    let _ = Order::Large;
}
