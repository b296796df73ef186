//! What holds on every store, in real time: several processes, each with a connection of its own to one database.
//!
//! Nothing here depends on how long something takes: what is waited for is the state of the store.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::envelope::Envelope;
use cohesive_bindings::relay::{RelayOptions, Wake};
use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::memory::MemoryStore;
use cohesive_bindings::store::outbox::Stream;
use cohesive_bindings::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive_bindings::store::{BoxFuture, Substrate};

use super::harness::{
    Act, Broker, Gate, Gated, Member, histories, message, options, put, seed, start, start_with, until,
};
use super::swarm::Random;

/// A database, and a way to open it once more.
struct World {
    open: Box<dyn Fn() -> BoxFuture<'static, Arc<dyn Substrate>> + Send + Sync>,
    _kept: Box<dyn Any + Send>,
}

impl World {
    #[expect(clippy::unused_async, reason = "as for the other stores")]
    async fn memory() -> Self {
        let store = MemoryStore::new();
        let open = move || -> BoxFuture<'static, Arc<dyn Substrate>> {
            let store = Arc::new(store.clone());
            Box::pin(async move { store as _ })
        };
        Self { open: Box::new(open), _kept: Box::new(()) }
    }

    #[expect(clippy::unused_async, reason = "as for the other stores")]
    async fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.db");
        let open = move || -> BoxFuture<'static, Arc<dyn Substrate>> {
            let store = SqliteStore::open(&path, &STRUCTURES, SqliteOptions::default()).unwrap();
            Box::pin(async move { Arc::new(store) as _ })
        };
        Self { open: Box::new(open), _kept: Box::new(directory) }
    }

    #[cfg(feature = "postgres")]
    async fn postgres() -> Self {
        let database = super::server::Server::shared().database().await;
        let url = database.url().to_owned();
        Self { open: Box::new(move || Box::pin(postgres(url.clone()))), _kept: Box::new(database) }
    }

    /// The database as one more process sees it.
    async fn open(&self) -> Arc<dyn Substrate> {
        (self.open)().await
    }
}

#[cfg(feature = "postgres")]
async fn postgres(url: String) -> Arc<dyn Substrate> {
    use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
    Arc::new(PostgresStore::open(&url, &STRUCTURES, PostgresOptions::default()).await.unwrap())
}

macro_rules! on_every_store {
    ($($case:ident),* $(,)?) => {
        on_every_store!(in memory: $($case),*);
        on_every_store!(in sqlite: $($case),*);
        #[cfg(feature = "postgres")]
        on_every_store!(in postgres: $($case),*);
    };
    (in $store:ident: $($case:ident),*) => {
        mod $store {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(&super::World::$store().await).await;
            })*
        }
    };
}

on_every_store!(
    relays_publish_every_message_in_order,
    poison_parks_its_entity_and_no_other,
    message_that_kills_is_parked,
    stop_finishes_what_is_in_flight,
    stale_marks_of_a_paused_relay_are_fenced,
    nothing_is_lost_whatever_happens,
);

/// A lease that a test can wait for.
fn short() -> RelayOptions {
    RelayOptions {
        lease: Duration::from_millis(900),
        publish_timeout: Duration::from_millis(300),
        poll: Duration::from_millis(20),
        balance: Duration::from_millis(50),
        first_wait: Duration::from_millis(10),
        longest_wait: Duration::from_millis(100),
        ..options()
    }
}

