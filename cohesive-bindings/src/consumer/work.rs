//! What is done with one message.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use super::keys::{Held, Keys};
use super::metrics::Counters;
use super::options::ConsumerOptions;
use crate::backoff::Backoff;
use crate::broker::{Delivery, RawMessage};
use crate::envelope::Envelope;
use crate::node::{Consumed, Failure, Follower, Node};
use crate::store::inbox::{DeliveryKey, Inbox, ParkedDelivery};
use crate::store::{BoxFuture, StoreError, StoreErrorKind};

/// What messages are handled with.
pub(super) struct Workshop {
    pub(super) node: Node,
    pub(super) inbox: Arc<dyn Inbox>,
    pub(super) counters: Arc<Counters>,
    pub(super) stopping: watch::Receiver<bool>,
    pub(super) backoff: Mutex<Backoff>,
    pub(super) options: ConsumerOptions,
}

/// What became of a message.
enum Verdict {
    /// Everything that it leads to is durable.
    Settled,
    /// One of its key that was recorded earlier has come meanwhile, and goes first.
    Later,
    /// The consumer stops before it was settled.
    Unfinished,
}

/// Why there is no answer yet.
enum Pause {
    /// It is to be tried again, after a wait.
    Again,
    /// One of its key goes first.
    Later,
}

/// How far a message has come.
struct Progress<'a> {
    keys: &'a Keys,
    key: &'a str,
    attempts: &'a mut u32,
    done: &'a mut usize,
}

impl Workshop {
    /// Handles a message, and tells the broker what became of it.
    pub(super) async fn handle(&self, keys: &Keys, key: &str, mut held: Held) {
        let verdict = {
            let Held { delivery, attempts, done, .. } = &mut held;
            let Delivery { message, raw, redelivered, acknowledge } = delivery;
            let mut progress = Progress { keys, key, attempts, done };
            let work = async {
                match message {
                    Ok(message) => self.settle(message, raw, *redelivered, &mut progress).await,
                    Err(flaw) => self.set_aside(raw, &flaw.to_string()).await,
                }
            };
            tokio::pin!(work);
            loop {
                tokio::select! {
                    verdict = &mut work => break verdict,
                    () = tokio::time::sleep(self.options.extend_every) => {
                        if let Err(error) = acknowledge.extend().await {
                            // The broker may give it to somebody else; the inbox tells the two apart.
                            tracing::warn!(failure = %error, "the broker was not told that a message is being handled");
                        }
                    }
                }
            }
        };
        match verdict {
            Verdict::Settled => {
                if let Err(error) = held.delivery.acknowledge.accept().await {
                    self.counters.unacknowledged.add(1);
                    tracing::warn!(failure = %error, "a message that was handled comes again");
                }
            }
            Verdict::Later => keys.put_back(held),
            Verdict::Unfinished => {
                self.counters.returned.add(1);
                // What cannot be given back comes again by itself.
                let _ = held.delivery.acknowledge.reject(Duration::ZERO).await;
            }
        }
    }

    /// Has every transition that follows the message apply it, or parks it for those that cannot.
    async fn settle(
        &self,
        message: &Envelope,
        raw: &RawMessage,
        redelivered: bool,
        progress: &mut Progress<'_>,
    ) -> Verdict {
        let followers: Vec<&Follower> = self.node.system().followers(&message.kind).collect();
        if followers.is_empty() {
            self.counters.unfollowed.add(1);
            return Verdict::Settled;
        }
        let message = Arc::new(message.clone());
        while let Some(follower) = followers.get(*progress.done) {
            match self.apply(follower, &message, raw, redelivered, progress).await {
                Some(None) => {
                    *progress.done += 1;
                    *progress.attempts = 0;
                }
                Some(Some(Pause::Again)) => match self.pause(message.sequence.as_str(), progress).await {
                    Some(true) => {}
                    Some(false) => return Verdict::Later,
                    None => return Verdict::Unfinished,
                },
                Some(Some(Pause::Later)) => return Verdict::Later,
                None => return Verdict::Unfinished,
            }
        }
        Verdict::Settled
    }

    /// Waits until a message is to be tried again: `false` when one of its key that was recorded earlier has come before
    /// that, `None` when the consumer has to stop. What other keys do does not shorten the wait.
    async fn pause(&self, sequence: &str, progress: &Progress<'_>) -> Option<bool> {
        let wait = self.wait(*progress.attempts);
        tokio::pin!(wait);
        loop {
            let joined = progress.keys.joined.notified();
            if progress.keys.has_earlier(progress.key, sequence) {
                return Some(false);
            }
            tokio::select! {
                biased;
                waited = &mut wait => return waited.map(|()| true),
                () = joined => {}
            }
        }
    }

