//! The freight desk: a load is tendered to carriers, and an accepted tender becomes a shipment.

use cohesive::prelude::*;

/// The id of a tender, as the desk gives it.
#[derive(Id)]
pub struct TenderId(String);

/// The id of a carrier that does business with the desk.
#[derive(Id)]
pub struct PartnerId(String);

/// The id of a shipment.
#[derive(Id)]
pub struct ShipmentId(String);

/// One tender leads to one shipment, so the shipment that follows from a tender has its number.
impl From<TenderId> for ShipmentId {
    fn from(tender: TenderId) -> Self {
        Self(tender.0)
    }
}

/// Where a tender stands.
#[derive(Lifecycle)]
pub enum TenderStatus {
    /// Offered, and nobody has accepted it yet.
    #[initial]
    Pending,
    /// A partner has accepted it.
    #[terminal]
    Accepted,
    /// Nobody accepted it in time.
    #[terminal]
    Expired,
}

/// A load that is offered to carriers.
#[entity]
pub struct Tender {
    /// The id of the tender.
    #[id]
    pub id: TenderId,
    /// Where it stands.
    #[lifecycle]
    pub status: TenderStatus,
    /// Until when it can be accepted. That instant itself counts as expired.
    #[field(write_once)]
    pub expiration: Timestamp,
    /// The partner that accepted it.
    pub partner_id: Option<PartnerId>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
}

/// One partner accepted the tender.
#[event]
pub struct TenderAccepted {
    /// The tender.
    pub tender_id: TenderId,
    /// The partner.
    pub partner_id: PartnerId,
}

/// Ask the EDI gateway to send a 990 "accept" to the partner.
#[effect(
    reply = Nothing,
    timeout = "30s",
    attempts = 8,
    allow(COH0306, reason = "an acceptance stands without the message; the desk then calls the partner")
)]
pub struct Emit990Accept {
    /// The tender.
    pub tender_id: TenderId,
    /// The partner.
    pub partner_id: PartnerId,
}

#[transitions]
impl Tender {
    /// Offers a load to carriers until `expiration`.
    #[create]
    pub fn offer(id: TenderId, expiration: Timestamp) -> Self {
        Self { id, expiration }
    }

    /// A partner accepts the tender before it expires.
    #[transition(Pending => Accepted)]
    pub fn accept(&mut self, partner_id: PartnerId, accepted_at: Timestamp) {
        requires!(CanAccept: self.expiration > accepted_at, "the tender has expired");
        self.partner_id = Some(partner_id.clone());
        self.accepted_at = Some(accepted_at);
        emit!(TenderAccepted { tender_id: self.id.clone(), partner_id: partner_id.clone() });
        request!(Emit990Accept { tender_id: self.id.clone(), partner_id });
    }

    /// Nobody accepted the tender in time.
    #[transition(Pending => Expired)]
    pub fn expire(&mut self, context: &Context) {
        requires!(HasExpired: self.expiration <= context.now(), "the tender can still be accepted");
    }

    /// An accepted tender names the partner that accepted it.
    #[invariant]
    fn accepted_tenders_name_their_partner(&self) -> bool {
        self.status != TenderStatus::Accepted || self.partner_id.is_some()
    }
}

/// Where a shipment stands.
#[derive(Lifecycle)]
pub enum ShipmentStatus {
    /// A partner has the order.
    #[initial]
    Booked,
    /// The load is on the road.
    InTransit,
    /// The load has arrived.
    #[terminal]
    Delivered,
    /// The order was withdrawn before the load was picked up.
    #[terminal]
    Cancelled,
}

/// A load on its way with a carrier.
#[entity]
pub struct Shipment {
    /// The id of the shipment.
    #[id]
    pub id: ShipmentId,
    /// Where it stands.
    #[lifecycle]
    pub status: ShipmentStatus,
    /// The tender that led to it. One tender leads to one shipment.
    #[field(write_once, unique)]
    pub tender_id: TenderId,
    /// The carrier.
    #[field(index)]
    pub partner_id: PartnerId,
    /// When the load was picked up.
    pub picked_up_at: Option<Timestamp>,
    /// When the load arrived.
    pub delivered_at: Option<Timestamp>,
}

/// A shipment was booked with a carrier.
#[event]
pub struct ShipmentBooked {
    /// The shipment.
    pub shipment_id: ShipmentId,
    /// The tender that led to it.
    pub tender_id: TenderId,
}

/// The load has arrived.
#[event]
pub struct ShipmentDelivered {
    /// The shipment.
    pub shipment_id: ShipmentId,
    /// When it arrived.
    pub delivered_at: Timestamp,
}

#[transitions]
impl Shipment {
    /// Books the load of an accepted tender with the partner that accepted it.
    #[create]
    #[consumes(TenderAccepted { tender_id: id, tender_id, partner_id })]
    pub fn book(id: ShipmentId, tender_id: TenderId, partner_id: PartnerId) -> Self {
        emit!(ShipmentBooked { shipment_id: id, tender_id });
        Self { id, tender_id, partner_id }
    }

    /// The carrier picks the load up.
    #[transition(Booked => InTransit)]
    pub fn pick_up(&mut self, picked_up_at: Timestamp) {
        self.picked_up_at = Some(picked_up_at);
    }

    /// The load arrives.
    #[transition(InTransit => Delivered)]
    pub fn deliver(&mut self, delivered_at: Timestamp) {
        requires!(
            AfterPickUp: self.picked_up_at <= Some(delivered_at),
            "a load cannot arrive before it was picked up"
        );
        self.delivered_at = Some(delivered_at);
        emit!(ShipmentDelivered { shipment_id: self.id, delivered_at });
    }

    /// The order is withdrawn. Only possible while the carrier has not picked the load up.
    #[transition(Booked => Cancelled, conflict = strict)]
    pub fn cancel(&mut self) {}
}
