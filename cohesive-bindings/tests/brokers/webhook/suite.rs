//! The one suite.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use cohesive_bindings::broker::conformance::{Harness, Nature, Server, run_broker};
use cohesive_bindings::broker::webhook::{
    Endpoint, Kinds, Unrouted, WebhookOptions, WebhookPublisher, WebhookSubscriber, WebhookSubscription,
};
use cohesive_bindings::broker::{Delivery, PublishError, Publisher, SubscribeError, Subscriber};
use cohesive_bindings::envelope::Envelope;
use cohesive_bindings::port::SystemClock;
use cohesive_bindings::store::BoxFuture;

use super::peer::{secret, serve};

/// The subscriptions of each namespace, by their names.
type Subscriptions = Arc<Mutex<BTreeMap<String, BTreeMap<String, Receiver>>>>;

/// A subscriber and its address. Once it is closed, the next one of its subscription has another address, as after the
/// restart of a process.
#[derive(Clone)]
struct Receiver {
    inner: WebhookSubscriber,
    address: SocketAddr,
    closed: Arc<AtomicBool>,
}

impl Subscriber for Receiver {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn redelivery_horizon(&self) -> Option<Duration> {
        self.inner.redelivery_horizon()
    }

    fn receive(&self) -> BoxFuture<'_, Result<Delivery, SubscribeError>> {
        self.inner.receive()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.closed.store(true, Ordering::SeqCst);
        self.inner.close()
    }
}

#[derive(Default)]
struct Web(Subscriptions);

/// A publisher to whatever endpoints a namespace has: they come later than the publisher in some cases.
struct Current {
    namespace: String,
    subscriptions: Subscriptions,
    latest: tokio::sync::Mutex<Option<(Vec<Endpoint>, Arc<WebhookPublisher>)>>,
}

impl Current {
    fn options(&self) -> WebhookOptions {
        let subscriptions = self.subscriptions.lock().unwrap();
        let endpoints =
            subscriptions.get(&self.namespace).into_iter().flat_map(BTreeMap::values).map(|receiver| {
                Endpoint {
                    kinds: Kinds::All,
                    ..Endpoint::new(format!("http://{}/", receiver.address), ["x"], [secret()])
                }
            });
        let mut endpoints: Vec<_> = endpoints.collect();
        if endpoints.is_empty() {
            // Nobody subscribed, so nobody is told.
            endpoints.push(Endpoint::new("http://localhost:1/", ["nothing that is sent"], [secret()]));
        }
        WebhookOptions { unrouted: Unrouted::Pass, ..WebhookOptions::new(endpoints) }
    }

    async fn publisher(&self) -> Arc<WebhookPublisher> {
        let options = self.options();
        let mut latest = self.latest.lock().await;
        match &*latest {
            Some((endpoints, publisher)) if *endpoints == options.endpoints => Arc::clone(publisher),
            _ => {
                let endpoints = options.endpoints.clone();
                let publisher = Arc::new(WebhookPublisher::new(options, Arc::new(SystemClock)).unwrap());
                *latest = Some((endpoints, Arc::clone(&publisher)));
                publisher
            }
        }
    }
}

impl Publisher for Current {
    fn name(&self) -> &'static str {
        "webhook"
    }

    fn max_message(&self) -> usize {
        self.options().max_message
    }

    fn publish<'a>(&'a self, message: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(async move { self.publisher().await.publish(message).await })
    }
}

impl Harness for Web {
    fn nature(&self) -> Nature {
        Nature { keeps: false, shares: true, needs_subscription: false, hold: None }
    }

    fn publisher<'a>(&'a self, namespace: &'a str) -> BoxFuture<'a, Arc<dyn Publisher>> {
        let (namespace, subscriptions) = (namespace.to_owned(), Arc::clone(&self.0));
        let current = Current { namespace, subscriptions, latest: tokio::sync::Mutex::default() };
        Box::pin(async move { Arc::new(current) as Arc<dyn Publisher> })
    }

    fn subscriber<'a>(
        &'a self,
        namespace: &'a str,
        subscription: &'a str,
        kinds: &'a [&'a str],
    ) -> BoxFuture<'a, Arc<dyn Subscriber>> {
        Box::pin(async move {
            let known = {
                let all = self.0.lock().unwrap();
                all.get(namespace).and_then(|of| of.get(subscription)).cloned()
            };
            if let Some(known) = known.filter(|known| !known.closed.load(Ordering::SeqCst)) {
                return Arc::new(known) as Arc<dyn Subscriber>;
            }
            let options = WebhookSubscription::new(kinds.iter().copied(), [secret()]);
            let subscriber = WebhookSubscriber::new(options, Arc::new(SystemClock)).unwrap();
            // In a runtime of its own: some cases lose the one that asks.
            let router = Router::new().route("/", subscriber.route());
            let (answer, answered) = std::sync::mpsc::channel();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    answer.send(serve(router).await).unwrap();
                    std::future::pending::<()>().await;
                });
            });
            let address = answered.recv().unwrap();
            let mut all = self.0.lock().unwrap();
            let of = all.entry(namespace.to_owned()).or_default();
            let receiver = Receiver { inner: subscriber, address, closed: Arc::default() };
            of.insert(subscription.to_owned(), receiver.clone());
            Arc::new(receiver) as Arc<dyn Subscriber>
        })
    }

    fn server(&self) -> Option<Arc<dyn Server>> {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_pass_the_suite() {
    let report = run_broker(Arc::new(Web::default())).await;
    assert_eq!(report.broker, "webhook");
    // It keeps nothing, so there is nothing to survive an end of a receiver or a server.
    assert_eq!(
        report.left_out,
        [
            "unroutable_is_an_error",
            "closed_receiver_gives_back",
            "rejected_outlives_its_receiver",
            "lost_receiver_gives_back",
            "extended_stays",
            "accepted_survives_a_restart",
            "publishers_recover",
            "acknowledged_survives_a_crash",
        ]
    );
}
