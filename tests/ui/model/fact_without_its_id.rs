use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[field(default = 0)]
    pub paid: i64,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[fact(external_id = payement_id, occurred_at = paid_at)]
    pub fn record_payment(&mut self, payment_id: String, amount: i64) {
        self.paid += amount;
    }
}

fn main() {
    let _ = cohesive::decide::<RecordPaymentOrder>;
}
