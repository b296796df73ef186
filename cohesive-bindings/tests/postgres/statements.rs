//! The statements: every search has its index, and nothing is sent that may lose or reorder messages.

use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_bindings::store::{Store as _, Unit};

use super::server::Server;
use super::tickets::{create, whole};

/// B02, R38: whatever the server knew about the tables when it made the plans, because it keeps them.
#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let database = Server::shared().database().await;
    let client = database.client().await;
    let open = || PostgresStore::open(database.url(), &STRUCTURES, PostgresOptions::default());
    let mut seen = 0;
    for rows in [0, 1, 6000_usize] {
        let store = open().await.unwrap();
        let units: Vec<Unit> = (0..rows).map(|number| whole(create(&format!("{rows}-{number}")))).collect();
        for units in units.chunks(500) {
            store.commit(units.to_vec()).await.unwrap();
        }
        if rows > 0 {
            client.batch_execute("ANALYZE").await.unwrap();
        }
        for (sql, plan) in store.query_plans(&STRUCTURES).await.unwrap() {
            let text = plan.join("\n");
            for scan in ["Seq Scan", "Hash Join", "Merge Join"] {
                assert!(!text.contains(scan), "with {rows} rows:\n{sql}\n{text}");
            }
            let pages = sql.starts_with("SELECT") && sql.contains(" LIMIT $");
            for lines in plan.windows(2) {
                let searches = lines[0].contains("Index Scan using") || lines[0].contains("Index Only Scan");
                // There are never more lanes than there are.
                let finds = lines[1].contains("Index Cond") || lines[0].contains("cohesive_lane");
                assert!(!searches || finds || pages, "with {rows} rows, all of an index:\n{sql}\n{text}");
            }
            if sql.contains("WHERE \"desk\"") {
                assert!(text.contains("ticket.desk.index") && !text.contains("Sort"), "{sql}\n{text}");
            }
            if sql.contains(" locked AS MATERIALIZED") {
                // Locked in the order that was given, found by the key, and then written where they lie.
                assert!(
                    text.contains("LockRows") && text.contains("Tid Scan"),
                    "with {rows} rows:\n{sql}\n{text}"
                );
            }
            if sql.contains(" found AS MATERIALIZED") {
                // The messages of a lane come in the order of the index: as many are read as are claimed.
                let in_order = |lines: &[String]| {
                    lines[0].trim() == "->  Limit" && lines[1].contains("\"cohesive_outbox.pending\" on")
                };
                assert!(plan.windows(2).any(in_order), "with {rows} rows:\n{sql}\n{text}");
            }
            seen += 1;
        }
        store.close().await;
    }
    assert!(seen > 300, "{seen}");
}

/// F1, F5, F34: what loses, reorders or slows down messages is not sent at all.
#[tokio::test]
async fn nothing_is_sent_that_loses_or_reorders_messages() {
    let database = Server::shared().database().await;
    let store = PostgresStore::open(database.url(), &STRUCTURES, PostgresOptions::default()).await.unwrap();
    for (sql, _) in store.query_plans(&STRUCTURES).await.unwrap() {
        let lower = sql.to_lowercase();
        for word in ["skip locked", "notify", "position > $", "pg_snapshot", "lock table", "serializable"] {
            assert!(!lower.contains(word), "{word}: {sql}");
        }
        // Values are parameters: the only literals are those of the statements' own texts (F38).
        for literal in sql.split('\'').skip(1).step_by(2) {
            assert!(["{}"].contains(&literal), "{literal}: {sql}");
        }
    }
    store.close().await;
}
