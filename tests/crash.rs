//! `kill -9` of the running freight desk under load, fifty times, on one database file.
//!
//! What is held to (P04, F23, B45, CW1, CW17): no answered commit is lost, state and outbox never part, and a request
//! whose answer was lost has exactly one effect when it is repeated with its key.
//!
//! A kill takes the process and not the machine: what the kernel had taken in survives it, so this proves nothing
//! about a power cut. That a commit is synced before it is answered is the store's own test.
//!
//! The run prints its seed, and `COHESIVE_SEED` repeats its choices: which requests, when to kill, what to compare. How
//! threads interleave is the machine's choice.
#![cfg(all(feature = "sqlite", feature = "http"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

#[path = "crash/check.rs"]
mod check;
#[path = "crash/client.rs"]
mod client;
#[path = "crash/desk.rs"]
mod desk;
#[path = "../examples/freight/domain.rs"]
#[allow(dead_code, reason = "only the structures are needed")]
mod domain;
#[path = "crash/load.rs"]
mod load;
#[path = "crash/random.rs"]
mod random;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use client::{Client, Reply};
use desk::Desk;
use load::{Call, Records};
use random::Random;

/// How often the desk is killed.
const KILLS: usize = 50;
/// How many callers there are at once.
const CALLERS: usize = 8;
/// How many answers a round has at most before the kill.
const ANSWERS: u64 = 60;
/// How many answered requests are repeated after each kill, besides those without an answer.
const SAMPLE: usize = 12;

/// What happened, for the summary.
#[derive(Default)]
struct Counts {
    kills: usize,
    requests: usize,
    answered: usize,
    lost: usize,
    /// Requests without an answer whose effect was there all the same.
    committed: usize,
    compared: usize,
    by_status: BTreeMap<u16, usize>,
}

#[test]
fn kill_9_under_load_fifty_times() {
    let seed = random::seed();
    println!("COHESIVE_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("freight.db");
    let (mut random, mut records, mut counts) = (Random::new(seed), Records::default(), Counts::default());

    let mut desk = Desk::start(&database);
    for round in 0..KILLS {
        let fresh = one_round(&mut desk, round, &mut random, &mut counts);
        desk = Desk::start(&database);
        let mut client = desk.client();
        let first = records.len();
        records.extend(fresh);
        settle(&mut client, &mut records, &mut random, &mut counts);
        for tender in records.tenders(first) {
            check::tender(&mut client, &records, &tender);
        }
    }

    // Everything once more, after all kills: nothing may have been lost later.
    let mut client = desk.client();
    let listed = check::everything(&mut client, &records);
    for record in records.all() {
        let reply = record.reply.as_ref().expect("every request was answered by now");
        *counts.by_status.entry(reply.status).or_default() += 1;
    }
    drop(client);
    desk.kill();
    check::the_file_is_sound(&database);
    let Counts { kills, requests, answered, lost, committed, compared, by_status } = counts;
    println!(
        "kills {kills}, requests {requests}, answered {answered}, lost answers {lost} (of those committed {committed}), \
         replays compared {compared}, tenders {listed}, final statuses {by_status:?}, seed {seed}"
    );
    // A run in which nothing was ever cut off proves nothing.
    assert_eq!((kills, requests), (KILLS, answered + lost), "seed {seed}");
    assert!(
        lost >= KILLS,
        "the desk was hardly ever under load when it was killed: {lost} answers lost, seed {seed}"
    );
    assert!(committed > 0, "no kill ever came between a commit and its answer, seed {seed}");
}

/// Puts the desk under load and kills it after some answers. Gives every request with its answer, if it has one.
fn one_round(desk: &mut Desk, round: usize, random: &mut Random, counts: &mut Counts) -> Vec<load::Record> {
    let killed = AtomicBool::new(false);
    let (answers, left) = (random.below(ANSWERS) + 1, random.below(20_000));
    let seeds: Vec<u64> = (0..CALLERS).map(|_| random.next()).collect();
    let address = desk.address().to_owned();
    let fresh: Vec<load::Record> = std::thread::scope(|scope| {
        let (answered, arriving) = mpsc::channel();
        let callers: Vec<_> = seeds
            .into_iter()
            .enumerate()
            .map(|(caller, seed)| {
                let (answered, killed, address) = (answered.clone(), &killed, &address);
                scope.spawn(move || load::drive(address, round, caller, Random::new(seed), &answered, killed))
            })
            .collect();
        drop(answered);
        for _ in 0..answers {
            arriving.recv().expect("the desk went away before it was killed");
        }
        // Somewhere between two answers, not always right behind one.
        (0..left).for_each(|_| std::hint::spin_loop());
        killed.store(true, Ordering::SeqCst);
        desk.kill();
        callers.into_iter().flat_map(|caller| caller.join().unwrap()).collect()
    });
    counts.kills += 1;
    counts.requests += fresh.len();
    counts.answered += fresh.iter().filter(|record| record.reply.is_some()).count();
    counts.lost += fresh.iter().filter(|record| record.reply.is_none()).count();
    fresh
}

/// Repeats every request without an answer, and some of those with one (B45).
fn settle(client: &mut Client, records: &mut Records, random: &mut Random, counts: &mut Counts) {
    for index in records.unanswered() {
        counts.committed += usize::from(check::has_happened(client, &records.get(index).call));
        let reply = repeat(client, &records.get(index).call);
        records.answer(index, reply);
    }
    for _ in 0..SAMPLE {
        let index = random.index(records.len());
        let record = records.get(index);
        let again = repeat(client, &record.call);
        let first = record.reply.as_ref().expect("it was answered above");
        assert!(
            again.status == first.status && again.body == first.body,
            "a repeat of {:?} was answered differently:\nfirst {first}\nagain {again}",
            record.call
        );
        counts.compared += 1;
    }
}

fn repeat(client: &mut Client, call: &Call) -> Reply {
    let reply = client.post(call).expect("the desk answers after a restart");
    assert!(reply.status < 500, "{call:?} was answered with {reply}");
    reply
}
