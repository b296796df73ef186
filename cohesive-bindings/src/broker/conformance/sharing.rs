//! Who gets a message: each subscription, and one of its receivers.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::bench::{PATIENCE, Witness, post, take};
use super::samples::{KIND, many, place as place_of};
use super::{Failure, Outcome, Place, holds, same};
use crate::broker::Subscriber;

/// Two subscriptions get every message, each of them all.
pub(super) async fn subscriptions_get_all(place: Place) -> Outcome {
    let (left, right) = (place.subscriber("left", &[KIND]).await, place.subscriber("right", &[KIND]).await);
    let publisher = place.publisher().await;
    let messages = many(5, 6);
    let posting = post(&publisher, messages.clone());
    let (left, right) = tokio::join!(take(&left, messages.len()), take(&right, messages.len()));
    let ids = |taken: Vec<crate::envelope::Envelope>| -> BTreeSet<String> {
        taken.into_iter().map(|message| message.id).collect()
    };
    let all = ids(messages);
    same!(ids(left?), all);
    same!(ids(right?), all);
    posting.await?
}

/// Two receivers of one subscription get every message once between them, and sooner or later each gets some.
pub(super) async fn receivers_share(place: Place) -> Outcome {
    let witness = Witness::default();
    let mut receivers = JoinSet::new();
    for receiver in 0..2 {
        let subscriber = place.subscriber("shared", &[KIND]).await;
        receivers.spawn(serve(subscriber, receiver, witness.clone()));
    }
    let publisher = place.publisher().await;
    let until = tokio::time::Instant::now() + PATIENCE;
    let mut round = 0;
    while witness.count_of(0) == 0 || witness.count_of(1) == 0 {
        holds!(tokio::time::Instant::now() < until, "one receiver gets nothing");
        let keys: Vec<_> = many(40, round + 1).split_off(40 * round);
        post(&publisher, keys).await??;
        round += 1;
        while witness.count() < 40 * round {
            holds!(
                tokio::time::Instant::now() < until,
                "{} of {} messages came",
                witness.count(),
                40 * round
            );
            holds!(receivers.len() == 2, "a receiver ended");
            if let Some(ended) = receivers.try_join_next() {
                return ended?;
            }
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }
    receivers.shutdown().await;
    Ok(())
}

/// Accepts whatever comes, until it is stopped.
async fn serve(subscriber: Arc<dyn Subscriber>, receiver: usize, witness: Witness) -> Outcome {
    loop {
        let Ok(next) = subscriber.receive().await else { continue };
        let message = next.message.map_err(|flaw| Failure(format!("unreadable: {flaw}")))?;
        let (key, number) = place_of(&message);
        if witness.delivered(receiver, &key, number)? {
            witness.accepted(receiver, &key, number);
        }
        next.acknowledge.accept().await?;
    }
}
