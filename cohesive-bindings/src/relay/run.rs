//! The relay's loop: record what ended, keep the lanes, claim, publish, wait.
//!
//! Calls of the store come one after the other, so that each sees what the one before left. Publishing goes on
//! meanwhile, in tasks of its own.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

use super::book::Book;
use super::carry::Carry;
use super::metrics::Counters;
use super::options::RelayOptions;
use super::wake::{Ended, Mailbox};
use crate::backoff::Backoff;
use crate::broker::PublishError;
use crate::port::Spawner;
use crate::store::outbox::{Acquire, Claim, Lease, Outbox, Pending, Stream};
use crate::store::{StoreError, StoreErrorKind};

/// How many published messages are removed in one go.
const PRUNE: usize = 1000;

pub(super) struct Loop {
    outbox: Arc<dyn Outbox>,
    stream: Stream,
    carrier: Arc<dyn Carry>,
    spawner: Arc<dyn Spawner>,
    options: RelayOptions,
    owner: String,
    mailbox: Arc<Mailbox>,
    counters: Arc<Counters>,
    book: Book,
    balance_at: Instant,
    poll_at: Instant,
    prune_at: Instant,
    /// Before this, nothing is asked of a store that failed.
    resume_at: Instant,
    /// Whether any lane may have something to claim.
    more: bool,
    /// Otherwise, the lanes that gave as much as they were asked for. Those that gave less wait for the next sign.
    rich: Vec<Lease>,
    /// Whether the leases have to be got anew, because nobody knows what was claimed under them.
    renew: bool,
    closed: bool,
    _ended: watch::Sender<()>,
}

impl Loop {
    pub(super) fn new(
        (outbox, stream): (Arc<dyn Outbox>, Stream),
        carrier: Arc<dyn Carry>,
        spawner: Arc<dyn Spawner>,
        options: RelayOptions,
        owner: String,
        (mailbox, counters): (Arc<Mailbox>, Arc<Counters>),
    ) -> (Self, watch::Receiver<()>) {
        let (ended, end) = watch::channel(());
        let now = Instant::now();
        let backoff = Backoff::new(options.first_wait, options.longest_wait, options.seed, &owner);
        let book = Book::new(options.attempts, backoff, Arc::clone(&counters), now);
        let this = Self {
            outbox,
            stream,
            carrier,
            spawner,
            owner,
            mailbox,
            counters,
            book,
            balance_at: now,
            poll_at: now,
            prune_at: now + options.prune_every,
            resume_at: now,
            more: true,
            rich: Vec::new(),
            renew: false,
            closed: false,
            options,
            _ended: ended,
        };
        (this, end)
    }

    pub(super) async fn run(mut self) {
        while !self.closed {
            self.counters.rounds.add(1);
            for ended in self.mailbox.take() {
                self.book.ended(ended);
            }
            let stopping = self.mailbox.is_stopping();
            if stopping {
                self.book.return_all();
                if self.book.in_flight() == 0 {
                    break;
                }
            }
            if Instant::now() >= self.resume_at {
                self.work(stopping).await;
            }
            self.start();
            self.measure();
            self.wait().await;
        }
        self.leave().await;
        self.measure();
    }

    /// One round of calls of the store. A call that fails ends the round.
    async fn work(&mut self, stopping: bool) {
        let round = async {
            self.record().await?;
            self.balance().await?;
            if !stopping {
                self.start();
                self.claim().await?;
                self.prune().await?;
            }
            Ok::<_, StoreError>(())
        };
        if let Err(error) = round.await {
            self.failed(&error);
        }
    }

    /// R28: nothing is claimed while something cannot be recorded, and it is told.
    fn failed(&mut self, error: &StoreError) {
        tracing::warn!(failure = error.kind.word(), "the relay could not use the store");
        self.counters.store_failures.add(1);
        self.closed = error.kind == StoreErrorKind::Closed;
        self.resume_at = Instant::now() + self.options.poll;
    }

    async fn record(&mut self) -> Result<(), StoreError> {
        let batch = self.book.settlements();
        if batch.is_empty() {
            return Ok(());
        }
        match self.outbox.settle(batch.clone()).await {
            Ok(answers) => self.book.settled(&batch, &answers),
            Err(error) => {
                self.book.unrecorded(batch);
                return Err(error);
            }
        }
        // Messages that waited behind these may be free by now.
        self.more |= self.book.load() == 0;
        Ok(())
    }

    async fn balance(&mut self) -> Result<(), StoreError> {
        let now = Instant::now();
        if self.renew && self.book.load() == 0 {
            self.book.forget_leases();
            self.renew = false;
            self.balance_at = now;
        }
        if now < self.balance_at {
            return Ok(());
        }
        let (owner, held) = (self.owner.clone(), self.book.held());
        let request = Acquire { owner, stream: self.stream, held, lease: self.options.lease };
        let before = request.held.len();
        let leases = self.outbox.acquire(request).await?;
        self.more |= leases.held.len() > before;
        self.book.leased(&leases, now);
        self.balance_at = now + self.options.balance;
        let surplus = self.book.give_back();
        if !surplus.is_empty() {
            self.outbox.release(self.owner.clone(), surplus, false).await?;
        }
        Ok(())
    }

