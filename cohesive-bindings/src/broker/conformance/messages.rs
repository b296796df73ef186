//! What a message is on its way: whole, of its kind, within the bound.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::bench::{next, next_message, post, take};
use super::samples::{KIND, awkward, message, of_kind, of_size};
use super::{Failure, Outcome, Place, holds, same};
use crate::broker::ErrorClass;

/// Every attribute and every byte of the payload arrive as they were sent.
pub(super) async fn messages_arrive_whole(place: Place) -> Outcome {
    let subscriber = place.subscriber("whole", &[KIND]).await;
    let publisher = place.publisher().await;
    let sent = awkward();
    for message in &sent {
        same!(message.check().map_err(|flaw| flaw.to_string()), Ok(()));
    }
    // One after the other, so that they arrive so.
    for message in sent {
        let posting = post(&publisher, vec![message.clone()]);
        let (arrived, delivery) = next_message(&subscriber).await?;
        same!(arrived, message);
        same!(delivery.raw.body, message.data.as_bytes());
        holds!(!delivery.raw.headers.is_empty(), "the headers did not arrive");
        delivery.acknowledge.accept().await?;
        posting.await??;
    }
    Ok(())
}

/// R01: a subscription to a kind is to nothing else, whatever the name means to the broker.
pub(super) async fn kinds_count_by_exact_name(place: Place) -> Outcome {
    const WANTED: [&str; 3] = ["parcel.sent", "parcel.*", "#"];
    const OTHERS: [&str; 11] = [
        "parcel",
        "parcel.sent.late",
        "parcel.lost",
        "PARCEL.SENT",
        "parcel.sen",
        "parcel.sent%2E",
        "*",
        ">",
        "parcel.>",
        "parcel sent",
        "parcel..sent",
    ];
    let wanted = place.subscriber("wanted", &WANTED).await;
    let others = place.subscriber("others", &OTHERS).await;
    let publisher = place.publisher().await;
    let mut messages: Vec<_> = (0..).zip(OTHERS).map(|(number, kind)| of_kind(kind, "k", number)).collect();
    // These come last, and with the same key, so that anything wrong would come before them.
    messages.extend((20..).zip(WANTED).map(|(number, kind)| of_kind(kind, "k", number)));
    let posting = post(&publisher, messages);
    let (left, right) = tokio::join!(take(&wanted, WANTED.len()), take(&others, OTHERS.len()));
    let kinds = |messages: Vec<crate::envelope::Envelope>| -> Vec<String> {
        messages.into_iter().map(|message| message.kind).collect()
    };
    same!(kinds(left?), WANTED);
    same!(kinds(right?), OTHERS);
    posting.await?
}

/// F10: what [`crate::broker::Publisher::max_message`] allows is taken and delivered, and one byte more is refused for good.
pub(super) async fn sizes_up_to_the_bound_arrive(place: Place) -> Outcome {
    let subscriber = place.subscriber("sizes", &[KIND]).await;
    let publisher = place.publisher().await;
    let most = publisher.max_message();
    if most == usize::MAX {
        return Ok(());
    }
    for (number, size) in [most - 1, most].into_iter().enumerate() {
        let message = of_size("k", number, size);
        same!(message.size(), size);
        let posting = post(&publisher, vec![message.clone()]);
        let (arrived, delivery) = next_message(&subscriber).await?;
        holds!(arrived == message, "the message of {size} bytes arrived as another one");
        delivery.acknowledge.accept().await?;
        posting.await??;
    }
    let refused = publisher.publish(&of_size("k", 2, most + 1)).await;
    same!(refused.map_err(|error| error.class), Err(ErrorClass::Permanent));
    // The refusal did no harm.
    let posting = post(&publisher, vec![message("k", 3)]);
    let (arrived, delivery) = next_message(&subscriber).await?;
    same!(arrived, message("k", 3));
    delivery.acknowledge.accept().await?;
    posting.await?
}

/// F36: a message that the broker would drop, because nobody subscribed to it, is not published.
pub(super) async fn unroutable_is_an_error(place: Place) -> Outcome {
    let publisher = place.publisher().await;
    let refused = publisher.publish(&message("k", 0)).await;
    // It may pass: somebody may subscribe.
    same!(refused.map_err(|error| error.class), Err(ErrorClass::Transient));
    let subscriber = place.subscriber("late", &[KIND]).await;
    let other = publisher.publish(&of_kind("parcel.lost", "k", 1)).await;
    same!(other.map_err(|error| error.class), Err(ErrorClass::Transient));
    publisher.publish(&message("k", 0)).await?;
    let delivery = next(&subscriber).await?;
    same!(delivery.message.map_err(|flaw| Failure(flaw.to_string()))?, message("k", 0));
    delivery.acknowledge.accept().await?;
    // Many at once: each hears of itself, and of no other.
    let mut tasks = JoinSet::new();
    for number in 0..300 {
        let publisher = Arc::clone(&publisher);
        tasks.spawn(async move {
            let kind = if number % 3 == 0 { "parcel.lost" } else { KIND };
            let sent = publisher.publish(&of_kind(kind, &format!("k{number}"), 0)).await;
            (number, sent.map_err(|error| error.class))
        });
    }
    while let Some(ended) = tasks.join_next().await {
        let (number, sent) = ended?;
        let expected = if number % 3 == 0 { Err(ErrorClass::Transient) } else { Ok(()) };
        holds!(sent == expected, "message {number} of many: {sent:?}");
    }
    same!(take(&subscriber, 200).await?.len(), 200);
    Ok(())
}
