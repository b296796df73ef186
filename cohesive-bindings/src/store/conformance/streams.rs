//! Streams: what happens to the requests of an entity does not touch its events, nor the other way round.

use std::time::Duration;

use cohesive_core::value::Timestamp;

use super::claims::LEASE;
use super::outbox::{Relay, claim, claim_all, settle};
use super::samples::{history, message};
use super::{Failure, Outcome, commit_all, same};
use crate::store::outbox::{ALONE_FROM, LANES, Outbox, Pending, Settle, Settled, Stream, lanes};
use crate::store::{OutboxMessage, Store, Unit};

const LATER: Duration = Duration::from_hours(1);

/// Commits one unit for each version of each ticket: an event with ordinal 0, a request with ordinal 1.
async fn put(store: &impl Store, places: &[(&str, u64)]) -> Outcome {
    let unit = |(id, version): &(&str, u64)| {
        let request = OutboxMessage { role: "request", name: "Call", ..message(id, *version, 1) };
        Unit { messages: vec![message(id, *version, 0), request], ..Unit::default() }
    };
    commit_all(store, places.iter().map(unit).collect()).await
}

/// Entity, version and ordinal.
fn places(claimed: &[Pending]) -> Vec<(&str, u64, u32)> {
    let place = |pending: &Pending| (pending.message.version.number(), pending.message.ordinal);
    claimed.iter().map(|pending| (&*pending.message.entity_id, place(pending).0, place(pending).1)).collect()
}

/// One relay of events, one of requests.
async fn both(store: &impl Outbox, owner: &str) -> Result<[Relay; 2], Failure> {
    let events = Relay::start_on(store, &format!("{owner}-events"), Stream::Events).await?;
    Ok([events, Relay::start_on(store, &format!("{owner}-requests"), Stream::Requests).await?])
}

pub(super) async fn messages_lie_in_the_stream_of_their_role(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0), ("a", 1)]).await?;
    let [events, requests] = both(store, "one").await?;
    for stream in Stream::ALL {
        let stats = store.outbox_stats(stream).await?;
        same!((stats.pending, stats.oldest.is_some(), stats.claimed), (2, true, Vec::new()));
    }
    let claimed = claim_all(store, &requests).await?;
    same!(places(&claimed), [("a", 0, 1), ("a", 1, 1)]);
    let lane = lanes::lane("Ticket", "a");
    for pending in &claimed {
        same!((&*pending.message.role, pending.lease.lane), ("request", LANES + lane));
    }
    same!(store.outbox_stats(Stream::Requests).await?.claimed, [(LANES + lane, 2)]);
    same!(store.outbox_stats(Stream::Events).await?.claimed, []);
    // Neither relay has a right to what is the other's.
    same!(claim_all(store, &requests).await?, []);
    let claimed = claim_all(store, &events).await?;
    same!(places(&claimed), [("a", 0, 0), ("a", 1, 0)]);
    for pending in &claimed {
        same!((&*pending.message.role, pending.lease.lane), ("event", lane));
    }
    Ok(())
}

/// Both ways: what waits or is parked in one stream holds back that stream of its entity and not the other.
pub(super) async fn a_wait_holds_back_one_stream(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0), ("b", 0), ("c", 0), ("d", 0)]).await?;
    let [events, requests] = both(store, "one").await?;
    let outcome = |id: &str, waiting: [&str; 2]| match id {
        id if id == waiting[0] => Settle::Retry { after: LATER, error: format!("{id} waits") },
        id if id == waiting[1] => Settle::Parked { error: format!("{id} is parked") },
        _ => Settle::Published,
    };
    for (relay, waiting) in [(&events, ["a", "b"]), (&requests, ["c", "d"])] {
        for pending in claim_all(store, relay).await? {
            let outcome = outcome(&pending.message.entity_id, waiting);
            same!(settle(store, &pending, outcome).await?, Settled::Done);
        }
    }
    put(store, &[("a", 1), ("b", 1), ("c", 1), ("d", 1)]).await?;
    same!(places(&claim_all(store, &events).await?), [("c", 1, 0), ("d", 1, 0)]);
    same!(places(&claim_all(store, &requests).await?), [("a", 1, 1), ("b", 1, 1)]);
    for (stream, relay, name) in [(Stream::Events, &events, "b"), (Stream::Requests, &requests, "d")] {
        let stats = store.outbox_stats(stream).await?;
        same!((stats.pending, stats.waiting, stats.parked), (6, 1, 1));
        let parked = store.parked_messages(stream, 9).await?;
        let named: Vec<_> = parked.iter().map(|parked| (&*parked.entity_id, &*parked.error)).collect();
        same!(named, [(name, &*format!("{name} is parked"))]);
        same!(store.retry_parked(parked[0].position).await?, true);
        let ordinal = u32::from(stream == Stream::Requests);
        // What follows it is free once it has been claimed.
        same!(places(&claim_all(store, relay).await?), [(name, 0, ordinal), (name, 1, ordinal)]);
    }
    Ok(())
}

