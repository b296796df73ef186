//! Everything that is not a success, each told apart from the others.

use serde_json::{Value as Json, json};

use crate::support::{Server, accept, offer, specimen};

fn coded(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

// H10, B47
#[test]
fn refusals_of_the_domain_are_told_apart() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    client.post("/specimens/collect", &specimen("S-1", 1));
    let late = json!({ "partner_id": "P-7", "accepted_at": "2031-01-01T00:00:00Z" });
    let table: &[(&str, Json, u16, &str)] = &[
        ("/tenders/T-1/accept", late, 409, "tender.accept.can_accept"),
        ("/tenders/T-1/expire", json!({}), 409, "tender.expire.has_expired"),
        ("/tenders/T-9/accept", accept(), 404, "not_found"),
        ("/tenders/offer", offer("T-1"), 409, "already_exists"),
        ("/specimens/collect", specimen("S-2", 1), 409, "not_unique"),
        ("/specimens/S-1/consume", json!({ "amount": 0, "parts": [] }), 409, "specimen.consume.positive"),
        ("/specimens/S-1/consume", json!({ "amount": 13, "parts": [] }), 409, "specimen.consume.unlucky"),
        ("/specimens/S-1/discard", json!({}), 428, "version_required"),
    ];
    for (path, body, status, code) in table {
        assert_eq!(client.post(path, body).refusal(), coded(*status, code), "{path}");
    }
    let full = json!({ "amount": i32::MAX, "parts": [] });
    assert_eq!(client.post("/specimens/S-1/consume", &full).status, 200);
    assert_eq!(
        client.post("/specimens/S-1/consume", &full).refusal(),
        coded(409, "specimen.consume.overflow")
    );
    let mut poor = specimen("S-3", 3);
    poor["small"] = json!(-1);
    let refused = client.post("/specimens/collect", &poor);
    assert_eq!(refused.refusal(), coded(409, "specimen.collect.worth_something"));
    client.post("/tenders/T-1/accept", &accept());
    let again = client.post("/tenders/T-1/accept", &accept());
    assert_eq!(again.refusal(), coded(409, "tender.accept.wrong_state"));
    assert_eq!(again.json()["entity"], "Tender");
    assert_eq!(again.json()["outcome"], "rejected");
    assert_eq!(again.header("etag"), None);
}

// A30, H10
#[test]
fn a_stale_view_is_a_conflict_and_names_both_versions() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    let stale = client.post_with("/tenders/T-1/accept", &[("If-Match", "\"3\"")], &accept());
    assert_eq!(stale.refusal(), coded(412, "version_conflict"));
    assert_eq!((&stale.json()["expected"], &stale.json()["actual"]), (&json!(3), &json!(0)));
    let fresh = client.post_with("/tenders/T-1/accept", &[("If-Match", "\"0\"")], &accept());
    assert_eq!(fresh.status, 200);
    client.post("/specimens/collect", &specimen("S-1", 1));
    let head = client.post_with("/specimens/S-1/count", &[("If-Match", "\"0\"")], &json!({}));
    assert_eq!(head.refusal(), coded(400, "version_not_accepted"));
    assert_eq!(client.post_with("/specimens/S-1/count", &[("If-Match", "*")], &json!({})).status, 200);
    let strict = client.post_with("/specimens/S-1/discard", &[("If-Match", "\"1\"")], &json!({}));
    assert_eq!(strict.status, 200, "{:?}", strict.json());
}

// A22
#[test]
fn a_fact_is_recorded_once_and_another_one_under_its_id_is_refused() {
    let server = Server::start();
    let mut client = server.client();
    client.post("/specimens/collect", &specimen("S-1", 1));
    let fact = json!({ "count_id": "c-1", "large": 7, "counted_at": null });
    let first = client.post("/specimens/S-1/record_count", &fact);
    assert_eq!(first.status, 200);
    let again = client.post("/specimens/S-1/record_count", &fact);
    assert_eq!((again.status, &again.body), (200, &first.body));
    let other = json!({ "count_id": "c-1", "large": 8, "counted_at": null });
    assert_eq!(client.post("/specimens/S-1/record_count", &other).refusal(), coded(422, "fact_reused"));
    let new = json!({ "count_id": "c-2", "large": 8, "counted_at": null });
    let stated = client.post_with("/specimens/S-1/record_count", &[("If-Match", "\"0\"")], &new);
    assert_eq!(stated.refusal(), coded(400, "version_not_accepted"));
}

