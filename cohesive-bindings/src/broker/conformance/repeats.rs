//! What was not accepted comes again, what was accepted does not, and nothing is lost on the way.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::bench::{Acknowledged, next_message, post, post_counted, take, within};
use super::samples::{KIND, many, message};
use super::{Failure, Outcome, Place, holds, same};
use crate::broker::Subscriber;

/// R21: after a rejection, a message comes again, not before its time, says so, and stays before those that follow it.
pub(super) async fn rejected_comes_again(place: Place) -> Outcome {
    const AFTER: Duration = Duration::from_millis(400);
    let subscriber = place.subscriber("rejecting", &[KIND]).await;
    let publisher = place.publisher().await;
    let posting = post(&publisher, vec![message("k", 0), message("k", 1)]);
    let (first, delivery) = next_message(&subscriber).await?;
    same!(first, message("k", 0));
    let rejected = Instant::now();
    delivery.acknowledge.reject(AFTER).await?;
    let (again, delivery) = next_message(&subscriber).await?;
    same!(again, message("k", 0));
    holds!(rejected.elapsed() >= AFTER, "it came after {:?}", rejected.elapsed());
    holds!(delivery.redelivered, "the repeat is not said to be one");
    // Now without a delay.
    delivery.acknowledge.reject(Duration::ZERO).await?;
    let (again, delivery) = next_message(&subscriber).await?;
    same!(again, message("k", 0));
    delivery.acknowledge.accept().await?;
    let (second, delivery) = next_message(&subscriber).await?;
    same!(second, message("k", 1));
    delivery.acknowledge.accept().await?;
    posting.await?
}

/// A delivery that is dropped without an answer comes again.
pub(super) async fn dropped_comes_again(place: Place) -> Outcome {
    let subscriber = place.subscriber("dropping", &[KIND]).await;
    let publisher = place.publisher().await;
    let posting = post(&publisher, vec![message("k", 0), message("k", 1)]);
    for _ in 0..2 {
        let (first, delivery) = next_message(&subscriber).await?;
        same!(first, message("k", 0));
        drop(delivery);
    }
    let (first, delivery) = next_message(&subscriber).await?;
    same!(first, message("k", 0));
    holds!(delivery.redelivered, "the repeat is not said to be one");
    delivery.acknowledge.accept().await?;
    let (second, delivery) = next_message(&subscriber).await?;
    same!(second, message("k", 1));
    delivery.acknowledge.accept().await?;
    posting.await?
}

/// A receiver that is closed gives back what it took and did not deliver at once, and what it delivered can still be
/// accepted.
pub(super) async fn closed_receiver_gives_back(place: Place) -> Outcome {
    let subscriber = place.subscriber("closing", &[KIND]).await;
    let publisher = place.publisher().await;
    post(&publisher, many(20, 2)).await??;
    let (accepted, delivery) = next_message(&subscriber).await?;
    subscriber.close().await;
    let other = place.subscriber("closing", &[KIND]).await;
    delivery.acknowledge.accept().await?;
    // Everything else goes to the other one; had the acceptance been lost, this would be one more.
    let messages = take(&other, 39).await?;
    holds!(messages.iter().all(|message| message.id != accepted.id), "what was accepted came again");
    Ok(())
}

/// What was rejected comes to another receiver after its time, though the first one is closed by then.
pub(super) async fn rejected_outlives_its_receiver(place: Place) -> Outcome {
    const AFTER: Duration = Duration::from_millis(400);
    let subscriber = place.subscriber("leaving", &[KIND]).await;
    let publisher = place.publisher().await;
    post(&publisher, vec![message("k", 0), message("k", 1)]).await??;
    let (_, delivery) = next_message(&subscriber).await?;
    delivery.acknowledge.reject(AFTER).await?;
    subscriber.close().await;
    let other = place.subscriber("leaving", &[KIND]).await;
    same!(take(&other, 2).await?, [message("k", 0), message("k", 1)]);
    Ok(())
}

