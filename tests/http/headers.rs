//! The headers of requests and answers.

use serde_json::json;

use crate::support::{Server, accept, offer};

fn malformed() -> (u16, String) {
    (400, "malformed_header".to_owned())
}

// H09
#[test]
fn if_match_is_one_strong_tag_or_any() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    for value in
        ["0", "W/\"0\"", "\"0\", \"1\"", "\"x\"", "\"\"", "", "\"00\"", "\"-1\"", "\"9223372036854775808\""]
    {
        let answer = client.post_with("/tenders/T-1/accept", &[("If-Match", value)], &accept());
        assert_eq!(answer.refusal(), malformed(), "{value}");
        assert_eq!(answer.json()["header"], "if-match");
    }
    let twice = [("If-Match", "\"0\""), ("If-Match", "\"0\"")];
    assert_eq!(client.post_with("/tenders/T-1/accept", &twice, &accept()).refusal(), malformed());
    let absent = client.post_with("/tenders/T-9/accept", &[("If-Match", "*")], &accept());
    assert_eq!(absent.refusal(), (404, "not_found".to_owned()));
    assert_eq!(client.post_with("/tenders/T-1/accept", &[("If-Match", "*")], &accept()).status, 200);
    for header in ["If-Match", "If-None-Match"] {
        let answer = client.post_with("/tenders/offer", &[(header, "*")], &offer("T-2"));
        assert_eq!(answer.refusal(), (400, "header_not_accepted".to_owned()), "{header}");
    }
    let answer = client.post_with("/tenders/T-1/expire", &[("If-None-Match", "\"0\"")], &json!({}));
    assert_eq!(answer.refusal(), (400, "header_not_accepted".to_owned()));
    assert_eq!(client.get("/tenders/T-2").status, 404);
}

#[test]
fn if_none_match_saves_what_is_known() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    for value in ["\"0\"", "W/\"0\"", "*", "\"5\", \"0\"", "\"5\",W/\"0\""] {
        let answer = client.send("GET", "/tenders/T-1", &[("If-None-Match", value)], b"");
        assert_eq!((answer.status, answer.header("etag")), (304, Some("\"0\"")), "{value}");
    }
    let answer = client.send("GET", "/tenders/T-1", &[("If-None-Match", "\"1\"")], b"");
    assert_eq!(answer.status, 200);
    for value in ["0", "", "\"0", "\"0\" \"1\""] {
        assert_eq!(
            client.send("GET", "/tenders/T-1", &[("If-None-Match", value)], b"").refusal(),
            malformed(),
            "{value}"
        );
    }
    client.post("/tenders/T-1/accept", &accept());
    assert_eq!(client.send("GET", "/tenders/T-1", &[("If-None-Match", "\"0\"")], b"").json()["version"], 1);
    assert_eq!(client.send("GET", "/tenders/T-2", &[("If-None-Match", "*")], b"").status, 404);
}

// A80, A81
#[test]
fn correlation_is_echoed_made_and_recorded() {
    let server = Server::start();
    let mut client = server.client();
    let stated =
        [("X-Correlation-Id", "order-66_a"), ("X-Causation-Id", "message-5"), ("X-Actor", "Ann of Example")];
    assert_eq!(
        client.post_with("/tenders/offer", &stated, &offer("T-1")).header("x-correlation-id"),
        Some("order-66_a")
    );
    let answer = client.post_with("/tenders/T-1/accept", &stated, &accept());
    assert_eq!(answer.header("x-correlation-id"), Some("order-66_a"));
    let message = client.get("/tenders/T-1/outbox").json()["items"][0].clone();
    assert_eq!(message["correlation"], "order-66_a");
    assert_eq!(message["causation"], "message-5");
    assert_eq!(message["actor"], "Ann of Example");

    let made = client.post("/tenders/offer", &offer("T-2")).header("x-correlation-id").unwrap().to_owned();
    let other = client.get("/nowhere").header("x-correlation-id").unwrap().to_owned();
    assert!(made.len() == 36 && other.len() == 36 && made != other);
    client.post("/tenders/T-2/accept", &accept());
    assert_eq!(
        client.send("GET", "/nowhere", &[("X-Correlation-Id", "kept")], b"").header("x-correlation-id"),
        Some("kept")
    );
}

/// The messages carry the place in the trace; one that cannot be read is no reason to refuse.
#[test]
fn trace_is_recorded_or_ignored() {
    const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let server = Server::start();
    let mut client = server.client();
    let zero = TRACE.replace("b7ad6b7169203331", "0000000000000000");
    let cases: [(&[&str], Option<&str>); 7] = [
        (&[TRACE], Some(TRACE)),
        (&[], None),
        (&[""], None),
        (&["00-x"], None),
        (&["\u{e9}"], None),
        (&[&zero], None),
        (&[TRACE, TRACE], None),
    ];
    for (number, (values, expected)) in cases.into_iter().enumerate() {
        let id = format!("T-{number}");
        client.offer(&id);
        let headers: Vec<_> = values.iter().map(|value| ("traceparent", *value)).collect();
        let answer = client.post_with(&format!("/tenders/{id}/accept"), &headers, &accept());
        assert_eq!(answer.status, 200, "{values:?}");
        let items = client.get(&format!("/tenders/{id}/outbox")).json()["items"].clone();
        assert_eq!(items.as_array().unwrap().len(), 2);
        for item in items.as_array().unwrap() {
            assert_eq!(item["trace"], json!(expected), "{values:?}");
        }
    }
}

#[test]
fn ids_of_the_edge_are_checked() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    let long = "x".repeat(256);
    for (name, value) in [
        ("X-Correlation-Id", ""),
        ("X-Correlation-Id", "a b"),
        ("X-Correlation-Id", "a\"b"),
        ("X-Correlation-Id", &long),
        ("X-Causation-Id", "a/b"),
        ("X-Causation-Id", ""),
        ("X-Actor", ""),
        ("X-Actor", &long),
        ("X-Actor", "ä"),
        ("Idempotency-Key", ""),
        ("Idempotency-Key", &long),
        ("Idempotency-Key", "ä"),
    ] {
        let answer = client.post_with("/tenders/T-1/accept", &[(name, value)], &accept());
        assert_eq!(answer.refusal(), malformed(), "{name}: {value}");
        assert_eq!(answer.json()["header"], name.to_lowercase());
        assert_ne!(answer.header("x-correlation-id"), Some(value));
        let twice = [(name, "a"), (name, "a")];
        assert_eq!(
            client.post_with("/tenders/T-1/accept", &twice, &accept()).refusal(),
            malformed(),
            "{name}"
        );
    }
    assert_eq!(client.get("/tenders/T-1").json()["version"], 0);
    assert_eq!(client.send("GET", "/tenders", &[("X-Correlation-Id", "a b")], b"").refusal(), malformed());
}

#[test]
fn answers_are_not_guessed_at_or_kept() {
    let server = Server::start();
    let mut client = server.client();
    let created = client.offer("T-1");
    assert_eq!(created.header("cache-control"), Some("no-store"));
    assert_eq!(created.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(client.get("/tenders/T-1").header("cache-control"), Some("private, no-cache"));
    assert_eq!(client.get("/nowhere").header("cache-control"), Some("no-store"));
}
