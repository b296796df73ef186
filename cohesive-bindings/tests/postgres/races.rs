//! The races in which outboxes lose or reorder messages, run against readers that are commonly written and against
//! the relay. The common ones have to fail here, or the load proves nothing.
//!
//! Writers do what a transaction of several statements does: change an entity, insert its message, take a while,
//! commit or roll back. `COHESIVE_ROUNDS` makes the storms longer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cohesive_bindings::broker::{PublishError, Publisher};
use cohesive_bindings::envelope::Envelope;
use cohesive_bindings::port::Ports;
use cohesive_bindings::relay::{Relay, RelayOptions, Wake};
use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::outbox::{Outbox as _, Stream};
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_bindings::store::{BoxFuture, Store as _};
use cohesive_core::kernel::{MessageId, Version};
use tokio::time::Instant;
use tokio_postgres::{Client, Statement};

use super::proxy::Proxy;
use super::random::{Random, rounds, seed};
use super::server::{Database, Server};

/// Entity and version, in the order of arrival or of commit.
type Log = Mutex<Vec<(String, i64)>>;

const WRITERS: u64 = 12;
const ENTITIES: u64 = 16;
/// How long to wait for what has to come at last.
const PATIENCE: Duration = Duration::from_mins(2);

/// One database with entities that writers change.
struct Field {
    database: Database,
    committed: Log,
    done: AtomicBool,
}

impl Field {
    async fn new(server: &Server) -> Arc<Self> {
        let database = server.database().await;
        open(&database).await.close().await;
        let tables = "CREATE TABLE aggregate (id text PRIMARY KEY, version bigint NOT NULL); \
                      INSERT INTO aggregate SELECT 'e' || n, -1 FROM generate_series(0, 99) AS n; \
                      CREATE TABLE elsewhere (n int)";
        database.client().await.batch_execute(tables).await.unwrap();
        Arc::new(Self { database, committed: Mutex::default(), done: false.into() })
    }

    fn count(&self) -> usize {
        self.committed.lock().unwrap().len()
    }

    /// How many committed messages did not arrive, and how many first arrivals came after a later one of their entity.
    fn judge(&self, arrived: &Log) -> (usize, usize) {
        let mut first: BTreeMap<(String, i64), usize> = BTreeMap::new();
        let mut latest: BTreeMap<String, i64> = BTreeMap::new();
        let mut late = 0;
        for (entity, version) in arrived.lock().unwrap().iter() {
            let arrivals = first.entry((entity.clone(), *version)).or_default();
            *arrivals += 1;
            let latest = latest.entry(entity.clone()).or_insert(-1);
            late += usize::from(*arrivals == 1 && *version < *latest);
            *latest = (*latest).max(*version);
        }
        let committed = self.committed.lock().unwrap();
        (committed.iter().filter(|message| !first.contains_key(message)).count(), late)
    }
}

async fn open(database: &Database) -> PostgresStore {
    PostgresStore::open(database.url(), &STRUCTURES, PostgresOptions::default()).await.unwrap()
}

/// A transaction of one writer, in steps.
struct Writer {
    client: Client,
    change: Statement,
    insert: Statement,
}

impl Writer {
    async fn new(database: &Database) -> Self {
        let client = database.client().await;
        let change = "UPDATE aggregate SET version = version + 1 WHERE id = $1 RETURNING version";
        let insert = "INSERT INTO cohesive_outbox (message_id, entity, entity_id, version, ordinal, role, name, payload, \
                      transition_name, correlation, recorded_at, lane) \
                      VALUES ($1::text::uuid, 'Ticket', $2, $3, 0, 'event', 'TicketChanged', '{}', 'change', 'c', now(), $4)";
        let (change, insert) = (client.prepare(change).await.unwrap(), client.prepare(insert).await.unwrap());
        Self { client, change, insert }
    }

    async fn run(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap();
    }

    /// Changes an entity and inserts the message, within the transaction. Answers the version.
    async fn change(&self, entity: &str) -> i64 {
        let version: i64 = self.client.query_one(&self.change, &[&entity]).await.unwrap().get(0);
        let id = MessageId::derive("Ticket", entity, Version::new(version.unsigned_abs()), 0).to_string();
        let lane = i32::from(Stream::Events.lane("Ticket", entity));
        self.client.execute(&self.insert, &[&id, &entity, &version, &lane]).await.unwrap();
        version
    }
}

