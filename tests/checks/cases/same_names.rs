use cohesive::check;
use cohesive::diagnostic::Diagnostic;
use cohesive::kernel::Entity;
use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

/// An order was closed.
#[event]
pub struct Closed {
    pub order_id: OrderId,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        emit!(Closed { order_id: id });
        Self { id }
    }
}

pub mod purchases {
    use super::*;

    /// A purchase was closed.
    #[event]
    pub struct Closed {
        pub purchase_id: OrderId,
    }

    #[entity(table = "order")]
    pub struct Purchase {
        #[id]
        pub id: OrderId,
    }

    #[transitions]
    impl Purchase {
        #[create]
        pub fn buy(id: OrderId) -> Self {
            emit!(Closed { purchase_id: id });
            Self { id }
        }
    }
}

pub fn findings() -> Vec<Diagnostic> {
    check::entities(&[Order::MODEL, purchases::Purchase::MODEL])
}
