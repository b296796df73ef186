//! Answers that do not arrive, and servers that die: nothing acknowledged is lost, nothing is there in part, and what
//! is unknown is told by its receipt.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_bindings::store::{Store as _, StoreErrorKind, Unit, UnitOutcome};

use tokio::time::Instant;

use super::proxy::Proxy;
use super::random::{Random, rounds, seed};
use super::server::{Database, Server};
use super::tickets::{create, note, versions, whole};

/// A batch of each form: one statement, a block, a chain.
fn batch(name: &str, form: usize) -> Vec<Unit> {
    let create = |suffix: &str| whole(create(&format!("{name}-{suffix}")));
    let mut units = vec![create("a"), create("b")];
    match form {
        0 => {}
        1 => units.push(Unit { receipts: create("c").receipts, ..Unit::default() }),
        _ => units.push(whole(note(&format!("{name}-a"), 0, "x"))),
    }
    units
}

/// Whether a batch is there, which has to be as a whole or not at all.
async fn is_there(store: &PostgresStore, name: &str, form: usize) -> bool {
    let there = [versions(store, &format!("{name}-a")).await, versions(store, &format!("{name}-b")).await];
    let whole = if form == 2 { [2, 1] } else { [1, 1] };
    assert!(there == whole || there == [0, 0], "{name} is there in part: {there:?}");
    there == whole
}

/// A store by way of a proxy, and one that nothing stands in front of.
struct Sides {
    proxy: Proxy,
    near: PostgresStore,
    far: PostgresStore,
    _database: Database,
}

impl Sides {
    async fn new() -> Self {
        let server = Server::shared();
        let database = server.database().await;
        let proxy = Proxy::new(server);
        let open = async |url: &str, name: &str| {
            let options = PostgresOptions {
                application_name: name.to_owned(),
                connections: NonZeroUsize::MIN,
                ..PostgresOptions::default()
            };
            PostgresStore::open(url, &STRUCTURES, options).await.unwrap()
        };
        let far = open(&proxy.url(database.name()), database.name()).await;
        Self { near: open(database.url(), "near").await, far, proxy, _database: database }
    }

    /// Until no connection of the far side is at work any more.
    async fn settled(&self, database: &str) {
        let client = Server::shared().client("postgres").await;
        let left = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1";
        let begun = Instant::now();
        while client.query_one(left, &[&database]).await.unwrap().get::<_, i64>(0) > 0 {
            assert!(begun.elapsed() < Duration::from_mins(1), "a connection that was cut is still at work");
        }
    }
}

/// F14: cut at every byte of every answer, and at many bytes of every request.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_told_by_its_receipt() {
    let sides = Sides::new().await;
    let name = sides.far.settings().await.unwrap().application_name;
    // Committed though unanswered, not committed, answered.
    let mut seen = BTreeMap::<(usize, &str), [u32; 3]>::new();
    for form in 0..3 {
        for way in ["answer", "request"] {
            let mut cut = 0;
            loop {
                // The statements are prepared first, so that only the commit itself is cut.
                let warm = batch(&format!("warm-{form}-{way}-{cut}"), form);
                sides.far.commit(warm).await.unwrap();
                let id = format!("{form}-{way}-{cut}");
                match way {
                    "answer" => sides.proxy.cut_answers_after(cut),
                    _ => sides.proxy.cut_requests_after(cut),
                }
                let answer = sides.far.commit(batch(&id, form)).await;
                sides.proxy.mend();
                if answer.is_err() {
                    sides.settled(&name).await;
                }
                let there = is_there(&sides.near, &id, form).await;
                if let Err(error) = &answer {
                    // Only a chain has a first part after which nothing can have been committed.
                    let nothing = form == 2 && error.kind == StoreErrorKind::Unavailable && !there;
                    assert!(nothing || error.kind == StoreErrorKind::Unknown, "{id}: {error}");
                }
                let seen = seen.entry((form, way)).or_default();
                if answer.is_ok() {
                    assert!(there, "{id}: acknowledged and lost");
                    seen[2] += 1;
                    break;
                }
                seen[usize::from(!there)] += 1;
                // Sent again, each unit that is there answers with its receipt, and nothing is done twice.
                let again = sides.far.commit(batch(&id, form)).await.unwrap();
                for outcome in again {
                    let known = matches!(outcome, UnitOutcome::ReceiptExists(_));
                    assert!(
                        known == there && (known || outcome == UnitOutcome::Committed),
                        "{id}: {outcome:?}"
                    );
                }
                assert!(is_there(&sides.near, &id, form).await);
                cut += if way == "answer" { 1 } else { 97 };
            }
        }
    }
    println!("committed, not committed, answered: {seen:?}");
    assert!(seen.values().all(|[_, _, answered]| *answered == 1));
    assert!((0..3).all(|form| seen[&(form, "answer")][0] > 0 && seen[&(form, "request")][1] > 0), "{seen:?}");
    // A single statement is committed before it is answered at all.
    assert_eq!(seen[&(0, "answer")][1], 0);
}

