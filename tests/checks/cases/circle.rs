use cohesive::check;
use cohesive::diagnostic::Diagnostic;
use cohesive::kernel::Entity;
use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Id)]
pub struct StockId(String);

/// What was ordered lies in a place of its own.
impl From<OrderId> for StockId {
    fn from(order: OrderId) -> Self {
        Self(order.0)
    }
}

/// A place is of one order.
impl From<StockId> for OrderId {
    fn from(stock: StockId) -> Self {
        Self(stock.0)
    }
}

/// An order was closed.
#[event]
pub struct OrderClosed {
    pub order_id: OrderId,
}

/// Goods were taken out of the stock.
#[event]
pub struct StockTaken {
    pub stock_id: StockId,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }

    #[transition]
    #[consumes(StockTaken { stock_id: id })]
    pub fn close(&mut self) {
        emit!(OrderClosed { order_id: self.id });
    }
}

#[entity]
pub struct Stock {
    #[id]
    pub id: StockId,
}

#[transitions]
impl Stock {
    #[create]
    pub fn fill(id: StockId) -> Self {
        Self { id }
    }

    #[transition]
    #[consumes(OrderClosed { order_id: id })]
    pub fn take(&mut self) {
        emit!(StockTaken { stock_id: self.id });
    }
}

pub fn findings() -> Vec<Diagnostic> {
    check::entities(&[Order::MODEL, Stock::MODEL])
}
