//! What the freight desk runs on: a store and a broker, named by their addresses, and everything between them.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cohesive::broker::{InProcess, Publisher, Subscriber};
use cohesive::consumer::{Consumer, ConsumerOptions};
use cohesive::effects::{EffectOptions, EffectRunner, Effects};
use cohesive::node::{Node, NodeOptions, System};
use cohesive::port::Ports;
use cohesive::relay::{Relay, RelayOptions};
use cohesive::store::Substrate;
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};

use crate::domain::{Shipment, Tender};
use crate::gateway::Gateway;

pub type Failure = Box<dyn std::error::Error>;

/// Which part of the system a process serves. Parts that share a broker make one system, whatever store each has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// Everything.
    All,
    /// Tenders: they are accepted here.
    Tenders,
    /// Shipments: they are booked here, when a tender was accepted.
    Shipments,
}

impl Desk {
    pub fn named(name: &str) -> Result<Self, String> {
        match name {
            "all" => Ok(Self::All),
            "tenders" => Ok(Self::Tenders),
            "shipments" => Ok(Self::Shipments),
            _ => Err(format!("there is no desk `{name}`: choose `all`, `tenders` or `shipments`")),
        }
    }

    pub fn system(self) -> System {
        let system = System::new("freight");
        match self {
            Self::All => system.entity::<Tender>().entity::<Shipment>(),
            Self::Tenders => system.entity::<Tender>(),
            Self::Shipments => system.entity::<Shipment>(),
        }
    }

    const fn performs(self) -> bool {
        matches!(self, Self::All | Self::Tenders)
    }
}

/// How long everything waits. What is harsh finds out soon that a process died, gives up soon, and has a broker that
/// leaves repeats to their receivers: tests of crashes need it, and nobody else should.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spans {
    pub harsh: bool,
}

impl Spans {
    /// How soon another process takes up the work of one that died.
    const TAKEOVER: Duration = Duration::from_millis(600);

    fn relay(self) -> RelayOptions {
        let usual = RelayOptions { source: "/freight".to_owned(), ..RelayOptions::default() };
        if !self.harsh {
            return usual;
        }
        RelayOptions {
            lease: Self::TAKEOVER,
            publish_timeout: Self::TAKEOVER / 3,
            balance: Self::TAKEOVER / 6,
            poll: Duration::from_millis(20),
            window: 32,
            attempts: 50,
            first_wait: Duration::from_millis(20),
            longest_wait: Duration::from_millis(500),
            ..usual
        }
    }

    fn effects(self) -> EffectOptions {
        let usual = EffectOptions::default();
        if !self.harsh {
            return usual;
        }
        EffectOptions {
            longest_attempt: Some(Self::TAKEOVER / 6),
            entry_timeout: Self::TAKEOVER / 6,
            lease: Self::TAKEOVER,
            poll: Duration::from_millis(20),
            window: 32,
            first_wait: Duration::from_millis(20),
            longest_wait: Duration::from_millis(500),
            ..usual
        }
    }

    fn consumer(self) -> ConsumerOptions {
        let usual = ConsumerOptions::default();
        if !self.harsh {
            return usual;
        }
        ConsumerOptions {
            extend_every: Self::TAKEOVER / 4,
            first_wait: Duration::from_millis(20),
            longest_wait: Duration::from_millis(500),
            ..usual
        }
    }
}

/// A feature that a binary may have been built without.
#[derive(Debug)]
pub struct Missing {
    pub feature: &'static str,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { feature } = self;
        write!(
            formatter,
            "this binary was built without `{feature}`\nhelp: run it with `cargo run --features {feature} --example freight`"
        )
    }
}

impl std::error::Error for Missing {}

/// Opens the store at an address: `postgres://…`, or the path of an SQLite file.
#[cfg_attr(
    not(feature = "postgres"),
    expect(clippy::unused_async, reason = "it is awaited where the feature is on")
)]
pub async fn store(address: &str, system: &System) -> Result<Arc<dyn Substrate>, Failure> {
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        #[cfg(feature = "postgres")]
        {
            use cohesive::store::postgres::{PostgresOptions, PostgresStore};
            let options = PostgresOptions::default();
            return Ok(Arc::new(PostgresStore::open(address, &system.structures(), options).await?));
        }
        #[cfg(not(feature = "postgres"))]
        return Err(Missing { feature: "postgres" }.into());
    }
    let file = address.strip_prefix("sqlite:").unwrap_or(address);
    let store = SqliteStore::open(Path::new(file), &system.structures(), SqliteOptions::default())?;
    Ok(Arc::new(store))
}

/// The two sides of a broker.
pub struct Broker {
    pub publisher: Arc<dyn Publisher>,
    /// `None` where the system follows nothing.
    pub subscriber: Option<Arc<dyn Subscriber>>,
}

/// Connects to the broker at an address: `nats://…`, `amqp://…`, or `in-process`.
pub async fn broker(address: &str, system: &System, spans: Spans) -> Result<Broker, Failure> {
    let kinds = system.followed();
    if address == "in-process" {
        let broker = InProcess::default();
        let subscriber = (!kinds.is_empty())
            .then(|| -> Arc<dyn Subscriber> { Arc::new(broker.subscribe(&kinds, NonZeroUsize::MIN)) });
        return Ok(Broker { publisher: Arc::new(broker), subscriber });
    }
    if address.starts_with("nats://") || address.starts_with("tls://") {
        return nats(address, &kinds, spans).await;
    }
    if address.starts_with("amqp://") {
        return rabbitmq(address, &kinds, spans).await;
    }
    Err(format!("no broker is known at `{address}`: choose `in-process`, `nats://…` or `amqp://…`").into())
}

