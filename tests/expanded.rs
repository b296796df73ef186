//! The committed expansions are real code: they compile under strict lints, decide, and mean what the macros mean.
//!
//! A153, M10. To write them anew: `UPDATE_EXPECT=1 cargo test -p cohesive-macros`.

#![deny(warnings, clippy::all, clippy::pedantic, rust_2018_idioms)]
#![allow(
    clippy::redundant_closure,
    clippy::redundant_closure_for_method_calls,
    clippy::borrow_deref_ref,
    clippy::nonminimal_bool,
    clippy::option_option,
    clippy::single_match,
    clippy::single_match_else,
    clippy::clone_on_copy,
    clippy::explicit_auto_deref,
    reason = "within macro code these are silent, and the code cannot know which types it meets"
)]
#![allow(dead_code, reason = "not every item of a case is called")]

#[path = "expand/fields/expanded.rs"]
#[rustfmt::skip]
mod fields;
#[path = "expand/fields/input.rs"]
mod fields_input;
#[path = "expand/kinds/expanded.rs"]
#[rustfmt::skip]
mod kinds;
#[path = "expand/kinds/input.rs"]
mod kinds_input;
#[path = "expand/plain/expanded.rs"]
#[rustfmt::skip]
mod plain;
#[path = "expand/plain/input.rs"]
mod plain_input;
#[path = "expand/tender/expanded.rs"]
#[rustfmt::skip]
mod tender;
#[path = "expand/tender/input.rs"]
mod tender_input;
#[path = "expand/ways/expanded.rs"]
#[rustfmt::skip]
mod ways;
#[path = "expand/ways/input.rs"]
mod ways_input;

use std::fmt::Debug;

use cohesive::kernel::Entity;
use cohesive::prelude::*;
use cohesive::{Actor, CorrelationId, EffectSet, Rejection, create, decide};

fn context() -> Context {
    let correlation: CorrelationId = "expanded".parse().unwrap();
    let actor: Actor = "clerk".parse().unwrap();
    Context::new("2026-01-01T00:00:00Z".parse().unwrap(), correlation).by(actor)
}

/// A model as text, without the places, which differ.
fn meaning<E: Entity>() -> String {
    let text = format!("{:#?}", E::MODEL);
    let place = |line: &&str| !line.trim().trim_end_matches(',').bytes().all(|byte| byte.is_ascii_digit());
    text.lines().filter(place).filter(|line| !line.trim().starts_with("file:")).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_expansion_means_what_the_macros_mean() {
    assert_eq!(meaning::<tender::Tender>(), meaning::<tender_input::Tender>());
    assert_eq!(meaning::<fields::Order>(), meaning::<fields_input::Order>());
    assert_eq!(meaning::<ways::Claim>(), meaning::<ways_input::Claim>());
    assert_eq!(meaning::<kinds::Guest>(), meaning::<kinds_input::Guest>());
    assert_eq!(meaning::<kinds::Stay>(), meaning::<kinds_input::Stay>());
    assert_eq!(meaning::<plain::Note>(), meaning::<plain_input::Note>());
}

#[test]
fn the_tender_is_accepted() {
    let offer = tender::OfferTender {
        id: "T-1".parse().unwrap(),
        expiration: "2026-03-01T12:00:00Z".parse().unwrap(),
    };
    let state = create(&offer, &context()).applied().unwrap().created().unwrap();
    let accept = tender::AcceptTender {
        partner_id: "P-7".parse().unwrap(),
        accepted_at: "2026-02-01T12:00:00Z".parse().unwrap(),
    };
    let decision = decide(&state, Version::INITIAL, &accept, &context());
    let applied = decision.applied().unwrap();
    assert_eq!(applied.changed(), ["status", "partner_id", "accepted_at"]);
    assert_eq!(applied.effects().count(), 2);
}

#[test]
fn an_order_has_every_kind_of_field() {
    let place = fields::PlaceOrder {
        id: "7".parse().unwrap(),
        ordered_on: "2026-01-01".parse().unwrap(),
        amount: Decimal::new(1250, 2),
    };
    let order = create(&place, &context()).applied().unwrap().created().unwrap();
    assert_eq!(
        (order.total, order.r#type, order.lines.len()),
        (Decimal::new(1250, 2), fields::Shipping::Road, 0)
    );
    let add = fields::AddOrder { line: fields::Line { article: "paper".to_owned(), quantity: 2 } };
    let decision = decide(&order, Version::INITIAL, &add, &context());
    assert_eq!(decision.applied().unwrap().changed(), ["lines", "latest"]);
}

/// The outcome of a decision, as the case's own macros and as the committed file have it.
fn same<I: Debug, J: Debug>(macros: &I, committed: &J) {
    assert_eq!(format!("{macros:?}"), format!("{committed:?}"));
}

#[test]
fn a_claim_takes_every_way() {
    macro_rules! outcome {
        ($case:ident, $offer:expr) => {{
            let file = $case::FileClaim {
                id: "6f1c1de2-7a35-4c5e-9b3f-0a9d5c3b2a11".parse().unwrap(),
                limit: Decimal::new(5000, 0),
                part: Decimal::new(20, 0),
            };
            let claim = create(&file, &context()).applied().unwrap().created().unwrap();
            let context = context().expecting(Version::INITIAL);
            decide(&claim, Version::INITIAL, &$case::DecideClaim { offer: $offer }, &context)
        }};
    }
    for offer in [None, Some(Decimal::new(10, 0)), Some(Decimal::new(6000, 0))] {
        same(&outcome!(ways_input, offer), &outcome!(ways, offer));
    }
    let above = outcome!(ways, Some(Decimal::new(6000, 0)));
    assert_eq!(above.rejection().unwrap().name(), "above_limit");
    assert_eq!(outcome!(ways, Some(Decimal::new(10, 0))).applied().unwrap().changed(), ["status", "paid"]);
    assert_eq!(outcome!(ways, None).word(), "no-change");
}

#[test]
fn a_note_without_lifecycle_changes() {
    let note = plain::Note {
        id: "N-1".parse().unwrap(),
        text: String::new(),
        written_on: "2026-01-01".parse().unwrap(),
    };
    assert!(note.is_blank());
    let change = |length| plain::ChangeNote { text: "milk".to_owned(), length };
    let decision = decide(&note, Version::INITIAL, &change(4), &context());
    assert_eq!(decision.applied().unwrap().changed(), ["text"]);
    let decision = decide(&note, Version::INITIAL, &change(plain::Note::LIMIT + 1), &context());
    assert_eq!(decision.rejection().unwrap().name(), "short");
}