// A34
#[test]
fn a_stale_input_is_kept_for_somebody_to_look_at() {
    let server = Server::start();
    let mut client = server.client();
    client.post("/specimens/collect", &specimen("S-1", 1));
    client.post("/specimens/S-1/count", &json!({}));
    let worth = json!({ "exact": "3" });
    let unstated = client.post("/specimens/S-1/appraise", &worth);
    assert_eq!(unstated.refusal(), coded(428, "version_required"));
    let stale = client.post_with("/specimens/S-1/appraise", &[("If-Match", "\"0\"")], &worth);
    assert_eq!(stale.refusal(), coded(409, "parked_for_review"));
    assert_eq!((&stale.json()["expected"], &stale.json()["actual"]), (&json!(0), &json!(1)));
    assert_eq!(client.get("/specimens/S-1").json()["state"]["exact"], "12.50");
    let fresh = client.post_with("/specimens/S-1/appraise", &[("If-Match", "\"1\"")], &worth);
    assert_eq!(fresh.status, 200);
}

// H13
#[test]
fn bodies_that_are_not_the_input_are_told_apart() {
    let server = Server::start();
    let mut client = server.client();
    let json = [("Content-Type", "application/json")];
    let deep = format!("{{\"id\":{}1{}}}", "[".repeat(1000), "]".repeat(1000));
    let table: &[(&[u8], u16, &str)] = &[
        (b"{", 400, "not_json"),
        (b"nonsense", 400, "not_json"),
        (br#"{"id":"T-1","expiration":"2030-01-01T00:00:00Z"} {}"#, 400, "not_json"),
        (b"\xef\xbb\xbf{}", 400, "not_json"),
        (b"{\"id\":\"\xff\"}", 400, "not_json"),
        (b"{\"id\":\"\x00\"}", 400, "not_json"),
        (b"{\"id\":\"\\ud800\"}", 400, "not_json"),
        (b"{\"id\":1e999}", 400, "not_json"),
        (deep.as_bytes(), 422, "wrong_shape"),
        (b"[]", 422, "wrong_shape"),
        (b"null", 422, "wrong_shape"),
        (b"5", 422, "wrong_shape"),
        (b"\"id\"", 422, "wrong_shape"),
        (b"{}", 422, "wrong_shape"),
        (b"   ", 422, "wrong_shape"),
        (b"", 422, "wrong_shape"),
        (br#"{"id":"T-1"}"#, 422, "wrong_shape"),
        (br#"{"id":5,"expiration":"2030-01-01T00:00:00Z"}"#, 422, "wrong_shape"),
        (br#"{"id":null,"expiration":"2030-01-01T00:00:00Z"}"#, 422, "wrong_shape"),
        (br#"{"id":" ","expiration":"2030-01-01T00:00:00Z"}"#, 422, "wrong_shape"),
        (br#"{"id":"T\u0000","expiration":"2030-01-01T00:00:00Z"}"#, 422, "wrong_shape"),
        (br#"{"id":"T-1","expiration":"tomorrow"}"#, 422, "wrong_shape"),
        (br#"{"id":"T-1","expiration":"2030-01-01T00:00:00.0000001Z"}"#, 422, "wrong_shape"),
        (br#"{"id":"T-1","id":"T-1","expiration":"2030-01-01T00:00:00Z"}"#, 422, "wrong_shape"),
        (br#"{"id":"T-1","expiration":"2030-01-01T00:00:00Z","status":"Accepted"}"#, 422, "wrong_shape"),
    ];
    for (body, status, code) in table {
        let answer = client.send("POST", "/tenders/offer", &json, body);
        assert_eq!(answer.refusal(), coded(*status, code), "{}", String::from_utf8_lossy(body));
    }
    assert_eq!(client.get("/tenders").json()["items"], json!([]));
    // F11
    client.post("/specimens/collect", &specimen("S-1", 1));
    let nul = client.post("/specimens/S-1/describe", &json!({ "words": "a\u{0}b" }));
    assert_eq!(nul.refusal(), coded(422, "invalid_input"));
    let listed = json!({ "amount": 1, "parts": [["bolt", 1, null]] });
    let listed = client.post("/specimens/S-1/consume", &listed);
    assert_eq!(listed.refusal(), coded(422, "wrong_shape"));
    assert_eq!(listed.json()["member"], "parts[0]");
}

// H14
#[test]
fn a_problem_names_members_and_no_values() {
    let server = Server::start();
    let mut client = server.client();
    for body in [
        json!({ "id": "T-1", "expiration": "the-secret" }),
        json!({ "id": ["the-secret"], "expiration": "2030-01-01T00:00:00Z" }),
        json!({ "id": "T-1", "expiration": { "the": "the-secret" } }),
    ] {
        let answer = client.post("/tenders/offer", &body);
        assert_eq!(answer.refusal(), coded(422, "wrong_shape"));
        assert!(!String::from_utf8_lossy(&answer.body).contains("the-secret"), "{}", answer.json());
    }
    let misspelt =
        client.post("/tenders/offer", &json!({ "id": "T-1", "expiraton": "2030-01-01T00:00:00Z" }));
    assert!(misspelt.json()["detail"].as_str().unwrap().contains("did you mean `expiration`?"));
}

#[test]
fn content_types_are_checked_where_there_is_content() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    let body = accept().to_string();
    let wrong: [&[(&str, &str)]; 6] = [
        &[],
        &[("Content-Type", "text/plain")],
        &[("Content-Type", "application/x-www-form-urlencoded")],
        &[("Content-Type", "application/json; charset=utf-16")],
        &[("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
        &[("Content-Type", "")],
    ];
    for headers in wrong {
        let answer = client.send("POST", "/tenders/T-1/accept", headers, body.as_bytes());
        assert_eq!(answer.refusal(), coded(415, "unsupported_media_type"), "{headers:?}");
    }
    let twice = [("Content-Type", "application/json"), ("Content-Type", "application/json")];
    let answer = client.send("POST", "/tenders/T-1/accept", &twice, body.as_bytes());
    assert_eq!(answer.refusal(), coded(400, "malformed_header"));
    // Without a body there is nothing to have a type.
    assert_eq!(client.send("POST", "/tenders/T-1/expire", &[], b"").problem(), "tender.expire.has_expired");
    let right = [("content-type", "Application/JSON; charset=\"UTF-8\"")];
    assert_eq!(client.send("POST", "/tenders/T-1/accept", &right, body.as_bytes()).status, 200);
}

// R39
#[test]
fn only_the_routes_of_the_model_exist() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    let nowhere = [
        "/",
        "/tender",
        "/tenders/",
        "//tenders",
        "/tenders/T-1/",
        "/tenders/T-1/accept/",
        "/Tenders",
        "/admin",
        "/tenders/T-1/nothing",
        "/metrics",
        "/openapi.json/",
        "/docs/",
        "/problems",
        "/problems/",
        "/tenders/a/b/c",
    ];
    for path in nowhere {
        assert_eq!(client.get(path).refusal(), coded(404, "no_such_route"), "{path}");
    }
    for (method, path, allow) in [
        ("POST", "/tenders", "GET, HEAD, OPTIONS"),
        ("DELETE", "/tenders/T-1", "GET, HEAD, OPTIONS"),
        ("PUT", "/tenders/T-1", "GET, HEAD, OPTIONS"),
        ("PATCH", "/tenders/T-1/accept", "POST, OPTIONS"),
        ("GET", "/tenders/T-1/accept", "POST, OPTIONS"),
        ("GET", "/tickets/issue", "POST, OPTIONS"),
        ("POST", "/tenders/T-1/outbox", "GET, HEAD, OPTIONS"),
        ("POST", "/openapi.json", "GET, HEAD, OPTIONS"),
        ("POST", "/asyncapi.json", "GET, HEAD, OPTIONS"),
        ("TRACE", "/docs", "GET, HEAD, OPTIONS"),
        ("FROB", "/problems/not_found", "GET, HEAD, OPTIONS"),
    ] {
        let answer = client.send(method, path, &[], b"");
        assert_eq!(answer.refusal(), coded(405, "method_not_allowed"), "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
}

#[test]
fn paths_and_ids_that_cannot_be() {
    let server = Server::start();
    let mut client = server.client();
    let long = "x".repeat(256);
    for (path, status, code) in [
        ("/tenders/%zz".to_owned(), 400, "malformed_path"),
        ("/tenders/%".to_owned(), 400, "malformed_path"),
        ("/tenders/%ff".to_owned(), 400, "malformed_path"),
        ("/tenders/%ff/outbox".to_owned(), 400, "malformed_path"),
        ("/problems/%ff".to_owned(), 400, "malformed_path"),
        ("/tenders/%20".to_owned(), 404, "not_found"),
        ("/tenders/%00".to_owned(), 404, "not_found"),
        (format!("/tenders/{long}"), 404, "not_found"),
        ("/tickets/7".to_owned(), 404, "not_found"),
        ("/tickets/7/outbox".to_owned(), 404, "not_found"),
    ] {
        assert_eq!(client.get(&path).refusal(), coded(status, code), "{path}");
    }
    for (path, status, code) in [
        ("/tenders/%zz/accept".to_owned(), 400, "malformed_path"),
        ("/tenders/%ff/accept".to_owned(), 400, "malformed_path"),
        ("/tenders/%20/accept".to_owned(), 422, "unusable_id"),
        ("/tenders/%00/accept".to_owned(), 422, "unusable_id"),
        (format!("/tenders/{long}/accept"), 422, "unusable_id"),
    ] {
        assert_eq!(client.post(&path, &accept()).refusal(), coded(status, code), "{path}");
    }
}

#[test]
fn queries_are_read_whole_or_refused() {
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    for path in [
        "/tenders/T-1?x=1",
        "/tenders?x=1",
        "/tenders?limit=0",
        "/tenders?limit=1001",
        "/tenders?limit=ten",
        "/tenders?limit=1&limit=1",
        "/tenders?status=Pending&status=Pending",
        "/tenders?%ff=1",
        "/tenders?status=%zz",
        "/tenders?partner_id=P-7",
        "/tenders?id=T-1",
        "/tenders/T-1/outbox?limit=0",
        "/tenders/T-1/outbox?from=1.0",
        "/tenders?dry_run=true",
    ] {
        assert_eq!(client.get(path).refusal(), coded(400, "malformed_query"), "{path}");
    }
    for path in [
        "/tenders?status=pending",
        "/tenders?status=",
        "/tenders?after=",
        "/tenders?after=%00",
        "/tenders/T-1/outbox?after=1",
        "/tenders/T-1/outbox?after=-1.0",
        "/tickets?after=7",
    ] {
        assert_eq!(client.get(path).refusal(), coded(422, "unusable_filter"), "{path}");
    }
    for path in
        ["/tenders/T-1/accept?dry_run=1", "/tenders/T-1/accept?dry_run", "/tenders/T-1/accept?dryrun=true"]
    {
        assert_eq!(client.post(path, &accept()).refusal(), coded(400, "malformed_query"), "{path}");
    }
    assert_eq!(client.get("/tenders/T-1").json()["version"], 0);
}

// H14
#[test]
fn every_code_is_explained() {
    let server = Server::start();
    let mut client = server.client();
    let document = client.get("/openapi.json").json();
    let mut codes: Vec<String> = Vec::new();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    for operation in operations {
        for response in operation["responses"].as_object().unwrap().values() {
            codes.extend(
                response["x-problems"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|code| code.as_str().unwrap().to_owned()),
            );
        }
        let rejections = operation["x-rejections"].as_array().into_iter().flatten();
        codes.extend(rejections.map(|one| one["code"].as_str().unwrap().to_owned()));
    }
    codes.extend(["no_such_route", "method_not_allowed"].map(str::to_owned));
    assert!(codes.len() > 100, "{}", codes.len());
    codes.sort();
    codes.dedup();
    for code in codes {
        let meaning = client.get(&format!("/problems/{code}"));
        assert_eq!(meaning.status, 200, "{code}");
        assert_eq!(meaning.json()["code"], code);
        assert!(!meaning.json()["meaning"].as_str().unwrap().is_empty(), "{code}");
    }
    assert_eq!(client.get("/problems/unheard_of").refusal(), coded(404, "not_found"));
}
