//! How Kafka is reached and used.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

use crate::broker::BrokerError;

/// How much of a batch is not the message: its own head, the record's marks, and the key, which stands in the record
/// twice (F10).
const FRAMING: usize = 5 * 1024;
/// A member that does not poll for five minutes is taken for dead.
const LONGEST_HAND_OVER: Duration = Duration::from_mins(1);

/// How to reach Kafka, and where messages lie there. Publishers and subscribers of one system need the same `topic`.
#[derive(Clone, PartialEq, Eq)]
pub struct KafkaOptions {
    /// Where to find the cluster: `host:port` of one broker or more.
    pub servers: Vec<String>,
    /// The topic of all messages. Order is kept within a topic, so there is one.
    pub topic: String,
    /// The longest batch that the topic takes, in bytes: its `max.message.bytes`.
    pub message_bytes: usize,
    /// How long the topic keeps messages: its `retention.ms`. `None` is without end.
    pub keep: Option<Duration>,
    /// For how long a message is tried before it counts as not acknowledged. Shorter than the relay's publish
    /// timeout, so that no copy lingers that the relay has given up.
    pub delivery_timeout: Duration,
    /// Further settings of librdkafka by their names, such as `security.protocol`. What would break a promise is
    /// refused.
    pub settings: BTreeMap<String, String>,
}

impl Default for KafkaOptions {
    fn default() -> Self {
        Self {
            servers: vec!["localhost:9092".to_owned()],
            topic: "cohesive".to_owned(),
            message_bytes: 1_048_588,
            keep: Some(Duration::from_hours(7 * 24)),
            delivery_timeout: Duration::from_secs(8),
            settings: BTreeMap::new(),
        }
    }
}

/// The values of settings are left out: a password may be among them.
impl fmt::Debug for KafkaOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("KafkaOptions")
            .field("servers", &self.servers)
            .field("topic", &self.topic)
            .field("settings", &self.settings.keys())
            .finish_non_exhaustive()
    }
}

/// What a subscriber takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaSubscription {
    /// The name of the subscription, which is a consumer group: its members share the messages. A new one begins with
    /// the oldest message that the topic still has.
    pub name: String,
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
}

impl KafkaSubscription {
    /// A subscription to these kinds.
    #[must_use]
    pub fn new(name: impl Into<String>, kinds: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            name: name.into(),
            kinds: kinds.into_iter().map(Into::into).collect(),
            window: 64,
            buffer: 2 * 1024 * 1024,
            hand_over: Duration::from_secs(5),
        }
    }
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

impl KafkaOptions {
    /// How many bytes a message may have, as a relay counts them.
    pub(super) fn max_message(&self) -> usize {
        self.message_bytes.saturating_sub(FRAMING)
    }

    fn base(&self) -> Result<ClientConfig, BrokerError> {
        let flawed = |server: &String| server.trim().is_empty() || server.contains(',');
        if self.servers.is_empty() || self.servers.iter().any(flawed) {
            return Err(BrokerError::option("servers", "there is none, or one is not `host:port`"));
        }
        if self.topic.is_empty() {
            return Err(BrokerError::option("topic", "it is empty"));
        }
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", self.servers.join(","))
            .set("client.id", "cohesive")
            // What is read ahead is thrown away when a partition is paused, so it is little.
            .set("fetch.message.max.bytes", "262144")
            .set("queued.max.messages.kbytes", "16384")
            .set("queued.min.messages", "1000")
            // A topic that is made after its consumers is found in time.
            .set("topic.metadata.refresh.interval.ms", "10000")
            // Otherwise warnings are dropped, unless somebody has set a logger of the crate `log`.
            .set_log_level(RDKafkaLogLevel::Debug);
        for (name, value) in &self.settings {
            if FIXED.contains(&name.as_str()) {
                let flaw = format!("`{name}` is fixed, because a promise depends on it");
                return Err(BrokerError::option("settings", flaw));
            }
            config.set(name, value);
        }
        Ok(config)
    }

    pub(super) fn producer(&self) -> Result<ClientConfig, BrokerError> {
        if self.delivery_timeout.as_millis() == 0 {
            return Err(BrokerError::option("delivery_timeout", "it is zero"));
        }
        if self.max_message() == 0 {
            return Err(BrokerError::option("message_bytes", "there is no room for a message"));
        }
        let mut config = self.base()?;
        config
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("partitioner", "murmur2_random")
            .set("message.max.bytes", self.message_bytes.to_string())
            .set("delivery.timeout.ms", self.delivery_timeout.as_millis().to_string());
        Ok(config)
    }

    pub(super) fn consumer(&self, subscription: &KafkaSubscription) -> Result<ClientConfig, BrokerError> {
        let KafkaSubscription { name, kinds, window, buffer, hand_over } = subscription;
        if name.is_empty() {
            return Err(BrokerError::option("name", "it is empty"));
        }
        if kinds.is_empty() || kinds.iter().any(String::is_empty) {
            return Err(BrokerError::option("kinds", "there is none, or one is empty"));
        }
        if *window == 0 || *buffer == 0 {
            return Err(BrokerError::option("window", "it, or the buffer, is zero"));
        }
        if *hand_over > LONGEST_HAND_OVER {
            let flaw = format!("it is longer than {LONGEST_HAND_OVER:?}");
            return Err(BrokerError::option("hand_over", flaw));
        }
        let mut config = self.base()?;
        config
            .set("group.id", name)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("enable.partition.eof", "false")
            .set("auto.offset.reset", "earliest")
            // Members keep what they have when others come and go.
            .set("partition.assignment.strategy", "cooperative-sticky");
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription() -> KafkaSubscription {
        KafkaSubscription::new("g", ["k"])
    }

    #[test]
    fn options_that_break_promises_are_refused() {
        let options = KafkaOptions::default();
        assert!(options.producer().is_ok() && options.consumer(&subscription()).is_ok());
        for name in FIXED {
            let options =
                KafkaOptions { settings: [(name.to_owned(), "0".to_owned())].into(), ..options.clone() };
            for config in [options.producer(), options.consumer(&subscription())] {
                assert!(config.err().unwrap().to_string().contains(name));
            }
        }
        let flawed = [
            KafkaOptions { servers: vec![], ..options.clone() },
            KafkaOptions { servers: vec![" ".to_owned()], ..options.clone() },
            KafkaOptions { topic: String::new(), ..options.clone() },
            KafkaOptions { delivery_timeout: Duration::from_micros(999), ..options.clone() },
            KafkaOptions { message_bytes: FRAMING, ..options.clone() },
        ];
        for options in flawed {
            assert!(options.producer().is_err(), "{options:?}");
        }
        let flawed = [
            KafkaSubscription { name: String::new(), ..subscription() },
            KafkaSubscription { kinds: vec![], ..subscription() },
            KafkaSubscription { kinds: vec![String::new()], ..subscription() },
            KafkaSubscription { window: 0, ..subscription() },
            KafkaSubscription { buffer: 0, ..subscription() },
            KafkaSubscription { hand_over: Duration::from_secs(61), ..subscription() },
        ];
        for subscription in flawed {
            assert!(options.consumer(&subscription).is_err(), "{subscription:?}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let settings = [("sasl.password".to_owned(), "the secret".to_owned())].into();
        let text = format!("{:?}", KafkaOptions { settings, ..KafkaOptions::default() });
        assert!(text.contains("sasl.password") && !text.contains("the secret"), "{text}");
    }
}
