//! What cases do: publish as a relay does, receive as a consumer does, and witness the order.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use super::{Failure, Outcome};
use crate::broker::{Delivery, ErrorClass, Publisher, Subscriber};
use crate::envelope::Envelope;

/// After how long something is taken for lost. It is a bound on failures, and never waited for otherwise.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);
/// How long a publisher waits before it tries again.
const PAUSE: Duration = Duration::from_millis(20);

/// Waits for something that has to come.
pub(super) async fn within<T>(what: &str, future: impl Future<Output = T>) -> Result<T, Failure> {
    timeout(PATIENCE, future).await.map_err(|_| Failure(format!("waited in vain for {what}")))
}

/// The messages that a broker has acknowledged so far, by their ids.
#[derive(Clone, Default)]
pub(super) struct Acknowledged(Arc<Mutex<BTreeSet<String>>>);

impl Acknowledged {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn count(&self) -> usize {
        self.lock().len()
    }

    /// Waits until there are so many.
    pub(super) async fn reach(&self, count: usize) -> Outcome {
        within("acknowledgements", async {
            while self.count() < count {
                sleep(Duration::from_millis(1)).await;
            }
        })
        .await
    }
}

/// Publishes as a relay does: messages of a key one after the other, each until it is acknowledged.
pub(super) fn post(publisher: &Arc<dyn Publisher>, messages: Vec<Envelope>) -> JoinHandle<Outcome> {
    post_counted(publisher, messages, &Acknowledged::default())
}

/// The same, and says how far it is.
pub(super) fn post_counted(
    publisher: &Arc<dyn Publisher>,
    messages: Vec<Envelope>,
    acknowledged: &Acknowledged,
) -> JoinHandle<Outcome> {
    let mut keys: BTreeMap<String, Vec<Envelope>> = BTreeMap::new();
    for message in messages {
        keys.entry(message.partition_key.clone()).or_default().push(message);
    }
    let (publisher, acknowledged) = (Arc::clone(publisher), acknowledged.clone());
    tokio::spawn(async move {
        let mut tasks = JoinSet::new();
        for messages in keys.into_values() {
            tasks.spawn(post_key(Arc::clone(&publisher), messages, acknowledged.clone()));
        }
        while let Some(outcome) = tasks.join_next().await {
            outcome??;
        }
        Ok(())
    })
}

async fn post_key(
    publisher: Arc<dyn Publisher>,
    messages: Vec<Envelope>,
    acknowledged: Acknowledged,
) -> Outcome {
    for message in messages {
        let until = Instant::now() + PATIENCE;
        loop {
            // A relay waits for no answer longer than its publish timeout.
            let answer = timeout(Duration::from_secs(10), publisher.publish(&message)).await;
            match answer {
                Ok(Ok(())) => break,
                Ok(Err(error)) if error.class == ErrorClass::Permanent => return Err(error.into()),
                Ok(Err(error)) if Instant::now() > until => return Err(error.into()),
                Err(_) if Instant::now() > until => {
                    return Err(Failure("a message is never acknowledged".into()));
                }
                Ok(Err(_)) | Err(_) => sleep(PAUSE).await,
            }
        }
        acknowledged.lock().insert(message.id);
    }
    Ok(())
}

/// The next delivery. Where the broker cannot be reached, it is tried again, as a consumer does.
pub(super) async fn next(subscriber: &Arc<dyn Subscriber>) -> Result<Delivery, Failure> {
    within("a message", async {
        loop {
            match subscriber.receive().await {
                Ok(delivery) => return delivery,
                Err(_) => sleep(PAUSE).await,
            }
        }
    })
    .await
}

/// The next delivery, and the message in it.
pub(super) async fn next_message(subscriber: &Arc<dyn Subscriber>) -> Result<(Envelope, Delivery), Failure> {
    let delivery = next(subscriber).await?;
    let message = delivery.message.clone().map_err(|flaw| Failure(format!("unreadable: {flaw}")))?;
    Ok((message, delivery))
}

/// Receives and accepts until `count` different messages have come; gives them in the order of their first arrival.
pub(super) async fn take(subscriber: &Arc<dyn Subscriber>, count: usize) -> Result<Vec<Envelope>, Failure> {
    let (mut seen, mut messages) = (BTreeSet::new(), Vec::new());
    while messages.len() < count {
        let (message, delivery) = next_message(subscriber).await?;
        delivery.acknowledge.accept().await?;
        if seen.insert(message.id.clone()) {
            messages.push(message);
        }
    }
    Ok(messages)
}

/// Watches that no receiver gets a message of a key while another one holds an earlier one (A117).
#[derive(Clone, Default)]
pub(super) struct Witness(Arc<Mutex<Watched>>);

#[derive(Default)]
struct Watched {
    /// The first message of each key that was not accepted yet.
    next: BTreeMap<String, usize>,
    /// Who has which messages in hand.
    held: BTreeMap<(String, usize), usize>,
    accepted: usize,
    by: BTreeMap<usize, usize>,
}

impl Witness {
    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A receiver got a message. `Ok(false)` for one that was accepted before.
    pub(super) fn delivered(&self, receiver: usize, key: &str, number: usize) -> Result<bool, Failure> {
        let mut watched = self.lock();
        let next = watched.next.get(key).copied().unwrap_or(0);
        if number < next {
            return Ok(false);
        }
        for earlier in next..number {
            let holder = watched.held.get(&(key.to_owned(), earlier)).copied();
            super::holds!(
                holder == Some(receiver),
                "receiver {receiver} got {key}/{number}, and {key}/{earlier} is with {holder:?}"
            );
        }
        let former = watched.held.insert((key.to_owned(), number), receiver);
        super::holds!(
            former.is_none_or(|former| former == receiver),
            "receivers {former:?} and {receiver} have {key}/{number} at once"
        );
        Ok(true)
    }

    /// A receiver is about to accept a message.
    pub(super) fn accepted(&self, receiver: usize, key: &str, number: usize) {
        let mut watched = self.lock();
        watched.held.remove(&(key.to_owned(), number));
        watched.next.insert(key.to_owned(), number + 1);
        watched.accepted += 1;
        *watched.by.entry(receiver).or_default() += 1;
    }

    /// A message goes back to the broker.
    pub(super) fn returned(&self, key: &str, number: usize) {
        self.lock().held.remove(&(key.to_owned(), number));
    }

    /// How many messages were accepted for the first time.
    pub(super) fn count(&self) -> usize {
        self.lock().accepted
    }

    /// How many of them by this receiver.
    pub(super) fn count_of(&self, receiver: usize) -> usize {
        self.lock().by.get(&receiver).copied().unwrap_or(0)
    }
}
