//! The documents before the parsers that others read them with: those of the AsyncAPI Initiative, and two of OpenAPI.
//!
//! They come from npm, and `./check` installs them. So this runs only where it is asked for by its name:
//! `cargo test --test parsers`.
#![allow(missing_docs, unreachable_pub, reason = "a test is no interface")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

#[path = "../../examples/domains/bank_account.rs"]
mod bank_account;
#[path = "../documents/everything.rs"]
mod everything;
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
#[path = "../../examples/domains/subscription.rs"]
mod subscription;

use std::path::PathBuf;
use std::process::Command;

use cohesive::http::{HttpOptions, openapi};
use cohesive::model::Entity;
use cohesive::node::System;
use cohesive::render::asyncapi;
use serde_json::{Value as Json, json};

/// Where `./check` installs the parsers: beside what cargo builds.
fn installed() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("parsers");
    let there = folder.join("node_modules/@asyncapi/parser").is_dir();
    assert!(there, "the parsers are not in {}; `./check` installs them", folder.display());
    folder
}

/// What the parsers make of each document.
fn judge(documents: &[Json]) -> Vec<Json> {
    // The script stands beside the parsers, since that is where node looks for them.
    let script = installed().join("judge.mjs");
    std::fs::write(&script, include_str!("judge.mjs")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut node = Command::new("node");
    node.arg(script);
    for (number, document) in documents.iter().enumerate() {
        let path = folder.path().join(format!("{number}.json"));
        std::fs::write(&path, document.to_string()).unwrap();
        node.arg(path);
    }
    let output = node.output().expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let verdicts: Vec<Json> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdicts.len(), documents.len());
    verdicts
}

fn findings(verdict: &Json) -> Vec<&str> {
    verdict["findings"].as_array().unwrap().iter().map(|finding| finding.as_str().unwrap()).collect()
}

/// A document with one mistake in it, and a part of what has to be found.
type Mistake = (&'static str, &'static str, Json);

/// Puts a value, or for null nothing, where the pointer leads.
fn mistaken(document: &Json, pointer: &str, value: &Json) -> Json {
    let mut wrong = document.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/");
    let parent = wrong.pointer_mut(parent).unwrap_or_else(|| panic!("nothing is at {pointer}"));
    match parent {
        Json::Array(items) => items.push(value.clone()),
        Json::Object(members) if value.is_null() => drop(members.remove(&name).unwrap()),
        other => other[name] = value.clone(),
    }
    assert_ne!(wrong, *document, "{pointer} plants nothing");
    wrong
}

/// Each mistake is found, and is what is found.
fn all_are_refused(document: &Json, mistakes: &[Mistake]) {
    let wrong: Vec<Json> =
        mistakes.iter().map(|(pointer, _, value)| mistaken(document, pointer, value)).collect();
    for ((pointer, part, _), verdict) in mistakes.iter().zip(judge(&wrong)) {
        let found = findings(&verdict);
        assert!(
            found.iter().any(|finding| finding.contains(part)),
            "{pointer}: {found:?} says nothing of {part}"
        );
    }
}

fn systems() -> [System; 3] {
    [
        System::new("freight").entity::<freight::Tender>().entity::<freight::Shipment>(),
        System::new("fines").entity::<fines::Fine>(),
        System::new("domains")
            .entity::<bank_account::Account>()
            .entity::<order::Order>()
            .entity::<subscription::Subscription>()
            .entity::<hotel_booking::Booking>()
            .entity::<insurance_claim::Claim>()
            .entity::<issue_tracker::Issue>(),
    ]
}

/// The AsyncAPI documents: of the examples, of a model with every node there is, of half of that, so that an event
/// comes from elsewhere, and of nothing.
fn events() -> Vec<Json> {
    let examples = systems();
    let examples = examples.iter().map(|system| {
        let entities: Vec<&Entity> = system.entities().iter().map(|served| served.model).collect();
        asyncapi(system.name(), "0.1.0", "What happens.", &entities)
    });
    let shop: [&[&Entity]; 3] = [&[&everything::ORDER, &everything::PARTNER], &[&everything::ORDER], &[]];
    let shop = shop.map(|entities| asyncapi("Shop", "0.1.0", "", entities));
    examples.chain(shop).collect()
}

// H06
#[test]
fn the_parser_of_asyncapi_takes_the_documents() {
    let documents = events();
    let verdicts = judge(&documents);
    for (document, verdict) in documents.iter().zip(&verdicts) {
        assert_eq!(findings(verdict), Vec::<&str>::new(), "{}", document["info"]["title"]);
        let understood = verdict["understood"].as_array().unwrap();
        assert_eq!(understood.len(), document["operations"].as_object().unwrap().len());
        // What it reads is what was meant, traits and all.
        for operation in understood {
            let name = operation["operation"].as_str().unwrap();
            let action = document["operations"][name]["action"].as_str().unwrap();
            let kind = name.strip_prefix(action).unwrap();
            assert_eq!(operation["action"], action);
            assert_eq!(operation["addresses"], json!([format!("{{prefix}}.{{partition}}.{kind}")]));
            for message in operation["messages"].as_array().unwrap() {
                let correlation = "$message.header#/ce-correlationid";
                assert_eq!(
                    (&message["name"], &message["contentType"], &message["correlation"]),
                    (&json!(kind), &json!("application/json"), &json!(correlation))
                );
                assert_eq!(message["headers"].as_array().unwrap().len(), 12, "{message}");
            }
        }
    }
    // A shipment follows an accepted tender: one message for both sides.
    for name in ["sendTenderAccepted", "receiveTenderAccepted"] {
        let mut operations = verdicts[0]["understood"].as_array().unwrap().iter();
        let accepted = operations.find(|one| one["operation"] == name).unwrap();
        assert_eq!(accepted["messages"][0]["payload"], json!(["partner_id", "tender_id"]));
    }
}

