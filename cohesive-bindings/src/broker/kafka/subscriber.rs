//! Receiving: one member of a consumer group.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::TopicPartitionList;
use rdkafka::consumer::BaseConsumer;
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::Offset;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::NAME;
use super::book::{Book, Gone, Held, Next, Place};
use super::options::{KafkaOptions, KafkaSubscription};
use super::thread::{self, Member};
use crate::broker::{Acknowledge, BrokerError, Delivery, SubscribeError, Subscriber};
use crate::store::BoxFuture;

/// How long a message waits whose delivery was dropped without an answer.
const DROPPED: Duration = Duration::from_secs(1);
/// After how long without an answer what nobody waits for is committed.
const IDLE: Duration = Duration::from_millis(500);

/// One member of a consumer group of Kafka.
///
/// Messages of one key are delivered one after the other; those of different keys beside each other, as far as the
/// window allows. Offsets are committed once everything below them is accepted. So accepting a message answers when
/// Kafka knows, unless an earlier message of the partition is not accepted yet: then it answers at once, and after a
/// crash before that one is accepted, both come again.
///
/// When a partition goes to another member, what is in hand of it gets [`KafkaSubscription::hand_over`] to be
/// finished. What is not finished by then is accepted no more, and comes again to the other member.
///
/// Threads of its own serve the connection, so a message may be in hand for any length of time without the member
/// being taken for dead, and extending it asks Kafka nothing.
pub struct KafkaSubscriber {
    shared: Arc<Shared>,
    ended: watch::Receiver<bool>,
}

/// What the thread, the receivers and the deliveries share.
pub(super) struct Shared {
    pub(super) options: KafkaOptions,
    pub(super) subscription: KafkaSubscription,
    state: Mutex<State>,
    /// A message was answered, or the end was called for.
    answered: Condvar,
    /// Something may have come.
    arrived: Notify,
    /// The connection, while there is one. The thread that polls has it too.
    consumer: Mutex<Option<Arc<BaseConsumer<Member>>>>,
}

struct State {
    book: Book,
    /// What nobody has heard of yet.
    failure: Option<String>,
    end: Option<End>,
    /// There is a connection, which is not about to end.
    connected: bool,
    /// Nothing more is committed by the thread for that.
    no_commits: bool,
}

/// How the thread has to end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// What is in hand may be finished.
    InOrder,
    /// Nobody is left to finish it.
    AtOnce,
}

impl KafkaSubscriber {
    /// Joins the group. It connects by itself, now and whenever the connection is lost.
    ///
    /// # Errors
    /// When an option or a setting is not usable. Whether the cluster is there shows when something is received.
    pub fn join(options: KafkaOptions, subscription: KafkaSubscription) -> Result<Self, BrokerError> {
        let config = options.consumer(&subscription)?;
        let book = Book::new(subscription.window, subscription.buffer);
        let shared = Arc::new(Shared {
            options,
            subscription,
            state: Mutex::new(State { book, failure: None, end: None, connected: false, no_commits: false }),
            answered: Condvar::new(),
            arrived: Notify::new(),
            consumer: Mutex::new(None),
        });
        let ended = thread::start(config, Arc::clone(&shared))?;
        Ok(Self { shared, ended })
    }

    fn end(&self, end: End) {
        {
            let mut state = self.shared.lock();
            if state.end.is_none() || end == End::AtOnce {
                state.end = Some(end);
            }
        }
        self.shared.answered.notify_all();
        self.shared.arrived.notify_waiters();
    }
}

