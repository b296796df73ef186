//! F40: real processes that are asked to end, at any moment, once or twice.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use cohesive::node::{Node, NodeOptions, Request};
use cohesive::operate::{Ending, Interrupted, Signals};
use cohesive::port::Ports;
use cohesive::relay::{Relay, RelayOptions};
use cohesive::store::outbox::{Acquire, Outbox as _, Stream};
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive::store::{Load, RowKey, Store as _};
use cohesive::value::Datum;
use cohesive::{kernel::Structure as _, node::System};

use crate::moody::Broker;
use crate::parcel::{PackParcel, Parcel, SendParcel, id, system};

const DATABASE: &str = "COHESIVE_TEST_DATABASE";
const STUCK: &str = "COHESIVE_TEST_STUCK";

fn open(path: &Path) -> Arc<SqliteStore> {
    let structures = System::structures(&system());
    Arc::new(SqliteStore::open(path, &structures, SqliteOptions::default()).unwrap())
}

/// What the other processes are: nothing, unless the test that starts them says which database is theirs.
#[test]
fn process() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ended = runtime.block_on(serve(&PathBuf::from(path)));
    let code = match ended {
        Ok(()) => 7,
        Err(Interrupted { during }) => {
            println!("interrupted during {during}");
            8
        }
    };
    std::process::exit(code);
}

/// Commits and publishes as fast as it can, and says the id of each parcel whose commit was answered.
async fn serve(path: &Path) -> Result<(), Interrupted> {
    let signals = Signals::listen().unwrap();
    let store = open(path);
    let node = Node::start(system(), store.clone(), Ports::system(), NodeOptions::default());
    let broker = Arc::new(Broker::default());
    let relay = Relay::start(store, broker, node.wake(), &Ports::system(), RelayOptions::default()).unwrap();
    let (worker, stop) = (node.clone(), signals.clone());
    let mut working = tokio::spawn(async move {
        let mut stop = std::pin::pin!(stop.first());
        for number in 0.. {
            let name = format!("P-{}-{number}", std::process::id());
            let work = async {
                let packed = PackParcel { id: id(&name), weight: 1 };
                let _ = worker.create(packed, Request::default()).await.unwrap();
                worker.update(&id(&name), SendParcel {}, Request::default()).await.unwrap()
            };
            tokio::select! {
                biased;
                () = &mut stop => return,
                sent = work => {
                    assert!(sent.committed().is_some());
                    println!("sent {name}");
                }
            }
        }
    });
    signals.first().await;
    if std::env::var_os(STUCK).is_some() {
        working.abort();
        println!("stuck");
        working = tokio::spawn(std::future::pending());
    }
    let ending = Ending::new()
        .then("work", async move { drop(working.await) })
        .then("relay", async move { relay.stop().await })
        .then("node", async move { node.shutdown().await });
    ending.run(signals.second()).await
}

fn start(database: &Path, stuck: bool) -> (Child, impl Iterator<Item = String> + use<>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "signals::process", "--nocapture"]).env(DATABASE, database);
    if stuck {
        command.env(STUCK, "1");
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    (child, lines)
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status().unwrap();
    assert!(sent.success());
}

#[cfg(unix)]
#[test]
fn f40_a_process_that_is_asked_to_end_loses_nothing_and_gives_its_lanes_back() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("post.db");
    let mut sent = Vec::new();
    // Each process is asked at another moment of its work.
    for (name, after) in [("TERM", 1), ("INT", 17), ("TERM", 40), ("TERM", 3)] {
        let (mut child, mut lines) = start(&database, false);
        let mut taken = 0;
        while taken < after {
            let line = lines.next().expect("it works until it is asked to end");
            if let Some(name) = line.strip_prefix("sent ") {
                sent.push(name.to_owned());
                taken += 1;
            }
        }
        signal(&child, name);
        sent.extend(lines.filter_map(|line| line.strip_prefix("sent ").map(str::to_owned)));
        assert_eq!(child.wait().unwrap().code(), Some(7), "it ends by itself");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = open(&database);
        let key = |name: &String| RowKey {
            structure: Parcel::STRUCTURE,
            id: Datum::Text(name.clone().into()),
            columns: vec![0],
        };
        let load = Load { rows: sent.iter().map(key).collect(), ..Load::default() };
        let rows = store.load(load).await.unwrap().rows;
        assert!(rows.len() == sent.len() && rows.iter().all(Option::is_some), "an answer was a lie");
        assert_eq!(store.outbox_stats(Stream::Events).await.unwrap().claimed, []);
        let (owner, lease) = ("next".to_owned(), Duration::from_secs(30));
        let request = Acquire { owner, stream: Stream::Events, held: Vec::new(), lease };
        let leases = store.acquire(request).await.unwrap();
        assert_eq!((leases.held.len(), leases.relays), (64, 1), "nothing has to be waited for");
        store.close().await;
    });
}

#[cfg(unix)]
#[test]
fn f40_a_second_signal_ends_a_process_that_cannot_end() {
    let directory = tempfile::tempdir().unwrap();
    let (mut child, mut lines) = start(&directory.path().join("post.db"), true);
    assert!(lines.any(|line| line.starts_with("sent ")));
    signal(&child, "TERM");
    assert!(lines.any(|line| line == "stuck"));
    signal(&child, "TERM");
    assert!(lines.any(|line| line == "interrupted during work"));
    assert_eq!(child.wait().unwrap().code(), Some(8));
}
