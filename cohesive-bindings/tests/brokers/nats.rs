//! NATS `JetStream`.

use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::broker::conformance::{Harness, Nature, Server, run_broker};
use cohesive_bindings::broker::nats::{NatsOptions, NatsPublisher, NatsSubscriber, NatsSubscription};
use cohesive_bindings::broker::{Pauses, Publisher, Subscriber};
use cohesive_bindings::store::BoxFuture;
use cohesive_servers::Nats;

const HOLD: Duration = Duration::from_secs(1);

struct Brokers(Arc<Running>);

struct Running(Nats);

impl Server for Running {
    fn stop(&self) {
        self.0.stop();
    }

    fn kill(&self) {
        self.0.kill();
    }

    fn start(&self) {
        self.0.run_again();
    }
}

fn options(server: &Nats, namespace: &str) -> NatsOptions {
    NatsOptions {
        servers: vec![server.url()],
        stream: namespace.to_owned(),
        prefix: namespace.to_owned(),
        pauses: Pauses { first: Duration::from_millis(20), longest: Duration::from_millis(200) },
        timeout: Duration::from_secs(2),
        ..NatsOptions::default()
    }
}

impl Harness for Brokers {
    fn nature(&self) -> Nature {
        Nature { keeps: true, shares: true, needs_subscription: false, hold: Some(HOLD) }
    }

    fn publisher<'a>(&'a self, namespace: &'a str) -> BoxFuture<'a, Arc<dyn Publisher>> {
        Box::pin(async move {
            let publisher = NatsPublisher::connect(options(&self.0.0, namespace)).await;
            Arc::new(publisher.unwrap()) as Arc<dyn Publisher>
        })
    }

    fn subscriber<'a>(
        &'a self,
        namespace: &'a str,
        subscription: &'a str,
        kinds: &'a [&'a str],
    ) -> BoxFuture<'a, Arc<dyn Subscriber>> {
        let subscription =
            NatsSubscription { hold: HOLD, ..NatsSubscription::new(subscription, kinds.iter().copied()) };
        Box::pin(async move {
            let subscriber = NatsSubscriber::connect(options(&self.0.0, namespace), subscription).await;
            Arc::new(subscriber.unwrap()) as Arc<dyn Subscriber>
        })
    }

    fn server(&self) -> Option<Arc<dyn Server>> {
        Some(Arc::clone(&self.0) as Arc<dyn Server>)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_passes_the_suite() {
    let report = run_broker(Arc::new(Brokers(Arc::new(Running(Nats::start()))))).await;
    assert_eq!(report.broker, "NATS JetStream");
    assert_eq!(report.left_out, ["unroutable_is_an_error"]);
}
