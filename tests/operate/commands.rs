//! A124: what operators type about messages that are owed, on both stores, to the letter.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use cohesive::node::{Node, NodeOptions, Request};
use cohesive::operate::{Exit, Operations};
use cohesive::port::Ports;
use cohesive::store::Substrate;
use cohesive::store::memory::MemoryStore;
use cohesive::store::outbox::{Acquire, Claim, Settle, Settled, Settlement, Stream};
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use serde_json::{Value as Json, json};

use crate::parcel::{PackParcel, SendParcel, WeighParcel, id, system};
use crate::support::StoppedClock;

const BEGIN: &str = "2026-03-01T12:00:00Z";

/// A desk with a store, a clock that stands still, and a node.
pub struct Desk {
    pub store: Arc<dyn Substrate>,
    pub clock: Arc<StoppedClock>,
    pub node: Node,
    _directory: tempfile::TempDir,
}

/// What a subcommand said, and how it ended.
pub struct Said {
    pub out: String,
    pub err: String,
    pub exit: Exit,
}

impl Said {
    #[track_caller]
    pub fn json(&self) -> Json {
        assert_eq!(self.out.lines().count(), 1, "{}", self.out);
        serde_json::from_str(&self.out).unwrap()
    }
}

/// A desk on each store.
pub fn desks() -> [Desk; 2] {
    ["memory", "SQLite"].map(|kind| {
        let (directory, clock) = (tempfile::tempdir().unwrap(), StoppedClock::at(BEGIN));
        let store: Arc<dyn Substrate> = if kind == "memory" {
            Arc::new(MemoryStore::new().on_clock(clock.clone()))
        } else {
            let options = SqliteOptions { clock: clock.clone(), ..SqliteOptions::default() };
            let path = directory.path().join("post.db");
            Arc::new(SqliteStore::open(path, &system().structures(), options).unwrap())
        };
        let ports = Ports { clock: clock.clone(), ..Ports::system() };
        let node = Node::start(system(), store.clone(), ports, NodeOptions::default());
        Desk { store, clock, node, _directory: directory }
    })
}

impl Desk {
    pub fn operations(&self) -> Operations {
        Operations::new(&system(), self.store.clone()).on_clock(self.clock.clone())
    }

    pub async fn run(&self, words: &str) -> Said {
        run(&self.operations(), words).await
    }

    /// Packs, weighs twice and sends: three events and a request.
    async fn work(&self, name: &str) {
        let packed = PackParcel { id: id(name), weight: 1 };
        assert!(self.node.create(packed, Request::default()).await.unwrap().committed().is_some());
        for weight in [2, 3] {
            let expected = Some(cohesive::Version::new(u64::from(weight) - 2));
            let request = Request { expected, ..Request::default() };
            let weighed = self.node.update(&id(name), WeighParcel { weight }, request).await.unwrap();
            assert!(weighed.committed().is_some());
        }
        let sent = self.node.update(&id(name), SendParcel {}, Request::default()).await.unwrap();
        assert!(sent.committed().is_some());
    }

    /// Has the first pending message of every entity tried once, and answered with `settle`.
    async fn settle(&self, stream: Stream, settle: Settle) {
        let (owner, lease) = ("test".to_owned(), Duration::from_mins(1));
        let request = Acquire { owner: owner.clone(), stream, held: Vec::new(), lease };
        let leases = self.store.acquire(request).await.unwrap().held;
        let claim = Claim { leases: leases.clone(), per_lane: 100, busy: false };
        let mut seen = std::collections::HashSet::new();
        let claimed = self.store.claim(claim).await.unwrap();
        let settlements: Vec<_> = claimed
            .into_iter()
            .map(|pending| {
                let first = seen.insert(pending.message.entity_id);
                let outcome = if first { settle.clone() } else { Settle::Returned };
                Settlement { position: pending.position, lease: pending.lease, outcome }
            })
            .collect();
        let settled = self.store.settle(settlements).await.unwrap();
        assert!(settled.iter().all(|settled| *settled == Settled::Done));
        self.store.release(owner, leases, true).await.unwrap();
    }

    async fn park(&self, stream: Stream, error: &str) {
        self.settle(stream, Settle::Parked { error: error.to_owned() }).await;
    }

    async fn parked(&self, stream: Stream) -> Vec<u64> {
        let parked = self.store.parked_messages(stream, 1000).await.unwrap();
        parked.into_iter().map(|message| message.position).collect()
    }
}

pub async fn run(operations: &Operations, words: &str) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = operations.run(words.split_whitespace(), &mut out, &mut err).await;
    Said { out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap(), exit }
}

