//! `kill -9` of every process of a freight desk in two parts, under load: of the desk of tenders (which commits and
//! publishes), of the desk of shipments (which consumes, and publishes too), and of the broker between them.
//!
//! What is held to when everything is quiet (F6, F7, F36, F40, A80, A117, A120, P04, P08, P09): every answered acceptance
//! has one shipment, and no shipment is without one; everything that is owed is published, the first time in the order
//! of its entity; what is published again is bounded by the relays' windows; every effect is performed, under one key.
//!
//! A kill takes a process and not the machine. The run prints its seed, and `COHESIVE_SEED` repeats its choices: which
//! requests, whom to kill and after how many answers. `COHESIVE_KILLS` says how many kills there are. How processes
//! interleave is the machine's choice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]
#![allow(clippy::disallowed_methods, reason = "how long a wait lasts at the most is told by a clock")]

#[path = "crash/client.rs"]
mod client;
#[path = "chaos/desk.rs"]
mod desk;
#[path = "../examples/freight/domain.rs"]
#[allow(dead_code, reason = "only the states are read")]
mod domain;
#[path = "chaos/judge.rs"]
mod judge;
#[path = "chaos/load.rs"]
mod load;
#[path = "crash/random.rs"]
mod random;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use cohesive_servers::Nats;
use desk::{Desk, Place};
use judge::{File, Found};
use load::{Answers, Board};
use random::Random;

/// How often something is killed, where `COHESIVE_KILLS` does not say.
const KILLS: usize = 40;
/// How many callers offer tenders, and how many deliver.
const CALLERS: (usize, usize) = (6, 2);
/// How many messages a relay has under way at the most: that of `--harsh`.
const WINDOW: usize = 32;

/// How often a process is stopped, where `COHESIVE_STOPS` does not say.
const STOPS: usize = 8;
/// How long a lane stays with a relay that says nothing: that of `--harsh`.
const LEASE: Duration = Duration::from_millis(600);

#[derive(Debug, Default)]
struct Kills {
    tenders: usize,
    shipments: usize,
    broker: usize,
}

/// A desk in two parts, and the broker between them.
struct Scene {
    _folder: tempfile::TempDir,
    nats: Nats,
    tenders: Place,
    shipments: Place,
}

impl Scene {
    fn new() -> Self {
        let (folder, nats) = (tempfile::tempdir().unwrap(), Nats::start());
        let place = |name: &'static str| Place {
            name,
            database: folder.path().join(format!("{name}.db")),
            broker: nats.url(),
            address: free_address(),
            printed: Arc::default(),
        };
        let (tenders, shipments) = (place("tenders"), place("shipments"));
        Self { _folder: folder, nats, tenders, shipments }
    }

    /// Has callers at work while `act` does what it does, until everything that they began is answered.
    fn under_load(&self, random: &mut Random, act: impl FnOnce(&Board, &mut Random)) -> Answers {
        let board = Board::default();
        std::thread::scope(|scope| {
            let board = &board;
            for caller in 0..CALLERS.0 {
                let random = Random::new(random.next());
                scope.spawn(move || load::tender(board, &self.tenders.address, caller, random));
            }
            for _ in 0..CALLERS.1 {
                scope.spawn(|| load::carry(board, &self.shipments.address));
            }
            act(board, random);
            board.end();
        });
        board.answers()
    }

    /// Waits until everything is quiet, ends the desks in good order, and holds them to the answers.
    fn judge(&self, desks: Vec<Desk>, answers: &Answers) -> Found {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let files = [&self.tenders, &self.shipments].map(|place| File::open(&place.database));
            judge::quiet(&files[0], &files[1]).await;
            for mut desk in desks {
                desk.stop();
            }
            let printed = self.tenders.printed.lock().unwrap().clone();
            judge::judge([&files[0], &files[1]], &self.nats.url(), answers, &printed).await
        })
    }
}

