//! The consumer's loop: receive, as long as there is room, and have somebody work on each key.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use super::keys::{Held, Keys};
use super::work::Workshop;
use crate::broker::Subscriber;
use crate::port::Spawner;

pub(super) struct Loop {
    workshop: Arc<Workshop>,
    subscriber: Arc<dyn Subscriber>,
    spawner: Arc<dyn Spawner>,
    keys: Arc<Keys>,
    places: Arc<Semaphore>,
    _ended: watch::Sender<()>,
}

impl Loop {
    pub(super) fn new(
        workshop: Arc<Workshop>,
        subscriber: Arc<dyn Subscriber>,
        spawner: Arc<dyn Spawner>,
    ) -> (Self, watch::Receiver<()>) {
        let (ended, end) = watch::channel(());
        let places = Arc::new(Semaphore::new(workshop.options.in_hand));
        (Self { workshop, subscriber, spawner, keys: Arc::default(), places, _ended: ended }, end)
    }

    pub(super) async fn run(self) {
        let mut failures = 0;
        for arrival in 0.. {
            let Some(held) = self.receive(arrival, &mut failures).await else { break };
            let Some(key) = self.keys.add(held) else { continue };
            let (workshop, keys) = (Arc::clone(&self.workshop), Arc::clone(&self.keys));
            self.spawner.spawn(Box::pin(async move {
                while let Some(held) = keys.next(&key) {
                    workshop.handle(&keys, &key, held).await;
                }
            }));
        }
        // Whoever works gives the place of each message back when it is settled.
        let all = u32::try_from(self.workshop.options.in_hand).unwrap_or(u32::MAX);
        drop(self.places.acquire_many(all).await);
        self.workshop.counters.in_hand.set(0);
        self.subscriber.close().await;
    }

    /// The next message; `None` when the consumer is to stop.
    async fn receive(&self, arrival: u64, failures: &mut u32) -> Option<Held> {
        let counters = &self.workshop.counters;
        let place = self.workshop.unless_stopping(Arc::clone(&self.places).acquire_owned()).await?.ok()?;
        loop {
            match self.workshop.unless_stopping(self.subscriber.receive()).await? {
                Ok(delivery) => {
                    *failures = 0;
                    counters.received.add(1);
                    counters.in_hand.set(self.workshop.options.in_hand - self.places.available_permits());
                    let aged =
                        delivery.message.as_ref().ok().map(|message| counters.ages.of(message.recorded));
                    return Some(Held {
                        delivery,
                        arrival,
                        attempts: 0,
                        done: 0,
                        _place: place,
                        _aged: aged,
                    });
                }
                Err(error) => {
                    *failures += 1;
                    counters.receive_failures.add(1);
                    let broker = self.subscriber.name();
                    tracing::warn!(broker, failure = %error, "nothing can be received");
                    self.workshop.wait(*failures).await?;
                }
            }
        }
    }
}
