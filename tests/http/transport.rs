//! What goes wrong below HTTP: clients that leave, bodies that stall, sizes, shutdown.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use cohesive::Timestamp;
use cohesive::http::{HttpOptions, ServeOptions};
use cohesive::store::{
    BoxFuture, ListQuery, Load, Loaded, OutboxQuery, Row, Store, StoreError, StoreErrorKind, StoredMessage,
    Unit, UnitOutcome,
};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::support::{Client, Server, accept, offer, request};

/// Lets commits through, or holds or fails them.
pub struct Gate {
    places: Semaphore,
    waiting: AtomicUsize,
    shut: AtomicBool,
    fail: AtomicBool,
    panic: AtomicBool,
}

impl Gate {
    pub fn open() -> Arc<Self> {
        Arc::new(Self {
            places: Semaphore::new(0),
            waiting: AtomicUsize::new(0),
            shut: AtomicBool::new(false),
            fail: AtomicBool::new(false),
            panic: AtomicBool::new(false),
        })
    }

    /// From now on commits wait.
    pub fn shut(&self) {
        self.shut.store(true, Ordering::SeqCst);
    }

    /// Lets all go on, now and later.
    pub fn unlock(&self) {
        self.shut.store(false, Ordering::SeqCst);
        self.places.add_permits(1_000_000);
    }

    /// The next commit fails, and nothing of it is done.
    pub fn fail_next(&self) {
        self.fail.store(true, Ordering::SeqCst);
    }

    pub fn wait_for_commits(&self, count: usize) {
        within("a commit", || self.waiting.load(Ordering::SeqCst) >= count);
    }

    pub fn around(self: Arc<Self>, store: Arc<dyn Store>) -> Arc<dyn Store> {
        Arc::new(Gated { gate: self, store })
    }
}

struct Gated {
    gate: Arc<Gate>,
    store: Arc<dyn Store>,
}

