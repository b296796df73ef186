//! Lanes and upkeep of the outbox, and short ways to write about it.

use std::time::Duration;

use cohesive_core::value::Timestamp;

use super::claims::LEASE;
use super::samples::{history, message};
use super::{Failure, Outcome, commit_all, same};
use crate::store::outbox::{
    Acquire, Claim, LANES, Lease, Outbox, Pending, Settle, Settled, Settlement, Stream,
};
use crate::store::{Store, StoreErrorKind, Unit};

/// A relay as a store sees it.
pub(super) struct Relay {
    pub(super) owner: String,
    pub(super) stream: Stream,
    pub(super) leases: Vec<Lease>,
    pub(super) relays: usize,
    pub(super) left: Duration,
}

impl Relay {
    /// A relay of events that holds what it can get.
    pub(super) async fn start(store: &impl Outbox, owner: &str) -> Result<Self, Failure> {
        Self::start_on(store, owner, Stream::Events).await
    }

    /// A relay of a stream that holds what it can get.
    pub(super) async fn start_on(store: &impl Outbox, owner: &str, stream: Stream) -> Result<Self, Failure> {
        let mut relay = Self { stream, ..Self::unknown(owner) };
        relay.renew(store, LEASE).await?;
        Ok(relay)
    }

    fn unknown(owner: &str) -> Self {
        let (stream, leases) = (Stream::Events, Vec::new());
        Self { owner: owner.to_owned(), stream, leases, relays: 0, left: Duration::ZERO }
    }

    pub(super) async fn renew(&mut self, store: &impl Outbox, lease: Duration) -> Result<(), Failure> {
        let (owner, held) = (self.owner.clone(), self.leases.clone());
        let leases = store.acquire(Acquire { owner, stream: self.stream, held, lease }).await?;
        (self.leases, self.relays, self.left) = (leases.held, leases.relays, leases.left);
        Ok(())
    }
}

/// The same relay after it lost its memory: its lanes are given to it anew.
pub(super) async fn again(store: &impl Outbox, owner: &str) -> Result<Relay, Failure> {
    Relay::start(store, owner).await
}

/// Commits messages of tickets, each in a unit of its own.
pub(super) async fn put(store: &impl Store, places: &[(&str, u64, u32)]) -> Outcome {
    let unit = |(id, version, ordinal): &(&str, u64, u32)| Unit {
        messages: vec![message(id, *version, *ordinal)],
        ..Unit::default()
    };
    commit_all(store, places.iter().map(unit).collect()).await
}

pub(super) async fn claim(
    store: &impl Outbox,
    leases: &[Lease],
    per_lane: usize,
    busy: bool,
) -> Result<Vec<Pending>, Failure> {
    Ok(store.claim(Claim { leases: leases.to_vec(), per_lane, busy }).await?)
}

/// Claims as much as there is, in the order of positions.
pub(super) async fn claim_all(store: &impl Outbox, relay: &Relay) -> Result<Vec<Pending>, Failure> {
    let mut claimed = claim(store, &relay.leases, usize::MAX, false).await?;
    claimed.sort_by_key(|pending| pending.position);
    Ok(claimed)
}

pub(super) fn positions(claimed: &[Pending]) -> Vec<u64> {
    claimed.iter().map(|pending| pending.position).collect()
}

/// Version and ordinal of the messages of one ticket.
pub(super) fn at_places(claimed: &[Pending], id: &str) -> Vec<(u64, u32)> {
    let of = claimed.iter().map(|pending| &pending.message).filter(|message| message.entity_id == id);
    of.map(|message| (message.version.number(), message.ordinal)).collect()
}

pub(super) async fn settle(
    store: &impl Outbox,
    pending: &Pending,
    outcome: Settle,
) -> Result<Settled, Failure> {
    let settlement = Settlement { position: pending.position, lease: pending.lease, outcome };
    let settled = store.settle(vec![settlement]).await?;
    settled.first().copied().ok_or_else(|| Failure("one answer is due".to_owned()))
}

