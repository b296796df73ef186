use cohesive::prelude::*;

/// An order was closed.
#[event(allow(COH0799, reason = "others follow it"))]
pub struct OrderClosed {}

#[event(allow(Coh0311, reason = "others follow it"))]
pub struct OrderOpened {}

fn main() {
    let _ = (OrderClosed {}, OrderOpened {});
}
