//! Connections: how many, for how long, and that none is used in a state that a caller left behind.

use std::future::{Future, poll_fn};
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use cohesive_bindings::store::conformance::{STRUCTURES, TICKET};
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_bindings::store::{
    ListQuery, Load, OutboxQuery, ReceiptKey, RowKey, Store, StoreErrorKind, Unit, UnitOutcome,
};

use cohesive_core::value::Timestamp;

use tokio::time::Instant;

use super::proxy::Proxy;
use super::random::{Random, rounds, seed};
use super::server::{Database, Server};
use super::tickets::{commit, create, note, text, versions, whole};

async fn open(database: &Database, options: PostgresOptions) -> Arc<PostgresStore> {
    Arc::new(PostgresStore::open(database.url(), &STRUCTURES, options).await.unwrap())
}

fn connections(connections: usize) -> PostgresOptions {
    PostgresOptions { connections: NonZeroUsize::new(connections).unwrap(), ..PostgresOptions::default() }
}

fn row(id: &str) -> Load {
    let key = RowKey { structure: &TICKET, id: text(id), columns: vec![5] };
    Load { rows: vec![key], receipts: Vec::new(), marks: Vec::new() }
}

/// Waits until as many connections are in use, and as many calls wait.
pub(crate) async fn until(store: &PostgresStore, busy: usize, waiting: usize) {
    let begun = Instant::now();
    loop {
        let pool = store.pool();
        if (pool.busy, pool.waiting) == (busy, waiting) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "never {busy} and {waiting}: {pool:?}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn calls_wait_in_bounds() {
    let database = Server::shared().database().await;
    let options = PostgresOptions { queue: 1, acquire_timeout: Duration::from_millis(400), ..connections(1) };
    let store = open(&database, options).await;
    commit(&*store, whole(create("t"))).await.unwrap();
    let other = database.client().await;
    other.batch_execute("BEGIN; LOCK TABLE ticket").await.unwrap();
    let load = || {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.load(row("t")).await })
    };
    let first = load();
    until(&store, 1, 0).await;
    let second = load();
    until(&store, 1, 1).await;
    let third = store.load(row("t")).await.unwrap_err();
    assert_eq!(third.kind, StoreErrorKind::Unavailable);
    assert_eq!(third.message, "1 calls wait for a connection already");
    let second = second.await.unwrap().unwrap_err();
    assert_eq!(second.kind, StoreErrorKind::Unavailable);
    assert_eq!(second.message, "no connection within 400ms");
    other.batch_execute("ROLLBACK").await.unwrap();
    assert!(first.await.unwrap().unwrap().rows[0].is_some());
    until(&store, 0, 0).await;
    assert!(store.load(row("t")).await.is_ok());
    assert_eq!(store.pool().opened, 1);
    store.close().await;
}

#[tokio::test]
async fn there_are_no_more_connections_than_asked_for() {
    let database = Server::shared().database().await;
    for most in [1, 3] {
        let options = PostgresOptions { application_name: format!("{most} at most"), ..connections(most) };
        let store = open(&database, options).await;
        let other = database.client().await;
        other.batch_execute("BEGIN; LOCK TABLE ticket").await.unwrap();
        let loads: Vec<_> = (0..10)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.load(row("t")).await })
            })
            .collect();
        until(&store, most, 10 - most).await;
        let count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1";
        let open = other.query_one(count, &[&format!("{most} at most")]).await.unwrap();
        assert_eq!(usize::try_from(open.get::<_, i64>(0)).unwrap(), most);
        other.batch_execute("ROLLBACK").await.unwrap();
        for load in loads {
            load.await.unwrap().unwrap();
        }
        assert_eq!((store.pool().opened, store.pool().idle), (most as u64, most));
        store.close().await;
        assert_eq!(store.pool().idle, 0);
    }
}

#[tokio::test]
async fn a_connection_is_replaced_when_its_time_is_over() {
    let database = Server::shared().database().await;
    let store = open(&database, PostgresOptions { lifetime: Duration::ZERO, ..connections(2) }).await;
    for _ in 0..5 {
        store.load(row("t")).await.unwrap();
    }
    let pool = store.pool();
    assert_eq!((pool.opened, pool.discarded, pool.idle), (5, 4, 1));
    store.close().await;
}

