use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    pub note: Option<String>,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self) {
        self.note = None;
    }
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
