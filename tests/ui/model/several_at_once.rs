use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Lifecycle)]
pub enum OrderStatus {
    Open,
    #[terminal]
    Closed,
}

#[entity]
pub struct Order {
    pub order_id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    #[field(uniqe)]
    pub amount: Decimal,
    #[field(computed = self.amount, default = Decimal::ZERO)]
    pub total: Decimal,
}

#[effect]
pub struct SendLetter {
    pub order_id: OrderId,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(order_id: OrderId, amount: Decimal) -> Self {
        Self { order_id, amount }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self, note: &str) {
        self.amount = self.amount * 0.5;
        requires!(Paid: self.amount.unwrap() > Decimal::ZERO, "it costs nothing");
        request!(SendLetter { order_id: self.order_id });
    }
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
