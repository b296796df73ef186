//! Schemas of inputs, messages, replies and states.

use cohesive::model::Entity;
use cohesive::render::{documents, input_schema, payload_schema, pretty, reply_schema, state_schema};
use serde_json::{Value as Json, json};

use crate::{entities, everything, freight};

fn order() -> &'static Entity {
    &everything::ORDER
}

fn accepts(schema: &Json, value: &Json) -> bool {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).unwrap().is_valid(value)
}

#[test]
fn every_schema_is_one() {
    let mut count = 0;
    for document in documents("all", "1", "", &entities()) {
        let ending = document.path.rsplit('.').nth(1).unwrap_or_default();
        if ["state", "input", "event", "request", "reply"].contains(&ending) {
            let schema: Json = serde_json::from_str(&document.text).unwrap();
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| {
                panic!("{}: {error}", document.path);
            });
            // References lead somewhere.
            jsonschema::draft202012::new(&schema)
                .unwrap_or_else(|error| panic!("{}: {error}", document.path));
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn every_type_and_constraint_is_in_the_schemas() {
    let place = order().transition("place").unwrap();
    insta::assert_snapshot!("state", pretty(&state_schema(order())));
    insta::assert_snapshot!("input", pretty(&input_schema(order(), place)));
    let charge = order().messages[0];
    insta::assert_snapshot!("payload", pretty(&payload_schema(order(), charge)));
    insta::assert_snapshot!("reply", pretty(&reply_schema(order(), charge).unwrap()));
    assert_eq!(reply_schema(order(), order().messages[1]), None);
    assert_eq!(reply_schema(order(), order().messages[2]).unwrap()["type"], "null");
}

/// An input of `place`.
fn placed() -> Json {
    let price = json!({ "amount": "12.50", "currency": "EUR" });
    json!({
        "id": "O-1",
        "partner_id": "7f2c1c3e-0a5b-4f0e-9d0a-3a3a3a3a3a3a",
        "email": "a@b",
        "discount": 0,
        "line": { "number": 1, "qty": 20, "price": price },
    })
}

// E12
#[test]
fn constraints_bind_what_is_sent() {
    let schema = input_schema(order(), order().transition("place").unwrap());
    assert!(accepts(&schema, &placed()));
    for (pointer, wrong, right) in [
        ("/discount", json!(100), json!(99)),
        ("/discount", json!(-1), json!(0)),
        ("/email", json!("@b"), json!("a@b")),
        ("/email", json!("abc"), json!("a@c")),
        ("/email", json!(format!("a@{}", "b".repeat(253))), json!(format!("a@{}", "b".repeat(252)))),
        ("/line/qty", json!(21), json!(1)),
        ("/line/price/amount", json!(12.5), json!("0")),
        ("/line/price/currency", json!("eur"), json!("JPY")),
    ] {
        for (value, fits) in [(wrong, false), (right, true)] {
            let mut input = placed();
            *input.pointer_mut(pointer).unwrap() = value;
            assert_eq!(accepts(&schema, &input), fits, "{input}");
        }
    }
    let mut more = placed();
    more["note"] = json!("?");
    assert!(!accepts(&schema, &more));
}

/// The order in a state that keeps every constraint.
fn state() -> Json {
    json!({
        "id": "O-1",
        "status": "on hold",
        "partner_id": "7f2c1c3e-0a5b-4f0e-9d0a-3a3a3a3a3a3a",
        "channel": "web",
        "email": null,
        "discount_percent": 5,
        "lines": [placed()["line"]],
        "total": { "amount": "12.50", "currency": "EUR" },
        "tags": ["a", "b"],
        "last_seen": "2026-01-01T00:00:00Z",
        "seal": "AAAAAAAAAAAAAAAAAAAAAA==",
        "patience": "PT1H",
        "extra": { "any": [1, "thing"] },
    })
}

#[test]
fn states_keep_their_constraints() {
    let schema = state_schema(order());
    assert!(accepts(&schema, &state()));
    for (name, wrong) in [
        ("status", json!("Held")),
        ("lines", json!([])),
        ("tags", json!(["a", "a"])),
        ("seal", json!("AAAA")),
        ("patience", json!("P1D")),
        ("email", json!("ab")),
        ("discount_percent", json!(null)),
    ] {
        let mut state = state();
        state[name] = wrong;
        assert!(!accepts(&schema, &state), "{name}");
    }
}

// What serde writes is what the schema says, for types of the macros.
#[test]
fn what_is_written_fits() {
    use cohesive::kernel::{Entity as _, Event as _, Input as _};

    let accept: freight::AcceptTender =
        serde_json::from_value(json!({ "partner_id": "P-7", "accepted_at": "2026-01-01T00:00:00Z" }))
            .unwrap();
    let schema = input_schema(freight::Tender::MODEL, freight::AcceptTender::TRANSITION);
    assert!(accepts(&schema, &serde_json::to_value(&accept).unwrap()));
    assert!(!accepts(&schema, &json!({ "partner_id": " ", "accepted_at": "2026-01-01T00:00:00Z" })));
    let event =
        freight::TenderAccepted { tender_id: "T-1".parse().unwrap(), partner_id: "P-7".parse().unwrap() };
    let schema = payload_schema(freight::Tender::MODEL, freight::TenderAccepted::MESSAGE);
    let mut document = serde_json::to_value(&event).unwrap();
    assert!(accepts(&schema, &document));
    document.as_object_mut().unwrap().remove("partner_id");
    assert!(!accepts(&schema, &document));
}
