//! Receiving from NATS.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_nats::jetstream::{self, AckKind, Context};
use async_nats::{Client, Message, StatusCode, Subject};
use futures_util::StreamExt as _;
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::options::{NatsOptions, NatsSubscription};
use super::stream::{consumer_name, ensure_consumer, ensure_stream};
use super::subject::subject;
use super::{HEADER_PREFIX, NAME};
use crate::broker::connect::BrokerError;
use crate::broker::subscriber::{Acknowledge, Delivery, RawMessage, SubscribeError, Subscriber};
use crate::envelope::Envelope;
use crate::store::BoxFuture;

/// For how long a server keeps a request for the next message.
const REQUEST: Duration = Duration::from_secs(10);

/// Receives what a stream of NATS `JetStream` keeps for a subscription.
///
/// Each partition has one message in hand at a time, in whichever receiver asked for it. A new subscription starts with
/// the oldest message that the stream has.
pub struct NatsSubscriber {
    shared: Arc<Shared>,
    queue: Mutex<mpsc::Receiver<Result<Taken, SubscribeError>>>,
    closed: watch::Sender<bool>,
    pulls: Mutex<JoinSet<()>>,
    keep: Option<Duration>,
}

struct Shared {
    client: Client,
    context: Context,
    options: NatsOptions,
    subscription: NatsSubscription,
    /// Whether a failure was told and nothing went well since.
    failing: AtomicBool,
}

/// A message that this receiver has, and since when.
struct Taken {
    message: Message,
    reply: Subject,
    redelivered: bool,
    at: Instant,
    settled: Settled,
}

/// Goes with a message, and says by its end that the message is settled one way or another.
type Settled = oneshot::Sender<()>;

/// What pulls the messages of one partition.
struct Pull {
    shared: Arc<Shared>,
    partition: u16,
    /// Those of the subscription's kinds.
    subjects: BTreeSet<String>,
    queue: mpsc::Sender<Result<Taken, SubscribeError>>,
    closed: watch::Receiver<bool>,
    connections: watch::Receiver<u64>,
    /// Where messages arrive.
    answers: Option<async_nats::Subscriber>,
    /// The end of the message in hand. While there is one, nothing is asked for: the server has nothing to give, and a
    /// request that outlives its receiver makes servers before 2.10 forget for a while what is given back to them.
    in_hand: Option<oneshot::Receiver<()>>,
}

impl NatsSubscriber {
    /// Connects, and makes the stream and the consumers or checks those that are there.
    ///
    /// # Errors
    /// When an option is wrong, the server cannot be reached, or what is there would break a promise.
    pub async fn connect(options: NatsOptions, subscription: NatsSubscription) -> Result<Self, BrokerError> {
        options.check()?;
        subscription.check()?;
        let (client, connections) = options.connect().await?;
        let mut context = jetstream::new(client.clone());
        context.set_timeout(options.timeout);
        let keep = ensure_stream(&context, &options).await?.keep;
        for partition in 0..options.partitions {
            ensure_consumer(&context, &options, &subscription, partition).await?;
        }
        let failing = AtomicBool::new(false);
        let shared = Arc::new(Shared { client, context, options, subscription, failing });
        let (sender, queue) = mpsc::channel(usize::from(shared.options.partitions));
        let (closed, closing) = watch::channel(false);
        let mut pulls = JoinSet::new();
        for partition in 0..shared.options.partitions {
            let kinds = shared.subscription.kinds.iter();
            let subjects =
                kinds.filter_map(|kind| subject(&shared.options.prefix, partition, kind)).collect();
            let pull = Pull {
                shared: Arc::clone(&shared),
                partition,
                subjects,
                queue: sender.clone(),
                closed: closing.clone(),
                connections: connections.clone(),
                answers: None,
                in_hand: None,
            };
            pulls.spawn(pull.run());
        }
        Ok(Self { shared, queue: Mutex::new(queue), closed, pulls: Mutex::new(pulls), keep })
    }