impl Drop for KafkaSubscriber {
    fn drop(&mut self) {
        self.end(End::AtOnce);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the book; receivers look again.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Book) -> T) -> T {
        let changed = change(&mut self.lock().book);
        self.arrived.notify_waiters();
        changed
    }

    /// Looks into the book, or changes nothing that receivers wait for.
    pub(super) fn with<T>(&self, with: impl FnOnce(&mut Book) -> T) -> T {
        with(&mut self.lock().book)
    }

    pub(super) fn end(&self) -> Option<End> {
        self.lock().end
    }

    /// Receivers are told of a failure once.
    pub(super) fn fail(&self, failure: String) {
        self.lock().failure = Some(failure);
        self.arrived.notify_waiters();
    }

    pub(super) fn set_consumer(&self, consumer: Option<Arc<BaseConsumer<Member>>>) {
        self.lock().connected = consumer.is_some();
        *self.consumer.lock().unwrap_or_else(PoisonError::into_inner) = consumer;
    }

    /// Waits, in a thread that may wait, until nothing of these partitions is in hand, for as long as the options say.
    pub(super) fn wait_for(&self, places: &[Place]) {
        let busy = |state: &mut State| state.end != Some(End::AtOnce) && state.book.has_in_hand(places);
        let waited = self.answered.wait_timeout_while(self.lock(), self.subscription.hand_over, busy);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Uses the connection, if there is one.
    pub(super) fn consumer<T>(&self, with: impl FnOnce(Option<&BaseConsumer<Member>>) -> T) -> T {
        with(self.consumer.lock().unwrap_or_else(PoisonError::into_inner).as_deref())
    }

    /// Waits, in a thread that may wait, for offsets to commit. `None` when there will be no more.
    pub(super) fn due(&self) -> Option<Vec<(Place, i64)>> {
        let mut state = self.lock();
        let mut idle = false;
        while !state.no_commits {
            if state.connected
                && let Some(offsets) = state.book.begin_commit(idle)
            {
                return Some(offsets);
            }
            let waited = self.answered.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            (state, idle) = (waited.0, waited.1.timed_out());
        }
        None
    }

    pub(super) fn stop_commits(&self) {
        self.lock().no_commits = true;
        self.answered.notify_all();
    }

    async fn receive(self: &Arc<Self>) -> Result<Delivery, SubscribeError> {
        loop {
            let mut arrived = std::pin::pin!(self.arrived.notified());
            arrived.as_mut().enable();
            let soonest = {
                let mut state = self.lock();
                if state.end.is_some() {
                    return Err(SubscribeError::new("the subscriber is closed"));
                }
                match state.book.next(Instant::now()) {
                    Next::Message { held, arrived, redelivered } => {
                        let answer = Answer { shared: Arc::clone(self), held: Some(held) };
                        return Ok(Delivery {
                            message: arrived.message.clone(),
                            raw: arrived.raw.clone(),
                            redelivered,
                            acknowledge: Box::new(answer),
                        });
                    }
                    Next::Later(soonest) => match state.failure.take() {
                        Some(failure) => return Err(SubscribeError::new(failure)),
                        None => soonest,
                    },
                }
            };
            match soonest {
                Some(soonest) => drop(tokio::time::timeout_at(soonest, arrived).await),
                None => arrived.await,
            }
        }
    }
}

/// These offsets as librdkafka takes them.
pub(super) fn list(offsets: &[(Place, i64)]) -> KafkaResult<TopicPartitionList> {
    let mut list = TopicPartitionList::with_capacity(offsets.len());
    for ((topic, partition), offset) in offsets {
        list.add_partition_offset(topic, *partition, Offset::Offset(*offset))?;
    }
    Ok(list)
}

impl Subscriber for KafkaSubscriber {
    fn name(&self) -> &'static str {
        NAME
    }

    fn redelivery_horizon(&self) -> Option<Duration> {
        self.shared.options.keep
    }

    fn receive(&self) -> BoxFuture<'_, Result<Delivery, SubscribeError>> {
        Box::pin(self.shared.receive())
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            self.end(End::InOrder);
            // What is in hand may be finished after this call; the partitions go then.
            if self.shared.with(|book| book.has_in_hand_anywhere()) {
                return;
            }
            // The thread is gone when the sender is.
            let _ = self.ended.clone().wait_for(|ended| *ended).await;
        })
    }
}

/// A message in hand, and how it is answered.
struct Answer {
    shared: Arc<Shared>,
    /// `None` once it is answered.
    held: Option<Held>,
}

fn gone(_: Gone) -> SubscribeError {
    SubscribeError::new("the partition went to another member of the group")
}

impl Answer {
    fn reject(&mut self, after: Duration) -> Result<(), Gone> {
        let Some(held) = self.held.take() else { return Ok(()) };
        let now = Instant::now();
        // What cannot be told as an instant is longer than anybody waits.
        let until = now.checked_add(after).unwrap_or(now + Duration::from_hours(24 * 365));
        let rejected = self.shared.change(|book| book.reject(&held, until));
        self.shared.answered.notify_all();
        rejected
    }

    async fn accepted(mut self: Box<Self>) -> Result<(), SubscribeError> {
        let Some(held) = self.held.take() else { return Ok(()) };
        let answer = self.shared.change(|book| book.accept(&held)).map_err(gone)?;
        self.shared.answered.notify_all();
        let Some(answer) = answer else { return Ok(()) };
        let refused = |reason| SubscribeError::new("Kafka did not take the offset").because(reason);
        match answer.await {
            Ok(committed) => committed.map_err(|reason: String| refused(reason)),
            Err(_) => Err(refused("the subscriber has ended".to_owned())),
        }
    }
}

impl Acknowledge for Answer {
    fn accept(self: Box<Self>) -> BoxFuture<'static, Result<(), SubscribeError>> {
        Box::pin(self.accepted())
    }

    fn reject(mut self: Box<Self>, after: Duration) -> BoxFuture<'static, Result<(), SubscribeError>> {
        Box::pin(async move { Self::reject(&mut self, after).map_err(gone) })
    }

    fn extend(&mut self) -> BoxFuture<'_, Result<(), SubscribeError>> {
        let held = self.held.as_ref().map_or(Ok(()), |held| self.shared.lock().book.holds(held));
        Box::pin(async move { held.map_err(gone) })
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        // A partition that is gone meanwhile delivers it again anyway.
        let _ = self.reject(DROPPED);
    }
}
