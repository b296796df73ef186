//! A broker that does as it is told, a process that can be killed, a clock that is held.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cohesive_bindings::broker::{PublishError, Publisher};
use cohesive_bindings::envelope::Envelope;
use cohesive_bindings::port::{Clock, Ids, Ports, Spawner, SystemClock};
use cohesive_bindings::relay::{Relay, RelayOptions, Wake};
use cohesive_bindings::store::outbox::{
    Acquire, Claim, Lease, Leases, Outbox, OutboxStats, ParkedMessage, Pending, Settled, Settlement, Stream,
};
use cohesive_bindings::store::{BoxFuture, OutboxMessage, Store, StoreError, Unit, UnitOutcome};
use cohesive_core::kernel::{CorrelationId, MessageId, Version};
use cohesive_core::value::{Timestamp, Uuid};
use tokio::time::Instant;

/// Tokio's time, which tests hold, and a skew.
pub(crate) struct HeldClock {
    start: Instant,
    skew: AtomicI64,
}

impl HeldClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), skew: AtomicI64::new(0) })
    }

    /// Sets the clock forward or back.
    pub(crate) fn jump(&self, seconds: i64) {
        self.skew.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for HeldClock {
    fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.start.elapsed().as_micros()).unwrap();
        Timestamp::from_micros(1_800_000_000_000_000 + elapsed + self.skew.load(Ordering::SeqCst)).unwrap()
    }
}

struct Counting;

impl Ids for Counting {
    fn correlation(&self) -> CorrelationId {
        static STARTED: AtomicU64 = AtomicU64::new(1);
        CorrelationId::from(Uuid::from_u128(u128::from(STARTED.fetch_add(1, Ordering::SeqCst))))
    }
}

/// The tasks of one process, which die together.
#[derive(Clone, Default)]
pub(crate) struct Process {
    tasks: Arc<Mutex<Vec<tokio::task::AbortHandle>>>,
    pub(crate) dead: Arc<std::sync::atomic::AtomicBool>,
}

impl Process {
    pub(crate) fn kill(&self) {
        self.dead.store(true, Ordering::SeqCst);
        for task in self.tasks.lock().unwrap().drain(..) {
            task.abort();
        }
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    fn ports(&self) -> Ports {
        Ports { clock: Arc::new(SystemClock), ids: Arc::new(Counting), spawner: Arc::new(self.clone()) }
    }
}

impl Spawner for Process {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        let mut tasks = self.tasks.lock().unwrap();
        tasks.retain(|task| !task.is_finished());
        tasks.push(tokio::spawn(task).abort_handle());
    }
}

/// What the broker does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Ack,
    /// Acknowledge after this many milliseconds.
    Slow(u64),
    /// It may pass.
    Fail,
    /// It never will.
    Refuse,
    /// Take the message and never answer.
    Hang,
    /// Take the message, and the publisher panics.
    Panic,
    /// Take the message, and the process dies.
    Kill,
}

type Script = dyn Fn(&Envelope, u32) -> Act + Send + Sync;

/// What a broker has seen, shared by all relays.
#[derive(Default)]
pub(crate) struct Broker {
    /// Entity, version and ordinal of every message that arrived, in order of arrival.
    pub(crate) arrived: Mutex<Vec<(String, u64, u32)>>,
    /// How often each message was begun.
    starts: Mutex<BTreeMap<String, u32>>,
    /// Entities of which a message is under way, by process.
    busy: Mutex<BTreeSet<(usize, String)>>,
}

impl Broker {
    pub(crate) fn starts(&self, id: &MessageId) -> u32 {
        self.starts.lock().unwrap().get(&id.to_string()).copied().unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.arrived.lock().unwrap().len()
    }