#[tokio::test]
async fn a_statement_is_prepared_once_while_there_is_room_for_it() {
    for (room, twice_as_many) in [(64, false), (1, true)] {
        let server = Server::shared();
        let database = server.database().await;
        let proxy = Proxy::new(server);
        let options = PostgresOptions { statements: NonZeroUsize::new(room).unwrap(), ..connections(1) };
        let url = proxy.url(database.name());
        let store = PostgresStore::open(&url, &STRUCTURES, options).await.unwrap();
        let mut prepared = Vec::new();
        for round in 0..3 {
            let before = proxy.prepared();
            // A block of several statements needs them all at once, whatever the room.
            let mut load = row("t");
            load.receipts.push(ReceiptKey { scope: "s".to_owned(), key: "k".to_owned() });
            store.load(load).await.unwrap();
            let units = vec![
                whole(create(&format!("{round}-a"))),
                Unit::default(),
                whole(create(&format!("{round}-b"))),
            ];
            assert_eq!(store.commit(units).await.unwrap(), [const { UnitOutcome::Committed }; 3]);
            prepared.push(proxy.prepared() - before);
        }
        assert!(prepared[0] > 3, "{prepared:?}");
        assert_eq!(prepared[1..].iter().sum::<usize>() > 4, twice_as_many, "{prepared:?}");
        store.close().await;
    }
}

/// A table that is changed under an open connection, in a way that the next start would refuse: the server no longer
/// takes the statement that it has prepared, and the store prepares it again.
#[tokio::test]
async fn a_statement_that_the_server_gave_up_is_prepared_again() {
    let database = Server::shared().database().await;
    let store = open(&database, connections(1)).await;
    commit(&*store, whole(create("t"))).await.unwrap();
    assert!(store.load(row("t")).await.unwrap().rows[0].is_some());
    let client = database.client().await;
    client.batch_execute("ALTER TABLE ticket ALTER COLUMN note TYPE varchar(100)").await.unwrap();
    assert!(store.load(row("t")).await.unwrap().rows[0].is_some());
    assert_eq!(store.pool().discarded, 0);
    store.close().await;
}

/// How many kinds of calls there are.
pub(crate) const KINDS: u64 = 10;

/// What is done with a store, for a cancelled call of each kind.
pub(crate) async fn act(store: &impl Store, kind: u64, id: &str) {
    let receipt = ReceiptKey { scope: id.to_owned(), key: "0".to_owned() };
    match kind {
        0 => drop(store.load(row(id)).await.unwrap()),
        1 => drop(store.load(Load { receipts: vec![receipt], ..row(id) }).await.unwrap()),
        2 => {
            let query = ListQuery { structure: &TICKET, filters: Vec::new(), after: None, limit: 3 };
            drop(store.list(query).await.unwrap());
        }
        3 => {
            let query = OutboxQuery { entity: "Ticket", entity_id: id.to_owned(), after: None, limit: 3 };
            drop(store.outbox(query).await.unwrap());
        }
        4 => drop(store.parked_inputs(3).await.unwrap()),
        5 => drop(store.prune_receipts(Timestamp::MIN).await.unwrap()),
        // One statement.
        6 => drop(store.commit(vec![whole(create(id))]).await.unwrap()),
        // A block of statements that do not need each other.
        7 => drop(store.commit(vec![whole(create(id)), Unit::default()]).await.unwrap()),
        // A chain of statements that do.
        8 => drop(store.commit(vec![whole(create(id)), whole(note(id, 0, "x"))]).await.unwrap()),
        // Step by step, because one in the middle is refused.
        _ => {
            let units = vec![whole(create(id)), whole(note(id, 5, "x")), whole(note(id, 0, "x"))];
            drop(store.commit(units).await.unwrap());
        }
    }
}

/// Polls a future so many times, gives way to others, and drops it then. Whether it came to its end before.
pub(crate) async fn polled(times: u64, linger: u64, future: impl Future) -> bool {
    let mut future = pin!(future);
    let mut polls = 0;
    let done = poll_fn(|context| {
        if polls == times {
            return Poll::Ready(false);
        }
        polls += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if polls == times => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    });
    let done = done.await;
    for _ in 0..linger {
        tokio::task::yield_now().await;
    }
    done
}

