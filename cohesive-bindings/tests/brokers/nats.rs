//! NATS `JetStream`.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::pull;
use async_nats::jetstream::{self, stream};
use cohesive_bindings::broker::conformance::{Harness, Nature, Server, run_broker};
use cohesive_bindings::broker::nats::{NatsOptions, NatsPublisher, NatsSubscriber, NatsSubscription};
use cohesive_bindings::broker::{BrokerError, ErrorClass, Pauses, Publisher, Subscriber};
use cohesive_bindings::envelope::Envelope;
use cohesive_bindings::store::BoxFuture;
use cohesive_servers::{Nats, Proxy};

use crate::{Change, KIND, PATIENCE, cuts, message};

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

fn subscription(name: &str) -> NatsSubscription {
    NatsSubscription { hold: HOLD, ..NatsSubscription::new(name, [KIND]) }
}

/// A name, a change, and what is said of it.
type Flaw = (&'static str, fn(&mut stream::Config), &'static str);

/// What `what_would_break_a_promise_is_refused` changes of a stream that would do.
fn flaws() -> Vec<Flaw> {
    vec![
        (
            "memory",
            |config| config.storage = stream::StorageType::Memory,
            "it is kept in memory; lost: a restart",
        ),
        (
            "age",
            |config| {
                // The server wants no longer window than that.
                config.max_age = Duration::from_secs(5);
                config.duplicate_window = Duration::from_secs(5);
            },
            "it keeps messages for 5s",
        ),
        (
            "full",
            |config| (config.max_messages, config.discard) = (10, stream::DiscardPolicy::New),
            "it has a limit, and discards New messages; lost: a full stream",
        ),
        ("full", |config| config.max_bytes = 100_000, "it has a limit, and discards Old messages"),
        (
            "interest",
            |config| config.retention = stream::RetentionPolicy::Interest,
            "its retention is Interest",
        ),
        (
            "work",
            |config| config.retention = stream::RetentionPolicy::WorkQueue,
            "its retention is WorkQueue",
        ),
        ("mute", |config| config.no_ack = true, "it does not acknowledge; lost: every answer"),
        (
            "subjects",
            |config| config.subjects = vec!["other.>".to_owned()],
            "it takes [\"other.>\"], and not",
        ),
        (
            "window",
            |config| config.duplicate_window = Duration::from_secs(1),
            "it recognises repeats for 1s, and not 120s",
        ),
        (
            "partitions",
            |config| config.description = Some("cohesive partitions=8".to_owned()),
            "its description is `cohesive partitions=8`, and not `cohesive partitions=16`",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_break_a_promise_is_refused() {
    let server = Nats::start();
    let context = jetstream::new(async_nats::connect(server.url()).await.unwrap());
    NatsPublisher::connect(options(&server, "fine")).await.unwrap();
    let fine = context.get_stream("fine").await.unwrap().cached_info().config.clone();
    for (number, (name, change, refusal)) in flaws().into_iter().enumerate() {
        let name = format!("{name}{number}");
        let mut config = fine.clone();
        (config.name, config.subjects) = (name.clone(), vec![format!("{name}.>")]);
        change(&mut config);
        context.create_stream(config).await.unwrap();
        let refused = NatsPublisher::connect(options(&server, &name)).await.err().unwrap().to_string();
        assert!(refused.starts_with(&format!("stream `{name}`: ")) && refused.contains(refusal), "{refused}");
        let refused =
            NatsSubscriber::connect(options(&server, &name), subscription("s")).await.err().unwrap();
        assert!(refused.to_string().contains(refusal), "{refused}");
        context.delete_stream(name).await.unwrap();
    }
    // More than was asked for is welcome.
    let more = stream::Config { max_age: Duration::ZERO, ..fine };
    context.update_stream(more).await.unwrap();
    NatsSubscriber::connect(options(&server, "fine"), subscription("s")).await.unwrap().close().await;

    let loose = pull::Config {
        durable_name: Some("loose-07".to_owned()),
        filter_subject: "fine.07.>".to_owned(),
        max_ack_pending: 10,
        ..pull::Config::default()
    };
    context.create_consumer_on_stream(loose, "fine").await.unwrap();
    let refused = NatsSubscriber::connect(options(&server, "fine"), subscription("loose")).await;
    let refused = refused.err().unwrap().to_string();
    assert!(
        refused.starts_with("consumer `loose-07`: it hands out 10 messages at once; lost: the order"),
        "{refused}"
    );
}

#[tokio::test]
async fn options_are_checked_before_anything_is_sent() {
    // Nobody listens here.
    let options =
        NatsOptions { servers: vec!["nats://u:secret@127.0.0.1:1".to_owned()], ..NatsOptions::default() };
    assert!(!format!("{options:?}").contains("secret"), "{options:?}");
    let wrong: Vec<(&str, Change<NatsOptions>)> = vec![
        ("stream", Box::new(|options| options.stream = "a.b".to_owned())),
        ("prefix", Box::new(|options| options.prefix = "*".to_owned())),
        ("partitions", Box::new(|options| options.partitions = 0)),
        ("partitions", Box::new(|options| options.partitions = 101)),
        ("replicas", Box::new(|options| options.replicas = 0)),
        ("keep", Box::new(|options| options.keep = Duration::ZERO)),
        ("timeout", Box::new(|options| options.timeout = Duration::ZERO)),
        ("duplicate_window", Box::new(|options| options.duplicate_window = options.keep * 2)),
        ("servers", Box::new(|options| options.servers = vec!["a b secret".to_owned()])),
    ];
    for (option, change) in wrong {
        let mut options = options.clone();
        change(&mut options);
        let refused = NatsPublisher::connect(options).await.err().unwrap().to_string();
        assert!(
            refused.starts_with(&format!("option `{option}`: ")) && !refused.contains("secret"),
            "{refused}"
        );
    }
    for (option, wrong) in [
        ("name", NatsSubscription::new("a b", [KIND])),
        ("kinds", NatsSubscription::new("a", [""; 0])),
        ("hold", NatsSubscription { hold: Duration::from_millis(99), ..NatsSubscription::new("a", [KIND]) }),
    ] {
        let refused = NatsSubscriber::connect(options.clone(), wrong).await.err().unwrap().to_string();
        assert!(refused.starts_with(&format!("option `{option}`: ")), "{refused}");
    }
    let refused = NatsPublisher::connect(options).await.err().unwrap();
    assert!(matches!(refused, BrokerError::Unreachable { .. }), "{refused}");
}

/// What is given back does not wait for the end of its time.
#[tokio::test(flavor = "multi_thread")]
async fn closing_gives_back_at_once() {
    let server = Nats::start();
    let patient = NatsSubscription { hold: Duration::from_hours(1), ..subscription("s") };
    let publisher = NatsPublisher::connect(options(&server, "closing")).await.unwrap();
    let first = NatsSubscriber::connect(options(&server, "closing"), patient.clone()).await.unwrap();
    for number in 0..40 {
        publisher.publish(&message(&format!("k{number}"), 0)).await.unwrap();
    }
    let held = first.receive().await.unwrap();
    first.close().await;
    let second = NatsSubscriber::connect(options(&server, "closing"), patient).await.unwrap();
    held.acknowledge.reject(Duration::ZERO).await.unwrap();
    for _ in 0..40 {
        let delivery = tokio::time::timeout(PATIENCE, second.receive()).await.unwrap().unwrap();
        delivery.acknowledge.accept().await.unwrap();
    }
}

/// F37: the broker loses everything that it had acknowledged; what the outbox has kept is published again, and arrives.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_stream_is_made_again() {
    let server = Nats::start();
    let publisher = NatsPublisher::connect(options(&server, "lost")).await.unwrap();
    let subscriber = NatsSubscriber::connect(options(&server, "lost"), subscription("s")).await.unwrap();
    for number in 0..10 {
        publisher.publish(&message("k", number)).await.unwrap();
    }
    server.kill();
    server.wipe();
    server.run_again();
    for number in 0..10 {
        while let Err(error) = publisher.publish(&message("k", number)).await {
            assert_eq!(error.class, ErrorClass::Transient, "{}", error.chain());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let mut number = 0;
    while number < 10 {
        let Ok(delivery) = tokio::time::timeout(PATIENCE, subscriber.receive()).await.unwrap() else {
            continue;
        };
        let arrived = delivery.message.unwrap();
        if arrived == message("k", number) {
            number += 1;
        }
        // One that was taken before the loss has nobody to hear of it.
        let _ = delivery.acknowledge.accept().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_recognises_repeats() {
    let server = Nats::start();
    let publisher = NatsPublisher::connect(options(&server, "repeats")).await.unwrap();
    let context = jetstream::new(async_nats::connect(server.url()).await.unwrap());
    let long = Envelope { id: "i".repeat(4000), ..message("k", 1) };
    let longer = Envelope { id: format!("{}j", long.id), ..message("k", 1) };
    for message in [message("k", 0), message("k", 0), long.clone(), longer, long] {
        publisher.publish(&message).await.unwrap();
    }
    let kept = context.get_stream("repeats").await.unwrap().cached_info().state.messages;
    assert_eq!(kept, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_publish_is_read_or_shown() {
    let server = Nats::start();
    let subscriber = NatsSubscriber::connect(options(&server, "others"), subscription("s")).await.unwrap();
    let client = async_nats::connect(server.url()).await.unwrap();
    let structured = message("k", 0).structured().unwrap();
    let mut headers = async_nats::HeaderMap::new();
    headers.insert("Content-Type", "application/cloudevents+json");
    let subject = format!("others.03.{KIND}");
    let context = jetstream::new(client);
    let sent = context.publish_with_headers(subject.clone(), headers, structured.into()).await;
    sent.unwrap().await.unwrap();
    context.publish(subject, "nothing of ours".into()).await.unwrap().await.unwrap();
    let read = subscriber.receive().await.unwrap();
    assert_eq!(read.message.unwrap(), message("k", 0));
    read.acknowledge.accept().await.unwrap();
    let shown = subscriber.receive().await.unwrap();
    assert!(shown.message.is_err());
    assert_eq!(shown.raw.body, b"nothing of ours");
    shown.acknowledge.accept().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_stand_before_the_host() {
    let server = Nats::with("authorization { user: desk, password: \"s3cret\" }");
    let with = |login: &str| NatsOptions {
        servers: vec![server.url().replace("nats://", &format!("nats://{login}"))],
        ..options(&server, "login")
    };
    assert!(NatsPublisher::connect(with("desk:s3cret@")).await.is_ok());
    for login in ["", "desk:wrong@", "s3cret@"] {
        let refused = NatsPublisher::connect(with(login)).await.err().unwrap();
        assert!(matches!(refused, BrokerError::Unreachable { .. }), "{refused}");
    }
}

/// F36: connections are cut after any byte, and what was acknowledged has arrived.
#[tokio::test(flavor = "multi_thread")]
async fn cut_connections_make_no_false_answers() {
    let server = Nats::start();
    let proxy = Proxy::to(&server.url());
    let subscriber = NatsSubscriber::connect(options(&server, "cuts"), subscription("s")).await.unwrap();
    let through = NatsOptions { servers: vec![proxy.url(&server.url())], ..options(&server, "cuts") };
    let publisher = Arc::new(NatsPublisher::connect(through).await.unwrap());
    cuts::cut(&proxy, publisher, Arc::new(subscriber)).await;
}