/// A storm of transactions. Some write elsewhere first, so that the order in which they began is not that in which
/// they changed an entity.
async fn storm(field: &Arc<Field>, seed: u64) {
    let _over = Over(Arc::clone(field));
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let field = Arc::clone(field);
            tokio::spawn(async move {
                let writer = Writer::new(&field.database).await;
                let mut random = Random::new(seed.wrapping_add(number));
                for _ in 0..rounds(1) * 60 {
                    let entity = format!("e{}", random.below(ENTITIES));
                    let pause =
                        |random: &mut Random| tokio::time::sleep(Duration::from_micros(random.below(3000)));
                    writer.run("BEGIN").await;
                    if random.below(2) == 0 {
                        writer.run("INSERT INTO elsewhere VALUES (1)").await;
                        pause(&mut random).await;
                    }
                    let version = writer.change(&entity).await;
                    pause(&mut random).await;
                    if random.below(10) == 0 {
                        writer.run("ROLLBACK").await;
                    } else {
                        writer.run("COMMIT").await;
                        field.committed.lock().unwrap().push((entity, version));
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

/// Says that a storm is over, however it ended.
struct Over(Arc<Field>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.done.store(true, Ordering::SeqCst);
    }
}

/// Reads what lies beyond the last position that it has seen.
async fn by_cursor(client: &Client, last: &mut i64) -> Vec<(String, i64)> {
    let sql = "SELECT position, entity_id, version FROM cohesive_outbox WHERE position > $1 ORDER BY position LIMIT 100";
    let rows = client.query(sql, &[last]).await.unwrap();
    *last = rows.last().map_or(*last, |row| row.get(0));
    rows.iter().map(|row| (row.get(1), row.get(2))).collect()
}

/// Reads in the order of transactions, up to the first one that is still under way.
async fn by_watermark(client: &Client, last: &mut (i64, i64)) -> Vec<(String, i64)> {
    let sql = "SELECT xmin::text::bigint, position, entity_id, version FROM cohesive_outbox \
               WHERE (xmin::text::bigint, position) > ($1, $2) \
               AND xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY 1, 2 LIMIT 100";
    let rows = client.query(sql, &[&last.0, &last.1]).await.unwrap();
    *last = rows.last().map_or(*last, |row| (row.get(0), row.get(1)));
    rows.iter().map(|row| (row.get(2), row.get(3))).collect()
}

/// Takes what nobody else has taken, delivers it, and marks it.
async fn by_skipping(client: &Client, random: &mut Random, arrived: &Log) -> usize {
    client.batch_execute("BEGIN").await.unwrap();
    let sql = "SELECT position, entity_id, version FROM cohesive_outbox WHERE published_at IS NULL \
               ORDER BY position LIMIT 5 FOR UPDATE SKIP LOCKED";
    let rows = client.query(sql, &[]).await.unwrap();
    for row in &rows {
        tokio::time::sleep(Duration::from_micros(random.below(1000))).await;
        arrived.lock().unwrap().push((row.get(1), row.get(2)));
    }
    let places: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    let mark = "UPDATE cohesive_outbox SET published_at = now() WHERE position = ANY ($1)";
    client.execute(mark, &[&places]).await.unwrap();
    client.batch_execute("COMMIT").await.unwrap();
    rows.len()
}

/// Takes down what arrives, after a while.
struct Recorder {
    arrived: Arc<Log>,
    random: Mutex<Random>,
}

impl Publisher for Recorder {
    fn name(&self) -> &'static str {
        "recorder"
    }

    fn max_message(&self) -> usize {
        usize::MAX
    }

    fn publish<'a>(&'a self, message: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(async move {
            let pause = self.random.lock().unwrap().below(1000);
            tokio::time::sleep(Duration::from_micros(pause)).await;
            let (version, _) = message.sequence.split_once('.').unwrap();
            let arrival = (message.subject.clone().unwrap(), version.parse().unwrap());
            self.arrived.lock().unwrap().push(arrival);
            Ok(())
        })
    }
}

/// The relays of as many processes, and what they have published.
struct Relays {
    running: Vec<Relay>,
    store: PostgresStore,
    arrived: Arc<Log>,
}

impl Relays {
    async fn start(field: &Field, many: u64, seed: u64) -> Self {
        Self::start_at(field, field.database.url(), many, seed).await
    }

    /// The same, by way of another address.
    async fn start_at(field: &Field, url: &str, many: u64, seed: u64) -> Self {
        let arrived = Arc::new(Log::default());
        let mut relays = Vec::new();
        for number in 0..many {
            let random = Mutex::new(Random::new(seed.wrapping_add(number)));
            let recorder = Recorder { arrived: Arc::clone(&arrived), random };
            let options = RelayOptions { poll: Duration::from_millis(5), ..RelayOptions::default() };
            let store = PostgresStore::open(url, &STRUCTURES, PostgresOptions::default()).await.unwrap();
            let store = Arc::new(store);
            let relay = Relay::start(store, Arc::new(recorder), &Wake::default(), &Ports::system(), options);
            relays.push(relay.unwrap());
        }
        Self { running: relays, store: open(&field.database).await, arrived }
    }

    /// Waits until nothing is pending, and stops them.
    async fn finish(&self) {
        let begun = Instant::now();
        while self.store.outbox_stats(Stream::Events).await.unwrap().pending > 0 {
            assert!(begun.elapsed() < PATIENCE, "something is never published");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        for relay in &self.running {
            relay.stop().await;
        }
    }
}

/// F1: a position is given before its commit, so a lower one can become visible after a higher one was read.
#[tokio::test]
async fn f1_a_position_that_becomes_visible_late_is_published() {
    let field = Field::new(Server::shared()).await;
    let (late, early) = (Writer::new(&field.database).await, Writer::new(&field.database).await);
    let reader = field.database.client().await;
    let relays = Relays::start(&field, 1, 1).await;
    let (naive, mut last) = (Log::default(), 0);
    for round in 0..20 {
        let mut changed = Vec::new();
        late.run("BEGIN").await;
        changed.push((format!("e{round}"), late.change(&format!("e{round}")).await));
        // In other lanes and in the same one, far more than are claimed at once in between.
        for entity in 20..30 {
            early.run("BEGIN").await;
            changed.push((format!("e{entity}"), early.change(&format!("e{entity}")).await));
            early.run("COMMIT").await;
        }
        relays_have(&relays, field.count() + 10).await;
        let found = by_cursor(&reader, &mut last).await;
        naive.lock().unwrap().extend(found);
        late.run("COMMIT").await;
        field.committed.lock().unwrap().extend(changed);
        relays_have(&relays, field.count()).await;
        let found = by_cursor(&reader, &mut last).await;
        naive.lock().unwrap().extend(found);
    }
    relays.finish().await;
    let (by_cursor, ours) = (field.judge(&naive), field.judge(&relays.arrived));
    println!(
        "F1, step by step: of {} messages, the cursor lost {}, we lost {}",
        field.count(),
        by_cursor.0,
        ours.0
    );
    assert_eq!((by_cursor, ours), ((20, 0), (0, 0)));
}

/// Waits until so many messages have been published.
async fn relays_have(relays: &Relays, many: usize) {
    let begun = Instant::now();
    while relays.arrived.lock().unwrap().len() < many {
        assert!(begun.elapsed() < PATIENCE, "{many} messages never arrive");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// F2: a transaction that began first and changed the entity last has the lower number and the later version.
#[tokio::test]
async fn f2_the_order_is_that_of_versions() {
    let field = Field::new(Server::shared()).await;
    let (first, second) = (Writer::new(&field.database).await, Writer::new(&field.database).await);
    let reader = field.database.client().await;
    for round in 0..20 {
        let entity = format!("e{round}");
        first.run("BEGIN; INSERT INTO elsewhere VALUES (1)").await;
        second.run("BEGIN").await;
        let mut changed = vec![(entity.clone(), second.change(&entity).await)];
        second.run("COMMIT").await;
        changed.push((entity.clone(), first.change(&entity).await));
        first.run("COMMIT").await;
        field.committed.lock().unwrap().extend(changed);
    }
    let (naive, mut last) = (Log::default(), (0, 0));
    // Other tests have transactions of their own, for which it waits.
    let begun = Instant::now();
    while naive.lock().unwrap().len() < field.count() {
        assert!(begun.elapsed() < PATIENCE, "the watermark stands still");
        let found = by_watermark(&reader, &mut last).await;
        naive.lock().unwrap().extend(found);
    }
    let relays = Relays::start(&field, 3, 1).await;
    relays.finish().await;
    let (by_watermark, ours) = (field.judge(&naive), field.judge(&relays.arrived));
    println!(
        "F2, step by step: of {} messages, the watermark put {} too late, we put {}",
        field.count(),
        by_watermark.1,
        ours.1
    );
    assert_eq!((by_watermark, ours), ((0, 20), (0, 0)));
}

/// F3: a transaction that stays open somewhere holds up whoever waits for all that began before.
#[tokio::test]
async fn f3_an_open_transaction_holds_nothing_up() {
    // The server's own work has transactions too.
    let server = Server::start(&["max_prepared_transactions = 5", "autovacuum = off"]);
    let write = "CREATE TABLE IF NOT EXISTS elsewhere (n int); BEGIN; INSERT INTO elsewhere VALUES (1)";
    let snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class";
    for (holder, here, sql, stalls) in [
        ("a writer in this database", true, write, true),
        ("a writer in another database", false, write, true),
        (
            "a prepared transaction",
            true,
            "BEGIN; INSERT INTO elsewhere VALUES (1); PREPARE TRANSACTION 'p'",
            true,
        ),
        ("an old snapshot", true, snapshot, false),
    ] {
        let field = Field::new(&server).await;
        let reader = field.database.client().await;
        let other = server.database().await;
        let holding = if here { field.database.client().await } else { other.client().await };
        holding.batch_execute(sql).await.unwrap();
        let writer = Writer::new(&field.database).await;
        for number in 0..50 {
            let entity = format!("e{}", number % 10);
            writer.run("BEGIN").await;
            let version = writer.change(&entity).await;
            writer.run("COMMIT").await;
            field.committed.lock().unwrap().push((entity, version));
        }
        let naive = Log::default();
        let found = by_watermark(&reader, &mut (0, 0)).await;
        naive.lock().unwrap().extend(found);
        let relays = Relays::start(&field, 1, 1).await;
        relays.finish().await;
        let (by_watermark, ours) = (field.judge(&naive).0, field.judge(&relays.arrived).0);
        println!(
            "F3, {holder}: of 50 messages, the watermark holds back {by_watermark}, we hold back {ours}"
        );
        assert_eq!((by_watermark, ours), (if stalls { 50 } else { 0 }, 0), "{holder}");
        let _ = holding.batch_execute("ROLLBACK PREPARED 'p'").await;
        relays.store.close().await;
    }
}

/// F5: two who skip what the other has locked overtake each other.
#[tokio::test]
async fn f5_relays_do_not_overtake_each_other() {
    let field = Field::new(Server::shared()).await;
    let writer = Writer::new(&field.database).await;
    for number in 0..100 {
        let entity = format!("e{}", number % 4);
        writer.run("BEGIN").await;
        let version = writer.change(&entity).await;
        writer.run("COMMIT").await;
        field.committed.lock().unwrap().push((entity, version));
    }
    let naive = Arc::new(Log::default());
    // The first one has taken five and stands still; the second one does the rest.
    let (one, two) = (field.database.client().await, field.database.client().await);
    one.batch_execute("BEGIN").await.unwrap();
    let take = "SELECT position, entity_id, version FROM cohesive_outbox WHERE published_at IS NULL \
                ORDER BY position LIMIT 5 FOR UPDATE SKIP LOCKED";
    let taken = one.query(take, &[]).await.unwrap();
    let mut random = Random::new(1);
    while by_skipping(&two, &mut random, &naive).await > 0 {}
    naive.lock().unwrap().extend(taken.iter().map(|row| (row.get(1), row.get(2))));
    one.batch_execute("COMMIT; UPDATE cohesive_outbox SET published_at = NULL").await.unwrap();
    let relays = Relays::start(&field, 4, 1).await;
    relays.finish().await;
    let (by_skipping, ours) = (field.judge(&naive), field.judge(&relays.arrived));
    println!("F5, step by step: of 100 messages, skipping put {} too late, we put {}", by_skipping.1, ours.1);
    assert_eq!((by_skipping, ours), ((0, 5), (0, 0)));
}

/// F1, F2, F5: all at once, by chance. Each reader gets a database and a storm of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn storms_lose_and_reorder_nothing() {
    let seed = seed();
    let stormy = async || {
        let field = Field::new(Server::shared()).await;
        let storm = {
            let field = Arc::clone(&field);
            tokio::spawn(async move { storm(&field, seed).await })
        };
        (field, storm)
    };
    let report = |name: &str, field: &Field, (lost, late): (usize, usize)| {
        println!("storm, {name}: {} messages, {lost} lost, {late} too late; seed {seed}", field.count());
    };

    let (field, _storm) = stormy().await;
    let (client, naive) = (field.database.client().await, Log::default());
    let (mut last, mut ended) = (0, false);
    loop {
        let found = by_cursor(&client, &mut last).await;
        if found.is_empty() && std::mem::replace(&mut ended, field.done.load(Ordering::SeqCst)) {
            break;
        }
        naive.lock().unwrap().extend(found);
    }
    let by_cursor = field.judge(&naive);
    report("cursor", &field, by_cursor);

    let (field, _storm) = stormy().await;
    let (client, naive) = (field.database.client().await, Log::default());
    let (mut last, mut ended) = ((0, 0), false);
    loop {
        let found = by_watermark(&client, &mut last).await;
        if found.is_empty() && std::mem::replace(&mut ended, field.done.load(Ordering::SeqCst)) {
            break;
        }
        naive.lock().unwrap().extend(found);
    }
    let by_watermark = field.judge(&naive);
    report("watermark", &field, by_watermark);

    let (field, storm) = stormy().await;
    let naive = Arc::new(Log::default());
    let skippers: Vec<_> = (0..4)
        .map(|number| {
            let (field, naive) = (Arc::clone(&field), Arc::clone(&naive));
            tokio::spawn(async move {
                let (client, mut random) = (field.database.client().await, Random::new(seed ^ number));
                let mut ended = false;
                while by_skipping(&client, &mut random, &naive).await > 0 || !ended {
                    ended = field.done.load(Ordering::SeqCst);
                }
            })
        })
        .collect();
    storm.await.unwrap();
    for skipper in skippers {
        skipper.await.unwrap();
    }
    let by_skipping = field.judge(&naive);
    report("skip locked", &field, by_skipping);

    let (field, storm) = stormy().await;
    let relays = Relays::start(&field, 4, seed).await;
    storm.await.unwrap();
    relays.finish().await;
    let ours = field.judge(&relays.arrived);
    report("relays", &field, ours);
    assert!(by_cursor.0 > 0 && by_watermark.1 > 0 && by_skipping.1 > 0, "the storm was too weak");
    assert_eq!(ours, (0, 0), "seed {seed}");
    // Nor is anything published twice where nothing failed.
    assert_eq!(relays.arrived.lock().unwrap().len(), field.count());
}

/// F14, F6: connections of the relays are cut all the time, in both directions.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cut_connections_lose_and_reorder_nothing() {
    let seed = seed();
    let field = Field::new(Server::shared()).await;
    let proxy = Proxy::new(Server::shared());
    let relays = Relays::start_at(&field, &proxy.url(field.database.name()), 2, seed).await;
    let storm = {
        let field = Arc::clone(&field);
        tokio::spawn(async move { storm(&field, seed).await })
    };
    let (mut random, mut cuts) = (Random::new(seed), 0);
    while !field.done.load(Ordering::SeqCst) {
        let after = i64::try_from(random.below(20_000)).unwrap();
        if random.below(2) == 0 {
            proxy.cut_answers_after(after);
        } else {
            proxy.cut_requests_after(after);
        }
        cuts += 1;
        tokio::time::sleep(Duration::from_millis(random.below(60))).await;
        proxy.mend();
        tokio::time::sleep(Duration::from_millis(random.below(60))).await;
    }
    storm.await.unwrap();
    relays.finish().await;
    let (lost, late) = field.judge(&relays.arrived);
    let failures: u64 = relays.running.iter().map(|relay| relay.metrics().store_failures).sum();
    let twice = relays.arrived.lock().unwrap().len() - field.count();
    println!(
        "{cuts} cuts, {failures} calls failed: {} messages, {lost} lost, {late} too late, {twice} published twice; seed {seed}",
        field.count()
    );
    assert_eq!((lost, late), (0, 0), "seed {seed}");
    assert!(failures > 0, "nothing was cut");
}
