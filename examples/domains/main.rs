//! Six domains on one node, in memory or in a SQLite file: `cargo run --example domains -- [--database domains.db]`.
//!
//! Each file is a whole domain: its typed refusals, tables, HTTP API and documents come from it.

#[path = "bank_account.rs"]
mod bank_account;
#[path = "hotel_booking.rs"]
mod hotel_booking;
#[path = "insurance_claim.rs"]
mod insurance_claim;
#[path = "issue_tracker.rs"]
mod issue_tracker;
#[path = "order.rs"]
mod order;
#[path = "subscription.rs"]
mod subscription;

use std::error::Error;
use std::sync::Arc;

use cohesive::http::{HttpOptions, router, serve};
use cohesive::node::{Node, NodeOptions, System};
use cohesive::port::Ports;
use cohesive::store::Store;
use cohesive::store::memory::MemoryStore;
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let system = System::new("domains")
        .entity::<bank_account::Account>()
        .entity::<order::Order>()
        .entity::<subscription::Subscription>()
        .entity::<hotel_booking::Booking>()
        .entity::<insurance_claim::Claim>()
        .entity::<issue_tracker::Issue>();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let store: Arc<dyn Store> = match arguments.as_slice() {
        [] => Arc::new(MemoryStore::new()),
        [flag, path] if flag == "--database" => {
            Arc::new(SqliteStore::open(path, &system.structures(), SqliteOptions::default())?)
        }
        _ => return Err("usage: domains [--database FILE]".into()),
    };
    let node = Node::start(system, store, Ports::system(), NodeOptions::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    println!("http://{}/docs", listener.local_addr()?);
    serve(listener, router(&node, HttpOptions::default()), async { drop(tokio::signal::ctrl_c().await) })
        .await;
    node.shutdown().await;
    Ok(())
}
