//! RabbitMQ.

use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::broker::conformance::{Harness, Nature, Server, run_broker};
use cohesive_bindings::broker::rabbitmq::{
    RabbitMqOptions, RabbitMqPublisher, RabbitMqSubscriber, RabbitMqSubscription,
};
use cohesive_bindings::broker::{BrokerError, ErrorClass, Pauses, Publisher, Subscriber};
use cohesive_bindings::envelope::Envelope;
use cohesive_bindings::store::BoxFuture;
use cohesive_servers::{Proxy, RabbitMq};
use lapin::options::{ExchangeDeclareOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};

use crate::{Change, KIND, PATIENCE, cuts, message};

struct Brokers(Arc<Running>);

struct Running(RabbitMq);

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

/// Few partitions, because each queue takes its time to be made.
fn options(server: &RabbitMq, namespace: &str) -> RabbitMqOptions {
    RabbitMqOptions {
        uri: server.url(),
        exchange: namespace.to_owned(),
        partitions: 4,
        max_message: 4 * 1024 * 1024,
        pauses: Pauses { first: Duration::from_millis(20), longest: Duration::from_millis(200) },
        ..RabbitMqOptions::default()
    }
}

impl Harness for Brokers {
    fn nature(&self) -> Nature {
        Nature { keeps: true, shares: true, needs_subscription: true, hold: None }
    }

    fn publisher<'a>(&'a self, namespace: &'a str) -> BoxFuture<'a, Arc<dyn Publisher>> {
        Box::pin(async move {
            let publisher = RabbitMqPublisher::connect(options(&self.0.0, namespace)).await;
            Arc::new(publisher.unwrap()) as Arc<dyn Publisher>
        })
    }

