//! Receiving from RabbitMQ.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use lapin::message::Delivery as Arrived;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions, ChannelFlowOptions,
};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{Channel, Connection, Consumer};
use tokio::sync::{Mutex, Notify, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::link::{Link, answered, lost};
use super::options::{RabbitMqOptions, RabbitMqSubscription};
use super::share::Share;
use super::topology::{ensure_exchange, ensure_queues, short};
use super::{HEADER_PREFIX, NAME};
use crate::broker::connect::BrokerError;
use crate::broker::subscriber::{Acknowledge, Delivery, RawMessage, SubscribeError, Subscriber};
use crate::envelope::Envelope;
use crate::store::BoxFuture;

/// How long to wait for the end of a channel.
const CLOSING: Duration = Duration::from_secs(5);

type Queue = mpsc::Sender<Result<Taken, SubscribeError>>;

/// Receives what the queues of a subscription keep.
///
/// Each partition has one message in hand at a time, in the receiver that is active for it. Receivers that join leave
/// each other their share. A message that is held for longer than the server's `consumer_timeout`, 30 minutes by
/// default, goes to another receiver, and no answer extends that.
pub struct RabbitMqSubscriber {
    link: Link,
    queue: Mutex<mpsc::Receiver<Result<Taken, SubscribeError>>>,
    closed: watch::Sender<bool>,
    tasks: Mutex<JoinSet<()>>,
}

/// A message that this receiver has.
struct Taken {
    message: Arrived,
    channel: Channel,
    timeout: Duration,
    outcome: oneshot::Sender<Outcome>,
}

/// What became of a message in hand. When nobody says, nobody handled it.
enum Outcome {
    /// It was accepted, or could not be.
    Settled,
    /// It was not handled, and comes again after this.
    Rejected(Duration),
}

/// What takes the messages of one partition.
struct Take {
    options: RabbitMqOptions,
    name: ShortString,
    /// The routing keys of the subscription's kinds.
    keys: BTreeSet<String>,
    queue: Queue,
    closed: watch::Receiver<bool>,
    /// Somebody else shall have this partition.
    leave: Arc<Notify>,
    /// Whether messages of this partition come to this receiver.
    active: Arc<AtomicBool>,
    failing: Arc<AtomicBool>,
}

impl RabbitMqSubscriber {
    /// Connects, and makes the exchange and the queues or checks those that are there.
    ///
    /// # Errors
    /// When an option is wrong, the server cannot be reached, or what is there would break a promise.
    pub async fn connect(
        options: RabbitMqOptions,
        subscription: RabbitMqSubscription,
    ) -> Result<Self, BrokerError> {
        let uri = options.check()?;
        subscription.check()?;
        let own = (options.clone(), subscription.clone());
        let prepare = move |connection: Arc<Connection>| {
            let (options, subscription) = own.clone();
            async move {
                ensure_exchange(&connection, &options).await?;
                ensure_queues(&connection, &options, &subscription).await
            }
        };
        let link = Link::open(uri, options.clone(), prepare).await?;
        let (sender, queue) = mpsc::channel(usize::from(options.partitions));
        let (closed, closing) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let mut share =
            Share::new(&options.presence(&subscription.name), subscription.share_every, options.timeout);
        let failing = Arc::new(AtomicBool::new(false));
        for partition in 0..options.partitions {
            let kinds = subscription.kinds.iter();
            let (leave, active) = share.partition();
            let take = Take {
                name: short(&options.queue(&subscription.name, partition)),
                keys: kinds.filter_map(|kind| options.routing_key(partition, kind)).collect(),
                options: options.clone(),
                queue: sender.clone(),
                closed: closing.clone(),
                leave,
                active,
                failing: Arc::clone(&failing),
            };
            tasks.spawn(take.run(link.watch()));
        }
        tasks.spawn(share.run(link.watch(), closing));
        Ok(Self { link, queue: Mutex::new(queue), closed, tasks: Mutex::new(tasks) })
    }

    async fn next(&self) -> Result<Delivery, SubscribeError> {
        let mut queue = self.queue.lock().await;
        while let Some(taken) = queue.recv().await {
            let taken = taken?;
            if *self.closed.borrow() {
                taken.back();
            } else if taken.channel.status().connected() {
                return Ok(taken.delivery());
            }
            // What lies here without a channel is with the server again.
        }
        Err(SubscribeError::new("the subscriber is closed"))
    }

    async fn end(&self) {
        self.closed.send_replace(true);
        self.link.end();
        let mut tasks = self.tasks.lock().await;
        while tasks.join_next().await.is_some() {}
        // A call that waits for a message sees the end of the queue, and leaves it.
        let mut queue = self.queue.lock().await;
        queue.close();
        while let Some(taken) = queue.recv().await {
            taken.into_iter().for_each(Taken::back);
        }
    }
}

impl Subscriber for RabbitMqSubscriber {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Queues keep messages until they are taken.
    fn redelivery_horizon(&self) -> Option<Duration> {
        None
    }

    fn receive(&self) -> BoxFuture<'_, Result<Delivery, SubscribeError>> {
        Box::pin(self.next())
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.end())
    }
}

