//! The OpenAPI document: whole, consistent, and in agreement with what the server does.

use std::collections::BTreeSet;

use cohesive::http::{HttpOptions, ServeOptions, openapi};
use cohesive::model::Kind;
use jsonschema::Validator;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, Server, accept, offer, specimen, system};

fn document() -> Json {
    openapi::document(&system(), &HttpOptions::default())
}

fn operations(document: &Json) -> impl Iterator<Item = (&String, &String, &Json)> {
    document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation))
    })
}

/// A validator for the schema at `pointer` of the document, with every reference in reach.
fn validator(document: &Json, schema: &Json) -> Validator {
    let whole = json!({ "components": document["components"], "allOf": [schema] });
    jsonschema::draft202012::options().should_validate_formats(true).build(&whole).unwrap()
}

fn each<'a>(value: &'a Json, show: &mut dyn FnMut(&'a str, &'a Json)) {
    match value {
        Json::Object(members) => members.iter().for_each(|(name, member)| {
            show(name, member);
            each(member, show);
        }),
        Json::Array(items) => items.iter().for_each(|item| each(item, show)),
        _ => {}
    }
}

// A129
#[test]
fn the_document_is_served_and_the_same_every_time() {
    let server = Server::start();
    let answer = server.client().get("/openapi.json");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.body, document().to_string().into_bytes());
    assert_eq!(document().to_string(), document().to_string());
    assert_eq!(answer.json()["openapi"], "3.1.0");
}

// H06
#[test]
fn the_description_of_the_events_is_served_too() {
    let options = HttpOptions {
        title: Some("Laboratory".to_owned()),
        version: "7.1".to_owned(),
        ..HttpOptions::default()
    };
    let server = Server::with(options, ServeOptions::default(), |store| store);
    let answer = server.client().get("/asyncapi.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let system = system();
    let entities: Vec<_> = system.entities().iter().map(|served| served.model).collect();
    let drawn = cohesive::render::asyncapi("Laboratory", "7.1", "", &entities);
    assert_eq!(answer.body, drawn.to_string().into_bytes());
    assert!(drawn["channels"]["TenderAccepted"].is_object());
    // Without a title of its own, it has the system's name.
    let unnamed = Server::start().client().get("/asyncapi.json").json();
    assert_eq!(unnamed["info"]["title"], "laboratory");
    assert_eq!(unnamed["info"]["version"], HttpOptions::default().version);
}

/// The OpenAPI Initiative's schema of OpenAPI 3.1 documents (Apache-2.0), as published at
/// <https://spec.openapis.org/oas/3.1/schema/2026-08-03>.
const OPENAPI: &str = include_str!("openapi-3.1.schema.json");

// A129
#[test]
fn the_document_is_valid_openapi() {
    let schema: Json = serde_json::from_str(OPENAPI).unwrap();
    let rules = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
    let errors = |document: &Json| {
        let errors = rules.iter_errors(document);
        errors.map(|error| format!("{}: {error}", error.instance_path())).collect::<Vec<_>>()
    };
    let mut document = document();
    assert_eq!(errors(&document), Vec::<String>::new());
    // The rules do bite.
    document["paths"]["/tenders"]["get"]["parameters"][0]["in"] = json!("nowhere");
    assert!(!errors(&document).is_empty());
}

// A129, H04
#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut seen = BTreeSet::new();
    each(&document, &mut |name, value| {
        if name == "$ref" {
            let target = value.as_str().unwrap();
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
            seen.insert(target);
        }
    });
    for kind in ["parameters", "headers"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            assert!(seen.contains(format!("#/components/{kind}/{name}").as_str()), "{name} is not used");
        }
    }
    for schema in document["components"]["schemas"].as_object().unwrap().values() {
        validator(&document, schema);
    }
}

