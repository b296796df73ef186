//! Claims and settlements: in order, counted, fenced.

use std::time::Duration;

use super::outbox::{Relay, again, at_places, claim, claim_all, positions, put, settle};
use super::samples::{history, message};
use super::{Outcome, same};
use crate::store::Store;
use crate::store::outbox::{ALONE_FROM, ERROR_LENGTH, Outbox, Settle, Settled, Stream, lanes};

pub(super) const LEASE: Duration = Duration::from_mins(1);
const LATER: Duration = Duration::from_hours(1);

/// Everything is claimed once under one token, in the order of its places, as it was written.
pub(super) async fn claims_give_each_message_once(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0), ("b", 0, 0), ("a", 0, 1), ("a", 1, 0), ("b", 1, 0)]).await?;
    let relay = Relay::start(store, "one").await?;
    let claimed = claim_all(store, &relay).await?;
    same!(at_places(&claimed, "a"), [(0, 0), (0, 1), (1, 0)]);
    same!(at_places(&claimed, "b"), [(0, 0), (1, 0)]);
    for pending in &claimed {
        let stored = store.outbox(history(&pending.message.entity_id)).await?;
        same!(stored.contains(&pending.message), true);
        same!(pending.attempts, 1);
        same!(pending.lease.lane, lanes::lane("Ticket", &pending.message.entity_id));
    }
    same!(claim_all(store, &relay).await?, []);
    let claims: u64 = store.outbox_stats(Stream::Events).await?.claimed.iter().map(|(_, count)| count).sum();
    same!(claims, 5);
    put(store, &[("b", 2, 0)]).await?;
    same!(at_places(&claim_all(store, &relay).await?, "b"), [(2, 0)]);
    Ok(())
}

pub(super) async fn claims_keep_to_their_lanes_and_limit(store: &(impl Store + Outbox)) -> Outcome {
    let names: Vec<String> = (0..40).map(|number| format!("t{number}")).collect();
    for name in &names {
        put(store, &[(name, 0, 0), (name, 1, 0), (name, 2, 0)]).await?;
    }
    let relay = Relay::start(store, "one").await?;
    let lane = lanes::lane("Ticket", "t0");
    let mine: Vec<_> = relay.leases.iter().copied().filter(|lease| lease.lane == lane).collect();
    let here = names.iter().filter(|name| lanes::lane("Ticket", name) == lane).count();
    let first = claim(store, &mine, 2, false).await?;
    same!(first.len(), 2);
    same!(positions(&first).is_sorted(), true);
    let rest = claim(store, &mine, usize::MAX, true).await?;
    same!(first.len() + rest.len(), here * 3);
    same!(positions(&rest).first() > positions(&first).last(), true);
    same!(claim_all(store, &relay).await?.len(), (40 - here) * 3);
    Ok(())
}

// B26, CW5: each message is settled for itself.
pub(super) async fn settled_messages_are_published(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0), ("a", 0, 1), ("b", 0, 0)]).await?;
    let relay = Relay::start(store, "one").await?;
    let claimed = claim_all(store, &relay).await?;
    let first = claimed.iter().filter(|pending| pending.message.ordinal == 0);
    for pending in first {
        same!(settle(store, pending, Settle::Published).await?, Settled::Done);
        same!(settle(store, pending, Settle::Published).await?, Settled::Fenced);
    }
    let published: Vec<bool> =
        store.outbox(history("a")).await?.iter().map(|message| message.published_at.is_some()).collect();
    same!(published, [true, false]);
    same!(store.outbox_stats(Stream::Events).await?.pending, 1);
    // What was returned was not tried.
    for pending in claimed.iter().filter(|pending| pending.message.ordinal == 1) {
        same!(settle(store, pending, Settle::Returned).await?, Settled::Done);
    }
    let once_more = claim_all(store, &relay).await?;
    same!(
        once_more.iter().map(|pending| (pending.message.ordinal, pending.attempts)).collect::<Vec<_>>(),
        [(1, 1)]
    );
    Ok(())
}

