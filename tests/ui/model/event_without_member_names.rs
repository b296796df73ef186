use cohesive::prelude::*;

#[event]
pub struct OrderClosed(String);

fn main() {
    let _ = <OrderClosed as cohesive::kernel::Event>::MESSAGE;
}
