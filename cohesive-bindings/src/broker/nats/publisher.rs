//! Publishing to NATS.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_nats::client::RequestErrorKind;
use async_nats::connection::State;
use async_nats::jetstream::{self, Context};
use async_nats::{Client, HeaderMap, Request};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;

use super::options::NatsOptions;
use super::stream::ensure_stream;
use super::subject::subject;
use super::{HEADER_PREFIX, NAME};
use crate::broker::connect::BrokerError;
use crate::broker::partition::partition;
use crate::broker::publisher::{PublishError, Publisher};
use crate::envelope::{Envelope, HeaderText};
use crate::store::BoxFuture;

/// How long an id may be by which the server recognises repeats. A longer one is hashed.
const LONGEST_ID: usize = 256;
/// The bytes of the headers that are not of the envelope, but for the name of the stream.
const OTHER_HEADERS: usize = "NATS/1.0\r\n\r\nNats-Msg-Id: \r\nNats-Expected-Stream: \r\n".len() + LONGEST_ID;

/// Publishes to a stream of NATS `JetStream`.
///
/// A message is published when the server has acknowledged it for this very stream. While there is no connection,
/// publishing fails at once, in a way that may pass; the connection comes back by itself.
pub struct NatsPublisher {
    client: Client,
    context: Context,
    options: NatsOptions,
    /// What the stream allows.
    most: AtomicUsize,
}

/// What the server answers.
#[derive(Deserialize)]
struct Acknowledgement {
    error: Option<Refusal>,
    stream: Option<String>,
    seq: Option<u64>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    err_code: u64,
    #[serde(default)]
    description: String,
}

/// The codes of the server for a message that it will never take.
const TOO_LARGE: u64 = 10054;

impl NatsPublisher {
    /// Connects, and makes the stream or checks the one that is there.
    ///
    /// # Errors
    /// When an option is wrong, the server cannot be reached, or the stream would break a promise.
    pub async fn connect(options: NatsOptions) -> Result<Self, BrokerError> {
        options.check()?;
        let (client, _) = options.connect().await?;
        let mut context = jetstream::new(client.clone());
        context.set_timeout(options.timeout);
        let found = ensure_stream(&context, &options).await?;
        let most = AtomicUsize::new(found.max_message.unwrap_or(usize::MAX));
        Ok(Self { client, context, options, most })
    }

    async fn send(&self, message: &Envelope) -> Result<(), PublishError> {
        let most = self.max_message();
        if message.size() > most {
            let reason = format!("the message has {} bytes, and the stream takes {most}", message.size());
            return Err(PublishError::permanent(reason));
        }
        let partition = partition(&message.partition_key, self.options.partitions);
        let Some(subject) = subject(&self.options.prefix, partition, &message.kind) else {
            return Err(PublishError::permanent("the message's kind is too long for a subject"));
        };
        // The client would keep it, and send it when nobody waits for it any more.
        if self.client.connection_state() != State::Connected {
            return Err(PublishError::transient("there is no connection to NATS"));
        }
        let request = Request::new()
            .headers(self.headers(message)?)
            .payload(message.data.clone().into())
            .timeout(Some(self.options.timeout));
        // Handing it to the client may wait too.
        let answer = timeout(self.options.timeout, self.client.send_request(subject, request)).await;
        let answer = answer.map_err(|_| PublishError::transient("NATS did not answer in time"))?;
        match answer {
            Ok(answer) => self.read(&answer.payload),
            Err(error) if error.kind() == RequestErrorKind::NoResponders => {
                // There is no such stream: it was lost, and whoever sends again shall find one.
                self.find().await;
                Err(PublishError::transient("no stream takes the message").because(error))
            }
            Err(error) if error.kind() == RequestErrorKind::MaxPayloadExceeded => {
                Err(PublishError::permanent("the message is too large for the server").because(error))
            }
            Err(error) => Err(PublishError::transient("NATS did not acknowledge the message").because(error)),
        }
    }

    async fn find(&self) {
        match ensure_stream(&self.context, &self.options).await {
            Ok(found) => self.most.store(found.max_message.unwrap_or(usize::MAX), Ordering::SeqCst),
            Err(error) => tracing::warn!(failure = %error, "the stream is missing and cannot be made"),
        }
    }

    fn headers(&self, message: &Envelope) -> Result<HeaderMap, PublishError> {
        let mut headers = HeaderMap::new();
        for (name, value) in message.headers(HEADER_PREFIX, HeaderText::Percent) {
            insert(&mut headers, &name, &value)?;
        }
        let attribute = |name: &str| headers.get(name).map(ToString::to_string).unwrap_or_default();
        let mut id = format!("{}#{}", attribute("ce-source"), attribute("ce-id"));
        if id.len() > LONGEST_ID {
            id = Sha256::digest(id.as_bytes())
                .iter()
                .fold(String::new(), |id, byte| format!("{id}{byte:02x}"));
        }
        insert(&mut headers, "Nats-Msg-Id", &id)?;
        insert(&mut headers, "Nats-Expected-Stream", &self.options.stream)?;
        Ok(headers)
    }

    /// F36: only the stream's own answer counts.
    fn read(&self, answer: &[u8]) -> Result<(), PublishError> {
        let unread = |error| PublishError::transient("the answer of NATS cannot be read").because(error);
        let answer: Acknowledgement = serde_json::from_slice(answer).map_err(unread)?;
        match answer {
            Acknowledgement { error: Some(Refusal { err_code, description }), .. } => {
                let message = format!("the stream refused the message: {description} ({err_code})");
                let refusal =
                    if err_code == TOO_LARGE { PublishError::permanent } else { PublishError::transient };
                Err(refusal(message))
            }
            Acknowledgement { stream: Some(stream), seq: Some(_), .. } if stream == self.options.stream => {
                Ok(())
            }
            _ => Err(PublishError::transient("another stream answered, or none")),
        }
    }
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), PublishError> {
    use async_nats::header::{HeaderName, HeaderValue};
    let flaw = |error: Box<dyn std::error::Error + Send + Sync>| {
        PublishError::permanent(format!("the header `{name}` cannot be written")).because(error)
    };
    let header: HeaderName = name.parse().map_err(|error| flaw(Box::new(error)))?;
    let value: HeaderValue = value.parse().map_err(|error| flaw(Box::new(error)))?;
    headers.insert(header, value);
    Ok(())
}

impl Publisher for NatsPublisher {
    fn name(&self) -> &'static str {
        NAME
    }

    /// What the server and the stream allow now, less what is sent beside the message.
    fn max_message(&self) -> usize {
        let most = self.client.max_payload().min(self.most.load(Ordering::SeqCst));
        most.saturating_sub(OTHER_HEADERS + self.options.stream.len())
    }

    fn publish<'a>(&'a self, message: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(self.send(message))
    }
}
