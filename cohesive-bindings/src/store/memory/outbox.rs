//! The relay's side of the store in memory.

use std::time::Duration;

use cohesive_core::kernel::MessageId;
use cohesive_core::value::Timestamp;

use super::durable::Durable;
use super::{MemoryStore, Step};
use crate::store::outbox::lanes::between;
use crate::store::outbox::{
    Acquire, Claim, Lease, Leases, Outbox, OutboxStats, ParkedMessage, Pending, Settled, Settlement, Stream,
};
use crate::store::{BoxFuture, StoreError, StoreErrorKind};

impl MemoryStore {
    /// Runs `work` as one transaction between two steps.
    pub(super) fn transact<T>(
        &self,
        (before, after): (Step, Step),
        work: impl FnOnce(&mut Durable, Timestamp) -> T,
    ) -> Result<T, StoreError> {
        let mut durable = self.lock()?;
        self.pass(before, StoreErrorKind::Unavailable)?;
        let answer = work(&mut durable, self.process.clock.now());
        self.pass(after, StoreErrorKind::Unknown)?;
        Ok(answer)
    }
}

const LEASE: (Step, Step) = (Step::BeforeLease, Step::AfterLease);
const CLAIM: (Step, Step) = (Step::BeforeClaim, Step::AfterClaim);
const SETTLE: (Step, Step) = (Step::BeforeSettle, Step::AfterSettle);
const UPKEEP: (Step, Step) = (Step::BeforeUpkeep, Step::AfterUpkeep);

impl Outbox for MemoryStore {
    fn acquire(&self, request: Acquire) -> BoxFuture<'_, Result<Leases, StoreError>> {
        Box::pin(async move { self.transact(LEASE, |durable, now| durable.queue.acquire(&request, now)) })
    }

    fn release(
        &self,
        owner: String,
        leases: Vec<Lease>,
        leaving: bool,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(
            async move { self.transact(LEASE, |durable, _| durable.queue.release(&owner, &leases, leaving)) },
        )
    }

    fn claim(&self, request: Claim) -> BoxFuture<'_, Result<Vec<Pending>, StoreError>> {
        Box::pin(async move { self.transact(CLAIM, |durable, now| claim(durable, &request, now)) })
    }

    fn settle(&self, settlements: Vec<Settlement>) -> BoxFuture<'_, Result<Vec<Settled>, StoreError>> {
        Box::pin(async move {
            self.transact(SETTLE, |durable, now| {
                settlements.iter().map(|settlement| settle(durable, settlement, now)).collect()
            })
        })
    }

    fn parked_messages(
        &self,
        stream: Stream,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<ParkedMessage>, StoreError>> {
        Box::pin(async move { Ok(parked(&mut *self.lock()?, stream, limit)) })
    }

    fn retry_parked(&self, position: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(async move { self.transact(UPKEEP, |durable, _| durable.queue.retry(position)) })
    }

    fn drop_parked(&self, position: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(
            async move { self.transact(UPKEEP, |durable, now| durable.queue.drop_parked(position, now)) },
        )
    }

    fn prune_published(
        &self,
        stream: Stream,
        kept: Duration,
        limit: usize,
    ) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move {
            self.transact(UPKEEP, |durable, now| {
                let removed = durable.queue.prune(stream, kept, limit, now);
                let count = removed.len() as u64;
                durable.forget(removed);
                count
            })
        })
    }

    fn republish(&self, stream: Stream, since: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move {
            self.transact(UPKEEP, |durable, _| {
                let again = durable.queue.republish(stream, since);
                for place in &again {
                    if let Some(message) = durable.message_at(place) {
                        message.published_at = None;
                    }
                }
                again.len() as u64
            })
        })
    }

    fn outbox_stats(&self, stream: Stream) -> BoxFuture<'_, Result<OutboxStats, StoreError>> {
        Box::pin(async move { Ok(stats(&mut *self.lock()?, stream, self.process.clock.now())) })
    }
}

fn claim(durable: &mut Durable, request: &Claim, now: Timestamp) -> Vec<Pending> {
    let mut claimed = Vec::new();
    for (position, lease, attempts) in durable.queue.claim(request, now) {
        let place = durable.queue.entries.get(&position).map(|entry| entry.place.clone());
        if let Some(message) = place.and_then(|place| durable.message_at(&place).cloned()) {
            claimed.push(Pending { position, lease, attempts, message });
        }
    }
    claimed
}

fn settle(durable: &mut Durable, settlement: &Settlement, now: Timestamp) -> Settled {
    let settled = durable.queue.settle(settlement, now);
    if let Some(entry) = durable.queue.entries.get(&settlement.position) {
        let (place, published_at) = (entry.place.clone(), entry.published_at);
        if let Some(message) = durable.message_at(&place) {
            message.published_at = published_at;
        }
    }
    settled
}

fn parked(durable: &mut Durable, stream: Stream, limit: usize) -> Vec<ParkedMessage> {
    let mut found = Vec::new();
    for blocked in durable.queue.blocked(stream) {
        let Some((parked_at, entry)) = blocked.parked_at.zip(durable.queue.entries.get(&blocked.position))
        else {
            continue;
        };
        found.push((blocked.position, parked_at, blocked.error.clone(), entry.place.clone(), entry.attempts));
    }
    found.sort_unstable_by_key(|(position, ..)| *position);
    found.truncate(limit);
    let message = |(position, parked_at, error, place, attempts)| {
        let message = durable.message_at(&place)?;
        let ((entity, entity_id), (version, ordinal)) = place;
        Some(ParkedMessage {
            position,
            id: MessageId::derive(&entity, &entity_id, version, ordinal),
            entity,
            entity_id,
            version,
            ordinal,
            name: message.name.clone(),
            payload: message.payload.clone(),
            attempts,
            error,
            parked_at,
        })
    };
    found.into_iter().filter_map(message).collect()
}

fn stats(durable: &mut Durable, stream: Stream, now: Timestamp) -> OutboxStats {
    let (pending, first) = durable.queue.backlog(stream);
    let first = first.cloned();
    let oldest = first.and_then(|place| Some(between(durable.message_at(&place)?.recorded_at, now)));
    let mut stats =
        OutboxStats { pending, oldest, claimed: durable.queue.claimed(stream), ..OutboxStats::default() };
    for blocked in durable.queue.blocked(stream) {
        *(if blocked.parked_at.is_some() { &mut stats.parked } else { &mut stats.waiting }) += 1;
    }
    stats
}
