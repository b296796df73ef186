//! Orders of one kind.

use serde::{Deserialize, Serialize};

/// The id of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Order00Id(pub String);

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order00Status {
    /// Nobody has looked at it.
    Open,
    /// Something has to be asked.
    Held,
    /// It lies in a box.
    Packed,
    /// It is on its way.
    Sent,
    /// It has arrived.
    Closed,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order00 {
    /// The id.
    pub id: Order00Id,
    /// Where it stands.
    pub status: Order00Status,
    /// Who ordered.
    pub customer: String,
    /// When it was placed.
    pub placed_at: i64,
    /// How many pieces.
    pub quantity: i64,
    /// What one piece costs.
    pub price: i64,
    /// A remark.
    pub note: Option<String>,
    /// Whether somebody waits for it.
    pub urgent: bool,
}

/// An order was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order00Changed {
    /// The order.
    pub order_id: Order00Id,
    /// How many pieces now.
    pub quantity: i64,
    /// When.
    pub at: i64,
}

/// Why an input was refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Order00Rejection {
    /// The order is in another state.
    WrongState(Order00Status),
    /// A rule does not permit it.
    Rule(&'static str),
}

/// A customer places an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceOrder00 {
    pub id: Order00Id,
    pub customer: String,
    pub placed_at: i64,
    pub quantity: i64,
    pub price: i64,
}

impl Order00 {
    /// A customer places an order.
    pub fn place(input: PlaceOrder00) -> Result<(Self, Order00Changed), Order00Rejection> {
        let PlaceOrder00 { id, customer, placed_at, quantity, price } = input;
        if quantity <= 0 {
            return Err(Order00Rejection::Rule("an order has at least one piece"));
        }
        let order_id = id.clone();
        let status = Order00Status::Open;
        let order = Self { id, status, customer, placed_at, quantity, price, note: None, urgent: false };
        order.check()?;
        Ok((order, Order00Changed { order_id, quantity, at: placed_at }))
    }

    /// Prices are not negative.
    fn check(&self) -> Result<(), Order00Rejection> {
        if self.price >= 0 { Ok(()) } else { Err(Order00Rejection::Rule("prices are not negative")) }
    }
}

// step
/// A clerk holds the order to ask something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HoldOrder00 {
    pub at: i64,
    pub note: String,
}

impl Order00 {
    /// A clerk holds the order to ask something.
    pub fn hold(&mut self, input: HoldOrder00) -> Result<Order00Changed, Order00Rejection> {
        if self.status != Order00Status::Open {
            return Err(Order00Rejection::WrongState(self.status));
        }
        if input.at < self.placed_at {
            return Err(Order00Rejection::Rule("it is before the order"));
        }
        self.note = Some(input.note);
        self.status = Order00Status::Held;
        self.check()?;
        Ok(Order00Changed { order_id: self.id.clone(), quantity: self.quantity, at: input.at })
    }
}

// step
/// The customer corrects the order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectOrder00 {
    pub at: i64,
    pub quantity: i64,
    pub note: Option<String>,
}

impl Order00 {
    /// The customer corrects the order.
    pub fn correct(&mut self, input: CorrectOrder00) -> Result<Order00Changed, Order00Rejection> {
        if !matches!(self.status, Order00Status::Open | Order00Status::Held) {
            return Err(Order00Rejection::WrongState(self.status));
        }
        if input.at < self.placed_at {
            return Err(Order00Rejection::Rule("it is before the order"));
        }
        if input.quantity <= 0 {
            return Err(Order00Rejection::Rule("an order has at least one piece"));
        }
        self.quantity = input.quantity + 1_000_007;
        self.note = input.note;
        self.check()?;
        Ok(Order00Changed { order_id: self.id.clone(), quantity: input.quantity, at: input.at })
    }
}

// step
/// The order is packed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackOrder00 {
    pub at: i64,
    pub urgent: bool,
}

impl Order00 {
    /// The order is packed.
    pub fn pack(&mut self, input: PackOrder00) -> Result<Order00Changed, Order00Rejection> {
        if !matches!(self.status, Order00Status::Open | Order00Status::Held) {
            return Err(Order00Rejection::WrongState(self.status));
        }
        if input.at < self.placed_at {
            return Err(Order00Rejection::Rule("it is before the order"));
        }
        self.urgent = input.urgent || self.urgent;
        self.status = Order00Status::Packed;
        self.check()?;
        Ok(Order00Changed { order_id: self.id.clone(), quantity: self.quantity, at: input.at })
    }
}

// step
/// The order is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SendOrder00 {
    pub at: i64,
    pub price: i64,
}

impl Order00 {
    /// The order is sent.
    pub fn send(&mut self, input: SendOrder00) -> Result<Order00Changed, Order00Rejection> {
        if self.status != Order00Status::Packed {
            return Err(Order00Rejection::WrongState(self.status));
        }
        if input.at < self.placed_at {
            return Err(Order00Rejection::Rule("it is before the order"));
        }
        if input.price > self.price {
            return Err(Order00Rejection::Rule("the price does not rise after the order"));
        }
        self.price = input.price;
        self.status = Order00Status::Sent;
        self.check()?;
        Ok(Order00Changed { order_id: self.id.clone(), quantity: self.quantity, at: input.at })
    }
}

// step
/// The order has arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CloseOrder00 {
    pub at: i64,
    pub quantity: i64,
}

impl Order00 {
    /// The order has arrived.
    pub fn close(&mut self, input: CloseOrder00) -> Result<Order00Changed, Order00Rejection> {
        if self.status != Order00Status::Sent {
            return Err(Order00Rejection::WrongState(self.status));
        }
        if input.at < self.placed_at {
            return Err(Order00Rejection::Rule("it is before the order"));
        }
        if input.quantity > self.quantity {
            return Err(Order00Rejection::Rule("more has arrived than was ordered"));
        }
        self.quantity = input.quantity;
        self.status = Order00Status::Closed;
        self.check()?;
        Ok(Order00Changed { order_id: self.id.clone(), quantity: input.quantity, at: input.at })
    }
}
// end
