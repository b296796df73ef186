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

    #[transition(Open => Closed)]
    pub fn close(&mut self) {}

    #[consumes(OrderPaid { order_id: id, .. })]
    pub fn is_open(&self) -> bool {
        self.status == OrderStatus::Open
    }

    #[native(reads(amount))]
    #[consumes(OrderPaid { order_id: id, .. })]
    fn rounded(&self) -> Decimal {
        self.amount.round()
    }

    #[invariant]
    #[consumes(OrderPaid { order_id: id, .. })]
    fn is_positive(&self) -> bool {
        self.amount >= Decimal::ZERO
    }

    #[fact(external_id = payment_id)]
    #[consumes(OrderPaid { order_id: payment_id, .. })]
    pub fn pay(&mut self, payment_id: String) {}
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
