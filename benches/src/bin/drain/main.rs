//! How long a relay's claims take on PostgreSQL while nothing can be vacuumed (F33).
//!
//! ```text
//! cargo run --release --manifest-path benches/Cargo.toml --bin drain
//!     -- --seconds 20   how long an idle transaction holds a snapshot; 600 for the figure of the requirements
//!        --rate 1000    how many messages are offered in a second
//!        --explain 0    the server logs the plans of statements that take this many milliseconds; 0 for none
//! ```
//!
//! The server is one of its own, with synced commits. Messages go through outbox and relay to a publisher that
//! acknowledges at once. The target is a 99th percentile of 10 ms at the end.

#![allow(clippy::disallowed_methods, reason = "measuring time is what this is for")]
#![allow(clippy::unwrap_used, reason = "the server of the tests reports by panicking")]

mod outbox;
#[path = "../../../../cohesive-bindings/tests/postgres/server.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod server;

use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cohesive::broker::{PublishError, Publisher};
use cohesive::envelope::Envelope;
use cohesive::kernel::{MessageId, Version};
use cohesive::port::Ports;
use cohesive::relay::{Relay, RelayOptions, Wake};
use cohesive::store::outbox::{Outbox as _, Stream};
use cohesive::store::postgres::{PostgresOptions, PostgresStore};
use cohesive::store::{BoxFuture, OutboxMessage, Store as _, Unit};
use cohesive::value::Timestamp;
use outbox::{Call, Timed};
use server::Server;

/// How many entities the messages are about.
const ENTITIES: u64 = 200;
/// How often messages are committed in a second, each time as one batch.
const BATCHES: u64 = 100;

/// Takes everything at once.
struct Everything;

impl Publisher for Everything {
    fn name(&self) -> &'static str {
        "everything"
    }

    fn max_message(&self) -> usize {
        usize::MAX
    }

    fn publish<'a>(&'a self, _: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(async { Ok(()) })
    }
}

/// The next message of one of the entities, in turns.
fn message(number: u64) -> Unit {
    let (entity_id, version) = (format!("c-{}", number % ENTITIES), Version::new(number / ENTITIES));
    let message = OutboxMessage {
        id: MessageId::derive("Counter", &entity_id, version, 0),
        entity: "Counter",
        entity_id,
        version,
        ordinal: 0,
        role: "event",
        name: "Counted",
        payload:
            r#"{"note":"a hundred bytes or so, as most events have them, and not much to compress in it"}"#
                .to_owned(),
        transition: "step",
        correlation: "drain".to_owned(),
        causation: None,
        actor: None,
        trace: None,
        occurred_at: None,
        recorded_at: Timestamp::default(),
    };
    Unit { messages: vec![message], ..Unit::default() }
}

/// Middle, 99th percentile and longest of some claims, in milliseconds.
fn figures(calls: &[Call]) -> String {
    let mut times: Vec<f64> = calls.iter().map(|call| call.took.as_secs_f64() * 1000.0).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(f64::NAN);
    let longest = times.last().copied().unwrap_or(f64::NAN);
    let messages: usize = calls.iter().map(|call| call.messages).sum();
    format!(
        "{} claims of {messages} messages, p50 {:.1} ms, p99 {:.1} ms, longest {longest:.1} ms",
        calls.len(),
        at(50),
        at(99)
    )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut seconds, mut rate, mut explain) = (20_u64, 1000_u64, 0_u64);
    let mut arguments = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (arguments.next(), arguments.next()) {
        let value = value.parse()?;
        match name.as_str() {
            "--seconds" => seconds = value,
            "--rate" => rate = value,
            "--explain" => explain = value,
            _ => return Err(format!("unknown argument `{name}`").into()),
        }
    }
    let least = format!("auto_explain.log_min_duration = {explain}");
    let settings = [
        "session_preload_libraries = auto_explain",
        &least,
        "auto_explain.log_analyze = on",
        "auto_explain.log_buffers = on",
    ];
    let server = Server::start(if explain > 0 { &settings } else { &[] });
    let url = server.url("postgres");
    let options =
        PostgresOptions { connections: NonZeroUsize::MIN.saturating_add(3), ..PostgresOptions::default() };
    let store = Arc::new(PostgresStore::open(&url, &[], options.clone()).await?);
    let timed = Arc::new(Timed::new(PostgresStore::open(&url, &[], options).await?));
    let relay = Relay::start(
        timed.clone(),
        Arc::new(Everything),
        &Wake::default(),
        &Ports::system(),
        RelayOptions { poll: Duration::from_millis(5), ..RelayOptions::default() },
    )?;
    let old = server.client("postgres").await;
    old.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM cohesive_outbox").await?;
    let (started, mut ticks, mut number) =
        (Instant::now(), tokio::time::interval(Duration::from_secs(1) / 100), 0);
    let mut backlog = 0;
    while started.elapsed() < Duration::from_secs(seconds) {
        ticks.tick().await;
        let units = (number..number + rate / BATCHES).map(message).collect();
        number += rate / BATCHES;
        store.commit(units).await?;
        backlog = backlog.max(number.saturating_sub(relay.metrics().published));
    }
    let (lasted, calls) = (started.elapsed(), timed.calls());
    let dead = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'cohesive_outbox'";
    old.batch_execute("ROLLBACK").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let dead: i64 = old.query_one(dead, &[]).await?.get(0);
    let span = (lasted / 10).max(Duration::from_secs(2)).min(lasted / 2);
    let first: Vec<Call> = calls.iter().copied().filter(|call| call.at < started + span).collect();
    let last: Vec<Call> = calls.iter().copied().filter(|call| call.at > started + lasted - span).collect();
    println!(
        "a snapshot held for {lasted:.0?}, {number} messages, longest backlog {backlog}, {dead} dead tuples in the outbox"
    );
    println!("first {span:.0?}: {}", figures(&first));
    println!("last {span:.0?}: {}", figures(&last));
    println!("all: {}", figures(&calls));
    while timed.outbox_stats(Stream::Events).await?.pending > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    relay.stop().await;
    let published = relay.metrics().published;
    if published != number {
        return Err(format!("{published} of {number} messages were published").into());
    }
    if explain > 0 {
        let log = std::fs::read_to_string(server.home().join("log"))?;
        let plans = log.split("LOG:  duration:").filter(|plan| plan.contains("found AS MATERIALIZED"));
        let took =
            |plan: &&str| plan.trim().split(' ').next().and_then(|took| took.parse().ok()).unwrap_or(0.0_f64);
        let slowest = plans.max_by(|one, other| took(one).total_cmp(&took(other)));
        println!("the slowest claim in the server:\n{}", slowest.unwrap_or("none took so long"));
    }
    Ok(())
}