/// A receiver that is dropped, deliveries and all, gives back what it held.
pub(super) async fn lost_receiver_gives_back(place: Place) -> Outcome {
    let subscriber = place.subscriber("losing", &[KIND]).await;
    let publisher = place.publisher().await;
    post(&publisher, many(20, 2)).await??;
    let (held, delivery) = next_message(&subscriber).await?;
    drop((subscriber, delivery));
    let other = place.subscriber("losing", &[KIND]).await;
    let messages = take(&other, 40).await?;
    holds!(messages.iter().any(|message| message.id == held.id), "what was in hand is lost");
    Ok(())
}

/// A closed receiver says so, to a call that waits and to a later one.
pub(super) async fn closed_receiver_receives_nothing(place: Place) -> Outcome {
    let subscriber = place.subscriber("closed", &[KIND]).await;
    let waiting = {
        let subscriber = Arc::clone(&subscriber);
        tokio::spawn(async move { subscriber.receive().await.is_err() })
    };
    tokio::task::yield_now().await;
    subscriber.close().await;
    subscriber.close().await;
    same!(within("the waiting call to end", waiting).await??, true);
    same!(within("a call to end", subscriber.receive()).await?.is_err(), true);
    Ok(())
}

/// Dropping the future of [`Subscriber::receive`] at any time loses nothing.
pub(super) async fn cancelled_receives_lose_nothing(place: Place) -> Outcome {
    const COUNT: usize = 200;
    let subscriber = place.subscriber("cancelling", &[KIND]).await;
    let publisher = place.publisher().await;
    let acknowledged = Acknowledged::default();
    let posting = post_counted(&publisher, many(20, COUNT / 20), &acknowledged);
    let mut seen = std::collections::BTreeSet::new();
    let until = Instant::now() + super::bench::PATIENCE;
    let mut turn = 0_u32;
    while seen.len() < COUNT {
        holds!(
            Instant::now() < until,
            "{} of {COUNT} messages came, {} are with the broker",
            seen.len(),
            acknowledged.count()
        );
        turn += 1;
        // Polled once, twice, … and dropped; where it is ready, it counts.
        let Some(delivery) = polled(&subscriber, turn % 5 + 1).await else { continue };
        let Ok(delivery) = delivery else { continue };
        let message = delivery.message.map_err(|flaw| Failure(flaw.to_string()))?;
        same!(seen.insert(message.id.clone()) || delivery.redelivered, true);
        delivery.acknowledge.accept().await?;
    }
    posting.await?
}

/// Polls a call this often, with a pause in between, and drops it then.
async fn polled(
    subscriber: &Arc<dyn Subscriber>,
    times: u32,
) -> Option<Result<crate::broker::Delivery, crate::broker::SubscribeError>> {
    let mut call = subscriber.receive();
    for _ in 0..times {
        let answer =
            std::future::poll_fn(|context| std::task::Poll::Ready(call.as_mut().poll(context))).await;
        if let std::task::Poll::Ready(answer) = answer {
            return Some(answer);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    None
}

/// A delivery that is extended in time stays with its receiver, and counts as one.
pub(super) async fn extended_stays(place: Place, hold: Duration) -> Outcome {
    let subscriber = place.subscriber("extending", &[KIND]).await;
    let other = place.subscriber("extending", &[KIND]).await;
    let publisher = place.publisher().await;
    post(&publisher, vec![message("k", 0), message("k", 1)]).await??;
    let receive = |subscriber: &Arc<dyn Subscriber>| {
        let subscriber = Arc::clone(subscriber);
        tokio::spawn(async move { next_message(&subscriber).await })
    };
    let (mut left, mut right) = (receive(&subscriber), receive(&other));
    let ((first, mut delivery), second) = tokio::select! {
        first = &mut left => (first??, right),
        first = &mut right => (first??, left),
    };
    same!(first, message("k", 0));
    for _ in 0..8 {
        tokio::time::sleep(hold / 4).await;
        delivery.acknowledge.extend().await?;
    }
    holds!(!second.is_finished(), "the message, or the one that follows it, went to another receiver");
    delivery.acknowledge.accept().await?;
    second.abort();
    Ok(())
}
