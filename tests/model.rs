//! The model as data: canonical JSON, its fingerprint, and what changes it.

#[path = "../examples/freight/domain.rs"]
mod domain;

use cohesive::kernel::{Entity, Structure};
use cohesive::model;
use cohesive::render::{canonical, fingerprint, model_json};
use domain::{Shipment, Tender};

#[test]
fn e23_the_whole_model_is_serializable_data() {
    insta::assert_json_snapshot!("tender_model", model_json(Tender::MODEL));
}

#[test]
fn m01_canonical_json_is_sorted_and_without_space() {
    let text = canonical(&serde_json::json!({ "b": [1, { "d": null, "c": "é\"" }], "a": true }));
    assert_eq!(text, r#"{"a":true,"b":[1,{"c":"é\"","d":null}]}"#);
}

/// The fingerprint is part of what is stored and compared across builds, so it is written down here.
#[test]
fn m01_the_fingerprint_is_stable_across_builds() {
    insta::assert_snapshot!(
        "fingerprints",
        format!("{}\n{}", fingerprint(Tender::MODEL), fingerprint(Shipment::MODEL))
    );
}

/// The Tender with one thing changed.
fn changed(change: impl Fn(&mut model::Entity, &mut model::Transition, &mut model::Structure)) -> String {
    let mut entity = *Tender::MODEL;
    let mut transitions = entity.transitions.to_vec();
    let mut structure = *Tender::STRUCTURE;
    let mut accept = transitions[1];
    change(&mut entity, &mut accept, &mut structure);
    transitions[1] = accept;
    entity.transitions = transitions.leak();
    entity.structure = Box::leak(Box::new(structure));
    fingerprint(&entity)
}

#[test]
fn m02_meaning_changes_the_fingerprint() {
    let original = fingerprint(Tender::MODEL);
    assert_eq!(changed(|_, _, _| {}), original);
    let guard = |edit: fn(&mut model::Guard)| {
        changed(|_, accept, _| {
            let mut guards = accept.guards.to_vec();
            edit(&mut guards[0]);
            accept.guards = guards.leak();
        })
    };
    let operator = guard(|guard| {
        if let model::Expr::Binary(_, left, right) = guard.condition {
            guard.condition = model::Expr::Binary(model::BinaryOperator::GreaterOrEqual, left, right);
        }
    });
    let edits = [
        operator,
        guard(|guard| guard.name = "MayAccept"),
        changed(|_, accept, _| accept.guards = &[]),
        changed(|_, accept, _| accept.steps = &accept.steps[1..]),
        changed(|_, accept, _| accept.emits = &[]),
        changed(|_, accept, _| accept.conflict = model::Conflict::Strict),
        changed(|_, accept, _| accept.edge = None),
        changed(|entity, _, _| entity.invariants = &[]),
        changed(|_, _, structure| structure.fields = &structure.fields[..4]),
        changed(|_, _, structure| {
            let mut fields = structure.fields.to_vec();
            fields[2].mutability = model::Mutability::Mutable;
            structure.fields = fields.leak();
        }),
    ];
    for (index, edit) in edits.iter().enumerate() {
        assert_ne!(*edit, original, "edit {index} went unnoticed");
        assert!(!edits[..index].contains(edit), "edits with one fingerprint: {index}");
    }
}

#[test]
fn m02_e17_words_for_people_do_not_change_the_fingerprint() {
    let original = fingerprint(Tender::MODEL);
    let message = changed(|_, accept, _| {
        let mut guards = accept.guards.to_vec();
        guards[0].message = "too late";
        guards[0].at = model::At(7);
        accept.guards = guards.leak();
    });
    assert_eq!(message, original);
    assert_eq!(changed(|_, accept, _| accept.docs = "Another text."), original);
    assert_eq!(changed(|_, accept, _| accept.at = model::At(99)), original);
    assert_eq!(
        changed(|entity, _, structure| (entity.file, structure.docs) = ("elsewhere.rs", "")),
        original
    );
}

#[test]
fn guards_read_as_they_were_written() {
    let accept = Tender::MODEL.transition("accept").unwrap();
    assert_eq!(accept.guards[0].condition.to_string(), "self.expiration > accepted_at");
    let invariant = &Tender::MODEL.invariants[0];
    assert_eq!(
        invariant.condition.to_string(),
        "(self.status != TenderStatus::Accepted) || self.partner_id.is_some()"
    );
}

/// The sets, the catalogue and the reply types are there before anything runs, as constants.
#[test]
fn w05_f16_sets_and_catalogue_are_constants() {
    const WRITES: &[&str] = <domain::AcceptTender as cohesive::kernel::Input>::TRANSITION.writes;
    assert_eq!(WRITES.len(), 3);
    let names: Vec<_> =
        Tender::MODEL.messages.iter().map(|message| (message.name, message.role.word())).collect();
    assert_eq!(names, [("Emit990Accept", "request"), ("TenderAccepted", "event")]);
}

#[test]
fn f03_f05_a_request_has_a_typed_reply_and_nothing_is_a_reply() {
    fn replies<E: cohesive::kernel::Effect<Reply = cohesive::Nothing>>() {} // F04: the reply is the effect's own
    let request = Tender::MODEL.messages[0];
    let declared = model::Policy { timeout: Some(30_000), attempts: Some(8), ..model::Policy::UNDECLARED };
    assert_eq!(request.role, model::Role::Request { reply: None, policy: declared });
    replies::<domain::Emit990Accept>();
    assert_eq!(serde_json::to_string(&cohesive::Nothing).unwrap(), "null");
}

#[test]
fn f01_f08_effects_are_serializable_data() {
    let event =
        domain::TenderAccepted { tender_id: "T-1".parse().unwrap(), partner_id: "P-7".parse().unwrap() };
    let json = serde_json::to_string(&event).unwrap();
    assert_eq!(json, r#"{"tender_id":"T-1","partner_id":"P-7"}"#);
    assert_eq!(serde_json::from_str::<domain::TenderAccepted>(&json).unwrap(), event);
}

/// The model is `Copy` and comparable, which no closure or callback is.
#[test]
fn m11_no_closure_survives_in_the_model() {
    fn data<T: Copy + PartialEq + Send + Sync + 'static>() {}
    data::<model::Entity>();
    data::<model::Step>();
    data::<model::Expr>();
}

#[test]
fn m10_rendering_twice_gives_the_same_bytes() {
    assert_eq!(canonical(&model_json(Tender::MODEL)), canonical(&model_json(Tender::MODEL)));
    assert_eq!(fingerprint(Tender::MODEL).len(), 64);
}
