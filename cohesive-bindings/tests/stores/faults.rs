//! A fault before and after every step of a load and a commit.

use std::collections::HashSet;
use std::sync::Arc;

use cohesive_bindings::store::memory::{CutAt, MemoryStore, Step};
use cohesive_bindings::store::{Load, Store as _, StoreErrorKind, UnitOutcome};

use super::tickets::{commit, create, note, versions, whole};

/// What the batch under test does: three units are accepted, one is refused in between.
fn batch() -> Vec<cohesive_bindings::store::Unit> {
    vec![whole(note("old", 0, "x")), whole(create("new")), whole(create("old")), whole(note("new", 0, "y"))]
}

// P03, P04, P18
#[tokio::test]
async fn crash_at_every_step_leaves_all_or_nothing() {
    let mut seen = HashSet::new();
    for nth in 0.. {
        let durable = MemoryStore::new();
        commit(&durable, whole(create("old"))).await.unwrap();
        let cuts = Arc::new(CutAt::crash(nth));
        let store = durable.recover_with(cuts.clone());

        let loaded = store.load(Load::default()).await;
        let answer = store.commit(batch()).await;
        let recovered = store.recover();
        let after = (versions(&recovered, "old").await, versions(&recovered, "new").await);

        let Some(step) = cuts.reached() else {
            assert_eq!(after, (2, 2));
            // The receipt of the version that is there already is told before the conflict is.
            let outcomes = answer.unwrap();
            assert_eq!([&outcomes[0], &outcomes[1], &outcomes[3]], [&UnitOutcome::Committed; 3]);
            assert!(matches!(outcomes[2], UnitOutcome::ReceiptExists(_)), "{outcomes:?}");
            break;
        };
        seen.insert(step);
        assert!(answer.is_err(), "a dead process answers nothing ({step:?})");
        assert_eq!(loaded.is_err(), matches!(step, Step::BeforeLoad | Step::AfterLoad));
        let durable = if step == Step::AfterCommit { (2, 2) } else { (1, 0) };
        assert_eq!(after, durable, "{step:?}");
        // The dead process stays dead; the new one goes on.
        assert!(store.load(Load::default()).await.is_err());
        let again = recovered.commit(batch()).await.unwrap();
        assert_eq!(again[0] == UnitOutcome::Committed, step != Step::AfterCommit);
        assert_eq!((versions(&recovered, "old").await, versions(&recovered, "new").await), (2, 2));
    }
    assert_eq!(seen.len(), 11, "{seen:?}");
}

// P03
#[tokio::test]
async fn failure_at_every_step_says_what_is_known() {
    for nth in 0.. {
        let cuts = Arc::new(CutAt::fail(nth));
        let store = MemoryStore::with_cuts(cuts.clone());
        let answer = store.commit(vec![whole(create("old")), whole(create("new"))]).await;
        let after = (versions(&store.recover(), "old").await, versions(&store.recover(), "new").await);
        let Some(step) = cuts.reached() else { break };
        let kind = answer.unwrap_err().kind;
        if step == Step::AfterCommit {
            assert_eq!((kind, after), (StoreErrorKind::Unknown, (1, 1)));
        } else {
            assert_eq!((kind, after), (StoreErrorKind::Unavailable, (0, 0)), "{step:?}");
        }
        // The process lives on, and the same batch can be sent again.
        let again = store.commit(vec![whole(create("old")), whole(create("new"))]).await.unwrap();
        assert_eq!(again[0] == UnitOutcome::Committed, step != Step::AfterCommit);
        assert_eq!((versions(&store, "old").await, versions(&store, "new").await), (1, 1));
    }
}