    /// Has one transition apply the message. `None` when the consumer has to stop.
    async fn apply(
        &self,
        follower: &Follower,
        message: &Arc<Envelope>,
        raw: &RawMessage,
        redelivered: bool,
        progress: &mut Progress<'_>,
    ) -> Option<Option<Pause>> {
        let key = delivery_key(follower, message);
        let kept = Kept { message, raw, key: &key };
        if redelivered && *progress.attempts == 0 {
            // Counted before it is tried: it may be what ended the process the last time (F9).
            let started = self.insist(|| self.inbox.count_attempt(key.clone())).await?;
            if started >= self.options.attempts {
                let error = format!("it was started {started} times, and none of them came to an end");
                return self.park(&kept, &error, started).await.map(|()| None);
            }
        }
        let behind = || self.inbox.is_waiting(follower.consumer.clone(), message.partition_key.clone());
        if self.insist(behind).await? {
            return self.park(&kept, "an earlier message of its key is parked", 0).await.map(|()| None);
        }
        let (refused, final_) = match follower.follow(&self.node, Arc::clone(message)).await {
            Consumed::Applied => {
                self.counters.applied.add(1);
                self.forget(redelivered, key).await;
                return Some(None);
            }
            Consumed::Repeated => {
                self.counters.repeated.add(1);
                self.forget(redelivered, key).await;
                return Some(None);
            }
            Consumed::Early(refused) => (refused.to_string(), false),
            Consumed::Refused(refused) => (refused.to_string(), true),
            Consumed::Failed(failure) => match self.failed(&failure) {
                Failing::Stopped => return None,
                Failing::Passing => {
                    self.wait(1).await?;
                    return Some(Some(Pause::Again));
                }
                Failing::Lasting { at_once } => (failure.to_string(), at_once),
            },
        };
        *progress.attempts += 1;
        if final_ || *progress.attempts >= self.options.attempts {
            return self.park(&kept, &refused, *progress.attempts).await.map(|()| None);
        }
        self.counters.early.add(1);
        let earlier = progress.keys.has_earlier(progress.key, &message.sequence);
        Some(Some(if earlier { Pause::Later } else { Pause::Again }))
    }

    fn failed(&self, failure: &Failure) -> Failing {
        self.counters.failures.add(1);
        tracing::warn!(failure = failure.word(), "a message could not be applied");
        match failure {
            Failure::Stopped => Failing::Stopped,
            Failure::Store(error) => match error.kind {
                StoreErrorKind::Closed => Failing::Stopped,
                // What is stored does not change by waiting, but an operator may change it.
                StoreErrorKind::Corrupt | StoreErrorKind::Schema => Failing::Lasting { at_once: false },
                StoreErrorKind::Unavailable | StoreErrorKind::Full | StoreErrorKind::Unknown => {
                    Failing::Passing
                }
            },
            Failure::Panicked(_) | Failure::NotServed(_) => Failing::Lasting { at_once: true },
            Failure::Lost | Failure::Contended { .. } => Failing::Passing,
        }
    }

    /// Keeps a message for an operator.
    async fn park(&self, kept: &Kept<'_>, error: &str, attempts: u32) -> Option<()> {
        let Kept { message, raw, key } = kept;
        let consumer = key.consumer.as_str();
        tracing::warn!(
            consumer,
            kind = message.kind.as_str(),
            id = message.id.as_str(),
            "a message is parked"
        );
        let delivery = ParkedDelivery {
            key: (*key).clone(),
            kind: message.kind.clone(),
            partition_key: message.partition_key.clone(),
            headers: raw.headers.clone(),
            body: raw.body.clone(),
            error: error.to_owned(),
            attempts,
        };
        self.insist(|| self.inbox.park_delivery(delivery.clone())).await?;
        self.counters.parked.add(1);
        Some(())
    }

    /// Keeps what is no message. The same bytes again are the same delivery.
    async fn set_aside(&self, raw: &RawMessage, error: &str) -> Verdict {
        let id =
            Sha256::digest(&raw.body).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        tracing::warn!(id, "what arrived is no event, and is parked");
        let delivery = ParkedDelivery {
            key: DeliveryKey { consumer: String::new(), source: String::new(), id: id.clone() },
            kind: String::new(),
            partition_key: id,
            headers: raw.headers.clone(),
            body: raw.body.clone(),
            error: error.to_owned(),
            attempts: 0,
        };
        match self.insist(|| self.inbox.park_delivery(delivery.clone())).await {
            Some(()) => {
                self.counters.parked.add(1);
                Verdict::Settled
            }
            None => Verdict::Unfinished,
        }
    }

    /// What was counted before a message was applied counts no more. What stays when this fails is one row.
    async fn forget(&self, counted: bool, key: DeliveryKey) {
        if counted && self.inbox.forget_attempts(vec![key]).await.is_err() {
            self.counters.failures.add(1);
        }
    }

    /// Calls the store until it answers: what was received is not dropped because the store is away (CW11). `None` when
    /// the consumer has to stop.
    async fn insist<'a, T: 'a>(
        &'a self,
        call: impl Fn() -> BoxFuture<'a, Result<T, StoreError>>,
    ) -> Option<T> {
        for failures in 1.. {
            match call().await {
                Ok(answer) => return Some(answer),
                Err(error) => {
                    self.counters.failures.add(1);
                    tracing::warn!(failure = error.kind.word(), "the inbox cannot be used");
                    if error.kind == StoreErrorKind::Closed {
                        return None;
                    }
                    self.wait(failures).await?;
                }
            }
        }
        None
    }

    /// Waits after this many attempts. `None` when the consumer is to stop.
    pub(super) async fn wait(&self, attempts: u32) -> Option<()> {
        let span = self.backoff.lock().unwrap_or_else(PoisonError::into_inner).wait(attempts);
        self.unless_stopping(tokio::time::sleep(span)).await
    }

    /// What `work` comes to; `None` when the consumer is to stop before it has.
    pub(super) async fn unless_stopping<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut stopping = self.stopping.clone();
        tokio::select! {
            biased;
            _ = stopping.wait_for(|stopping| *stopping) => None,
            done = work => Some(done),
        }
    }
}

/// Whether a failure passes.
enum Failing {
    /// The node has stopped.
    Stopped,
    /// It may: it is tried again without end.
    Passing,
    /// It does not by itself.
    Lasting {
        /// Whether trying again cannot help.
        at_once: bool,
    },
}

/// What is kept of a message.
struct Kept<'a> {
    message: &'a Envelope,
    raw: &'a RawMessage,
    key: &'a DeliveryKey,
}

fn delivery_key(follower: &Follower, message: &Envelope) -> DeliveryKey {
    DeliveryKey {
        consumer: follower.consumer.clone(),
        source: message.source.clone(),
        id: message.id.clone(),
    }
}
