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
    #[cfg(feature = "red")]
    pub red: Option<i32>,
    #[cfg(feature = "green")]
    pub green: Option<i32>,
    #[cfg(feature = "blue")]
    pub blue: Option<i32>,
    #[cfg(feature = "white")]
    pub white: Option<i32>,
    #[cfg(feature = "black")]
    pub black: Option<i32>,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self) {}
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
