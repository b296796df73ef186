use cohesive::prelude::*;

#[derive(Id)]
pub enum OrderId {
    Short,
}

fn main() {
    let _ = OrderId::Short;
}
