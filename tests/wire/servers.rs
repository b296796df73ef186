//! A broker to put between nodes.

use std::sync::Arc;
use std::time::Duration;

use cohesive::broker::nats::{NatsOptions, NatsPublisher, NatsSubscriber, NatsSubscription};
use cohesive::broker::rabbitmq::{
    RabbitMqOptions, RabbitMqPublisher, RabbitMqSubscriber, RabbitMqSubscription,
};
use cohesive::broker::{BrokerError, Pauses, Publisher, Subscriber};
use cohesive_servers::{Nats, RabbitMq};

/// What an order says.
pub const KINDS: [&str; 2] = ["OrderPlaced", "OrderChanged"];
/// How many partitions there are: few, so that connecting takes few messages.
pub const PARTITIONS: u16 = 2;
/// What streams, exchanges and queues are called after.
pub const NAME: &str = "wire";
const PAUSES: Pauses = Pauses { first: Duration::from_millis(5), longest: Duration::from_millis(50) };

/// A server of the test's own.
pub enum Server {
    Nats(Nats),
    RabbitMq(RabbitMq),
}

impl Server {
    pub fn nats() -> Self {
        Self::Nats(Nats::start())
    }

    pub fn rabbitmq() -> Self {
        Self::RabbitMq(RabbitMq::start())
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Nats(_) => "NATS",
            Self::RabbitMq(_) => "RabbitMQ",
        }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Nats(server) => server.url(),
            Self::RabbitMq(server) => server.url(),
        }
    }

    pub fn kill(&self) {
        match self {
            Self::Nats(server) => server.kill(),
            Self::RabbitMq(server) => server.kill(),
        }
    }

    pub fn run_again(&self) {
        match self {
            Self::Nats(server) => server.run_again(),
            Self::RabbitMq(server) => server.run_again(),
        }
    }

    /// A publisher by way of this address.
    pub async fn publisher(&self, url: String) -> Result<Arc<dyn Publisher>, BrokerError> {
        Ok(match self {
            Self::Nats(_) => Arc::new(NatsPublisher::connect(nats(url)).await?),
            Self::RabbitMq(_) => Arc::new(RabbitMqPublisher::connect(rabbitmq(url)).await?),
        })
    }

    /// A receiver of a subscription by way of this address.
    pub async fn subscriber(&self, url: String, name: &str) -> Result<Arc<dyn Subscriber>, BrokerError> {
        Ok(match self {
            Self::Nats(_) => {
                let hold = Duration::from_millis(250);
                let subscription = NatsSubscription { hold, ..NatsSubscription::new(name, KINDS) };
                Arc::new(NatsSubscriber::connect(nats(url), subscription).await?)
            }
            Self::RabbitMq(server) => {
                let subscription = RabbitMqSubscription::new(name, KINDS);
                let subscriber = RabbitMqSubscriber::connect(rabbitmq(url), subscription).await?;
                server.write_queues();
                Arc::new(subscriber)
            }
        })
    }
}

/// The server shall not take from the receivers what is theirs: it knows repeats for as short as it can.
fn nats(url: String) -> NatsOptions {
    NatsOptions {
        servers: vec![url],
        stream: NAME.to_owned(),
        prefix: NAME.to_owned(),
        partitions: PARTITIONS,
        duplicate_window: Duration::from_millis(100),
        timeout: Duration::from_millis(500),
        pauses: PAUSES,
        ..NatsOptions::default()
    }
}

fn rabbitmq(uri: String) -> RabbitMqOptions {
    RabbitMqOptions {
        uri,
        exchange: NAME.to_owned(),
        partitions: PARTITIONS,
        max_message: 64 * 1024,
        in_flight: 8,
        timeout: Duration::from_secs(5),
        pauses: PAUSES,
    }
}