impl Take {
    async fn run(mut self, mut link: watch::Receiver<Option<Arc<Connection>>>) {
        let mut failures = 0;
        let mut closed = self.closed.clone();
        loop {
            let connection = tokio::select! {
                _ = closed.wait_for(|closed| *closed) => return,
                connection = link.wait_for(Option::is_some) => match connection {
                    Ok(connection) => connection.clone(),
                    Err(_) => return,
                },
            };
            let Some(connection) = connection else { continue };
            let lost = lost(link.clone(), Arc::clone(&connection));
            let ended = tokio::select! {
                ended = self.take(connection, &mut failures) => ended,
                () = lost => Err(SubscribeError::new("the connection to RabbitMQ was lost")),
            };
            self.active.store(false, Ordering::SeqCst);
            let Err(failure) = ended else {
                if *closed.borrow() {
                    return;
                }
                continue;
            };
            failures += 1;
            if !self.failing.swap(true, Ordering::SeqCst) {
                tracing::warn!(queue = %self.name, failure = %failure.chain(), "RabbitMQ gives no messages");
                // A full queue means that nobody listens.
                let _ = self.queue.try_send(Err(failure));
            }
            tokio::select! {
                _ = closed.wait_for(|closed| *closed) => return,
                () = sleep(self.options.pauses.after(failures)) => {}
            }
        }
    }

    /// Takes one message after the other on a channel of its own, until something is wrong, the receiver is closed, or
    /// somebody else shall have the partition.
    async fn take(
        &mut self,
        connection: Arc<Connection>,
        failures: &mut usize,
    ) -> Result<(), SubscribeError> {
        let failed = |error: lapin::Error| SubscribeError::new("RabbitMQ gives no messages").because(error);
        let name = self.name.clone();
        let consume = async {
            let channel = connection.create_channel().await?;
            channel.basic_qos(1, BasicQosOptions::default()).await?;
            let (options, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
            let consumer = channel.basic_consume(name, ShortString::default(), options, arguments).await?;
            Ok(Consuming { channel: channel.clone(), consumer: Some(consumer) })
        };
        let mut consuming = answered(self.options.timeout, consume).await.map_err(failed)?;
        let channel = consuming.channel.clone();
        *failures = 0;
        self.failing.store(false, Ordering::SeqCst);
        let mut closed = self.closed.clone();
        loop {
            let message = tokio::select! {
                biased;
                _ = closed.wait_for(|closed| *closed) => break,
                () = self.leave.notified() => break,
                message = consuming.next() => message,
            };
            let message = match message {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Err(failed(error)),
                None => return Err(SubscribeError::new("RabbitMQ has ended the subscription")),
            };
            self.active.store(true, Ordering::SeqCst);
            if !self.keys.contains(message.routing_key.as_str()) {
                // It is of a kind that the subscription had once.
                channel.basic_ack(message.delivery_tag, BasicAckOptions::default()).await.map_err(failed)?;
                continue;
            }
            let (outcome, settled) = oneshot::channel();
            let taken = Taken { message, channel: channel.clone(), timeout: self.options.timeout, outcome };
            let tag = taken.message.delivery_tag;
            tokio::select! {
                biased;
                _ = closed.wait_for(|closed| *closed) => break,
                sent = self.queue.send(Ok(taken)) => if sent.is_err() { break },
            }
            let mut settling = Box::pin(settle(channel.clone(), tag, settled, self.options.pauses.first));
            tokio::select! {
                () = &mut settling => {}
                _ = closed.wait_for(|closed| *closed) => {
                    // Whoever has it may still answer; the channel and its connection wait for that.
                    let connection = Arc::clone(&connection);
                    drop(tokio::spawn(async move {
                        settling.await;
                        consuming.end().await;
                        drop(connection);
                    }));
                    return Ok(());
                }
            }
        }
        consuming.end().await;
        Ok(())
    }
}

/// A consumer on a channel of its own. It ends with the channel, which gives back what was not accepted, all at once.
/// Cancelling, as the client does when a consumer is dropped, would let the next receiver start before that.
struct Consuming {
    channel: Channel,
    consumer: Option<Consumer>,
}

impl Consuming {
    async fn next(&mut self) -> Option<lapin::Result<Arrived>> {
        self.consumer.as_mut()?.next().await
    }

