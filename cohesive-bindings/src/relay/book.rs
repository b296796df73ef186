//! What a relay knows, without doing anything: which lanes it has, what waits, what is in flight, what has to be
//! recorded. The loop asks it what to do next and tells it what happened.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use tokio::time::Instant;

use super::metrics::Counters;
use super::wake::Ended;
use crate::backoff::Backoff;
use crate::broker::{ErrorClass, PublishError};
use crate::store::outbox::{Lane, Lease, Leases, Pending, Settle, Settled, Settlement, share};

/// How many failing entities are counted.
const FAILING: usize = 1024;

/// Entity and id.
pub(super) type Subject = (String, String);

/// Claimed messages of one entity that wait for the one in flight.
struct Line {
    lease: Lease,
    waiting: VecDeque<Pending>,
}

pub(super) struct Book {
    budget: u32,
    backoff: Backoff,
    counters: Arc<Counters>,
    /// The lanes held, and their tokens.
    lanes: BTreeMap<Lane, u64>,
    /// The lanes that are to be given back once they are quiet.
    leaving: BTreeSet<Lane>,
    /// When the first of the leases is over.
    until: Instant,
    lines: HashMap<Subject, Line>,
    /// How many messages wait in all lines.
    waiting: usize,
    /// The attempts of what is in flight: at most one message of each entity (A117).
    flying: HashMap<Subject, (Lane, u32)>,
    /// The entities whose last attempt failed in a way that may pass, and nothing was acknowledged since.
    failing: HashMap<Subject, Lane>,
    ready: VecDeque<Subject>,
    settlements: Vec<Settlement>,
    /// Where the next claim begins when not every lane can be asked.
    turn: usize,
}

impl Book {
    pub(super) fn new(budget: u32, backoff: Backoff, counters: Arc<Counters>, now: Instant) -> Self {
        Self {
            budget,
            backoff,
            counters,
            lanes: BTreeMap::new(),
            leaving: BTreeSet::new(),
            until: now,
            lines: HashMap::new(),
            waiting: 0,
            flying: HashMap::new(),
            failing: HashMap::new(),
            ready: VecDeque::new(),
            settlements: Vec::new(),
            turn: 0,
        }
    }

    /// The leases held, by lane.
    pub(super) fn held(&self) -> Vec<Lease> {
        self.lanes.iter().map(|(lane, token)| Lease { lane: *lane, token: *token }).collect()
    }

    /// How many lanes are held and are not to be given back.
    pub(super) fn lanes(&self) -> usize {
        self.lanes.keys().filter(|lane| !self.leaving.contains(lane)).count()
    }

    /// How many messages are claimed and not settled.
    pub(super) fn load(&self) -> usize {
        self.waiting + self.flying.len() + self.settlements.len()
    }

    pub(super) fn in_flight(&self) -> usize {
        self.flying.len()
    }

    pub(super) fn failing(&self) -> usize {
        self.failing.len()
    }

    pub(super) fn unsettled(&self) -> usize {
        self.settlements.len()
    }

    /// Takes over what the store says about the lanes. `asked` is from when on the leases count.
    pub(super) fn leased(&mut self, leases: &Leases, asked: Instant) {
        let held: BTreeMap<Lane, u64> = leases.held.iter().map(|lease| (lease.lane, lease.token)).collect();
        for lease in self.held() {
            if held.get(&lease.lane) != Some(&lease.token) {
                self.lose(lease);
            }
        }
        self.counters.lanes_taken.add((held.len() - self.lanes.len()) as u64);
        self.lanes = held;
        self.until = asked + leases.left;
        let keep = share(leases.relays).min(self.lanes.len());
        self.leaving = self.lanes.keys().skip(keep).copied().collect();
    }

    /// Forgets every lease, to get the lanes anew. Only while nothing is claimed.
    pub(super) fn forget_leases(&mut self) {
        self.lanes.clear();
    }

    /// Forgets a lane that has another owner, and what waits in it: that is its new owner's to publish.
    fn lose(&mut self, lease: Lease) {
        if self.lanes.get(&lease.lane) != Some(&lease.token) {
            return;
        }
        self.lanes.remove(&lease.lane);
        self.counters.lanes_lost.add(1);
        let waiting = &mut self.waiting;
        self.lines.retain(|_, line| {
            let keep = line.lease != lease;
            if !keep {
                *waiting -= line.waiting.len();
            }
            keep
        });
    }

    /// Lanes beyond the relay's share in which nothing is under way; they are no longer held.
    pub(super) fn give_back(&mut self) -> Vec<Lease> {
        let busy = |lane: Lane| {
            self.flying.values().any(|(flying, _)| *flying == lane)
                || self.lines.values().any(|line| line.lease.lane == lane && !line.waiting.is_empty())
                || self.settlements.iter().any(|settlement| settlement.lease.lane == lane)
        };
        let quiet: Vec<Lane> = self.leaving.iter().copied().filter(|lane| !busy(*lane)).collect();
        let mut given = Vec::new();
        for lane in quiet {
            self.leaving.remove(&lane);
            given.extend(self.lanes.remove(&lane).map(|token| Lease { lane, token }));
        }
        // What goes on in another relay's lanes is not known here.
        self.failing.retain(|_, lane| self.lanes.contains_key(lane));
        given
    }

