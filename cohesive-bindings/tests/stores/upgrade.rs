//! A file that was made before events and requests had streams of their own.

use std::path::Path;
use std::time::Duration;

use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::outbox::{Acquire, Claim, Outbox as _, Stream, lane};
use cohesive_bindings::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive_bindings::store::{Load, OutboxQuery, ReceiptKey, Store as _};
use cohesive_core::kernel::{MessageId, Version};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use super::tickets::{commit, create, whole};

const ENGINE: &str = include_str!("before_streams.sql");

/// Position, entity, ordinal, role, attempts, claim, published.
type Message = (i64, &'static str, u32, &'static str, u32, Option<i64>, Option<i64>);

const MESSAGES: [Message; 5] = [
    (1, "a", 0, "event", 1, Some(3), None),
    (2, "a", 1, "request", 4, None, None),
    (3, "b", 0, "event", 2, None, None),
    (4, "b", 1, "request", 2, Some(3), None),
    (5, "c", 0, "event", 1, None, Some(7)),
];

fn make(path: &Path) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(ENGINE).unwrap();
    let fingerprint = format!("{:x}", Sha256::digest(ENGINE));
    connection
        .execute("INSERT INTO cohesive_migration VALUES (1, 'engine', ?1, ?2, 0)", (fingerprint, ENGINE))
        .unwrap();
    for (position, id, ordinal, role, attempts, claim, published) in MESSAGES {
        let message = MessageId::derive("Ticket", id, Version::INITIAL, ordinal);
        let sql = "INSERT INTO cohesive_outbox VALUES (?1, ?2, 'Ticket', ?3, 0, ?4, ?5, 'Opened', '{}', 'open', 'c', 'x', 'anna', 5, 6, ?6, ?7, ?8, ?9, NULL)";
        let uuid = message.uuid();
        let (uuid, lane) = (uuid.as_bytes().as_slice(), lane("Ticket", id));
        let values = (position, uuid, id, ordinal, role, lane, attempts, claim, published);
        connection.execute(sql, values).unwrap();
    }
    // Positions up to 9 were given, and the messages are gone.
    connection.execute_batch("UPDATE sqlite_sequence SET seq = 9 WHERE name = 'cohesive_outbox'").unwrap();
    for (id, position, parked) in [("a", 2, Some(1)), ("b", 3, None)] {
        let sql =
            "INSERT INTO cohesive_blocked VALUES ('Ticket', ?1, ?2, ?3, 1, 4000000000000000, 0, ?4, 'no')";
        connection.execute(sql, (id, lane("Ticket", id), position, parked)).unwrap();
    }
    for number in 0..64 {
        let sql = "INSERT INTO cohesive_lane VALUES (?1, 'former', 3, 1, 4000000000000000)";
        connection.execute(sql, (number,)).unwrap();
    }
    connection
        .execute_batch(
            "INSERT INTO cohesive_relay VALUES ('former', 1, 4000000000000000);
             INSERT INTO cohesive_receipt VALUES ('s', 'k', zeroblob(32), 201, 0, x'7b7d', 1, 2);
             INSERT INTO cohesive_parked_input
             VALUES (1, 'Ticket', 'a', 'rename', '{}', 0, 1, 'c', NULL, NULL, 1)",
        )
        .unwrap();
}

#[tokio::test]
async fn former_outbox_gets_streams_and_keeps_everything() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    make(&path);
    let plan = SqliteStore::plan(&path, &STRUCTURES).unwrap();
    assert_eq!((plan[0].ordinal, &*plan[0].name), (2, "engine: streams"));
    assert!(plan[1].name.starts_with("engine: add "), "{}", plan[1].name);
    let store = SqliteStore::open(&path, &STRUCTURES, SqliteOptions::default()).unwrap();
    store.verify().await.unwrap();

    let parked = store.parked_messages(Stream::Requests, 9).await.unwrap();
    let named: Vec<_> =
        parked.iter().map(|parked| (parked.position, &*parked.entity_id, parked.attempts)).collect();
    assert_eq!(named, [(2, "a", 4)]);
    let stats = async |stream| store.outbox_stats(stream).await.unwrap();
    let (events, requests) = (stats(Stream::Events).await, stats(Stream::Requests).await);
    assert_eq!((events.pending, events.waiting, events.parked), (2, 1, 0));
    assert_eq!((requests.pending, requests.waiting, requests.parked), (2, 0, 1));
    assert_eq!(events.claimed, [(lane("Ticket", "a"), 1)]);
    assert_eq!(requests.claimed, [(lane("Ticket", "b") + 64, 1)]);

    // The lanes are still the former relay's, and so are their tokens.
    let acquire = |owner: &str, stream| {
        let request =
            Acquire { owner: owner.to_owned(), stream, held: Vec::new(), lease: Duration::from_mins(1) };
        store.acquire(request)
    };
    for stream in Stream::ALL {
        assert_eq!(acquire("other", stream).await.unwrap().held, []);
        store.release("other".to_owned(), Vec::new(), true).await.unwrap();
        let leases = acquire("former", stream).await.unwrap().held;
        assert!(leases.iter().all(|lease| lease.token == 4) && leases.len() == 64, "{leases:?}");
        let claimed = store.claim(Claim { leases, per_lane: 9, busy: false }).await.unwrap();
        let claimed: Vec<_> = claimed
            .iter()
            .map(|pending| (pending.position, &*pending.message.role, pending.attempts))
            .collect();
        // What waits waits on: `b` in the events, `a` in the requests.
        let expected = if stream == Stream::Events { (1, "event", 2) } else { (4, "request", 3) };
        assert_eq!(claimed, [expected]);
    }

    let query = OutboxQuery { entity: "Ticket", entity_id: "c".to_owned(), after: None, limit: 9 };
    let published = &store.outbox(query).await.unwrap()[0];
    assert_eq!((published.published_at.unwrap().as_micros(), published.trace.as_deref()), (7, None));
    assert_eq!((published.causation.as_deref(), published.actor.as_deref()), (Some("x"), Some("anna")));
    let receipts = vec![ReceiptKey { scope: "s".to_owned(), key: "k".to_owned() }];
    let loaded = store.load(Load { receipts, ..Load::default() }).await.unwrap();
    assert_eq!(loaded.receipts[0].as_ref().unwrap().mark, None);
    assert_eq!(store.parked_inputs(9).await.unwrap()[0].input.trace, None);

    // No position is given again.
    commit(&store, whole(create("t"))).await.unwrap();
    let connection = Connection::open(&path).unwrap();
    let last: i64 =
        connection.query_row("SELECT max(position) FROM cohesive_outbox", (), |row| row.get(0)).unwrap();
    assert_eq!(last, 10);
    drop(connection);
    store.close().await;
    assert_eq!(SqliteStore::plan(&path, &STRUCTURES).unwrap(), []);
    SqliteStore::open(&path, &STRUCTURES, SqliteOptions::default()).unwrap().close().await;
}