    async fn end(mut self) {
        close(&self.channel).await;
        self.consumer = None;
    }
}

impl Drop for Consuming {
    fn drop(&mut self) {
        let Some(consumer) = self.consumer.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                let channel = self.channel.clone();
                drop(runtime.spawn(async move {
                    close(&channel).await;
                    drop(consumer);
                }));
            }
            // Nothing runs any more, and the connection ends with the process.
            Err(_) => std::mem::forget(consumer),
        }
    }
}

async fn close(channel: &Channel) {
    if let Err(error) = answered(CLOSING, channel.close(200, "done".into())).await {
        tracing::debug!(failure = %error, "a channel had ended before");
    }
}

/// Waits until a message in hand is no longer in hand, and says so to the server where nobody else does.
async fn settle(channel: Channel, tag: u64, settled: oneshot::Receiver<Outcome>, pause: Duration) {
    let after = match settled.await {
        Ok(Outcome::Settled) => return,
        Ok(Outcome::Rejected(after)) => after,
        Err(_) => pause,
    };
    sleep(after).await;
    // Where this fails, the channel has ended, and the message is with the server again.
    let _ = channel.basic_nack(tag, BasicNackOptions { requeue: true, ..BasicNackOptions::default() }).await;
}

impl Taken {
    /// Somebody else may have it at once.
    fn back(self) {
        let _ = self.outcome.send(Outcome::Rejected(Duration::ZERO));
    }

    fn delivery(self) -> Delivery {
        let properties = &self.message.properties;
        let mut headers = Vec::new();
        if let Some(kind) = properties.content_type() {
            headers.push(("content-type".to_owned(), kind.to_string()));
        }
        for (name, value) in properties.headers().iter().flat_map(FieldTable::inner) {
            let value = match value {
                AMQPValue::LongString(value) => String::from_utf8_lossy(value.as_bytes()).into_owned(),
                AMQPValue::ShortString(value) => value.to_string(),
                AMQPValue::Boolean(value) => value.to_string(),
                AMQPValue::LongInt(value) => value.to_string(),
                AMQPValue::LongLongInt(value) => value.to_string(),
                // Nothing that an attribute of an event can be.
                _ => continue,
            };
            headers.push((name.to_string(), value));
        }
        let raw = RawMessage { headers, body: self.message.data.clone() };
        let pairs = raw.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let message = Envelope::read(pairs, HEADER_PREFIX, false, &raw.body);
        let redelivered = self.message.redelivered;
        Delivery { message, raw, redelivered, acknowledge: Box::new(Answer(self)) }
    }
}

/// How the server hears what became of a message.
struct Answer(Taken);

impl Answer {
    fn lost() -> SubscribeError {
        SubscribeError::new("RabbitMQ did not hear what became of the message")
    }
}

impl Acknowledge for Answer {
    /// The server does not answer to this. So it is asked something else on the same channel, which it answers after it
    /// has read the acceptance.
    fn accept(self: Box<Self>) -> BoxFuture<'static, Result<(), SubscribeError>> {
        Box::pin(async move {
            let Taken { message, channel, timeout: within, outcome } = self.0;
            let said = async {
                channel.basic_ack(message.delivery_tag, BasicAckOptions::default()).await?;
                channel.channel_flow(ChannelFlowOptions { active: true }).await
            };
            let said = timeout(within, said).await;
            let _ = outcome.send(Outcome::Settled);
            match said {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(Self::lost().because(error)),
                Err(_) => Err(Self::lost()),
            }
        })
    }

    fn reject(self: Box<Self>, after: Duration) -> BoxFuture<'static, Result<(), SubscribeError>> {
        let Taken { channel, outcome, .. } = self.0;
        let connected = channel.status().connected();
        let said = outcome.send(Outcome::Rejected(after)).is_ok();
        Box::pin(async move { if said && connected { Ok(()) } else { Err(Self::lost()) } })
    }

    /// A message stays with its receiver for as long as the channel does.
    fn extend(&mut self) -> BoxFuture<'_, Result<(), SubscribeError>> {
        let connected = self.0.channel.status().connected();
        Box::pin(async move { if connected { Ok(()) } else { Err(Self::lost()) } })
    }
}
