//! What the route lets in, and what its senders hear.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use cohesive_bindings::broker::webhook::{
    Endpoint, WebhookOptions, WebhookPublisher, WebhookSubscriber, WebhookSubscription,
};
use cohesive_bindings::broker::{Delivery, ErrorClass, PublishError, Publisher as _, Subscriber as _};
use cohesive_bindings::envelope::{Envelope, HeaderText};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinHandle;

use super::peer::{Held, KEY, KIND, NOW, header, message, secret, send, serve, signature, status, within};

struct Inlet {
    subscriber: WebhookSubscriber,
    address: SocketAddr,
    clock: Arc<Held>,
}

fn options() -> WebhookSubscription {
    WebhookSubscription::new([KIND], [secret()])
}

impl Inlet {
    async fn open(options: WebhookSubscription) -> Self {
        let clock = Held::at(NOW);
        let subscriber = WebhookSubscriber::new(options, Arc::clone(&clock) as _).unwrap();
        let address = serve(Router::new().route("/", subscriber.route())).await;
        Self { subscriber, address, clock }
    }

    /// Publishes a message, as its sender does.
    fn publish(&self, message: Envelope) -> JoinHandle<Result<(), PublishError>> {
        let endpoint = Endpoint::new(format!("http://{}/", self.address), [KIND, "Other"], [secret()]);
        let publisher = WebhookPublisher::new(WebhookOptions::new([endpoint]), Held::at(NOW)).unwrap();
        tokio::spawn(async move { publisher.publish(&message).await })
    }

    async fn next(&self) -> Delivery {
        within(self.subscriber.receive()).await.unwrap()
    }

    /// Sends a request that has to be answered without being delivered.
    async fn refused(&self, headers: &[(&str, &str)], body: &str) -> u16 {
        status(&send(self.address, "POST", headers, body).await)
    }
}

/// The headers of a request as the publisher signs it.
fn signed(message: &Envelope) -> Vec<(String, String)> {
    let mut headers = message.headers("ce-", HeaderText::Percent);
    let mut digested: Vec<_> = headers.clone();
    digested.sort();
    let mut digest = <sha2::Sha256 as sha2::Digest>::new();
    for part in digested.iter().flat_map(|(name, value)| [name, value]) {
        sha2::Digest::update(&mut digest, (part.len() as u64).to_be_bytes());
        sha2::Digest::update(&mut digest, part);
    }
    let digest = sha2::Digest::finalize(digest);
    let id = digest.iter().fold("headers_".to_owned(), |id, byte| id + &format!("{byte:02x}"));
    headers.push(("webhook-signature".to_owned(), signature(&KEY, &id, NOW, &message.data)));
    headers.push(("webhook-timestamp".to_owned(), NOW.to_string()));
    headers.push(("webhook-id".to_owned(), id));
    headers
}

