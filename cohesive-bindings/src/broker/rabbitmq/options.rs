//! How to reach RabbitMQ, and what to keep there.

use std::fmt;
use std::time::Duration;

use lapin::uri::{AMQPScheme, AMQPUri};

use crate::broker::connect::{BrokerError, Pauses, check_partitions, check_span, check_word};

/// How to reach RabbitMQ, and what to keep there. Publishers and subscribers of one system need the same `exchange` and
/// `partitions`; a publisher that counts otherwise finds no queue, and says so.
#[derive(Clone, PartialEq, Eq)]
pub struct RabbitMqOptions {
    /// The server and the virtual host, like `amqp://user:password@localhost:5672/%2f`.
    pub uri: String,
    /// The name of the exchange, which begins the names of the queues too. It is made if it is absent.
    pub exchange: String,
    /// How many partitions there are, from 1 to 100.
    pub partitions: u16,
    /// How many bytes a message may have. The server does not tell its own bound (`max_message_size`, 16 MiB from version
    /// 4 on, 128 MiB before), so a publisher tries one of this size when it connects first.
    pub max_message: usize,
    /// How many messages a publisher may have on their way at once; each takes a channel.
    pub in_flight: u16,
    /// How long to wait for any answer of the server.
    pub timeout: Duration,
    /// How long to wait between attempts to connect.
    pub pauses: Pauses,
}

impl Default for RabbitMqOptions {
    fn default() -> Self {
        Self {
            uri: "amqp://localhost:5672/%2f".to_owned(),
            exchange: "cohesive".to_owned(),
            partitions: 16,
            max_message: 16 * 1024 * 1024,
            in_flight: 64,
            timeout: Duration::from_secs(5),
            pauses: Pauses::default(),
        }
    }
}

/// The user and the password are left out.
impl fmt::Debug for RabbitMqOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RabbitMqOptions")
            .field("uri", &self.uri.rsplit('@').next().unwrap_or_default())
            .field("exchange", &self.exchange)
            .field("partitions", &self.partitions)
            .finish_non_exhaustive()
    }
}

/// What a subscriber takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RabbitMqSubscription {
    /// The name of the subscription: receivers with the same name share its messages. Letters, digits, `-` and `_`.
    pub name: String,
    /// The kinds of messages, by exact name. A kind that is left out later still comes to the queues, until somebody takes
    /// their bindings away, and is passed over.
    pub kinds: Vec<String>,
    /// How often a receiver looks whether others have joined it, and leaves them their share of the partitions.
    pub share_every: Duration,
}

impl RabbitMqSubscription {
    /// A subscription to messages of these kinds, which looks for other receivers every five seconds.
    pub fn new(name: impl Into<String>, kinds: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let kinds = kinds.into_iter().map(Into::into).collect();
        Self { name: name.into(), kinds, share_every: Duration::from_secs(5) }
    }

    pub(super) fn check(&self) -> Result<(), BrokerError> {
        check_word("name", &self.name)?;
        check_span("share_every", self.share_every)?;
        if self.kinds.is_empty() {
            return Err(BrokerError::option("kinds", "there are none"));
        }
        Ok(())
    }
}

impl RabbitMqOptions {
    /// Checks the options, and reads the address.
    pub(super) fn check(&self) -> Result<AMQPUri, BrokerError> {
        check_word("exchange", &self.exchange)?;
        check_partitions(self.partitions)?;
        check_span("timeout", self.timeout)?;
        self.pauses.check()?;
        for (option, number) in
            [("max_message", self.max_message), ("in_flight", usize::from(self.in_flight))]
        {
            if number == 0 {
                return Err(BrokerError::option(option, "it is zero"));
            }
        }
        // The text of the failure could hold a password.
        let flaw = |flaw: &str| BrokerError::option("uri", flaw);
        let mut uri: AMQPUri = self
            .uri
            .parse()
            .map_err(|_| flaw("it is no address like `amqp://user:password@host:5672/%2f`"))?;
        if uri.scheme == AMQPScheme::AMQPS {
            return Err(flaw("there is no TLS in this client; give it a tunnel"));
        }
        // A peer that is gone without a word is found out after two of these.
        uri.query.heartbeat.get_or_insert(10);
        uri.query
            .connection_timeout
            .get_or_insert(u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX));
        Ok(uri)
    }

    /// The key by which a message goes to its queues. The number of partitions is part of it, so that who counts otherwise
    /// reaches nobody instead of the wrong queue. `None` when it is too long for one.
    pub(super) fn routing_key(&self, partition: u16, kind: &str) -> Option<String> {
        let key = format!("{partition:02}/{}.{kind}", self.partitions);
        (key.len() <= 255).then_some(key)
    }

    /// The queue at which the receivers of a subscription show that they are there.
    pub(super) fn presence(&self, subscription: &str) -> String {
        format!("{}.{subscription}.receivers", self.exchange)
    }

    /// The queue of a subscription's partition.
    pub(super) fn queue(&self, subscription: &str, partition: u16) -> String {
        format!("{}.{subscription}.{partition:02}-{}", self.exchange, self.partitions)
    }
}
