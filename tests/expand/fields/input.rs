//! Every kind of field.

use cohesive::prelude::*;

/// The number of an order.
#[derive(Id)]
pub struct OrderId(i64);

/// How an order is sent.
#[derive(Value)]
pub enum Shipping {
    /// By road.
    #[wire = "road"]
    Road,
    /// By sea.
    Sea,
}

/// One line of an order.
#[derive(Value)]
pub struct Line {
    /// What is ordered.
    pub article: String,
    /// How many of it.
    #[wire = "qty"]
    pub quantity: i32,
}

/// An order.
#[entity(table = "purchase_order", plural = "purchase-orders")]
pub struct Order {
    /// The number.
    #[id]
    pub id: OrderId,
    /// The number at the customer's.
    #[field(write_once, unique)]
    pub reference: Option<String>,
    /// The day.
    #[field(index, wire = "day")]
    pub ordered_on: Date,
    /// How it is sent.
    #[field(default = Shipping::Road)]
    pub r#type: Shipping,
    /// What is ordered.
    pub lines: Vec<Line>,
    /// The last line, if there was one.
    pub latest: Option<Line>,
    /// What it costs.
    pub amount: Decimal,
    /// What it costs to send.
    #[field(default = Decimal::ZERO)]
    pub postage: Decimal,
    /// What is to be paid.
    #[field(computed = self.amount + self.postage)]
    pub total: Decimal,
}

#[transitions]
impl Order {
    /// Somebody orders.
    #[create]
    pub fn place(id: OrderId, ordered_on: Date, amount: Decimal) -> Self {
        Self { id, ordered_on, amount }
    }

    /// A line is added.
    #[transition]
    pub fn add(&mut self, line: Line) {
        self.lines.push(line);
        self.latest = Some(line);
    }
}
