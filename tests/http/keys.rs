//! Idempotency keys: a repeat is safe, and a key never stands for two requests.

use std::sync::Arc;

use cohesive::http::{HttpOptions, ServeOptions};
use serde_json::json;

use crate::support::{Server, accept, offer, specimen};
use crate::transport::Gate;

// B45
#[test]
fn a_repeat_gets_the_first_answer_byte_for_byte() {
    let server = Server::start();
    let mut client = server.client();
    let key = [("Idempotency-Key", "k-1")];
    let first = client.post_with("/tenders/offer", &key, &offer("T-1"));
    let again = client.post_with("/tenders/offer", &key, &offer("T-1"));
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    for header in ["location", "etag", "content-type"] {
        assert_eq!(first.header(header), again.header(header), "{header}");
    }
    let first = client.post_with("/tenders/T-1/accept", &key, &accept());
    // Another order of members and other spaces are the same request.
    let spelt = r#" { "accepted_at" : "2029-01-01T00:00:00Z", "partner_id" : "P-7" } "#;
    let headers = [("Idempotency-Key", "k-1"), ("Content-Type", "application/json")];
    let again = client.send("POST", "/tenders/T-1/accept", &headers, spelt.as_bytes());
    assert_eq!((200, &first.body), (again.status, &again.body));
    assert_eq!(client.get("/tenders/T-1").json()["version"], 1);
    assert_eq!(client.get("/tenders/T-1/outbox").json()["items"].as_array().unwrap().len(), 2);
}

// B47
#[test]
fn a_repeat_of_a_refused_request_is_refused_alike() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    let key = [("Idempotency-Key", "k-2")];
    let late = json!({ "partner_id": "P-7", "accepted_at": "2031-01-01T00:00:00Z" });
    let first = client.post_with("/tenders/T-1/accept", &key, &late);
    assert_eq!(first.refusal(), (409, "tender.accept.can_accept".to_owned()));
    client.post("/tenders/T-1/accept", &accept());
    let again = client.post_with("/tenders/T-1/accept", &key, &late);
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(again.header("content-type"), Some("application/problem+json"));
}

// B48
#[test]
fn a_key_belongs_to_one_request_of_one_caller() {
    let server = Server::start();
    let mut client = server.client();
    let key = ("Idempotency-Key", "k-3");
    client.post_with("/tenders/offer", &[key], &offer("T-1"));
    let reused = (422, "idempotency_key_reused".to_owned());
    assert_eq!(client.post_with("/tenders/offer", &[key], &offer("T-2")).refusal(), reused);
    // The same key for another operation is another key, and so is another caller's.
    assert_eq!(client.post_with("/tenders/T-1/accept", &[key], &accept()).status, 200);
    assert_eq!(client.post_with("/tenders/offer", &[key, ("X-Actor", "ann")], &offer("T-2")).status, 201);
    assert_eq!(client.post_with("/tenders/offer", &[key, ("X-Actor", "bob")], &offer("T-3")).status, 201);
    // The stated version is part of the request.
    client.post("/specimens/collect", &specimen("S-1", 1));
    let words = json!({ "words": "new" });
    assert_eq!(
        client.post_with("/specimens/S-1/describe", &[key, ("If-Match", "\"0\"")], &words).status,
        200
    );
    let other = client.post_with("/specimens/S-1/describe", &[key], &words);
    assert_eq!(other.refusal(), reused);
}

// B48
#[test]
fn a_key_in_flight_is_said_to_be() {
    let gate = Gate::open();
    let held = Arc::clone(&gate);
    let server = Server::with(HttpOptions::default(), ServeOptions::default(), |store| held.around(store));
    let key = [("Idempotency-Key", "k-4")];
    gate.shut();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| server.client().post_with("/tenders/offer", &key, &offer("T-1")));
        gate.wait_for_commits(1);
        let second = server.client().post_with("/tenders/offer", &key, &offer("T-1"));
        // Unlocked before anything can fail, so that a failure ends.
        gate.unlock();
        assert_eq!(first.join().unwrap().status, 201);
        assert_eq!(second.refusal(), (409, "idempotency_key_in_flight".to_owned()));
        assert_eq!(second.header("retry-after"), Some("1"));
    });
    assert_eq!(server.client().post_with("/tenders/offer", &key, &offer("T-1")).status, 201);
}

// B47
#[test]
fn a_failure_of_the_store_does_not_stick_to_the_key() {
    let gate = Gate::open();
    let held = Arc::clone(&gate);
    let server = Server::with(HttpOptions::default(), ServeOptions::default(), |store| held.around(store));
    let mut client = server.client();
    let key = [("Idempotency-Key", "k-5")];
    gate.fail_next();
    let failed = client.post_with("/tenders/offer", &key, &offer("T-1"));
    assert_eq!(failed.refusal(), (503, "store_unavailable".to_owned()));
    assert_eq!(failed.header("retry-after"), Some("1"));
    assert_eq!(client.post_with("/tenders/offer", &key, &offer("T-1")).status, 201);
}
