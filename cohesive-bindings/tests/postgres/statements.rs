//! The statements: every search has its index, and nothing is sent that may lose or reorder messages.

use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::outbox::{
    Acquire, Claim, Lease, Outbox as _, Pending, Settle, Settled, Settlement, Stream,
};
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

/// F33: while nothing can be cleaned up, because a transaction somewhere is old, each published message leaves an entry
/// in the index of those that are pending. With a hint, a claim does not walk over them.
#[tokio::test]
async fn a_hint_spares_the_walk_over_what_was_published() {
    let database = Server::shared().database().await;
    let store = PostgresStore::open(database.url(), &STRUCTURES, PostgresOptions::default()).await.unwrap();
    let old = database.client().await;
    old.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM ticket").await.unwrap();
    for chunk in 0..6 {
        let units: Vec<Unit> = (0..500).map(|number| whole(create(&format!("{chunk}-{number}")))).collect();
        store.commit(units).await.unwrap();
    }
    let (owner, lease) = ("one".to_owned(), std::time::Duration::from_hours(1));
    let request = Acquire { owner, stream: Stream::Events, held: Vec::new(), lease };
    let leases = store.acquire(request).await.unwrap().held;
    let claim = Claim { leases: leases.clone(), per_lane: usize::MAX, busy: false };
    let claimed = store.claim(claim).await.unwrap();
    assert_eq!(claimed.len(), 3000);
    let published = |pending: &Pending| Settlement {
        position: pending.position,
        lease: pending.lease,
        outcome: Settle::Published,
    };
    let settled = store.settle(claimed.iter().map(published).collect()).await.unwrap();
    assert!(settled.iter().all(|settled| *settled == Settled::Done));

    let plans = store.query_plans(&[]).await.unwrap();
    let (sql, _) = plans.iter().find(|(sql, _)| sql.contains(" found AS MATERIALIZED")).unwrap();
    let client = database.client().await;
    let prepare = format!(
        "SET enable_seqscan = off; PREPARE claim (int[], bigint[], bigint, interval, bigint[], bigint[]) AS {sql}"
    );
    client.batch_execute(&prepare).await.unwrap();
    let last = claimed.iter().map(|pending| pending.position).max().unwrap();
    let pages = async |first: u64| {
        let column = |number: fn(&Lease, u64) -> u64| {
            let numbers: Vec<String> = leases.iter().map(|lease| number(lease, first).to_string()).collect();
            format!("'{{{}}}'", numbers.join(","))
        };
        let (lanes, tokens) = (column(|lease, _| lease.lane.into()), column(|lease, _| lease.token));
        let explain = format!(
            "EXPLAIN (ANALYZE, BUFFERS, TIMING off) EXECUTE claim ({lanes}, {tokens}, 9, '1 s', {}, {})",
            column(|_, first| first),
            column(|_, _| 0)
        );
        let plan = client.simple_query(&explain).await.unwrap();
        let mut texts = plan.iter().filter_map(|line| match line {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        // The first line with a number of pages is about everything.
        let hit = texts.find_map(|line| line.split("Buffers: shared hit=").nth(1)).unwrap();
        hit.split(|end: char| !end.is_ascii_digit()).next().unwrap().parse::<u64>().unwrap()
    };
    let (without, with) = (pages(0).await, pages(last).await);
    println!("pages for a claim that finds nothing: {without} from the start, {with} from the hint");
    assert!(without > 3000 && with * 5 < without, "{without} {with}");
    drop(old);
    store.close().await;
}