/// What one writer has been told.
#[derive(Default)]
struct Told {
    committed: Vec<String>,
    unknown: Vec<(String, usize)>,
}

/// Commits batches until the server is gone.
async fn write(store: &PostgresStore, writer: &str, acknowledged: &AtomicU64, gone: &AtomicBool) -> Told {
    let mut told = Told::default();
    for number in 0.. {
        let form = number % 3;
        let id = format!("{writer}-{number}");
        match store.commit(batch(&id, form)).await {
            Ok(outcomes) => {
                assert!(
                    outcomes.iter().all(|outcome| *outcome == UnitOutcome::Committed),
                    "{id}: {outcomes:?}"
                );
                told.committed.push(id);
                acknowledged.fetch_add(1, Ordering::SeqCst);
            }
            Err(error) => {
                assert!(gone.load(Ordering::SeqCst), "the server broke off by itself: {error}");
                if error.kind == StoreErrorKind::Unknown {
                    told.unknown.push((id, form));
                } else {
                    assert_eq!(error.kind, StoreErrorKind::Unavailable, "{error}");
                    return told;
                }
            }
        }
    }
    told
}

/// P04: `kill -9` of all processes of the server, at random, under load. `COHESIVE_ROUNDS` makes it longer.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_is_killed_keeps_what_it_acknowledged() {
    let (seed, rounds) = (seed(), rounds(5));
    let mut random = Random::new(seed);
    let server = Arc::new(Server::start(&[]));
    let url = server.url("postgres");
    let store = Arc::new(PostgresStore::open(&url, &STRUCTURES, PostgresOptions::default()).await.unwrap());
    let (mut committed, mut unknown, mut found) = (0, 0, 0);
    for round in 0..rounds {
        let (acknowledged, gone) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let writers: Vec<_> = (0..6)
            .map(|writer| {
                let (store, acknowledged, gone) =
                    (Arc::clone(&store), Arc::clone(&acknowledged), Arc::clone(&gone));
                let writer = format!("{round}-{writer}");
                tokio::spawn(async move { write(&store, &writer, &acknowledged, &gone).await })
            })
            .collect();
        let enough = 20 + random.below(200);
        while acknowledged.load(Ordering::SeqCst) < enough {
            tokio::task::yield_now().await;
        }
        gone.store(true, Ordering::SeqCst);
        let killing = Arc::clone(&server);
        tokio::task::spawn_blocking(move || killing.kill()).await.unwrap();
        let mut told = Vec::new();
        for writer in writers {
            told.push(writer.await.unwrap());
        }
        let starting = Arc::clone(&server);
        tokio::task::spawn_blocking(move || starting.run_again()).await.unwrap();
        for told in told {
            for id in told.committed {
                let form = id.rsplit('-').next().unwrap().parse::<usize>().unwrap() % 3;
                assert!(is_there(&store, &id, form).await, "seed {seed}: {id} was acknowledged and lost");
                committed += 1;
            }
            for (id, form) in told.unknown {
                let there = is_there(&store, &id, form).await;
                for outcome in store.commit(batch(&id, form)).await.unwrap() {
                    assert_eq!(
                        matches!(outcome, UnitOutcome::ReceiptExists(_)),
                        there,
                        "seed {seed}: {outcome:?}"
                    );
                }
                unknown += 1;
                found += u32::from(there);
            }
        }
    }
    println!(
        "{rounds} kills: {committed} batches acknowledged and there, {unknown} unknown, of which {found} were there; seed {seed}"
    );
    store.close().await;
}
