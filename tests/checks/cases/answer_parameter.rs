use cohesive::check;
use cohesive::diagnostic::Diagnostic;
use cohesive::kernel::Entity;
use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

/// What the bank says of a payment.
#[derive(Value)]
pub struct Receipt {
    pub number: i64,
    #[wire = "total"]
    pub sum: Decimal,
}

/// Ask the bank for a payment.
#[effect(reply = Receipt, timeout = "1m", attempts = 3, then = Order::settle, otherwise = Order::hold)]
pub struct ChargeCard {
    pub order_id: OrderId,
    pub card: String,
}

/// Ask the post for a price.
#[effect(reply = Decimal, timeout = "1m", attempts = 3, then = Order::price, otherwise = Order::hold)]
pub struct AskPrice {
    pub order_id: OrderId,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    pub note: Option<String>,
    pub paid: Option<Decimal>,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, card: String) -> Self {
        request!(ChargeCard { order_id: id, card });
        request!(AskPrice { order_id: id });
        Self { id }
    }

    /// `sum` and `card` are there; `number` has another type, and there is no `date`.
    #[transition]
    pub fn settle(&mut self, number: String, sum: Decimal, card: Option<String>, date: Date) {
        self.note = Some(format!("{} {} {}", number, card.unwrap_or("none".to_owned()), date));
        self.paid = Some(sum);
    }

    /// The price fills what is left beside the order, and a second one is left.
    #[transition]
    pub fn price(&mut self, order_id: OrderId, price: Decimal, currency: String) {
        self.paid = Some(price);
        self.note = Some(format!("{} {}", order_id, currency));
    }

    /// `error` is what went wrong; there is no `code`.
    #[transition]
    pub fn hold(&mut self, error: String, code: i32) {
        self.note = Some(format!("{} {}", error, code));
    }
}

pub fn findings() -> Vec<Diagnostic> {
    check::entity(Order::MODEL)
}
