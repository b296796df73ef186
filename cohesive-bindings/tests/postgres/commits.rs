//! Commits that meet others: what a statement cannot see when it begins, and what the server takes back.

use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::store::conformance::{STRUCTURES, TICKET};
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_bindings::store::{
    Expected, Load, Receipt, ReceiptKey, RowKey, Store as _, StoreErrorKind, Unit, UnitOutcome, Write,
};
use cohesive_core::kernel::Version;
use cohesive_core::value::{Datum, Timestamp};
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use super::random::{Random, rounds, seed};
use super::server::{Database, Server};
use super::tickets::{commit, create, note, text, versions, whole};

const EMAIL: usize = 2;
const DESK: usize = 4;

async fn open(database: &Database) -> Arc<PostgresStore> {
    open_with(database, PostgresOptions::default()).await
}

async fn open_with(database: &Database, options: PostgresOptions) -> Arc<PostgresStore> {
    Arc::new(PostgresStore::open(database.url(), &STRUCTURES, options).await.unwrap())
}

fn with_email(id: &str, email: &str) -> Write {
    let mut write = create(id);
    write.columns[EMAIL].1 = text(email);
    write
}

fn change(id: &str, version: u64, column: usize, value: Datum<'static>) -> Write {
    Write { columns: vec![(column, value)], ..note(id, version, "") }
}

fn receipt(key: &str, body: &str, until: i64) -> Receipt {
    Receipt {
        scope: "s".to_owned(),
        key: key.to_owned(),
        fingerprint: [1; 32],
        status: 200,
        version: None,
        body: body.as_bytes().to_vec(),
        recorded_at: Timestamp::from_micros(until - 10).unwrap(),
        expires_at: Timestamp::from_micros(until).unwrap(),
        mark: None,
    }
}

/// Commits in the background, and comes back once the commit waits for another transaction.
async fn blocked(store: &Arc<PostgresStore>, units: Vec<Unit>) -> JoinHandle<Vec<UnitOutcome>> {
    let committing = Arc::clone(store);
    let call = tokio::spawn(async move { committing.commit(units).await.unwrap() });
    until_it_waits(store).await;
    call
}

async fn until_it_waits(store: &PostgresStore) {
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1";
    let client = Server::shared().client("postgres").await;
    let name = store.settings().await.unwrap().application_name;
    while client.query_one(waiting, &[&name]).await.unwrap().get::<_, i64>(0) == 0 {}
}

/// A store that can be found among the connections of the server.
async fn named(database: &Database, name: &str) -> Arc<PostgresStore> {
    open_with(database, PostgresOptions { application_name: name.to_owned(), ..PostgresOptions::default() })
        .await
}

async fn begin(database: &Database, sql: &str) -> Client {
    let client = database.client().await;
    client.batch_execute(&format!("BEGIN; {sql}")).await.unwrap();
    client
}

fn neighbours(batch: &str) -> [Unit; 2] {
    ["before", "zz-after"].map(|side| whole(create(&format!("{batch}-{side}"))))
}

/// Between two neighbours, in the same statement and in another one.
fn between(batch: &str, unit: Unit) -> Vec<Unit> {
    let [before, after] = neighbours(batch);
    vec![before, unit, after, Unit::default()]
}

/// The neighbours are committed, whatever became of the unit between them; which is told.
async fn outcome(store: &PostgresStore, batch: &str, call: JoinHandle<Vec<UnitOutcome>>) -> UnitOutcome {
    let mut outcomes = call.await.unwrap();
    for neighbour in [0, 2, 3] {
        assert_eq!(outcomes[neighbour], UnitOutcome::Committed, "{batch}");
    }
    for side in ["before", "zz-after"] {
        assert_eq!(versions(store, &format!("{batch}-{side}")).await, 1, "{batch}");
    }
    outcomes.remove(1)
}

