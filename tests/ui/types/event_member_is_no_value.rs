use cohesive::prelude::*;

#[event]
pub struct OrderClosed {
    pub letter: char,
}

fn main() {
    let _ = OrderClosed { letter: 'a' };
}
