//! How Kafka is reached and used.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

/// How much of a batch is not the message: its own head, the record's marks, and the key, which stands in the record
/// twice (F10).
const FRAMING: usize = 5 * 1024;

/// How messages are published to Kafka.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaPublisherOptions {
    /// Where to find the cluster: `host:port`, separated by commas.
    pub servers: String,
    /// The topic that all messages go to. Order is kept within a topic, so there is one.
    pub topic: String,
    /// The longest batch that the topic takes, in bytes: its `max.message.bytes`.
    pub message_bytes: usize,
    /// For how long a message is tried before it counts as not acknowledged. Shorter than the relay's publish
    /// timeout, so that no copy lingers that the relay has given up.
    pub delivery_timeout: Duration,
    /// Further settings of librdkafka by their names, such as `security.protocol`. What would break a promise is
    /// refused.
    pub settings: BTreeMap<String, String>,
}

impl Default for KafkaPublisherOptions {
    fn default() -> Self {
        Self {
            servers: "localhost:9092".to_owned(),
            topic: String::new(),
            message_bytes: 1_048_588,
            delivery_timeout: Duration::from_secs(8),
            settings: BTreeMap::new(),
        }
    }
}

/// Where a group begins that has no place in a partition yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// With the oldest message that the topic still has.
    #[default]
    Oldest,
    /// With the messages that come after it has joined. What comes before that is not for it.
    Newest,
}

/// How messages are received from Kafka.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaSubscriberOptions {
    /// Where to find the cluster: `host:port`, separated by commas.
    pub servers: String,
    /// The topics.
    pub topics: Vec<String>,
    /// The consumer group, which is the subscription: its members share the messages.
    pub group: String,
    /// The kinds of messages, by exact name (R01). Messages of other kinds are passed over.
    pub kinds: Vec<String>,
    /// How many messages of a partition are at most delivered or accepted above the offset that Kafka has: that many
    /// may come again. The same for all members of a group, since it tells which messages count as redelivered after
    /// an assignment.
    pub window: usize,
    /// How many bytes of a partition are read ahead at most, but for one fetch.
    pub buffer: usize,
    /// How long a partition that goes to another member waits for what is in hand. It delays the others for as long.
    pub hand_over: Duration,
    /// How long the topics keep messages, their `retention.ms`. `None` is without end.
    pub retention: Option<Duration>,
    /// Where a new group begins.
    pub start: Start,
    /// Further settings of librdkafka by their names. What would break a promise is refused.
    pub settings: BTreeMap<String, String>,
}

impl Default for KafkaSubscriberOptions {
    fn default() -> Self {
        Self {
            servers: "localhost:9092".to_owned(),
            topics: Vec::new(),
            group: String::new(),
            kinds: Vec::new(),
            window: 64,
            buffer: 2 * 1024 * 1024,
            hand_over: Duration::from_secs(5),
            retention: None,
            start: Start::Oldest,
            settings: BTreeMap::new(),
        }
    }
}

/// Options that Kafka cannot be used with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KafkaFlaw {
    /// Something is not given.
    #[error("`{0}` must not be empty or zero")]
    Empty(&'static str),
    /// A bound leaves no room for a message.
    #[error("`message_bytes` of {0} leaves no room for a message")]
    TooSmall(usize),
    /// The setting belongs to the promises made here, and is not to be changed.
    #[error("the setting `{0}` is fixed, because a promise depends on it")]
    Fixed(String),
    /// A member that waits so long is taken for dead.
    #[error("`hand_over` of {0:?} is longer than a minute")]
    HandOverTooLong(Duration),
    /// librdkafka does not take a setting.
    #[error("the setting `{name}` is not usable: {reason}")]
    Setting {
        /// Its name.
        name: String,
        /// Why not.
        reason: String,
    },
    /// The client could not be made.
    #[error("no client could be made: {0}")]
    Client(String),
}

/// Settings that promises depend on, by all their names.
const FIXED: [&str; 27] = [
    "acks",
    "auto.commit.enable",
    "auto.offset.reset",
    "bootstrap.servers",
    "delivery.timeout.ms",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.gapless.guarantee",
    "enable.idempotence",
    "enable.partition.eof",
    "group.id",
    "group.protocol",
    "isolation.level",
    "log.queue",
    "max.in.flight",
    "max.in.flight.requests.per.connection",
    "max.poll.interval.ms",
    "message.max.bytes",
    "message.send.max.retries",
    "message.timeout.ms",
    "metadata.broker.list",
    "partition.assignment.strategy",
    "partitioner",
    "queuing.strategy",
    "request.required.acks",
    "retries",
    "transactional.id",
];

impl KafkaPublisherOptions {
    /// How many bytes a message may have, as a relay counts them.
    pub(super) fn max_message(&self) -> usize {
        self.message_bytes.saturating_sub(FRAMING)
    }