// B50, F18
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_changes_meanwhile_is_a_conflict() {
    let database = Server::shared().database().await;
    let store = named(&database, "row changes").await;
    commit(&*store, whole(create("t"))).await.unwrap();
    let sql = "UPDATE ticket SET cohesive_version = 7 WHERE id = 't'";
    for (batch, end, expected) in [
        ("back", "ROLLBACK", UnitOutcome::Committed),
        ("there", "COMMIT", UnitOutcome::Conflict { actual: Some(Version::new(7)) }),
    ] {
        let other = begin(&database, sql).await;
        let version = u64::from(batch != "back");
        let call = blocked(&store, between(batch, whole(note("t", version, "mine")))).await;
        other.batch_execute(end).await.unwrap();
        assert_eq!(outcome(&store, batch, call).await, expected);
    }
    // The same alone, where the statement has another form.
    let other = begin(&database, "UPDATE ticket SET cohesive_version = 8 WHERE id = 't'").await;
    let call = blocked(&store, vec![whole(note("t", 7, "mine"))]).await;
    other.batch_execute("COMMIT").await.unwrap();
    assert_eq!(call.await.unwrap(), [UnitOutcome::Conflict { actual: Some(Version::new(8)) }]);
    // A row that another node is creating.
    let insert = "INSERT INTO ticket VALUES ('u', 'open', NULL, NULL, NULL, '', 3)";
    let other = begin(&database, insert).await;
    let call = blocked(&store, between("new", whole(create("u")))).await;
    other.batch_execute("COMMIT").await.unwrap();
    let expected = UnitOutcome::Conflict { actual: Some(Version::new(3)) };
    assert_eq!(outcome(&store, "new", call).await, expected);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_is_taken_meanwhile_is_not_unique() {
    let database = Server::shared().database().await;
    let store = named(&database, "value taken").await;
    for id in ["t", "u"] {
        commit(&*store, whole(create(id))).await.unwrap();
    }
    let taking = |id: &str, email: &str| {
        format!("INSERT INTO ticket VALUES ('{id}', 'open', '{email}', NULL, NULL, '', 0)")
    };
    let email = |id: &str, version, email: &str| whole(change(id, version, EMAIL, text(email)));
    for (batch, end, unit, expected) in [
        ("a", "COMMIT", email("t", 0, "a"), UnitOutcome::NotUnique { field: "email" }),
        ("b", "ROLLBACK", email("t", 0, "b"), UnitOutcome::Committed),
        ("c", "COMMIT", whole(with_email("new", "c")), UnitOutcome::NotUnique { field: "email" }),
        ("d", "ROLLBACK", whole(with_email("new", "d")), UnitOutcome::Committed),
    ] {
        let other = begin(&database, &taking(&format!("other-{batch}"), batch)).await;
        let call = blocked(&store, between(batch, unit)).await;
        other.batch_execute(end).await.unwrap();
        assert_eq!(outcome(&store, batch, call).await, expected, "{batch}");
    }
    // The same alone.
    let other = begin(&database, &taking("other-e", "e")).await;
    let call = blocked(&store, vec![email("u", 0, "e")]).await;
    other.batch_execute("COMMIT").await.unwrap();
    assert_eq!(call.await.unwrap(), [UnitOutcome::NotUnique { field: "email" }]);
    assert_eq!(versions(&*store, "u").await, 1);
    store.close().await;
}

// F15
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_is_written_meanwhile_is_told() {
    let database = Server::shared().database().await;
    let store = named(&database, "receipt written").await;
    let insert = |key: &str, until: &str| {
        format!(
            "INSERT INTO cohesive_receipt VALUES ('s', '{key}', decode(repeat('01', 32), 'hex'), 201, NULL, 'theirs', \
             'epoch', {until})"
        )
    };
    let unit = |id: &str, key: &str| {
        let mut unit = whole(create(id));
        unit.receipts = vec![receipt(key, "mine", 1_000_000)];
        unit
    };
    for (batch, until, end, told) in [
        ("stands", "'2999-01-01'", "COMMIT", true),
        ("expired", "'epoch'", "COMMIT", false),
        ("gone", "'2999-01-01'", "ROLLBACK", false),
    ] {
        let other = begin(&database, &insert(batch, until)).await;
        let call = blocked(&store, between(batch, unit(batch, batch))).await;
        other.batch_execute(end).await.unwrap();
        match outcome(&store, batch, call).await {
            UnitOutcome::ReceiptExists(standing) => assert!(told && standing.body == b"theirs", "{batch}"),
            other => assert!(!told && other == UnitOutcome::Committed, "{batch}: {other:?}"),
        }
        let row = RowKey { structure: &TICKET, id: text(batch), columns: Vec::new() };
        let key = ReceiptKey { scope: "s".to_owned(), key: batch.to_owned() };
        let loaded =
            store.load(Load { rows: vec![row], receipts: vec![key], marks: Vec::new() }).await.unwrap();
        assert_eq!(loaded.rows[0].is_none(), told, "{batch}");
        let body: &[u8] = if told { b"theirs" } else { b"mine" };
        assert_eq!(loaded.receipts[0].as_ref().unwrap().body, body, "{batch}");
    }
    // The answer comes before the conflict that the same other commit has caused.
    let other = begin(
        &database,
        &format!(
            "{}; {}",
            "INSERT INTO ticket VALUES ('both', 'open', NULL, NULL, NULL, '', 0)",
            insert("both", "'2999-01-01'")
        ),
    )
    .await;
    let call = blocked(&store, vec![unit("both", "both")]).await;
    other.batch_execute("COMMIT").await.unwrap();
    assert!(matches!(&call.await.unwrap()[..], [UnitOutcome::ReceiptExists(_)]));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_written_meanwhile_exists() {
    let database = Server::shared().database().await;
    let store = named(&database, "message written").await;
    let unit = whole(create("t"));
    let id = unit.messages[0].id;
    let insert = format!(
        "INSERT INTO cohesive_outbox (message_id, entity, entity_id, version, ordinal, role, name, payload, \
         transition_name, correlation, recorded_at, lane) VALUES ('{id}', 'Ticket', 't', 0, 0, 'event', 'X', '{{}}', 'x', 'c', now(), 0)"
    );
    let other = begin(&database, &insert).await;
    let call = blocked(&store, between("m", unit)).await;
    other.batch_execute("COMMIT").await.unwrap();
    assert_eq!(outcome(&store, "m", call).await, UnitOutcome::MessageExists(id));
    store.close().await;
}

/// A batch is divided until each culprit stands alone, and everybody else is committed with one answer.
#[tokio::test(flavor = "multi_thread")]
async fn culprits_are_found_among_many() {
    let database = Server::shared().database().await;
    let store = named(&database, "culprits").await;
    let culprits = [3, 17, 18, 39];
    let ids: Vec<String> = (0..40).map(|number| format!("t{number:02}")).collect();
    let receipts = culprits.map(|number| {
        format!(
            "INSERT INTO cohesive_receipt VALUES ('s', '{number}', decode(repeat('01', 32), 'hex'), 201, NULL, 'theirs', \
             'epoch', '2999-01-01')"
        )
    });
    let other = begin(&database, &receipts.join(";")).await;
    let units = ids.iter().enumerate().map(|(number, id)| {
        let mut unit = whole(create(id));
        unit.receipts.push(receipt(&number.to_string(), "mine", 1_000_000));
        unit
    });
    let call = blocked(&store, units.collect()).await;
    other.batch_execute("COMMIT").await.unwrap();
    for (number, outcome) in call.await.unwrap().into_iter().enumerate() {
        let refused = matches!(outcome, UnitOutcome::ReceiptExists(_));
        assert_eq!(refused, culprits.contains(&number), "{number}: {outcome:?}");
        assert_eq!(versions(&*store, &ids[number]).await, usize::from(!refused), "{number}");
    }
    store.close().await;
}

/// F18: the server ends a circle of waiting by taking one side back. Where that is the store, it tries again, and
/// nobody sees it.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_tried_again() {
    let database = Server::shared().database().await;
    let store = named(&database, "deadlock").await;
    for id in ["a", "b"] {
        commit(&*store, whole(create(id))).await.unwrap();
    }
    // The other side never looks for circles, so the store is the one that finds out.
    let lock = |id| format!("SELECT FROM ticket WHERE id = '{id}' FOR UPDATE");
    let other = begin(&database, &format!("SET LOCAL deadlock_timeout = '1h'; {}", lock("b"))).await;
    let call = blocked(&store, vec![whole(note("a", 0, "x")), whole(note("b", 0, "x"))]).await;
    other.batch_execute(&lock("a")).await.unwrap();
    other.batch_execute("COMMIT").await.unwrap();
    assert_eq!(call.await.unwrap(), [const { UnitOutcome::Committed }; 2]);
    assert_eq!(store.pool().retried, 1);
    assert_eq!((versions(&*store, "a").await, versions(&*store, "b").await), (2, 2));
    store.close().await;
}

/// A trigger that fails with this code, as often as the sequence says.
async fn failing(database: &Database, when: &str, code: &str, times: u32) {
    let sql = format!(
        "CREATE SEQUENCE failures; CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN IF nextval('failures') <= {times} THEN RAISE EXCEPTION 'planned' USING ERRCODE = '{code}'; END IF; \
         RETURN NULL; END $$; {when} FOR EACH ROW EXECUTE FUNCTION fail()"
    );
    database.client().await.batch_execute(&sql).await.unwrap();
}

const AT_ONCE: &str = "CREATE TRIGGER planned AFTER INSERT ON counter";
const AT_COMMIT: &str =
    "CREATE CONSTRAINT TRIGGER planned AFTER INSERT ON counter DEFERRABLE INITIALLY DEFERRED";

fn counter(id: i64) -> Unit {
    let structure = STRUCTURES[2];
    let columns = vec![(0, Datum::Int(id)), (1, Datum::Int(0))];
    let write = Write {
        structure,
        id: Datum::Int(id),
        expected: Expected::Absent,
        version: Version::INITIAL,
        columns,
    };
    Unit { write: Some(write), ..Unit::default() }
}

async fn counters(database: &Database) -> i64 {
    database.client().await.query_one("SELECT count(*) FROM counter", &[]).await.unwrap().get(0)
}

// F18
#[tokio::test]
async fn what_the_server_takes_back_is_tried_again_within_bounds() {
    for (when, code) in [(AT_ONCE, "40001"), (AT_COMMIT, "40001"), (AT_COMMIT, "40P01")] {
        for (times, retries) in [(2, 2), (3, 2)] {
            let database = Server::shared().database().await;
            let store = open_with(&database, PostgresOptions { retries, ..PostgresOptions::default() }).await;
            failing(&database, when, code, times).await;
            let answer = store.commit(vec![counter(1)]).await;
            assert_eq!(store.pool().retried, u64::from(retries));
            if times > retries {
                assert_eq!(answer.unwrap_err().kind, StoreErrorKind::Unavailable);
                assert_eq!(counters(&database).await, 0);
            }
            // The failures are over by now.
            let outcomes = store.commit(vec![counter(2), whole(create("t"))]).await.unwrap();
            assert_eq!(outcomes, [const { UnitOutcome::Committed }; 2]);
            store.close().await;
        }
    }
}

/// F12: a commit that the server answers with a rollback is not told as a commit, be it one statement, a block or a
/// chain of statements.
#[tokio::test]
async fn a_commit_that_fails_at_its_end_is_not_told_as_one() {
    for (code, kind) in [
        ("23514", StoreErrorKind::Schema),
        ("53100", StoreErrorKind::Full),
        ("53200", StoreErrorKind::Unavailable),
        ("57014", StoreErrorKind::Unavailable),
        ("XX001", StoreErrorKind::Corrupt),
    ] {
        for when in [AT_ONCE, AT_COMMIT] {
            let database = Server::shared().database().await;
            let store = open(&database).await;
            failing(&database, when, code, 1000).await;
            let single = vec![counter(1)];
            let block = vec![counter(1), whole(create("t"))];
            let chain = vec![whole(create("t")), counter(1), whole(note("t", 0, "x"))];
            for units in [single, block, chain] {
                let error = store.commit(units).await.unwrap_err();
                assert_eq!(error.kind, kind, "{error}");
                assert_eq!((counters(&database).await, versions(&*store, "t").await), (0, 0), "{error}");
            }
            let pool = store.pool();
            assert_eq!((pool.opened, pool.discarded), (1, 0), "the connection is as good as before");
            store.close().await;
        }
    }
}

/// What was sent and has no answer is unknown; what was certainly not committed is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_is_broken_off_says_what_is_known() {
    let database = Server::shared().database().await;
    let options = PostgresOptions {
        application_name: "broken off".to_owned(),
        lock_timeout: Duration::from_millis(200),
        ..PostgresOptions::default()
    };
    let store = open_with(&database, options).await;
    commit(&*store, whole(create("t"))).await.unwrap();
    let other = begin(&database, "UPDATE ticket SET note = 'x' WHERE id = 't'").await;
    let error = commit(&*store, whole(note("t", 0, "x"))).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Unavailable);
    assert!(error.message.contains("lock timeout"), "{error}");
    for (function, kind) in [
        ("pg_cancel_backend", StoreErrorKind::Unavailable),
        ("pg_terminate_backend", StoreErrorKind::Unknown),
    ] {
        let options = PostgresOptions { application_name: function.to_owned(), ..PostgresOptions::default() };
        let store = open_with(&database, options).await;
        let committing = Arc::clone(&store);
        let call = tokio::spawn(async move { commit(&*committing, whole(note("t", 0, "x"))).await });
        until_it_waits(&store).await;
        let end = format!(
            "SELECT {function}(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '{function}'"
        );
        database.client().await.batch_execute(&end).await.unwrap();
        assert_eq!(call.await.unwrap().unwrap_err().kind, kind);
        store.close().await;
    }
    other.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(versions(&*store, "t").await, 1);
    store.close().await;
}