    /// Checks that everything of these histories arrived, and that the first arrivals of each entity are in order.
    /// Answers how many arrivals were repeats.
    pub(crate) fn check(&self, expected: &[OutboxMessage]) -> usize {
        let arrived = self.arrived.lock().unwrap();
        let mut seen: BTreeMap<&str, Vec<(u64, u32)>> = BTreeMap::new();
        let mut repeats = 0;
        for (entity, version, ordinal) in arrived.iter() {
            let places = seen.entry(entity).or_default();
            if places.contains(&(*version, *ordinal)) {
                repeats += 1;
            } else {
                places.push((*version, *ordinal));
            }
        }
        for (entity, places) in &seen {
            assert!(places.is_sorted(), "{entity} out of order: {places:?}");
        }
        for message in expected {
            let place = (message.version.number(), message.ordinal);
            let there = seen.get(&*message.entity_id).is_some_and(|places| places.contains(&place));
            assert!(there, "lost: {} {place:?}", message.entity_id);
        }
        repeats
    }
}

/// A connection of one process to the broker.
pub(crate) struct Scripted {
    broker: Arc<Broker>,
    process: Process,
    number: usize,
    script: Arc<Script>,
    gate: Gate,
}

impl Publisher for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn max_message(&self) -> usize {
        100_000
    }

    fn publish<'a>(&'a self, message: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(async move {
            let key = (self.number, message.partition_key.clone());
            let fresh = self.broker.busy.lock().unwrap().insert(key.clone());
            assert!(fresh, "two messages of {} at once", key.1);
            let _done = Done(self, key);
            let start = {
                let mut starts = self.broker.starts.lock().unwrap();
                let start = starts.entry(message.id.clone()).or_default();
                *start += 1;
                *start
            };
            self.gate.pass().await;
            let arrive = || {
                let (version, ordinal) = message.sequence.split_once('.').unwrap();
                let place = (version.parse().unwrap(), ordinal.parse().unwrap());
                let subject = message.subject.clone().unwrap();
                self.broker.arrived.lock().unwrap().push((subject, place.0, place.1));
            };
            match (self.script)(message, start) {
                Act::Ack => arrive(),
                Act::Slow(millis) => {
                    tokio::time::sleep(Duration::from_millis(millis)).await;
                    arrive();
                }
                Act::Fail => return Err(PublishError::transient("no").because("the broker is full")),
                Act::Refuse => return Err(PublishError::permanent("never")),
                Act::Hang => {
                    arrive();
                    std::future::pending::<()>().await;
                }
                Act::Panic => panic!("told to"),
                Act::Kill => {
                    arrive();
                    self.process.kill();
                    std::future::pending::<()>().await;
                }
            }
            Ok(())
        })
    }
}

struct Done<'a>(&'a Scripted, (usize, String));

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.broker.busy.lock().unwrap().remove(&self.1);
    }
}

/// Holds a process where it next reaches out, as SIGSTOP does.
#[derive(Clone)]
pub(crate) struct Gate(tokio::sync::watch::Sender<bool>);

impl Gate {
    pub(crate) fn open() -> Self {
        Self(tokio::sync::watch::Sender::new(true))
    }

    pub(crate) fn set(&self, open: bool) {
        self.0.send_replace(open);
    }

    pub(crate) async fn pass(&self) {
        self.0.subscribe().wait_for(|open| *open).await.unwrap();
    }
}

/// A store that a process reaches through its gate.
pub(crate) struct Gated(pub(crate) Arc<dyn Outbox>, pub(crate) Gate);

macro_rules! gated {
    ($($name:ident($($value:ident: $kind:ty),*) -> $answer:ty;)*) => {
        impl Outbox for Gated {
            $(fn $name(&self, $($value: $kind),*) -> BoxFuture<'_, Result<$answer, StoreError>> {
                Box::pin(async move {
                    self.1.pass().await;
                    self.0.$name($($value),*).await
                })
            })*
        }
    };
}

gated! {
    acquire(request: Acquire) -> Leases;
    release(owner: String, leases: Vec<Lease>, leaving: bool) -> ();
    claim(request: Claim) -> Vec<Pending>;
    settle(settlements: Vec<Settlement>) -> Vec<Settled>;
    parked_messages(stream: Stream, limit: usize) -> Vec<ParkedMessage>;
    retry_parked(position: u64) -> bool;
    drop_parked(position: u64) -> bool;
    prune_published(stream: Stream, kept: Duration, limit: usize) -> u64;
    republish(stream: Stream, since: Timestamp) -> u64;
    outbox_stats(stream: Stream) -> OutboxStats;
}

