//! Lists: filters, pages, and what lies beyond them.

use cohesive::http::{HttpOptions, ServeOptions};
use serde_json::{Value as Json, json};

use crate::support::{Client, Server, specimen};

/// All ids, following `next` from page to page, and how many pages there were.
fn walk(client: &mut Client, start: &str) -> (Vec<String>, usize) {
    let (mut ids, mut pages, mut next) = (Vec::new(), 0, Some(start.to_owned()));
    while let Some(target) = next {
        let answer = client.get(&target);
        assert_eq!(answer.status, 200, "{target}: {:?}", answer.json());
        let document = answer.json();
        ids.extend(
            document["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        next = document["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    (ids, pages)
}

// R37, H15
#[test]
fn pages_have_no_gap_and_no_repeat() {
    let server = Server::start();
    let mut client = server.client();
    let mut expected: Vec<String> = (0..130).map(|number| format!("T {}/{number}", number % 7)).collect();
    for id in &expected {
        client.offer(id);
    }
    expected.sort();
    assert_eq!(walk(&mut client, "/tenders"), (expected.clone(), 3));
    assert_eq!(walk(&mut client, "/tenders?limit=1000"), (expected.clone(), 1));
    assert_eq!(walk(&mut client, "/tenders?limit=130"), (expected.clone(), 1));
    assert_eq!(walk(&mut client, "/tenders?limit=129"), (expected.clone(), 2));
    assert_eq!(walk(&mut client, "/tenders?limit=7&status=Pending"), (expected.clone(), 19));
    assert_eq!(walk(&mut client, "/tenders?after=zzz").0, Vec::<String>::new());
    // What comes in while pages are turned shows or does not, and disturbs nothing else.
    let first = client.get("/tenders?limit=65").json();
    client.offer("A");
    client.offer("ZZ");
    let (rest, _) = walk(&mut client, first["next"].as_str().unwrap());
    assert_eq!(rest.len(), 66);
    assert_eq!(rest[..65], expected[65..]);
}

// R37
#[test]
fn messages_come_in_pages_too() {
    let server = Server::start();
    let mut client = server.client();
    client.post("/specimens/collect", &specimen("S-1", 1));
    for _ in 0..25 {
        let used = client.post("/specimens/S-1/consume", &json!({ "amount": 1, "parts": [] }));
        assert_eq!(used.status, 200);
    }
    let (ids, pages) = walk(&mut client, "/specimens/S-1/outbox?limit=4");
    assert_eq!((ids.len(), pages), (25, 7));
    let mut unique = ids.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 25);
}

// R38
#[test]
fn filters_of_every_type_find_and_find_not() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.post("/specimens/collect", &specimen("S-1", 1)).status, 201);
    let mut other = specimen("S-2", 2);
    for (name, value) in [
        ("flag", json!(false)),
        ("small", json!(5)),
        ("large", json!(6)),
        ("natural", json!(0)),
        ("exact", json!("0.1")),
        ("words", json!("")),
        ("bytes", json!("")),
        ("instant", json!("2026-03-02T00:00:00Z")),
        ("day", json!("2026-03-01")),
        ("colour", json!("Red")),
        ("limit", Json::Null),
    ] {
        other[name] = value;
    }
    assert_eq!(client.post("/specimens/collect", &other).status, 201);
    for (filter, ids) in [
        ("flag=true", vec!["S-1"]),
        ("flag=false", vec!["S-2"]),
        ("small=5", vec!["S-2"]),
        ("small=6", vec![]),
        ("large=-9007199254740993", vec!["S-1"]),
        ("natural=4294967295", vec!["S-1"]),
        ("exact=12.50", vec!["S-1"]),
        ("exact=13", vec![]),
        ("words=", vec!["S-2"]),
        ("words=%C3%A4%E2%80%A8%F0%9F%98%80", vec!["S-1"]),
        ("words=nothing", vec![]),
        ("words='%20OR%201=1%20--", vec![]),
        ("bytes=AQL%2F", vec!["S-1"]),
        ("bytes=", vec!["S-2"]),
        ("instant=2026-03-01T12:00:00.123456Z", vec!["S-1"]),
        ("instant=2026-03-01T13:00:00.123456%2B01:00", vec!["S-1"]),
        ("day=2026-02-28", vec!["S-1"]),
        ("uuid=00000000-0000-0000-0000-000000000002", vec!["S-2"]),
        ("colour=dark-green", vec!["S-1"]),
        ("colour=Red&flag=false", vec!["S-2"]),
        ("colour=Red&flag=true", vec![]),
        ("phase=Fresh", vec!["S-1", "S-2"]),
        ("phase=Gone", vec![]),
        ("filter.limit=7", vec!["S-1"]),
        ("filter.limit.absent=true", vec!["S-2"]),
        ("filter.limit.absent=false&limit=1&after=S-1", vec!["S-2"]),
    ] {
        let answer = client.get(&format!("/specimens?{filter}"));
        assert_eq!(answer.status, 200, "{filter}: {:?}", answer.json());
        let (found, _) = walk(&mut client, &format!("/specimens?{filter}"));
        assert_eq!(found, ids, "{filter}");
    }
}

// R38
#[test]
fn filters_of_another_type_are_refused() {
    let server = Server::start();
    let mut client = server.client();
    for filter in [
        "small=x",
        "large=1.5",
        "natural=-1",
        "exact=1,5",
        "bytes=*",
        "instant=now",
        "day=2026-02-30",
        "uuid=1",
        "colour=Green",
        "flag=1",
        "filter.limit=",
        "words=%00",
    ] {
        let refused = client.get(&format!("/specimens?{filter}"));
        assert_eq!(refused.refusal(), (422, "unusable_filter".to_owned()), "{filter}");
    }
    let both = client.get("/specimens?filter.limit=7&filter.limit.absent=true");
    assert_eq!(both.refusal(), (400, "malformed_query".to_owned()));
}

#[test]
fn the_size_of_pages_is_an_option() {
    let options = HttpOptions { page_size: 2, page_limit: 3, ..HttpOptions::default() };
    let server = Server::with(options, ServeOptions::default(), |store| store);
    let mut client = server.client();
    for number in 0..5 {
        client.offer(&format!("T-{number}"));
    }
    assert_eq!(walk(&mut client, "/tenders").1, 3);
    assert_eq!(walk(&mut client, "/tenders?limit=3").1, 2);
    assert_eq!(client.get("/tenders?limit=4").status, 400);
    let document = client.get("/openapi.json").json();
    let parameters = document["paths"]["/tenders"]["get"]["parameters"].as_array().unwrap();
    let limit = parameters.iter().find(|parameter| parameter["name"] == "limit").unwrap();
    assert_eq!((&limit["schema"]["maximum"], &limit["schema"]["default"]), (&json!(3), &json!(2)));
}