/// A receipt that is replaced while the removal of expired ones waits for it has not expired.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_is_replaced_meanwhile_is_not_pruned() {
    let database = Server::shared().database().await;
    let store = named(&database, "pruning").await;
    let units = ["a", "b"].map(|key| Unit { receipts: vec![receipt(key, "old", 100)], ..Unit::default() });
    store.commit(units.into()).await.unwrap();
    let other =
        begin(&database, "UPDATE cohesive_receipt SET expires_at = '2999-01-01' WHERE key = 'a'").await;
    let pruning = Arc::clone(&store);
    let call =
        tokio::spawn(async move { pruning.prune_receipts(Timestamp::from_micros(200).unwrap()).await });
    until_it_waits(&store).await;
    other.batch_execute("COMMIT").await.unwrap();
    assert_eq!(call.await.unwrap().unwrap(), 1);
    let left = database.client().await.query("SELECT key FROM cohesive_receipt", &[]).await.unwrap();
    assert_eq!(left.iter().map(|row| row.get(0)).collect::<Vec<String>>(), ["a"]);
    store.close().await;
}

/// F18: nodes that commit batches over the same rows at the same time wait for each other and never in a circle, and
/// every version is written once.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_meet_in_many_rows_do_not_deadlock() {
    const TICKETS: u64 = 12;
    let (seed, rounds) = (seed(), rounds(60));
    let database = Server::shared().database().await;
    let first = open(&database).await;
    let units = (0..TICKETS).map(|number| whole(create(&number.to_string()))).collect();
    first.commit(units).await.unwrap();
    let mut nodes = Vec::new();
    for node in 0..4 {
        let store = open(&database).await;
        nodes.push(tokio::spawn(async move {
            let mut random = Random::new(seed.wrapping_add(node));
            let mut committed = vec![0; usize::try_from(TICKETS).unwrap()];
            for _ in 0..rounds {
                let mut ids: Vec<u64> = (0..TICKETS).filter(|_| random.below(2) == 0).collect();
                ids.sort_by_key(|_| random.next());
                let rows = ids.iter().map(|id| RowKey {
                    structure: &TICKET,
                    id: text(&id.to_string()),
                    columns: vec![],
                });
                let loaded = store
                    .load(Load { rows: rows.collect(), receipts: Vec::new(), marks: Vec::new() })
                    .await
                    .unwrap();
                let versions = loaded.rows.iter().flatten().map(|row| row.version.number());
                let units = ids.iter().zip(versions).map(|(id, version)| {
                    let column = if random.below(2) == 0 { 5 } else { DESK };
                    whole(change(&id.to_string(), version, column, text("x")))
                });
                let outcomes = store.commit(units.collect()).await.unwrap();
                for (id, outcome) in ids.iter().zip(outcomes) {
                    match outcome {
                        UnitOutcome::Committed => committed[usize::try_from(*id).unwrap()] += 1,
                        // The receipt of the same version was written by the node that was faster.
                        UnitOutcome::Conflict { .. } | UnitOutcome::ReceiptExists(_) => {}
                        other => panic!("seed {seed}: {other:?}"),
                    }
                }
            }
            (committed, store.pool().retried)
        }));
    }
    let mut total = vec![0; usize::try_from(TICKETS).unwrap()];
    for node in nodes {
        let (committed, retried) = node.await.unwrap();
        assert_eq!(retried, 0, "seed {seed}");
        total.iter_mut().zip(committed).for_each(|(total, committed)| *total += committed);
    }
    for (id, committed) in total.iter().enumerate() {
        assert_eq!(versions_of_many(&first, &id.to_string()).await, committed + 1, "seed {seed}");
    }
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let deadlocks = database.client().await.query_one(deadlocks, &[]).await.unwrap();
    assert_eq!(deadlocks.get::<_, i64>(0), 0, "seed {seed}");
    println!("{} of {} changes committed, seed {seed}", total.iter().sum::<u64>(), 4 * rounds * TICKETS / 2);
    first.close().await;
}

