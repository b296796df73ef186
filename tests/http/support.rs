//! A server on a socket of its own, and a client that sends exactly the bytes it is given.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use cohesive::http::{HttpOptions, ServeOptions, router, serve_with};
use cohesive::node::{Node, NodeOptions, System};
use cohesive::port::Ports;
use cohesive::store::Store;
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use serde_json::Value as Json;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::freight::{Shipment, Tender};
use crate::specimen::{Specimen, Ticket};

pub fn system() -> System {
    System::new("laboratory").entity::<Tender>().entity::<Shipment>().entity::<Specimen>().entity::<Ticket>()
}

/// A running server. Dropping it stops it.
pub struct Server {
    pub address: SocketAddr,
    pub node: Node,
    pub runtime: Option<Runtime>,
    stop: Option<oneshot::Sender<()>>,
    stopped: Option<oneshot::Receiver<usize>>,
    _directory: tempfile::TempDir,
}

impl Server {
    pub fn start() -> Self {
        Self::of(system(), |app| app)
    }

    /// A server of another system, or with another router around it.
    pub fn of(system: System, around: impl FnOnce(Router) -> Router) -> Self {
        Self::built(system, HttpOptions::default(), ServeOptions::default(), |store| store, around)
    }

    /// A server whose store is wrapped, so that a test can hold it.
    pub fn with(
        options: HttpOptions,
        serving: ServeOptions,
        wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>,
    ) -> Self {
        Self::built(system(), options, serving, wrap, |app| app)
    }

    fn built(
        system: System,
        options: HttpOptions,
        serving: ServeOptions,
        wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>,
        around: impl FnOnce(Router) -> Router,
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut tables = system.structures();
        tables.dedup_by_key(|structure| structure.plural);
        let store =
            SqliteStore::open(directory.path().join("test.db"), &tables, SqliteOptions::default()).unwrap();
        let store = wrap(Arc::new(store));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let node = {
            let _context = runtime.enter();
            Node::start(system, store, Ports::system(), NodeOptions::default())
        };
        let app = around(router(&node, options));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, signal) = oneshot::channel();
        let (report, stopped) = oneshot::channel();
        runtime.spawn(async move {
            let signal = async move { drop(signal.await) };
            let unfinished = serve_with(listener, app, signal, serving).await;
            let _ = report.send(unfinished);
        });
        Self {
            address,
            node,
            runtime: Some(runtime),
            stop: Some(stop),
            stopped: Some(stopped),
            _directory: directory,
        }
    }

    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.as_ref().unwrap().block_on(future)
    }

    /// Asks the server to stop.
    pub fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits until the server has stopped, and gives the number of connections that were cut off.
    pub fn wait(&mut self) -> usize {
        let stopped = self.stopped.take().unwrap();
        let waited = async { tokio::time::timeout(Duration::from_secs(20), stopped).await };
        self.block_on(waited).expect("the server did not stop").unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        if let Some(runtime) = self.runtime.take() {
            runtime.block_on(self.node.shutdown());
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", String::from_utf8_lossy(&self.body)))
    }

    /// The code of a problem, after checking that it is a proper one.
    #[track_caller]
    pub fn problem(&self) -> String {
        let document = self.json();
        assert!(self.status >= 400, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{document}");
        assert_eq!(document["status"], self.status, "{document}");
        assert!(document["title"].as_str().is_some_and(|title| !title.is_empty()), "{document}");
        assert!(document["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{document}");
        let code = document["code"].as_str().unwrap_or_default().to_owned();
        assert_eq!(document["type"], format!("/problems/{code}"));
        assert!(self.header("x-correlation-id").is_some_and(|id| !id.is_empty()), "{self:?}");
        code
    }

    /// Status and code in one, for tables.
    #[track_caller]
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.problem())
    }
}

/// One connection.
pub struct Client {
    pub stream: BufReader<TcpStream>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    /// Sends bytes as they are.
    pub fn write(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).unwrap();
    }

    /// Reads one answer to a request with this method. `None` when the connection is closed before one.
    pub fn read(&mut self, method: &str) -> Option<Answer> {
        let mut line = String::new();
        if !self.stream.read_line(&mut line).is_ok_and(|length| length > 0) {
            return None;
        }
        let status: u16 = line.split(' ').nth(1)?.trim().parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if status == 100 {
            return self.read(method);
        }
        if method != "HEAD" && status != 304 && status != 204 {
            let length = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            answer.body = vec![0; length];
            self.stream.read_exact(&mut answer.body).ok()?;
        }
        Some(answer)
    }

    /// A request with any headers and any body.
    #[track_caller]
    pub fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.write(&request(method, target, headers, body));
        self.read(method).unwrap_or_else(|| panic!("no answer to {method} {target}"))
    }

    #[track_caller]
    pub fn get(&mut self, target: &str) -> Answer {
        self.send("GET", target, &[], b"")
    }

    #[track_caller]
    pub fn post(&mut self, target: &str, body: &Json) -> Answer {
        self.post_with(target, &[], body)
    }

    #[track_caller]
    pub fn post_with(&mut self, target: &str, headers: &[(&str, &str)], body: &Json) -> Answer {
        let mut all = vec![("Content-Type", "application/json")];
        all.extend(headers);
        self.send("POST", target, &all, body.to_string().as_bytes())
    }

    /// Offers a tender that can be accepted until 2030.
    #[track_caller]
    pub fn offer(&mut self, id: &str) -> Answer {
        let answer = self.post("/tenders/offer", &offer(id));
        assert_eq!(answer.status, 201, "{answer:?}");
        answer
    }
}

pub fn offer(id: &str) -> Json {
    serde_json::json!({ "id": id, "expiration": "2030-01-01T00:00:00Z" })
}

pub fn accept() -> Json {
    serde_json::json!({ "partner_id": "P-7", "accepted_at": "2029-01-01T00:00:00Z" })
}

pub fn specimen(id: &str, uuid: u128) -> Json {
    serde_json::json!({
        "id": id,
        "flag": true,
        "small": -0,
        "large": -9_007_199_254_740_993_i64,
        "natural": u32::MAX,
        "exact": "12.50",
        "words": "ä\u{2028}\u{1F600}",
        "bytes": "AQL/",
        "instant": "2026-03-01T12:00:00.123456Z",
        "day": "2026-02-28",
        "uuid": cohesive::Uuid::from_u128(uuid).to_string(),
        "colour": "dark-green",
        "part": { "name": "bolt", "count": 3, "note": null },
        "list": ["a", ""],
        "limit": 7,
    })
}

/// The bytes of a request.
pub fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{method} {target} HTTP/1.1\r\nHost: test\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !body.is_empty() || method == "POST" {
        bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}
