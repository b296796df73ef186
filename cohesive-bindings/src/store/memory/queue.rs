//! What the relay works on: positions, claims, lanes, and entities that wait.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use cohesive_core::kernel::{MessageId, Version};
use cohesive_core::value::Timestamp;

use crate::store::OutboxMessage;
use crate::store::outbox::lanes::{Alone, LaneRow, Suspect, alone, before, is_over, plan};
use crate::store::outbox::{
    ALONE_FROM, Acquire, Claim, LANES, Lane, Lease, Leases, Settle, Settled, Settlement, Stream, cut,
};

/// Entity and id.
pub(super) type Subject = (String, String);

/// Where a message stands in the history of its entity.
pub(super) type Place = (Subject, (Version, u32));

/// One message's way through the outbox.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) place: Place,
    pub(super) lane: Lane,
    pub(super) attempts: u32,
    /// The token under which it is claimed.
    claim: Option<u64>,
    pub(super) published_at: Option<Timestamp>,
    dropped_at: Option<Timestamp>,
}

impl Entry {
    /// Who waits when it waits: its entity, in its stream, which the lane tells.
    fn line(&self) -> (Lane, Subject) {
        (self.lane, self.place.0.clone())
    }
}

/// An entity whose first pending message in a stream waits.
#[derive(Debug)]
pub(super) struct Blocked {
    pub(super) position: u64,
    /// From when on it waits.
    since: Timestamp,
    until: Timestamp,
    /// Whether it is to be claimed with nothing beside it.
    alone: bool,
    pub(super) parked_at: Option<Timestamp>,
    pub(super) error: String,
}

impl Blocked {
    /// Whether its message can be claimed.
    fn is_due(&self, now: Timestamp) -> bool {
        self.parked_at.is_none() && is_over(self.since, self.until, now)
    }
}

/// All of it.
#[derive(Debug)]
pub(super) struct Queue {
    next: u64,
    allotted: HashMap<MessageId, u64>,
    pub(super) entries: BTreeMap<u64, Entry>,
    pending: BTreeSet<(Lane, u64)>,
    blocked: BTreeMap<(Lane, Subject), Blocked>,
    lanes: Vec<LaneRow>,
    relays: BTreeMap<(Stream, String), (Timestamp, Timestamp)>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            next: 1,
            allotted: HashMap::new(),
            entries: BTreeMap::new(),
            pending: BTreeSet::new(),
            blocked: BTreeMap::new(),
            lanes: vec![LaneRow::default(); Stream::ALL.len() * usize::from(LANES)],
            relays: BTreeMap::new(),
        }
    }
}

impl Queue {
    /// Gives a message its position before it is committed, as a sequence does.
    pub(super) fn allot(&mut self, message: MessageId) -> u64 {
        let position = self.next;
        self.next += 1;
        *self.allotted.entry(message).or_insert(position)
    }

    /// Puts a message behind the others of its stream, and answers where.
    pub(super) fn push(&mut self, message: &OutboxMessage, stream: Stream) -> u64 {
        let position = self.allot(message.id);
        self.allotted.remove(&message.id);
        let subject = (message.entity.to_owned(), message.entity_id.clone());
        let lane = stream.lane(message.entity, &message.entity_id);
        let place = (subject, (message.version, message.ordinal));
        let entry = Entry { place, lane, attempts: 0, claim: None, published_at: None, dropped_at: None };
        self.entries.insert(position, entry);
        self.pending.insert((lane, position));
        position
    }

    /// Takes a message away, as if it had never been there.
    pub(super) fn remove(&mut self, position: u64) -> Option<Place> {
        let entry = self.entries.remove(&position)?;
        self.pending.remove(&(entry.lane, position));
        Some(entry.place)
    }

    pub(super) fn acquire(&mut self, request: &Acquire, now: Timestamp) -> Leases {
        let until = now.saturating_add(request.lease);
        self.relays.retain(|_, (since, until)| !is_over(*since, *until, now));
        let due = now.saturating_add(request.lease * 2 / 3);
        let present = self.relays.entry((request.stream, request.owner.clone())).or_insert((now, until));
        if present.1 < due {
            *present = (now, until);
        }
        let relays = self.relays.keys().filter(|(stream, _)| *stream == request.stream).count();
        let lanes = request.stream.lanes();
        let lanes = &self.lanes[usize::from(lanes.start)..usize::from(lanes.end)];
        let plan = plan(lanes, request, relays, now);
        for lease in &plan.taken {
            self.recover(lease.lane, now);
        }
        for lease in plan.extended.iter().chain(&plan.taken) {
            self.lanes[usize::from(lease.lane)] =
                LaneRow { owner: Some(request.owner.clone()), token: lease.token, since: now, until };
        }
        Leases { held: plan.held(), relays, left: plan.left }
    }

