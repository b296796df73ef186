use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order<T> {
    #[id]
    pub id: OrderId,
    pub content: T,
}

fn main() {
    let _ = |order: Order<i32>| order.content;
}