/// F6, P04: `kill -9` of the server under the relays and the writer. What was acknowledged is published, in order.
/// `COHESIVE_ROUNDS` says how often.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn relays_outlive_a_server_that_is_killed() {
    use cohesive_bindings::store::{OutboxQuery, Unit, UnitOutcome};
    let seed = seed();
    let kills: u64 = std::env::var("COHESIVE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let mut random = Random(seed);
    let server = Arc::new(super::server::Server::start(&[]));
    let url = server.url("postgres");
    let (broker, store) = (Arc::new(Broker::default()), postgres(url.clone()).await);
    let mut members = Vec::new();
    for _ in 0..2 {
        let options = RelayOptions { attempts: 1000, ..short() };
        members.push(start(postgres(url.clone()).await, &broker, options, flaky));
    }
    let messages = histories(20, 15 * kills);
    let done = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let writing = {
        let (store, done, messages) = (Arc::clone(&store), Arc::clone(&done), messages.clone());
        tokio::spawn(async move {
            let mut again = 0;
            for message in messages {
                loop {
                    let unit = Unit { messages: vec![message.clone()], ..Unit::default() };
                    if let Ok(outcomes) = store.commit(vec![unit]).await {
                        assert_eq!(outcomes, [UnitOutcome::Committed]);
                        break;
                    }
                    again += 1;
                    let query = OutboxQuery {
                        entity: message.entity,
                        entity_id: message.entity_id.clone(),
                        after: None,
                        limit: usize::from(u16::MAX),
                    };
                    let there = loop {
                        match store.outbox(query.clone()).await {
                            Ok(found) => break found.iter().any(|found| found.id == message.id),
                            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                        }
                    };
                    if there {
                        break;
                    }
                }
                done.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
            again
        })
    };
    for kill in 0..kills {
        let enough = usize::try_from(kill * 300 + random.below(300)).unwrap();
        while done.load(std::sync::atomic::Ordering::SeqCst) < enough && !writing.is_finished() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let server = Arc::clone(&server);
        let again = move || (server.kill(), server.run_again());
        tokio::task::spawn_blocking(again).await.unwrap();
    }
    let again = writing.await.unwrap();
    until("published", &*store, |stats| stats.pending == 0).await;
    for member in &members {
        member.relay.stop().await;
    }
    let repeats = broker.check(&messages);
    let failures: u64 = members.iter().map(|member| member.relay.metrics().store_failures).sum();
    println!(
        "{kills} kills of PostgreSQL: {} messages, 0 lost, 0 too late, {repeats} published twice, {again} commits and \
         {failures} calls of relays failed; seed {seed}",
        messages.len()
    );
    // What was under way at a kill is published again, and nothing else.
    assert!(u64::try_from(repeats).unwrap() <= kills * 2 * short().window as u64, "{repeats}");
    assert!(failures > 0, "no relay noticed");
}

/// The same number for the same message and attempt.
fn roll(message: &Envelope, start: u32) -> u64 {
    message.id.bytes().fold(u64::from(start) + 1, |roll, byte| (roll * 31 + u64::from(byte)) % 65_521)
}

fn flaky(message: &Envelope, start: u32) -> Act {
    let roll = roll(message, start);
    if start < 4 && roll.is_multiple_of(11) { Act::Fail } else { Act::Slow(roll % 7) }
}

// B23, B24, A117, F5
async fn relays_publish_every_message_in_order(world: &World) {
    let store = world.open().await;
    let broker = Arc::new(Broker::default());
    let mut members = Vec::new();
    for _ in 0..3 {
        members.push(start(world.open().await, &broker, options(), flaky));
    }
    let messages = histories(40, 15);
    for chunk in messages.chunks(50) {
        put(&*store, chunk).await;
    }
    until("published", &*store, |stats| stats.pending == 0).await;
    for member in &members {
        member.relay.stop().await;
    }
    let repeats = broker.check(&messages);
    let metrics: Vec<_> = members.iter().map(|member| member.relay.metrics()).collect();
    // Where no lane was lost, nothing is published twice.
    let undisturbed = metrics.iter().all(|metrics| metrics.lanes_lost + metrics.store_failures == 0);
    assert!(!undisturbed || repeats == 0, "{metrics:?}");
    assert_eq!(metrics.iter().map(|metrics| metrics.published).sum::<u64>(), 600, "{metrics:?}");
    assert!(metrics.iter().all(|metrics| metrics.parked == 0), "{metrics:?}");
    let stats = store.outbox_stats(Stream::Events).await.unwrap();
    assert_eq!((stats.claimed, stats.waiting, stats.parked), (vec![], 0, 0));
}

// F8, R29
async fn poison_parks_its_entity_and_no_other(world: &World) {
    let store = world.open().await;
    let broker = Arc::new(Broker::default());
    let messages = histories(30, 5);
    put(&*store, &messages).await;
    let poison = [message("t3", 1, 0), message("t20", 0, 0)];
    let ids = poison.each_ref().map(|message| message.id.to_string());
    let refuse = ids.clone();
    let script = move |message: &Envelope, start: u32| {
        if refuse.contains(&message.id) { Act::Refuse } else { flaky(message, start) }
    };
    let _member = start(world.open().await, &broker, short(), script);
    until("parked", &*store, |stats| stats.parked == 2 && stats.pending == 4 + 5).await;
    let parked = store.parked_messages(Stream::Events, 9).await.unwrap();
    let found: std::collections::BTreeSet<_> = parked.iter().map(|parked| parked.id.to_string()).collect();
    assert_eq!(found, ids.into());
    // An operator gives one up and has the other tried again.
    for parked in parked {
        let position = parked.position;
        let done = match &*parked.entity_id {
            "t3" => store.drop_parked(position).await.unwrap(),
            _ => store.retry_parked(position).await.unwrap(),
        };
        assert!(done);
    }
    until("published", &*store, |stats| stats.parked == 1 && stats.pending == 5).await;
    let dropped = |entity: &str, version: u64| entity == "t20" || (entity, version) == ("t3", 1);
    let rest = messages.into_iter().filter(|one| !dropped(&one.entity_id, one.version.number()));
    broker.check(&rest.collect::<Vec<_>>());
}

// F9: a message that ends the process is begun a bounded number of times, and no neighbour suffers for it.
async fn message_that_kills_is_parked(world: &World) {
    let store = world.open().await;
    let broker = Arc::new(Broker::default());
    let mut messages = histories(10, 4);
    put(&*store, &messages).await;
    let killer = message("t7", 2, 0);
    let mut deaths = 0;
    loop {
        let id = killer.id.to_string();
        let script = move |message: &Envelope, _| if message.id == id { Act::Kill } else { Act::Slow(1) };
        let member: Member = start(world.open().await, &broker, short(), script);
        let done = loop {
            let stats = store.outbox_stats(Stream::Events).await.unwrap();
            if stats.parked == 1 && stats.pending == 2 {
                break true;
            }
            if member.process.is_dead() {
                break false;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        };
        member.process.kill();
        if done {
            break;
        }
        deaths += 1;
        assert!(deaths <= short().attempts, "begun more often than allowed");
    }
    assert_eq!(broker.starts(&killer.id), deaths);
    let parked = store.parked_messages(Stream::Events, 9).await.unwrap();
    assert_eq!(parked.iter().map(|message| message.id).collect::<Vec<_>>(), [killer.id]);
    // It was claimed once more, and not begun.
    assert_eq!(parked[0].error, "5 attempts ended without an answer");
    messages.retain(|message| message.entity_id != "t7" || message.version <= killer.version);
    let repeats = broker.check(&messages);
    println!("{deaths} deaths, {repeats} published twice");
}

// F40
async fn stop_finishes_what_is_in_flight(world: &World) {
    let store = world.open().await;
    let broker = Arc::new(Broker::default());
    let messages = histories(20, 10);
    put(&*store, &messages).await;
    let member = start(world.open().await, &broker, options(), |_, _| Act::Slow(5));
    until("begun", &*store, |stats| stats.pending < 190).await;
    member.relay.stop().await;
    let stats = store.outbox_stats(Stream::Events).await.unwrap();
    assert_eq!((stats.claimed.len(), member.relay.metrics().in_flight), (0, 0), "{stats:?}");
    assert_eq!(broker.len(), 200 - usize::try_from(stats.pending).unwrap());
    let other = start(world.open().await, &broker, options(), |_, _| Act::Ack);
    until("published", &*store, |stats| stats.pending == 0).await;
    assert_eq!(broker.check(&messages), 0);
    assert_eq!(other.relay.metrics().lanes, 64);
}

// F7: SIGSTOP of a relay, until another has done everything.
async fn stale_marks_of_a_paused_relay_are_fenced(world: &World) {
    let store = world.open().await;
    let broker = Arc::new(Broker::default());
    let (gate, wake) = (Gate::open(), Wake::default());
    let gated = Arc::new(Gated(world.open().await, gate.clone()));
    let paused = start_with(gated, &broker, short(), &wake, gate, |_, _| Act::Slow(10));
    let messages = histories(20, 10);
    put(&*store, &messages).await;
    until("begun", &*store, |stats| stats.pending < 195).await;
    paused.gate.set(false);
    let other = start(world.open().await, &broker, short(), |_, _| Act::Slow(1));
    until("published", &*store, |stats| stats.pending == 0).await;
    let before = store.outbox_stats(Stream::Events).await.unwrap();
    paused.gate.set(true);
    while paused.relay.metrics().in_flight + paused.relay.metrics().unsettled > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(store.outbox_stats(Stream::Events).await.unwrap(), before);
    let repeats = broker.check(&messages);
    let (metrics, others) = (paused.relay.metrics(), other.relay.metrics());
    println!("{repeats} repeats, {} fenced", metrics.fenced);
    // One message of an entity was under way.
    assert!(repeats <= 20 && metrics.fenced > 0, "{repeats} {metrics:?}");
    assert_eq!(metrics.published + others.published, 200, "{metrics:?} {others:?}");
}

/// Everything at once: relays that start, stop, stand still and die, and a broker that fails.
// F6, F7, F9, R25
async fn nothing_is_lost_whatever_happens(world: &World) {
    let seed = seed();
    let steps: u64 = std::env::var("COHESIVE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    let mut random = Random(seed);
    let store = world.open().await;
    let (broker, wake) = (Arc::new(Broker::default()), Wake::default());
    let messages = histories(15, steps);
    let mut members: Vec<(Member, bool)> = Vec::new();
    let mut faults = 0;
    let script = |message: &Envelope, start: u32| match roll(message, start) % if start < 4 { 12 } else { 8 }
    {
        8 | 9 => Act::Fail,
        10 => Act::Hang,
        11 => Act::Panic,
        millis => Act::Slow(millis),
    };
    let fresh = async || {
        let (gate, options) = (Gate::open(), RelayOptions { window: 32, attempts: 1000, ..short() });
        let gated = Arc::new(Gated(world.open().await, gate.clone()));
        start_with(gated, &broker, options, &wake, gate, script)
    };
    for chunk in messages.chunks(15) {
        put(&*store, chunk).await;
        let one = usize::try_from(random.below(members.len().max(1) as u64)).unwrap();
        match random.below(6) {
            0 | 1 if members.len() < 3 => members.push((fresh().await, false)),
            2 if !members.is_empty() => {
                members.swap_remove(one).0.process.kill();
                faults += 1;
            }
            3 | 4 if !members.is_empty() => {
                let (member, still) = &mut members[one];
                *still = !*still;
                member.gate.set(!*still);
                faults += 1;
            }
            5 if members.get(one).is_some_and(|(_, still)| !still) => {
                members.swap_remove(one).0.relay.stop().await;
            }
            _ => wake.ring(),
        }
        tokio::time::sleep(Duration::from_millis(random.below(250))).await;
    }
    for (member, _) in &members {
        member.gate.set(true);
    }
    members.push((fresh().await, false));
    until("published", &*store, |stats| stats.pending == 0).await;
    for (member, _) in &members {
        member.relay.stop().await;
    }
    let repeats = broker.check(&messages);
    println!("{faults} faults, {} messages: 0 lost, {repeats} published twice; seed {seed}", messages.len());
}