fn borrowed(headers: &[(String, String)]) -> Vec<(&str, &str)> {
    headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

// A120, R20: the sender hears of success after the message was accepted, and not before.
#[tokio::test]
async fn an_answer_waits_for_the_acceptance() {
    let inlet = Inlet::open(options()).await;
    let publishing = inlet.publish(message("a", 0));
    let delivery = inlet.next().await;
    assert_eq!(delivery.message, Ok(message("a", 0)));
    assert!(delivery.redelivered && !publishing.is_finished());
    let mut delivery = delivery;
    delivery.acknowledge.extend().await.unwrap();
    delivery.acknowledge.accept().await.unwrap();
    within(publishing).await.unwrap().unwrap();

    let publishing = inlet.publish(message("a", 1));
    inlet.next().await.acknowledge.reject(Duration::from_millis(1500)).await.unwrap();
    let error = within(publishing).await.unwrap().unwrap_err();
    assert_eq!(error.class, ErrorClass::Transient);
    assert!(error.message.ends_with("asks to wait 2 s"), "{}", error.message);
    assert_eq!(error.retry_after, Some(Duration::from_secs(2)));
    // R21: who comes earlier is sent away.
    let early = within(inlet.publish(message("a", 1))).await.unwrap().unwrap_err();
    assert_eq!(early.class, ErrorClass::Transient);
}

#[tokio::test]
async fn only_what_is_signed_now_by_a_known_secret_is_let_in() {
    let inlet = Inlet::open(options()).await;
    let message = message("a", 0);
    let whole = signed(&message);
    let changed = |name: &str, value: &str| {
        let mut headers = whole.clone();
        for header in &mut headers {
            if header.0 == name {
                value.clone_into(&mut header.1);
            }
        }
        headers
    };
    let without = |name: &str| whole.iter().filter(|(known, _)| known != name).cloned().collect::<Vec<_>>();
    let also = |name: &str, value: &str| {
        let mut headers = whole.clone();
        headers.push((name.to_owned(), value.to_owned()));
        headers
    };
    let id = &whole.iter().find(|(name, _)| name == "webhook-id").unwrap().1;
    let wrong = signature(&[9; 32], id, NOW, &message.data);
    let refused = [
        without("webhook-id"),
        without("webhook-timestamp"),
        without("webhook-signature"),
        changed("webhook-id", "another"),
        changed("webhook-timestamp", "1800000001"),
        changed("webhook-timestamp", "now"),
        changed("webhook-signature", "v1,"),
        changed("webhook-signature", &wrong),
        also("webhook-id", id),
        also("webhook-timestamp", "1800000000"),
        // The event cannot be made another one on its way.
        changed("ce-type", "ParcelLost"),
        changed("ce-id", "a-1"),
        changed("content-type", "application/cloudevents+json"),
        without("ce-subject"),
        also("ce-traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ];
    for headers in refused {
        assert_eq!(inlet.refused(&borrowed(&headers), &message.data).await, 401, "{headers:?}");
    }
    assert_eq!(inlet.refused(&borrowed(&whole), "{\"number\":1}").await, 401);
    // All of that was wrong in one thing only: as it is, it is let in, while it is of now.
    for (seconds, let_in) in [(-301, false), (301, false), (-300, true), (300, true), (0, true)] {
        inlet.clock.set(NOW + seconds);
        let (address, headers, body) = (inlet.address, whole.clone(), message.data.clone());
        let sending = tokio::spawn(async move { send(address, "POST", &borrowed(&headers), &body).await });
        if let_in {
            inlet.next().await.acknowledge.accept().await.unwrap();
        }
        let head = within(sending).await.unwrap();
        assert_eq!(status(&head), if let_in { 204 } else { 401 }, "{seconds}");
    }
}

/// A request whose id is not made of its headers.
fn foreign(content_type: &str, headers: &[(&str, &str)], body: &str) -> Vec<(String, String)> {
    let own = [("content-type", content_type), ("webhook-id", "msg_1"), ("webhook-timestamp", "1800000000")];
    let mut all: Vec<_> =
        own.iter().chain(headers).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    // A new secret of the sender stands before the one that is known here.
    let signatures =
        format!("v1a,x {} {}", signature(&[9; 32], "msg_1", NOW, body), signature(&KEY, "msg_1", NOW, body));
    all.push(("webhook-signature".to_owned(), signatures));
    all
}

#[tokio::test]
async fn senders_of_others_are_heard_where_the_signature_covers_the_event() {
    let inlet = Inlet::open(options()).await;
    let trusting = Inlet::open(WebhookSubscription { trust_headers: true, ..options() }).await;
    let document = message("a", 0).structured().unwrap();
    let structured = foreign("application/cloudevents+json; charset=utf-8", &[], &document);
    let (address, body) = (inlet.address, document.clone());
    let sending = tokio::spawn(async move { send(address, "POST", &borrowed(&structured), &body).await });
    let delivery = inlet.next().await;
    assert_eq!(delivery.message, Ok(message("a", 0)));
    delivery.acknowledge.accept().await.unwrap();
    assert_eq!(status(&within(sending).await.unwrap()), 204);

    let attributes = [
        ("ce-specversion", "1.0"),
        ("ce-id", "1"),
        ("ce-source", "/s"),
        ("ce-type", KIND),
        ("ce-time", "2026-01-01T00:00:00Z"),
    ];
    let binary = foreign("application/json", &attributes, "{}");
    assert_eq!(inlet.refused(&borrowed(&binary), "{}").await, 401);
    let address = trusting.address;
    let sending = tokio::spawn(async move { send(address, "POST", &borrowed(&binary), "{}").await });
    trusting.next().await.acknowledge.accept().await.unwrap();
    assert_eq!(status(&within(sending).await.unwrap()), 204);
}

// The parts of what is signed cannot be moved: one time's body is not another time's time.
#[tokio::test]
async fn a_signature_is_for_one_id_one_time_and_one_body() {
    let inlet = Inlet::open(WebhookSubscription { trust_headers: true, ..options() }).await;
    let moved = signature(&KEY, "msg_1", NOW - 9000, &format!("{NOW}.5"));
    let old = format!("msg_1.{}", NOW - 9000);
    assert_eq!(moved, signature(&KEY, &old, NOW, "5"), "what is signed is the same text");
    let time = NOW.to_string();
    let headers = [("webhook-id", &*old), ("webhook-timestamp", &*time), ("webhook-signature", &*moved)];
    assert_eq!(inlet.refused(&headers, "5").await, 401);
}

#[tokio::test]
async fn what_is_signed_and_no_event_is_handed_over_and_its_cookies_are_not() {
    let inlet = Inlet::open(options()).await;
    let mut headers = foreign("application/cloudevents+json", &[], "{}");
    headers.push(("cookie".to_owned(), "session=secret".to_owned()));
    let address = inlet.address;
    let sending = tokio::spawn(async move { send(address, "POST", &borrowed(&headers), "{}").await });
    let delivery = inlet.next().await;
    assert!(delivery.message.is_err());
    assert_eq!(delivery.raw.body, b"{}");
    assert!(delivery.raw.headers.iter().any(|(name, _)| name == "webhook-id"));
    assert!(!delivery.raw.headers.iter().any(|(name, _)| name == "cookie"));
    delivery.acknowledge.accept().await.unwrap();
    assert_eq!(status(&within(sending).await.unwrap()), 204);
}

// R01
#[tokio::test]
async fn what_nobody_subscribed_to_is_answered_and_passed_over() {
    let inlet = Inlet::open(options()).await;
    let mut other = message("a", 0);
    other.kind = "Other".to_owned();
    within(inlet.publish(other)).await.unwrap().unwrap();
    let publishing = inlet.publish(message("a", 1));
    let delivery = inlet.next().await;
    assert_eq!(delivery.message, Ok(message("a", 1)));
    delivery.acknowledge.accept().await.unwrap();
    within(publishing).await.unwrap().unwrap();
}

#[tokio::test]
async fn bodies_and_methods_have_bounds() {
    let short = WebhookSubscription { body_limit: 100, body_timeout: Duration::from_millis(50), ..options() };
    let inlet = Inlet::open(short).await;
    assert_eq!(inlet.refused(&[], &"x".repeat(101)).await, 413);
    assert_eq!(inlet.refused(&[], &"x".repeat(100)).await, 401);
    assert_eq!(status(&send(inlet.address, "GET", &[], "").await), 405);
    let mut slow = tokio::net::TcpStream::connect(inlet.address).await.unwrap();
    slow.write_all(b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\nx").await.unwrap();
    let mut answer = [0; 12];
    within(slow.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn who_waits_too_long_is_told_and_the_key_stays_in_hand() {
    let hasty = WebhookSubscription { answer_timeout: Duration::from_millis(50), ..options() };
    let inlet = Inlet::open(hasty).await;
    let publishing = inlet.publish(message("a", 0));
    let mut first = inlet.next().await;
    let error = within(publishing).await.unwrap().unwrap_err();
    assert_eq!(error.class, ErrorClass::Transient);
    assert!(first.acknowledge.extend().await.is_err());
    // The repeat waits for the first to be done with, and its sender is told to wait.
    let error = within(inlet.publish(message("a", 0))).await.unwrap().unwrap_err();
    assert!(error.message.contains("503"), "{}", error.message);
    assert!(first.acknowledge.accept().await.is_err(), "nobody heard it");
    let publishing = inlet.publish(message("a", 0));
    inlet.next().await.acknowledge.accept().await.unwrap();
    within(publishing).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_full_route_and_a_closed_one_send_away_and_say_when_to_come_again() {
    let inlet = Inlet::open(WebhookSubscription { places: 1, ..options() }).await;
    let message = message("a", 0);
    let publishing = inlet.publish(message.clone());
    let delivery = inlet.next().await;
    // One of these gets the place, and the other one is sent away.
    let (mut second, mut third) = (inlet.publish(message.clone()), inlet.publish(message.clone()));
    let (left, mut waiting) = tokio::select! {
        left = &mut second => (left, third),
        left = &mut third => (left, second),
    };
    assert_eq!(left.unwrap().unwrap_err().class, ErrorClass::Transient);
    assert!(!waiting.is_finished());
    inlet.subscriber.close().await;
    assert_eq!(within(&mut waiting).await.unwrap().unwrap_err().class, ErrorClass::Transient);
    let head = send(inlet.address, "POST", &borrowed(&signed(&message)), &message.data).await;
    assert_eq!((status(&head), header(&head, "retry-after")), (503, Some("1")));
    // What was in hand can still be accepted.
    delivery.acknowledge.accept().await.unwrap();
    within(publishing).await.unwrap().unwrap();
    assert!(inlet.subscriber.receive().await.is_err());
}
