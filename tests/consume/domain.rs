//! Orders tell of themselves, and parcels and the ledger follow.

use cohesive::prelude::*;

#[derive(Id)]
pub struct OrderId(String);

#[derive(Id)]
pub struct ParcelId(String);

impl From<OrderId> for ParcelId {
    fn from(id: OrderId) -> Self {
        id.to_string().parse().unwrap_or_else(|_| unreachable!("an id of one is an id of the other"))
    }
}

#[event]
pub struct OrderPlaced {
    pub order_id: OrderId,
    pub pieces: u32,
}

#[event]
pub struct OrderChanged {
    pub order_id: OrderId,
    pub pieces: u32,
}

#[event]
pub struct ParcelPacked {
    pub parcel_id: ParcelId,
    pub pieces: u32,
}

#[event]
pub struct ParcelRepacked {
    pub parcel_id: ParcelId,
    pub pieces: u32,
}

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
    pub pieces: u32,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId, pieces: u32) -> Self {
        emit!(OrderPlaced { order_id: id.clone(), pieces });
        Self { id, pieces }
    }

    #[transition]
    pub fn change(&mut self, pieces: u32) {
        self.pieces = pieces;
        emit!(OrderChanged { order_id: self.id.clone(), pieces });
    }
}

#[entity]
pub struct Parcel {
    #[id]
    pub id: ParcelId,
    pub pieces: u32,
    pub repacked: u32,
}

#[transitions]
impl Parcel {
    #[create]
    #[consumes(OrderPlaced { order_id: id, pieces })]
    pub fn pack(id: ParcelId, pieces: u32) -> Self {
        emit!(ParcelPacked { parcel_id: id.clone(), pieces });
        Self { id, pieces, repacked: 0 }
    }

    #[transition]
    #[consumes(OrderChanged { order_id: id, pieces })]
    pub fn repack(&mut self, pieces: u32) {
        requires!(Fits: pieces <= 1_000, "a parcel holds a thousand pieces");
        self.pieces = pieces;
        self.repacked += 1;
        emit!(ParcelRepacked { parcel_id: self.id.clone(), pieces });
    }
}

/// What was ordered, for the books. It follows the same event as the parcel.
#[entity]
pub struct Entry {
    #[id]
    pub id: OrderId,
    pub pieces: u32,
}

#[transitions]
impl Entry {
    #[create]
    #[consumes(OrderPlaced { order_id: id, pieces })]
    pub fn book(id: OrderId, pieces: u32) -> Self {
        Self { id, pieces }
    }
}
