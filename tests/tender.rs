//! The Tender of the design as a test vector: sets, order of effects, refusals that touch nothing.

#[path = "../examples/freight/domain.rs"]
mod domain;

use cohesive::kernel::{Entity, Input, Structure};
use cohesive::prelude::*;
use cohesive::{Applied, CorrelationId, Rejection, RejectionClass, create, decide, rejection_code};
use domain::{
    AcceptTender, AcceptTenderEffect, AcceptTenderRejection, ExpireTender, OfferTender, Tender, TenderStatus,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn context(now: &str) -> Context {
    Context::new(at(now), "test".parse::<CorrelationId>().unwrap())
}

fn tender() -> Tender {
    Tender {
        id: "T-1".parse().unwrap(),
        status: TenderStatus::Pending,
        expiration: at("2026-03-01T12:00:00Z"),
        partner_id: None,
        accepted_at: None,
    }
}

fn accept(accepted_at: &str) -> AcceptTender {
    AcceptTender { partner_id: "P-7".parse().unwrap(), accepted_at: at(accepted_at) }
}

fn applied<I: Input>(decision: &Decision<I>) -> &Applied<I> {
    decision.applied().unwrap()
}

#[test]
fn w03_read_and_write_sets_follow_from_the_body() {
    let transition = Tender::MODEL.transition("accept").unwrap();
    assert_eq!(transition.writes, ["accepted_at", "partner_id", "status"]); // W01, W03
    assert_eq!(transition.reads, ["accepted_at", "expiration", "id", "partner_id", "status"]); // W02, W03
    assert_eq!(transition.emits, ["TenderAccepted"]); // F16
    assert_eq!(transition.requests, ["Emit990Accept"]);
}

#[test]
fn f06_effects_come_in_declaration_order_with_their_payloads() {
    let decision =
        decide(&tender(), Version::new(4), &accept("2026-03-01T11:59:59Z"), &context("2026-01-01T00:00:00Z"));
    let applied = applied(&decision);
    let effects: Vec<_> = applied.effects().iter().cloned().collect();
    let (tender_id, partner_id) = ("T-1".parse().unwrap(), "P-7".parse().unwrap());
    assert_eq!(
        effects,
        [
            AcceptTenderEffect::TenderAccepted(domain::TenderAccepted { tender_id, partner_id }),
            AcceptTenderEffect::Emit990Accept(domain::Emit990Accept {
                tender_id: "T-1".parse().unwrap(),
                partner_id: "P-7".parse().unwrap(),
            }),
        ]
    );
    assert_eq!(applied.version(), Version::new(5)); // T17
    assert_eq!(applied.changed(), ["status", "partner_id", "accepted_at"]); // W06
    let ids = applied.message_ids("T-1");
    assert_eq!(
        ids,
        [0, 1].map(|ordinal| cohesive::MessageId::derive("Tender", "T-1", Version::new(5), ordinal))
    ); // F14
    assert_eq!(ids[0].to_string(), "dbfb489f-9444-569b-bab6-0e1df3f25b4a");
}

#[test]
fn w09_old_and_patch_make_new() {
    let old = tender();
    let decision =
        decide(&old, Version::INITIAL, &accept("2026-03-01T11:00:00Z"), &context("2026-01-01T00:00:00Z"));
    let new = applied(&decision).after(&old).unwrap();
    let expected = Tender {
        status: TenderStatus::Accepted,
        partner_id: Some("P-7".parse().unwrap()),
        accepted_at: Some(at("2026-03-01T11:00:00Z")),
        ..tender()
    };
    assert_eq!(new, expected);
    assert_eq!(old, tender()); // T19
}

#[test]
fn equality_counts_as_expired() {
    let decision = decide(
        &tender(),
        Version::INITIAL,
        &accept("2026-03-01T12:00:00Z"),
        &context("2026-01-01T00:00:00Z"),
    );
    let rejection = decision.rejection().unwrap();
    assert_eq!(rejection, &AcceptTenderRejection::CanAccept);
    assert_eq!(rejection.to_string(), "the tender has expired");
    assert_eq!(rejection_code::<AcceptTender>(rejection), "tender.accept.can_accept");
    assert_eq!(rejection.class(), RejectionClass::Guard);
}

#[test]
fn t04_a_rejection_leaves_everything_untouched() {
    let old = tender();
    let decision =
        decide(&old, Version::INITIAL, &accept("2026-04-01T00:00:00Z"), &context("2026-01-01T00:00:00Z"));
    assert_eq!(decision, Decision::Rejected(AcceptTenderRejection::CanAccept)); // F07, T24
    assert_eq!(old, tender());
}

#[test]
fn t29_a_creation_fills_the_first_state_and_starts_at_version_zero() {
    let input = OfferTender { id: "T-1".parse().unwrap(), expiration: at("2026-03-01T12:00:00Z") };
    let decision = create(&input, &context("2026-01-01T00:00:00Z"));
    assert_eq!(applied(&decision).version(), Version::INITIAL); // S06
    assert_eq!(applied(&decision).created().unwrap(), tender()); // S01
}

#[test]
fn n03_the_lifecycle_refuses_a_second_acceptance() {
    let accepted =
        Tender { status: TenderStatus::Accepted, partner_id: Some("P-1".parse().unwrap()), ..tender() };
    let decision = decide(
        &accepted,
        Version::INITIAL,
        &accept("2026-03-01T11:00:00Z"),
        &context("2026-01-01T00:00:00Z"),
    );
    let rejection = decision.rejection().unwrap();
    assert_eq!(rejection, &AcceptTenderRejection::WrongState { state: TenderStatus::Accepted });
    assert_eq!(rejection.to_string(), "`accept` is possible in `Pending`, and the state is `Accepted`");
    assert_eq!(rejection_code::<AcceptTender>(rejection), "tender.accept.wrong_state");
}

#[test]
fn t14_an_invalid_state_is_found_before_the_guards() {
    let broken = Tender { status: TenderStatus::Accepted, ..tender() };
    let decision =
        decide(&broken, Version::INITIAL, &accept("2027-01-01T00:00:00Z"), &context("2026-01-01T00:00:00Z"));
    let Decision::Invalid(invalid) = decision else { panic!("{decision:?}") };
    assert!(invalid.to_string().contains("accepted_tenders_name_their_partner"), "{invalid}");
}

#[test]
fn the_context_is_the_only_clock() {
    let early = decide(&tender(), Version::INITIAL, &ExpireTender {}, &context("2026-03-01T11:59:59Z"));
    assert_eq!(early.rejection().unwrap().name(), "has_expired");
    let late = decide(&tender(), Version::INITIAL, &ExpireTender {}, &context("2026-03-01T12:00:00Z"));
    assert_eq!(applied(&late).changed(), ["status"]);
}

#[test]
fn a_stated_version_has_to_be_the_latest() {
    let (state, input) = (tender(), accept("2026-03-01T11:00:00Z"));
    for stale in [3, 5] {
        let context = context("2026-01-01T00:00:00Z").expecting(Version::new(stale));
        let decision = decide(&state, Version::new(4), &input, &context);
        assert_eq!(decision, Decision::Conflict { expected: Version::new(stale), actual: Version::new(4) }); // A30
    }
}

#[test]
fn b82_the_same_inputs_give_the_same_decision() {
    let (state, input, context) = (tender(), accept("2026-03-01T11:00:00Z"), context("2026-01-01T00:00:00Z"));
    let decisions = [0, 1].map(|_| decide(&state, Version::INITIAL, &input, &context));
    assert_eq!(decisions[0], decisions[1]);
    assert_eq!(applied(&decisions[0]).message_ids("T-1"), applied(&decisions[1]).message_ids("T-1"));
}

#[test]
fn e01_the_fields_are_data() {
    let structure = Tender::STRUCTURE;
    assert_eq!((structure.name, structure.table, structure.plural), ("Tender", "tender", "tenders"));
    let expiration = structure.field("expiration").unwrap();
    assert_eq!(expiration.mutability, cohesive::model::Mutability::WriteOnce); // E08
    assert!(expiration.is_required()); // E03
    assert!(structure.field("partner_id").unwrap().ty.is_optional()); // E04
}
