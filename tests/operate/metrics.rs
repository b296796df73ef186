//! A141, B28: what a process counts and measures, as Prometheus reads it.

use std::collections::BTreeSet;
use std::sync::Arc;

use cohesive::Version;
use cohesive::node::{Failure, IdempotencyKey, Node, NodeOptions, Request};
use cohesive::operate::{Family, MEDIA_TYPE, Source};
use cohesive::port::Ports;
use cohesive::relay::{Relay, RelayOptions};
use cohesive::store::BoxFuture;
use cohesive::store::memory::MemoryStore;
use cohesive::store::outbox::Outbox;

use crate::exposition::{Exposition, promtool};
use crate::moody::{Broker, Mood};
use crate::parcel::{PackParcel, SendParcel, WeighParcel, id, system};
use crate::site::{Site, sites};
use crate::support;

/// What a scraper gets.
fn scrape(site: &Site) -> Exposition {
    let (status, media, text) = site.get("/metrics");
    assert_eq!((status, &*media), (200, MEDIA_TYPE));
    Exposition::read(&text).unwrap_or_else(|flaw| panic!("{flaw}\n{text}"))
}

fn pack(name: &str, weight: u32) -> PackParcel {
    PackParcel { id: id(name), weight }
}

fn keyed() -> Request {
    Request { key: IdempotencyKey::new("tester", "k").ok(), ..Request::default() }
}

/// Inputs with many outcomes.
async fn work(node: &Node) {
    for (name, weight) in [("P-1", 1), ("P-2", 2), ("P-3", 5000), ("R-1", 1), ("P-1", 1)] {
        let _ = node.create(pack(name, weight), Request::default()).await.unwrap();
    }
    for request in [keyed(), keyed(), Request::default()] {
        let _ = node.update(&id("P-1"), SendParcel {}, request).await.unwrap();
    }
    for name in ["P-2", "P-3", "R-1", "nobody"] {
        let _ = node.update(&id(name), SendParcel {}, Request::default()).await.unwrap();
    }
}

#[test]
fn a141_b28_what_happened_is_counted_and_prometheus_reads_it() {
    for site in sites() {
        site.block_on(work(&site.node));
        let told = scrape(&site);
        let inputs = |transition: &str, outcome: &str| {
            let labels = [("entity", "Parcel"), ("transition", transition), ("outcome", outcome)];
            told.get("cohesive_node_inputs_total", &labels)
        };
        assert_eq!([inputs("pack", "committed"), inputs("pack", "already-exists")], [4.0, 1.0]);
        assert_eq!([inputs("send", "committed"), inputs("send", "replayed")], [3.0, 1.0]);
        assert_eq!([inputs("send", "rejected"), inputs("send", "not-found")], [2.0, 1.0]);
        assert_eq!(inputs("weigh", "committed"), 0.0, "there before it happens");
        // Seven inputs left something to write, the first answer to a key among them.
        assert_eq!(told.get("cohesive_node_commit_duration_seconds_count", &[]), 7.0);
        assert!(
            told.get("cohesive_node_commit_duration_seconds_sum", &[]) > 0.0 || site.store.name() == "memory"
        );
        assert_eq!(told.get("cohesive_node_batch_inputs_count", &[]), 12.0);
        assert_eq!(told.get("cohesive_node_batch_inputs_sum", &[]), 12.0);
        assert_eq!(told.get("cohesive_node_queue_capacity_inputs", &[]), 4096.0);
        assert_eq!(told.get("cohesive_node_up", &[]), 1.0);
        assert_eq!(told.get("cohesive_outbox_pending_messages", &[("stream", "events")]), 3.0);
        assert!(told.get("cohesive_outbox_oldest_age_seconds", &[("stream", "requests")]) >= 0.0);

        let relay = {
            let _context = site.runtime.as_ref().unwrap().enter();
            let outbox: Arc<dyn Outbox> = site.store.clone();
            let (broker, ports) = (Arc::new(Broker::default()), Ports::system());
            Relay::start(outbox, broker, site.node.wake(), &ports, RelayOptions::default()).unwrap()
        };
        site.metrics.relay("main", &relay);
        // The same name twice is a mistake that must not cost all other numbers.
        site.metrics.relay("main", &relay);
        // Those of P-1 and P-2 go out, and that of R-1 is parked. Their requests are another stream.
        let told = loop {
            let told = scrape(&site);
            let pending = told.get("cohesive_outbox_pending_messages", &[("stream", "events")]);
            let published = told.get("cohesive_relay_published_messages_total", &[("relay", "main")]);
            if (pending, published) == (1.0, 2.0) {
                break told;
            }
        };
        let failures =
            |class| told.get("cohesive_relay_failures_total", &[("relay", "main"), ("class", class)]);
        assert_eq!([failures("permanent"), failures("transient")], [1.0, 0.0]);
        assert_eq!(told.get("cohesive_relay_parked_messages_total", &[("relay", "main")]), 1.0);
        assert_eq!(told.get("cohesive_relay_lanes", &[("relay", "main")]), 64.0);
        assert_eq!(told.get("cohesive_outbox_parked_entities", &[("stream", "events")]), 1.0);
        site.block_on(relay.stop());
        assert_eq!(scrape(&site).get("cohesive_relay_up", &[("relay", "main")]), 0.0);
        let (_, _, text) = site.get("/metrics");
        promtool(&text);
        labels_come_from_the_model(&scrape(&site));
    }
}

