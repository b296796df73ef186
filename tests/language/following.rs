//! Transitions that follow events.
//!
//! B40: what a message means to its consumer. The inbox of it is a store's.

use cohesive::kernel::{Create, CreatedBy, Entity, InputVisitor, Update, UpdatedBy};
use cohesive::prelude::*;
use cohesive::{CorrelationId, create, decide};

/// Another part of the firm, with names of its own.
mod tenders {
    use super::*;

    #[derive(Id)]
    pub struct TenderId(String);

    #[derive(Id)]
    pub struct PartnerId(String);

    #[event]
    pub struct TenderAccepted {
        pub tender_id: TenderId,
        pub partner_id: PartnerId,
        pub price: Decimal,
    }

    #[event]
    pub struct TenderWithdrawn {
        pub tender_id: TenderId,
        #[wire = "why"]
        pub reason: String,
    }
}

use tenders::{TenderAccepted as Accepted, TenderId};

#[derive(Id)]
pub struct ShipmentId(String);

impl From<TenderId> for ShipmentId {
    fn from(tender: TenderId) -> Self {
        Self(format!("S-{tender}"))
    }
}

#[derive(Lifecycle)]
pub enum ShipmentStatus {
    #[initial]
    Booked,
    #[terminal]
    Cancelled,
}

#[entity]
pub struct Shipment {
    #[id]
    pub number: ShipmentId,
    #[lifecycle]
    pub status: ShipmentStatus,
    pub tender: TenderId,
    pub carrier: Option<tenders::PartnerId>,
    pub reason: Option<String>,
}

#[transitions]
impl Shipment {
    /// A member fills two parameters, one becomes another id, one becomes optional, and one is left out.
    #[create]
    #[consumes(Accepted { tender_id: number, tender_id: tender, partner_id: carrier, price: _ })]
    pub fn book(number: ShipmentId, tender: TenderId, carrier: Option<tenders::PartnerId>) -> Self {
        Self { number, tender, carrier }
    }

    #[consumes(tenders::TenderWithdrawn { reason, tender_id: number })]
    #[transition(Booked => Cancelled)]
    pub fn cancel(&mut self, reason: String) {
        self.reason = Some(reason);
    }

    /// Nothing but people can do this.
    #[transition(Booked)]
    pub fn correct(&mut self, carrier: Option<tenders::PartnerId>) {
        self.carrier = carrier;
    }
}

fn context() -> Context {
    Context::new("2026-03-01T12:00:00Z".parse().unwrap(), "c-1".parse::<CorrelationId>().unwrap())
}

#[test]
fn an_event_becomes_the_inputs_that_follow_it() {
    let (tender_id, partner_id): (TenderId, _) = ("T-1".parse().unwrap(), "P-7".parse().unwrap());
    let booking =
        BookShipment::follow(Accepted { tender_id: tender_id.clone(), partner_id, price: Decimal::ONE });
    let shipment = create(&booking, &context()).applied().unwrap().created().unwrap();
    assert_eq!(shipment.number, "S-T-1".parse().unwrap());
    assert_eq!((&shipment.tender, &shipment.carrier), (&tender_id, &Some("P-7".parse().unwrap())));
    let (id, cancelling) =
        CancelShipment::follow(tenders::TenderWithdrawn { tender_id, reason: "too late".to_owned() });
    assert_eq!(id, shipment.number);
    let decision = decide(&shipment, Version::INITIAL, &cancelling, &context());
    let cancelled = decision.applied().unwrap().after(&shipment).unwrap();
    assert_eq!(
        (cancelled.status, cancelled.reason.as_deref()),
        (ShipmentStatus::Cancelled, Some("too late"))
    );
}

/// The model names the event by its contract, whatever it is called where it is followed.
#[test]
fn the_model_says_what_is_followed_and_what_is_taken() {
    let followed = |name| Shipment::MODEL.transition(name).unwrap().consumes;
    let booking = followed("book").unwrap();
    assert_eq!(booking.event, "TenderAccepted");
    assert_eq!(
        booking.bindings,
        [("tender_id", "number"), ("tender_id", "tender"), ("partner_id", "carrier")]
    );
    let cancelling = followed("cancel").unwrap();
    assert_eq!(cancelling.event, "TenderWithdrawn");
    assert_eq!(cancelling.bindings, [("reason", "reason"), ("tender_id", "number")]);
    assert_eq!(followed("correct"), None);
}

/// What a runtime would connect, in the order in which it sees it.
#[derive(Default)]
struct Seen(Vec<String>);

impl InputVisitor<Shipment> for Seen {
    fn create<I: Create<Entity = Shipment>>(&mut self) {
        self.0.push(format!("create {}", I::TRANSITION.name));
    }
    fn update<I: Update<Entity = Shipment>>(&mut self) {
        self.0.push(format!("update {}", I::TRANSITION.name));
    }
    fn created_by<I: CreatedBy<Entity = Shipment>>(&mut self) {
        let event = <I::Event as cohesive::kernel::Event>::MESSAGE.name;
        self.0.push(format!("{} on {event}", I::TRANSITION.name));
    }
    fn updated_by<I: UpdatedBy<Entity = Shipment>>(&mut self) {
        let event = <I::Event as cohesive::kernel::Event>::MESSAGE.name;
        self.0.push(format!("{} on {event}", I::TRANSITION.name));
    }
}

#[test]
fn a_visitor_sees_which_inputs_follow_events() {
    let mut seen = Seen::default();
    Shipment::inputs(&mut seen);
    let expected = [
        "create book",
        "book on TenderAccepted",
        "update cancel",
        "cancel on TenderWithdrawn",
        "update correct",
    ];
    assert_eq!(seen.0, expected);
}
