//! A broker within the process, so that one binary needs no server.

use std::collections::BTreeSet;
use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

use super::publisher::{PublishError, Publisher};
use crate::envelope::Envelope;
use crate::store::BoxFuture;

/// A broker within the process. It keeps nothing: a message is acknowledged once every subscription to it has
/// handled it, so what was not handled is still pending in the outbox, and comes again after a crash.
///
/// When one of several subscriptions fails, the message comes again to all of them. A message that nobody subscribed
/// to is acknowledged.
#[derive(Clone, Default)]
pub struct InProcess {
    subscribers: Arc<Mutex<Vec<Subscriber>>>,
}

struct Subscriber {
    kinds: BTreeSet<String>,
    queue: mpsc::Sender<Delivery>,
}

struct Delivery {
    message: Arc<Envelope>,
    answer: oneshot::Sender<Result<(), PublishError>>,
}

/// Messages of some kinds. Dropping it ends the subscription.
pub struct Subscription {
    queue: mpsc::Receiver<Delivery>,
}

impl InProcess {
    /// Subscribes to the messages of exactly these kinds (R01), in a queue of its own. A full queue makes the relay
    /// wait, and with it the entities concerned.
    #[must_use]
    pub fn subscribe(&self, kinds: &[&str], places: NonZeroUsize) -> Subscription {
        let (sender, queue) = mpsc::channel(places.get());
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        self.lock().push(Subscriber { kinds, queue: sender });
        Subscription { queue }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Subscriber>> {
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn deliver(&self, message: &Envelope) -> Result<(), PublishError> {
        let queues: Vec<_> = {
            let mut subscribers = self.lock();
            subscribers.retain(|subscriber| !subscriber.queue.is_closed());
            let takers = subscribers.iter().filter(|subscriber| subscriber.kinds.contains(&message.kind));
            takers.map(|subscriber| subscriber.queue.clone()).collect()
        };
        let message = Arc::new(message.clone());
        let mut answers = Vec::with_capacity(queues.len());
        for queue in queues {
            let (answer, answered) = oneshot::channel();
            // A subscription that ended meanwhile is none.
            if queue.send(Delivery { message: Arc::clone(&message), answer }).await.is_ok() {
                answers.push(answered);
            }
        }
        let mut result = Ok(());
        for answered in answers {
            let lost = || Err(PublishError::transient("a subscriber ended without an answer"));
            result = result.and(answered.await.unwrap_or_else(|_| lost()));
        }
        result
    }
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
    pub async fn serve<F>(mut self, mut handler: impl FnMut(Arc<Envelope>) -> F)
    where
        F: Future<Output = Result<(), PublishError>>,
    {
        while let Some(Delivery { message, answer }) = self.queue.recv().await {
            // The relay waits no longer when its publish timeout is over; the message comes again.
            let _ = answer.send(handler(message).await);
        }
    }
}
