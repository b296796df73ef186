//! A broker within the process, so that one binary needs no server.

use std::collections::BTreeSet;
use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::publisher::{PublishError, Publisher};
use super::subscriber::{Acknowledge, Delivery, RawMessage, SubscribeError, Subscriber};
use crate::envelope::{Envelope, HeaderText};
use crate::store::BoxFuture;

/// A broker within the process. It keeps nothing: a message is acknowledged once every subscription to it has
/// handled it, so what was not handled is still pending in the outbox, and comes again after a crash.
///
/// When one of several subscriptions fails, the message comes again to all of them. A message that nobody subscribed
/// to is acknowledged. One that a closed [`Subscription`] had is not, until another subscribes to the same kinds: it stays
/// in the outbox.
#[derive(Clone, Default)]
pub struct InProcess {
    takers: Takers,
}

type Takers = Arc<Mutex<Vec<Taker>>>;

struct Taker {
    kinds: BTreeSet<String>,
    /// `None` for one that is closed, and still owed its messages.
    queue: Option<mpsc::Sender<Passed>>,
}

/// A message that was passed on, and is answered for.
struct Passed {
    message: Arc<Envelope>,
    answer: Answer,
}

struct Answer(oneshot::Sender<Result<(), PublishError>>);

/// Messages of some kinds. Dropping it ends the subscription; after closing it, its messages wait for another.
///
/// It is served by a handler with [`Subscription::serve`], or as a [`Subscriber`]: a message whose delivery is not
/// accepted was not published, and comes again when the relay sends it again. So a rejection waits no longer than the
/// relay waits for its answer.
pub struct Subscription {
    queue: tokio::sync::Mutex<mpsc::Receiver<Passed>>,
    /// For closing: the sender's side is with the broker.
    sender: mpsc::WeakSender<Passed>,
    takers: Weak<Mutex<Vec<Taker>>>,
    closed: AtomicBool,
}

impl InProcess {
    /// Subscribes to the messages of exactly these kinds (R01), in a queue of its own. A full queue makes the relay
    /// wait, and with it the entities concerned.
    #[must_use]
    pub fn subscribe(&self, kinds: &[&str], places: NonZeroUsize) -> Subscription {
        let (sender, queue) = mpsc::channel(places.get());
        let kinds: BTreeSet<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let (weak, others) = (sender.downgrade(), Arc::downgrade(&self.takers));
        let mut takers = lock(&self.takers);
        takers.retain(|taker| taker.queue.is_some() || taker.kinds != kinds);
        takers.push(Taker { kinds, queue: Some(sender) });
        drop(takers);
        let queue = tokio::sync::Mutex::new(queue);
        Subscription { queue, sender: weak, takers: others, closed: AtomicBool::new(false) }
    }

    async fn deliver(&self, message: &Envelope) -> Result<(), PublishError> {
        let queues: Option<Vec<_>> = {
            let mut takers = lock(&self.takers);
            takers.retain(|taker| taker.queue.as_ref().is_none_or(|queue| !queue.is_closed()));
            let wanted = takers.iter().filter(|taker| taker.kinds.contains(&message.kind));
            wanted.map(|taker| taker.queue.clone()).collect()
        };
        let Some(queues) = queues else {
            return Err(PublishError::transient("a subscription to it is closed"));
        };
        let message = Arc::new(message.clone());
        let mut answers = Vec::with_capacity(queues.len());
        for queue in queues {
            let (answer, answered) = oneshot::channel();
            // Where the subscription has ended meanwhile, the answer is gone with it.
            let _ = queue.send(Passed { message: Arc::clone(&message), answer: Answer(answer) }).await;
            answers.push(answered);
        }
        let mut result = Ok(());
        for answered in answers {
            let lost = || Err(PublishError::transient("a subscriber ended without an answer"));
            result = result.and(answered.await.unwrap_or_else(|_| lost()));
        }
        result
    }
}

fn lock(takers: &Mutex<Vec<Taker>>) -> std::sync::MutexGuard<'_, Vec<Taker>> {
    takers.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Publisher for InProcess {
    fn name(&self) -> &'static str {
        "in process"
    }

    fn max_message(&self) -> usize {
        usize::MAX
    }

    fn publish<'a>(&'a self, message: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(self.deliver(message))
    }
}

impl Subscription {
    /// Handles messages one after the other, until the broker is gone. The handler's result is the acknowledgement:
    /// `Ok` only after what it did is durable, a transient error to see the message again (A120).
    pub async fn serve<F>(self, mut handler: impl FnMut(Arc<Envelope>) -> F)
    where
        F: Future<Output = Result<(), PublishError>>,
    {
        while let Ok(Passed { message, answer }) = self.next().await {
            answer.give(handler(message).await);
        }
    }

    async fn next(&self) -> Result<Passed, SubscribeError> {
        let mut queue = self.queue.lock().await;
        while let Some(passed) = queue.recv().await {
            if !self.closed.load(Ordering::SeqCst) {
                return Ok(passed);
            }
        }
        Err(SubscribeError::new("the subscription has ended"))
    }

    /// Whatever is still in the queue is dropped, which answers for it.
    async fn end(&self) {
        self.closed.store(true, Ordering::SeqCst);
        if let (Some(takers), Some(sender)) = (self.takers.upgrade(), self.sender.upgrade()) {
            for taker in &mut *lock(&takers) {
                taker.queue.take_if(|queue| queue.same_channel(&sender));
            }
        }
        // Without a sender, a call that waits for a message ends too.
        let mut queue = self.queue.lock().await;
        queue.close();
        while queue.try_recv().is_ok() {}
    }
}

impl Answer {
    fn give(self, result: Result<(), PublishError>) {
        // The relay waits no longer when its publish timeout is over; the message comes again.
        let _ = self.0.send(result);
    }
}

impl Subscriber for Subscription {
    fn name(&self) -> &'static str {
        "in process"
    }

    /// The relay sends a message again for as long as it was not accepted.
    fn redelivery_horizon(&self) -> Option<Duration> {
        None
    }

    fn receive(&self) -> BoxFuture<'_, Result<Delivery, SubscribeError>> {
        Box::pin(async {
            let Passed { message, answer } = self.next().await?;
            let raw = RawMessage {
                headers: message.headers("ce-", HeaderText::Percent),
                body: message.data.clone().into_bytes(),
            };
            // A relay does not say whether it sends a message again.
            Ok(Delivery {
                message: Ok(Envelope::clone(&message)),
                raw,
                redelivered: true,
                acknowledge: Box::new(answer),
            })
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.end())
    }
}

impl Acknowledge for Answer {
    fn accept(self: Box<Self>) -> BoxFuture<'static, Result<(), SubscribeError>> {
        self.give(Ok(()));
        Box::pin(async { Ok(()) })
    }

    fn reject(self: Box<Self>, after: Duration) -> BoxFuture<'static, Result<(), SubscribeError>> {
        Box::pin(async move {
            let refusal = Err(PublishError::transient("a subscriber did not accept the message"));
            if after.is_zero() {
                self.give(refusal);
            } else {
                // The relay sends it again once it has its answer.
                drop(tokio::spawn(async move {
                    tokio::time::sleep(after).await;
                    self.give(refusal);
                }));
            }
            Ok(())
        })
    }

    fn extend(&mut self) -> BoxFuture<'_, Result<(), SubscribeError>> {
        let waiting = !self.0.is_closed();
        Box::pin(async move {
            if waiting {
                Ok(())
            } else {
                Err(SubscribeError::new("the relay waits for the answer no longer"))
            }
        })
    }
}
