use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order(OrderId);

fn main() {
    let _ = Order;
}
