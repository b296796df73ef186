//! What only SQLite can get wrong: pragmas, other processes, a full disk, damaged files.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::port::Clock;
use cohesive_bindings::store::conformance::{STRUCTURES, TICKET};
use cohesive_bindings::store::outbox::{
    Acquire, Claim, Lease, Outbox as _, Settle, Settled, Settlement, Stream,
};
use cohesive_bindings::store::sqlite::{SqliteOptions, SqliteStore, Synchronous};
use cohesive_bindings::store::{ListQuery, Load, RowKey, Store as _, StoreErrorKind, Unit, UnitOutcome};
use cohesive_core::value::Timestamp;
use rusqlite::Connection;

use super::small_disk::SmallDisk;
use super::tickets::{commit, create, note, text, versions, whole};

struct File {
    _directory: tempfile::TempDir,
    path: PathBuf,
}

fn file() -> File {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    File { _directory: directory, path }
}

fn open(path: &Path, options: SqliteOptions) -> SqliteStore {
    SqliteStore::open(path, &STRUCTURES, options).unwrap()
}

/// What a relay does is not synced, and leaves nothing behind that would keep commits from being synced.
#[tokio::test]
async fn f23_commits_are_synced_after_claims_and_settlements() {
    let file = file();
    let store = open(&file.path, SqliteOptions::default());
    let (owner, stream) = ("relay".to_owned(), Stream::Events);
    let request = Acquire { owner, stream, held: Vec::new(), lease: Duration::from_secs(30) };
    let leases = store.acquire(request).await.unwrap().held;
    let lost = Lease { lane: 0, token: 99 };
    for leases in [leases.clone(), vec![lost]] {
        assert_eq!(store.claim(Claim { leases, per_lane: 1, busy: false }).await.unwrap(), []);
        assert_eq!(store.settings().await.unwrap().synchronous, 2);
    }
    let settlement = Settlement { position: 1, lease: lost, outcome: Settle::Published };
    assert_eq!(store.settle(vec![settlement]).await.unwrap(), [Settled::Fenced]);
    assert_eq!(store.settings().await.unwrap().synchronous, 2);
}

// F23
#[tokio::test]
async fn settings_are_in_force() {
    let file = file();
    let store = open(&file.path, SqliteOptions::default());
    let settings = store.settings().await.unwrap();
    assert_eq!(settings.journal_mode, "wal");
    assert_eq!((settings.synchronous, settings.foreign_keys, settings.busy_timeout), (2, true, 5000));
    assert_eq!(settings.checkpoint_pages, 4000);
    store.verify().await.unwrap();
    store.close().await;

    let options = SqliteOptions {
        synchronous: Synchronous::Normal,
        busy_timeout: Duration::from_millis(7),
        checkpoint_pages: NonZeroU32::new(3).unwrap(),
        max_pages: NonZeroU32::new(5000),
        ..SqliteOptions::default()
    };
    let settings = open(&file.path, options).settings().await.unwrap();
    assert_eq!((settings.synchronous, settings.busy_timeout), (1, 7));
    assert_eq!((settings.checkpoint_pages, settings.max_pages), (3, 5000));
}

#[tokio::test]
async fn log_is_moved_as_often_as_asked() {
    let mut sizes = Vec::new();
    for pages in [1, 100_000] {
        let file = file();
        let checkpoint_pages = NonZeroU32::new(pages).unwrap();
        let store = open(&file.path, SqliteOptions { checkpoint_pages, ..SqliteOptions::default() });
        for number in 0..50 {
            commit(&store, whole(create(&number.to_string()))).await.unwrap();
        }
        sizes.push(std::fs::metadata(file.path.with_extension("db-wal")).unwrap().len());
    }
    assert!(sizes[0] * 3 < sizes[1], "{sizes:?}");
}

