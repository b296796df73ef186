//! The Tender of the design.

use cohesive::prelude::*;

/// The id of a tender.
#[derive(Id)]
pub struct TenderId(String);

/// The id of a carrier.
#[derive(Id)]
pub struct PartnerId(String);

/// Where a tender stands.
#[derive(Lifecycle)]
pub enum TenderStatus {
    /// Offered.
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
    /// Until when it can be accepted.
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

/// Ask the gateway to send an acceptance to the partner.
#[effect(reply = Nothing)]
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

    /// An accepted tender names the partner that accepted it.
    #[invariant]
    fn accepted_tenders_name_their_partner(&self) -> bool {
        self.status != TenderStatus::Accepted || self.partner_id.is_some()
    }
}
