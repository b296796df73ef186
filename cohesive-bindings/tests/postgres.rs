//! The PostgreSQL store on a real server: the suite of every store, and what only this one can get wrong.

#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

#[path = "postgres/cancel.rs"]
mod cancel;
#[path = "postgres/commits.rs"]
mod commits;
#[path = "postgres/crash.rs"]
mod crash;
#[path = "postgres/full.rs"]
mod full;
#[path = "postgres/outbox.rs"]
mod outbox;
#[path = "postgres/pool.rs"]
mod pool;
#[path = "postgres/proof.rs"]
mod proof;
#[path = "postgres/proxy.rs"]
mod proxy;
#[path = "postgres/races.rs"]
mod races;
#[path = "postgres/random.rs"]
mod random;
#[path = "postgres/schema.rs"]
mod schema;
#[path = "postgres/server.rs"]
mod server;
#[path = "stores/small_disk.rs"]
mod small_disk;
#[path = "postgres/statements.rs"]
mod statements;
#[path = "stores/tickets.rs"]
mod tickets;
#[cfg(feature = "postgres-tls")]
#[path = "postgres/tls.rs"]
mod tls;
#[path = "postgres/upkeep.rs"]
mod upkeep;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cohesive_bindings::store::BoxFuture;
use cohesive_bindings::store::conformance::{self, StoreFactory};
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_core::model::Structure;
use server::{Database, Server};

/// A schema of its own for each store; the last one is opened again.
struct Schemas {
    database: Database,
    count: AtomicUsize,
}

impl Schemas {
    async fn open(&self, structures: &'static [&'static Structure]) -> Arc<PostgresStore> {
        let schema = format!("case_{}", self.count.load(Ordering::SeqCst));
        let options = PostgresOptions { schema, ..PostgresOptions::default() };
        Arc::new(PostgresStore::open(self.database.url(), structures, options).await.unwrap())
    }
}

impl StoreFactory for Schemas {
    type Store = PostgresStore;

    fn open(&self, structures: &'static [&'static Structure]) -> BoxFuture<'_, Arc<PostgresStore>> {
        self.count.fetch_add(1, Ordering::SeqCst);
        Box::pin(self.open(structures))
    }

    fn reopen(&self, closed: Arc<PostgresStore>) -> BoxFuture<'_, Arc<PostgresStore>> {
        drop(closed);
        Box::pin(self.open(&conformance::STRUCTURES))
    }
}

// R16, R18
#[tokio::test]
async fn the_suite_of_every_store_passes() {
    let database = Server::shared().database().await;
    let report = conformance::run(&Schemas { database, count: AtomicUsize::new(0) }).await;
    assert_eq!(report.store, "PostgreSQL");
    assert!(report.cases.len() > 35, "{:?}", report.cases);
}

// R16, R18
#[tokio::test]
async fn the_suite_of_every_outbox_passes() {
    let database = Server::shared().database().await;
    let report = conformance::run_outbox(&Schemas { database, count: AtomicUsize::new(0) }).await;
    assert_eq!(report.store, "PostgreSQL");
    assert!(report.cases.len() > 12, "{:?}", report.cases);
}

// R16, R18
#[tokio::test]
async fn the_suite_of_every_inbox_passes() {
    let database = Server::shared().database().await;
    let report = conformance::run_inbox(&Schemas { database, count: AtomicUsize::new(0) }).await;
    assert_eq!(report.store, "PostgreSQL");
    assert!(report.cases.len() > 8, "{:?}", report.cases);
}
