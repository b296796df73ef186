//! From a commit to a subscriber, through the outbox.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::support::{accept, id, node, offer};
use cohesive::broker::InProcess;
use cohesive::node::Request;
use cohesive::port::Ports;
use cohesive::relay::{Relay, RelayOptions};
use cohesive::store::memory::MemoryStore;
use cohesive::store::outbox::{Outbox as _, Stream};
use tokio::sync::mpsc;

/// A21, A80, B20, B31: the node wakes the relay, so the next poll may be a day away. The requests of effects are not
/// for brokers.
#[tokio::test(start_paused = true)]
async fn what_a_commit_owes_is_published_when_it_is_committed() {
    let store = MemoryStore::new();
    let node = node(Arc::new(store.clone()));
    let broker = InProcess::default();
    let (sender, mut arrived) = mpsc::unbounded_channel();
    let subscription = broker.subscribe(&["TenderAccepted", "Emit990Accept"], NonZeroUsize::MIN);
    tokio::spawn(subscription.serve(move |message| {
        sender.send(message).unwrap();
        async { Ok(()) }
    }));
    let poll = Duration::from_hours(24);
    let options = RelayOptions { source: "/freight".to_owned(), poll, ..RelayOptions::default() };
    let relay =
        Relay::start(Arc::new(store.clone()), Arc::new(broker), node.wake(), &Ports::system(), options)
            .unwrap();
    let _ = node.create(offer("T-1"), Request::default()).await.unwrap();
    // The relay has looked once by now, and found nothing.
    tokio::time::sleep(Duration::from_mins(1)).await;
    let correlation = Some("load-7".parse().unwrap());
    let place = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = Request { correlation, trace: Some(place.parse().unwrap()), ..Request::default() };
    let outcome = node.update(&id("T-1"), accept("P-1"), request).await.unwrap();
    let committed = outcome.committed().unwrap().messages().to_vec();
    assert_eq!(committed.iter().map(|(_, role, _)| *role).collect::<Vec<_>>(), ["event", "request"]);
    let (message, role, name) = committed[0];
    let envelope = tokio::time::timeout(Duration::from_secs(1), arrived.recv()).await.unwrap().unwrap();
    assert_eq!(envelope.id, message.to_string());
    assert_eq!((&*envelope.kind, &*envelope.role), (name, role));
    assert_eq!((&*envelope.source, envelope.subject.as_deref()), ("/freight/Tender", Some("T-1")));
    assert_eq!((&*envelope.correlation, envelope.trace_parent.as_deref()), ("load-7", Some(place)));
    assert!(envelope.structured().unwrap().contains("\"partner_id\":\"P-1\""), "{}", envelope.data);
    relay.stop().await;
    let pending = async |stream| store.outbox_stats(stream).await.unwrap().pending;
    assert_eq!((pending(Stream::Events).await, pending(Stream::Requests).await), (0, 1));
    assert_eq!(relay.metrics().published, 1);
    assert!(arrived.try_recv().is_err());
    node.shutdown().await;
}
