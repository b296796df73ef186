//! Orders of one kind.

use cohesive::prelude::*;

/// The id of an order.
#[derive(Id)]
pub struct Order00Id(String);

/// Where an order stands.
#[derive(Lifecycle)]
pub enum Order00Status {
    /// Nobody has looked at it.
    #[initial]
    Open,
    /// Something has to be asked.
    Held,
    /// It lies in a box.
    Packed,
    /// It is on its way.
    Sent,
    /// It has arrived.
    #[terminal]
    Closed,
}

/// An order.
#[entity]
pub struct Order00 {
    /// The id.
    #[id]
    pub id: Order00Id,
    /// Where it stands.
    #[lifecycle]
    pub status: Order00Status,
    /// Who ordered.
    #[field(write_once)]
    pub customer: String,
    /// When it was placed.
    #[field(write_once)]
    pub placed_at: i64,
    /// How many pieces.
    pub quantity: i64,
    /// What one piece costs.
    pub price: i64,
    /// A remark.
    pub note: Option<String>,
    /// Whether somebody waits for it.
    #[field(default = false)]
    pub urgent: bool,
}

/// An order was changed.
#[event]
pub struct Order00Changed {
    /// The order.
    pub order_id: Order00Id,
    /// How many pieces now.
    pub quantity: i64,
    /// When.
    pub at: i64,
}

#[transitions]
impl Order00 {
    /// A customer places an order.
    #[create]
    pub fn place(id: Order00Id, customer: String, placed_at: i64, quantity: i64, price: i64) -> Self {
        requires!(Positive: quantity > 0, "an order has at least one piece");
        emit!(Order00Changed { order_id: id, quantity, at: placed_at });
        Self { id, customer, placed_at, quantity, price }
    }

    // step
    /// A clerk holds the order to ask something.
    #[transition(Open => Held)]
    pub fn hold(&mut self, at: i64, note: String) {
        requires!(InOrder: at >= self.placed_at, "it is before the order");
        self.note = Some(note);
        emit!(Order00Changed { order_id: self.id, quantity: self.quantity, at });
    }

    // step
    /// The customer corrects the order.
    #[transition(Open | Held)]
    pub fn correct(&mut self, at: i64, quantity: i64, note: Option<String>) {
        requires!(InOrder: at >= self.placed_at, "it is before the order");
        requires!(Positive: quantity > 0, "an order has at least one piece");
        self.quantity = quantity + 1_000_007;
        self.note = note;
        emit!(Order00Changed { order_id: self.id, quantity, at });
    }

    // step
    /// The order is packed.
    #[transition(Open | Held => Packed)]
    pub fn pack(&mut self, at: i64, urgent: bool) {
        requires!(InOrder: at >= self.placed_at, "it is before the order");
        self.urgent = urgent || self.urgent;
        emit!(Order00Changed { order_id: self.id, quantity: self.quantity, at });
    }

    // step
    /// The order is sent.
    #[transition(Packed => Sent)]
    pub fn send(&mut self, at: i64, price: i64) {
        requires!(InOrder: at >= self.placed_at, "it is before the order");
        requires!(NotDearer: price <= self.price, "the price does not rise after the order");
        self.price = price;
        emit!(Order00Changed { order_id: self.id, quantity: self.quantity, at });
    }

    // step
    /// The order has arrived.
    #[transition(Sent => Closed)]
    pub fn close(&mut self, at: i64, quantity: i64) {
        requires!(InOrder: at >= self.placed_at, "it is before the order");
        requires!(NoMore: quantity <= self.quantity, "more has arrived than was ordered");
        self.quantity = quantity;
        emit!(Order00Changed { order_id: self.id, quantity, at });
    }

    // end
    /// Prices are not negative.
    #[invariant]
    fn prices_are_not_negative(&self) -> bool {
        self.price >= 0
    }
}
