//! The order of the messages of a key (A117, R22, R25).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::bench::{Witness, next_message, post, within};
use super::samples::{KIND, many, place as place_of};
use super::{Failure, Outcome, Place, holds, same};
use crate::broker::Subscriber;

const KEYS: usize = 24;
const EACH: usize = 50;

/// More than a thousand messages of two dozen keys, two receivers with several messages in hand, and every tenth
/// message rejected once: each key's messages come in order, and never to two receivers at once.
pub(super) async fn order_holds_for_two_receivers(place: Place) -> Outcome {
    let witness = Witness::default();
    let mut receivers = JoinSet::new();
    for receiver in 0..2 {
        let subscriber = place.subscriber("ordered", &[KIND]).await;
        receivers.spawn(handle(subscriber, receiver, witness.clone()));
    }
    let publisher = place.publisher().await;
    let posting = post(&publisher, many(KEYS, EACH));
    finish(&mut receivers, &witness, KEYS * EACH).await?;
    posting.await?
}

/// The same when receivers are lost with messages in their hands: one while nobody else is there, one while another
/// receiver works.
pub(super) async fn order_survives_a_receiver(place: Place) -> Outcome {
    let witness = Witness::default();
    // The subscription stays when its receiver has gone.
    place.subscriber("mortal", &[KIND]).await.close().await;
    let publisher = place.publisher().await;
    let posting = post(&publisher, many(KEYS, EACH / 5));
    let mut receivers = JoinSet::new();
    for (lost, receiver) in [(1, None), (2, Some(0))] {
        let (full, filled) = oneshot::channel();
        let doomed = doom(place.clone(), lost, witness.clone(), full);
        within("a receiver to have messages in hand", filled).await?.ok();
        if let Some(receiver) = receiver {
            let subscriber = place.subscriber("mortal", &[KIND]).await;
            receivers.spawn(handle(subscriber, receiver, witness.clone()));
        }
        let end = tokio::task::spawn_blocking(move || doomed.join());
        within("a receiver to be lost", end)
            .await??
            .map_err(|_| Failure("the lost receiver failed".into()))??;
    }
    finish(&mut receivers, &witness, KEYS * EACH / 5).await?;
    posting.await?
}

/// Waits until all messages were accepted, or a receiver fails.
async fn finish(receivers: &mut JoinSet<Outcome>, witness: &Witness, count: usize) -> Outcome {
    within("all messages", async {
        while witness.count() < count {
            if let Some(ended) = receivers.try_join_next() {
                ended??;
                return Err(Failure("a receiver ended".into()));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    })
    .await??;
    same!(witness.count(), count);
    receivers.shutdown().await;
    Ok(())
}

/// Receives without waiting for what is handled, except for earlier messages of the same key, as a consumer does.
async fn handle(subscriber: Arc<dyn Subscriber>, receiver: usize, witness: Witness) -> Outcome {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    let (sender, mut failures) = mpsc::unbounded_channel();
    let rejected = Arc::new(std::sync::Mutex::new(BTreeSet::new()));
    loop {
        if let Ok(failure) = failures.try_recv() {
            return Err(failure);
        }
        let Ok(delivery) = subscriber.receive().await else { continue };
        let message = delivery.message.map_err(|flaw| Failure(format!("unreadable: {flaw}")))?;
        let (key, number) = place_of(&message);
        let fresh = witness.delivered(receiver, &key, number)?;
        let (sender, witness, rejected) = (sender.clone(), witness.clone(), Arc::clone(&rejected));
        let acknowledge = delivery.acknowledge;
        tokio::spawn(async move {
            // Others get a turn, so that what could be overtaken is.
            for _ in 0..TURN.fetch_add(1, Ordering::Relaxed) % 7 {
                tokio::task::yield_now().await;
            }
            let first = rejected.lock().is_ok_and(|mut rejected| rejected.insert(message.id));
            let answer = if fresh && first && number % 10 == 3 {
                witness.returned(&key, number);
                acknowledge.reject(Duration::from_millis(5)).await
            } else {
                if fresh {
                    witness.accepted(receiver, &key, number);
                }
                acknowledge.accept().await
            };
            if let Err(error) = answer {
                let _ = sender.send(Failure::from(error));
            }
        });
    }
}

/// A receiver in a runtime of its own, which ends with some accepted, some in hand, and without a word. It says when it
/// has some in hand.
fn doom(
    place: Place,
    receiver: usize,
    witness: Witness,
    full: oneshot::Sender<()>,
) -> std::thread::JoinHandle<Outcome> {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure(error.to_string()))?;
        let held = runtime.block_on(async {
            let subscriber = place.subscriber("mortal", &[KIND]).await;
            let mut held = Vec::new();
            for turn in 0..8 {
                let (message, delivery) = next_message(&subscriber).await?;
                let (key, number) = place_of(&message);
                if !witness.delivered(receiver, &key, number)? {
                    delivery.acknowledge.accept().await?;
                } else if turn % 3 == 0 {
                    held.push((key, number, delivery));
                } else {
                    witness.accepted(receiver, &key, number);
                    delivery.acknowledge.accept().await?;
                }
            }
            let _ = full.send(());
            // Another receiver may try its luck meanwhile; whether it gets something is the broker's affair.
            tokio::time::sleep(Duration::from_millis(200)).await;
            Ok::<_, Failure>(held)
        })?;
        holds!(!held.is_empty(), "the receiver has nothing in hand");
        // From here on, others may get what it held.
        for (key, number, _) in &held {
            witness.returned(key, *number);
        }
        drop(runtime);
        drop(held);
        Ok(())
    })
}
