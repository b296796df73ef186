//! Servers that go away, in good order and without.

use std::collections::BTreeMap;

use super::bench::{Acknowledged, next_message, post, post_counted, take};
use super::samples::{KIND, many, message, place as place_of};
use super::{Outcome, Place, Server, holds, same};
use crate::broker::ErrorClass;

/// What was accepted does not come again after the server was restarted, and what was not does.
pub(super) async fn accepted_survives_a_restart(place: Place) -> Outcome {
    let subscriber = place.subscriber("restarting", &[KIND]).await;
    let publisher = place.publisher().await;
    post(&publisher, (0..10).map(|number| message("k", number)).collect()).await??;
    for number in 0..5 {
        let (taken, delivery) = next_message(&subscriber).await?;
        same!(taken, message("k", number));
        delivery.acknowledge.accept().await?;
    }
    let (_, held) = next_message(&subscriber).await?;
    place.server(Server::stop).await?;
    drop(held);
    place.server(Server::start).await?;
    for number in 5..10 {
        // A delivery may be one from before that cannot be accepted any more. It says so, and comes again.
        let mut accepted = Ok(());
        for _ in 0..10 {
            let (taken, delivery) = next_message(&subscriber).await?;
            same!(taken, message("k", number));
            accepted = delivery.acknowledge.accept().await;
            if accepted.is_ok() {
                break;
            }
        }
        accepted?;
    }
    Ok(())
}

/// While the server is away, publishing fails in a way that may pass, and it passes when the server is back.
pub(super) async fn publishers_recover(place: Place) -> Outcome {
    let subscriber = place.subscriber("recovering", &[KIND]).await;
    let publisher = place.publisher().await;
    publisher.publish(&message("k", 0)).await?;
    place.server(Server::stop).await?;
    for _ in 0..3 {
        let refused = publisher.publish(&message("k", 1)).await;
        same!(refused.map_err(|error| error.class), Err(ErrorClass::Transient));
    }
    place.server(Server::start).await?;
    post(&publisher, vec![message("k", 1)]).await??;
    same!(take(&subscriber, 2).await?, [message("k", 0), message("k", 1)]);
    Ok(())
}

/// F36: whatever was acknowledged arrives, though the server crashed in the middle of publishing; each key's messages
/// arrive in order.
pub(super) async fn acknowledged_survives_a_crash(place: Place) -> Outcome {
    const KEYS: usize = 20;
    const EACH: usize = 40;
    let subscriber = place.subscriber("crashing", &[KIND]).await;
    let publisher = place.publisher().await;
    let acknowledged = Acknowledged::default();
    let posting = post_counted(&publisher, many(KEYS, EACH), &acknowledged);
    acknowledged.reach(KEYS * EACH / 4).await?;
    place.server(Server::kill).await?;
    let before = acknowledged.count();
    place.server(Server::start).await?;
    posting.await??;
    holds!(before < KEYS * EACH, "all was published before the crash");
    let mut next = BTreeMap::new();
    for taken in take(&subscriber, KEYS * EACH).await? {
        let (key, number) = place_of(&taken);
        let expected = next.entry(key).or_insert(0);
        same!(number, *expected);
        *expected += 1;
    }
    Ok(())
}