fn mistakes_in_events() -> Vec<Mistake> {
    let reference = |target: &str| json!({ "$ref": target });
    vec![
        ("/operations/sendTenderAccepted/channel", "#/channels/Nothing", reference("#/channels/Nothing")),
        ("/operations/sendTenderAccepted/action", "action", json!("publish")),
        (
            "/operations/sendTenderAccepted/messages/-",
            "asyncapi3-operation-messages-from-referred-channel",
            reference("#/channels/ShipmentBooked/messages/ShipmentBooked"),
        ),
        ("/channels/TenderAccepted/parameters/partition", "partition", Json::Null),
        ("/channels/TenderAccepted/title", "title", json!(1)),
        ("/components/schemas/TenderId/type", "type", json!("strnig")),
        ("/components/schemas/TenderId/minLength", "minLength", json!(-1)),
        (
            "/components/messages/TenderAccepted/payload",
            "#/components/schemas/Nobody",
            reference("#/components/schemas/Nobody"),
        ),
        ("/components/messageTraits/CloudEvents/payload", "payload", json!({})),
        ("/components/messageTraits/CloudEvents/correlationId/location", "location", json!("ce-id")),
        ("/components/messageTraits/CloudEvents/bindings/kafka/keys", "keys", json!({})),
        ("/info/version", "version", Json::Null),
    ]
}

#[test]
fn the_parser_of_asyncapi_refuses_what_is_wrong() {
    all_are_refused(&events()[0], &mistakes_in_events());
}

// H06
#[test]
fn the_documents_fit_the_schema_of_asyncapi() {
    // Of the AsyncAPI Initiative (Apache-2.0), as `@asyncapi/specs` publishes it.
    let path = installed().join("node_modules/@asyncapi/specs/schemas/3.0.0.json");
    let schema: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let rules = jsonschema::draft7::options().should_validate_formats(true).build(&schema).unwrap();
    let errors = |document: &Json| -> Vec<String> {
        let errors = rules.iter_errors(document);
        errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
    };
    for document in events() {
        assert_eq!(errors(&document), Vec::<String>::new(), "{}", document["info"]["title"]);
    }
    let document = &events()[0];
    for (pointer, value) in [
        ("/operations/sendTenderAccepted/action", json!("publish")),
        ("/channels/TenderAccepted/title", json!(1)),
        ("/components/messageTraits/CloudEvents/payload", json!({})),
        ("/components/schemas/TenderId/type", json!("strnig")),
        ("/info/version", Json::Null),
    ] {
        assert!(!errors(&mistaken(document, pointer, &value)).is_empty(), "{pointer}");
    }
}

fn apis() -> Vec<Json> {
    systems().iter().map(|system| openapi::document(system, &HttpOptions::default())).collect()
}

// A129
#[test]
fn the_parsers_of_openapi_take_the_documents() {
    let documents = apis();
    for (document, verdict) in documents.iter().zip(judge(&documents)) {
        assert_eq!(findings(&verdict), Vec::<&str>::new(), "{}", document["info"]["title"]);
        assert!(verdict["understood"].as_array().unwrap().len() > 10, "{verdict}");
    }
}

#[test]
fn the_parsers_of_openapi_refuse_what_is_wrong() {
    let nobody = json!({ "$ref": "#/components/schemas/Nobody" });
    let mistakes: [Mistake; 9] = [
        (
            "/paths/~1tenders/get/parameters/0/in",
            "schema at /paths/~1tenders/get/parameters/0/in",
            json!("nowhere"),
        ),
        (
            "/paths/~1tenders~1offer/post/requestBody/content/application~1json/schema",
            "no-unresolved-refs",
            nobody,
        ),
        ("/paths/~1tenders~1{id}/get/parameters", "path-parameters-defined", Json::Null),
        ("/paths/~1tenders~1{id}/get/operationId", "operation-operationId-unique", json!("listTenders")),
        ("/paths/~1tenders/get/responses/200/description", "schema at", Json::Null),
        ("/paths/~1tenders/get/sumary", "schema at", json!("A list.")),
        ("/components/schemas/TenderId/type", "struct", json!("strnig")),
        ("/components/schemas/TenderId/minLength", "struct", json!(-1)),
        ("/info/title", "schema at", Json::Null),
    ];
    all_are_refused(&apis()[0], &mistakes);
}
