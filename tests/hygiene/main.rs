//! Expansions hold wherever they land: without a prelude, among hostile names, under strict lints.

#![deny(
    warnings,
    missing_docs,
    unused_qualifications,
    unreachable_pub,
    rust_2018_idioms,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
#![allow(
    clippy::derive_partial_eq_without_eq,
    reason = "whether a type of the user's has `Eq` is the user's to say"
)]
#![allow(unreachable_pub, reason = "the modules stand for files of a library")]

pub mod attributes;
mod derives_below;
mod docs;
mod from_macros;
#[no_implicit_prelude]
pub mod hostile;
mod many_ways;
mod raw_names;
pub mod same_names;
mod taken_names;
mod visibilities;

use cohesive::kernel::Entity as _;
use cohesive::{Context, CorrelationId, EffectSet as _, Version, create, decide};

fn context() -> Context {
    Context::new("2026-01-01T00:00:00Z".parse().unwrap(), "hygiene".parse::<CorrelationId>().unwrap())
}

#[test]
fn hostile_names_change_nothing() {
    let pack = hostile::PackParcel { id: "P-1".parse().unwrap(), weight: 3 };
    let parcel = create(&pack, &context()).applied().unwrap().created().unwrap();
    assert_eq!((parcel.gross, parcel.tries), (4, 0));
    let send = hostile::SendParcel { label: hostile::Label { text: "fragile".to_owned() } };
    let decision = decide(&parcel, Version::INITIAL, &send, &context());
    let applied = decision.applied().unwrap();
    assert_eq!(applied.changed(), ["status", "labels", "tries", "remark"]);
    assert_eq!(applied.effects().count(), 2);
}

#[test]
fn names_of_generated_code_are_free() {
    let open = same_names::OpenCase { id: "C-1".parse().unwrap(), state: 1 };
    let case = create(&open, &context()).applied().unwrap().created().unwrap();
    let change = same_names::ChangeCase {
        input: 10,
        state: 100,
        draft: 1000,
        context: 10_000,
        view: 7,
        patch: 8,
        r#type: "kind".to_owned(),
    };
    let decision = decide(&case, Version::INITIAL, &change, &context());
    let after = decision.applied().unwrap().after(&case).unwrap();
    assert_eq!((after.state, after.draft, after.view, after.patch), (11_111, Some(11), Some(7), Some(8)));
    assert_eq!(after.r#type.as_deref(), Some("kind"));
    assert_eq!(same_names::Case::MODEL.transitions.len(), 4);
}

#[test]
fn events_are_followed_under_any_name() {
    use cohesive::kernel::{CreatedBy as _, UpdatedBy as _};
    let told =
        || same_names::CaseTold { event: "C-2".parse().unwrap(), id_of_event: 5, r#type: "kind".to_owned() };
    assert_eq!(same_names::ImportCase::follow(told()).id, told().event);
    let (id, tell) = same_names::TellCase::follow(told());
    assert_eq!((id, tell.event, tell.r#type.as_deref()), (told().event, 5, Some("kind")));
    let sought = hostile::ParcelSought { event: "P-1".parse().unwrap(), visitor: true };
    let (id, give_back) = hostile::GiveBackParcel::follow(sought);
    assert_eq!((id, give_back.found), ("P-1".parse().unwrap(), true));
}