// H01, H02, H03, A129
#[test]
fn every_transition_has_an_operation_with_its_refusals() {
    let document = document();
    for served in system().entities() {
        let structure = served.model.structure;
        for transition in served.model.transitions {
            let path = match transition.kind {
                Kind::Create => format!("/{}/{}", structure.plural, transition.name),
                Kind::Update => format!("/{}/{{id}}/{}", structure.plural, transition.name),
            };
            let operation = &document["paths"][&path]["post"];
            let (first, rest) = transition.input.split_at(1);
            assert_eq!(operation["operationId"], format!("{}{rest}", first.to_lowercase()), "{path}");
            let codes: Vec<_> =
                operation["x-rejections"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
            let refused = &operation["responses"]["409"];
            let prose = refused["description"].as_str().unwrap();
            for guard in transition.guards {
                assert!(
                    operation["x-rejections"].to_string().contains(guard.message),
                    "{path} {}",
                    guard.name
                );
            }
            for code in &codes {
                assert!(prose.contains(code.as_str().unwrap()), "{path} {code}");
                assert!(operation["description"].as_str().unwrap().contains(code.as_str().unwrap()));
            }
            assert!(!operation["x-boundary"].as_array().unwrap().is_empty());
        }
        for (path, method) in [("", "get"), ("/{id}", "get"), ("/{id}/outbox", "get")] {
            assert!(document["paths"][format!("/{}{path}", structure.plural)][method].is_object());
        }
    }
    let ids: Vec<_> =
        operations(&document).map(|(_, _, operation)| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    for id in ["offerTender", "acceptTender", "getTender", "listTenders", "listTenderMessages"] {
        assert!(ids.contains(&id), "{id}");
    }
}

fn codes(document: &Json, path: &str) -> Vec<String> {
    let rejections = document["paths"][path]["post"]["x-rejections"].as_array().unwrap();
    rejections.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn refusals_are_those_that_can_happen() {
    let document = document();
    assert_eq!(
        codes(&document, "/tenders/{id}/accept"),
        [
            "tender.accept.wrong_state",
            "tender.accept.can_accept",
            "tender.accept.accepted_tenders_name_their_partner"
        ]
    );
    assert_eq!(
        codes(&document, "/specimens/{id}/consume"),
        [
            "specimen.consume.wrong_state",
            "specimen.consume.positive",
            "specimen.consume.unlucky",
            "specimen.consume.overflow",
            "specimen.consume.worth_something"
        ]
    );
    assert_eq!(codes(&document, "/specimens/{id}/describe"), Vec::<String>::new());
    assert_eq!(codes(&document, "/tickets/issue"), Vec::<String>::new());
    let responses = |path: &str| {
        let responses = document["paths"][path]["post"]["responses"].as_object().unwrap();
        responses.keys().cloned().collect::<Vec<_>>()
    };
    assert!(responses("/specimens/{id}/discard").contains(&"428".to_owned()));
    assert!(!responses("/specimens/{id}/describe").contains(&"428".to_owned()));
    assert!(!responses("/specimens/{id}/count").contains(&"412".to_owned()));
    assert!(responses("/tenders/offer").contains(&"201".to_owned()));
}

// H11, G01
#[test]
fn a_success_never_claims_more_than_a_commit() {
    let document = document();
    for (path, method, operation) in operations(&document).filter(|(_, method, _)| *method == "post") {
        for rung in operation["x-boundary"].as_array().unwrap() {
            assert!(rung["rung"] == 5 || rung["rung"] == 6, "{method} {path}");
            assert!(rung["doesNotProve"].as_str().is_some_and(|text| text.contains("published")), "{rung}");
        }
    }
    let text = document.to_string().to_lowercase();
    assert!(!text.contains("exactly-once") && !text.contains("exactly once"));
}

/// Sends a request, and checks body and answer against the document.
fn checked(client: &mut Client, document: &Json, template: &str, target: &str, body: &Json) -> Answer {
    let operation = &document["paths"][template]["post"];
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let fits = validator(document, schema).is_valid(body);
    let answer = client.post(target, body);
    let problem = if answer.status >= 400 { answer.problem() } else { String::new() };
    let constraints = ["specimen.collect.list_length", "specimen.collect.limit_range", "invalid_input"];
    // What does not fit cannot be read, or breaks a constraint. What fits can be read at least.
    let accepted = problem != "wrong_shape" && (fits || !constraints.contains(&problem.as_str()));
    assert_eq!(fits, accepted, "{target} {body} {:?}", String::from_utf8_lossy(&answer.body));
    conforms(document, operation, &answer);
    answer
}

/// Whether an answer is one that the document announces.
#[track_caller]
fn conforms(document: &Json, operation: &Json, answer: &Answer) {
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{} is not announced", answer.status);
    let media = answer.header("content-type").unwrap();
    let schema = &response["content"][media]["schema"];
    assert!(schema.is_object(), "{media} is not announced for {}", answer.status);
    let document_body = answer.json();
    if let Err(error) = validator(document, schema).validate(&document_body) {
        panic!("{error}: {document_body}");
    }
    if answer.status >= 400 {
        let code = &document_body["code"];
        let listed = response["x-problems"].as_array().unwrap().contains(code)
            || response["x-rejections"].as_array().into_iter().flatten().any(|one| one["code"] == *code);
        assert!(listed, "{code} is not announced for {}", answer.status);
    }
    for name in response["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
        let optional =
            name == "Retry-After" || (name == "ETag" && document_body["outcome"] == "would-commit");
        assert!(optional || answer.header(name).is_some(), "{name} is missing");
    }
}

/// Inputs of every kind of field, right and wrong.
fn bodies() -> Vec<Json> {
    let base = specimen("S-1", 1);
    let with = |name: &str, value: Json| {
        let mut body = specimen("S-2", 2);
        body[name] = value;
        body
    };
    let without = |name: &str| {
        let mut body = specimen("S-3", 3);
        body.as_object_mut().unwrap().remove(name);
        body
    };
    let mut bodies =
        vec![base.clone(), without("limit"), without("words"), json!([]), json!(null), json!({})];
    for name in base.as_object().unwrap().keys() {
        for value in
            [json!(null), json!({}), json!([]), json!(true), json!(1.5), json!(-1), json!("\u{1}"), json!("")]
        {
            bodies.push(with(name, value));
        }
    }
    bodies.extend([
        with("small", json!(2_147_483_648_i64)),
        with("large", json!(9_223_372_036_854_775_808_u64)),
        with("natural", json!(4_294_967_296_u64)),
        with("exact", json!("1e5x")),
        with("exact", json!("-0.000")),
        with("bytes", json!("AQ")),
        with("instant", json!("2026-03-01")),
        with("day", json!("2026-02-30")),
        with("uuid", json!("0123")),
        with("colour", json!("Green")),
        with("part", json!({ "name": "x", "count": 1 })),
        with("part", json!({ "name": "x", "count": 1, "more": 1 })),
        with("part", json!(["x", 1, null])),
        with("list", json!(["a", 5])),
        with("id", json!("x".repeat(255))),
        with("id", json!("x".repeat(256))),
        with("more", json!(1)),
    ]);
    // Of ids that nobody has, so that nothing else refuses them.
    let constrained = [
        ("list", json!(["a", "b", "c", "d"])),
        ("list", json!(["a", "b", "c", "d", "e"])),
        ("limit", json!(0)),
        ("limit", json!(1001)),
        ("part", json!({ "name": "x", "count": 101 })),
    ];
    bodies.extend(constrained.into_iter().zip(10..).map(|((name, value), number)| {
        let mut body = specimen(&format!("S-{number}"), number);
        body[name] = value;
        body
    }));
    bodies
}

// A129
#[test]
fn requests_and_answers_are_as_published() {
    let server = Server::start();
    let mut client = server.client();
    let document = document();
    let one = &mut client;
    let late = json!({ "partner_id": "P-7", "accepted_at": "2031-01-01T00:00:00Z" });
    for body in bodies() {
        checked(one, &document, "/specimens/collect", "/specimens/collect", &body);
    }
    checked(one, &document, "/tenders/offer", "/tenders/offer", &offer("T-1"));
    checked(one, &document, "/tenders/offer", "/tenders/offer?dry_run=true", &offer("T-2"));
    checked(one, &document, "/tenders/offer", "/tenders/offer", &offer("T-1"));
    checked(one, &document, "/tenders/{id}/accept", "/tenders/T-1/accept", &late);
    checked(one, &document, "/tenders/{id}/accept", "/tenders/T-9/accept", &accept());
    checked(one, &document, "/tenders/{id}/accept", "/tenders/T-1/accept?dry_run=true", &accept());
    checked(one, &document, "/tenders/{id}/accept", "/tenders/T-1/accept", &accept());
    checked(one, &document, "/tenders/{id}/accept", "/tenders/T-1/accept", &accept());
    checked(one, &document, "/specimens/{id}/discard", "/specimens/S-1/discard", &json!({}));
    checked(one, &document, "/specimens/{id}/count", "/specimens/S-1/count", &json!({}));
    for (template, target) in [
        ("/tenders", "/tenders"),
        ("/tenders", "/tenders?status=x"),
        ("/tenders", "/tenders?x=x"),
        ("/specimens", "/specimens?limit=1"),
        ("/tenders/{id}", "/tenders/T-1"),
        ("/tenders/{id}", "/tenders/T-9"),
        ("/specimens/{id}", "/specimens/S-1"),
        ("/tenders/{id}/outbox", "/tenders/T-1/outbox"),
        ("/tenders/{id}/outbox", "/tenders/T-1/outbox?after=x"),
        ("/problems/{code}", "/problems/tender.accept.can_accept"),
        ("/problems/{code}", "/problems/not_json"),
        ("/problems/{code}", "/problems/x"),
    ] {
        let answer = one.get(target);
        conforms(&document, &document["paths"][template]["get"], &answer);
    }
}

#[test]
fn every_parameter_of_a_path_is_described() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().unwrap();
        for name in path.split(['{', '}']).skip(1).step_by(2) {
            assert!(
                parameters.iter().any(|one| one["name"] == name && one["in"] == "path"),
                "{method} {path}"
            );
        }
        let inline = parameters.iter().filter(|one| one["in"] == "path").count();
        assert_eq!(inline, path.matches('{').count(), "{method} {path}");
    }
}

#[test]
fn the_document_has_the_title_and_the_version_it_is_given() {
    let options = HttpOptions {
        title: Some("Freight desk".to_owned()),
        version: "7.1".to_owned(),
        ..HttpOptions::default()
    };
    let given = openapi::document(&system(), &options);
    assert_eq!((&given["info"]["title"], &given["info"]["version"]), (&json!("Freight desk"), &json!("7.1")));
    assert_eq!(document()["info"]["title"], system().name());
    // M09
    for served in system().entities() {
        let fingerprint = cohesive::render::fingerprint(served.model);
        assert_eq!(given["info"]["x-fingerprints"][served.model.name()], fingerprint);
    }
    assert!(given["info"]["x-generator"].as_str().unwrap().starts_with("Cohesive "));
}