// CW3
pub(super) async fn later_messages_are_found(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0)]).await?;
    let relay = Relay::start(store, "one").await?;
    for pending in claim_all(store, &relay).await? {
        same!(settle(store, &pending, Settle::Published).await?, Settled::Done);
    }
    put(store, &[("b", 0, 0), ("a", 1, 0)]).await?;
    same!(claim_all(store, &relay).await?.len(), 2);
    Ok(())
}

// F8, B25: one entity waits, the others do not.
pub(super) async fn a_wait_holds_back_one_entity(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0), ("a", 1, 0), ("b", 0, 0), ("b", 1, 0)]).await?;
    let relay = Relay::start(store, "one").await?;
    for pending in claim_all(store, &relay).await? {
        let outcome = match (&*pending.message.entity_id, pending.message.version.number()) {
            ("a", 0) => Settle::Retry { after: LATER, error: "no".to_owned() },
            ("b", 0) => Settle::Parked { error: "never".to_owned() },
            _ => Settle::Returned,
        };
        same!(settle(store, &pending, outcome).await?, Settled::Done);
    }
    put(store, &[("a", 2, 0), ("b", 2, 0), ("c", 0, 0)]).await?;
    let claimed = claim_all(store, &relay).await?;
    same!(claimed.iter().map(|pending| &*pending.message.entity_id).collect::<Vec<_>>(), ["c"]);
    let stats = store.outbox_stats(Stream::Events).await?;
    same!((stats.pending, stats.waiting, stats.parked), (7, 1, 1));
    same!(stats.oldest.is_some(), true);
    Ok(())
}

/// The first message comes back alone; those behind it follow once it is published.
pub(super) async fn a_retry_comes_before_what_follows(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0), ("a", 1, 0)]).await?;
    let relay = Relay::start(store, "one").await?;
    let claimed = claim_all(store, &relay).await?;
    let now = Settle::Retry { after: Duration::ZERO, error: "no".to_owned() };
    same!(settle(store, &claimed[0], now).await?, Settled::Done);
    same!(settle(store, &claimed[1], Settle::Returned).await?, Settled::Done);
    let retried = claim_all(store, &relay).await?;
    same!(at_places(&retried, "a"), [(0, 0)]);
    same!(retried[0].attempts, 2);
    // While it is under way, nothing else of its entity is claimed.
    same!(claim_all(store, &relay).await?, []);
    same!(settle(store, &retried[0], Settle::Published).await?, Settled::Done);
    same!(at_places(&claim_all(store, &relay).await?, "a"), [(1, 0)]);
    same!(store.outbox_stats(Stream::Events).await?.waiting, 0);
    Ok(())
}

// R29: parked messages are kept as they are, until an operator decides.
pub(super) async fn parked_messages_wait_for_an_operator(store: &(impl Store + Outbox)) -> Outcome {
    let long = "\u{1f69a}".repeat(ERROR_LENGTH + 5);
    put(store, &[("a", 0, 0), ("b", 0, 0), ("b", 1, 0)]).await?;
    let relay = Relay::start(store, "one").await?;
    for pending in claim_all(store, &relay).await? {
        let first = pending.message.version.number() == 0;
        let outcome = if first { Settle::Parked { error: long.clone() } } else { Settle::Returned };
        same!(settle(store, &pending, outcome).await?, Settled::Done);
    }
    let parked = store.parked_messages(Stream::Events, 9).await?;
    same!(parked.iter().map(|message| &*message.entity_id).collect::<Vec<_>>(), ["a", "b"]);
    same!(store.parked_messages(Stream::Events, 1).await?.len(), 1);
    let (first, expected) = (&parked[0], message("a", 0, 0));
    same!((first.id, &*first.name, &*first.payload), (expected.id, expected.name, &*expected.payload));
    same!((first.version, first.ordinal, first.attempts), (expected.version, 0, 1));
    same!(first.error.chars().count(), ERROR_LENGTH);
    same!(claim_all(store, &relay).await?, []);

    same!(store.retry_parked(first.position).await?, true);
    same!(store.retry_parked(first.position).await?, false);
    let retried = claim_all(store, &relay).await?;
    same!((at_places(&retried, "a"), retried[0].attempts), (vec![(0, 0)], 1));
    let second = parked[1].position;
    same!(store.drop_parked(second).await?, true);
    same!(store.drop_parked(second).await?, false);
    same!(store.retry_parked(second).await?, false);
    same!(at_places(&claim_all(store, &relay).await?, "b"), [(1, 0)]);
    same!(store.outbox(history("b")).await?[0].published_at, None);
    same!(store.outbox_stats(Stream::Events).await?.parked, 0);
    Ok(())
}

