//! The broker within the process.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use cohesive_bindings::broker::conformance::{Harness, Nature, Server, run_broker};
use cohesive_bindings::broker::{InProcess, Publisher, Subscriber};
use cohesive_bindings::store::BoxFuture;

#[derive(Default)]
struct Brokers(Mutex<BTreeMap<String, InProcess>>);

impl Brokers {
    fn of(&self, namespace: &str) -> InProcess {
        self.0.lock().unwrap().entry(namespace.to_owned()).or_default().clone()
    }
}

impl Harness for Brokers {
    fn nature(&self) -> Nature {
        Nature { keeps: false, shares: false, needs_subscription: false, hold: None }
    }

    fn publisher<'a>(&'a self, namespace: &'a str) -> BoxFuture<'a, Arc<dyn Publisher>> {
        let broker = self.of(namespace);
        Box::pin(async move { Arc::new(broker) as Arc<dyn Publisher> })
    }

    fn subscriber<'a>(
        &'a self,
        namespace: &'a str,
        _: &'a str,
        kinds: &'a [&'a str],
    ) -> BoxFuture<'a, Arc<dyn Subscriber>> {
        let subscription = self.of(namespace).subscribe(kinds, NonZeroUsize::new(4).unwrap());
        Box::pin(async move { Arc::new(subscription) as Arc<dyn Subscriber> })
    }

    fn server(&self) -> Option<Arc<dyn Server>> {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_broker_within_the_process_passes_the_suite() {
    let report = run_broker(Arc::new(Brokers::default())).await;
    assert_eq!(report.broker, "in process");
    assert_eq!(
        report.cases,
        [
            "messages_arrive_whole",
            "kinds_count_by_exact_name",
            "sizes_up_to_the_bound_arrive",
            "subscriptions_get_all",
            "rejected_comes_again",
            "dropped_comes_again",
            "closed_receiver_receives_nothing",
            "cancelled_receives_lose_nothing",
        ]
    );
}
