use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
}

#[transitions]
impl Order {
    #[create(allow(COH0713))]
    pub fn place(id: OrderId, note: String) -> Self {
        Self { id }
    }

    #[transition(allow(COH0713, reason = " "))]
    pub fn touch(&mut self, note: String) {}
}

fn main() {
    let _ = cohesive::decide::<TouchOrder>;
}
