//! What the relay works on: positions, claims, lanes, and entities that wait.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use cohesive_core::kernel::{MessageId, Version};
use cohesive_core::value::Timestamp;

use crate::store::OutboxMessage;
use crate::store::outbox::lanes::{Alone, LaneRow, Suspect, alone, before, is_over, lane, plan};
use crate::store::outbox::{
    ALONE_FROM, Acquire, Claim, LANES, Lane, Lease, Leases, Settle, Settled, Settlement, cut,
};

/// Entity and id.
pub(super) type Subject = (String, String);

/// Where a message stands in the history of its entity.
pub(super) type Place = (Subject, (Version, u32));

/// One message's way through the outbox.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) place: Place,
    lane: Lane,
    pub(super) attempts: u32,
    /// The token under which it is claimed.
    claim: Option<u64>,
    pub(super) published_at: Option<Timestamp>,
    dropped_at: Option<Timestamp>,
}

/// An entity whose first pending message waits.
#[derive(Debug)]
pub(super) struct Blocked {
    lane: Lane,
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
    pub(super) blocked: BTreeMap<Subject, Blocked>,
    lanes: Vec<LaneRow>,
    relays: BTreeMap<String, (Timestamp, Timestamp)>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            next: 1,
            allotted: HashMap::new(),
            entries: BTreeMap::new(),
            pending: BTreeSet::new(),
            blocked: BTreeMap::new(),
            lanes: vec![LaneRow::default(); usize::from(LANES)],
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

    /// Puts a message behind the others, and answers where.
    pub(super) fn push(&mut self, message: &OutboxMessage) -> u64 {
        let position = self.allot(message.id);
        self.allotted.remove(&message.id);
        let subject = (message.entity.to_owned(), message.entity_id.clone());
        let lane = lane(message.entity, &message.entity_id);
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
        let present = self.relays.entry(request.owner.clone()).or_insert((now, until));
        if present.1 < due {
            *present = (now, until);
        }
        let relays = self.relays.len();
        let plan = plan(&self.lanes, request, relays, now);
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
        for (_, position) in self.pending.range((lane, 0)..=(lane, u64::MAX)) {
            let Some(entry) = self.entries.get_mut(position) else { continue };
            let claimed = entry.claim.take().is_some();
            // One that follows a message which was given back waits for that one.
            let first = seen.insert(entry.place.0.clone());
            if claimed && first && entry.attempts >= ALONE_FROM {
                let error = format!("{} attempts ended without an answer", entry.attempts);
                let blocked = Blocked {
                    lane,
                    position: *position,
                    since: now,
                    until: now,
                    alone: true,
                    parked_at: None,
                    error,
                };
                self.blocked.insert(entry.place.0.clone(), blocked);
            }
        }
    }

    pub(super) fn release(&mut self, owner: &str, leases: &[Lease], leaving: bool) {
        for lease in leases {
            let row = &mut self.lanes[usize::from(lease.lane)];
            if row.owner.as_deref() == Some(owner) && row.token == lease.token {
                row.owner = None;
            }
        }
        if leaving {
            self.relays.remove(owner);
        }
    }