    pub(super) fn config(&self) -> Result<ClientConfig, KafkaFlaw> {
        named("servers", &self.servers)?;
        named("topic", &self.topic)?;
        if self.delivery_timeout.as_millis() == 0 {
            return Err(KafkaFlaw::Empty("delivery_timeout"));
        }
        if self.max_message() == 0 {
            return Err(KafkaFlaw::TooSmall(self.message_bytes));
        }
        let mut config = base(&self.servers);
        add(&mut config, &self.settings)?;
        config
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("partitioner", "murmur2_random")
            .set("message.max.bytes", self.message_bytes.to_string())
            .set("delivery.timeout.ms", self.delivery_timeout.as_millis().to_string());
        Ok(config)
    }
}

impl KafkaSubscriberOptions {
    pub(super) fn config(&self) -> Result<ClientConfig, KafkaFlaw> {
        named("servers", &self.servers)?;
        named("group", &self.group)?;
        for (name, list) in [("topics", &self.topics), ("kinds", &self.kinds)] {
            if list.is_empty() || list.iter().any(String::is_empty) {
                return Err(KafkaFlaw::Empty(name));
            }
        }
        for (name, number) in [("window", self.window), ("buffer", self.buffer)] {
            if number == 0 {
                return Err(KafkaFlaw::Empty(name));
            }
        }
        if self.hand_over > Duration::from_mins(1) {
            return Err(KafkaFlaw::HandOverTooLong(self.hand_over));
        }
        let mut config = base(&self.servers);
        config
            // What is read ahead is thrown away when a partition is paused, so it is little.
            .set("fetch.message.max.bytes", "262144")
            .set("queued.max.messages.kbytes", "16384")
            .set("queued.min.messages", "1000")
            // A topic that is made after its consumers is found in time.
            .set("topic.metadata.refresh.interval.ms", "10000");
        add(&mut config, &self.settings)?;
        config
            .set("group.id", &self.group)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("enable.partition.eof", "false")
            .set("auto.offset.reset", if self.start == Start::Oldest { "earliest" } else { "latest" })
            // Members keep what they have when others come and go.
            .set("partition.assignment.strategy", "cooperative-sticky");
        Ok(config)
    }
}

fn named(name: &'static str, text: &str) -> Result<(), KafkaFlaw> {
    if text.trim().is_empty() { Err(KafkaFlaw::Empty(name)) } else { Ok(()) }
}

fn base(servers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", servers).set("client.id", "cohesive");
    // Otherwise warnings are dropped, unless somebody has set a logger of the crate `log`.
    config.set_log_level(RDKafkaLogLevel::Debug);
    config
}

fn add(config: &mut ClientConfig, settings: &BTreeMap<String, String>) -> Result<(), KafkaFlaw> {
    for (name, value) in settings {
        if FIXED.contains(&name.as_str()) {
            return Err(KafkaFlaw::Fixed(name.clone()));
        }
        config.set(name, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publisher() -> KafkaPublisherOptions {
        KafkaPublisherOptions { topic: "t".to_owned(), ..KafkaPublisherOptions::default() }
    }

    fn subscriber() -> KafkaSubscriberOptions {
        KafkaSubscriberOptions {
            topics: vec!["t".to_owned()],
            group: "g".to_owned(),
            kinds: vec!["k".to_owned()],
            ..KafkaSubscriberOptions::default()
        }
    }

    #[test]
    fn options_that_break_promises_are_refused() {
        assert!(publisher().config().is_ok() && subscriber().config().is_ok());
        for name in FIXED {
            let settings = BTreeMap::from([(name.to_owned(), "0".to_owned())]);
            let fixed = Some(KafkaFlaw::Fixed(name.to_owned()));
            let flaw = KafkaPublisherOptions { settings: settings.clone(), ..publisher() }.config().err();
            assert_eq!(flaw, fixed);
            assert_eq!(KafkaSubscriberOptions { settings, ..subscriber() }.config().err(), fixed);
        }
        let empty = [
            KafkaPublisherOptions { servers: " ".to_owned(), ..publisher() },
            KafkaPublisherOptions { topic: String::new(), ..publisher() },
            KafkaPublisherOptions { delivery_timeout: Duration::ZERO, ..publisher() },
        ];
        for options in empty {
            assert!(matches!(options.config(), Err(KafkaFlaw::Empty(_))), "{options:?}");
        }
        let small = KafkaPublisherOptions { message_bytes: FRAMING, ..publisher() };
        assert_eq!(small.config().err(), Some(KafkaFlaw::TooSmall(FRAMING)));
        let empty = [
            KafkaSubscriberOptions { topics: Vec::new(), ..subscriber() },
            KafkaSubscriberOptions { group: String::new(), ..subscriber() },
            KafkaSubscriberOptions { kinds: vec![String::new()], ..subscriber() },
            KafkaSubscriberOptions { window: 0, ..subscriber() },
            KafkaSubscriberOptions { buffer: 0, ..subscriber() },
        ];
        for options in empty {
            assert!(matches!(options.config(), Err(KafkaFlaw::Empty(_))), "{options:?}");
        }
        let long = KafkaSubscriberOptions { hand_over: Duration::from_secs(61), ..subscriber() };
        assert!(matches!(long.config(), Err(KafkaFlaw::HandOverTooLong(_))));
    }
}
