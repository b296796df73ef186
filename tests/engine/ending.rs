//! Callers that leave, nodes that stop, and a cut at every step.

use crate::support::domain::{Tender, TenderStatus};
use crate::support::{HeldStore, accept, id, keyed, messages, node, offer};
use cohesive::node::{Failure, Node, Request};
use cohesive::prelude::*;
use cohesive::store::memory::{CutAt, MemoryStore, Step};
use std::sync::Arc;

/// F13: dropping the future abandons the answer and never the commit.
#[tokio::test]
async fn f13_a_dropped_caller_does_not_cancel_a_commit() {
    let store = HeldStore::new(MemoryStore::new());
    let node = node(Arc::<HeldStore<_>>::clone(&store));
    let caller = tokio::spawn({
        let node = node.clone();
        async move { node.create(offer("T-1"), Request::default()).await }
    });
    store.arrived(1).await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    store.permit(1);
    node.shutdown().await;
    let recovered = crate::support::node(Arc::new(store.inner.recover()));
    assert!(recovered.get::<Tender>(&id("T-1")).await.unwrap().is_some());
}

#[tokio::test]
async fn f40_shutdown_finishes_what_was_taken_in_and_takes_nothing_more() {
    let store = HeldStore::new(MemoryStore::new());
    let node = node(Arc::<HeldStore<_>>::clone(&store));
    let mut callers = Vec::new();
    for number in 0..50 {
        let sender = node.clone();
        callers.push(tokio::spawn(async move {
            sender.create(offer(&format!("T-{number}")), Request::default()).await
        }));
        if number == 0 {
            store.arrived(1).await;
        }
    }
    while node.waiting() < 49 {
        tokio::task::yield_now().await;
    }
    store.permit(10);
    node.shutdown().await;
    for caller in callers {
        assert!(caller.await.unwrap().unwrap().committed().is_some());
    }
    assert!(matches!(node.create(offer("T-late"), Request::default()).await, Err(Failure::Stopped)));
}

/// P18: a cut at every step of every call. Afterwards state and outbox agree, what was answered is there, and a
/// repeat with the same key ends with one effect.
#[tokio::test]
async fn p04_a_crash_at_any_step_leaves_both_or_neither() {
    let mut steps = Vec::new();
    for kind in ["crash", "fail"] {
        for nth in 0.. {
            let cuts = Arc::new(if kind == "crash" { CutAt::crash(nth) } else { CutAt::fail(nth) });
            let store = MemoryStore::with_cuts(Arc::<CutAt>::clone(&cuts));
            let first = node(Arc::new(store.clone()));
            let created = first.create(offer("T-1"), keyed("offer")).await;
            let accepted = first.update(&id("T-1"), accept("P-7"), keyed("accept")).await;
            first.shutdown().await;
            let Some(step) = cuts.reached() else { break };
            steps.push(step);
            let second = node(Arc::new(store.recover()));
            agree(&second, step).await;
            for answered in [created.map(|outcome| outcome.word()), accepted.map(|outcome| outcome.word())] {
                assert!(
                    !matches!(answered, Ok(word) if word != "committed" && word != "not-found"),
                    "{step:?}: {answered:?}"
                );
            }
            let _ = second.create(offer("T-1"), keyed("offer")).await.unwrap();
            let _ = second.update(&id("T-1"), accept("P-7"), keyed("accept")).await.unwrap();
            let (tender, version) = second.get::<Tender>(&id("T-1")).await.unwrap().unwrap();
            assert_eq!((tender.status, version), (TenderStatus::Accepted, Version::new(1)), "{step:?}");
            assert_eq!(messages(&second, "T-1").await.len(), 2, "{step:?}");
        }
    }
    println!("cut at {} steps: {steps:?}", steps.len());
    for step in
        [Step::BeforeLoad, Step::AfterWrite, Step::BeforeMessage, Step::BeforeCommit, Step::AfterCommit]
    {
        assert!(steps.contains(&step), "{step:?} was never reached");
    }
}

/// State if and only if outbox.
async fn agree(node: &Node, step: Step) {
    let tender = node.get::<Tender>(&id("T-1")).await.unwrap();
    let accepted = tender.is_some_and(|(tender, _)| tender.status == TenderStatus::Accepted);
    let expected = if accepted { 2 } else { 0 };
    assert_eq!(messages(node, "T-1").await.len(), expected, "{step:?}");
}

#[tokio::test]
async fn every_shutdown_waits_for_the_end() {
    let store = HeldStore::new(MemoryStore::new());
    let node = node(Arc::<HeldStore<_>>::clone(&store));
    let caller = tokio::spawn({
        let node = node.clone();
        async move { node.create(offer("T-1"), Request::default()).await }
    });
    store.arrived(1).await;
    let stops: Vec<_> = (0..2)
        .map(|_| {
            let node = node.clone();
            tokio::spawn(async move { node.shutdown().await })
        })
        .collect();
    for _ in 0..100 {
        tokio::task::yield_now().await;
        assert!(stops.iter().all(|stop| !stop.is_finished()));
    }
    store.permit(1);
    for stop in stops {
        stop.await.unwrap();
    }
    assert!(caller.await.unwrap().unwrap().committed().is_some());
}
