//! Everything at once: relays that start, stop, stand still and die, a store and a broker that fail, clocks that are
//! set. `COHESIVE_SEED=7 COHESIVE_RUNS=10000` runs as many as one likes, from one seed on.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cohesive_bindings::relay::{RelayOptions, Wake};
use cohesive_bindings::store::memory::{Cut, Cuts, MemoryStore, Step};

use super::harness::{
    Act, Broker, Gate, Gated, HeldClock, Member, histories, options, put, seed, start_with, until,
};

/// Numbers that follow from a seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Fails one call of a relay in twenty, before or after it took effect.
struct Flaky(Mutex<Random>, AtomicBool);

impl Cuts for Flaky {
    fn reach(&self, _: Step) -> Cut {
        let fails = self.1.load(Ordering::SeqCst) && self.0.lock().unwrap().below(20) == 0;
        if fails { Cut::Fail } else { Cut::Go }
    }
}

struct Swarm {
    random: Random,
    flaky: Arc<Flaky>,
    store: MemoryStore,
    clock: Arc<HeldClock>,
    broker: Arc<Broker>,
    wake: Wake,
    /// Relays, and whether they stand still.
    members: Vec<(Member, bool)>,
    /// What may have left messages in flight without an answer.
    faults: usize,
}

impl Swarm {
    fn new(seed: u64) -> Self {
        let clock = HeldClock::new();
        let flaky = Arc::new(Flaky(Mutex::new(Random(!seed)), AtomicBool::new(true)));
        let store = MemoryStore::with_cuts(flaky.clone()).on_clock(clock.clone());
        let (broker, wake) = (Arc::default(), Wake::default());
        Self { random: Random(seed), flaky, store, clock, broker, wake, members: Vec::new(), faults: 0 }
    }

    fn start(&mut self) {
        let options =
            RelayOptions { window: 32, attempts: 1000, seed: self.random.below(u64::MAX), ..options() };
        let (gate, salt) = (Gate::open(), self.random.below(1000));
        let gated = Arc::new(Gated(Arc::new(self.store.clone()), gate.clone()));
        let member = start_with(gated, &self.broker, options, &self.wake, gate, move |message, start| {
            let mut random =
                Random(message.id.bytes().fold(salt, |seed, byte| seed * 31 % 65_521 + u64::from(byte)));
            match random.below(if start < 4 { 12 } else { 8 }) {
                8 | 9 => Act::Fail,
                10 => Act::Hang,
                11 => Act::Panic,
                millis => Act::Slow(millis * 7),
            }
        });
        self.members.push((member, false));
    }

    async fn step(&mut self) {
        let one = usize::try_from(self.random.below(self.members.len().max(1) as u64)).unwrap();
        match self.random.below(8) {
            0 | 1 if self.members.len() < 4 => self.start(),
            2 if !self.members.is_empty() => {
                self.members.swap_remove(one).0.process.kill();
                self.faults += 1;
            }
            3 | 4 if !self.members.is_empty() => {
                let (member, still) = &mut self.members[one];
                *still = !*still;
                member.gate.set(!*still);
                self.faults += 1;
            }
            5 => {
                self.clock.jump([-3600, -3, 2, 3600][usize::try_from(self.random.below(4)).unwrap()]);
                self.faults += self.members.len();
            }
            6 if self.members.get(one).is_some_and(|(_, still)| !still) => {
                let (member, _) = self.members.swap_remove(one);
                member.relay.stop().await;
            }
            _ => self.wake.ring(),
        }
        tokio::time::sleep(Duration::from_millis(self.random.below(2500))).await;
    }

    /// Runs to the end, and answers how many faults there were and how many messages came twice.
    async fn run(mut self) -> (usize, usize) {
        let sure = self.store.recover();
        let messages = histories(25, 12);
        for chunk in messages.chunks(6) {
            put(&sure, chunk).await;
            self.step().await;
        }
        self.flaky.1.store(false, Ordering::SeqCst);
        for (member, _) in &self.members {
            member.gate.set(true);
        }
        self.start();
        until("published", &sure, |stats| stats.pending == 0).await;
        // What stood still may still have something to say.
        tokio::time::sleep(Duration::from_secs(10)).await;
        let repeats = self.broker.check(&messages);
        let failures: u64 =
            self.members.iter().map(|(member, _)| member.relay.metrics().store_failures).sum();
        self.faults += usize::try_from(failures).unwrap();
        for (member, _) in &self.members {
            member.process.kill();
        }
        (self.faults, repeats)
    }
}

// F6, F7, F9, F30, R25: whatever happens, nothing is lost and first arrivals are in order.
#[tokio::test(start_paused = true)]
async fn nothing_is_lost_whatever_happens() {
    let runs = std::env::var("COHESIVE_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(15);
    let first = seed();
    let (mut faults, mut repeats) = (0, 0);
    for seed in first..first + runs {
        println!("COHESIVE_SEED={seed} COHESIVE_RUNS=1");
        let (some, again) = Swarm::new(seed).run().await;
        faults += some;
        repeats += again;
    }
    println!("{runs} runs, {faults} faults, {} messages: 0 lost, {repeats} published twice", runs * 300);
}
