//! A126, R41, R42: a process that is not well says so, says why, and is well again by itself.

use std::sync::Arc;
use std::time::Duration;

use cohesive::node::{Node, NodeOptions, Request};
use cohesive::operate::{Health, HealthOptions};
use cohesive::port::{Clock, Ports};
use cohesive::relay::{Relay, RelayOptions, Wake};
use cohesive::store::memory::MemoryStore;
use cohesive::{Timestamp, Version};
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use crate::moody::{Broker, Mood, Moody};
use crate::parcel::{PackParcel, WeighParcel, id, system};
use crate::site::{get, sites};

fn document(body: &str) -> Json {
    serde_json::from_str(body).unwrap()
}

#[test]
fn r41_a_store_that_fails_or_hangs_is_named_within_one_probe_and_forgiven_after() {
    for site in sites() {
        let (status, media, body) = site.get("/healthz/ready");
        assert_eq!((status, &*media), (200, "application/json"));
        assert_eq!(document(&body), json!({ "ok": true, "checked": ["store"], "failed": [] }));

        site.store.be(Mood::Failing);
        let (status, _, body) = site.get("/healthz/ready");
        let failed = json!([{ "name": "store", "reason": "moody: the disk is on fire" }]);
        assert_eq!((status, &document(&body)["failed"]), (503, &failed));

        site.store.be(Mood::Hanging);
        let before = site.store.asked();
        // However many probes there are, the store is asked once while it does not answer.
        let probes: Vec<_> = (0..20)
            .map(|_| {
                let url = format!("{}/healthz/ready", site.url);
                std::thread::spawn(move || get(&url))
            })
            .collect();
        for probe in probes {
            let (status, _, body) = probe.join().unwrap();
            assert_eq!((status, &document(&body)["failed"][0]["name"]), (503, &json!("store")));
            assert!(body.contains("no answer within"), "{body}");
        }
        assert_eq!(site.store.asked() - before, 1);
        // Nothing is wrong with the process itself, and starting it anew would not help.
        let (status, _, body) = site.get("/healthz/live");
        assert_eq!(
            (status, document(&body)),
            (200, json!({ "ok": true, "checked": ["node"], "failed": [] }))
        );

        site.store.be(Mood::Good);
        site.until("/healthz/ready", 200);
    }
}

#[test]
fn r42_a_node_that_panicked_is_not_alive() {
    for site in sites() {
        site.store.be(Mood::Panicking);
        let lost =
            site.block_on(site.node.create(PackParcel { id: id("P-1"), weight: 1 }, Request::default()));
        assert!(lost.is_err(), "{lost:?}");
        // The answer to the input may come before the loop is gone for good.
        let body = site.until("/healthz/live", 503);
        let failed = json!([{ "name": "node", "reason": "its loop has ended" }]);
        assert_eq!(document(&body)["failed"], failed);
        let (status, _, body) = site.get("/healthz/ready");
        assert_eq!(status, 503);
        assert!(body.contains("the check ended without an answer"), "{body}");
    }
}

#[test]
fn a_process_that_shuts_down_is_alive_and_not_ready() {
    for site in sites() {
        site.health.drain();
        site.block_on(site.node.shutdown());
        assert_eq!(site.get("/healthz/live").0, 200);
        let (status, _, body) = site.get("/healthz/ready");
        assert_eq!((status, &document(&body)["failed"][0]["name"]), (503, &json!("shutdown")));
    }
}

#[test]
fn what_an_application_adds_is_asked_too() {
    for site in sites() {
        site.health.add("billing", || async { Err("no route to host".to_owned()) });
        let (status, _, body) = site.get("/healthz/ready");
        let failed = json!([{ "name": "billing", "reason": "no route to host" }]);
        let expected = json!({ "ok": false, "checked": ["store", "billing"], "failed": failed });
        assert_eq!((status, document(&body)), (503, expected));
        assert_eq!(site.get("/healthz/live").0, 200);
        // Other methods are told what there is.
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let answer = agent.post(format!("{}/healthz/live", site.url)).send_empty().unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["allow"].to_str().unwrap()),
            (405, "GET,HEAD")
        );
    }
}

/// Tokio's time, which the test holds.
struct HeldClock(Instant);

impl Clock for HeldClock {
    fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.0.elapsed().as_micros()).unwrap();
        Timestamp::from_micros(1_800_000_000_000_000 + elapsed).unwrap()
    }
}

/// A relay whose broker is lost, and one that has only a message that nobody takes.
#[tokio::test(start_paused = true)]
async fn a126_a_relay_without_a_broker_is_not_ready_until_it_has_one() {
    let store = Moody::new(MemoryStore::new().on_clock(Arc::new(HeldClock(Instant::now()))));
    let node = Node::start(system(), store.clone(), Ports::system(), NodeOptions::default());
    let health = Health::new(HealthOptions { keep: Duration::ZERO, ..HealthOptions::default() });
    let broker = Arc::new(Broker::default());
    let options =
        RelayOptions { attempts: 1000, longest_wait: Duration::from_secs(1), ..RelayOptions::default() };
    let relay =
        Relay::start(store.clone(), broker.clone(), &Wake::default(), &Ports::system(), options).unwrap();
    health.relay("relay", &relay);
    let weigh = async |name: &str| {
        let request = Request { expected: Some(Version::INITIAL), ..Request::default() };
        let weighed = node.update(&id(name), WeighParcel { weight: 2 }, request).await.unwrap();
        assert!(weighed.committed().is_some());
    };
    for name in ["X-1", "P-1", "P-2"] {
        let packed = PackParcel { id: id(name), weight: 1 };
        assert!(node.create(packed, Request::default()).await.unwrap().committed().is_some());
    }
    let probe = async |seconds: u64| {
        for _ in 0..seconds {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if !health.ready().await.is_well() {
                return false;
            }
        }
        true
    };
    weigh("X-1").await;
    assert!(probe(120).await, "one message that nobody takes is no sign that the broker is lost");
    *broker.gone.lock().unwrap() = true;
    weigh("P-1").await;
    weigh("P-2").await;
    assert!(!probe(120).await, "nothing was acknowledged for long");
    let report = health.ready().await;
    let reason = report.checks[0].1.clone().unwrap_err();
    assert!(reason.contains("and 3 entities wait for another attempt"), "{reason}");
    assert!(health.alive().await.is_well());
    *broker.gone.lock().unwrap() = false;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(probe(120).await, "P-1 and P-2 are published");
    relay.stop().await;
    let report = health.alive().await;
    assert_eq!(report.checks, [("relay".to_owned(), Err("its loop has ended".to_owned()))]);
    node.shutdown().await;
}
