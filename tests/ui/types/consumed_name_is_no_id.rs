use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Lifecycle)]
pub enum OrderStatus {
    #[initial]
    Open,
    #[terminal]
    Closed,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    #[field(default = Decimal::ZERO)]
    pub amount: Decimal,
}

#[event]
pub struct OrderPaid {
    pub order_id: OrderId,
    pub sum: Decimal,
    pub paid: Decimal,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[consumes(OrderPaid { order_id: order, sum: amount, .. })]
    #[transition(Open => Closed)]
    pub fn close(&mut self, amount: Decimal) {
        self.amount = amount;
    }
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
