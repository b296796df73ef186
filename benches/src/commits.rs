//! Durable commits, by many callers at once and by one alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cohesive::kernel::Structure as _;
use cohesive::node::{Node, NodeOptions, Request, System};
use cohesive::port::Ports;
use cohesive::store::Store as _;
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::account::{Account, AccountId, DepositAccount};
use crate::measure::{Pair, Spread};
use crate::report::Row;
use crate::twin::{self, Deposit, Grouped, OnePerCommit};

const CALLERS: usize = 128;
const ACCOUNTS: usize = 10_000;
/// How long one measurement lasts.
const WINDOW: Duration = Duration::from_millis(1500);
const ROUNDS: usize = 9;
/// Commits of a lone caller in one measurement.
const LONE: usize = 400;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Contender {
    Ours,
    Grouped,
    OnePerCommit,
}

impl Contender {
    const ALL: [Self; 3] = [Self::Ours, Self::Grouped, Self::OnePerCommit];

    /// State and outbox, as this one calls them.
    const fn tables(self) -> (&'static str, &'static str) {
        match self {
            Self::Ours => ("cohesive_version", "cohesive_outbox"),
            Self::Grouped | Self::OnePerCommit => ("version", "outbox"),
        }
    }
}

/// A fresh file with all accounts, and how to look at it afterwards.
struct Database {
    folder: TempDir,
    contender: Contender,
}

impl Database {
    fn new(runtime: &Runtime, place: &Path, contender: Contender) -> Self {
        let folder = tempfile::tempdir_in(place).expect("a folder for the database");
        let database = Self { folder, contender };
        let path = database.path();
        if contender == Contender::Ours {
            let store = open(&path);
            runtime.block_on(store.close());
        } else {
            twin::prepare(&path).expect("the tables");
        }
        let mut connection = Connection::open(&path).expect("the database");
        let (version, _) = contender.tables();
        let fill = connection.transaction().expect("a transaction");
        for number in 0..ACCOUNTS {
            let sql = format!("INSERT INTO account (id, balance, deposits, {version}) VALUES (?1, 0, 0, 0)");
            fill.prepare_cached(&sql).expect("a statement").execute([account(number)]).expect("an account");
        }
        fill.commit().expect("the accounts");
        database
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("bench.db")
    }

    /// Every answered commit is one version and two messages, and there is nothing else.
    fn check(&self, commits: u64) {
        let connection = Connection::open(self.path()).expect("the database");
        let number = |sql: String| {
            connection
                .query_row(&sql, (), |row| row.get::<_, i64>(0).map(i64::unsigned_abs))
                .expect("a number")
        };
        let (version, outbox) = self.contender.tables();
        assert_eq!(number(format!("SELECT sum({version}) FROM account")), commits, "versions and answers");
        assert_eq!(number("SELECT sum(deposits) FROM account".to_owned()), commits, "state and answers");
        assert_eq!(number(format!("SELECT count(*) FROM {outbox}")), 2 * commits, "messages and answers");
    }
}

fn account(number: usize) -> String {
    format!("A-{number:06}")
}

fn open(path: &Path) -> Arc<SqliteStore> {
    let store = SqliteStore::open(path, &[Account::STRUCTURE], SqliteOptions::default());
    Arc::new(store.expect("the store"))
}

fn start(path: &Path) -> Node {
    let system = System::new("bench").entity::<Account>();
    Node::start(system, open(path), Ports::system(), NodeOptions::default())
}

/// A deposit through the node.
async fn deposit(node: &Node, id: &AccountId) {
    let input = DepositAccount { amount: 1, deposited_at: crate::now() };
    let outcome = node.update::<DepositAccount>(id, input, Request::default()).await.expect("an outcome");
    assert!(outcome.committed().is_some(), "{outcome:?}");
}

/// The accounts of one caller, which nobody else uses.
fn own(caller: usize) -> impl Iterator<Item = String> {
    (caller..ACCOUNTS).step_by(CALLERS).map(account)
}

/// When the callers stop, and what they did until then.
#[derive(Default)]
struct Race {
    over: AtomicBool,
    commits: AtomicU64,
}

impl Race {
    fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Relaxed)
    }

    fn done(&self, commits: u64) {
        self.commits.fetch_add(commits, Ordering::Relaxed);
    }

    /// Lets the callers run for a while. Commits, and commits per second.
    fn run(&self, wait: impl FnOnce()) -> (u64, f64) {
        let start = Instant::now();
        std::thread::sleep(WINDOW);
        self.over.store(true, Ordering::Relaxed);
        wait();
        let commits = self.commits.load(Ordering::Relaxed);
        (commits, commits as f64 / start.elapsed().as_secs_f64())
    }
}

fn many(runtime: &Runtime, place: &Path, contender: Contender) -> f64 {
    let database = Database::new(runtime, place, contender);
    let (commits, rate) = match contender {
        Contender::Ours => many_through_the_node(runtime, &database.path()),
        Contender::Grouped => many_grouped(runtime, &database.path()),
        Contender::OnePerCommit => many_one_by_one(&database.path()),
    };
    database.check(commits);
    rate
}

