//! What the language of fields and bodies means, row by row of the requirements.

mod bodies;
mod fields;
mod following;
mod handlers;
mod kinds;
#[cfg(feature = "testing")]
mod properties;
#[path = "../support/published.rs"]
mod published;
mod values;

use cohesive::kernel::Input;
use cohesive::prelude::*;
use cohesive::{Applied, CorrelationId, create, decide};

#[derive(Id)]
pub struct OrderId(String);

#[derive(Lifecycle)]
pub enum OrderStatus {
    #[initial]
    Open,
    #[wire = "on-hold"]
    Held,
    #[terminal]
    Closed,
}

/// How urgent an order is.
#[derive(Value)]
pub enum Urgency {
    Normal,
    #[wire = "very-urgent"]
    High,
}

/// One line of an order.
#[derive(Value)]
pub struct Line {
    pub article: String,
    pub quantity: i64,
    pub price: Decimal,
}

/// An order with a field of every kind.
#[entity(name = "PurchaseOrder")]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    #[field(write_once)]
    pub customer: String,
    #[field(default = Urgency::Normal, index)]
    pub urgency: Urgency,
    #[field(default = 3)]
    pub retries: i32,
    #[field(default = 0)]
    pub count: i64,
    #[field(default = 1)]
    pub parts: u32,
    #[field(default = false)]
    pub gift: bool,
    pub lines: Vec<Line>,
    #[field(write_once)]
    pub voucher: Option<String>,
    #[field(default = Decimal::ZERO, wire = "paid_amount")]
    pub paid: Decimal,
    #[field(computed = self.lines.iter().map(|line| line.price).sum())]
    pub total: Decimal,
    pub due: Option<Date>,
    pub seal: Option<Bytes>,
    pub token: Option<Uuid>,
    pub note: Option<String>,
}

/// A note was taken.
#[event]
pub struct NoteTaken {
    pub order_id: OrderId,
    pub status: OrderStatus,
    pub text: String,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, customer: String) -> Self {
        Self { id, customer }
    }

    #[transition(Open | Held)]
    pub fn add_line(&mut self, line: Line) {
        requires!(HasQuantity: line.quantity > 0, "a line orders something");
        requires!(NotTwice: !self.lines.iter().any(|other| other.article == line.article), "the article is there already");
        self.lines.push(line);
    }

    #[transition(Open | Held | Closed)]
    pub fn redeem(&mut self, voucher: String) {
        self.voucher = Some(voucher);
    }

    #[transition(Open | Held)]
    pub fn annotate(&mut self, text: Option<String>) {
        self.note = text;
    }

    #[transition(Open | Held)]
    pub fn divide(&mut self, by: i64) {
        self.count = (self.count + 100) / by;
    }

    #[transition(Open | Held)]
    pub fn add_count(&mut self, by: i64) {
        self.count += by;
    }

    #[transition(Open | Held => _ | Held | Closed)]
    pub fn settle(&mut self, amount: Decimal, hold: bool) {
        let paid = self.paid + amount;
        self.paid = paid;
        if hold {
            self.status = OrderStatus::Held;
        } else if paid >= self.total {
            self.status = OrderStatus::Closed;
        } else {
            reject!(TooLittle, "that is not enough");
        }
    }

    #[transition]
    pub fn remark(&mut self, text: String) {
        requires!(Short: !text.is_empty() && text.len() < 20, "a remark is short");
        let label = match self.urgency {
            Urgency::High => "urgent",
            Urgency::Normal => "normal",
        };
        self.note = Some(format!("{}: {}", label, text));
        emit!(NoteTaken { order_id: self.id, status: self.status, text: format!("{}!", text) });
        if self.gift {
            emit!(NoteTaken { order_id: self.id, status: self.status, text });
        }
    }

    #[transition(Open)]
    pub fn quantify(&mut self) {
        self.count = self.lines.iter().map(|line| line.quantity).sum();
        self.retries = if self.lines.iter().all(|line| line.quantity > 1) { 1 } else { -1 };
        self.note = if let Some(voucher) = &self.voucher { Some(voucher.clone()) } else { None };
    }

    /// An order costs at most a thousand.
    #[invariant]
    fn affordable(&self) -> bool {
        self.total <= Decimal::new(1000, 0)
    }

    /// Counts are not negative.
    #[invariant]
    fn counts_are_not_negative(&self) -> bool {
        self.count >= 0
    }
}

fn context() -> Context {
    Context::new("2026-01-01T00:00:00Z".parse().unwrap(), "test".parse::<CorrelationId>().unwrap())
}

fn placed() -> Order {
    let input = PlaceOrder { id: "O-1".parse().unwrap(), customer: "anna".to_owned() };
    create(&input, &context()).applied().unwrap().created().unwrap()
}

fn line(article: &str, price: &str) -> Line {
    Line { article: article.to_owned(), quantity: 2, price: price.parse().unwrap() }
}

fn apply<I: cohesive::kernel::Update<Entity = Order>>(order: &Order, input: &I) -> Order {
    applied(&decide(order, Version::INITIAL, input, &context())).after(order).unwrap()
}

fn applied<I: Input>(decision: &Decision<I>) -> &Applied<I> {
    decision.applied().unwrap_or_else(|| panic!("{decision:?}"))
}

#[derive(Id)]
pub struct GaugeId(String);

/// A thing without a lifecycle.
#[entity]
pub struct Gauge {
    #[id]
    pub id: GaugeId,
    pub level: i64,
    #[field(default = 0)]
    pub share: i64,
    pub reader: Option<String>,
}

#[transitions]
impl Gauge {
    #[create]
    pub fn install(id: GaugeId, level: i64) -> Self {
        Self { id, level }
    }

    #[transition]
    pub fn scale_down(&mut self, scale: u32) {
        requires!(Fine: Decimal::new(self.level, scale) < Decimal::ONE, "the level is not fine");
        self.share = 1;
    }

    #[transition]
    pub fn read(&mut self, context: &Context) {
        let who = context.actor().unwrap_or("nobody".to_owned());
        self.reader = Some(format!("{} in {}", who, context.correlation()));
    }

    #[transition]
    pub fn measure(&mut self, by: i64) {
        requires!(Divides: by != 0 && self.level / by >= 0, "the level cannot be divided by that");
        self.share = self.level / by;
    }
}

#[test]
fn models_fit_the_published_schema() {
    use cohesive::kernel::Entity as _;

    published::all_fit(&[
        Order::MODEL,
        Gauge::MODEL,
        kinds::Invoice::MODEL,
        values::Guest::MODEL,
        values::Stay::MODEL,
    ]);
}
