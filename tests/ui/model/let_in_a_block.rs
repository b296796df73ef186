use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    pub amount: i64,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, amount: i64) -> Self {
        Self { id, amount }
    }

    #[transition]
    pub fn change(&mut self, amount: i64) {
        {
            let amount = amount + 1;
            self.amount = amount;
        }
    }
}

fn main() {
    let _ = ChangeOrder { amount: 1 };
}