async fn publish_all(store: &impl Outbox, relay: &Relay) -> Outcome {
    for pending in claim_all(store, relay).await? {
        same!(settle(store, &pending, Settle::Published).await?, Settled::Done);
    }
    Ok(())
}

// B23
pub(super) async fn relays_share_the_lanes(store: &(impl Store + Outbox)) -> Outcome {
    let mut one = Relay::start(store, "one").await?;
    same!((one.leases.len(), one.relays), (usize::from(LANES), 1));
    same!(one.leases.is_sorted(), true);
    same!(one.left > LEASE / 2 && one.left <= LEASE, true);
    let mut two = Relay::start(store, "two").await?;
    same!((two.leases.len(), two.relays, two.left), (0, 2, Duration::ZERO));
    let kept = one.leases.clone();
    one.renew(store, LEASE).await?;
    same!((&one.leases, one.relays), (&kept, 2));
    store.release("one".to_owned(), one.leases.split_off(32), false).await?;
    two.renew(store, LEASE).await?;
    same!((one.leases.len(), two.leases.len()), (32, 32));
    let lanes = |relay: &Relay| relay.leases.iter().map(|lease| lease.lane).collect::<Vec<_>>();
    same!(lanes(&one).iter().any(|lane| lanes(&two).contains(lane)), false);
    // Nobody gives back what is not theirs.
    store.release("one".to_owned(), two.leases.clone(), false).await?;
    store
        .release(
            "two".to_owned(),
            two.leases.iter().map(|l| Lease { token: l.token + 1, ..*l }).collect(),
            false,
        )
        .await?;
    two.renew(store, LEASE).await?;
    same!(two.leases.len(), 32);
    store.release("two".to_owned(), two.leases, true).await?;
    one.renew(store, LEASE).await?;
    same!((one.leases.len(), one.relays), (usize::from(LANES), 1));
    let tokens = one.leases.iter().map(|lease| lease.token);
    same!(tokens.filter(|token| *token == 3).count(), 32);
    Ok(())
}

// CW3: a lane never stays with an owner that is gone.
pub(super) async fn leases_end(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0)]).await?;
    let mut gone = Relay::unknown("gone");
    gone.renew(store, Duration::ZERO).await?;
    same!((gone.leases.len(), gone.left), (usize::from(LANES), Duration::ZERO));
    // Nobody has taken the lanes yet, so they are still its own.
    same!(claim_all(store, &gone).await?.len(), 1);
    let relay = Relay::start(store, "one").await?;
    same!((relay.leases.len(), relay.relays), (usize::from(LANES), 1));
    put(store, &[("b", 0, 0)]).await?;
    same!(claim_all(store, &gone).await?, []);
    gone.renew(store, LEASE).await?;
    same!((gone.leases.len(), gone.relays), (0, 2));
    same!(claim_all(store, &relay).await?.len(), 2);
    Ok(())
}

// B26, CW4
pub(super) async fn only_what_was_published_is_pruned(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0), ("a", 1, 0), ("b", 0, 0)]).await?;
    let relay = Relay::start(store, "one").await?;
    publish_all(store, &relay).await?;
    put(store, &[("a", 2, 0), ("c", 0, 0)]).await?;
    for pending in claim_all(store, &relay).await? {
        let parked = Settle::Parked { error: "never".to_owned() };
        let outcome = if pending.message.entity_id == "c" { parked } else { Settle::Returned };
        same!(settle(store, &pending, outcome).await?, Settled::Done);
    }
    same!(store.prune_published(Stream::Events, LEASE, 9).await?, 0);
    same!(store.prune_published(Stream::Events, Duration::ZERO, 2).await?, 2);
    same!(store.prune_published(Stream::Events, Duration::ZERO, 9).await?, 1);
    same!(store.outbox(history("a")).await?.len(), 1);
    same!(store.outbox(history("c")).await?.len(), 1);
    for parked in store.parked_messages(Stream::Events, 9).await? {
        same!(store.drop_parked(parked.position).await?, true);
    }
    same!(store.prune_published(Stream::Events, Duration::ZERO, 0).await?, 0);
    same!(store.prune_published(Stream::Events, Duration::ZERO, 9).await?, 1);
    same!(store.outbox(history("c")).await?, []);
    same!(at_places(&claim_all(store, &relay).await?, "a"), [(2, 0)]);
    Ok(())
}