#[cfg(feature = "nats")]
async fn nats(address: &str, kinds: &[&'static str], spans: Spans) -> Result<Broker, Failure> {
    use cohesive::broker::Pauses;
    use cohesive::broker::nats::{NatsOptions, NatsPublisher, NatsSubscriber, NatsSubscription};
    let mut options = NatsOptions {
        servers: vec![address.to_owned()],
        stream: "FREIGHT".to_owned(),
        prefix: "freight".to_owned(),
        ..NatsOptions::default()
    };
    if spans.harsh {
        options.duplicate_window = Duration::from_millis(100);
        options.timeout = Duration::from_secs(1);
        options.pauses = Pauses { first: Duration::from_millis(20), longest: Duration::from_millis(100) };
    }
    let publisher = Arc::new(NatsPublisher::connect(options.clone()).await?);
    let mut subscriber: Option<Arc<dyn Subscriber>> = None;
    if !kinds.is_empty() {
        let mut subscription = NatsSubscription::new("freight", kinds.iter().copied());
        if spans.harsh {
            subscription.hold = Spans::TAKEOVER;
        }
        subscriber = Some(Arc::new(NatsSubscriber::connect(options, subscription).await?));
    }
    Ok(Broker { publisher, subscriber })
}

#[cfg(not(feature = "nats"))]
#[expect(clippy::unused_async, reason = "it is awaited where the feature is on")]
async fn nats(_: &str, _: &[&'static str], _: Spans) -> Result<Broker, Failure> {
    Err(Missing { feature: "nats" }.into())
}

#[cfg(feature = "rabbitmq")]
async fn rabbitmq(address: &str, kinds: &[&'static str], spans: Spans) -> Result<Broker, Failure> {
    use cohesive::broker::Pauses;
    use cohesive::broker::rabbitmq::{
        RabbitMqOptions, RabbitMqPublisher, RabbitMqSubscriber, RabbitMqSubscription,
    };
    let mut options = RabbitMqOptions {
        uri: address.to_owned(),
        exchange: "freight".to_owned(),
        ..RabbitMqOptions::default()
    };
    if spans.harsh {
        options.pauses = Pauses { first: Duration::from_millis(20), longest: Duration::from_millis(100) };
    }
    let publisher = Arc::new(RabbitMqPublisher::connect(options.clone()).await?);
    // A message that no queue takes is refused. No desk follows these, so they have a subscription of their own.
    let archive = RabbitMqSubscription::new("archive", ["ShipmentBooked", "ShipmentDelivered"]);
    RabbitMqSubscriber::connect(options.clone(), archive).await?.close().await;
    let mut subscriber: Option<Arc<dyn Subscriber>> = None;
    if !kinds.is_empty() {
        let subscription = RabbitMqSubscription::new("freight", kinds.iter().copied());
        subscriber = Some(Arc::new(RabbitMqSubscriber::connect(options, subscription).await?));
    }
    Ok(Broker { publisher, subscriber })
}

#[cfg(not(feature = "rabbitmq"))]
#[expect(clippy::unused_async, reason = "it is awaited where the feature is on")]
async fn rabbitmq(_: &str, _: &[&'static str], _: Spans) -> Result<Broker, Failure> {
    Err(Missing { feature: "rabbitmq" }.into())
}

/// Everything that runs in one process.
pub struct Service {
    pub node: Node,
    pub relay: Relay,
    pub effects: Option<EffectRunner>,
    pub consumer: Option<Consumer>,
}

impl Service {
    /// Starts the node of a desk, and what goes in and out of it.
    pub fn start(
        desk: Desk,
        store: &Arc<dyn Substrate>,
        broker: Broker,
        spans: Spans,
    ) -> Result<Self, Failure> {
        let ports = Ports::system();
        let Broker { publisher, subscriber } = broker;
        // An event that the broker would refuse is refused with the command (F10).
        let options = NodeOptions { max_message: publisher.max_message(), ..NodeOptions::default() };
        let node = Node::start(desk.system(), store.clone(), ports.clone(), options);
        let relay = Relay::start(store.clone(), publisher, node.wake(), &ports, spans.relay())?;
        let mut effects = None;
        if desk.performs() {
            let handlers = Effects::new().of::<Tender, _>(&Arc::new(Gateway));
            effects = Some(EffectRunner::start(&node, store.clone(), &handlers, &ports, &spans.effects())?);
        }
        let mut consumer = None;
        if let Some(subscriber) = subscriber {
            consumer = Some(Consumer::start(&node, store.clone(), subscriber, &ports, spans.consumer())?);
        }
        Ok(Self { node, relay, effects, consumer })
    }

    /// Stops what comes in before what goes out, and the node last: what was taken in is finished.
    pub async fn stop(self) {
        if let Some(consumer) = self.consumer {
            consumer.stop().await;
        }
        if let Some(effects) = self.effects {
            effects.stop().await;
        }
        self.relay.stop().await;
        self.node.shutdown().await;
    }
}
