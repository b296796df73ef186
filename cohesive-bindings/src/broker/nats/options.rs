//! How to reach NATS, and what to keep there.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use tokio::sync::watch;

use crate::broker::connect::{BrokerError, Pauses, check_partitions, check_span, check_word};

/// How to reach NATS, and what to keep there. Publishers and subscribers of one system need the same `stream`, `prefix`
/// and `partitions`.
#[derive(Clone, PartialEq, Eq)]
pub struct NatsOptions {
    /// The servers, like `nats://localhost:4222`, or `tls://…`. A user and a password, or a token alone, may stand
    /// before the host: `nats://user:password@localhost:4222`.
    pub servers: Vec<String>,
    /// The name of the stream. It is made if it is absent.
    pub stream: String,
    /// The first word of every subject.
    pub prefix: String,
    /// How many partitions there are, from 1 to 100. It stays as it is for as long as the stream does: the stream's
    /// description holds it, and another number is refused.
    pub partitions: u16,
    /// How many servers of the cluster keep a message before it is acknowledged.
    pub replicas: usize,
    /// For how long the stream keeps messages, taken or not. It has to be longer than any subscription may be away.
    pub keep: Duration,
    /// For how long the server recognises a message that is published again. It saves receivers work and is no promise:
    /// they know repeats by their ids.
    pub duplicate_window: Duration,
    /// How long to wait for any answer of the server.
    pub timeout: Duration,
    /// How long to wait between attempts to connect.
    pub pauses: Pauses,
    /// Whether a connection without TLS is refused.
    pub require_tls: bool,
    /// A file of PEM certificates to trust besides those of the system.
    pub root_certificates: Option<PathBuf>,
    /// The files of this client's certificate and its key, PEM.
    pub client_certificate: Option<(PathBuf, PathBuf)>,
}

impl Default for NatsOptions {
    fn default() -> Self {
        Self {
            servers: vec!["nats://localhost:4222".to_owned()],
            stream: "COHESIVE".to_owned(),
            prefix: "cohesive".to_owned(),
            partitions: 16,
            replicas: 1,
            keep: Duration::from_hours(7 * 24),
            duplicate_window: Duration::from_mins(2),
            timeout: Duration::from_secs(5),
            pauses: Pauses::default(),
            require_tls: false,
            root_certificates: None,
            client_certificate: None,
        }
    }
}

/// The servers' users and passwords are left out.
impl fmt::Debug for NatsOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts: Vec<_> =
            self.servers.iter().map(|server| server.rsplit('@').next().unwrap_or_default()).collect();
        formatter
            .debug_struct("NatsOptions")
            .field("servers", &hosts)
            .field("stream", &self.stream)
            .field("prefix", &self.prefix)
            .field("partitions", &self.partitions)
            .finish_non_exhaustive()
    }
}

/// What a subscriber takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatsSubscription {
    /// The name of the subscription: receivers with the same name share its messages. Letters, digits, `-` and `_`.
    pub name: String,
    /// The kinds of messages, by exact name. Others that the prefix has are read and passed over.
    pub kinds: Vec<String>,
    /// For how long a message stays with a receiver that says nothing. A crash delays what it had in hand by this; a
    /// handler that takes longer has to extend it.
    pub hold: Duration,
}

impl NatsSubscription {
    /// A subscription to messages of these kinds, held for 30 seconds.
    pub fn new(name: impl Into<String>, kinds: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let kinds = kinds.into_iter().map(Into::into).collect();
        Self { name: name.into(), kinds, hold: Duration::from_secs(30) }
    }

    pub(super) fn check(&self) -> Result<(), BrokerError> {
        check_word("name", &self.name)?;
        if self.kinds.is_empty() {
            return Err(BrokerError::option("kinds", "there are none"));
        }
        // Servers round less than that.
        if self.hold < Duration::from_millis(100) {
            return Err(BrokerError::option("hold", "it is shorter than 100 ms"));
        }
        Ok(())
    }
}

impl NatsOptions {
    pub(super) fn check(&self) -> Result<(), BrokerError> {
        check_word("stream", &self.stream)?;
        check_word("prefix", &self.prefix)?;
        check_partitions(self.partitions)?;
        check_span("keep", self.keep)?;
        check_span("timeout", self.timeout)?;
        self.pauses.check()?;
        if !(1..=5).contains(&self.replicas) {
            return Err(BrokerError::option("replicas", format!("{} is not between 1 and 5", self.replicas)));
        }
        if self.duplicate_window.is_zero() || self.duplicate_window > self.keep {
            return Err(BrokerError::option(
                "duplicate_window",
                "it is zero, or longer than messages are kept",
            ));
        }
        Ok(())
    }

    /// A connection that comes back by itself, and a number that grows whenever it does.
    pub(super) async fn connect(&self) -> Result<(Client, watch::Receiver<u64>), BrokerError> {
        let mut servers = Vec::new();
        for server in &self.servers {
            // The text of the failure could hold a password.
            let address: ServerAddr = server.parse().map_err(|_| {
                BrokerError::option("servers", "one of them is no address like `nats://host:4222`")
            })?;
            servers.push(address);
        }
        let pauses = self.pauses;
        let (connected, connections) = watch::channel(0);
        let mut options = ConnectOptions::new()
            .connection_timeout(self.timeout)
            .request_timeout(Some(self.timeout))
            .require_tls(self.require_tls)
            .reconnect_delay_callback(move |failures| pauses.after(failures))
            .event_callback(move |event| {
                if matches!(event, Event::Connected) {
                    connected.send_modify(|connections| *connections += 1);
                }
                async {}
            });
        if let Some(file) = &self.root_certificates {
            options = options.add_root_certificates(file.clone());
        }
        if let Some((certificate, key)) = &self.client_certificate {
            options = options.add_client_certificate(certificate.clone(), key.clone());
        }
        // The client reads neither from an address.
        let login = servers
            .iter()
            .find_map(|server| Some((server.username()?.to_owned(), server.password().map(str::to_owned))));
        options = match login {
            Some((user, Some(password))) => options.user_and_password(user, password),
            Some((token, None)) => options.token(token),
            None => options,
        };
        let client = options
            .connect(servers)
            .await
            .map_err(|error| BrokerError::unreachable("NATS cannot be reached", error))?;
        Ok((client, connections))
    }
}
