//! A domain with everything that operators meet: an event, a request, a refusal, and an input that is left to them.

use cohesive::node::System;
use cohesive::prelude::*;

#[derive(Id)]
pub struct ParcelId(String);

#[derive(Lifecycle)]
pub enum ParcelStatus {
    #[initial]
    Packed,
    #[terminal]
    Sent,
}

/// A thing to be sent.
#[entity]
pub struct Parcel {
    #[id]
    pub id: ParcelId,
    #[lifecycle]
    pub status: ParcelStatus,
    pub weight: u32,
}

/// A parcel is on its way.
#[event]
pub struct ParcelSent {
    pub parcel_id: ParcelId,
}

/// A parcel was weighed.
#[event]
pub struct ParcelWeighed {
    pub parcel_id: ParcelId,
    pub weight: u32,
}

/// A label has to be printed.
#[effect(
    reply = Nothing,
    timeout = "30s",
    attempts = 8,
    allow(COH0306, reason = "a parcel without a label comes back")
)]
pub struct PrintLabel {
    pub parcel_id: ParcelId,
}

#[transitions]
impl Parcel {
    #[create]
    pub fn pack(id: ParcelId, weight: u32) -> Self {
        Self { id, weight }
    }

    /// Somebody weighs it again.
    #[transition(Packed, conflict = manual)]
    pub fn weigh(&mut self, weight: u32) {
        self.weight = weight;
        emit!(ParcelWeighed { parcel_id: self.id.clone(), weight });
    }

    #[transition(Packed => Sent)]
    pub fn send(&mut self) {
        requires!(Light: self.weight <= 1000, "it is too heavy");
        emit!(ParcelSent { parcel_id: self.id.clone() });
        request!(PrintLabel { parcel_id: self.id.clone() });
    }
}

pub fn system() -> System {
    System::new("post").entity::<Parcel>()
}

pub fn id(id: &str) -> ParcelId {
    id.parse().unwrap()
}