    /// From which lanes to claim, at most `most` of them, each in its turn.
    pub(super) fn claimable(&mut self, most: usize) -> Vec<Lease> {
        let mut leases: Vec<Lease> =
            self.held().into_iter().filter(|lease| !self.leaving.contains(&lease.lane)).collect();
        if leases.len() > most {
            self.turn = (self.turn + most) % leases.len();
            leases.rotate_left(self.turn);
            leases.truncate(most);
        }
        leases
    }

    /// Lines up what was claimed.
    pub(super) fn claimed(&mut self, claimed: Vec<Pending>) {
        self.counters.claimed.add(claimed.len() as u64);
        for pending in claimed {
            let subject = (pending.message.entity.clone(), pending.message.entity_id.clone());
            let lease = pending.lease;
            let line =
                self.lines.entry(subject.clone()).or_insert_with(|| Line { lease, waiting: VecDeque::new() });
            line.waiting.push_back(pending);
            self.waiting += 1;
            if line.waiting.len() == 1 {
                self.ready.push_back(subject);
            }
        }
    }

    /// The next message to publish, if there is one and its lease lasts until `end`. From then on it is in flight.
    pub(super) fn start(&mut self, end: Instant) -> Option<Pending> {
        while end <= self.until {
            let subject = self.ready.pop_front()?;
            if self.flying.contains_key(&subject) {
                continue;
            }
            let Some(line) = self.lines.get_mut(&subject) else { continue };
            let Some(pending) = line.waiting.pop_front() else {
                self.lines.remove(&subject);
                continue;
            };
            self.waiting -= 1;
            if pending.attempts > self.budget {
                let tried = pending.attempts - 1;
                let error = format!("{tried} attempts ended without an answer");
                self.settle(pending.position, pending.lease, Settle::Parked { error });
                self.return_line(&subject);
                continue;
            }
            self.counters.attempts.add(1);
            self.flying.insert(subject, (pending.lease.lane, pending.attempts));
            return Some(pending);
        }
        None
    }

    /// Draws the conclusion from how a publish ended.
    pub(super) fn ended(&mut self, ended: Ended) {
        let Ended { subject, position, lease, result } = ended;
        let attempts = self.flying.remove(&subject).map_or(0, |(_, attempts)| attempts);
        let outcome = match result {
            Ok(()) => {
                self.failing.clear();
                Settle::Published
            }
            Err(error) => self.failed(&error, attempts),
        };
        if matches!(outcome, Settle::Parked { .. }) {
            self.failing.remove(&subject);
        } else if outcome != Settle::Published && self.failing.len() < FAILING {
            self.failing.insert(subject.clone(), lease.lane);
        }
        let waits = outcome != Settle::Published;
        self.settle(position, lease, outcome);
        match self.lines.get(&subject) {
            Some(line) if line.lease == lease && waits => self.return_line(&subject),
            Some(line) if line.waiting.is_empty() => {
                self.lines.remove(&subject);
            }
            Some(_) => self.ready.push_back(subject),
            None => {}
        }
    }

    fn failed(&mut self, error: &PublishError, attempts: u32) -> Settle {
        let text = error.chain();
        match error.class {
            ErrorClass::Transient => self.counters.failed.add(1),
            ErrorClass::Permanent => self.counters.refused.add(1),
        }
        if error.class == ErrorClass::Permanent || attempts >= self.budget {
            return Settle::Parked { error: text };
        }
        Settle::Retry { after: self.backoff.wait_as_asked(attempts, error.retry_after), error: text }
    }

    /// Gives back what waits behind a message of the same entity.
    fn return_line(&mut self, subject: &Subject) {
        let Some(line) = self.lines.remove(subject) else { return };
        self.waiting -= line.waiting.len();
        for pending in line.waiting {
            self.settle(pending.position, pending.lease, Settle::Returned);
        }
    }

    /// Gives back everything that is not in flight.
    pub(super) fn return_all(&mut self) {
        let subjects: Vec<Subject> = self.lines.keys().cloned().collect();
        for subject in &subjects {
            self.return_line(subject);
        }
        self.ready.clear();
    }

    fn settle(&mut self, position: u64, lease: Lease, outcome: Settle) {
        self.settlements.push(Settlement { position, lease, outcome });
    }

    /// What has to be recorded. It is to be given to [`Book::settled`] or [`Book::unrecorded`].
    pub(super) fn settlements(&mut self) -> Vec<Settlement> {
        std::mem::take(&mut self.settlements)
    }

    /// Keeps what could not be recorded, to be tried again before anything that came later.
    pub(super) fn unrecorded(&mut self, mut batch: Vec<Settlement>) {
        batch.append(&mut self.settlements);
        self.settlements = batch;
    }

    /// Counts what was recorded, and lets go of lanes that turned out to be another relay's.
    pub(super) fn settled(&mut self, batch: &[Settlement], answers: &[Settled]) {
        for (settlement, answer) in batch.iter().zip(answers) {
            let counters = &self.counters;
            match (answer, &settlement.outcome) {
                (Settled::Fenced, _) => {
                    counters.fenced.add(1);
                    self.lose(settlement.lease);
                }
                (Settled::Done, Settle::Published) => counters.published.add(1),
                (Settled::Done, Settle::Retry { .. }) => counters.retried.add(1),
                (Settled::Done, Settle::Parked { .. }) => counters.parked.add(1),
                (Settled::Done, Settle::Returned) => counters.returned.add(1),
            }
        }
    }
}
