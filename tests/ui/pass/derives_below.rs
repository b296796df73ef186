//! Derives of the user's own stand below our attribute, also those that it would add itself.
#![deny(warnings)]

use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(i64);

#[entity]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    #[id]
    pub id: OrderId,
    pub lines: Vec<String>,
}

#[event]
#[derive(PartialEq, Eq, Hash)]
pub struct OrderPlaced {
    pub order_id: OrderId,
}

#[derive(Value, PartialOrd)]
pub struct Size {
    pub width: i32,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        emit!(OrderPlaced { order_id: id });
        Self { id }
    }
}

fn main() {
    assert!(Size { width: 1 } < Size { width: 2 });
    let _ = cohesive::create::<PlaceOrder>;
}
