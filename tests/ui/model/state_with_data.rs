use cohesive::prelude::*;

#[derive(Lifecycle)]
pub enum OrderStatus {
    #[initial]
    Open,
    Closed(String),
}

fn main() {
    let _ = OrderStatus::Open;
    let _ = OrderStatus::Closed;
}