fn many_through_the_node(runtime: &Runtime, path: &Path) -> (u64, f64) {
    let (node, race) = (runtime.block_on(async { start(path) }), Arc::new(Race::default()));
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (node, race) = (node.clone(), Arc::clone(&race));
            let ids: Vec<AccountId> = own(caller).map(|id| id.parse().expect("an id")).collect();
            runtime.spawn(async move {
                let mut commits = 0;
                for id in ids.iter().cycle().take_while(|_| race.goes_on()) {
                    deposit(&node, id).await;
                    commits += 1;
                }
                race.done(commits);
            })
        })
        .collect();
    let result =
        race.run(|| callers.into_iter().for_each(|caller| runtime.block_on(caller).expect("a caller")));
    runtime.block_on(node.shutdown());
    result
}

fn many_grouped(runtime: &Runtime, path: &Path) -> (u64, f64) {
    let (twin, writer) = Grouped::open(path).expect("the database");
    let race = Arc::new(Race::default());
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (twin, race, ids) = (twin.clone(), Arc::clone(&race), own(caller).collect::<Vec<_>>());
            runtime.spawn(async move {
                let mut commits = 0;
                for id in ids.iter().cycle().take_while(|_| race.goes_on()) {
                    twin.deposit(Deposit::new(id, 1)).await.expect("a commit");
                    commits += 1;
                }
                race.done(commits);
            })
        })
        .collect();
    let result =
        race.run(|| callers.into_iter().for_each(|caller| runtime.block_on(caller).expect("a caller")));
    drop(twin);
    writer.join().expect("the writer");
    result
}

fn many_one_by_one(path: &Path) -> (u64, f64) {
    let (twin, race) = (OnePerCommit::open(path).expect("the database"), Race::default());
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let (twin, race) = (&twin, &race);
                scope.spawn(move || {
                    let ids: Vec<String> = own(caller).collect();
                    let mut commits = 0;
                    for id in ids.iter().cycle().take_while(|_| race.goes_on()) {
                        twin.deposit(&Deposit::new(id, 1)).expect("a commit");
                        commits += 1;
                    }
                    race.done(commits);
                })
            })
            .collect();
        race.run(|| callers.into_iter().for_each(|caller| caller.join().expect("a caller")))
    })
}

/// Many callers: ours, grouped and one per commit, in turn, with the order moved on each time.
pub fn crowd(runtime: &Runtime, place: &Path) -> Vec<Row> {
    let mut rates = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        for turn in 0..3 {
            let index = (round + turn) % 3;
            rates[index].push(many(runtime, place, Contender::ALL[index]));
        }
        eprintln!(
            "  round {}: {:.0} {:.0} {:.0} commits/s",
            round + 1,
            rates[0][round],
            rates[1][round],
            rates[2][round]
        );
    }
    let name = format!("commits, {CALLERS} callers, synchronous=FULL");
    let [ours, grouped, single] = &rates;
    vec![
        Row::at_least(
            &format!("{name}, against grouped by hand"),
            "commits/s",
            Pair::of(ours, grouped),
            0.7,
            "",
        ),
        Row::at_least(
            &format!("{name}, against one per commit"),
            "commits/s",
            Pair::of(ours, single),
            3.0,
            "",
        ),
    ]
}

/// The p50 and the p99, in microseconds.
fn percentiles(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// One caller alone: how long an answer takes.
pub fn lone(runtime: &Runtime, place: &Path) -> Vec<Row> {
    let ours = Database::new(runtime, place, Contender::Ours);
    let theirs = Database::new(runtime, place, Contender::OnePerCommit);
    let node = runtime.block_on(async { start(&ours.path()) });
    let twin = OnePerCommit::open(&theirs.path()).expect("the database");
    let ids: Vec<AccountId> = (0..LONE).map(|number| account(number).parse().expect("an id")).collect();
    let time = |work: &dyn Fn(usize)| {
        let times = (0..LONE).map(|number| {
            let start = Instant::now();
            work(number);
            start.elapsed().as_secs_f64() * 1e6
        });
        percentiles(times.collect())
    };
    let through_the_node = |number: usize| runtime.block_on(deposit(&node, &ids[number]));
    let by_hand = |number: usize| {
        let committed = twin.deposit(&Deposit::new(&account(number), 1));
        committed.map(drop).expect("a commit");
    };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            first.push(time(&through_the_node));
            second.push(time(&by_hand));
        } else {
            second.push(time(&by_hand));
            first.push(time(&through_the_node));
        }
    }
    runtime.block_on(node.shutdown());
    drop(twin);
    let commits = (ROUNDS * LONE) as u64;
    ours.check(commits);
    theirs.check(commits);
    let row = |name: &str, pick: fn(&(f64, f64)) -> f64| {
        let (ours, theirs): (Vec<f64>, Vec<f64>) =
            (first.iter().map(pick).collect(), second.iter().map(pick).collect());
        Row::open(
            &format!("a lone caller, synchronous=FULL, {name}"),
            "µs",
            Pair::of(&ours, &theirs),
            "against one per commit",
        )
    };
    vec![row("p50", |times| times.0), row("p99", |times| times.1)]
}

/// What the disk gives: the time to append 4 KiB to a file and sync it, in microseconds.
pub fn sync_time(place: &Path) -> Spread {
    use std::io::Write as _;
    let mut file = tempfile::tempfile_in(place).expect("a file");
    let times = (0..200).map(|_| {
        let start = Instant::now();
        file.write_all(&[7; 4096]).and_then(|()| file.sync_data()).expect("a synced page");
        start.elapsed().as_secs_f64() * 1e6
    });
    Spread::of(times.collect())
}
