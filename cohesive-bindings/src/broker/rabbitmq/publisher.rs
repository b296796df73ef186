//! Publishing to RabbitMQ.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Confirmation, Connection, Error};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::link::Link;
use super::options::RabbitMqOptions;
use super::topology::{ensure_exchange, short, try_size};
use super::{HEADER_PREFIX, NAME};
use crate::broker::connect::BrokerError;
use crate::broker::partition::partition;
use crate::broker::publisher::{PublishError, Publisher};
use crate::envelope::{DATA_CONTENT_TYPE, Envelope, HeaderText};
use crate::store::BoxFuture;

/// How many bytes the headers may have: they travel in one frame, and a server takes frames of 128 KiB.
const LONGEST_HEADERS: usize = 120 * 1024;
/// What is written to the disk before it is confirmed.
const PERSISTENT: u8 = 2;

/// Publishes to an exchange of RabbitMQ.
///
/// A message is published when the server has confirmed it, and has not returned it for want of a queue. While there is
/// no connection, publishing fails at once, in a way that may pass; the connection comes back by itself.
pub struct RabbitMqPublisher {
    link: Link,
    options: RabbitMqOptions,
    places: Semaphore,
    /// Channels of the present connection that nothing is on its way on.
    free: Mutex<Vec<(Arc<Connection>, Channel)>>,
}

impl RabbitMqPublisher {
    /// Connects, makes the exchange or checks the one that is there, and tries how large a message may be.
    ///
    /// # Errors
    /// When an option is wrong, the server cannot be reached, or what is there would break a promise.
    pub async fn connect(options: RabbitMqOptions) -> Result<Self, BrokerError> {
        let uri = options.check()?;
        let own = options.clone();
        let prepare = move |connection: Arc<Connection>| {
            let options = own.clone();
            async move { ensure_exchange(&connection, &options).await }
        };
        let link = Link::open(uri, options.clone(), prepare).await?;
        if let Some(connection) = link.present() {
            try_size(&connection, &options).await?;
        }
        let places = Semaphore::new(usize::from(options.in_flight));
        Ok(Self { link, options, places, free: Mutex::new(Vec::new()) })
    }

    fn free(&self) -> MutexGuard<'_, Vec<(Arc<Connection>, Channel)>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, message: &Envelope) -> Result<(), PublishError> {
        let (size, most) = (message.size(), self.options.max_message);
        if size > most {
            return Err(PublishError::permanent(format!(
                "the message has {size} bytes, and {most} are allowed"
            )));
        }
        let partition = partition(&message.partition_key, self.options.partitions);
        let Some(key) = self.options.routing_key(partition, &message.kind) else {
            return Err(PublishError::permanent("the message's kind is too long for a routing key"));
        };
        let properties = properties(message)?;
        let sent = timeout(self.options.timeout, self.confirmed(short(&key), message, properties)).await;
        sent.unwrap_or_else(|_| Err(PublishError::transient("RabbitMQ did not answer in time")))
    }

    async fn confirmed(
        &self,
        key: ShortString,
        message: &Envelope,
        properties: BasicProperties,
    ) -> Result<(), PublishError> {
        let lost =
            |error: Error| PublishError::transient("RabbitMQ did not confirm the message").because(error);
        let _place = self.places.acquire().await;
        let connection = self.link.present();
        let connection =
            connection.ok_or_else(|| PublishError::transient("there is no connection to RabbitMQ"))?;
        let channel = self.channel(&connection).await.map_err(lost)?;
        // A channel has one message on its way. With several, the client would take the return of one for that of
        // another, and believe the wrong one to be published. Whoever stops waiting leaves the channel to its end.
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let (exchange, body) = (short(&self.options.exchange), message.data.as_bytes());
        let confirm = channel.basic_publish(exchange, key, options, body, properties).await.map_err(lost)?;
        let answer = confirm.await.map_err(lost)?;
        self.free().push((connection, channel));
        match answer {
            Confirmation::Ack(None) => Ok(()),
            Confirmation::Ack(Some(returned)) | Confirmation::Nack(Some(returned)) => {
                let reason = format!("no queue takes the message: {}", returned.reply_text);
                Err(PublishError::transient(reason))
            }
            Confirmation::Nack(None) => Err(PublishError::transient("RabbitMQ refused the message")),
            Confirmation::NotRequested => Err(PublishError::transient("RabbitMQ was not asked to confirm")),
        }
    }

    async fn channel(&self, connection: &Arc<Connection>) -> Result<Channel, Error> {
        let free = {
            let mut free = self.free();
            free.retain(|(of, channel)| Arc::ptr_eq(of, connection) && channel.status().connected());
            free.pop()
        };
        if let Some((_, channel)) = free {
            return Ok(channel);
        }
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(channel)
    }
}

fn properties(message: &Envelope) -> Result<BasicProperties, PublishError> {
    let mut headers = FieldTable::default();
    let mut length = 0;
    for (name, value) in message.headers(HEADER_PREFIX, HeaderText::Utf8) {
        length += name.len() + value.len() + 8;
        if name != "content-type" {
            headers.insert(short(&name), AMQPValue::LongString(value.into()));
        }
    }
    if length > LONGEST_HEADERS {
        let reason =
            format!("the message's attributes have {length} bytes, and RabbitMQ takes {LONGEST_HEADERS}");
        return Err(PublishError::permanent(reason));
    }
    Ok(BasicProperties::default()
        .with_content_type(short(DATA_CONTENT_TYPE))
        .with_delivery_mode(PERSISTENT)
        .with_headers(headers))
}

impl Publisher for RabbitMqPublisher {
    fn name(&self) -> &'static str {
        NAME
    }

    fn max_message(&self) -> usize {
        self.options.max_message
    }

    fn publish<'a>(&'a self, message: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(self.send(message))
    }
}