// F7: what a former owner writes changes nothing.
pub(super) async fn former_owners_are_fenced(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0), ("b", 0, 0), ("c", 0, 0), ("d", 0, 0)]).await?;
    let former = Relay::start(store, "one").await?;
    let stale = claim_all(store, &former).await?;
    let relay = again(store, "one").await?;
    let retry = || Settle::Retry { after: LATER, error: "stale".to_owned() };
    let parked = || Settle::Parked { error: "stale".to_owned() };
    let outcomes = [Settle::Published, retry(), parked(), Settle::Returned];
    for (pending, outcome) in stale.iter().zip(outcomes.clone()) {
        same!(settle(store, pending, outcome).await?, Settled::Fenced);
    }
    same!(claim_all(store, &former).await?, []);
    let claimed = claim_all(store, &relay).await?;
    same!(claimed.iter().map(|pending| pending.attempts).collect::<Vec<_>>(), [2, 2, 2, 2]);
    // Nor does it once the message is claimed again.
    for (pending, outcome) in stale.iter().zip(outcomes) {
        same!(settle(store, pending, outcome).await?, Settled::Fenced);
    }
    let stats = store.outbox_stats(Stream::Events).await?;
    same!((stats.pending, stats.waiting, stats.parked), (4, 0, 0));
    for pending in &claimed {
        same!(settle(store, pending, Settle::Published).await?, Settled::Done);
    }
    Ok(())
}

// F9: the attempt is counted before the claim is answered, and what may have ended the process is tried alone.
pub(super) async fn suspects_are_claimed_alone(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0), ("a", 1, 0), ("b", 0, 0)]).await?;
    for attempt in 1..=ALONE_FROM {
        let relay = again(store, "one").await?;
        let claimed = claim_all(store, &relay).await?;
        same!(claimed.iter().map(|pending| pending.attempts).collect::<Vec<_>>(), vec![attempt; 3]);
    }
    let relay = again(store, "one").await?;
    put(store, &[("c", 0, 0)]).await?;
    same!(claim(store, &relay.leases, 9, true).await?, []);
    let mut order = Vec::new();
    for _ in 0..2 {
        let alone = claim_all(store, &relay).await?;
        same!((alone.len(), alone[0].attempts), (1, ALONE_FROM + 1));
        same!(claim_all(store, &relay).await?, []);
        order.push((alone[0].message.entity_id.clone(), alone[0].message.version.number()));
        same!(settle(store, &alone[0], Settle::Published).await?, Settled::Done);
    }
    same!(order, [("a".to_owned(), 0), ("b".to_owned(), 0)]);
    let rest = claim_all(store, &relay).await?;
    same!((at_places(&rest, "a"), at_places(&rest, "c")), (vec![(1, 0)], vec![(0, 0)]));
    Ok(())
}

/// A message that was given back or waits stays before the one behind it, whose claim was left over.
pub(super) async fn recovery_keeps_the_order(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0), ("a", 1, 0), ("b", 0, 0), ("b", 1, 0)]).await?;
    for _ in 1..ALONE_FROM {
        claim_all(store, &again(store, "one").await?).await?;
    }
    for pending in claim_all(store, &again(store, "one").await?).await? {
        let outcome = match (&*pending.message.entity_id, pending.message.version.number()) {
            ("a", 0) => Settle::Returned,
            ("b", 0) => Settle::Retry { after: LATER, error: "no".to_owned() },
            _ => continue,
        };
        same!(settle(store, &pending, outcome).await?, Settled::Done);
    }
    let claimed = claim_all(store, &again(store, "one").await?).await?;
    same!(at_places(&claimed, "a"), [(0, 0), (1, 0)]);
    same!(at_places(&claimed, "b"), []);
    Ok(())
}
