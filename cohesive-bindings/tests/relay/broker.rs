//! The broker within the process, on both stores.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cohesive_bindings::broker::{ErrorClass, InProcess, PublishError, Publisher as _, Subscriber as _};
use cohesive_bindings::envelope::Envelope;
use cohesive_bindings::port::Ports;
use cohesive_bindings::relay::{Relay, Wake};
use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::outbox::{Outbox as _, Stream};
use cohesive_bindings::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive_bindings::store::{Store as _, StoredMessage, Unit};
use cohesive_core::value::Timestamp;

use super::harness::{histories, message, options};

fn envelope(name: &str) -> Envelope {
    let message = message("t", 0, 0);
    let stored = StoredMessage {
        id: message.id,
        entity: message.entity.to_owned(),
        entity_id: message.entity_id,
        version: message.version,
        ordinal: 0,
        role: "event".to_owned(),
        name: name.to_owned(),
        payload: message.payload,
        transition: "change".to_owned(),
        correlation: "c".to_owned(),
        causation: None,
        actor: None,
        trace: None,
        occurred_at: None,
        recorded_at: Timestamp::default(),
        published_at: None,
    };
    Envelope::of(&stored, "/test")
}

// A120, R01, CW6
#[tokio::test(start_paused = true)]
async fn handlers_acknowledge() {
    let broker = InProcess::default();
    broker.publish(&envelope("Opened")).await.unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let places = NonZeroUsize::MIN;
    for (who, kinds) in [("a", &["Opened", "Closed"][..]), ("b", &["Opened"]), ("c", &["Open", "Opened,"])] {
        let seen = Arc::clone(&seen);
        let handler = move |message: Arc<Envelope>| {
            let seen = Arc::clone(&seen);
            async move {
                let mut seen = seen.lock().unwrap();
                seen.push((who, message.kind.clone()));
                let first = seen.iter().filter(|(other, _)| *other == "b").count() == 1;
                if who == "b" && first { Err(PublishError::transient("not yet")) } else { Ok(()) }
            }
        };
        tokio::spawn(broker.subscribe(kinds, places).serve(handler));
    }
    assert_eq!(broker.publish(&envelope("Opened")).await.unwrap_err().message, "not yet");
    broker.publish(&envelope("Opened")).await.unwrap();
    broker.publish(&envelope("Closed")).await.unwrap();
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    let expected = [("a", "Closed"), ("a", "Opened"), ("a", "Opened"), ("b", "Opened"), ("b", "Opened")];
    assert_eq!(seen, expected.map(|(who, kind)| (who, kind.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_ends_says_nothing_in_its_favour() {
    let broker = InProcess::default();
    let subscription = broker.subscribe(&["Opened"], NonZeroUsize::MIN);
    let waiting = {
        let broker = broker.clone();
        tokio::spawn(async move { broker.publish(&envelope("Opened")).await })
    };
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert!(!waiting.is_finished(), "nobody has handled it");
    drop(subscription);
    assert_eq!(waiting.await.unwrap().unwrap_err().message, "a subscriber ended without an answer");
    broker.publish(&envelope("Opened")).await.unwrap();
}

// F40: who stopped receiving is still owed its messages. None of them is taken for published meanwhile.
#[tokio::test(start_paused = true)]
async fn a_subscription_that_is_closed_is_owed_its_messages() {
    let broker = InProcess::default();
    let (kinds, places) = (&["Opened"][..], NonZeroUsize::MIN);
    let subscription = broker.subscribe(kinds, places);
    subscription.close().await;
    drop(subscription);
    for _ in 0..2 {
        let refusal = broker.publish(&envelope("Opened")).await.unwrap_err();
        assert_eq!(
            (refusal.class, &*refusal.message),
            (ErrorClass::Transient, "a subscription to it is closed")
        );
    }
    broker.publish(&envelope("Closed")).await.unwrap();
    // Another takes its place.
    let subscription = broker.subscribe(kinds, places);
    let publishing = {
        let broker = broker.clone();
        tokio::spawn(async move { broker.publish(&envelope("Opened")).await })
    };
    subscription.receive().await.unwrap().acknowledge.accept().await.unwrap();
    publishing.await.unwrap().unwrap();
}

/// One binary, one file, no server: what is committed to SQLite arrives at the handler, in order and once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_needs_no_server() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    let store = Arc::new(SqliteStore::open(&path, &STRUCTURES, SqliteOptions::default()).unwrap());
    let (broker, wake) = (InProcess::default(), Wake::default());
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&arrived);
    let places = NonZeroUsize::new(16).unwrap();
    tokio::spawn(broker.subscribe(&["TicketChanged"], places).serve(move |message| {
        log.lock().unwrap().push((message.subject.clone().unwrap(), message.sequence.clone()));
        async { Ok(()) }
    }));
    let relays: Vec<_> = (0..2)
        .map(|_| {
            Relay::start(store.clone(), Arc::new(broker.clone()), &wake, &Ports::system(), options()).unwrap()
        })
        .collect();
    let messages = histories(50, 20);
    for chunk in messages.chunks(100) {
        let unit = |message| Unit { messages: vec![Clone::clone(message)], ..Unit::default() };
        store.commit(chunk.iter().map(unit).collect()).await.unwrap();
        wake.ring();
    }
    // The state of the store is what is waited for.
    while store.outbox_stats(Stream::Events).await.unwrap().pending > 0 {
        tokio::task::yield_now().await;
    }
    for relay in &relays {
        relay.stop().await;
    }
    let published: u64 = relays.iter().map(|relay| relay.metrics().published).sum();
    assert_eq!(published, 1000);
    let arrived = arrived.lock().unwrap().clone();
    assert_eq!(arrived.len(), 1000);
    for entity in 0..50 {
        let name = format!("t{entity}");
        let of: Vec<_> =
            arrived.iter().filter(|(subject, _)| *subject == name).map(|(_, place)| place).collect();
        assert!(of.is_sorted() && of.len() == 20, "{name}: {of:?}");
    }
    let stats = store.outbox_stats(Stream::Events).await.unwrap();
    assert_eq!((stats.claimed, stats.waiting, stats.parked), (vec![], 0, 0));
    store.close().await;
}
