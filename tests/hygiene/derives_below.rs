//! Derives of the user's own stand below our attribute, also those that it would add itself.

use cohesive::prelude::*;

/// The id of an order.
#[derive(Id)]
pub struct OrderId(i64);

/// An order.
#[entity]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The id.
    #[id]
    pub id: OrderId,
    /// What is ordered.
    pub lines: Vec<String>,
}

/// An order was placed.
#[event]
#[derive(PartialEq, Eq, Hash)]
pub struct OrderPlaced {
    /// The order.
    pub order_id: OrderId,
}

/// How large something is.
#[derive(Value, PartialOrd)]
pub struct Size {
    /// From left to right.
    pub width: i32,
}

#[transitions]
impl Order {
    /// Somebody places an order.
    #[create]
    pub fn place(id: OrderId) -> Self {
        emit!(OrderPlaced { order_id: id });
        Self { id }
    }
}

#[test]
fn derives_of_the_users_own_stand_below() {
    assert!(Size { width: 1 } < Size { width: 2 });
    let _ = cohesive::create::<PlaceOrder>;
}
