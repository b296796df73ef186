//! What only PostgreSQL can get wrong about claims and settlements: locks, lost answers, rows that cannot be read.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::outbox::{
    Acquire, Claim, Lease, Outbox as _, Pending, Settle, Settled, Settlement, Stream,
};
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_bindings::store::{Store as _, StoreErrorKind, Unit};
use tokio::time::Instant;
use tokio_postgres::Client;

use super::proxy::Proxy;
use super::server::{Database, Server};
use super::tickets::{create, whole};

const LEASE: Duration = Duration::from_mins(1);

/// A store whose connections can be told from others, and a connection beside it.
struct Desk {
    store: Arc<PostgresStore>,
    database: Database,
    client: Client,
}

impl Desk {
    async fn new() -> Self {
        let database = Server::shared().database().await;
        let client = database.client().await;
        Self { store: open(database.url(), database.name()).await, client, database }
    }

    /// A connection with an open transaction, after this statement.
    async fn hold(&self, sql: &str) -> Client {
        let client = self.database.client().await;
        client.batch_execute(&format!("BEGIN; {sql}")).await.unwrap();
        client
    }

    /// Waits until a call of the store waits for a lock.
    async fn until_it_waits(&self) {
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1";
        let name = self.database.name();
        let begun = Instant::now();
        while self.client.query_one(waiting, &[&name]).await.unwrap().get::<_, i64>(0) == 0 {
            assert!(begun.elapsed() < Duration::from_mins(1), "no call waits for a lock");
        }
    }

    /// What one number of the database is.
    async fn number(&self, sql: &str) -> i64 {
        self.client.query_one(sql, &[]).await.unwrap().get(0)
    }
}

async fn open(url: &str, name: &str) -> Arc<PostgresStore> {
    let options = PostgresOptions {
        application_name: name.to_owned(),
        connections: NonZeroUsize::new(2).unwrap(),
        ..PostgresOptions::default()
    };
    Arc::new(PostgresStore::open(url, &STRUCTURES, options).await.unwrap())
}

fn request(owner: &str, held: Vec<Lease>) -> Acquire {
    Acquire { owner: owner.to_owned(), stream: Stream::Events, held, lease: LEASE }
}

async fn leases(store: &PostgresStore) -> Vec<Lease> {
    store.acquire(request("one", Vec::new())).await.unwrap().held
}

/// New tickets with these names, each with a message.
async fn put(store: &PostgresStore, names: &[&str]) {
    let units: Vec<Unit> = names.iter().map(|name| whole(create(name))).collect();
    store.commit(units).await.unwrap();
}

fn claim(leases: &[Lease]) -> Claim {
    Claim { leases: leases.to_vec(), per_lane: usize::MAX, busy: false }
}

fn settlement(pending: &Pending, outcome: Settle) -> Settlement {
    Settlement { position: pending.position, lease: pending.lease, outcome }
}

/// Entity, version and ordinal.
fn places(claimed: &[Pending]) -> Vec<(&str, u64, u32)> {
    let messages = claimed.iter().map(|pending| &pending.message);
    messages.map(|message| (&*message.entity_id, message.version.number(), message.ordinal)).collect()
}

/// F7: whoever claims under a lease that is being taken away waits for that, and gets nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_meets_a_takeover_gives_nothing() {
    let desk = Desk::new().await;
    put(&desk.store, &["a", "b", "c"]).await;
    let leases = leases(&desk.store).await;
    for (end, given) in [("ROLLBACK", 3), ("COMMIT", 0)] {
        let taking = desk.hold("UPDATE cohesive_lane SET token = token + 1, owner = 'two'").await;
        let (store, wanted) = (Arc::clone(&desk.store), claim(&leases));
        let claiming = tokio::spawn(async move { store.claim(wanted).await.unwrap() });
        desk.until_it_waits().await;
        taking.batch_execute(end).await.unwrap();
        let claimed = claiming.await.unwrap();
        assert_eq!(claimed.len(), given, "{end}");
        let back = claimed.iter().map(|pending| settlement(pending, Settle::Returned)).collect();
        desk.store.settle(back).await.unwrap();
    }
    assert_eq!(
        desk.number("SELECT count(*) FROM cohesive_outbox WHERE attempts = 0 AND claim IS NULL").await,
        3
    );
}

