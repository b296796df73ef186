//! What a member of a group has in hand: which message comes next, which offset may be committed.
//!
//! It knows no Kafka and no clock. Of each partition it keeps the messages from the first that is not accepted on. An
//! offset is committed once everything below it is accepted (A120). A message is delivered when no earlier message of
//! its key is left, so that those of a key are handled one after the other (A117), and those of other keys beside
//! them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::read::{Arrived, Record};

/// A partition of a topic.
pub(super) type Place = (String, i32);
/// What became of a commit; the text says why it failed.
pub(super) type Committed = Result<(), String>;

/// A message that is in hand: where it lies, in which assignment of that partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) place: Place,
    assignment: u64,
    offset: i64,
}

/// The partition is with another member meanwhile. Nothing about the message counts any more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gone;

/// What a receiver gets.
pub(super) enum Next {
    Message {
        held: Held,
        arrived: Arc<Arrived>,
        redelivered: bool,
    },
    /// Nothing before this instant, as far as it is known.
    Later(Option<Instant>),
}

#[derive(Debug)]
enum State {
    /// Not before this instant, where one is given.
    Waiting(Option<Instant>),
    InHand,
    Accepted,
}

struct Entry {
    offset: i64,
    key: String,
    bytes: usize,
    state: State,
    arrived: Option<Arc<Arrived>>,
    redelivered: bool,
}

struct Partition {
    assignment: u64,
    /// How many of the messages to come may have been delivered to a former member.
    unsure: usize,
    entries: VecDeque<Entry>,
    /// The offsets of accepted messages that Kafka does not know of yet, without a hole.
    uncommitted: VecDeque<i64>,
    bytes: usize,
    paused: bool,
    /// It is about to go to another member: nothing more is delivered.
    leaving: bool,
}

impl Partition {
    fn position(&self) -> Option<i64> {
        self.uncommitted.back().map(|offset| offset + 1)
    }

    fn has_in_hand(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.state, State::InHand))
    }

    fn last(&self) -> Option<i64> {
        self.entries.back().map(|entry| entry.offset).max(self.uncommitted.back().copied())
    }

    fn entry(&mut self, held: &Held) -> Result<&mut Entry, Gone> {
        if self.assignment != held.assignment {
            return Err(Gone);
        }
        let place = self.entries.binary_search_by_key(&held.offset, |entry| entry.offset);
        place.ok().and_then(|place| self.entries.get_mut(place)).ok_or(Gone)
    }

    /// Takes what is accepted from the front.
    fn advance(&mut self) {
        while let Some(Entry { state: State::Accepted, .. }) = self.entries.front() {
            if let Some(entry) = self.entries.pop_front() {
                self.bytes -= entry.bytes;
                self.uncommitted.push_back(entry.offset);
            }
        }
    }

    /// The first message that may be delivered, or when to look again.
    fn next(&self, window: usize, now: Instant) -> Result<usize, Option<Instant>> {
        let mut soonest: Option<Instant> = None;
        if self.leaving {
            return Err(soonest);
        }
        let mut before = BTreeSet::new();
        let room = window.saturating_sub(self.uncommitted.len());
        for (place, entry) in self.entries.iter().enumerate().take(room) {
            let waiting = match entry.state {
                State::Accepted => continue,
                State::InHand => None,
                State::Waiting(until) => Some(until),
            };
            if before.insert(entry.key.as_str()) {
                match waiting {
                    None => {}
                    Some(Some(until)) if until > now => {
                        soonest = Some(soonest.map_or(until, |at| at.min(until)));
                    }
                    Some(_) => return Ok(place),
                }
            }
        }
        Err(soonest)
    }
}

/// Somebody who accepted a message and waits until Kafka knows.
struct Waiter {
    place: Place,
    assignment: u64,
    position: i64,
    answer: oneshot::Sender<Committed>,
}

pub(super) struct Book {
    window: usize,
    buffer: usize,
    partitions: BTreeMap<Place, Partition>,
    /// The highest offset that this process has delivered, by partition.
    seen: BTreeMap<Place, i64>,
    /// How many assignments there have been.
    assignments: u64,
    /// Where the search begins, so that no partition starves.
    last_served: Option<Place>,
    committing: Option<BTreeMap<Place, (u64, i64)>>,
    waiters: Vec<Waiter>,
}

