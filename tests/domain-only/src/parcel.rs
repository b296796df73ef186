//! A parcel, from its packing to its delivery.

use alloc::string::String;
use alloc::vec::Vec;

use cohesive::prelude::*;

use crate::route::{Route, RouteId};

/// The number of a parcel.
#[derive(Id)]
pub struct ParcelId(Uuid);

/// Where a parcel is.
#[derive(Lifecycle)]
pub enum ParcelStatus {
    /// At the sender's.
    #[initial]
    Packed,
    /// On its way.
    Sent,
    /// With somebody who keeps it for the addressee.
    #[wire = "left"]
    LeftWithNeighbour,
    /// Where it belongs.
    #[terminal]
    Delivered,
    /// Nobody knows where.
    #[terminal]
    Lost,
}

/// How fast it has to be.
#[derive(Value)]
pub enum Speed {
    /// As it comes.
    #[wire = "slow"]
    Slow,
    /// At once.
    #[wire = "fast"]
    Fast,
}

/// How large something is.
#[derive(Value)]
pub struct Size {
    /// From left to right.
    #[field(range(1..=200, "a parcel is 1 to 200 centimetres wide"))]
    pub width: i32,
    /// From bottom to top.
    pub height: Option<i32>,
}

/// A parcel.
#[entity]
pub struct Parcel {
    /// The number.
    #[id]
    pub id: ParcelId,
    /// Where it is.
    #[lifecycle]
    pub status: ParcelStatus,
    /// The way it takes.
    #[field(references(Route))]
    pub route_id: RouteId,
    /// The code on its label.
    #[field(unique, pattern("[A-Z]{2}[0-9]{6}"))]
    pub label: String,
    /// Who gets it.
    #[field(pii, alias = "recipient")]
    pub addressee: String,
    /// How large it is.
    #[field(write_once)]
    pub size: Size,
    /// How fast it has to be.
    #[field(index, default = Speed::Slow)]
    pub speed: Speed,
    /// What it weighs.
    #[field(range(1.., "a parcel weighs something"))]
    pub grams: i64,
    /// What it costs.
    pub price: Decimal,
    /// What the wrapping costs.
    #[field(default = Decimal::new(150, 2))]
    pub wrapping: Decimal,
    /// What is to be paid.
    #[field(computed = self.price + self.wrapping)]
    pub total: Decimal,
    /// When it was packed.
    #[field(write_once)]
    pub packed_at: Timestamp,
    /// When it has to be there.
    #[field(check(NotBefore: self.due.unwrap_or(self.packed_at) >= self.packed_at, "it is due after the packing"))]
    pub due: Option<Timestamp>,
    /// What happened on the way.
    pub remarks: Vec<String>,
    /// What is inside, as the customs office wants it.
    #[field(wire = "customs")]
    pub declaration: Option<Bytes>,
    /// What it is insured for.
    #[cfg(feature = "insurance")]
    #[field(default = Decimal::ZERO)]
    pub insured: Decimal,
}

/// A parcel was sent.
#[event]
pub struct ParcelSent {
    /// The parcel.
    pub parcel_id: ParcelId,
    /// What it weighs.
    pub grams: i64,
    /// What it is insured for.
    #[cfg(feature = "insurance")]
    pub insured: Decimal,
}

/// Nobody knows where a parcel is.
#[event]
pub struct ParcelLost {
    /// The parcel.
    pub parcel_id: ParcelId,
    /// Why.
    pub reason: String,
}

/// Ask a driver to fetch it.
#[effect(reply = Timestamp)]
pub struct FetchParcel {
    /// The parcel to be fetched.
    pub parcel_id: ParcelId,
    /// How fast.
    pub speed: Speed,
}

/// A driver brought it back.
#[event]
pub struct ParcelRefused {
    /// The parcel.
    pub parcel: ParcelId,
    /// Who did not want it.
    pub by: String,
}

/// Ask the post to write a letter.
#[effect(reply = Nothing)]
pub struct WriteLetter {
    /// To whom.
    #[field(pii)]
    pub to: String,
    /// What it says.
    pub text: String,
}

#[transitions]
impl Parcel {
    /// What a heavy parcel weighs.
    pub const HEAVY: i64 = 20_000;

    /// Somebody packs a parcel.
    #[create]
    pub fn pack(
        id: ParcelId,
        route_id: RouteId,
        label: String,
        #[field(pii)] addressee: String,
        size: Size,
        grams: i64,
        context: &Context,
    ) -> Self {
        requires!(Light: grams < Self::HEAVY, "it is too heavy");
        let packed_at = context.now();
        let price = if size.width > 100 { Decimal::new(899, 2) } else { Decimal::new(499, 2) };
        Self { id, route_id, label, addressee, size, grams, price, packed_at }
    }

    /// It is made ready for somebody in a hurry.
    #[transition(Packed)]
    pub fn hurry(&mut self, due: Timestamp) {
        self.speed = Speed::Fast;
        self.due = Some(due);
        self.price *= Decimal::from(2);
    }

    /// A driver takes it.
    #[cfg(not(feature = "insurance"))]
    #[transition(Packed => Sent)]
    pub fn send(&mut self) {
        emit!(ParcelSent { parcel_id: self.id, grams: self.grams });
        request!(FetchParcel { parcel_id: self.id, speed: self.speed });
    }

    /// A driver takes it, and knows what it is worth.
    #[cfg(feature = "insurance")]
    #[transition(Packed => Sent)]
    pub fn send(&mut self, insured: Decimal) {
        self.insured = insured;
        emit!(ParcelSent { parcel_id: self.id, grams: self.grams, insured });
        request!(FetchParcel { parcel_id: self.id, speed: self.speed });
    }

    /// Somebody opens the door, or nobody does.
    #[transition(Sent | LeftWithNeighbour => _ | LeftWithNeighbour | Delivered)]
    pub fn ring(&mut self, neighbour: Option<String>, home: bool, context: &Context) {
        let who = context.actor().unwrap_or("nobody".to_owned());
        if home {
            self.status = ParcelStatus::Delivered;
        } else if let Some(name) = neighbour {
            self.status = ParcelStatus::LeftWithNeighbour;
            self.remarks.push(format!("{} left it with {}", who, name));
            request!(WriteLetter { to: self.addressee, text: format!("it is with {}", name) });
        } else {
            match self.speed {
                Speed::Fast => reject!(Urgent, "a fast parcel is not carried back"),
                Speed::Slow => self.remarks.push("nobody was there".to_owned()),
            }
        }
    }

    /// The driver says that it is gone. What is delivered stays so.
    #[fact(_ => _ | Lost, external_id = report, occurred_at = at)]
    pub fn lose(&mut self, report: String, at: Option<Timestamp>, reason: String) {
        if self.status != ParcelStatus::Delivered {
            self.status = ParcelStatus::Lost;
        }
        let known = self.remarks.iter().filter(|remark| remark.contains("left")).count();
        self.remarks = if known > 0 { vec![reason, "it was left".to_owned()] } else { vec![reason] };
        emit!(ParcelLost { parcel_id: self.id, reason });
    }

    /// Somebody does not want it.
    #[transition(Sent)]
    #[consumes(ParcelRefused { parcel: id, by: remark })]
    pub fn note(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    /// Somebody counts the remarks.
    #[must_use]
    pub const fn remarks(&self) -> usize {
        self.remarks.len()
    }

    /// A heavy parcel is not fast.
    #[invariant]
    fn heavy_parcels_are_slow(&self) -> bool {
        self.grams < Self::HEAVY || !matches!(self.speed, Speed::Fast)
    }
}
