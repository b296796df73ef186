//! Effects that are performed by HTTP: what the peer hears, and what its answers come to.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cohesive::FailureClass::{self, Permanent, Transient};
use cohesive::effects::http::{Peer, PeerOptions, Refused};
use cohesive::effects::{EffectOptions, EffectRunner, Effects};
use cohesive::node::{Node, NodeOptions, Request};
use cohesive::port::Ports;
use cohesive::prelude::*;
use cohesive::store::memory::MemoryStore;
use cohesive::store::outbox::{Outbox as _, Stream};

use crate::domain::{Charge, Order, OrderId, OrderStatus, PlaceOrder, Slip, Wrap};
use crate::peer::{Does, Server};
use crate::system;

const SLIP: &str = r#"{"number":7,"charged":"9.50"}"#;
const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A bank that is called by HTTP.
struct Bank(Peer);

impl Handle<Charge> for Bank {
    async fn handle(&self, request: Charge, call: &EffectCall) -> Result<Slip, EffectFailure> {
        let path = ["orders", &request.order_id.to_string(), "charge"];
        self.0.post(&path, &request, call).await?.json()
    }
}

impl Handle<Wrap> for Bank {
    async fn handle(&self, _: Wrap, _: &EffectCall) -> Result<Nothing, EffectFailure> {
        Ok(Nothing)
    }
}

/// Places orders whose charges go to this server, and gives them when nothing is left to be done.
async fn placed<const N: usize>(server: &Server, ids: [&str; N], attempt: Duration) -> [Order; N] {
    let (store, ports) = (MemoryStore::new(), Ports::system());
    let node = Node::start(system(), Arc::new(store.clone()), ports.clone(), NodeOptions::default());
    let bank = Bank(Peer::new(PeerOptions::new(format!("http://{}/v1/", server.address))).unwrap());
    let effects = Effects::new().of::<Order, _>(&Arc::new(bank));
    let options = EffectOptions {
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(10),
        longest_attempt: Some(attempt),
        ..EffectOptions::default()
    };
    let runner = EffectRunner::start(&node, Arc::new(store.clone()), &effects, &ports, &options).unwrap();
    for (number, id) in ids.iter().enumerate() {
        let request = Request {
            correlation: Some(format!("load-{number}").parse().unwrap()),
            trace: Some(TRACE.parse().unwrap()),
            ..Request::default()
        };
        let input = PlaceOrder { id: id.parse().unwrap(), amount: "9.50".parse().unwrap() };
        node.create(input, request).await.unwrap().committed().unwrap();
    }
    let settled = async {
        while store.outbox_stats(Stream::Requests).await.unwrap().pending > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), settled).await.expect("waited in vain");
    let mut orders = Vec::new();
    for id in ids {
        orders.push(node.get::<Order>(&id.parse::<OrderId>().unwrap()).await.unwrap().unwrap().0);
    }
    runner.stop().await;
    node.shutdown().await;
    orders.try_into().unwrap()
}

