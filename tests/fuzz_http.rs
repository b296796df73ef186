//! More than ten thousand wrong requests over real sockets. Every answer is a problem with a status from 400 to 499,
//! and nothing changes.
#![cfg(all(feature = "http", feature = "sqlite"))]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "a test is no interface, and shares its support")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

#[path = "../examples/freight/domain.rs"]
mod freight;
#[path = "http/specimen.rs"]
mod specimen;
#[path = "http/support.rs"]
mod support;
#[path = "http/wrong.rs"]
mod wrong;

use std::collections::BTreeMap;

use support::{Answer, Client, Server};
use wrong::{Random, Wrong, wrong};

const THREADS: u64 = 8;
const EACH: usize = 1500;

fn send(client: &mut Client, server: &Server, request: &Wrong) -> Answer {
    client.write(&request.bytes());
    let answer = client.read(&request.method).unwrap_or_else(|| panic!("no answer to {request:?}"));
    if answer.header("connection") == Some("close") {
        *client = server.client();
    }
    answer
}

fn state(client: &mut Client) -> Vec<Vec<u8>> {
    let lists = [
        "/tenders?limit=1000",
        "/shipments",
        "/specimens",
        "/tickets",
        "/tenders/T-1/outbox",
        "/specimens/S-1/outbox",
    ];
    lists.iter().map(|list| client.get(list).body).collect()
}

// H13, F38
#[test]
fn wrong_requests_get_problems_and_change_nothing() {
    let seed = std::env::var("COHESIVE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_260_301);
    println!("COHESIVE_SEED={seed}");
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    assert_eq!(client.post("/specimens/collect", &support::specimen("S-1", 1)).status, 201);
    let before = state(&mut client);
    let mut counts: BTreeMap<(u16, String), usize> = BTreeMap::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let server = &server;
                scope.spawn(move || {
                    let mut random = Random(seed ^ (thread << 32));
                    let mut client = server.client();
                    let mut answers = Vec::new();
                    for _ in 0..EACH {
                        let request = wrong(&mut random);
                        let answer = send(&mut client, server, &request);
                        let shown = || {
                            format!(
                                "{request:?} -> {} {}",
                                answer.status,
                                String::from_utf8_lossy(&answer.body)
                            )
                        };
                        assert!((400..500).contains(&answer.status), "{}", shown());
                        answers.push(answer.refusal());
                    }
                    answers
                })
            })
            .collect();
        for thread in threads {
            for answer in thread.join().unwrap() {
                *counts.entry(answer).or_default() += 1;
            }
        }
    });
    println!("{counts:#?}");
    assert!(counts.values().sum::<usize>() >= 10_000);
    for code in [
        "no_such_route",
        "method_not_allowed",
        "malformed_path",
        "malformed_query",
        "malformed_header",
        "not_json",
        "wrong_shape",
        "unsupported_media_type",
        "body_too_large",
        "not_found",
        "unusable_filter",
    ] {
        assert!(counts.keys().any(|(_, found)| found == code), "{code} never came up");
    }
    assert_eq!(state(&mut server.client()), before);
}
