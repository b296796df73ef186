//! F33: what the server has to clean up is told, and who keeps it from that.

use std::time::Duration;

use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::postgres::{PostgresHolder, PostgresOptions, PostgresStore, PostgresUpkeep};

use super::server::{Database, Server};
use super::tickets::{commit, create, whole};

async fn open(database: &Database) -> PostgresStore {
    PostgresStore::open(database.url(), &STRUCTURES, PostgresOptions::default()).await.unwrap()
}

fn holder(upkeep: &PostgresUpkeep, kind: &str) -> PostgresHolder {
    upkeep.holders.iter().find(|holder| holder.kind == kind).unwrap().clone()
}

/// Asks until the answer is as it has to become: statistics come late.
async fn until(store: &PostgresStore, what: &str, so: impl Fn(&PostgresUpkeep) -> bool) -> PostgresUpkeep {
    let waiting = async {
        loop {
            let upkeep = store.upkeep().await.unwrap();
            if so(&upkeep) {
                return upkeep;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let upkeep = tokio::time::timeout(Duration::from_mins(1), waiting).await;
    upkeep.unwrap_or_else(|_| panic!("{what}: waited in vain"))
}

#[tokio::test]
async fn f33_old_rows_are_counted_by_table() {
    let database = Server::shared().database().await;
    let store = open(&database).await;
    for number in 0..50 {
        commit(&store, whole(create(&format!("t-{number}")))).await.unwrap();
    }
    let client = database.client().await;
    client.batch_execute("DELETE FROM ticket WHERE id < 't-2'").await.unwrap();
    let of = |upkeep: &PostgresUpkeep, table: &str| {
        let found = upkeep.tables.iter().find(|found| found.table == table).unwrap();
        (found.live, found.dead)
    };
    let upkeep = until(&store, "the deleted are old", |upkeep| of(upkeep, "ticket").1 > 0).await;
    let (live, dead) = of(&upkeep, "ticket");
    assert_eq!((live + dead, dead), (50, 11 + 1), "t-0, t-1 and t-10 to t-19");
    let names: Vec<&str> = upkeep.tables.iter().map(|table| table.table.as_str()).collect();
    assert!(names.contains(&"cohesive_outbox") && names.contains(&"cohesive_blocked"), "{names:?}");
    // What is not the store's is nobody's affair here.
    client.batch_execute("CREATE TABLE strange (x int); INSERT INTO strange VALUES (1)").await.unwrap();
    assert!(!store.upkeep().await.unwrap().tables.iter().any(|table| table.table == "strange"));
    client.batch_execute("VACUUM ticket").await.unwrap();
    until(&store, "the vacuum has removed them", |upkeep| of(upkeep, "ticket").1 == 0).await;
}

#[tokio::test]
async fn f33_who_holds_old_rows_is_told() {
    // A server of its own: transactions are counted for all of its databases.
    let server = Server::start(&["max_prepared_transactions = 2", "wal_level = replica"]);
    let database = server.database().await;
    let store = open(&database).await;
    let quiet = store.upkeep().await.unwrap();
    let kinds: Vec<&str> = quiet.holders.iter().map(|holder| holder.kind.as_str()).collect();
    assert_eq!(kinds, ["session", "prepared", "slot", "standby"]);
    until(&store, "nobody else is there", |upkeep| holder(upkeep, "session").transactions == 0).await;

    // A report that stands open, and writes nothing.
    let (reader, writer) = (database.client().await, database.client().await);
    reader.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1").await.unwrap();
    for _ in 0..30 {
        writer.batch_execute("SELECT pg_current_xact_id()").await.unwrap();
    }
    let held = holder(&store.upkeep().await.unwrap(), "session");
    assert!((30..60).contains(&held.transactions) && held.age.is_some(), "{held:?}");
    reader.batch_execute("COMMIT").await.unwrap();
    until(&store, "it has ended", |upkeep| holder(upkeep, "session").transactions < 30).await;

    // Another database's is not ours, and a prepared transaction is, whoever is connected.
    let other = server.database().await;
    let prepare = "BEGIN; SELECT pg_current_xact_id(); PREPARE TRANSACTION 'forgotten'";
    let stranger = other.client().await;
    stranger.batch_execute(prepare).await.unwrap();
    assert_eq!(holder(&store.upkeep().await.unwrap(), "prepared").age, None);
    stranger.batch_execute("ROLLBACK PREPARED 'forgotten'").await.unwrap();
    writer.batch_execute(prepare).await.unwrap();
    drop(writer);
    reader.batch_execute("SELECT pg_current_xact_id()").await.unwrap();
    let held = holder(&store.upkeep().await.unwrap(), "prepared");
    assert!(held.transactions >= 1 && held.age.is_some(), "{held:?}");
    reader.batch_execute("ROLLBACK PREPARED 'forgotten'").await.unwrap();
    let gone = holder(&store.upkeep().await.unwrap(), "prepared");
    assert_eq!((gone.transactions, gone.age), (0, None));
}

#[cfg(feature = "operate")]
#[tokio::test]
async fn f33_the_exporter_tells_both() {
    let database = Server::shared().database().await;
    let store = std::sync::Arc::new(open(&database).await);
    commit(&*store, whole(create("t"))).await.unwrap();
    let metrics = cohesive_bindings::operate::Metrics::default();
    metrics.postgres(std::sync::Arc::clone(&store));
    let text = metrics.text().await;
    for line in [
        "cohesive_postgres_sampled 1\n",
        "cohesive_postgres_dead_rows{table=\"cohesive_outbox\"} ",
        "cohesive_postgres_live_rows{table=\"ticket\"} ",
        "cohesive_postgres_snapshot_age_transactions{holder=\"session\"} ",
        "cohesive_postgres_snapshot_age_transactions{holder=\"slot\"} 0\n",
        "cohesive_postgres_snapshot_age_seconds{holder=\"prepared\"} 0\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("seconds{holder=\"slot\"}"), "{text}");
}