/// How many versions a ticket has seen, where row and messages have to agree.
async fn versions_of_many(store: &PostgresStore, id: &str) -> u64 {
    let row = RowKey { structure: &TICKET, id: text(id), columns: Vec::new() };
    let loaded = store.load(Load { rows: vec![row], receipts: Vec::new(), marks: Vec::new() }).await.unwrap();
    let query = cohesive_bindings::store::OutboxQuery {
        entity: "Ticket",
        entity_id: id.to_owned(),
        after: None,
        limit: 10_000,
    };
    let messages = store.outbox(query).await.unwrap();
    let numbers: Vec<u64> = messages.iter().map(|message| message.version.number()).collect();
    assert!(numbers.iter().copied().eq(0..numbers.len() as u64), "{numbers:?}");
    let version = loaded.rows[0].as_ref().unwrap().version.number();
    assert_eq!(version + 1, numbers.len() as u64);
    version + 1
}

/// A load sees rows and receipts as of one moment, also while others commit both.
#[tokio::test(flavor = "multi_thread")]
async fn a_load_sees_one_moment() {
    const CHANGES: u64 = 300;
    let database = Server::shared().database().await;
    let store = open(&database).await;
    commit(&*store, whole(create("t"))).await.unwrap();
    let writing = Arc::clone(&store);
    let writer = tokio::spawn(async move {
        for version in 0..CHANGES {
            commit(&*writing, whole(note("t", version, "x"))).await.unwrap();
        }
    });
    let receipts = (0..=CHANGES).map(|key| ReceiptKey { scope: "t".to_owned(), key: key.to_string() });
    let rows =
        [vec![5], vec![1], vec![5]].map(|columns| RowKey { structure: &TICKET, id: text("t"), columns });
    // The receipts come last, and would show more than the rows if each question had a moment of its own.
    let load = Load { rows: rows.into(), receipts: receipts.collect(), marks: Vec::new() };
    let mut seen = 0;
    while seen <= CHANGES {
        let loaded = store.load(load.clone()).await.unwrap();
        let versions: Vec<u64> = loaded.rows.iter().flatten().map(|row| row.version.number()).collect();
        seen = loaded.receipts.iter().flatten().count() as u64;
        assert_eq!(versions, [seen - 1; 3]);
    }
    writer.await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn what_cannot_have_been_written_is_reported_without_the_value() {
    for (damage, named) in [
        (
            "ALTER TABLE ticket DROP CONSTRAINT ticket_state_check; UPDATE ticket SET state = 'secret'",
            "ticket.state",
        ),
        (
            "ALTER TABLE ticket DROP CONSTRAINT ticket_price_check; UPDATE ticket SET price = 1e40",
            "ticket.price",
        ),
        (
            "ALTER TABLE ticket DROP CONSTRAINT ticket_price_check; UPDATE ticket SET price = 'NaN'",
            "ticket.price",
        ),
        ("ALTER TABLE ticket ALTER note DROP NOT NULL; UPDATE ticket SET note = NULL", "ticket.note"),
        ("UPDATE cohesive_receipt SET expires_at = 'infinity'", "cohesive_receipt.expires_at"),
        ("UPDATE cohesive_outbox SET recorded_at = '-infinity'", "cohesive_outbox.recorded_at"),
    ] {
        let database = Server::shared().database().await;
        let store = open(&database).await;
        commit(&*store, whole(create("t"))).await.unwrap();
        database.client().await.batch_execute(damage).await.unwrap();
        let key = RowKey { structure: &TICKET, id: text("t"), columns: vec![1, 3, 5] };
        let receipt = ReceiptKey { scope: "t".to_owned(), key: "0".to_owned() };
        let loaded =
            store.load(Load { rows: vec![key], receipts: vec![receipt], marks: Vec::new() }).await.map(drop);
        let query = cohesive_bindings::store::OutboxQuery {
            entity: "Ticket",
            entity_id: "t".into(),
            after: None,
            limit: 1,
        };
        let error = loaded.and(store.outbox(query).await.map(drop)).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Corrupt, "{damage}");
        assert!(error.message.contains(named) && !error.message.contains("secret"), "{error}");
        store.close().await;
    }
}
