//! An order with lines, after the ordering domain of Microsoft's eShop reference application
//! (<https://github.com/dotnet/eShop>): drafted, submitted, paid, shipped or cancelled, in one currency.

use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Id)]
pub struct BuyerId(String);

/// Where an order stands.
#[derive(Lifecycle)]
pub enum OrderStatus {
    /// Lines are still added and taken out.
    #[initial]
    Draft,
    /// The buyer has ordered, and has to pay.
    Submitted,
    /// It is paid, and has to be shipped.
    Paid,
    /// It is on its way.
    #[terminal]
    Shipped,
    /// Nothing comes of it.
    #[terminal]
    Cancelled,
}

/// So many pieces of one article.
#[derive(Value)]
pub struct OrderLine {
    /// The article.
    #[id]
    pub sku: String,
    #[field(range(1..=999))]
    pub pieces: u32,
    /// What one piece costs.
    #[field(range(Decimal::ZERO..))]
    pub price: Money,
}

/// An order of one buyer.
#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    #[field(write_once, index)]
    pub buyer_id: BuyerId,
    #[field(length(..=100))]
    pub lines: Vec<OrderLine>,
    #[field(write_once)]
    pub currency: Currency,
    #[field(computed = self.lines.iter().map(|line| line.price.amount * Decimal::from(line.pieces)).sum())]
    pub total: Decimal,
    #[field(write_once)]
    pub submitted_at: Option<Timestamp>,
}

/// What others have to know of an order.
#[event]
pub enum OrderEvent {
    OrderSubmitted { order_id: OrderId, buyer_id: BuyerId, total: Decimal, currency: Currency },
    OrderPaid { order_id: OrderId },
    OrderShipped { order_id: OrderId },
    OrderCancelled { order_id: OrderId, reason: String },
}

#[transitions]
impl Order {
    /// A buyer begins an order.
    #[create]
    pub fn draft(id: OrderId, buyer_id: BuyerId, currency: Currency) -> Self {
        Self { id, buyer_id, currency }
    }

    /// Puts an article into the order, or changes how many of it.
    #[transition(Draft)]
    pub fn put_line(&mut self, line: OrderLine) {
        requires!(SameCurrency: line.price.currency == self.currency, "an order is in one currency");
        self.lines.upsert(line);
    }

    /// Takes an article out of the order.
    #[transition(Draft)]
    pub fn remove_line(&mut self, sku: String) {
        requires!(KnownLine: self.lines.iter().any(|line| line.sku == sku), "the order has no such article");
        self.lines.remove_by_id(sku);
    }

    /// The buyer orders.
    #[transition(Draft => Submitted)]
    pub fn submit(&mut self, context: &Context) {
        requires!(NotEmpty: !self.lines.is_empty(), "an order has at least one line");
        self.submitted_at = Some(context.now());
        emit!(OrderSubmitted {
            order_id: self.id,
            buyer_id: self.buyer_id,
            total: self.total,
            currency: self.currency
        });
    }

    /// The buyer pays, all at once.
    #[transition(Submitted => Paid)]
    pub fn pay(&mut self, amount: Money) {
        requires!(
            Exact: amount.currency == self.currency && amount.amount == self.total,
            "the order is paid in full and in its currency"
        );
        emit!(OrderPaid { order_id: self.id });
    }

    /// The order leaves the house.
    #[transition(Paid => Shipped)]
    pub fn ship(&mut self) {
        emit!(OrderShipped { order_id: self.id });
    }

    /// The order is cancelled before it is paid.
    #[transition(Draft | Submitted => Cancelled)]
    pub fn cancel(&mut self, #[field(length(1..=200))] reason: String) {
        emit!(OrderCancelled { order_id: self.id, reason });
    }

    /// What was submitted has lines.
    #[invariant]
    fn submitted_orders_have_lines(&self) -> bool {
        matches!(self.status, OrderStatus::Draft | OrderStatus::Cancelled) || !self.lines.is_empty()
    }

    /// What was submitted says when.
    #[invariant]
    fn submitted_orders_say_when(&self) -> bool {
        matches!(self.status, OrderStatus::Draft | OrderStatus::Cancelled) || self.submitted_at.is_some()
    }

    /// All prices are in the currency of the order.
    #[invariant]
    fn one_currency(&self) -> bool {
        self.lines.iter().all(|line| line.price.currency == self.currency)
    }
}