// F37: what a broker lost is published again, in order, under the same ids.
pub(super) async fn published_messages_can_be_published_again(store: &(impl Store + Outbox)) -> Outcome {
    put(store, &[("a", 0, 0), ("a", 1, 0), ("b", 0, 0)]).await?;
    let relay = Relay::start(store, "one").await?;
    let first = claim_all(store, &relay).await?;
    for pending in &first {
        same!(settle(store, pending, Settle::Published).await?, Settled::Done);
    }
    same!(store.republish(Stream::Events, Timestamp::MAX).await?, 0);
    let moments = store.outbox(history("a")).await?;
    let Some(since) = moments.iter().filter_map(|message| message.published_at).min() else {
        return Err(Failure("nothing was published".to_owned()));
    };
    put(store, &[("a", 2, 0)]).await?;
    same!(store.republish(Stream::Events, since).await?, 3);
    same!(store.outbox(history("a")).await?[0].published_at, None);
    let again = claim_all(store, &relay).await?;
    same!(at_places(&again, "a"), [(0, 0), (1, 0), (2, 0)]);
    same!(again.iter().map(|pending| pending.attempts).collect::<Vec<_>>(), [1, 1, 1, 1]);
    same!(positions(&again)[..3], positions(&first));
    Ok(())
}

// F37, A117: while the broker was away, publishing failed; what follows must not come before what is published again.
pub(super) async fn what_is_published_again_comes_first(store: &(impl Store + Outbox)) -> Outcome {
    let rows = [("a", 0, 0), ("a", 1, 0), ("b", 0, 0), ("b", 1, 0), ("c", 0, 0)];
    put(store, &rows).await?;
    let relay = Relay::start(store, "one").await?;
    let (after, error) = (LEASE * 1000, "away".to_owned());
    for pending in claim_all(store, &relay).await? {
        let message = (&*pending.message.entity_id, pending.message.version.number());
        let outcome = match message {
            (_, 0) if message.0 != "c" => Settle::Published,
            ("b", _) => Settle::Parked { error: error.clone() },
            _ => Settle::Retry { after, error: error.clone() },
        };
        same!(settle(store, &pending, outcome).await?, Settled::Done);
    }
    same!(store.republish(Stream::Events, Timestamp::MIN).await?, 2);
    let again = claim_all(store, &relay).await?;
    same!(at_places(&again, "a"), [(0, 0), (1, 0)]);
    // What is parked waits for its operator, and what is before it with it. What waits for itself goes on waiting.
    same!(again.len(), 2);
    let parked = store.parked_messages(Stream::Events, 9).await?;
    same!(parked.len(), 1);
    same!(store.retry_parked(parked[0].position).await?, true);
    same!(at_places(&claim_all(store, &relay).await?, "b"), [(0, 0), (1, 0)]);
    Ok(())
}

pub(super) async fn closed_store_refuses(store: &(impl Store + Outbox)) -> Outcome {
    let relay = Relay::start(store, "one").await?;
    store.close().await;
    let (owner, stream) = ("one".to_owned(), Stream::Requests);
    let request = Acquire { owner, stream, held: Vec::new(), lease: LEASE };
    let errors = [
        store.acquire(request).await.err(),
        store.release("one".to_owned(), relay.leases, true).await.err(),
        store.claim(Claim { leases: Vec::new(), per_lane: 1, busy: false }).await.err(),
        store.settle(Vec::new()).await.err(),
        store.parked_messages(Stream::Events, 1).await.err(),
        store.retry_parked(1).await.err(),
        store.drop_parked(1).await.err(),
        store.prune_published(Stream::Events, LEASE, 1).await.err(),
        store.republish(Stream::Events, Timestamp::MAX).await.err(),
        store.outbox_stats(Stream::Events).await.err(),
    ];
    for error in errors {
        same!(error.map(|error| error.kind), Some(StoreErrorKind::Closed));
    }
    Ok(())
}