impl Book {
    pub(super) fn new(window: usize, buffer: usize) -> Self {
        Self {
            window,
            buffer,
            partitions: BTreeMap::new(),
            seen: BTreeMap::new(),
            assignments: 0,
            last_served: None,
            committing: None,
            waiters: Vec::new(),
        }
    }

    /// A partition comes to this member.
    pub(super) fn assign(&mut self, place: Place) {
        self.revoke(&place);
        self.assignments += 1;
        let partition = Partition {
            assignment: self.assignments,
            // A former member may have had as many in hand.
            unsure: self.window,
            entries: VecDeque::new(),
            uncommitted: VecDeque::new(),
            bytes: 0,
            paused: false,
            leaving: false,
        };
        self.partitions.insert(place, partition);
    }

    /// Nothing more is delivered of these partitions.
    pub(super) fn leave(&mut self, places: &[Place]) {
        for place in places {
            if let Some(partition) = self.partitions.get_mut(place) {
                partition.leaving = true;
            }
        }
    }

    /// Whether something of these partitions is in hand.
    pub(super) fn has_in_hand(&self, places: &[Place]) -> bool {
        places.iter().filter_map(|place| self.partitions.get(place)).any(Partition::has_in_hand)
    }

    /// Whether something is in hand.
    pub(super) fn has_in_hand_anywhere(&self) -> bool {
        self.partitions.values().any(Partition::has_in_hand)
    }

    /// A partition goes to another member: what is in hand of it is accepted no more.
    pub(super) fn revoke(&mut self, place: &Place) {
        self.partitions.remove(place);
        let waiters = std::mem::take(&mut self.waiters);
        for waiter in waiters {
            if waiter.place == *place {
                let _ = waiter.answer.send(Err("the partition went to another member".to_owned()));
            } else {
                self.waiters.push(waiter);
            }
        }
    }

    /// Every partition is lost.
    pub(super) fn revoke_all(&mut self) {
        let places: Vec<Place> = self.partitions.keys().cloned().collect();
        for place in places {
            self.revoke(&place);
        }
    }

    /// A record arrived. `false` when the partition is not with this member.
    pub(super) fn arrive(&mut self, place: &Place, record: Record) -> bool {
        let Some(partition) = self.partitions.get_mut(place) else { return false };
        if partition.last().is_some_and(|last| last >= record.offset) {
            // The log was cut, or its offsets were set back: what is in hand is of another history.
            tracing::warn!(
                ?place,
                offset = record.offset,
                "kafka: a partition begins anew below what was read"
            );
            self.assign(place.clone());
            return self.arrive(place, record);
        }
        let redelivered =
            partition.unsure > 0 || self.seen.get(place).is_some_and(|seen| *seen >= record.offset);
        partition.unsure = partition.unsure.saturating_sub(1);
        let Record { offset, key, bytes, arrived } = record;
        let state = if arrived.is_some() { State::Waiting(None) } else { State::Accepted };
        partition.bytes += bytes;
        partition.entries.push_back(Entry { offset, key, bytes, state, arrived, redelivered });
        partition.advance();
        true
    }

    /// The next message of any partition, in turns.
    pub(super) fn next(&mut self, now: Instant) -> Next {
        let after = self.last_served.clone().map_or(Bound::Unbounded, Bound::Excluded);
        let later = self.partitions.range((after, Bound::Unbounded));
        let turns = later.chain(&self.partitions).take(self.partitions.len());
        let mut soonest: Option<Instant> = None;
        let mut found = None;
        for (place, partition) in turns {
            match partition.next(self.window, now) {
                Ok(entry) => {
                    found = Some((place.clone(), entry));
                    break;
                }
                Err(Some(until)) => soonest = Some(soonest.map_or(until, |at| at.min(until))),
                Err(None) => {}
            }
        }
        found.and_then(|(place, entry)| self.hand(place, entry)).unwrap_or(Next::Later(soonest))
    }

    fn hand(&mut self, place: Place, entry: usize) -> Option<Next> {
        let partition = self.partitions.get_mut(&place)?;
        let entry = partition.entries.get_mut(entry)?;
        let arrived = Arc::clone(entry.arrived.as_ref()?);
        let redelivered = std::mem::replace(&mut entry.redelivered, true);
        entry.state = State::InHand;
        let held = Held { place: place.clone(), assignment: partition.assignment, offset: entry.offset };
        let seen = self.seen.entry(place.clone()).or_insert(held.offset);
        *seen = held.offset.max(*seen);
        self.last_served = Some(place);
        Some(Next::Message { held, arrived, redelivered })
    }

