//! What both sides of the tests need: a clock that is held, a server, a client that says anything.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use base64::Engine as _;
use cohesive_bindings::broker::webhook::Secret;
use cohesive_bindings::envelope::Envelope;
use cohesive_bindings::port::Clock;
use cohesive_core::value::Timestamp;
use hmac::{Hmac, Mac as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(super) const KIND: &str = "ParcelSent";
pub(super) const NOW: i64 = 1_800_000_000;

/// A clock that stands still, in seconds.
pub(super) struct Held(AtomicI64);

impl Held {
    pub(super) fn at(seconds: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(seconds)))
    }

    pub(super) fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl Clock for Held {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst) * 1_000_000).unwrap()
    }
}

pub(super) const KEY: [u8; 32] = [7; 32];

pub(super) fn secret() -> Secret {
    Secret::new(KEY).unwrap()
}

pub(super) fn message(key: &str, number: usize) -> Envelope {
    Envelope {
        id: format!("{key}-{number}"),
        source: "/post/Parcel".to_owned(),
        kind: KIND.to_owned(),
        role: "event".to_owned(),
        subject: Some(key.to_owned()),
        time: Timestamp::default(),
        recorded: Timestamp::default(),
        correlation: "c".to_owned(),
        causation: None,
        sequence: format!("{number:020}.0000000000"),
        partition_key: key.to_owned(),
        trace_parent: None,
        data: format!("{{\"number\":{number}}}"),
    }
}

/// Waits for something that has to come.
pub(super) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("waited in vain")
}

/// Serves a router for as long as the test runs.
pub(super) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(cohesive_bindings::http::serve(listener, router, std::future::pending()));
    address
}

/// The signature of these parts.
pub(super) fn signature(key: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes()))
}

/// Sends a request as it is, and gives the head of the answer.
pub(super) async fn send(address: SocketAddr, method: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut text = format!("{method} / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    if !headers.iter().any(|(name, _)| *name == "content-length") {
        text.extend(["content-length: ", &body.len().to_string(), "\r\n"]);
    }
    text.extend(["\r\n", body]);
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    within(stream.read_to_end(&mut answer)).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    answer.split("\r\n\r\n").next().unwrap().to_ascii_lowercase()
}

/// The status of an answer.
pub(super) fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

/// A header of an answer.
pub(super) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}
