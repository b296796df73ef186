//! Creating, changing and reading entities: the success of every route.

use cohesive::http::{self, RouteClash};
use cohesive::node::System;
use serde_json::json;

use crate::specimen::{Metric, Paper, Pass, Ticket};
use crate::support::{Server, accept, offer, specimen, system};

// H03, H09, H11, G01
#[test]
fn a_creation_answers_with_its_place_version_and_rung() {
    let server = Server::start();
    let mut client = server.client();
    let created = client.post("/tenders/offer", &offer("T-1"));
    assert_eq!(created.status, 201);
    assert_eq!(created.header("location"), Some("/tenders/T-1"));
    assert_eq!(created.header("etag"), Some("\"0\""));
    assert_eq!(created.header("content-type"), Some("application/json"));
    assert_eq!(
        created.json(),
        json!({
            "entity": "Tender", "id": "T-1", "transition": "offer", "outcome": "committed", "version": 0,
            "boundary": { "rung": 5, "name": "transition-committed" },
            "changed": ["id", "status", "expiration", "partner_id", "accepted_at"],
            "messages": [],
        })
    );
    let read = client.get("/tenders/T-1");
    assert_eq!((read.status, read.header("etag")), (200, Some("\"0\"")));
    assert_eq!(
        read.json(),
        json!({ "id": "T-1", "version": 0, "state": {
            "id": "T-1", "status": "Pending", "expiration": "2030-01-01T00:00:00Z",
            "partner_id": null, "accepted_at": null,
        }})
    );
}

// H11, G01
#[test]
fn an_update_answers_with_the_messages_it_owes() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    let accepted = client.post("/tenders/T-1/accept", &accept());
    assert_eq!((accepted.status, accepted.header("etag")), (200, Some("\"1\"")));
    assert_eq!(accepted.header("location"), None);
    let document = accepted.json();
    assert_eq!(document["boundary"], json!({ "rung": 6, "name": "outbox-committed" }));
    assert_eq!(document["changed"], json!(["status", "partner_id", "accepted_at"]));
    assert_eq!(document["messages"][0]["name"], "TenderAccepted");
    assert_eq!(document["messages"][1]["role"], "request");

    let outbox = client.get("/tenders/T-1/outbox").json();
    assert_eq!(outbox["next"], json!(null));
    assert_eq!(outbox["items"][0]["payload"], json!({ "tender_id": "T-1", "partner_id": "P-7" }));
    assert_eq!(outbox["items"][0]["id"], document["messages"][0]["id"]);
    assert_eq!(outbox["items"][1]["ordinal"], 1);
    assert_eq!(outbox["items"][1]["published_at"], json!(null));
    assert_eq!(client.get("/tenders/T-1/outbox?after=1.0").json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(client.get("/tenders/T-1/outbox?after=1.1").json()["items"], json!([]));
    assert_eq!(client.get("/tenders/T-2/outbox").refusal(), (404, "not_found".to_owned()));
}

#[test]
fn every_type_of_field_comes_back_as_it_was_sent() {
    let server = Server::start();
    let mut client = server.client();
    let sent = specimen("S-1", 1);
    let created = client.post("/specimens/collect", &sent);
    assert_eq!(created.status, 201, "{:?}", created.json());
    let mut state = client.get("/specimens/S-1").json()["state"].clone();
    assert_eq!(state["phase"], "Fresh");
    assert_eq!(state["parts"], json!([]));
    let members = state.as_object_mut().unwrap();
    members.remove("phase");
    members.remove("parts");
    assert_eq!(state, sent);
}

#[test]
fn ids_travel_percent_encoded() {
    let server = Server::start();
    let mut client = server.client();
    for (id, path) in [
        ("a/b", "a%2Fb"),
        ("50 %", "50%20%25"),
        ("ä\u{1F600}", "%C3%A4%F0%9F%98%80"),
        ("..", "%2E%2E"),
        ("?#&", "%3F%23%26"),
        ("offer", "offer"),
        ("outbox", "outbox"),
    ] {
        let created = client.offer(id);
        assert_eq!(created.header("location"), Some(format!("/tenders/{path}").as_str()), "{id}");
        assert_eq!(client.get(&format!("/tenders/{path}")).json()["id"], id);
        assert_eq!(client.post(&format!("/tenders/{path}/accept"), &accept()).json()["id"], id);
        let outbox = client.get(&format!("/tenders/{path}/outbox")).json();
        assert_eq!(outbox["items"].as_array().unwrap().len(), 2);
    }
    // An escape need not be necessary, and its digits may be small.
    assert_eq!(client.get("/tenders/%61%2fb").json()["id"], "a/b");
}