/// F7: a process that stands still for half a lease to three of them, while another on the same file works on. What it
/// did not finish in time is finished by the other; what it says afterwards changes nothing, and is counted.
#[test]
fn sigstop_of_a_relay_past_its_lease() {
    let seed = random::seed();
    println!("COHESIVE_SEED={seed}");
    let stops = std::env::var("COHESIVE_STOPS").map_or(STOPS, |text| text.parse().expect("a whole number"));
    let (mut random, scene) = (Random::new(seed), Scene::new());
    let other = Place { address: free_address(), ..scene.tenders.clone() };
    let desks = [Desk::start(&scene.tenders), Desk::start(&other), Desk::start(&scene.shipments)];
    let answers = scene.under_load(&mut random, |board, random| {
        for _ in 0..stops {
            // So many that the process has something under way when it is stopped.
            board.allow(80 + random.below(80));
            board.wait(20 + random.index(60), 0);
            desks[1].signal("STOP");
            // The fault, and nothing that is waited for.
            std::thread::sleep(LEASE / 2 * (1 + u32::try_from(random.below(6)).unwrap()));
            desks[1].signal("CONT");
        }
    });
    let found = scene.judge(desks.into(), &answers);
    let printed = scene.tenders.printed.lock().unwrap();
    let count = |word: &str| -> usize {
        let stopped = printed.iter().filter(|line| line.starts_with("stopped: "));
        let parts = stopped.flat_map(|line| line["stopped: ".len()..].split(", "));
        let number = |part: &str| part.strip_suffix(word)?.trim().parse::<usize>().ok();
        parts.filter_map(number).sum()
    };
    let (fenced, lost) = (count("settlements fenced"), count("lanes lost"));
    println!(
        "stops {stops}, lanes lost {lost}, settlements fenced {fenced}, requests answered {} (told to come later {}), \
         {found:?}, seed {seed}",
        answers.given.len(),
        answers.later
    );
    assert!(found.repeated <= WINDOW * stops, "too much was published again, seed {seed}");
    // Whether something was under way at a stop is luck; that it is fenced then is the relay's own test.
    assert!(lost > 0, "no stop ever outlasted a lease, seed {seed}");
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn kill_9_of_producer_consumer_and_broker() {
    let seed = random::seed();
    println!("COHESIVE_SEED={seed}");
    let kills = std::env::var("COHESIVE_KILLS").map_or(KILLS, |text| text.parse().expect("a whole number"));
    let (mut random, mut counts, scene) = (Random::new(seed), Kills::default(), Scene::new());
    let mut tenders = Desk::start(&scene.tenders);
    let mut shipments = Desk::start(&scene.shipments);
    let answers = scene.under_load(&mut random, |board, random| {
        for _ in 0..kills {
            board.allow(5 + random.below(25));
            // In half of the cases not before something went all the way.
            board.wait(1 + random.index(15), random.index(2));
            (0..random.below(20_000)).for_each(|_| std::hint::spin_loop());
            match random.below(10) {
                0..5 => {
                    tenders.kill();
                    tenders = Desk::start(&scene.tenders);
                    counts.tenders += 1;
                }
                5..9 => {
                    shipments.kill();
                    shipments = Desk::start(&scene.shipments);
                    counts.shipments += 1;
                }
                _ => {
                    scene.nats.kill();
                    scene.nats.run_again();
                    counts.broker += 1;
                }
            }
        }
    });
    let found = scene.judge(vec![tenders, shipments], &answers);
    println!(
        "kills {kills} ({counts:?}), requests answered {} (sent again {}, told to come later {}), {found:?}, seed {seed}",
        answers.given.len(),
        answers.repeats,
        answers.later
    );
    assert_eq!(counts.tenders + counts.shipments + counts.broker, kills);
    // F6: what was under way when a relay or the broker died, of both relays where it was the broker.
    let windows = counts.tenders + counts.shipments + 2 * counts.broker;
    assert!(found.repeated <= WINDOW * windows, "too much was published again, seed {seed}");
    assert!(found.performed_again <= WINDOW * counts.tenders, "too much was performed again, seed {seed}");
    // A run in which nothing was ever cut off proves nothing.
    assert!(answers.repeats > 0 && found.delivered > 0, "seed {seed}");
}
