//! What is recorded about a request, and what is not.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock};

use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_core::span::Current;

use crate::support::{Server, offer};

type Fields = BTreeMap<String, String>;

/// Keeps everything that is recorded.
#[derive(Default)]
struct Recorder {
    last: AtomicU64,
}

static SPANS: Mutex<BTreeMap<u64, Fields>> = Mutex::new(BTreeMap::new());
static METADATA: Mutex<BTreeMap<u64, &'static Metadata<'static>>> = Mutex::new(BTreeMap::new());
static EVENTS: Mutex<Vec<Fields>> = Mutex::new(Vec::new());

thread_local! {
    static ENTERED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

struct Into<'a>(&'a mut Fields);

impl Visit for Into<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("cohesive")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        lock(&METADATA).insert(id, span.metadata());
        let mut fields = Fields::from([("span".to_owned(), span.metadata().name().to_owned())]);
        span.record(&mut Into(&mut fields));
        lock(&SPANS).insert(id, fields);
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        if let Some(fields) = lock(&SPANS).get_mut(&span.into_u64()) {
            values.record(&mut Into(fields));
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Into(&mut fields));
        lock(&EVENTS).push(fields);
    }

    fn enter(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(span.into_u64()));
    }

    fn exit(&self, _: &Id) {
        ENTERED.with_borrow_mut(Vec::pop);
    }

    fn current_span(&self) -> Current {
        match ENTERED.with_borrow(|entered| entered.last().copied()) {
            Some(id) => Current::new(Id::from_u64(id), lock(&METADATA)[&id]),
            None => Current::none(),
        }
    }
}

fn record() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| tracing::subscriber::set_global_default(Recorder::default()).unwrap());
}

fn spans(correlation: &str) -> Vec<Fields> {
    let spans = lock(&SPANS);
    spans
        .values()
        .filter(|fields| fields.get("correlation").is_some_and(|id| id == correlation))
        .cloned()
        .collect()
}

// A140
#[test]
fn a_request_leaves_its_route_status_and_outcome() {
    record();
    let server = Server::start();
    let mut client = server.client();
    client.offer("T-1");
    let id = [("X-Correlation-Id", "span-rejected")];
    let late = json!({ "partner_id": "P-7", "accepted_at": "2031-01-01T00:00:00Z" });
    assert_eq!(client.post_with("/tenders/T-1/accept", &id, &late).status, 409);
    let found = spans("span-rejected");
    let request = found.iter().find(|fields| fields["span"] == "request").unwrap();
    assert_eq!((request["method"].as_str(), request["status"].as_str()), ("POST", "409"));
    assert_eq!(request["route"], "/tenders/{id}/accept");
    let transition = found.iter().find(|fields| fields["span"] == "transition").unwrap();
    assert_eq!((transition["entity"].as_str(), transition["transition"].as_str()), ("Tender", "accept"));
    assert_eq!(transition["outcome"], "rejected");

    client.send("FROB", "/nowhere", &[("X-Correlation-Id", "span-nowhere")], b"");
    let found = spans("span-nowhere");
    assert_eq!((found[0]["method"].as_str(), found[0]["route"].as_str()), ("other", "none"));
    assert_eq!(found[0]["status"], "404");
}

// H14
#[test]
fn nothing_that_was_sent_is_recorded() {
    record();
    let server = Server::start();
    let mut client = server.client();
    let secret = "hunter2secret";
    let headers = [
        ("Authorization", secret),
        ("X-Actor", secret),
        ("Idempotency-Key", secret),
        ("Cookie", secret),
        ("X-Causation-Id", secret),
    ];
    client.post_with("/tenders/offer", &headers, &offer(&format!("T-{secret}")));
    client.post_with("/tenders/offer", &headers, &json!({ "id": secret, "expiration": secret }));
    client.get(&format!("/tenders/{secret}?{secret}={secret}"));
    client.send("GET", "/tenders", &[("X-Correlation-Id", "not a token hunter2secret")], b"");
    client.send("POST", "/tenders/offer", &[("If-Match", secret)], secret.as_bytes());
    let recorded = format!("{:?}{:?}", *lock(&SPANS), *lock(&EVENTS));
    assert!(!recorded.contains(secret), "{recorded}");
}