    async fn next(&self) -> Result<Delivery, SubscribeError> {
        let mut queue = self.queue.lock().await;
        while let Some(taken) = queue.recv().await {
            let taken = taken?;
            if *self.closed.borrow() {
                self.shared.give_back(&taken).await;
            } else if taken.at.elapsed() < self.shared.subscription.hold.mul_f64(0.75) {
                return Ok(self.shared.delivery(taken));
            }
            // What lay here for so long is about to be given to somebody else.
        }
        Err(SubscribeError::new("the subscriber is closed"))
    }

    async fn end(&self) {
        self.closed.send_replace(true);
        let mut pulls = self.pulls.lock().await;
        while pulls.join_next().await.is_some() {}
        // A call that waits for a message sees the end of the queue, and leaves it.
        let mut queue = self.queue.lock().await;
        queue.close();
        while let Some(taken) = queue.recv().await {
            if let Ok(taken) = taken {
                self.shared.give_back(&taken).await;
            }
        }
    }
}

impl Subscriber for NatsSubscriber {
    fn name(&self) -> &'static str {
        NAME
    }

    /// For as long as the stream keeps messages.
    fn redelivery_horizon(&self) -> Option<Duration> {
        self.keep
    }

    fn receive(&self) -> BoxFuture<'_, Result<Delivery, SubscribeError>> {
        Box::pin(self.next())
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.end())
    }
}

impl Shared {
    fn delivery(&self, taken: Taken) -> Delivery {
        let mut headers = Vec::new();
        for (name, values) in taken.message.headers.iter().flat_map(async_nats::HeaderMap::iter) {
            headers.extend(values.iter().map(|value| (name.to_string(), value.to_string())));
        }
        // The client does not keep their order.
        headers.sort();
        let raw = RawMessage { headers, body: taken.message.payload.to_vec() };
        let pairs = raw.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let message = Envelope::read(pairs, HEADER_PREFIX, true, &raw.body);
        let answer = Answer {
            client: self.client.clone(),
            reply: taken.reply,
            within: self.options.timeout,
            _settled: taken.settled,
        };
        Delivery { message, raw, redelivered: taken.redelivered, acknowledge: Box::new(answer) }
    }

    /// Somebody else may have it at once. Where this is lost, it takes as long as a message is held.
    async fn give_back(&self, taken: &Taken) {
        let _ = self.client.publish(taken.reply.clone(), AckKind::Nak(None).into()).await;
        let _ = self.client.flush().await;
    }
}

impl Pull {
    async fn run(mut self) {
        let mut failures = 0;
        let mut closed = self.closed.clone();
        loop {
            let failure = tokio::select! {
                biased;
                _ = closed.wait_for(|closed| *closed) => None,
                failure = self.pull(&mut failures) => Some(failure),
            };
            // Before anything is given back: the server would give it to a request of this receiver.
            if let Some(mut answers) = self.answers.take() {
                let _ = answers.unsubscribe().await;
            }
            let Some(failure) = failure.filter(|_| !*closed.borrow()) else { return };
            failures += 1;
            if !self.shared.failing.swap(true, Ordering::SeqCst) {
                tracing::warn!(partition = self.partition, failure = %failure.chain(), "NATS gives no messages");
                // A full queue means that nobody listens.
                let _ = self.queue.try_send(Err(failure));
            }
            tokio::select! {
                _ = closed.wait_for(|closed| *closed) => return,
                () = sleep(self.shared.options.pauses.after(failures)) => {}
                _ = self.connections.changed() => {}
            }
            let Shared { context, options, subscription, .. } = &*self.shared;
            let found = async {
                ensure_stream(context, options).await?;
                ensure_consumer(context, options, subscription, self.partition).await
            };
            // What is wrong shows again in the next request.
            if let Err(error) = found.await {
                tracing::debug!(partition = self.partition, failure = %error, "the consumer cannot be found");
            }
        }
    }

