//! Given, when, then: V01. Scenarios of the design's Tender, and the texts of those that fail.

#[path = "../examples/freight/domain.rs"]
mod domain;
#[path = "../examples/fines/domain.rs"]
mod fines;

use std::panic::{AssertUnwindSafe, catch_unwind};

use cohesive::kernel::CreatedBy as _;
use cohesive::prelude::*;
use cohesive::testing::Given as _;
use domain::{
    AcceptTender, AcceptTenderRejection, BookShipment, CancelShipment, Emit990Accept, ExpireTender,
    OfferTender, Shipment, ShipmentBooked, Tender, TenderAccepted, TenderStatus,
};

fn offer() -> OfferTender {
    OfferTender { id: "T-1".parse().unwrap(), expiration: "2026-03-01T12:00:00Z".parse().unwrap() }
}

fn accept(accepted_at: &str) -> AcceptTender {
    AcceptTender { partner_id: "P-7".parse().unwrap(), accepted_at: accepted_at.parse().unwrap() }
}

fn tender() -> Tender {
    Tender {
        id: "T-1".parse().unwrap(),
        status: TenderStatus::Pending,
        expiration: "2026-03-01T12:00:00Z".parse().unwrap(),
        partner_id: None,
        accepted_at: None,
    }
}

#[test]
fn v01_a_scenario_reads_as_it_is_told() {
    Tender::given_nothing()
        .and(offer())
        .when(accept("2026-03-01T11:00:00Z"))
        .then_applied()
        .then_emits(TenderAccepted { tender_id: "T-1".parse().unwrap(), partner_id: "P-7".parse().unwrap() })
        .then_requests(Emit990Accept {
            tender_id: "T-1".parse().unwrap(),
            partner_id: "P-7".parse().unwrap(),
        })
        .then_changed(&["accepted_at", "partner_id", "status"])
        .then_state(|tender| assert_eq!(tender.status, TenderStatus::Accepted))
        .next()
        .when(accept("2026-03-01T11:00:00Z"))
        .then_rejected("wrong_state")
        .then_rejected_with(&AcceptTenderRejection::WrongState { state: TenderStatus::Accepted });
}

#[test]
fn the_clock_stands_still_until_it_is_moved() {
    let scenario = Tender::given(tender()).at("2026-03-01T11:59:59.999999Z");
    scenario
        .when(ExpireTender {})
        .then_rejected("has_expired")
        .next()
        .at("2026-03-01T12:00:00Z")
        .when(ExpireTender {})
        .then_says_nothing()
        .then_state(|tender| assert_eq!(tender.status, TenderStatus::Expired));
}

#[test]
fn versions_are_counted_and_can_be_stated() {
    let booked = BookShipment {
        id: "S-1".parse().unwrap(),
        tender_id: "T-1".parse().unwrap(),
        partner_id: "P-7".parse().unwrap(),
    };
    let scenario = Shipment::given_nothing().and(booked);
    scenario.clone().when(CancelShipment {}).then_invalid("needs the version it is based on");
    scenario.clone().expecting(1).when(CancelShipment {}).then_conflict();
    scenario.clone().version(4).expecting(4).when(CancelShipment {}).then(|decision| {
        assert_eq!(decision.applied().unwrap().version(), Version::new(5));
    });
    // A version is stated for one input, and the next one goes without.
    let cancelled = scenario.expecting(0).when(CancelShipment {}).then_applied().next();
    cancelled.when(CancelShipment {}).then_invalid("needs the version it is based on");
}

/// The event of one entity is the input of another.
#[test]
fn an_accepted_tender_ends_as_a_booked_shipment() {
    let accepted = TenderAccepted { tender_id: "T-1".parse().unwrap(), partner_id: "P-7".parse().unwrap() };
    let accepting = Tender::given(tender()).at("2026-03-01T11:00:00Z").when(accept("2026-03-01T11:00:00Z"));
    accepting.then_emits(accepted.clone());
    let booked = ShipmentBooked { shipment_id: "T-1".parse().unwrap(), tender_id: "T-1".parse().unwrap() };
    let booking = Shipment::given_nothing().when(BookShipment::follow(accepted)).then_emits(booked);
    booking.then_state(|shipment| assert_eq!(shipment.partner_id, "P-7".parse().unwrap()));
}

#[test]
fn every_outcome_can_be_demanded() {
    let fine = fines::CreateFine {
        id: "F-1".parse().unwrap(),
        amount: Decimal::new(3000, 2),
        article: 157,
        vehicle_class: fines::VehicleClass::Car,
        points: 0,
        dismissal: None,
        created_on: "2026-01-01".parse().unwrap(),
    };
    let pay =
        |amount: i64| fines::PayFine { amount: Decimal::new(amount, 2), total: Decimal::new(amount, 2) };
    let scenario = fines::Fine::given_nothing().and(fine).by("officer");
    scenario.clone().when(pay(3000)).then_state(|fine| assert_eq!(fine.outstanding, Decimal::ZERO));
    scenario.when(pay(-1)).then_rejected("positive_payment");
    let same = Tender { accepted_at: None, ..tender() };
    Tender::given(tender()).when(accept("2026-04-01T00:00:00Z")).then_state_is(&same);
}

/// The text of a test that fails.
fn failure(test: impl FnOnce()) -> String {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let ended = catch_unwind(AssertUnwindSafe(test));
    std::panic::set_hook(hook);
    let payload = ended.expect_err("this scenario has to fail");
    *payload.downcast::<String>().expect("a test report is text")
}

/// All in one test, because the hook that keeps the console quiet is the process's.
#[test]
fn a_scenario_that_fails_tells_the_whole_story() {
    let in_time = || Tender::given(tender()).when(accept("2026-03-01T11:00:00Z"));
    let too_late = || Tender::given(tender()).by("anna").when(accept("2026-04-01T00:00:00Z"));
    let (tender_id, partner_id) = ("T-1".parse().unwrap(), "P-8".parse().unwrap());
    let texts = [
        failure(|| drop(in_time().then_rejected("can_accept"))),
        failure(|| drop(in_time().then_rejected("can_acept"))),
        failure(|| drop(in_time().then_rejected_with(&AcceptTenderRejection::CanAccept))),
        failure(|| drop(in_time().then_no_change())),
        failure(|| drop(in_time().then_emits(TenderAccepted { tender_id, partner_id }))),
        failure(|| drop(in_time().then_says_nothing())),
        failure(|| drop(in_time().then_changed(&["status"]))),
        failure(|| drop(in_time().then_conflict())),
        failure(|| drop(in_time().then_invalid("NUL"))),
        failure(|| drop(in_time().then_state_is(&tender()))),
        failure(|| drop(too_late().then_applied())),
        failure(|| {
            drop(too_late().then_emits(TenderAccepted {
                tender_id: "T-1".parse().unwrap(),
                partner_id: "P-7".parse().unwrap(),
            }));
        }),
        failure(|| drop(Tender::given(tender()).and(accept("2026-04-01T00:00:00Z")))),
        failure(|| drop(Tender::given(tender()).when(offer()))),
        failure(|| drop(Tender::given_nothing().when(ExpireTender {}))),
        failure(|| drop(Tender::given(tender()).at("noon"))),
        failure(|| drop(Tender::given(tender()).by("\n"))),
        failure(|| {
            let nul = AcceptTender { partner_id: "P-7".parse().unwrap(), ..accept("2026-03-01T11:00:00Z") };
            drop(
                Tender::given(Tender { status: TenderStatus::Accepted, ..tender() }).when(nul).then_applied(),
            );
        }),
    ];
    insta::assert_snapshot!(texts.join("\n----------------\n"));
}