/// The same for settlements: they are fenced, and counted.
#[tokio::test(flavor = "multi_thread")]
async fn a_settlement_that_meets_a_takeover_is_fenced() {
    let desk = Desk::new().await;
    put(&desk.store, &["a", "b"]).await;
    let leases = leases(&desk.store).await;
    let claimed = desk.store.claim(claim(&leases)).await.unwrap();
    // As a takeover does it: lanes first, then what was claimed.
    let taking = desk
        .hold(
            "UPDATE cohesive_lane SET token = token + 1, owner = 'two'; \
             UPDATE cohesive_outbox SET claim = NULL WHERE entity_id = 'a'",
        )
        .await;
    let settlements: Vec<_> = claimed.iter().map(|pending| settlement(pending, Settle::Published)).collect();
    let store = Arc::clone(&desk.store);
    let settling = tokio::spawn(async move { store.settle(settlements).await.unwrap() });
    desk.until_it_waits().await;
    taking.batch_execute("COMMIT").await.unwrap();
    let settled = settling.await.unwrap();
    for (pending, settled) in claimed.iter().zip(settled) {
        // The row decides: it carries the token under which it was claimed.
        let expected = if pending.message.entity_id == "a" { Settled::Fenced } else { Settled::Done };
        assert_eq!(settled, expected);
    }
}

/// Two calls under one token at the same time share what there is.
#[tokio::test(flavor = "multi_thread")]
async fn claims_at_once_give_no_message_twice() {
    let desk = Desk::new().await;
    let names: Vec<String> = (0..200).map(|number| format!("t{number}")).collect();
    put(&desk.store, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let leases = leases(&desk.store).await;
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&desk.store);
            let wanted = Claim { per_lane: 1, ..claim(&leases) };
            tokio::spawn(async move { store.claim(wanted).await.unwrap() })
        })
        .collect();
    let mut positions = Vec::new();
    for call in calls {
        positions.extend(call.await.unwrap().into_iter().map(|pending| pending.position));
    }
    positions.extend(desk.store.claim(claim(&leases)).await.unwrap().iter().map(|pending| pending.position));
    positions.sort_unstable();
    let all = positions.len();
    positions.dedup();
    assert_eq!((all, positions.len()), (200, 200));
}

/// F30: the time is read behind the lock, however long that took.
#[tokio::test(flavor = "multi_thread")]
async fn leases_count_from_behind_the_lock() {
    let desk = Desk::new().await;
    let first = leases(&desk.store).await;
    desk.store.release("one".to_owned(), first, false).await.unwrap();
    let holding = desk.hold("SELECT FROM cohesive_lane WHERE lane = 63 FOR UPDATE").await;
    let store = Arc::clone(&desk.store);
    let taking = tokio::spawn(async move { leases(&store).await });
    desk.until_it_waits().await;
    let row = holding.query_one("SELECT clock_timestamp()::text", &[]).await.unwrap();
    holding.batch_execute("COMMIT").await.unwrap();
    assert_eq!(taking.await.unwrap().len(), 64);
    let later = format!("SELECT count(*) FROM cohesive_lane WHERE since >= '{}'", row.get::<_, &str>(0));
    assert_eq!(desk.number(&later).await, 64);
}

/// Whatever the order in which they became visible, and however few are asked for.
#[tokio::test]
async fn a_history_is_claimed_in_its_order() {
    let desk = Desk::new().await;
    let unit = |version: u64| {
        let mut unit = whole(create("t"));
        unit.write = None;
        unit.receipts.clear();
        let message = &mut unit.messages[0];
        message.version = cohesive_core::kernel::Version::new(version);
        message.id = cohesive_core::kernel::MessageId::derive("Ticket", "t", message.version, 0);
        unit
    };
    for version in [3, 1, 2, 0] {
        desk.store.commit(vec![unit(version)]).await.unwrap();
    }
    let leases = leases(&desk.store).await;
    let first = desk.store.claim(Claim { per_lane: 1, ..claim(&leases) }).await.unwrap();
    assert_eq!(places(&first), [("t", 0, 0)]);
    let rest = desk.store.claim(claim(&leases)).await.unwrap();
    assert_eq!(places(&rest), [("t", 1, 0), ("t", 2, 0), ("t", 3, 0)]);
    // Within one batch the positions follow the histories.
    desk.store.commit([7, 5, 6].map(unit).into()).await.unwrap();
    let order =
        "SELECT string_agg(version::text, ',' ORDER BY position) FROM cohesive_outbox WHERE version > 4";
    assert_eq!(desk.client.query_one(order, &[]).await.unwrap().get::<_, &str>(0), "5,6,7");
}

