//! A cluster of mock brokers, and what tests do with it.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use cohesive_bindings::broker::kafka::{KafkaOptions, KafkaPublisher, KafkaSubscriber, KafkaSubscription};
use cohesive_bindings::broker::{Delivery, Publisher as _, Subscriber as _};
use cohesive_bindings::envelope::Envelope;
use cohesive_core::value::Timestamp;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

/// After how long something is taken for lost.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
pub(crate) const TOPIC: &str = "parcels";
pub(crate) const KIND: &str = "ParcelSent";

/// Nothing here is far away, and nobody waits for what is not.
const SETTINGS: [(&str, &str); 5] = [
    // The mock brokers take three seconds to form a group, and a second less than the session to change one. A member
    // that is shorter of breath is lost before it begins.
    ("session.timeout.ms", "4500"),
    ("heartbeat.interval.ms", "300"),
    ("reconnect.backoff.ms", "10"),
    ("reconnect.backoff.max.ms", "100"),
    ("topic.metadata.refresh.interval.ms", "500"),
];

type Mock = MockCluster<'static, DefaultProducerContext>;
type Command = Box<dyn FnOnce(&Mock) + Send>;

/// Three mock brokers, which live as long as this.
pub(crate) struct Cluster {
    pub(crate) servers: String,
    commands: mpsc::Sender<Command>,
}

impl Cluster {
    /// A cluster with one topic of so many partitions.
    pub(crate) fn start(partitions: i32) -> Arc<Self> {
        let (commands, queue) = mpsc::channel::<Command>();
        let (answer, answered) = mpsc::channel();
        // The mock must stay in the thread that made it.
        std::thread::spawn(move || {
            let mock = MockCluster::new(3).unwrap();
            mock.create_topic(TOPIC, partitions, 3).unwrap();
            answer.send(mock.bootstrap_servers()).unwrap();
            for command in queue {
                command(&mock);
            }
        });
        let servers = answered.recv().unwrap();
        Arc::new(Self { servers, commands })
    }

    /// Does something to the cluster.
    pub(crate) fn run(&self, act: impl FnOnce(&Mock) + Send + 'static) {
        let (answer, answered) = mpsc::channel();
        let command = move |mock: &Mock| {
            act(mock);
            answer.send(()).unwrap();
        };
        self.commands.send(Box::new(command)).unwrap();
        answered.recv().unwrap();
    }

    /// The next requests of this sort fail so, one after the other.
    pub(crate) fn fail(&self, api: RDKafkaApiKey, errors: Vec<RDKafkaRespErr>) {
        self.run(move |mock| mock.request_errors(api, &errors));
    }

    pub(crate) fn options(&self) -> KafkaOptions {
        KafkaOptions {
            servers: self.servers.split(',').map(str::to_owned).collect(),
            topic: TOPIC.to_owned(),
            settings: SETTINGS.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            ..KafkaOptions::default()
        }
    }

    pub(crate) fn publisher(&self) -> KafkaPublisher {
        KafkaPublisher::new(self.options()).unwrap()
    }

    pub(crate) fn subscriber(&self, group: &str) -> KafkaSubscriber {
        self.join(subscription(group))
    }

    pub(crate) fn join(&self, subscription: KafkaSubscription) -> KafkaSubscriber {
        KafkaSubscriber::join(self.options(), subscription).unwrap()
    }
}

pub(crate) fn subscription(group: &str) -> KafkaSubscription {
    KafkaSubscription::new(group, [KIND])
}

pub(crate) fn message(key: &str, number: usize) -> Envelope {
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
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("waited in vain")
}

/// Publishes until it is acknowledged.
pub(crate) async fn publish(publisher: &KafkaPublisher, message: &Envelope) {
    within(async {
        while publisher.publish(message).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

/// The next delivery; failures in between are tried again, as a consumer does.
pub(crate) async fn next(subscriber: &KafkaSubscriber) -> Delivery {
    within(async {
        loop {
            match subscriber.receive().await {
                Ok(delivery) => return delivery,
                Err(error) => {
                    println!("{error}");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    })
    .await
}

pub(crate) fn id(delivery: &Delivery) -> String {
    delivery.message.as_ref().unwrap().id.clone()
}

/// Receives and accepts so many; gives their ids.
pub(crate) async fn take(subscriber: &KafkaSubscriber, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    while ids.len() < count {
        let delivery = next(subscriber).await;
        ids.push(id(&delivery));
        within(delivery.acknowledge.accept()).await.unwrap();
    }
    ids
}
