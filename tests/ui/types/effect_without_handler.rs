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

#[effect(reply = Nothing)]
pub struct SendLetter {
    pub order_id: OrderId,
}

#[effect(reply = Nothing)]
pub struct KeepCopy {
    pub order_id: OrderId,
}

pub struct Post;

impl Handle<KeepCopy> for Post {
    async fn handle(&self, _: KeepCopy, _: &EffectCall) -> Result<Nothing, EffectFailure> {
        Ok(Nothing)
    }
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        request!(SendLetter { order_id: id });
        request!(KeepCopy { order_id: id });
        Self { id }
    }

    #[transition(Open => Closed)]
    pub fn close(&mut self) {}
}

fn main() {
    fn performed<E: cohesive::kernel::Requests<H>, H>(_: H) {}
    performed::<Order, _>(Post);
}