    /// A message was handled. Where it leaves no hole, the answer comes when Kafka knows; otherwise Kafka hears of it
    /// together with the last one before it.
    pub(super) fn accept(&mut self, held: &Held) -> Result<Option<oneshot::Receiver<Committed>>, Gone> {
        let partition = self.partitions.get_mut(&held.place).ok_or(Gone)?;
        let entry = partition.entry(held)?;
        entry.state = State::Accepted;
        entry.arrived = None;
        partition.advance();
        let Some(position) = partition.position().filter(|position| *position > held.offset) else {
            return Ok(None);
        };
        let (answer, answered) = oneshot::channel();
        let (place, assignment) = (held.place.clone(), held.assignment);
        self.waiters.push(Waiter { place, assignment, position, answer });
        Ok(Some(answered))
    }

    /// A message was not handled.
    pub(super) fn reject(&mut self, held: &Held, until: Instant) -> Result<(), Gone> {
        let partition = self.partitions.get_mut(&held.place).ok_or(Gone)?;
        partition.entry(held)?.state = State::Waiting(Some(until));
        Ok(())
    }

    /// Whether the message is still this member's.
    pub(super) fn holds(&mut self, held: &Held) -> Result<(), Gone> {
        self.partitions.get_mut(&held.place).ok_or(Gone)?.entry(held).map(drop)
    }

    /// The offsets to commit now, if there are any and no commit is under way. `idle` is when nothing else happens:
    /// then also what nobody waits for.
    pub(super) fn begin_commit(&mut self, idle: bool) -> Option<Vec<(Place, i64)>> {
        let half = self.window.div_ceil(2);
        let pressing = idle
            || !self.waiters.is_empty()
            || self.partitions.values().any(|partition| partition.uncommitted.len() >= half);
        if self.committing.is_some() || !pressing {
            return None;
        }
        let due = |(place, partition): (&Place, &Partition)| {
            partition.position().map(|position| (place.clone(), (partition.assignment, position)))
        };
        let committing: BTreeMap<_, _> = self.partitions.iter().filter_map(due).collect();
        if committing.is_empty() {
            return None;
        }
        let offsets = committing.iter().map(|(place, (_, position))| (place.clone(), *position)).collect();
        self.committing = Some(committing);
        Some(offsets)
    }

    /// What became of the commit under way, by partition; `None` where it has to be tried again before that is known.
    pub(super) fn end_commit(&mut self, result: impl Fn(&Place) -> Option<Committed>) {
        for (place, (assignment, position)) in self.committing.take().unwrap_or_default() {
            if let Some(result) = result(&place) {
                self.committed(&place, assignment, position, &result);
            }
        }
    }

    /// The positions of partitions that are about to go.
    pub(super) fn positions(&self, places: &[Place]) -> Vec<(Place, u64, i64)> {
        let position = |place: &Place| {
            let partition = self.partitions.get(place)?;
            Some((place.clone(), partition.assignment, partition.position()?))
        };
        places.iter().filter_map(position).collect()
    }

    /// Kafka has answered a commit of this position.
    pub(super) fn committed(&mut self, place: &Place, assignment: u64, position: i64, result: &Committed) {
        let Some(partition) = self.partitions.get_mut(place) else { return };
        if partition.assignment == assignment && result.is_ok() {
            while partition.uncommitted.front().is_some_and(|offset| *offset < position) {
                partition.uncommitted.pop_front();
            }
        }
        let waiters = std::mem::take(&mut self.waiters);
        for waiter in waiters {
            if waiter.place == *place && waiter.assignment == assignment && waiter.position <= position {
                let _ = waiter.answer.send(result.clone());
            } else {
                self.waiters.push(waiter);
            }
        }
    }

    /// The partitions to pause and those to resume.
    pub(super) fn flow(&mut self) -> (Vec<Place>, Vec<Place>) {
        let (mut pause, mut resume) = (Vec::new(), Vec::new());
        for (place, partition) in &mut self.partitions {
            if !partition.paused && partition.bytes >= self.buffer {
                partition.paused = true;
                pause.push(place.clone());
            } else if partition.paused && partition.bytes <= self.buffer / 2 {
                partition.paused = false;
                resume.push(place.clone());
            }
        }
        (pause, resume)
    }

    /// Whether a partition waits for room.
    pub(super) fn is_paused(&self) -> bool {
        self.partitions.values().any(|partition| partition.paused)
    }
}

#[cfg(test)]
mod tests;
