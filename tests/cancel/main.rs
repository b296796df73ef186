//! Futures that are dropped at every poll: of each public call of a node, of its stores, and of what stops them.
//!
//! F13, F40: whatever is dropped when, the state is one that an undisturbed run could have left, and the next call works.
//! `COHESIVE_CANCELLATIONS` says how many futures are dropped on each store.
#![cfg(feature = "sqlite")]

mod calls;
mod claims;
mod endings;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use cohesive::kernel::Structure as _;
use cohesive::node::Node;
use cohesive::store::memory::MemoryStore;
use cohesive::store::outbox::{Lease, Pending};
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive::store::{BoxFuture, Substrate};
use support::domain::{Shipment, Tender};

/// How many futures are dropped on each store, where `COHESIVE_CANCELLATIONS` does not say.
const CANCELLATIONS: usize = 1_000;
/// How often every call is dropped at every poll on one store, before the next gets a fresh one.
const SWEEPS: usize = 30;
/// How often a task gives way at the most, between the last poll and the drop.
const LINGER: u64 = 24;

/// What the calls work on.
struct World {
    store: Arc<dyn Substrate>,
    node: Node,
    /// What a case found before its call.
    leases: Mutex<Vec<Lease>>,
    claimed: Mutex<Vec<Pending>>,
}

type Step = for<'a> fn(&'a World, &'a str) -> BoxFuture<'a, ()>;

/// A call, what comes before it, and what has to hold after it, however far it came.
struct Case {
    name: &'static str,
    before: Step,
    call: Step,
    after: Step,
}

fn nothing<'a>(_: &'a World, _: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async {})
}

/// Polls a future this often, waits for a while and drops it. Whether it was done by then.
async fn cut(work: impl Future<Output = ()>, polls: usize, linger: u64) -> bool {
    let mut work = Box::pin(work);
    let mut polled = 0;
    let done = poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(false);
        }
        polled += 1;
        match work.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(true),
            Poll::Pending if polled == polls => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    });
    let done = done.await;
    if !done {
        for _ in 0..linger {
            tokio::task::yield_now().await;
        }
    }
    done
}

fn cancellations() -> usize {
    let count = std::env::var("COHESIVE_CANCELLATIONS").ok();
    count.map_or(CANCELLATIONS, |count| count.parse().expect("a whole number"))
}

/// What came of all sweeps over one kind of store.
#[derive(Debug, Default)]
struct Swept {
    dropped: usize,
    finished: usize,
    /// How many polls each call took at the most.
    polls: BTreeMap<&'static str, usize>,
}

/// Drops every call after every number of polls, a few times over.
async fn sweep(store: Arc<dyn Substrate>, swept: &mut Swept) {
    let node = support::node(store.clone());
    let world = World { store, node, leases: Mutex::default(), claimed: Mutex::default() };
    let cases: Vec<Case> = calls::cases().into_iter().chain(claims::cases()).collect();
    let mut number = 0_u64;
    for _ in 0..SWEEPS {
        for case in &cases {
            for polls in 0.. {
                number += 1;
                let name = format!("{}-{number}", case.name);
                (case.before)(&world, &name).await;
                let done = cut((case.call)(&world, &name), polls, number * 7 % LINGER).await;
                (case.after)(&world, &name).await;
                if done {
                    swept.finished += 1;
                    let most = swept.polls.entry(case.name).or_default();
                    *most = polls.max(*most);
                    break;
                }
                swept.dropped += 1;
            }
        }
    }
    world.node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f13_dropped_calls_leave_memory_as_it_should_be() {
    let mut swept = Swept::default();
    while swept.dropped < cancellations() {
        sweep(Arc::new(MemoryStore::new()), &mut swept).await;
    }
    println!("in memory: {swept:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f13_dropped_calls_leave_sqlite_as_it_should_be() {
    let mut swept = Swept::default();
    while swept.dropped < cancellations() {
        let folder = tempfile::tempdir().unwrap();
        let structures = [Tender::STRUCTURE, Shipment::STRUCTURE];
        let open = || SqliteStore::open(folder.path().join("a.db"), &structures, SqliteOptions::default());
        let store = Arc::new(open().unwrap());
        for polls in 0.. {
            let verify = async { store.verify().await.unwrap() };
            if cut(verify, polls, 3).await {
                break;
            }
            swept.dropped += 1;
        }
        sweep(store, &mut swept).await;
        open().unwrap().verify().await.unwrap();
    }
    println!("SQLite: {swept:?}");
}
