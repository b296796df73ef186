use cohesive::prelude::*;

#[entity]
pub struct Order {}

fn main() {
    let _ = Order {};
}
