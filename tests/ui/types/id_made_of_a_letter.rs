use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(char);

fn main() {}