impl Store for Gated {
    fn name(&self) -> &'static str {
        self.store.name()
    }

    fn load(&self, batch: Load) -> BoxFuture<'_, Result<Loaded, StoreError>> {
        self.store.load(batch)
    }

    fn commit(&self, batch: Vec<Unit>) -> BoxFuture<'_, Result<Vec<UnitOutcome>, StoreError>> {
        Box::pin(async move {
            if self.gate.fail.swap(false, Ordering::SeqCst) {
                let message = "failed on purpose".to_owned();
                return Err(StoreError { kind: StoreErrorKind::Unavailable, store: "gate", message });
            }
            if self.gate.shut.load(Ordering::SeqCst) {
                self.gate.waiting.fetch_add(1, Ordering::SeqCst);
                self.gate.places.acquire().await.unwrap().forget();
            }
            self.store.commit(batch).await
        })
    }

    fn list(&self, query: ListQuery) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        assert!(!self.gate.panic.load(Ordering::SeqCst), "a store that panics with the-secret");
        self.store.list(query)
    }

    fn outbox(&self, query: OutboxQuery) -> BoxFuture<'_, Result<Vec<StoredMessage>, StoreError>> {
        self.store.outbox(query)
    }

    fn parked_inputs(
        &self,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<cohesive::store::StoredInput>, StoreError>> {
        self.store.parked_inputs(limit)
    }

    fn prune_receipts(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>> {
        self.store.prune_receipts(now)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.store.close()
    }
}

fn gated(options: HttpOptions, serving: ServeOptions) -> (Arc<Gate>, Server) {
    let gate = Gate::open();
    let held = Arc::clone(&gate);
    let server = Server::with(options, serving, |store| held.around(store));
    (gate, server)
}

#[track_caller]
fn within(what: &str, mut ready: impl FnMut() -> bool) {
    let came = (0..2000).any(|_| {
        let ready = ready();
        std::thread::sleep(Duration::from_millis(if ready { 0 } else { 5 }));
        ready
    });
    assert!(came, "{what} did not come");
}

#[track_caller]
fn eventually(client: &mut Client, target: &str, status: u16) {
    within(target, || client.get(target).status == status);
}

fn posted(target: &str, body: &serde_json::Value) -> Vec<u8> {
    request("POST", target, &[("Content-Type", "application/json")], body.to_string().as_bytes())
}

// F13
#[test]
fn a_client_that_leaves_does_not_take_its_commit_along() {
    let (gate, server) = gated(HttpOptions::default(), ServeOptions::default());
    gate.shut();
    let mut leaving = server.client();
    leaving.write(&posted("/tenders/offer", &offer("T-0")));
    gate.wait_for_commits(1);
    let others: Vec<Client> = (1..40)
        .map(|number| {
            let mut client = server.client();
            client.write(&posted("/tenders/offer", &offer(&format!("T-{number}"))));
            client
        })
        .collect();
    std::thread::sleep(Duration::from_millis(200));
    drop(leaving);
    drop(others);
    std::thread::sleep(Duration::from_millis(100));
    gate.unlock();
    let mut client = server.client();
    eventually(&mut client, "/tenders/T-0", 200);
    (1..40).for_each(|number| eventually(&mut client, &format!("/tenders/T-{number}"), 200));
    assert_eq!(client.post("/tenders/T-0/accept", &accept()).status, 200);
}

// F13
#[test]
fn clients_that_leave_at_any_time_leave_whole_commits() {
    let server = Server::start();
    let mut client = server.client();
    for number in 0..200_u64 {
        let id = format!("T-{number}");
        client.offer(&id);
        let bytes = posted(&format!("/tenders/{id}/accept"), &accept());
        // Some leave in the middle of sending, some right after, some while it is being worked on.
        let sent = bytes.len() - usize::try_from(number % 4 * 30).unwrap();
        let mut leaving = server.client();
        leaving.write(&bytes[..sent]);
        std::thread::sleep(Duration::from_micros(number * 10 % 700));
        drop(leaving);
    }
    std::thread::sleep(Duration::from_millis(300));
    let mut accepted = 0;
    for number in 0..200 {
        let version = client.get(&format!("/tenders/T-{number}")).json()["version"].clone();
        let messages =
            client.get(&format!("/tenders/T-{number}/outbox")).json()["items"].as_array().unwrap().len();
        assert!(
            (version == 0 && messages == 0) || (version == 1 && messages == 2),
            "T-{number}: {version}, {messages}"
        );
        accepted += usize::from(version == 1);
    }
    assert!(accepted > 0 && accepted <= 50, "{accepted}");
}

// F40
#[test]
fn a_shutdown_finishes_what_is_under_way() {
    let (gate, mut server) = gated(HttpOptions::default(), ServeOptions::default());
    gate.shut();
    let idle = server.client();
    let mut busy = server.client();
    busy.write(&posted("/tenders/offer", &offer("T-1")));
    gate.wait_for_commits(1);
    server.stop();
    std::thread::sleep(Duration::from_millis(100));
    let address = server.address;
    assert!(std::net::TcpStream::connect(address).is_err(), "still accepting");
    gate.unlock();
    assert_eq!(busy.read("POST").unwrap().status, 201);
    assert_eq!(server.wait(), 0);
    drop(idle);
}

// F40
#[test]
fn a_shutdown_ends_in_time_and_loses_no_commit() {
    let serving = ServeOptions { grace: Duration::from_millis(200), ..ServeOptions::default() };
    let (gate, mut server) = gated(HttpOptions::default(), serving);
    gate.shut();
    let mut busy = server.client();
    busy.write(&posted("/tenders/offer", &offer("T-1")));
    gate.wait_for_commits(1);
    server.stop();
    assert_eq!(server.wait(), 1);
    assert!(busy.read("POST").is_none());
    gate.unlock();
    let reader = server.node.system().entities()[0].reader;
    let node = server.node.clone();
    within("the commit", || server.block_on(reader.get(&node, "T-1")).unwrap().is_some());
}

#[test]
fn a_panic_is_an_answer_without_its_words() {
    let (gate, server) = gated(HttpOptions::default(), ServeOptions::default());
    gate.panic.store(true, Ordering::SeqCst);
    let mut client = server.client();
    let answer = client.get("/tenders");
    assert_eq!(answer.refusal(), (500, "internal".to_owned()));
    assert!(!String::from_utf8_lossy(&answer.body).contains("the-secret"));
    gate.panic.store(false, Ordering::SeqCst);
    assert_eq!(client.get("/tenders").status, 200);
}

#[test]
fn bodies_have_a_longest_length() {
    let server = Server::with(
        HttpOptions { body_limit: 100, ..HttpOptions::default() },
        ServeOptions::default(),
        |store| store,
    );
    let mut client = server.client();
    let too_large = || (413, "body_too_large".to_owned());
    let json = [("Content-Type", "application/json")];
    assert_eq!(client.send("POST", "/tenders/offer", &json, &[b' '; 100]).status, 422);
    assert_eq!(client.send("POST", "/tenders/offer", &json, &[b' '; 101]).refusal(), too_large());
    // The connection is still good after a body that was too large.
    let large = vec![b'x'; 3 * 1024 * 1024];
    assert_eq!(client.send("POST", "/tenders/offer", &json, &large).refusal(), too_large());
    assert_eq!(client.get("/tenders").status, 200);
    let head =
        b"POST /tenders/offer HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n";
    let mut asking = server.client();
    asking.write(head);
    assert_eq!(asking.read("POST").unwrap().refusal(), too_large());
    let mut chunked = server.client();
    let mut bytes = b"POST /tenders/offer HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..20 {
        bytes.extend_from_slice(b"a\r\n0123456789\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    chunked.write(&bytes);
    assert_eq!(chunked.read("POST").unwrap().refusal(), too_large());
}

#[test]
fn bodies_have_a_longest_time() {
    let options = HttpOptions { body_timeout: Duration::from_millis(100), ..HttpOptions::default() };
    let server = Server::with(options, ServeOptions::default(), |store| store);
    let mut slow = server.client();
    slow.write(b"POST /tenders/offer HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\n{");
    assert_eq!(slow.read("POST").unwrap().refusal(), (408, "body_timeout".to_owned()));
}

#[test]
fn heads_have_a_longest_time() {
    let serving = ServeOptions { header_timeout: Duration::from_millis(100), ..ServeOptions::default() };
    let server = Server::with(HttpOptions::default(), serving, |store| store);
    let mut slow = server.client();
    slow.write(b"GET /tenders HTTP/1.1\r\nHost: t\r\nX-Slow: ");
    let mut rest = Vec::new();
    // Closed, with or without an answer; a read that times out would be an error.
    assert!(slow.stream.read_to_end(&mut rest).is_ok(), "the connection stays open");
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{rest:?}");
}

#[test]
fn bodies_that_break_their_framing_are_refused() {
    let server = Server::start();
    for bytes in [
        b"POST /tenders/offer HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".as_slice(),
        b"POST /tenders/offer HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcdefgh\r\n",
    ] {
        let mut client = server.client();
        client.write(bytes);
        assert_eq!(client.read("POST").unwrap().refusal(), (400, "body_incomplete".to_owned()));
    }
    // Not even HTTP: refused below, or the connection is closed.
    for bytes in [
        b"nonsense\r\n\r\n".as_slice(),
        b"GET / HTTP/9.9\r\n\r\n",
        b"G@T / HTTP/1.1\r\nHost: t\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: t\r\n\r\n",
        b"GET / HTTP/1.1\r\nHo st: t\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut client = server.client();
        client.write(bytes);
        client.stream.get_ref().shutdown(std::net::Shutdown::Write).unwrap();
        let answer = client.read("GET");
        assert!(answer.is_none_or(|answer| (400..500).contains(&answer.status)), "{bytes:?}");
    }
    assert_eq!(server.client().get("/tenders").json()["items"], json!([]));
}
