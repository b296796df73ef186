//! What lies between two nodes fails: connections are cut at every boundary of messages, brokers refuse, die and lose what
//! they had. Two nodes with stores of their own, a relay and a consumer, and NATS or RabbitMQ between them.
//!
//! A short slice of each runs by default. `COHESIVE_ROUNDS=1` cuts at every boundary, before the message and within it, and
//! a larger number does that so often. `COHESIVE_SEED` repeats the choices of a run, which prints it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]
#![allow(clippy::disallowed_methods, reason = "how long a wait lasts at the most is told by a clock")]

mod cuts;
#[path = "../consume/domain.rs"]
mod domain;
mod loss;
mod nodes;
#[path = "../crash/random.rs"]
mod random;
mod refusals;
mod servers;

use std::future::Future;
use std::time::{Duration, Instant};

/// After how long something is taken for lost.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often the whole of a test is asked for; `None` is a slice of it.
fn rounds() -> Option<u32> {
    let rounds = std::env::var("COHESIVE_ROUNDS").ok()?;
    Some(rounds.parse().expect("COHESIVE_ROUNDS is a whole number"))
}

/// Waits until something holds. What is waited for tells what it has come to.
async fn until<Held: Future<Output = Result<(), String>>>(what: &str, holds: impl Fn() -> Held) {
    let start = Instant::now();
    while let Err(state) = holds().await {
        assert!(start.elapsed() < PATIENCE, "waited in vain until {what}: {state}");
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}