#[tokio::test]
async fn what_is_parked_is_listed_shown_and_tried_again() {
    for desk in desks() {
        let nothing = desk.run("outbox list").await;
        assert_eq!((&*nothing.out, &*nothing.err, nothing.exit), ("nothing is parked\n", "", Exit::Done));
        assert_eq!(desk.run("outbox list --json").await.json(), json!({ "items": [], "more": false }));
        desk.work("P-1").await;
        desk.work("\u{202e}P-2").await;
        desk.park(Stream::Events, "no answer\u{1b}[2J\nwithin 10s").await;
        desk.clock.move_to("2026-03-01T15:30:00Z");
        let listed = desk.run("outbox list").await;
        let expected = "\
number  entity              version  event          tried  parked at                       error
     1  Parcel P-1          1.0      ParcelWeighed      1  2026-03-01T12:00:00Z (3 h ago)  no answer\\u{1b}[2J\\nwithin 10s
     5  Parcel \\u{202e}P-2  1.0      ParcelWeighed      1  2026-03-01T12:00:00Z (3 h ago)  no answer\\u{1b}[2J\\nwithin 10s
";
        assert_eq!((&*listed.out, listed.exit), (expected, Exit::Done));
        let one = desk.run("outbox list --limit 1").await;
        assert!(one.out.ends_with("there are more than these 1; `--limit` shows more\n"), "{}", one.out);
        let one = desk.run("outbox list --limit=1 --json").await.json();
        let item = json!({
            "number": 1, "id": one["items"][0]["id"], "entity": "Parcel", "entity_id": "P-1", "version": 1,
            "ordinal": 0, "name": "ParcelWeighed", "attempts": 1, "parked_at": "2026-03-01T12:00:00Z",
            "error": "no answer\u{1b}[2J\nwithin 10s",
        });
        assert_eq!(one, json!({ "items": [item], "more": true }));

        let shown = desk.run("outbox show 1").await;
        assert!(shown.out.contains("payload    {\"parcel_id\":\"P-1\",\"weight\":2}\n"), "{}", shown.out);
        assert!(shown.out.contains("behind it  2 events wait behind it, first ParcelWeighed (version 2)\n"));
        let shown = desk.run("outbox show 1 --json").await.json();
        assert_eq!((&shown["payload"]["weight"], &shown["followers"]), (&json!(2), &json!(2)));

        let retried = desk.run("outbox retry 1 99 1").await;
        let told = "1: ParcelWeighed of Parcel P-1 (version 1) is tried again; \
                    2 events wait behind it, first ParcelWeighed (version 2)\n";
        assert_eq!((&*retried.out, retried.exit), (told, Exit::Nothing));
        assert_eq!(retried.err, "error: 99: no event is parked by this number\n");
        assert_eq!(desk.parked(Stream::Events).await, [5]);
        desk.settle(Stream::Events, Settle::Published).await;
        // It has its attempts back: the one that published it was the first again.
        let again = desk.run("outbox retry --all --json").await.json();
        assert_eq!(
            (&again["items"][0]["number"], &again["missing"], &again["failed"]),
            (&json!(5), &json!([]), &json!([]))
        );
        assert_eq!(again["items"][0]["next"], json!({ "version": 2, "ordinal": 0, "name": "ParcelWeighed" }));
        assert!(desk.parked(Stream::Events).await.is_empty());
        assert_eq!(desk.run("outbox retry --all").await.out, "nothing is parked\n");
    }
}

#[tokio::test]
async fn what_is_given_up_is_confirmed_and_lets_others_follow() {
    for desk in desks() {
        desk.work("P-1").await;
        desk.work("P-2").await;
        desk.park(Stream::Events, "no").await;
        for words in ["outbox drop --all", "outbox drop", "outbox republish --since 2026-01-01T00:00:00Z"] {
            let refused = desk.run(words).await;
            assert_eq!((&*refused.out, refused.exit), ("", Exit::Usage), "{words}");
        }
        let refused = desk.run("outbox drop --all").await;
        assert!(refused.err.contains("dropped events are never published; add `--yes`"), "{}", refused.err);
        assert_eq!(desk.parked(Stream::Events).await, [1, 5], "nothing was done");
        let dropped = desk.run("outbox drop 1").await;
        let told = "1: ParcelWeighed of Parcel P-1 (version 1) is given up; \
                    2 events wait behind it, first ParcelWeighed (version 2)\n";
        assert_eq!((&*dropped.out, dropped.exit), (told, Exit::Done));
        assert_eq!(desk.run("outbox drop 1").await.exit, Exit::Nothing);
        desk.park(Stream::Events, "no").await;
        assert_eq!(desk.parked(Stream::Events).await, [2, 5], "the next one of P-1 came and is parked");
        let all = desk.run("outbox drop --all --yes --json").await.json();
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        desk.park(Stream::Events, "no").await;
        let last = desk.run("outbox drop 3").await;
        assert!(last.out.ends_with("is given up; nothing waits behind it\n"), "{}", last.out);
    }
}

/// The two streams are two lists, and a number of one is nothing in the other.
#[tokio::test]
async fn effects_are_a_list_of_their_own() {
    for desk in desks() {
        desk.work("P-1").await;
        desk.park(Stream::Events, "no broker").await;
        assert_eq!(desk.run("effects list").await.out, "nothing is parked\n");
        desk.park(Stream::Requests, "no printer").await;
        let listed = desk.run("effects list").await;
        assert!(listed.out.contains("PrintLabel") && listed.out.contains("no printer"), "{}", listed.out);
        assert!(!listed.out.contains("ParcelWeighed"), "{}", listed.out);
        let wrong = desk.run("effects drop 1").await;
        assert_eq!(
            (&*wrong.err, wrong.exit),
            ("error: 1: no request is parked by this number\n", Exit::Nothing)
        );
        assert_eq!(desk.parked(Stream::Events).await, [1]);
        let shown = desk.run("effects show 4").await;
        assert!(shown.out.contains("request    PrintLabel\n"), "{}", shown.out);
        let retried = desk.run("effects retry 4").await;
        let told = "4: PrintLabel of Parcel P-1 (version 3) is tried again; nothing waits behind it\n";
        assert_eq!((&*retried.out, retried.exit), (told, Exit::Done));
        desk.park(Stream::Requests, "still none").await;
        assert_eq!(desk.run("effects drop --all --yes").await.exit, Exit::Done);
        assert!(desk.parked(Stream::Requests).await.is_empty());
        assert_eq!(desk.parked(Stream::Events).await, [1]);
    }
}

#[tokio::test]
async fn what_was_published_goes_out_again_or_goes_away() {
    for desk in desks() {
        desk.work("P-1").await;
        let status = desk.run("outbox status --json").await.json();
        let expected =
            json!({ "pending": 3, "oldest_seconds": 0.0, "waiting": 0, "parked": 0, "claimed": 0 });
        assert_eq!(status, expected);
        desk.clock.move_to("2026-03-01T12:01:30Z");
        assert_eq!(
            desk.run("outbox status").await.out,
            "3 events pending, the first for 90 s; 0 of them claimed\n\
             0 entities wait for another attempt, 0 entities wait for an operator\n"
        );
        desk.settle(Stream::Events, Settle::Published).await;
        desk.settle(Stream::Requests, Settle::Published).await;
        let later = desk.run("outbox republish --yes --since 2026-03-01T12:01:31Z --json").await;
        assert_eq!((later.json(), later.exit), (json!({ "republished": 0 }), Exit::Done));
        let again = desk.run("outbox republish --yes --since 2026-03-01T13:01:30+01:00").await;
        assert_eq!((&*again.out, again.exit), ("1 event is published again\n", Exit::Done));
        desk.settle(Stream::Events, Settle::Published).await;
        desk.clock.move_to("2026-03-01T13:01:29Z");
        assert_eq!(desk.run("outbox prune --older-than 1h").await.out, "0 events are removed\n");
        desk.clock.move_to("2026-03-01T13:01:30Z");
        let pruned = desk.run("outbox prune --older-than 60m --json").await;
        assert_eq!((pruned.json(), pruned.exit), (json!({ "removed": 1 }), Exit::Done));
    }
}

/// More than one page, and each is touched once although it is parked again at once.
#[tokio::test]
async fn all_means_all() {
    for desk in desks() {
        for number in 0..300 {
            desk.work(&format!("P-{number}")).await;
        }
        desk.park(Stream::Events, "no").await;
        let parked = desk.parked(Stream::Events).await;
        assert_eq!(parked.len(), 300);
        let last = parked.last().unwrap();
        assert_eq!(desk.run(&format!("outbox show {last}")).await.exit, Exit::Done, "beyond the first page");
        let retried = desk.run("outbox retry --all --json").await.json();
        assert_eq!(
            (retried["items"].as_array().unwrap().len(), desk.parked(Stream::Events).await.len()),
            (300, 0)
        );
    }
}

#[tokio::test]
async fn what_makes_no_sense_does_nothing_and_says_what_would() {
    let [desk, _] = desks();
    desk.work("P-1").await;
    desk.park(Stream::Events, "no").await;
    for (words, what) in [
        ("outbux list", "error: there is no subcommand `outbux`\nhelp: a similar name exists: `outbox`"),
        ("outbox lst", "error: `outbox` has no action `lst`\nhelp: a similar name exists: `list`"),
        ("outbox frobnicate", "error: `outbox` has no action `frobnicate`\n\n"),
        ("inbox retry", "error: `inbox` has no action `retry`"),
        (
            "outbox list --jason",
            "error: `outbox list` has no option `--jason`\nhelp: a similar name exists: `json`",
        ),
        ("outbox list --yes", "error: `outbox list` has no option `--yes`\n\nusage: "),
        ("outbox list -j", "error: there is no option `-j`"),
        ("outbox list 7", "error: unexpected argument `7`"),
        ("outbox list --json=1", "error: unexpected argument"),
        ("outbox list --limit", "error: missing argument"),
        ("outbox list --limit 0", "error: `0` is no number from 1 to 100000"),
        ("outbox list --limit many", "error: `many` is no number"),
        ("outbox --json list", "error: invalid option '--json'"),
        ("outbox retry one", "error: `one` is no number"),
        ("outbox retry -1", "error: there is no option `-1`"),
        ("outbox retry 1 --all", "error: numbers and `--all` exclude each other"),
        ("outbox retry", "error: a number is needed, or `--all`"),
        ("outbox retry 1 --yes", "error: `outbox retry` has no option `--yes`"),
        ("outbox show", "error: exactly one number is needed"),
        ("outbox show 1 2", "error: exactly one number is needed"),
        ("outbox republish --yes", "error: `--since` is needed"),
        ("outbox republish --since yesterday --yes", "error: `yesterday` is no instant"),
        ("outbox prune", "error: `--older-than` is needed"),
        ("outbox prune --older-than 7", "error: `7` is no span"),
        ("outbox prune --older-than 7ä", "error: `7ä` is no span"),
        ("outbox prune --older-than 99999999999999999999d", "error: "),
        (
            "effects republish --since 2026-01-01T00:00:00Z --yes",
            "error: `effects` has no action `republish`",
        ),
    ] {
        let said = desk.run(words).await;
        assert_eq!((&*said.out, said.exit), ("", Exit::Usage), "{words}: {}", said.err);
        assert!(said.err.starts_with(what), "{words}: {}", said.err);
        assert!(said.err.contains("usage: ") || said.err.contains("exit codes:"), "{words}: {}", said.err);
    }
    assert_eq!(desk.parked(Stream::Events).await, [1]);
}

#[tokio::test]
async fn everything_explains_itself() {
    let [desk, _] = desks();
    let overview = desk.run("--help").await;
    assert_eq!((&*overview.err, overview.exit), ("", Exit::Done));
    let actions: Vec<&str> = overview.out.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let actions: Vec<String> = actions
        .iter()
        .filter(|line| !line.starts_with(|letter: char| letter.is_ascii_digit()))
        .map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(actions.len(), 19, "{actions:?}");
    for action in &actions {
        let help = desk.run(&format!("{action} --help")).await;
        assert_eq!(help.exit, Exit::Done, "{action}");
        assert!(help.out.starts_with(&format!("{action}: ")), "{}", help.out);
        assert!(
            help.out.contains(&format!("usage: {action}")) && help.out.contains("--json"),
            "{}",
            help.out
        );
        assert!(help.out.contains("  3 nothing is there by one of the numbers\n"), "{}", help.out);
        let area = action.split(' ').next().unwrap();
        assert!(Operations::has(area));
        assert!(desk.run(area).await.out.contains(action.as_str()));
    }
    assert!(!Operations::has("serve") && !Operations::has("--help"));
    let drop = desk.run("outbox drop -h").await.out;
    assert!(drop.contains("usage: outbox drop (NUMBER… | --all --yes) [--json]\n"), "{drop}");
    assert!(drop.contains("This cannot be undone: dropped events are never published.\n"), "{drop}");
    let again = desk.run("outbox republish --help").await.out;
    assert!(again.contains("usage: outbox republish --since INSTANT --yes [--json]\n"), "{again}");
    let listing = desk.run("outbox list --help").await.out;
    assert!(listing.contains("usage: outbox list [--limit NUMBER] [--json]\n"), "{listing}");
}

/// The manual says the numbers that processes end with.
#[test]
fn exit_codes_are_documented() {
    let manual = include_str!("../../docs/manual/operate.md");
    for exit in Exit::ALL {
        let row = format!("| {} | `{exit:?}` | ", exit.code());
        assert!(manual.contains(&row), "{row}");
    }
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn failures_of_infrastructure_are_told_apart() {
    for desk in desks() {
        let unheard = desk.operations().run(["outbox", "list"], &mut Full, &mut Vec::new()).await;
        assert_eq!(unheard, Exit::Failed);
        desk.node.shutdown().await;
        for words in ["outbox list", "outbox status --json", "outbox retry 1", "parked list", "inbox prune"] {
            let said = desk.run(words).await;
            assert_eq!(said.exit, Exit::Failed, "{words}");
            assert!(said.err.starts_with("error: ") && said.err.ends_with('\n'), "{}", said.err);
        }
    }
}