    async fn claim(&mut self) -> Result<(), StoreError> {
        let now = Instant::now();
        self.more |= self.mailbox.was_woken() || now >= self.poll_at;
        let free = self.options.window.saturating_sub(self.book.load());
        // What is to be held back has to be recorded first, or a claim would give what follows it.
        if !self.may_have_more() || !self.has_room() || self.renew || self.book.unsettled() > 0 {
            return Ok(());
        }
        let rich = std::mem::take(&mut self.rich);
        let everywhere = std::mem::take(&mut self.more);
        let leases = if everywhere { self.book.claimable(free) } else { rich };
        self.poll_at = now + self.options.poll;
        if leases.is_empty() {
            return Ok(());
        }
        let per_lane = free / leases.len();
        let request = Claim { leases: leases.clone(), per_lane, busy: self.book.load() > 0 };
        let claimed = match self.outbox.claim(request).await {
            Ok(claimed) => claimed,
            Err(error) => {
                self.renew = error.kind == StoreErrorKind::Unknown;
                return Err(error);
            }
        };
        let full =
            |lease: &Lease| claimed.iter().filter(|pending| pending.lease == *lease).count() >= per_lane;
        let all = leases.len() == self.book.lanes();
        self.rich = leases.into_iter().filter(full).collect();
        // Where not every lane could be asked, the others have their turn.
        self.more = everywhere && !all && !self.rich.is_empty();
        self.book.claimed(claimed);
        Ok(())
    }

    const fn may_have_more(&self) -> bool {
        self.more || !self.rich.is_empty()
    }

    /// A claim is worth its while when there is room for many; meanwhile the rest is published.
    fn has_room(&self) -> bool {
        self.options.window.saturating_sub(self.book.load()) >= self.options.window.div_ceil(2)
    }

    async fn prune(&mut self) -> Result<(), StoreError> {
        let now = Instant::now();
        if now < self.prune_at {
            return Ok(());
        }
        let removed = self.outbox.prune_published(self.stream, self.options.keep_published, PRUNE).await?;
        self.counters.pruned.add(removed);
        if removed < PRUNE as u64 {
            self.prune_at = now + self.options.prune_every;
        }
        Ok(())
    }

    /// Publishes what is ready, each message in a task of its own. None may outlive its lease (F7).
    fn start(&mut self) {
        if self.mailbox.is_stopping() {
            return;
        }
        while let Some(pending) = self.book.start(Instant::now() + self.options.publish_timeout) {
            self.publish(pending);
        }
    }

    fn publish(&self, pending: Pending) {
        let Pending { position, lease, .. } = pending;
        let subject = (pending.message.entity.clone(), pending.message.entity_id.clone());
        let answer = Answer { mailbox: Arc::clone(&self.mailbox), ended: Some((subject, position, lease)) };
        let (carrier, limit) = (Arc::clone(&self.carrier), self.options.publish_timeout);
        self.spawner.spawn(Box::pin(async move {
            let result = tokio::time::timeout(limit, carrier.carry(pending)).await;
            let late = || PublishError::transient(format!("no acknowledgement within {limit:?}"));
            answer.give(result.unwrap_or_else(|_| Err(late())));
        }));
    }

    fn measure(&self) {
        self.counters.lanes.set(self.book.held().len());
        self.counters.failing.set(self.book.failing());
        self.counters.in_flight.set(self.book.in_flight());
        self.counters.unsettled.set(self.book.unsettled());
    }

    async fn wait(&self) {
        let now = Instant::now();
        let claims = !self.mailbox.is_stopping() && !self.renew && self.has_room();
        let mut next = self.balance_at.min(self.prune_at);
        if claims {
            next = next.min(if self.may_have_more() { now } else { self.poll_at });
        }
        if self.book.unsettled() > 0 {
            next = now;
        }
        let next = next.max(self.resume_at);
        if next > now {
            // Whichever comes first; what arrived is looked at in any case.
            let _ = tokio::time::timeout_at(next, self.mailbox.arrival()).await;
        } else {
            // Tasks that publish get their turn.
            tokio::task::yield_now().await;
        }
    }

    /// Records the rest and gives the lanes back, as far as the store lets it.
    async fn leave(&mut self) {
        let mut result = self.record().await;
        if result.is_ok() {
            result = self.outbox.release(self.owner.clone(), self.book.held(), true).await;
        }
        if let Err(error) = result {
            tracing::warn!(failure = error.kind.word(), "the relay left without giving its lanes back");
            self.counters.store_failures.add(1);
        }
    }
}

/// Puts the end of a publish into the mailbox, also when its task is dropped or panics.
struct Answer {
    mailbox: Arc<Mailbox>,
    ended: Option<(super::book::Subject, u64, Lease)>,
}

impl Answer {
    fn give(mut self, result: Result<(), PublishError>) {
        self.put(result);
    }

    fn put(&mut self, result: Result<(), PublishError>) {
        if let Some((subject, position, lease)) = self.ended.take() {
            self.mailbox.put(Ended { subject, position, lease, result });
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.put(Err(PublishError::transient("the publisher ended without an answer")));
    }
}
