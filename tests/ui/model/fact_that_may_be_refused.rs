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

    #[fact(external_id = payment_id)]
    pub fn record_payment(&mut self, payment_id: String, amount: i64) {
        requires!(Positive: amount > 0, "a payment is positive");
        if self.paid > 100 {
            reject!(Full, "nothing is owed");
        }
        self.paid += amount;
    }
}

fn main() {
    let _ = cohesive::decide::<RecordPaymentOrder>;
}