    /// Asks for one message after the other, until something is wrong.
    async fn pull(&mut self, failures: &mut usize) -> SubscribeError {
        let failed = |message: &str| SubscribeError::new(message);
        let shared = Arc::clone(&self.shared);
        let Shared { client, options, subscription, .. } = &*shared;
        let name = consumer_name(&subscription.name, self.partition);
        let next = format!("$JS.API.CONSUMER.MSG.NEXT.{}.{name}", options.stream);
        let inbox = client.new_inbox();
        self.answers = match client.subscribe(inbox.clone()).await {
            Ok(answers) => Some(answers),
            Err(error) => return failed("NATS lets nobody listen").because(error),
        };
        let request = format!(r#"{{"batch":1,"expires":{}}}"#, REQUEST.as_nanos());
        loop {
            if let Some(in_hand) = &mut self.in_hand {
                let _ = in_hand.await;
                self.in_hand = None;
            }
            self.connections.mark_unchanged();
            if let Err(error) =
                client.publish_with_reply(next.clone(), inbox.clone(), request.clone().into()).await
            {
                return failed("NATS takes no request for messages").because(error);
            }
            let Some(answers) = &mut self.answers else { return failed("nobody listens") };
            let answer = tokio::select! {
                answer = timeout(REQUEST + options.timeout, answers.next()) => answer,
                // The request went with the connection.
                _ = self.connections.changed() => continue,
            };
            let Ok(answer) = answer else { return failed("NATS does not answer") };
            let Some(message) = answer else { return failed("the connection to NATS has ended") };
            match message.status {
                None | Some(StatusCode::OK) => {}
                // There was no message in that time.
                Some(StatusCode::NOT_FOUND | StatusCode::TIMEOUT) => {
                    self.succeeded(failures);
                    continue;
                }
                Some(status) => {
                    return failed(&format!(
                        "NATS answers {status} {}",
                        message.description.unwrap_or_default()
                    ));
                }
            }
            self.succeeded(failures);
            if let Some(failure) = self.take(message).await {
                return failure;
            }
        }
    }

    fn succeeded(&self, failures: &mut usize) {
        *failures = 0;
        self.shared.failing.store(false, Ordering::SeqCst);
    }

    /// Hands a message over, or gives it back when the receiver is closed meanwhile.
    async fn take(&mut self, message: Message) -> Option<SubscribeError> {
        let message = jetstream::Message { message, context: self.shared.context.clone() };
        let redelivered = match message.info() {
            Ok(info) => info.delivered > 1,
            Err(_) => return Some(SubscribeError::new("a message of NATS does not say where it is from")),
        };
        let message = message.message;
        let reply = message.reply.clone()?;
        let (settled, in_hand) = oneshot::channel();
        let taken = Taken { message, reply, redelivered, at: Instant::now(), settled };
        if !self.subjects.contains(taken.message.subject.as_str()) {
            // It is of another subscription's kinds. If this is lost, it comes again and is passed over again.
            let _ = self.shared.client.publish(taken.reply, AckKind::Ack.into()).await;
            return None;
        }
        let mut closed = self.closed.clone();
        let queue = self.queue.clone();
        let place = tokio::select! {
            biased;
            _ = closed.wait_for(|closed| *closed) => None,
            place = queue.reserve() => place.ok(),
        };
        let Some(place) = place else {
            self.shared.give_back(&taken).await;
            return Some(SubscribeError::new("the subscriber is closed"));
        };
        self.in_hand = Some(in_hand);
        place.send(Ok(taken));
        None
    }
}

/// How the server hears what became of a message. Every word is answered, so that none is believed to be heard.
struct Answer {
    client: Client,
    reply: Subject,
    within: Duration,
    _settled: Settled,
}

impl Answer {
    async fn say(&self, word: AckKind) -> Result<(), SubscribeError> {
        let lost = || SubscribeError::new("NATS did not hear what became of the message");
        match timeout(self.within, self.client.request(self.reply.clone(), word.into())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(lost().because(error)),
            Err(_) => Err(lost()),
        }
    }
}

impl Acknowledge for Answer {
    fn accept(self: Box<Self>) -> BoxFuture<'static, Result<(), SubscribeError>> {
        Box::pin(async move { self.say(AckKind::Ack).await })
    }

    fn reject(self: Box<Self>, after: Duration) -> BoxFuture<'static, Result<(), SubscribeError>> {
        let after = Some(after).filter(|after| !after.is_zero());
        Box::pin(async move { self.say(AckKind::Nak(after)).await })
    }

    fn extend(&mut self) -> BoxFuture<'_, Result<(), SubscribeError>> {
        Box::pin(self.say(AckKind::Progress))
    }
}
