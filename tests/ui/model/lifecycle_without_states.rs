use cohesive::prelude::*;

#[derive(Lifecycle)]
pub enum OrderStatus {}

fn main() {}