/// However many entities there are, there are no more lines.
fn labels_come_from_the_model(told: &Exposition) {
    let words: BTreeSet<&str> = told
        .numbers
        .keys()
        .flat_map(|(_, labels)| labels.iter().filter(|(name, _)| *name != "le"))
        .map(|(_, value)| value.as_str())
        .collect();
    let known = [
        "Parcel",
        "pack",
        "weigh",
        "send",
        "committed",
        "replayed",
        "rejected",
        "not-found",
        "already-exists",
        "events",
        "requests",
        "main",
        "transient",
        "permanent",
    ];
    assert_eq!(words, BTreeSet::from(known));
}

/// Whether there are numbers of events, requests and the inbox.
fn sampled(told: &Exposition) -> [f64; 3] {
    let stream = |name| told.get("cohesive_outbox_sampled", &[("stream", name)]);
    [stream("events"), stream("requests"), told.get("cohesive_inbox_sampled", &[])]
}

#[test]
fn a_store_that_does_not_answer_costs_its_own_numbers_and_no_others() {
    for site in sites() {
        // A busy machine may be late with the first.
        let mut told = scrape(&site);
        while sampled(&told) != [1.0; 3] {
            told = scrape(&site);
        }
        let all = told.kinds.len();
        site.store.be(Mood::Failing);
        let told = scrape(&site);
        assert_eq!((sampled(&told), told.kinds.len()), ([0.0; 3], all - 8));
        site.store.be(Mood::Hanging);
        let before = site.store.asked();
        for _ in 0..5 {
            let told = scrape(&site);
            assert_eq!((sampled(&told), told.kinds.len()), ([0.0; 3], all - 8));
        }
        assert_eq!(site.store.asked() - before, 3, "each asked once, however often somebody scrapes");
        site.store.be(Mood::Good);
        while sampled(&scrape(&site)) != [1.0; 3] {}
    }
}

struct OfTheApplication;

impl Source for OfTheApplication {
    fn families(&self) -> BoxFuture<'_, Vec<Family>> {
        let letters = "a\\b\"c\nd";
        Box::pin(async move {
            vec![
                Family::counter("post_stamps_total", "Stamps \\ sold\nso far.")
                    .with(&[("shop", letters)], 3_u64),
                Family::gauge("not a name", "It is left out.").with(&[], 1_u64),
            ]
        })
    }
}

#[test]
fn a141_an_application_adds_numbers_of_its_own() {
    let site = Site::of("memory");
    site.metrics.add(OfTheApplication);
    let told = scrape(&site);
    assert_eq!(told.get("post_stamps_total", &[("shop", "a\\b\"c\nd")]), 3.0);
    assert!(!told.kinds.contains_key("not a name"));
    promtool(&site.get("/metrics").2);
}

/// Inputs that another node was faster with, inputs that nobody waits for, and inputs after the end.
#[tokio::test]
async fn every_input_is_counted_whatever_becomes_of_it() {
    let store = support::HeldStore::contended(MemoryStore::new());
    let node = Node::start(system(), store, Ports::system(), NodeOptions::default());
    let failure = node.create(pack("P-1", 1), Request::default()).await.unwrap_err();
    assert!(matches!(failure, Failure::Contended { attempts: 10, .. }), "{failure}");
    let metrics = node.metrics();
    assert_eq!((metrics.decided_again, metrics.inputs[0].outcome), (9, "contended"));
    node.shutdown().await;

    let store = support::HeldStore::new(MemoryStore::new());
    let node = Node::start(system(), store.clone(), Ports::system(), NodeOptions::default());
    let impatient = tokio::spawn({
        let node = node.clone();
        async move { node.create(pack("P-1", 1), Request::default()).await.map(drop) }
    });
    store.arrived(1).await;
    impatient.abort();
    assert!(impatient.await.unwrap_err().is_cancelled());
    let key = || Request { expected: Some(Version::INITIAL), ..keyed() };
    let first = tokio::spawn({
        let node = node.clone();
        async move { node.update(&id("P-1"), WeighParcel { weight: 7 }, key()).await.map(drop) }
    });
    while node.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!((node.metrics().waiting, node.metrics().places), (1, 4096));
    let _ = node.update(&id("P-1"), WeighParcel { weight: 7 }, key()).await.unwrap();
    store.permit(2);
    first.await.unwrap().unwrap();
    node.shutdown().await;
    let stopped = node.create(pack("P-2", 1), Request::default()).await.unwrap_err();
    assert!(matches!(stopped, Failure::Stopped), "{stopped}");
    let counted: Vec<_> = node
        .metrics()
        .inputs
        .into_iter()
        .map(|input| (input.transition, input.outcome, input.count))
        .collect();
    let expected = [
        ("pack", "committed", 1),
        ("pack", "stopped", 1),
        ("weigh", "committed", 1),
        ("weigh", "key-in-flight", 1),
    ];
    assert_eq!(counted, expected);
}