/// One entity may wait in both streams at once, each for its own message, and be dropped in one.
pub(super) async fn suspects_hold_back_one_stream(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0), ("a", 1)]).await?;
    for _ in 0..ALONE_FROM {
        let [events, requests] = both(store, "one").await?;
        same!(claim_all(store, &events).await?.len(), 2);
        same!(claim_all(store, &requests).await?.len(), 2);
    }
    let [events, requests] = both(store, "one").await?;
    let alone = claim_all(store, &events).await?;
    same!(places(&alone), [("a", 0, 0)]);
    same!(claim(store, &requests.leases, 9, true).await?, []);
    let other = claim_all(store, &requests).await?;
    same!(places(&other), [("a", 0, 1)]);
    let parked = || Settle::Parked { error: "it ends the process".to_owned() };
    same!(settle(store, &alone[0], parked()).await?, Settled::Done);
    same!(settle(store, &other[0], parked()).await?, Settled::Done);
    same!((claim_all(store, &events).await?, claim_all(store, &requests).await?), (Vec::new(), Vec::new()));
    same!(store.drop_parked(other[0].position).await?, true);
    same!(claim_all(store, &events).await?, []);
    same!(places(&claim_all(store, &requests).await?), [("a", 1, 1)]);
    same!(store.outbox_stats(Stream::Events).await?.parked, 1);
    Ok(())
}

/// Relays are counted per stream, and one stream's relays get nothing of the other's lanes.
pub(super) async fn relays_share_the_lanes_of_a_stream(store: &(impl Store + Outbox)) -> Outcome {
    let [mut events, mut requests] = both(store, "one").await?;
    for relay in [&events, &requests] {
        same!((relay.leases.len(), relay.relays), (usize::from(LANES), 1));
        same!(relay.leases.iter().all(|lease| relay.stream.lanes().contains(&lease.lane)), true);
    }
    let other = Relay::start_on(store, "two", Stream::Requests).await?;
    same!((other.leases.len(), other.relays), (0, 2));
    events.renew(store, LEASE).await?;
    requests.renew(store, LEASE).await?;
    same!((events.relays, requests.relays), (1, 2));
    // A lease of the other stream is none to hold or to extend here.
    let confused = Relay { stream: Stream::Events, ..other };
    let mut confused = Relay { leases: requests.leases.clone(), ..confused };
    confused.renew(store, LEASE).await?;
    same!((confused.leases, confused.relays), (Vec::new(), 2));
    store.release("two".to_owned(), Vec::new(), true).await?;
    events.renew(store, LEASE).await?;
    requests.renew(store, LEASE).await?;
    same!((events.relays, requests.relays), (1, 1));
    // What one gives back is the other's in its own stream only.
    store.release(requests.owner.clone(), requests.leases.split_off(32), false).await?;
    let next = Relay::start_on(store, "three", Stream::Requests).await?;
    same!(next.leases.iter().map(|lease| lease.lane).collect::<Vec<_>>(), (96..128).collect::<Vec<_>>());
    Ok(())
}

// F37: an effect is not asked for again because a broker lost its events.
pub(super) async fn upkeep_is_by_stream(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0), ("b", 0)]).await?;
    let [events, requests] = both(store, "one").await?;
    for relay in [&events, &requests] {
        for pending in claim_all(store, relay).await? {
            let parked = Settle::Parked { error: "never".to_owned() };
            let outcome = if pending.message.entity_id == "b" { parked } else { Settle::Published };
            same!(settle(store, &pending, outcome).await?, Settled::Done);
        }
    }
    for stream in Stream::ALL {
        for parked in store.parked_messages(stream, 9).await? {
            same!(store.drop_parked(parked.position).await?, true);
        }
    }
    same!(store.republish(Stream::Events, Timestamp::MIN).await?, 1);
    same!(claim_all(store, &requests).await?, []);
    let again = claim_all(store, &events).await?;
    same!(places(&again), [("a", 0, 0)]);
    same!(settle(store, &again[0], Settle::Published).await?, Settled::Done);
    same!(store.prune_published(Stream::Requests, Duration::ZERO, 1).await?, 1);
    same!(store.prune_published(Stream::Requests, Duration::ZERO, 9).await?, 1);
    for id in ["a", "b"] {
        let left = store.outbox(history(id)).await?;
        same!(left.iter().map(|message| &*message.role).collect::<Vec<_>>(), ["event"]);
    }
    same!(store.prune_published(Stream::Events, Duration::ZERO, 9).await?, 2);
    Ok(())
}
