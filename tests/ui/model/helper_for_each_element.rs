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
    pub lines: Vec<i32>,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self) {
        requires!(Dear: self.lines.iter().any(|line| self.is_dear(line)), "nothing is dear");
    }

    #[native(reads(amount))]
    fn is_dear(&self, line: i32) -> bool {
        self.amount > Decimal::from(line)
    }
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
