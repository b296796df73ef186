//! F24: a disk that is full, under the tables and under the log. What was acknowledged is there, and everything works
//! again once there is room.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_bindings::store::{Store as _, StoreErrorKind, UnitOutcome};
use tokio::time::Instant;

use super::server::Server;
use super::small_disk::SmallDisk;
use super::tickets::{commit, create, versions, whole};

/// How often it fills up.
const ROUNDS: u32 = 3;
/// How many calls fail each time, at the least.
const REFUSALS: u32 = 10;

/// A server with little room in one folder of its data.
struct Cramped {
    server: Server,
    disk: Option<SmallDisk>,
}

impl Cramped {
    fn start(folder: &str, megabytes: u32, settings: &[&str]) -> Self {
        let mut disk = None;
        let server = Server::prepared(settings, |data| disk = move_to_small_disk(data, folder, megabytes));
        Self { server, disk }
    }

    /// Leaves so many kilobytes, or lets no file grow beyond so many.
    fn fill(&self, left: u64, limit: u64) {
        match &self.disk {
            Some(disk) => disk.fill(left),
            None => self.server.limit_files(Some(limit * 1024)),
        }
    }

    fn free(&self) {
        match &self.disk {
            Some(disk) => disk.free(),
            None => self.server.limit_files(None),
        }
    }

    const fn means(&self) -> &'static str {
        if self.disk.is_some() { "a small disk" } else { "A LIMIT ON THE SIZE OF FILES AND NOT A DISK" }
    }
}

fn move_to_small_disk(data: &Path, folder: &str, megabytes: u32) -> Option<SmallDisk> {
    let (place, aside) = (data.join(folder), data.join("aside"));
    fs::rename(&place, &aside).unwrap();
    fs::create_dir(&place).unwrap();
    let disk = SmallDisk::mount(&place, megabytes);
    let copied = Command::new("cp").arg("-a").arg(aside.join(".")).arg(&place).status();
    assert!(copied.unwrap().success());
    fs::remove_dir_all(aside).unwrap();
    disk
}

/// What became of the calls.
#[derive(Debug, Default)]
struct Told {
    acknowledged: Vec<String>,
    unknown: Vec<String>,
    full: u32,
    unavailable: u32,
    restarts: u32,
}

impl Told {
    async fn commit(&mut self, store: &PostgresStore, id: &str) -> Option<StoreErrorKind> {
        let error = match commit(store, whole(create(id))).await {
            Ok(UnitOutcome::Committed) => {
                self.acknowledged.push(id.to_owned());
                return None;
            }
            Ok(outcome) => panic!("{id}: {outcome:?}"),
            Err(error) => error,
        };
        match error.kind {
            StoreErrorKind::Full => self.full += 1,
            StoreErrorKind::Unavailable => self.unavailable += 1,
            StoreErrorKind::Unknown => self.unknown.push(id.to_owned()),
            _ => panic!("{id}: {error}"),
        }
        Some(error.kind)
    }

    /// Everything acknowledged is there, and what is unknown is told by its receipt.
    async fn check(&mut self, store: &PostgresStore) {
        for id in &self.acknowledged {
            assert_eq!(versions(store, id).await, 1, "{id} was acknowledged and lost");
        }
        for id in std::mem::take(&mut self.unknown) {
            let there = versions(store, &id).await;
            let outcome = commit(store, whole(create(&id))).await.unwrap();
            let known = matches!(outcome, UnitOutcome::ReceiptExists(_));
            assert_eq!(known, there == 1, "{id}: {outcome:?}");
        }
    }
}

/// Fills the disk some times, and gives the room back. Whether reads go on while it is full, the caller says.
async fn run(cramped: &Cramped, left: u64, limit: u64, reads: bool) -> Told {
    let url = cramped.server.url("postgres");
    let store = PostgresStore::open(&url, &STRUCTURES, PostgresOptions::default()).await.unwrap();
    let (mut told, mut unknown) = (Told::default(), 0);
    for round in 0..ROUNDS {
        for number in 0..20 {
            assert_eq!(told.commit(&store, &format!("t{round}-before-{number}")).await, None);
        }
        // What the log holds since the last one is room that giving back does not give.
        cramped.server.client("postgres").await.batch_execute("CHECKPOINT").await.unwrap();
        cramped.fill(left, limit);
        let (mut refused, mut number) = (0, 0);
        while refused < REFUSALS {
            let id = format!("t{round}-{number}");
            number += 1;
            assert!(number < 50_000, "it never was full: {told:?}");
            refused += u32::from(told.commit(&store, &id).await.is_some());
            if reads && refused > 0 {
                assert!(told.unknown.is_empty(), "what was refused is known");
                assert_eq!(versions(&store, &id).await, usize::from(told.acknowledged.contains(&id)));
            }
        }
        cramped.free();
        // It comes back by itself, but for a server that could not even recover.
        let begun = Instant::now();
        for number in 0.. {
            if cramped.server.has_ended() {
                assert!(!reads, "the server ended");
                cramped.server.run_again();
                told.restarts += 1;
            }
            if told.commit(&store, &format!("t{round}-after-{number}")).await.is_none() {
                break;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not come back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        unknown += told.unknown.len();
        told.check(&store).await;
    }
    println!(
        "PostgreSQL, {}: {ROUNDS} times full, {} acknowledged and there, {} refused as full, {} as unavailable, {unknown} unknown, \
         {} starts by hand",
        cramped.means(),
        told.acknowledged.len(),
        told.full,
        told.unavailable,
        told.restarts
    );
    store.close().await;
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f24_no_room_for_tables() {
    let cramped = Cramped::start("base", 48, &["autovacuum = off"]);
    // A limit has to leave the segments of the log alone, which have 1 MB.
    let told = run(&cramped, 400, 1280, true).await;
    // A file that is too large is no full disk in the words of the server.
    let expected = if cramped.disk.is_some() { told.full } else { told.unavailable };
    assert_eq!((expected >= ROUNDS * REFUSALS, told.restarts), (true, 0), "{told:?}");
}

/// The server gives up all of its processes then, which is a crash.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f24_no_room_for_the_log() {
    let cramped =
        Cramped::start("pg_wal", 16, &["max_wal_size = 1GB", "min_wal_size = 2MB", "wal_recycle = off"]);
    let told = run(&cramped, 1500, 512, false).await;
    assert!(told.acknowledged.len() > 60, "{told:?}");
}
