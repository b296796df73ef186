//! What is drawn from the model: JSON and its schema, schemas of inputs and messages, diagrams, references.

#[path = "../../examples/domains/bank_account.rs"]
mod bank_account;
#[path = "../expand/fields/input.rs"]
mod expand_fields;
#[path = "../expand/kinds/input.rs"]
mod expand_kinds;
#[expect(dead_code, reason = "a method of its own, beside the transitions")]
#[path = "../expand/plain/input.rs"]
mod expand_plain;
#[path = "../expand/ways/input.rs"]
mod expand_ways;
#[path = "../../examples/fines/domain.rs"]
mod fines;
#[path = "../../examples/freight/domain.rs"]
mod freight;
#[path = "../../examples/domains/hotel_booking.rs"]
mod hotel_booking;
#[path = "../../examples/domains/insurance_claim.rs"]
mod insurance_claim;
#[path = "../../examples/domains/issue_tracker.rs"]
mod issue_tracker;
#[path = "../../examples/domains/order.rs"]
mod order;
#[path = "../support/published.rs"]
mod published;
#[path = "../http/specimen.rs"]
mod specimen;
#[path = "../../examples/domains/subscription.rs"]
mod subscription;

mod asyncapi;
mod by_hand;
mod committed;
mod diagrams;
mod everything;
mod manual;
mod model;
mod reference;
mod schemas;

use cohesive::kernel::Entity;
use cohesive::model as data;

/// The entities of every domain here.
fn entities() -> Vec<&'static data::Entity> {
    vec![
        &everything::ORDER,
        &everything::PARTNER,
        freight::Tender::MODEL,
        freight::Shipment::MODEL,
        fines::Fine::MODEL,
        bank_account::Account::MODEL,
        hotel_booking::Booking::MODEL,
        insurance_claim::Claim::MODEL,
        issue_tracker::Issue::MODEL,
        order::Order::MODEL,
        subscription::Subscription::MODEL,
        expand_fields::Order::MODEL,
        expand_plain::Note::MODEL,
        expand_kinds::Guest::MODEL,
        expand_kinds::Stay::MODEL,
        expand_ways::Claim::MODEL,
        specimen::Specimen::MODEL,
        specimen::Ticket::MODEL,
        specimen::Pass::MODEL,
        specimen::Paper::MODEL,
    ]
}
