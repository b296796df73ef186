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

#[effect(reply = Decimal)]
pub struct SendLetter {
    pub order_id: OrderId,
}

pub struct Post;

impl Handle<SendLetter> for Post {
    async fn handle(&self, _: SendLetter, _: &EffectCall) -> Result<Nothing, EffectFailure> {
        Ok(Nothing)
    }
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        request!(SendLetter { order_id: id });
        Self { id }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self) {}
}

fn main() {
    let _ = cohesive::decide::<CloseOrder>;
}