    fn subscriber<'a>(
        &'a self,
        namespace: &'a str,
        subscription: &'a str,
        kinds: &'a [&'a str],
    ) -> BoxFuture<'a, Arc<dyn Subscriber>> {
        let subscription = RabbitMqSubscription {
            share_every: Duration::from_millis(100),
            ..RabbitMqSubscription::new(subscription, kinds.iter().copied())
        };
        Box::pin(async move {
            let subscriber = RabbitMqSubscriber::connect(options(&self.0.0, namespace), subscription).await;
            self.0.0.write_queues();
            Arc::new(subscriber.unwrap()) as Arc<dyn Subscriber>
        })
    }

    fn server(&self) -> Option<Arc<dyn Server>> {
        Some(Arc::clone(&self.0) as Arc<dyn Server>)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rabbitmq_passes_the_suite() {
    let report = run_broker(Arc::new(Brokers(Arc::new(Running(RabbitMq::start()))))).await;
    assert_eq!(report.broker, "RabbitMQ");
    assert_eq!(report.left_out, ["extended_stays"]);
}

fn subscription(name: &str) -> RabbitMqSubscription {
    RabbitMqSubscription::new(name, [KIND])
}

/// A channel of the test's own.
async fn channel(server: &RabbitMq) -> (lapin::Connection, lapin::Channel) {
    let connection =
        lapin::Connection::connect(&server.url(), lapin::ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    (connection, channel)
}

async fn declare(channel: &lapin::Channel, queue: &str, arguments: &[(&str, AMQPValue)]) {
    let mut table = FieldTable::default();
    for (name, value) in arguments {
        table.insert((*name).into(), value.clone());
    }
    channel.queue_declare(queue.into(), QueueDeclareOptions::durable(), table).await.unwrap();
}

/// One server for everything that does not end it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_particular_to_rabbitmq_holds() {
    let server = RabbitMq::with("max_message_size = 5000000");
    what_would_break_a_promise_is_refused(&server).await;
    many_deliveries_lose_nothing(&server).await;
    kinds_of_former_days_are_passed_over(&server).await;
    attributes_have_their_bounds(&server).await;
    what_others_publish_is_read_or_shown(&server).await;
    cut_connections_make_no_false_answers(&server).await;
}

async fn what_would_break_a_promise_is_refused(server: &RabbitMq) {
    let (_connection, channel) = channel(server).await;
    let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    let other = channel.exchange_declare(
        "fanout".into(),
        lapin::ExchangeKind::Fanout,
        durable,
        FieldTable::default(),
    );
    other.await.unwrap();
    let passing = channel.exchange_declare(
        "passing".into(),
        lapin::ExchangeKind::Direct,
        <_>::default(),
        FieldTable::default(),
    );
    passing.await.unwrap();
    for exchange in ["fanout", "passing"] {
        let refused = RabbitMqPublisher::connect(options(server, exchange)).await.err().unwrap().to_string();
        let expected = format!("exchange `{exchange}`: ");
        assert!(
            refused.starts_with(&expected) && refused.contains("; lost: messages after a restart"),
            "{refused}"
        );
    }
    let quorum = || ("x-queue-type", AMQPValue::LongString("quorum".into()));
    let active = || ("x-single-active-consumer", AMQPValue::Boolean(true));
    let endless = || ("x-delivery-limit", AMQPValue::LongInt(i32::MAX));
    let full = ("x-max-length", AMQPValue::LongInt(10));
    declare(&channel, "queues.classic.02-4", &[]).await;
    declare(&channel, "queues.many.02-4", &[quorum(), endless()]).await;
    declare(&channel, "queues.limited.02-4", &[quorum(), active()]).await;
    declare(&channel, "queues.full.02-4", &[quorum(), active(), endless(), full]).await;
    for name in ["classic", "many", "limited", "full"] {
        let refused = RabbitMqSubscriber::connect(options(server, "queues"), subscription(name)).await;
        let refused = refused.err().unwrap().to_string();
        assert!(refused.starts_with(&format!("queue `queues.{name}.02-4`: ")), "{refused}");
        assert!(refused.contains("; lost: messages after a restart or after many deliveries"), "{refused}");
    }
    // F10: a bound that is not the server's is found at the start.
    let large = RabbitMqOptions { max_message: 5_000_001, ..options(server, "large") };
    let refused = RabbitMqPublisher::connect(large.clone()).await.err().unwrap().to_string();
    assert!(refused.starts_with("`max_message` of 5000001 bytes: "), "{refused}");
    RabbitMqPublisher::connect(RabbitMqOptions { max_message: 5_000_000, ..large }).await.unwrap();
}

/// From version 4 on, a queue drops what was delivered twenty times, unless it is told otherwise.
async fn many_deliveries_lose_nothing(server: &RabbitMq) {
    let publisher = RabbitMqPublisher::connect(options(server, "many")).await.unwrap();
    let subscriber = RabbitMqSubscriber::connect(options(server, "many"), subscription("s")).await.unwrap();
    publisher.publish(&message("k", 0)).await.unwrap();
    for _ in 0..30 {
        let delivery = tokio::time::timeout(PATIENCE, subscriber.receive()).await.unwrap().unwrap();
        assert_eq!(delivery.message.unwrap(), message("k", 0));
        delivery.acknowledge.reject(Duration::ZERO).await.unwrap();
    }
    subscriber.close().await;
}

async fn kinds_of_former_days_are_passed_over(server: &RabbitMq) {
    let both = RabbitMqSubscription::new("s", [KIND, "parcel.lost"]);
    RabbitMqSubscriber::connect(options(server, "former"), both).await.unwrap().close().await;
    let subscriber = RabbitMqSubscriber::connect(options(server, "former"), subscription("s")).await.unwrap();
    let publisher = RabbitMqPublisher::connect(options(server, "former")).await.unwrap();
    let lost = Envelope { kind: "parcel.lost".to_owned(), ..message("k", 0) };
    publisher.publish(&lost).await.unwrap();
    publisher.publish(&message("k", 1)).await.unwrap();
    let delivery = tokio::time::timeout(PATIENCE, subscriber.receive()).await.unwrap().unwrap();
    assert_eq!(delivery.message.unwrap(), message("k", 1));
    delivery.acknowledge.accept().await.unwrap();
    // Whoever counts partitions otherwise reaches nobody, and hears of it.
    let other = RabbitMqOptions { partitions: 5, ..options(server, "former") };
    let refused =
        RabbitMqPublisher::connect(other).await.unwrap().publish(&message("k", 2)).await.unwrap_err();
    assert!(refused.message.starts_with("no queue takes the message"), "{refused}");
    subscriber.close().await;
}

async fn attributes_have_their_bounds(server: &RabbitMq) {
    let subscriber = RabbitMqSubscriber::connect(options(server, "bounds"), subscription("s")).await.unwrap();
    let publisher = RabbitMqPublisher::connect(options(server, "bounds")).await.unwrap();
    let wide = Envelope { correlation: "c".repeat(130_000), ..message("k", 0) };
    let long = Envelope { kind: "k".repeat(251), ..message("k", 0) };
    for refused in [wide, long] {
        let refused = publisher.publish(&refused).await.map_err(|error| error.class);
        assert_eq!(refused, Err(ErrorClass::Permanent));
    }
    let widest = Envelope { subject: Some("c".repeat(4000)), id: "i".repeat(4000), ..message("k", 1) };
    publisher.publish(&widest).await.unwrap();
    let delivery = tokio::time::timeout(PATIENCE, subscriber.receive()).await.unwrap().unwrap();
    assert_eq!(delivery.message.unwrap(), widest);
    subscriber.close().await;
}

async fn what_others_publish_is_read_or_shown(server: &RabbitMq) {
    let subscriber = RabbitMqSubscriber::connect(options(server, "others"), subscription("s")).await.unwrap();
    let (_connection, channel) = channel(server).await;
    let structured = message("k", 0).structured().unwrap();
    let document = lapin::BasicProperties::default().with_content_type("application/cloudevents+json".into());
    let nothing = lapin::BasicProperties::default();
    for (body, properties) in [(structured.as_bytes(), document), (b"nothing of ours".as_slice(), nothing)] {
        let key = format!("03/4.{KIND}");
        channel.basic_publish("others".into(), key.into(), <_>::default(), body, properties).await.unwrap();
    }
    let read = tokio::time::timeout(PATIENCE, subscriber.receive()).await.unwrap().unwrap();
    assert_eq!(read.message.unwrap(), message("k", 0));
    read.acknowledge.accept().await.unwrap();
    let shown = tokio::time::timeout(PATIENCE, subscriber.receive()).await.unwrap().unwrap();
    assert!(shown.message.is_err());
    assert_eq!(shown.raw.body, b"nothing of ours");
    shown.acknowledge.accept().await.unwrap();
    subscriber.close().await;
}

/// F36: connections are cut after any byte, and what was acknowledged has arrived.
async fn cut_connections_make_no_false_answers(server: &RabbitMq) {
    let proxy = Proxy::to(&server.url());
    let subscriber = RabbitMqSubscriber::connect(options(server, "cuts"), subscription("s")).await.unwrap();
    let timeout = Duration::from_secs(2);
    let through = RabbitMqOptions { uri: proxy.url(&server.url()), timeout, ..options(server, "cuts") };
    let through = RabbitMqOptions { max_message: 1000, ..through };
    let publisher = RabbitMqPublisher::connect(through).await.unwrap();
    cuts::cut(&proxy, Arc::new(publisher), Arc::new(subscriber)).await;
}

#[tokio::test]
async fn options_are_checked_before_anything_is_sent() {
    // Nobody listens here.
    let options =
        RabbitMqOptions { uri: "amqp://u:secret@127.0.0.1:1/%2f".to_owned(), ..RabbitMqOptions::default() };
    assert!(!format!("{options:?}").contains("secret"), "{options:?}");
    let wrong: Vec<(&str, Change<RabbitMqOptions>)> = vec![
        ("exchange", Box::new(|options| options.exchange = "a b".to_owned())),
        ("partitions", Box::new(|options| options.partitions = 0)),
        ("partitions", Box::new(|options| options.partitions = 101)),
        ("max_message", Box::new(|options| options.max_message = 0)),
        ("in_flight", Box::new(|options| options.in_flight = 0)),
        ("timeout", Box::new(|options| options.timeout = Duration::ZERO)),
        ("pauses", Box::new(|options| options.pauses.first = Duration::ZERO)),
        ("uri", Box::new(|options| options.uri = "http://secret".to_owned())),
        ("uri", Box::new(|options| options.uri = "amqps://u:secret@127.0.0.1/%2f".to_owned())),
    ];
    for (option, change) in wrong {
        let mut options = options.clone();
        change(&mut options);
        let refused = RabbitMqPublisher::connect(options).await.err().unwrap().to_string();
        assert!(
            refused.starts_with(&format!("option `{option}`: ")) && !refused.contains("secret"),
            "{refused}"
        );
    }
    for (option, wrong) in [
        ("name", RabbitMqSubscription::new("a b", [KIND])),
        ("kinds", RabbitMqSubscription::new("a", [""; 0])),
        ("share_every", RabbitMqSubscription { share_every: Duration::ZERO, ..subscription("a") }),
    ] {
        let refused = RabbitMqSubscriber::connect(options.clone(), wrong).await.err().unwrap().to_string();
        assert!(refused.starts_with(&format!("option `{option}`: ")), "{refused}");
    }
    let refused = RabbitMqPublisher::connect(options).await.err().unwrap();
    assert!(matches!(refused, BrokerError::Unreachable { .. }), "{refused}");
}
