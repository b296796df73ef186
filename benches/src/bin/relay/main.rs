//! The relay beside the same client without one, and how long a commit takes to reach a consumer.
//!
//! ```text
//! cargo run --release --manifest-path benches/Cargo.toml --bin relay
//!     -- --messages 20000   how many messages each round publishes
//!        --rounds 5         how many rounds; the two take turns
//!        --seconds 10       how long the latencies are taken at 1,000 messages a second; 0 leaves them out
//! ```
//!
//! A NATS server with JetStream on disk, which syncs before it acknowledges, and an SQLite file that does too.

#![allow(clippy::disallowed_methods, reason = "measuring time is what this is for")]
#![allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]

mod domain;
mod latency;
mod throughput;

use std::error::Error;

use cohesive::broker::nats::NatsOptions;
use cohesive_servers::Nats;

/// The middle of some figures.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

fn options(server: &Nats, stream: &str) -> NatsOptions {
    NatsOptions {
        servers: vec![server.url()],
        stream: stream.to_owned(),
        prefix: stream.to_lowercase(),
        ..NatsOptions::default()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut messages, mut rounds, mut seconds) = (20_000_usize, 5_usize, 10_usize);
    let mut arguments = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (arguments.next(), arguments.next()) {
        let value = value.parse()?;
        match name.as_str() {
            "--messages" => messages = value,
            "--rounds" => rounds = value,
            "--seconds" => seconds = value,
            _ => return Err(format!("unknown argument `{name}`").into()),
        }
    }
    let folder = tempfile::tempdir()?;
    let server = Nats::start();
    let (mut by_hand, mut relayed) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let store = throughput::filled(&folder.path().join(format!("{round}.db")), messages).await?;
        by_hand.push(throughput::by_hand(&server, round, &store, messages).await?);
        relayed.push(throughput::relayed(&server, round, &store, messages).await?);
        println!("round {round}: by hand {:.0}/s, relayed {:.0}/s", by_hand[round], relayed[round]);
    }
    if rounds > 0 {
        let ratios = by_hand.iter().zip(&relayed).map(|(by_hand, relayed)| relayed / by_hand).collect();
        println!(
            "published: by hand {:.0}/s, relayed {:.0}/s, ratio {:.2}",
            median(by_hand),
            median(relayed),
            median(ratios)
        );
    }
    if seconds > 0 {
        latency::run(&server, &folder.path().join("latency.db"), seconds).await?;
    }
    Ok(())
}