/// Short spans, so that little happens beside what a test is about.
pub(crate) fn options() -> RelayOptions {
    RelayOptions {
        source: "/test".to_owned(),
        lease: Duration::from_secs(6),
        publish_timeout: Duration::from_secs(2),
        window: 64,
        attempts: 5,
        longest_wait: Duration::from_secs(2),
        seed: seed(),
        ..RelayOptions::default()
    }
}

/// The seed of this run, printed so that it can be replayed.
pub(crate) fn seed() -> u64 {
    let fresh = || u64::from(std::process::id());
    let seed = std::env::var("COHESIVE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(fresh);
    println!("COHESIVE_SEED={seed}");
    seed
}

/// One relay in a process of its own.
pub(crate) struct Member {
    pub(crate) process: Process,
    pub(crate) relay: Relay,
    pub(crate) gate: Gate,
}

static MEMBERS: AtomicU64 = AtomicU64::new(0);

pub(crate) fn start(
    outbox: Arc<dyn Outbox>,
    broker: &Arc<Broker>,
    options: RelayOptions,
    script: impl Fn(&Envelope, u32) -> Act + Send + Sync + 'static,
) -> Member {
    start_with(outbox, broker, options, &Wake::default(), Gate::open(), script)
}

pub(crate) fn start_with(
    outbox: Arc<dyn Outbox>,
    broker: &Arc<Broker>,
    options: RelayOptions,
    wake: &Wake,
    gate: Gate,
    script: impl Fn(&Envelope, u32) -> Act + Send + Sync + 'static,
) -> Member {
    let process = Process::default();
    let number = usize::try_from(MEMBERS.fetch_add(1, Ordering::SeqCst)).unwrap();
    let publisher = Scripted {
        broker: Arc::clone(broker),
        process: process.clone(),
        number,
        script: Arc::new(script),
        gate: gate.clone(),
    };
    let relay = Relay::start(outbox, Arc::new(publisher), wake, &process.ports(), options).unwrap();
    Member { process, relay, gate }
}

pub(crate) fn message(entity: &str, version: u64, ordinal: u32) -> OutboxMessage {
    let version = Version::new(version);
    OutboxMessage {
        id: MessageId::derive("Ticket", entity, version, ordinal),
        entity: "Ticket",
        entity_id: entity.to_owned(),
        version,
        ordinal,
        role: "event",
        name: "TicketChanged",
        payload: "{}".to_owned(),
        transition: "change",
        correlation: "c".to_owned(),
        causation: None,
        actor: None,
        trace: None,
        occurred_at: None,
        recorded_at: Timestamp::default(),
    }
}

/// Commits messages, each in a unit of its own.
pub(crate) async fn put(store: &(impl Store + ?Sized), messages: &[OutboxMessage]) {
    let unit = |message: &OutboxMessage| Unit { messages: vec![message.clone()], ..Unit::default() };
    let outcomes = store.commit(messages.iter().map(unit).collect()).await.unwrap();
    assert!(outcomes.iter().all(|outcome| *outcome == UnitOutcome::Committed));
}

/// The histories of these entities: versions from 0, one message each, the entities in turns.
pub(crate) fn histories(entities: usize, versions: u64) -> Vec<OutboxMessage> {
    let mut messages = Vec::new();
    for version in 0..versions {
        messages.extend((0..entities).map(|entity| message(&format!("t{entity}"), version, 0)));
    }
    messages
}

/// Waits until the store says so. Where the time is held, what passes is held time.
pub(crate) async fn until(
    what: &str,
    store: &(impl Outbox + ?Sized),
    holds: impl Fn(&OutboxStats) -> bool,
) -> Duration {
    let start = Instant::now();
    loop {
        let stats = store.outbox_stats(Stream::Events).await.unwrap();
        if holds(&stats) {
            return start.elapsed();
        }
        assert!(start.elapsed() < Duration::from_mins(5), "never {what}: {stats:?}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