// A53
#[test]
fn a_dry_run_changes_nothing() {
    let server = Server::start();
    let mut client = server.client();
    let headers = [("Idempotency-Key", "dry")];
    let dry = client.post_with("/tenders/offer?dry_run=true", &headers, &offer("T-1"));
    assert_eq!((dry.status, dry.header("location"), dry.header("etag")), (200, None, None));
    let document = dry.json();
    assert_eq!((&document["outcome"], &document["boundary"]), (&json!("would-commit"), &json!(null)));
    assert_eq!(client.get("/tenders/T-1").status, 404);
    // The key was not used up.
    assert_eq!(client.post_with("/tenders/offer?dry_run=false", &headers, &offer("T-1")).status, 201);

    let dry = client.post("/tenders/T-1/accept?dry_run=true", &accept()).json();
    assert_eq!(dry["messages"][1]["payload"]["tender_id"], "T-1");
    assert_eq!(client.get("/tenders/T-1").json()["version"], 0);
    assert_eq!(client.get("/tenders/T-1/outbox").json()["items"], json!([]));
    let late = json!({ "partner_id": "P-7", "accepted_at": "2031-01-01T00:00:00Z" });
    let refused = client.post("/tenders/T-1/accept?dry_run=true", &late);
    assert_eq!(refused.refusal(), (409, "tender.accept.can_accept".to_owned()));
}

#[test]
fn nothing_to_change_is_a_success_without_a_new_version() {
    let server = Server::start();
    let mut client = server.client();
    client.post("/specimens/collect", &specimen("S-1", 1));
    let same = client.post("/specimens/S-1/describe", &json!({ "words": specimen("S-1", 1)["words"] }));
    assert_eq!((same.status, same.header("etag")), (200, Some("\"0\"")));
    assert_eq!(same.json()["outcome"], "no-change");
    assert_eq!(same.json()["changed"], json!([]));
}

#[test]
fn head_and_options_are_answered() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    let length = client.get("/tenders/T-1").body.len().to_string();
    let head = client.send("HEAD", "/tenders/T-1", &[], b"");
    assert_eq!((head.status, head.header("content-length")), (200, Some(length.as_str())));
    assert_eq!(client.send("HEAD", "/tenders/T-2", &[], b"").status, 404);
    for (path, allow) in [
        ("/tenders", "GET, HEAD, OPTIONS"),
        ("/tenders/T-1", "GET, HEAD, OPTIONS"),
        ("/tenders/offer", "GET, HEAD, POST, OPTIONS"),
        ("/tickets/issue", "POST, OPTIONS"),
        ("/tenders/T-1/accept", "POST, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
        ("/asyncapi.json", "GET, HEAD, OPTIONS"),
    ] {
        let options = client.send("OPTIONS", path, &[], b"");
        assert_eq!((options.status, options.header("allow")), (204, Some(allow)), "{path}");
    }
    assert_eq!(client.send("OPTIONS", "*", &[], b"").status, 204);
}

#[test]
fn an_ordinary_client_gets_along() {
    let server = Server::start();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = format!("http://{}/tenders/offer", server.address);
    let request = agent.post(&url).header("Content-Type", "application/json");
    let mut created = request.send(offer("T-1").to_string()).unwrap();
    assert_eq!(created.status(), 201);
    let text = created.body_mut().read_to_string().unwrap();
    assert!(text.contains("\"transition-committed\""), "{text}");
    let again =
        agent.post(&url).header("Content-Type", "application/json").send(offer("T-1").to_string()).unwrap();
    assert_eq!(again.status(), 409);
}

// H12
#[test]
fn paths_that_clash_are_refused_as_a_whole() {
    let twice = System::new("twice").entity::<Ticket>().entity::<Pass>();
    let clash = RouteClash::Plural { plural: "tickets", first: "Ticket", second: "Pass" };
    assert_eq!(http::clash(&twice), Err(clash));
    let reserved = System::new("reserved").entity::<Paper>();
    assert_eq!(http::clash(&reserved), Err(RouteClash::Reserved { plural: "docs", entity: "Paper" }));
    let reserved = System::new("reserved").entity::<Metric>();
    assert_eq!(http::clash(&reserved), Err(RouteClash::Reserved { plural: "metrics", entity: "Metric" }));
    assert_eq!(http::clash(&system()), Ok(()));

    let mut app = Server::of(twice, |app| app);
    let mut client = app.client();
    for path in ["/tickets", "/openapi.json", "/asyncapi.json", "/nowhere"] {
        let answer = client.get(path);
        assert_eq!((answer.status, &answer.json()["code"]), (500, &json!("route_clash")), "{path}");
    }
    app.stop();
}

#[test]
fn an_api_can_live_below_another_path() {
    let server = Server::of(system(), |app| axum::Router::new().nest("/api", app));
    let mut client = server.client();
    let created = client.post("/api/tenders/offer", &offer("a/b"));
    assert_eq!((created.status, created.header("location")), (201, Some("/api/tenders/a%2Fb")));
    assert_eq!(client.get("/api/tenders/a%2Fb").json()["id"], "a/b");
    client.post("/api/tenders/offer", &offer("c"));
    assert_eq!(client.get("/api/tenders?limit=1").json()["next"], "/api/tenders?limit=1&after=a%2Fb");
    assert_eq!(client.post("/api/tenders/c/accept", &accept()).status, 200);
    assert_eq!(client.get("/api/docs").status, 200);
    assert_eq!(client.get("/api/nowhere").refusal(), (404, "no_such_route".to_owned()));
}
