//! Every store passes the one suite; what only one of them can get wrong is tested beside it.

#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

#[path = "stores/faults.rs"]
mod faults;
#[path = "stores/lint.rs"]
mod lint;
#[path = "stores/schema.rs"]
mod schema;
#[path = "stores/small_disk.rs"]
mod small_disk;
#[path = "stores/sqlite.rs"]
mod sqlite;
#[path = "stores/tickets.rs"]
mod tickets;
#[path = "stores/upgrade.rs"]
mod upgrade;

use std::sync::Arc;

use cohesive_bindings::store::conformance::{self, StoreFactory};
use cohesive_bindings::store::memory::MemoryStore;
use cohesive_bindings::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive_bindings::store::{BoxFuture, Store as _};
use cohesive_core::model::Structure;

struct Memory;

impl StoreFactory for Memory {
    type Store = MemoryStore;

    fn open(&self, _: &'static [&'static Structure]) -> BoxFuture<'_, Arc<MemoryStore>> {
        Box::pin(async { Arc::new(MemoryStore::new()) })
    }

    fn reopen(&self, closed: Arc<MemoryStore>) -> BoxFuture<'_, Arc<MemoryStore>> {
        Box::pin(async move { Arc::new(closed.recover()) })
    }
}

/// A directory of its own for each store; the last one is opened again.
struct Sqlite {
    directory: tempfile::TempDir,
    count: std::sync::atomic::AtomicUsize,
}

impl Sqlite {
    fn path(&self) -> std::path::PathBuf {
        let count = self.count.load(std::sync::atomic::Ordering::SeqCst);
        self.directory.path().join(format!("{count}.db"))
    }
}

impl StoreFactory for Sqlite {
    type Store = SqliteStore;

    fn open(&self, structures: &'static [&'static Structure]) -> BoxFuture<'_, Arc<SqliteStore>> {
        self.count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let path = self.path();
        Box::pin(
            async move { Arc::new(SqliteStore::open(path, structures, SqliteOptions::default()).unwrap()) },
        )
    }

    fn reopen(&self, closed: Arc<SqliteStore>) -> BoxFuture<'_, Arc<SqliteStore>> {
        let path = self.path();
        Box::pin(async move {
            drop(closed);
            let store = SqliteStore::open(path, &conformance::STRUCTURES, SqliteOptions::default()).unwrap();
            store.verify().await.unwrap();
            Arc::new(store)
        })
    }
}

// R16, R18
#[tokio::test]
async fn every_store_passes_the_same_suite() {
    let memory = conformance::run(&Memory).await;
    assert_eq!(memory.store, MemoryStore::new().name());
    let directory = tempfile::tempdir().unwrap();
    let sqlite = conformance::run(&Sqlite { directory, count: 0.into() }).await;
    assert_eq!(sqlite.store, "SQLite");
    assert_eq!(memory.cases, sqlite.cases);
    assert!(memory.cases.len() > 35, "{:?}", memory.cases);
}

// R16, R18
#[tokio::test]
async fn every_outbox_passes_the_same_suite() {
    let memory = conformance::run_outbox(&Memory).await;
    let directory = tempfile::tempdir().unwrap();
    let sqlite = conformance::run_outbox(&Sqlite { directory, count: 0.into() }).await;
    assert_eq!((memory.store, sqlite.store), ("memory", "SQLite"));
    assert_eq!(memory.cases, sqlite.cases);
    assert!(memory.cases.len() > 12, "{:?}", memory.cases);
}

// R16, R18
#[tokio::test]
async fn every_inbox_passes_the_same_suite() {
    let memory = conformance::run_inbox(&Memory).await;
    let directory = tempfile::tempdir().unwrap();
    let sqlite = conformance::run_inbox(&Sqlite { directory, count: 0.into() }).await;
    assert_eq!((memory.store, sqlite.store), ("memory", "SQLite"));
    assert_eq!(memory.cases, sqlite.cases);
    assert!(memory.cases.len() > 10, "{:?}", memory.cases);
}
