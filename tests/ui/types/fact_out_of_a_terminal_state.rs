use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Lifecycle)]
pub enum OrderStatus {
    #[initial]
    Open,
    #[terminal]
    Paid,
    #[terminal]
    Cancelled,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    #[field(default = 0)]
    pub paid: i64,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[fact(_ => Paid, external_id = payment_id)]
    pub fn record_payment(&mut self, payment_id: String, amount: i64) {
        self.paid += amount;
    }
}

fn main() {
    let _ = cohesive::decide::<RecordPaymentOrder>;
}