    /// Releases what the former owner of a lane had claimed.
    fn recover(&mut self, lane: Lane, now: Timestamp) {
        let mut seen = HashSet::new();
        for (_, position) in self.pending.range(within(lane)) {
            let Some(entry) = self.entries.get_mut(position) else { continue };
            let claimed = entry.claim.take().is_some();
            // One that follows a message which was given back waits for that one.
            let first = seen.insert(entry.place.0.clone());
            if claimed && first && entry.attempts >= ALONE_FROM {
                let error = format!("{} attempts ended without an answer", entry.attempts);
                let (position, until) = (*position, now);
                let blocked = Blocked { position, since: now, until, alone: true, parked_at: None, error };
                self.blocked.insert(entry.line(), blocked);
            }
        }
    }

    pub(super) fn release(&mut self, owner: &str, leases: &[Lease], leaving: bool) {
        for lease in leases {
            let Some(row) = self.lanes.get_mut(usize::from(lease.lane)) else { continue };
            if row.owner.as_deref() == Some(owner) && row.token == lease.token {
                row.owner = None;
            }
        }
        if leaving {
            self.relays.retain(|(_, relay), _| relay != owner);
        }
    }

    /// The positions that a claim gives, with their leases and attempts.
    pub(super) fn claim(&mut self, request: &Claim, now: Timestamp) -> Vec<(u64, Lease, u32)> {
        let owned = |lease: &&Lease| {
            let row = self.lanes.get(usize::from(lease.lane));
            row.is_some_and(|row| row.owner.is_some() && row.token == lease.token)
        };
        let leases: Vec<Lease> = request.leases.iter().filter(owned).copied().collect();
        let mut found = Vec::new();
        match alone(&self.suspects(&leases, now), request.busy) {
            Alone::Later => {}
            Alone::One(lease, position) => found.push((position, lease)),
            Alone::Nobody => {
                for lease in leases {
                    let pending = self.pending.range(within(lease.lane));
                    let free = pending.map(|(_, position)| *position).filter(|at| self.is_free(*at, now));
                    found.extend(free.take(request.per_lane).map(|position| (position, lease)));
                }
            }
        }
        let mut claimed = Vec::with_capacity(found.len());
        for (position, lease) in found {
            let Some(entry) = self.entries.get_mut(&position) else { continue };
            entry.attempts += 1;
            entry.claim = Some(lease.token);
            claimed.push((position, lease, entry.attempts));
        }
        claimed
    }

    /// The messages of these lanes that wait to be claimed alone.
    fn suspects(&self, leases: &[Lease], now: Timestamp) -> Vec<Suspect> {
        let due = |blocked: &&Blocked| blocked.alone && blocked.is_due(now);
        let mut suspects = Vec::new();
        for ((lane, _), Blocked { position, .. }) in self.blocked.iter().filter(|(_, blocked)| due(blocked)) {
            let lease = leases.iter().find(|lease| lease.lane == *lane);
            if let Some((lease, entry)) = lease.zip(self.entries.get(position)) {
                let (attempts, claimed) = (entry.attempts, entry.claim.is_some());
                suspects.push(Suspect { attempts, position: *position, lease: *lease, claimed });
            }
        }
        suspects
    }

    fn is_free(&self, position: u64, now: Timestamp) -> bool {
        let Some(entry) = self.entries.get(&position) else { return false };
        entry.claim.is_none()
            && self
                .blocked
                .get(&entry.line())
                .is_none_or(|blocked| blocked.position == position && blocked.is_due(now))
    }

    pub(super) fn settle(&mut self, settlement: &Settlement, now: Timestamp) -> Settled {
        let Settlement { position, lease, outcome } = settlement;
        let Some(entry) = self.entries.get_mut(position) else { return Settled::Fenced };
        if entry.claim != Some(lease.token) || entry.lane != lease.lane {
            return Settled::Fenced;
        }
        entry.claim = None;
        let line = entry.line();
        let (after, error, parked_at) = match outcome {
            Settle::Published => {
                entry.published_at = Some(now);
                self.pending.remove(&(lease.lane, *position));
                self.unblock(&line, *position);
                return Settled::Done;
            }
            Settle::Returned => {
                entry.attempts = entry.attempts.saturating_sub(1);
                return Settled::Done;
            }
            Settle::Retry { after, error } => (*after, error, None),
            Settle::Parked { error } => (Duration::ZERO, error, Some(now)),
        };
        let until = now.saturating_add(after);
        let error = cut(error).to_owned();
        let position = *position;
        let blocked = Blocked { position, since: now, until, alone: false, parked_at, error };
        self.blocked.insert(line, blocked);
        Settled::Done
    }