/// F13, R54: a caller may go away at any point of any call, and leaves neither a part of a unit behind nor a
/// connection that nobody else should have. `COHESIVE_ROUNDS` makes it longer.
#[tokio::test]
async fn a_call_that_is_dropped_poisons_nothing() {
    let (seed, rounds) = (seed(), rounds(400));
    let mut random = Random::new(seed);
    let database = Server::shared().database().await;
    let options = PostgresOptions { application_name: format!("dropped {seed}"), ..connections(2) };
    let store = open(&database, options).await;
    let (mut dropped, mut ids) = (0, Vec::new());
    for kind in 0..KINDS {
        // First every point once, then some at random.
        for times in 0.. {
            let id = format!("{kind}-{times}");
            let done = polled(times, 0, act(&*store, kind, &id)).await;
            ids.push(id);
            if done {
                break;
            }
            dropped += 1;
        }
    }
    for round in 0..rounds {
        let id = format!("random-{round}");
        dropped += usize::from(!polled(random.below(6), 0, act(&*store, random.below(KINDS), &id)).await);
        ids.push(id);
    }
    until(&store, 0, 0).await;
    for id in &ids {
        // State, messages and receipts agree, or this fails.
        assert!([0, 1, 2].contains(&versions(&*store, id).await), "seed {seed}");
    }
    let stuck = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND state <> 'idle'";
    let stuck = database.client().await.query_one(stuck, &[&format!("dropped {seed}")]).await.unwrap();
    assert_eq!(stuck.get::<_, i64>(0), 0, "seed {seed}");
    // Nearly all connections were saved: only those that were cut off while they were made are gone.
    let pool = store.pool();
    assert!(pool.opened < 10 && pool.discarded < 10, "seed {seed}: {pool:?}");
    println!("{dropped} calls dropped, {pool:?}, seed {seed}");
    store.close().await;
}

#[tokio::test]
async fn a_server_that_was_restarted_is_found_again() {
    let server = Server::start(&[]);
    let url = server.url("postgres");
    let store = PostgresStore::open(&url, &STRUCTURES, PostgresOptions::default()).await.unwrap();
    commit(&store, whole(create("t"))).await.unwrap();
    server.stop();
    let error = store.load(row("t")).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Unavailable, "{error}");
    let error = commit(&store, whole(note("t", 0, "x"))).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Unavailable, "nothing can have been sent: {error}");
    server.run_again();
    assert_eq!(versions(&store, "t").await, 1);
    assert_eq!(commit(&store, whole(note("t", 0, "x"))).await.unwrap(), UnitOutcome::Committed);
    store.close().await;
}

/// A server that accepts everything and says nothing.
#[tokio::test]
async fn a_server_that_goes_silent_is_given_up() {
    let server = Server::start(&[]);
    let options = PostgresOptions {
        statement_timeout: Duration::from_millis(300),
        answer_grace: Duration::from_millis(300),
        acquire_timeout: Duration::from_millis(600),
        ..connections(2)
    };
    let store = PostgresStore::open(&server.url("postgres"), &STRUCTURES, options).await.unwrap();
    commit(&store, whole(create("t"))).await.unwrap();
    commit(&store, whole(note("t", 0, "x"))).await.unwrap();
    server.freeze(true);
    let error = commit(&store, whole(note("t", 1, "y"))).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Unknown);
    assert_eq!(error.message, "the server did not answer in time");
    let error = store.load(row("t")).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Unavailable, "{error}");
    server.freeze(false);
    // What was sent in vain may be done or not, but it is over before it is looked for.
    let client = server.client("postgres").await;
    let busy = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND state <> 'idle'";
    let (name, begun) = (PostgresOptions::default().application_name, Instant::now());
    while client.query_one(busy, &[&name]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "the server goes on with what nobody waits for");
    }
    assert!([2, 3].contains(&versions(&store, "t").await));
    assert_eq!(commit(&store, whole(create("u"))).await.unwrap(), UnitOutcome::Committed);
    store.close().await;
}
