//! The calls of the outbox: whoever comes after a dropped call gets everything that is owed, once.

use std::time::Duration;

use cohesive::store::BoxFuture;
use cohesive::store::outbox::{Acquire, Claim, LANES, Lease, Pending, Settle, Settled, Settlement, Stream};

use crate::support::{accept, id, keyed, messages, offer};
use crate::{Case, World};

pub fn cases() -> Vec<Case> {
    let case = |name, before, call, after| Case { name, before, call, after };
    vec![
        case(
            "acquire",
            owing,
            |world, name| Box::pin(async move { drop(acquire(world, name).await) }),
            published,
        ),
        case("claim", holding, |world, _| Box::pin(async move { drop(claim(world).await) }), published),
        case("settle", claiming, |world, _| Box::pin(async move { drop(settle(world).await) }), settled),
        case("release", holding, release, published),
        case("operate", parking, operate, operated),
    ]
}

/// Commits an event, and publishes nothing.
fn owing<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let offered = world.node.create(offer(name), keyed(name)).await.unwrap();
        assert!(offered.committed().is_some());
        let accepted = world.node.update(&id(name), accept("P-7"), keyed(name)).await.unwrap();
        assert!(accepted.committed().is_some());
    })
}

async fn acquire(world: &World, name: &str) -> Vec<Lease> {
    let request = Acquire {
        owner: name.to_owned(),
        stream: Stream::Events,
        held: Vec::new(),
        lease: Duration::from_mins(1),
    };
    world.store.acquire(request).await.unwrap().held
}

fn holding<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        owing(world, name).await;
        *world.leases.lock().unwrap() = acquire(world, name).await;
    })
}

async fn claim(world: &World) -> Vec<Pending> {
    let leases = world.leases.lock().unwrap().clone();
    world.store.claim(Claim { leases, per_lane: 1000, busy: false }).await.unwrap()
}

fn claiming<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        holding(world, name).await;
        let claimed = claim(world).await;
        assert!(claimed.iter().any(|pending| pending.message.entity_id == name));
        *world.claimed.lock().unwrap() = claimed;
    })
}

async fn settle(world: &World) -> Vec<Settled> {
    let claimed = world.claimed.lock().unwrap().clone();
    let published = |pending: Pending| Settlement {
        position: pending.position,
        lease: pending.lease,
        outcome: Settle::Published,
    };
    world.store.settle(claimed.into_iter().map(published).collect()).await.unwrap()
}

fn release<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    let leases = world.leases.lock().unwrap().clone();
    Box::pin(async move { world.store.release(name.to_owned(), leases, true).await.unwrap() })
}

/// The owner comes again, as one that knows of nothing: it gets every lane, everything that is owed, and no more.
fn published<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let leases = acquire(world, name).await;
        assert_eq!(leases.len(), usize::from(LANES), "{name}");
        *world.leases.lock().unwrap() = leases;
        let claimed = claim(world).await;
        let of: Vec<_> = claimed.iter().map(|pending| pending.message.entity_id.as_str()).collect();
        assert!(of.contains(&name), "{name} is lost: {of:?}");
        *world.claimed.lock().unwrap() = claimed;
        assert!(settle(world).await.iter().all(|settled| *settled == Settled::Done));
        finish(world, name).await;
    })
}

/// A settlement that was dropped was recorded, or can be recorded still.
fn settled<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        settle(world).await;
        finish(world, name).await;
    })
}

async fn finish(world: &World, name: &str) {
    release(world, name).await;
    let stats = world.store.outbox_stats(Stream::Events).await.unwrap();
    assert_eq!((stats.pending, stats.claimed.len(), stats.parked), (0, 0, 0), "{name}: {stats:?}");
    let of = messages(&world.node, name).await;
    assert!(of[0].published_at.is_some(), "{of:?}");
}

fn parking<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        claiming(world, name).await;
        let outcome = || Settle::Parked { error: "it does not fit".to_owned() };
        let claimed = world.claimed.lock().unwrap().clone();
        let parked = claimed.into_iter().map(|pending| Settlement {
            position: pending.position,
            lease: pending.lease,
            outcome: outcome(),
        });
        world.store.settle(parked.collect()).await.unwrap();
        release(world, name).await;
    })
}

/// What an operator does.
fn operate<'a>(world: &'a World, _: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let parked = world.store.parked_messages(Stream::Events, 9).await.unwrap();
        assert_eq!(parked.len(), 1);
        world.store.outbox_stats(Stream::Events).await.unwrap();
        assert!(world.store.retry_parked(parked[0].position).await.unwrap());
        assert!(!world.store.drop_parked(parked[0].position).await.unwrap(), "it is not parked any more");
        world.store.prune_published(Stream::Events, Duration::from_hours(1), 10).await.unwrap();
    })
}

fn operated<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        for parked in world.store.parked_messages(Stream::Events, 9).await.unwrap() {
            // `false` where the dropped call comes first even now.
            world.store.retry_parked(parked.position).await.unwrap();
        }
        published(world, name).await;
    })
}