/// Several settlements of one call, about the same message and about the same entity.
#[tokio::test]
async fn settlements_of_one_call_do_not_disturb_each_other() {
    let desk = Desk::new().await;
    put(&desk.store, &["a", "b"]).await;
    let note = |id: &str| whole(super::tickets::note(id, 0, "x"));
    desk.store.commit(vec![note("a"), note("b")]).await.unwrap();
    let leases = leases(&desk.store).await;
    let claimed = desk.store.claim(claim(&leases)).await.unwrap();
    let of = |entity: &str, version: u64| {
        let here = |pending: &&Pending| {
            pending.message.entity_id == entity && pending.message.version.number() == version
        };
        claimed.iter().find(here).unwrap()
    };
    let retry = || Settle::Retry { after: Duration::MAX, error: "a\0b".to_owned() };
    let now = || Settle::Retry { after: Duration::ZERO, error: String::new() };
    let settled = desk
        .store
        .settle(vec![
            settlement(of("a", 0), now()),
            settlement(of("a", 0), Settle::Published),
            settlement(of("a", 1), retry()),
            settlement(of("b", 0), Settle::Published),
            settlement(of("b", 1), retry()),
        ])
        .await
        .unwrap();
    assert_eq!(settled, [Settled::Done, Settled::Fenced, Settled::Done, Settled::Done, Settled::Done]);
    // The first message of a history is the one that its entity waits for.
    let again = desk.store.claim(claim(&leases)).await.unwrap();
    assert_eq!(places(&again), [("a", 0, 0)]);
    // Published and followed by one that waits: the entity waits for that one.
    let outcomes = vec![settlement(&again[0], Settle::Published)];
    assert_eq!(desk.store.settle(outcomes).await.unwrap(), [Settled::Done]);
    let next = desk.store.claim(claim(&leases)).await.unwrap();
    assert_eq!(places(&next), [("a", 1, 0)]);
    let stats = desk.store.outbox_stats(Stream::Events).await.unwrap();
    assert_eq!((stats.pending, stats.waiting, stats.parked), (2, 1, 0));
}

/// R27: what cannot be read is parked as it is, and holds up nobody else.
#[tokio::test]
async fn a_row_that_cannot_be_read_is_parked() {
    let desk = Desk::new().await;
    put(&desk.store, &["a", "b", "c"]).await;
    desk.client
        .batch_execute("UPDATE cohesive_outbox SET recorded_at = 'infinity' WHERE entity_id = 'b'")
        .await
        .unwrap();
    let leases = leases(&desk.store).await;
    let mut claimed = desk.store.claim(claim(&leases)).await.unwrap();
    claimed.sort_by_key(|pending| pending.position);
    assert_eq!(places(&claimed), [("a", 0, 0), ("c", 0, 0)]);
    let parked = desk.store.parked_messages(Stream::Events, 9).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!((&*parked[0].entity_id, &*parked[0].payload, parked[0].attempts), ("b", "{}", 1));
    assert_eq!(parked[0].error, "cohesive_outbox.recorded_at holds something that was not written there");
    // Repaired and tried again.
    desk.client
        .batch_execute("UPDATE cohesive_outbox SET recorded_at = now() WHERE entity_id = 'b'")
        .await
        .unwrap();
    assert!(desk.store.retry_parked(parked[0].position).await.unwrap());
    assert_eq!(places(&desk.store.claim(claim(&leases)).await.unwrap()), [("b", 0, 0)]);
}

/// F14: an answer that is cut at any byte leaves open what happened, and says so; what is taken anew is taken whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_unknown() {
    let desk = Desk::new().await;
    let proxy = Proxy::new(Server::shared());
    let far = open(&proxy.url(desk.database.name()), "far").await;
    let mut seen = [0_u32; 3];
    for (call, seen) in seen.iter_mut().enumerate() {
        let mut cut = 0;
        loop {
            let name = format!("t{call}-{cut}");
            put(&far, &[&name]).await;
            let mine = far.acquire(request("one", Vec::new())).await.unwrap().held;
            // The statements are prepared, and the message is the only one.
            let claimed = far.claim(claim(&mine)).await.unwrap();
            assert_eq!(places(&claimed), [(&*name, 0, 0)]);
            let outcomes = |outcome: &Settle| vec![settlement(&claimed[0], outcome.clone())];
            if call != 1 {
                far.settle(outcomes(&Settle::Returned)).await.unwrap();
            }
            proxy.cut_answers_after(cut);
            let error = match call {
                0 => far.claim(claim(&mine)).await.err(),
                1 => far.settle(outcomes(&Settle::Published)).await.err(),
                _ => far.acquire(request("one", Vec::new())).await.err(),
            };
            proxy.mend();
            if let Some(error) = &error {
                // Whoever takes lanes asks for the end of the block last; before that, nothing can have happened.
                let nothing = call == 2 && error.kind == StoreErrorKind::Unavailable;
                assert!(nothing || error.kind == StoreErrorKind::Unknown, "{call} {cut}: {error}");
                *seen += 1;
            }
            // The lanes are got anew, and with them whatever was left over.
            let mine = desk.store.acquire(request("one", Vec::new())).await.unwrap().held;
            for pending in desk.store.claim(claim(&mine)).await.unwrap() {
                assert_eq!(pending.message.entity_id, name);
                let settled = desk.store.settle(vec![settlement(&pending, Settle::Published)]).await.unwrap();
                assert_eq!(settled, [Settled::Done]);
            }
            assert_eq!(desk.store.outbox_stats(Stream::Events).await.unwrap().pending, 0);
            if error.is_none() {
                break;
            }
            cut += if call == 2 { 37 } else { 7 };
        }
    }
    println!("answers cut: {seen:?} of claims, settlements and takeovers");
    assert!(seen.iter().all(|cuts| *cuts > 3), "{seen:?}");
}