    fn unblock(&mut self, line: &(Lane, Subject), position: u64) {
        if self.blocked.get(line).is_some_and(|blocked| blocked.position == position) {
            self.blocked.remove(line);
        }
    }

    /// Who waits for the message that is parked here.
    fn parked_at(&self, position: u64) -> Option<(Lane, Subject)> {
        let line = self.entries.get(&position)?.line();
        let blocked = self.blocked.get(&line)?;
        (blocked.position == position && blocked.parked_at.is_some()).then_some(line)
    }

    /// Who waits in a stream.
    pub(super) fn blocked(&self, stream: Stream) -> impl Iterator<Item = &Blocked> {
        let lanes = stream.lanes();
        self.blocked.iter().filter(move |((lane, _), _)| lanes.contains(lane)).map(|(_, blocked)| blocked)
    }

    pub(super) fn retry(&mut self, position: u64) -> bool {
        let Some(line) = self.parked_at(position) else { return false };
        self.blocked.remove(&line);
        if let Some(entry) = self.entries.get_mut(&position) {
            entry.attempts = 0;
        }
        true
    }

    pub(super) fn drop_parked(&mut self, position: u64, now: Timestamp) -> bool {
        let Some(line) = self.parked_at(position) else { return false };
        self.blocked.remove(&line);
        if let Some(entry) = self.entries.get_mut(&position) {
            entry.dropped_at = Some(now);
            self.pending.remove(&(entry.lane, position));
        }
        true
    }

    /// Takes messages away whose time is over.
    pub(super) fn prune(
        &mut self,
        stream: Stream,
        kept: Duration,
        limit: usize,
        now: Timestamp,
    ) -> Vec<Place> {
        let oldest = before(now, kept);
        let over = |entry: &Entry| {
            let settled = entry.published_at.or(entry.dropped_at);
            stream.lanes().contains(&entry.lane) && settled.is_some_and(|at| at <= oldest)
        };
        let found = self.entries.iter().filter(|(_, entry)| over(entry));
        let found: Vec<u64> = found.map(|(position, _)| *position).take(limit).collect();
        found.into_iter().filter_map(|position| self.remove(position)).collect()
    }

    /// Makes published messages pending again. An entity that waits for another attempt begins anew with the first of
    /// them; one that is parked stays parked.
    pub(super) fn republish(&mut self, stream: Stream, since: Timestamp) -> Vec<Place> {
        let (mut again, mut lines) = (Vec::new(), HashSet::new());
        for (position, entry) in &mut self.entries {
            let published = entry.published_at.is_some_and(|at| at >= since);
            if published && stream.lanes().contains(&entry.lane) {
                entry.published_at = None;
                entry.attempts = 0;
                self.pending.insert((entry.lane, *position));
                lines.insert(entry.line());
                again.push(entry.place.clone());
            }
        }
        self.blocked.retain(|line, blocked| blocked.parked_at.is_some() || !lines.contains(line));
        again
    }

    /// How many messages of a stream are pending, and the place of the first.
    pub(super) fn backlog(&self, stream: Stream) -> (u64, Option<&Place>) {
        let pending = || self.pending.iter().filter(|(lane, _)| stream.lanes().contains(lane));
        let first = pending().map(|(_, position)| position).min();
        let place = first.and_then(|position| self.entries.get(position)).map(|entry| &entry.place);
        (pending().count() as u64, place)
    }

    /// How many messages of a stream are claimed, by lane.
    pub(super) fn claimed(&self, stream: Stream) -> Vec<(Lane, u64)> {
        let mut lanes = BTreeMap::new();
        let of = |entry: &&Entry| entry.claim.is_some() && stream.lanes().contains(&entry.lane);
        for entry in self.entries.values().filter(of) {
            *lanes.entry(entry.lane).or_insert(0) += 1;
        }
        lanes.into_iter().collect()
    }
}

/// Every position in a lane.
fn within(lane: Lane) -> std::ops::RangeInclusive<(Lane, u64)> {
    (lane, 0)..=(lane, u64::MAX)
}