#[tokio::test]
async fn clock_tells_when_migrations_were_applied() {
    struct Fixed;
    impl Clock for Fixed {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(42).unwrap()
        }
    }
    let file = file();
    let store = open(&file.path, SqliteOptions { clock: Arc::new(Fixed), ..SqliteOptions::default() });
    commit(&store, whole(create("t"))).await.unwrap();
    let connection = Connection::open(&file.path).unwrap();
    let number = |sql: &str| connection.query_row(sql, (), |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(number("SELECT recorded_at FROM cohesive_outbox"), 0, "that of the decision");
    assert_eq!(number("SELECT max(applied_at) FROM cohesive_migration"), 42);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn each_reader_has_a_connection() {
    for readers in [1, 4] {
        let file = file();
        let readers = NonZeroUsize::new(readers).unwrap();
        let store = open(&file.path, SqliteOptions { readers, ..SqliteOptions::default() });
        let handles = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        let held = handles.filter(|handle| std::fs::read_link(handle.path()).is_ok_and(|to| to == file.path));
        assert_eq!(held.count(), readers.get() + 1);
        store.close().await;
    }
}

// F22
#[tokio::test]
async fn another_writer_is_waited_for() {
    let file = file();
    let patient = open(&file.path, SqliteOptions::default());
    let busy_timeout = Duration::from_millis(20);
    let hasty = open(&file.path, SqliteOptions { busy_timeout, ..SqliteOptions::default() });
    let other = Connection::open(&file.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = commit(&hasty, whole(create("hasty"))).await.unwrap_err();
    assert_eq!(refused.kind, StoreErrorKind::Unavailable);
    let waiting = tokio::spawn(async move {
        let outcome = commit(&patient, whole(create("patient"))).await;
        (patient, outcome)
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    other.execute_batch("ROLLBACK").unwrap();
    let (patient, outcome) = waiting.await.unwrap();
    assert_eq!(outcome.unwrap(), UnitOutcome::Committed);
    // The connection that was refused is as good as before.
    assert_eq!(commit(&hasty, whole(create("hasty"))).await.unwrap(), UnitOutcome::Committed);
    assert_eq!(versions(&patient, "hasty").await, 1);
}

// F22
#[tokio::test(flavor = "multi_thread")]
async fn two_stores_on_one_file_never_surface_busy() {
    let file = file();
    let stores = [(); 2].map(|()| Arc::new(open(&file.path, SqliteOptions::default())));
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..16 {
        let store = Arc::clone(&stores[task % 2]);
        tasks.spawn(async move {
            for number in 0..25 {
                let id = format!("{task}-{number}");
                assert_eq!(commit(&*store, whole(create(&id))).await.unwrap(), UnitOutcome::Committed);
                assert_eq!(commit(&*store, whole(note(&id, 0, "x"))).await.unwrap(), UnitOutcome::Committed);
            }
        });
    }
    tasks.join_all().await;
    let query = ListQuery { structure: &TICKET, filters: Vec::new(), after: None, limit: 1000 };
    assert_eq!(stores[0].list(query).await.unwrap().len(), 400);
    assert_eq!(versions(&*stores[1], "15-24").await, 2);
    stores[0].verify().await.unwrap();
}

/// Commits that have reached the writer's queue are made although nobody waits; those outside of it are not.
#[tokio::test]
async fn dropped_caller_takes_nothing_back() {
    let file = file();
    let queue = NonZeroUsize::new(2).unwrap();
    let store = Arc::new(open(&file.path, SqliteOptions { queue, ..SqliteOptions::default() }));
    let other = Connection::open(&file.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut calls = Vec::new();
    for id in ["a", "b", "c", "outside"] {
        let store = Arc::clone(&store);
        calls.push(tokio::spawn(async move { commit(&*store, whole(create(id))).await }));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for call in calls {
        call.abort();
        assert!(call.await.is_err());
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(commit(&*store, whole(create("d"))).await.unwrap(), UnitOutcome::Committed);
    for (id, expected) in [("a", 1), ("b", 1), ("c", 1), ("outside", 0)] {
        assert_eq!(versions(&*store, id).await, expected, "{id}");
    }
}

// F24
#[tokio::test]
async fn full_disk_fails_the_commit_and_nothing_else() {
    let file = file();
    let store =
        open(&file.path, SqliteOptions { max_pages: NonZeroU32::new(120), ..SqliteOptions::default() });
    let big = |id: &str| {
        let mut unit = whole(create(id));
        unit.receipts[0].body = vec![7; 20_000];
        unit.receipts[0].expires_at = Timestamp::from_micros(10).unwrap();
        unit
    };
    let mut made = 0;
    let error = loop {
        match commit(&store, big(&made.to_string())).await {
            Ok(outcome) => assert_eq!(outcome, UnitOutcome::Committed),
            Err(error) => break error,
        }
        made += 1;
    };
    assert_eq!(error.kind, StoreErrorKind::Full, "{error}");
    assert!(made > 3);
    // What was answered is there, what failed left nothing, and reads go on.
    for number in 0..made {
        assert_eq!(versions(&store, &number.to_string()).await, 1);
    }
    assert_eq!(versions(&store, &made.to_string()).await, 0);
    assert_eq!(commit(&store, big("x")).await.unwrap_err().kind, StoreErrorKind::Full);
    // Space returns, and with it the commits.
    assert_eq!(store.prune_receipts(Timestamp::from_micros(10).unwrap()).await.unwrap(), made);
    assert_eq!(commit(&store, big("x")).await.unwrap(), UnitOutcome::Committed);
    assert_eq!(versions(&store, "x").await, 1);
    store.verify().await.unwrap();
}

#[tokio::test]
async fn what_cannot_have_been_written_is_reported_without_the_value() {
    for (damage, named) in [
        ("UPDATE ticket SET state = 'secret'", "ticket.state"),
        ("UPDATE ticket SET price = '1e3'", "ticket.price"),
        ("UPDATE ticket SET e_mail = CAST(x'ff' AS TEXT)", "ticket.e_mail"),
        ("UPDATE cohesive_receipt SET expires_at = 9223372036854775807", "cohesive_receipt"),
        ("UPDATE cohesive_outbox SET message_id = x'00'", "cohesive_outbox"),
    ] {
        let file = file();
        let store = open(&file.path, SqliteOptions::default());
        commit(&store, whole(create("t"))).await.unwrap();
        let connection = Connection::open(&file.path).unwrap();
        connection.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
        connection.execute_batch(damage).unwrap();
        let key = RowKey { structure: &TICKET, id: text("t"), columns: vec![1, 2, 3] };
        let receipt = cohesive_bindings::store::ReceiptKey { scope: "t".to_owned(), key: "0".to_owned() };
        let loaded =
            store.load(Load { rows: vec![key], receipts: vec![receipt], ..Load::default() }).await.map(drop);
        let query = cohesive_bindings::store::OutboxQuery {
            entity: "Ticket",
            entity_id: "t".into(),
            after: None,
            limit: 1,
        };
        let listed = store.outbox(query).await.map(drop);
        let error = loaded.and(listed).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Corrupt, "{damage}");
        assert!(error.message.contains(named) && !error.message.contains("secret"), "{error}");
        // The reader is out of its transaction, so it sees what comes later.
        connection.execute_batch("DELETE FROM ticket").unwrap();
        let key = RowKey { structure: &TICKET, id: text("t"), columns: vec![] };
        let loaded = store.load(Load { rows: vec![key], ..Load::default() }).await.unwrap();
        assert_eq!(loaded.rows, [None]);
    }
}

#[tokio::test]
async fn damaged_file_is_found() {
    let file = file();
    let store = open(&file.path, SqliteOptions::default());
    for number in 0..200 {
        commit(&store, whole(create(&number.to_string()))).await.unwrap();
    }
    store.close().await;
    let mut bytes = std::fs::read(&file.path).unwrap();
    let last = bytes.len() - 4096;
    bytes[last..].fill(0x5a);
    std::fs::write(&file.path, bytes).unwrap();
    let kind = match SqliteStore::open(&file.path, &STRUCTURES, SqliteOptions::default()) {
        Ok(store) => store.verify().await.unwrap_err().kind,
        Err(error) => error.kind,
    };
    assert_eq!(kind, StoreErrorKind::Corrupt);
    std::fs::write(
        &file.path,
        "this is not a database, but it is long enough to look like one, is it not? ".repeat(99),
    )
    .unwrap();
    let error = SqliteStore::open(&file.path, &STRUCTURES, SqliteOptions::default()).err().unwrap();
    assert_eq!(error.kind, StoreErrorKind::Corrupt);
}

// B02, R38
#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let file = file();
    let store = open(&file.path, SqliteOptions::default());
    let plans = store.query_plans(&STRUCTURES).await.unwrap();
    assert!(plans.len() > 20);
    for (sql, plan) in plans {
        assert!(plan.iter().all(|step| !step.starts_with("SCAN")), "{sql}: {plan:?}");
        assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE")), "{sql}: {plan:?}");
        if sql.contains("\"desk\" IS") {
            assert!(plan[0].contains("USING INDEX ticket.desk.index"), "{sql}: {plan:?}");
        }
        if sql.contains("rtrim") {
            assert!(plan[0].contains("INDEX ticket.price.unique"), "{sql}: {plan:?}");
        }
    }
}

// B22
#[tokio::test]
async fn search_for_pending_messages_uses_their_index() {
    let file = file();
    let store = open(&file.path, SqliteOptions::default());
    for chunk in 0..20 {
        let units: Vec<Unit> = (0..500).map(|number| whole(create(&format!("{chunk}-{number}")))).collect();
        store.commit(units).await.unwrap();
    }
    let connection = Connection::open(&file.path).unwrap();
    connection
        .execute_batch("UPDATE cohesive_outbox SET published_at = 1 WHERE position > 5; ANALYZE")
        .unwrap();
    let plans = store.query_plans(&STRUCTURES).await.unwrap();
    let (_, plan) = plans.iter().find(|(sql, _)| sql.contains("NOT EXISTS")).unwrap();
    assert_eq!(plan[0], "SEARCH o USING INDEX cohesive_outbox.pending (lane=?)");
    let lease = Duration::from_mins(1);
    let acquire = Acquire { owner: "one".into(), stream: Stream::Events, held: vec![], lease };
    let leases = store.acquire(acquire).await.unwrap().held;
    let claimed = store.claim(Claim { leases, per_lane: 100, busy: false }).await.unwrap();
    let mut found: Vec<u64> = claimed.iter().map(|pending| pending.position).collect();
    found.sort_unstable();
    assert_eq!(found, [1, 2, 3, 4, 5]);
}

// R27: a row that cannot be read holds back its own entity, and is kept as it is.
#[tokio::test]
async fn damaged_message_is_parked() {
    let file = file();
    let store = open(&file.path, SqliteOptions::default());
    for id in ["t", "u"] {
        commit(&store, whole(create(id))).await.unwrap();
    }
    let connection = Connection::open(&file.path).unwrap();
    let damage = "UPDATE cohesive_outbox SET recorded_at = 9223372036854775807 WHERE entity_id = 't'";
    connection.execute_batch(damage).unwrap();
    let lease = Duration::from_mins(1);
    let acquire = Acquire { owner: "one".into(), stream: Stream::Events, held: vec![], lease };
    let leases = store.acquire(acquire).await.unwrap().held;
    let claim = || store.claim(Claim { leases: leases.clone(), per_lane: 9, busy: false });
    let claimed = claim().await.unwrap();
    assert_eq!(claimed.iter().map(|pending| &*pending.message.entity_id).collect::<Vec<_>>(), ["u"]);
    let parked = store.parked_messages(Stream::Events, 9).await.unwrap();
    assert_eq!(
        parked.iter().map(|message| (&*message.entity_id, &*message.payload)).collect::<Vec<_>>(),
        [("t", "{}")]
    );
    assert!(parked[0].error.contains("column 14 of a row of cohesive_outbox"), "{}", parked[0].error);
    // Once it is mended, an operator has it tried again.
    assert_eq!(claim().await.unwrap(), []);
    connection.execute_batch("UPDATE cohesive_outbox SET recorded_at = 1 WHERE entity_id = 't'").unwrap();
    assert!(store.retry_parked(parked[0].position).await.unwrap());
    assert_eq!(claim().await.unwrap()[0].message.entity_id, "t");
}

// F30: a clock that is set back delays neither a lease nor a retry by as much.
#[tokio::test]
async fn clock_that_is_set_back_delays_nothing() {
    struct Settable(std::sync::atomic::AtomicI64);
    impl Clock for Settable {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(self.0.load(std::sync::atomic::Ordering::SeqCst) * 1_000_000).unwrap()
        }
    }
    let file = file();
    let clock = Arc::new(Settable(10_000.into()));
    let set = |seconds| clock.0.store(seconds, std::sync::atomic::Ordering::SeqCst);
    let store = open(&file.path, SqliteOptions { clock: clock.clone(), ..SqliteOptions::default() });
    commit(&store, whole(create("t"))).await.unwrap();
    let lease = Duration::from_mins(1);
    let acquire = |owner: &str| {
        let request = Acquire { owner: owner.into(), stream: Stream::Events, held: vec![], lease };
        let leases = store.acquire(request);
        async { leases.await.unwrap().held }
    };
    let claim = |leases| {
        let claimed = store.claim(Claim { leases, per_lane: 9, busy: false });
        async { claimed.await.unwrap() }
    };
    let one = acquire("one").await;
    assert_eq!((one.len(), acquire("two").await.len()), (64, 0));
    let claimed = claim(one.clone()).await;
    let outcome = Settle::Retry { after: Duration::from_mins(1), error: "no".into() };
    let settlement = Settlement { position: claimed[0].position, lease: claimed[0].lease, outcome };
    store.settle(vec![settlement]).await.unwrap();
    assert_eq!(claim(one.clone()).await, []);
    // Less than a second may be the moment between reading the clock and writing.
    set(9_999);
    assert_eq!((claim(one).await.len(), acquire("two").await.len()), (0, 0));
    set(5_000);
    let two = acquire("two").await;
    assert_eq!(two.len(), 64);
    assert_eq!(claim(two).await.len(), 1);
}

/// F24: a disk that is full. What was acknowledged is there, reads go on, and it works again once there is room.
#[tokio::test]
async fn f24_a_disk_that_is_full_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("small");
    std::fs::create_dir(&folder).unwrap();
    let disk = SmallDisk::mount(&folder, 4);
    let options = |pages| SqliteOptions { max_pages: pages, ..SqliteOptions::default() };
    let bound = if disk.is_some() { None } else { NonZeroU32::new(120) };
    let path = folder.join("a.db");
    let mut store = open(&path, options(bound));
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for round in 0..5 {
        if let Some(disk) = &disk {
            disk.fill(if round % 2 == 0 { 700 } else { 60 });
        }
        let (before, mut number) = (refused, 0);
        while refused < before + 20 {
            let id = format!("t{round}-{number}");
            number += 1;
            match commit(&store, whole(create(&id))).await {
                Ok(outcome) => {
                    assert_eq!(outcome, UnitOutcome::Committed);
                    acknowledged.push(id);
                }
                Err(error) => {
                    assert_eq!(error.kind, StoreErrorKind::Full, "{error}");
                    refused += 1;
                    assert_eq!(versions(&store, &id).await, 0, "{id} was refused");
                    if let Some(id) = acknowledged.last() {
                        assert_eq!(versions(&store, id).await, 1, "reads go on");
                    }
                }
            }
            assert!(number < 20_000, "it never was full");
        }
        if let Some(disk) = &disk {
            disk.free();
        } else {
            // With a bound in place of a disk, more room is a greater bound.
            store.close().await;
            store = open(&path, options(NonZeroU32::new(140 + 20 * round)));
        }
        let id = format!("t{round}-after");
        assert_eq!(commit(&store, whole(create(&id))).await.unwrap(), UnitOutcome::Committed);
        acknowledged.push(id);
    }
    for id in &acknowledged {
        assert_eq!(versions(&store, id).await, 1, "{id} was acknowledged and lost");
    }
    store.verify().await.unwrap();
    store.close().await;
    println!(
        "SQLite, {}: 5 times full, {} acknowledged and there, {refused} refused as full",
        if disk.is_some() { "a disk of 4 MB" } else { "A BOUND ON ITS PAGES AND NOT A DISK" },
        acknowledged.len()
    );
}
