//! The one suite.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cohesive_bindings::broker::conformance::{Harness, Nature, Server, run_broker, run_outages};
use cohesive_bindings::broker::kafka::{KafkaOptions, KafkaPublisher, KafkaSubscriber, KafkaSubscription};
use cohesive_bindings::broker::{Publisher, Subscriber};
use cohesive_bindings::store::BoxFuture;

use super::cluster::Cluster;

struct Brokers {
    cluster: Arc<Cluster>,
    /// Whether the cluster may be ended.
    mortal: bool,
    topics: Mutex<BTreeSet<String>>,
}

impl Brokers {
    /// Each namespace is a topic.
    fn options(&self, namespace: &str) -> KafkaOptions {
        if self.topics.lock().unwrap().insert(namespace.to_owned()) {
            let topic = namespace.to_owned();
            self.cluster.run(move |mock| mock.create_topic(&topic, 4, 3).unwrap());
        }
        KafkaOptions {
            topic: namespace.to_owned(),
            delivery_timeout: Duration::from_secs(2),
            ..self.cluster.options()
        }
    }
}

/// Connections are cut and refused; what the brokers have in memory stays.
struct Outage(Arc<Cluster>);

impl Server for Outage {
    fn stop(&self) {
        self.0.run(|mock| mock.broker_down(-1).unwrap());
    }

    fn kill(&self) {
        self.stop();
    }

    fn start(&self) {
        self.0.run(|mock| mock.broker_up(-1).unwrap());
    }
}

impl Harness for Brokers {
    fn nature(&self) -> Nature {
        // A member that is there keeps what it has in hand for as long as it likes.
        Nature { keeps: true, shares: true, needs_subscription: false, hold: None }
    }

    fn publisher<'a>(&'a self, namespace: &'a str) -> BoxFuture<'a, Arc<dyn Publisher>> {
        let publisher = KafkaPublisher::new(self.options(namespace)).unwrap();
        Box::pin(async move { Arc::new(publisher) as Arc<dyn Publisher> })
    }

    fn subscriber<'a>(
        &'a self,
        namespace: &'a str,
        subscription: &'a str,
        kinds: &'a [&'a str],
    ) -> BoxFuture<'a, Arc<dyn Subscriber>> {
        // Groups are the cluster's, and not a topic's.
        let group = format!("{namespace}.{subscription}");
        let subscription = KafkaSubscription::new(group, kinds.iter().copied());
        let subscriber = KafkaSubscriber::join(self.options(namespace), subscription).unwrap();
        Box::pin(async move { Arc::new(subscriber) as Arc<dyn Subscriber> })
    }

    fn server(&self) -> Option<Arc<dyn Server>> {
        self.mortal.then(|| Arc::new(Outage(Arc::clone(&self.cluster))) as Arc<dyn Server>)
    }
}

fn brokers(mortal: bool) -> Arc<Brokers> {
    Arc::new(Brokers { cluster: Cluster::start(1), mortal, topics: Mutex::default() })
}

pub(super) async fn kafka_passes_the_suite() {
    let outages = ["accepted_survives_a_restart", "publishers_recover", "acknowledged_survives_a_crash"];
    // Two clusters, so that outages need not wait for the rest.
    let (report, ended) = tokio::join!(run_broker(brokers(false)), run_outages(brokers(true)));
    assert_eq!((report.broker, ended.cases), ("Kafka", outages.to_vec()));
    // A message without a subscription is kept, and there is no time after which a delivery comes to another member
    // while its own is there.
    let expected: Vec<_> = ["unroutable_is_an_error", "extended_stays"].into_iter().chain(outages).collect();
    assert_eq!(report.left_out, expected);
}