    /// The positions that a claim gives, with their leases and attempts.
    pub(super) fn claim(&mut self, request: &Claim, now: Timestamp) -> Vec<(u64, Lease, u32)> {
        let owned = |lease: &&Lease| {
            let row = &self.lanes[usize::from(lease.lane)];
            row.owner.is_some() && row.token == lease.token
        };
        let leases: Vec<Lease> = request.leases.iter().filter(owned).copied().collect();
        let mut found = Vec::new();
        match alone(&self.suspects(&leases, now), request.busy) {
            Alone::Later => {}
            Alone::One(lease, position) => found.push((position, lease)),
            Alone::Nobody => {
                for lease in leases {
                    let pending = self.pending.range((lease.lane, 0)..=(lease.lane, u64::MAX));
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
        for Blocked { lane, position, .. } in self.blocked.values().filter(due) {
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
                .get(&entry.place.0)
                .is_none_or(|blocked| blocked.position == position && blocked.is_due(now))
    }

    pub(super) fn settle(&mut self, settlement: &Settlement, now: Timestamp) -> Settled {
        let Settlement { position, lease, outcome } = settlement;
        let Some(entry) = self.entries.get_mut(position) else { return Settled::Fenced };
        if entry.claim != Some(lease.token) || entry.lane != lease.lane {
            return Settled::Fenced;
        }
        entry.claim = None;
        let subject = entry.place.0.clone();
        let (after, error, parked_at) = match outcome {
            Settle::Published => {
                entry.published_at = Some(now);
                self.pending.remove(&(lease.lane, *position));
                self.unblock(&subject, *position);
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
        let blocked = Blocked {
            lane: lease.lane,
            position: *position,
            since: now,
            until,
            alone: false,
            parked_at,
            error,
        };
        self.blocked.insert(subject, blocked);
        Settled::Done
    }

    fn unblock(&mut self, subject: &Subject, position: u64) {
        if self.blocked.get(subject).is_some_and(|blocked| blocked.position == position) {
            self.blocked.remove(subject);
        }
    }

    /// The subject whose parked message lies here.
    fn parked_at(&self, position: u64) -> Option<Subject> {
        let subject = &self.entries.get(&position)?.place.0;
        let blocked = self.blocked.get(subject)?;
        (blocked.position == position && blocked.parked_at.is_some()).then(|| subject.clone())
    }

    pub(super) fn retry(&mut self, position: u64) -> bool {
        let Some(subject) = self.parked_at(position) else { return false };
        self.blocked.remove(&subject);
        if let Some(entry) = self.entries.get_mut(&position) {
            entry.attempts = 0;
        }
        true
    }

    pub(super) fn drop_parked(&mut self, position: u64, now: Timestamp) -> bool {
        let Some(subject) = self.parked_at(position) else { return false };
        self.blocked.remove(&subject);
        if let Some(entry) = self.entries.get_mut(&position) {
            entry.dropped_at = Some(now);
            self.pending.remove(&(entry.lane, position));
        }
        true
    }

    /// Takes messages away whose time is over.
    pub(super) fn prune(&mut self, kept: Duration, limit: usize, now: Timestamp) -> Vec<Place> {
        let oldest = before(now, kept);
        let over = |at: Option<Timestamp>| at.is_some_and(|at| at <= oldest);
        let found = self.entries.iter().filter(|(_, entry)| over(entry.published_at.or(entry.dropped_at)));
        let found: Vec<u64> = found.map(|(position, _)| *position).take(limit).collect();
        found.into_iter().filter_map(|position| self.remove(position)).collect()
    }

    /// Makes published messages pending again.
    pub(super) fn republish(&mut self, since: Timestamp) -> Vec<Place> {
        let mut again = Vec::new();
        for (position, entry) in &mut self.entries {
            if entry.published_at.is_some_and(|at| at >= since) {
                entry.published_at = None;
                entry.attempts = 0;
                self.pending.insert((entry.lane, *position));
                again.push(entry.place.clone());
            }
        }
        again
    }

    /// How many messages are pending, and the place of the first.
    pub(super) fn backlog(&self) -> (u64, Option<&Place>) {
        let first = self.pending.iter().map(|(_, position)| position).min();
        let place = first.and_then(|position| self.entries.get(position)).map(|entry| &entry.place);
        (self.pending.len() as u64, place)
    }

    /// How many messages are claimed, by lane.
    pub(super) fn claimed(&self) -> Vec<(Lane, u64)> {
        let mut lanes = BTreeMap::new();
        for entry in self.entries.values().filter(|entry| entry.claim.is_some()) {
            *lanes.entry(entry.lane).or_insert(0) += 1;
        }
        lanes.into_iter().collect()
    }
}