/// B49: whatever becomes of an attempt, the next one carries the same key, and the peer has acted once. An answer that
/// is cut is asked for again.
#[tokio::test]
async fn b49_the_peer_hears_one_key_for_all_attempts() {
    let whole =
        format!("HTTP/1.1 200 x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{SLIP}", SLIP.len());
    let busy = Does::Say(503, "retry-after: 0\r\n", String::new());
    let twice = [
        // The connection ends without an answer, in its head, after its head, and one byte before its end.
        [Does::Cut(0), Does::Cut(20)],
        [Does::Cut(whole.len() - SLIP.len()), Does::Cut(whole.len() - 1)],
        [busy, Does::Silence],
    ];
    for does in twice {
        let server = Server::start(does, SLIP).await;
        let [order] = placed(&server, ["o/1?"], Duration::from_millis(400)).await;
        assert_eq!((order.status, order.slip), (OrderStatus::Settled, Some(7)), "{:?}", order.reason);
        let heard = server.heard();
        assert_eq!((heard.len(), server.acted()), (3, 1));
        for request in &heard {
            let header = |name: &str| request.headers.get(name).map(String::as_str);
            assert_eq!(
                header("idempotency-key"),
                heard[0].headers.get("idempotency-key").map(String::as_str)
            );
            assert_eq!(header("x-correlation-id"), Some("load-0"));
            assert_eq!(header("traceparent"), Some(TRACE));
            assert_eq!(header("content-type"), Some("application/json"));
            assert_eq!(request.line, "POST /v1/orders/o%2F1%3F/charge");
            assert_eq!(request.body, r#"{"order_id":"o/1?","amount":"9.50"}"#);
        }
    }
}

/// B49: requests that are not the same have keys that are not.
#[tokio::test]
async fn b49_each_request_has_its_own_key() {
    let server = Server::start([], SLIP).await;
    let orders = placed(&server, ["o-1", "o-2", "o-3"], Duration::from_secs(2)).await;
    assert!(orders.iter().all(|order| order.status == OrderStatus::Settled));
    let keys: BTreeSet<_> =
        server.heard().iter().map(|request| request.headers["idempotency-key"].clone()).collect();
    assert_eq!((keys.len(), server.acted()), (3, 3));
}

/// B102: a refusal is final, and takes the failure path at once.
#[tokio::test]
async fn b102_a_refusal_is_not_asked_for_again() {
    let server = Server::start([Does::Say(422, "", "the account is closed".to_owned())], SLIP).await;
    let [order] = placed(&server, ["o-1"], Duration::from_secs(2)).await;
    assert_eq!(order.status, OrderStatus::Held);
    let reason = order.reason.unwrap();
    assert!(reason.contains("422") && !reason.contains("account"), "{reason}");
    assert_eq!(server.heard().len(), 1);
}

fn call(timeout: Duration) -> EffectCall {
    EffectCall {
        key: "the-key".to_owned(),
        attempt: 1,
        attempts: 3,
        entity: "Order",
        entity_id: "o-1".to_owned(),
        correlation: "c-1".parse().unwrap(),
        causation: None,
        trace: None,
        timeout,
    }
}

async fn ask(does: Does, options: impl FnOnce(PeerOptions) -> PeerOptions) -> Result<u32, EffectFailure> {
    let server = Server::start([does], "1").await;
    let options = options(PeerOptions::new(format!("http://{}", server.address)));
    Peer::new(options).unwrap().put(&["a"], "b", &call(Duration::from_secs(30))).await?.json()
}

/// A121, R21: each status has one meaning, and a wait that is asked for is told.
#[tokio::test]
async fn a121_statuses_are_classes() {
    let told = async |status, lines| {
        let failure = ask(Does::Say(status, lines, "{}".to_owned()), |options| options).await.unwrap_err();
        (failure.class, failure.retry_after)
    };
    for status in [408, 425, 429, 500, 502, 503, 504] {
        assert_eq!(told(status, "").await, (Transient, None), "{status}");
    }
    let wait = Some(Duration::from_secs(7));
    for status in [409, 429, 503] {
        assert_eq!(told(status, "retry-after: 7\r\n").await, (Transient, wait), "{status}");
    }
    for status in [400, 401, 403, 404, 409, 410, 413, 422] {
        assert_eq!(told(status, "").await, (Permanent, None), "{status}");
    }
    // It leads nowhere; who follows would be heard at the same server, and get its answer.
    for status in [301, 302, 303, 307, 308] {
        assert_eq!(told(status, "location: /elsewhere\r\n").await, (Permanent, None), "{status}");
    }
    assert_eq!(ask(Does::Act, |options| options).await.unwrap(), 1);
}

/// What a handler needs to know of a refusal is there, and not in what is stored.
#[tokio::test]
async fn a_refusal_says_what_the_peer_says() {
    let say = |length| Does::Say(402, "", "x".repeat(length));
    let failure = ask(say(3), |options| options).await.unwrap_err();
    let refused = Refused::of(&failure).unwrap();
    assert_eq!((refused.status, &*refused.body), (402, &b"xxx"[..]));
    assert!(!format!("{failure} {failure:?} {}", failure.chain()).contains("xxx"));
    let failure = ask(say(4), |options| PeerOptions { max_answer: 3, ..options }).await.unwrap_err();
    assert_eq!(Refused::of(&failure).map(|refused| (refused.status, refused.body.len())), Some((402, 0)));
    let failure = ask(Does::Say(503, "", String::new()), |options| options).await.unwrap_err();
    assert_eq!(Refused::of(&failure), None);
}

/// An answer has a bound, and has to be what the handler reads; the peer has acted by then.
#[tokio::test]
async fn answers_are_bounded_and_have_to_be_read() {
    let exact = |length: usize| move |options| PeerOptions { max_answer: length, ..options };
    let say = |body: &str| Does::Say(201, "", body.to_owned());
    assert_eq!(ask(say("123"), exact(3)).await.unwrap(), 123);
    let failure = ask(say("1234"), exact(3)).await.unwrap_err();
    assert_eq!(failure.class, Permanent);
    assert!(failure.message.contains("has acted"), "{failure}");
    for body in ["", "\"secret\"", "secret"] {
        let failure = ask(say(body), exact(100)).await.unwrap_err();
        assert_eq!(failure.class, Permanent);
        assert!(!failure.chain().contains("secret"), "{failure}");
    }
}

/// B102: what is known of an attempt that came to nothing is said: nothing was sent, or nobody knows.
#[tokio::test]
async fn b102_a_failure_says_whether_the_peer_may_have_acted() {
    let failed = async |address: String, timeout: Duration| -> (FailureClass, String) {
        let peer = Peer::new(PeerOptions::new(address)).unwrap();
        let failure = peer.post(&[], &(), &call(timeout)).await.unwrap_err();
        (failure.class, failure.chain())
    };
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let (class, text) = failed(address, Duration::from_secs(30)).await;
    assert_eq!(class, Transient);
    assert!(text.contains("nothing was sent"), "{text}");
    for does in [Does::Silence, Does::Cut(0), Does::Cut(30)] {
        let server = Server::start([does], "1").await;
        let (class, text) =
            failed(format!("http://{}/token", server.address), Duration::from_millis(500)).await;
        assert_eq!((class, server.acted()), (Transient, 1));
        assert!(text.contains("is not known") && !text.contains("token"), "{text}");
    }
}

/// The names of the headers are the peer's to choose, and its secrets are sent and not shown.
#[tokio::test]
async fn headers_are_those_that_the_options_name() {
    let server = Server::start([], "1").await;
    let options = PeerOptions {
        key_header: "X-Request-Key".to_owned(),
        correlation_header: "X-Load".to_owned(),
        ..PeerOptions::new(format!("http://{}", server.address))
    };
    let peer = Peer::new(options.header("Authorization", "Bearer s")).unwrap();
    peer.post(&[], &(), &call(Duration::from_secs(30))).await.unwrap();
    let heard = server.heard().remove(0);
    let header = |name: &str| heard.headers.get(name).map(String::as_str);
    assert_eq!(heard.line, "POST /");
    assert_eq!(
        ["x-request-key", "x-load", "authorization", "traceparent", "idempotency-key"].map(header),
        [Some("the-key"), Some("c-1"), Some("Bearer s"), None, None]
    );
    // What cannot be a header is no header.
    let broken = EffectCall { key: "a\r\nx: y".to_owned(), ..call(Duration::from_secs(30)) };
    assert_eq!(peer.post(&[], &(), &broken).await.unwrap_err().class, Permanent);
    assert_eq!(
        peer.post(&["a", ".."], &(), &call(Duration::from_secs(30))).await.unwrap_err().class,
        Permanent
    );
    assert_eq!(server.heard().len(), 1);
}
