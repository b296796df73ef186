//! The reference store: in memory, as strict as a database, with faults on demand (P18).
//!
//! It passes the same conformance suite as every other store. Before and after each step of a load and a commit
//! it asks its [`Cuts`] whether to go on, so that a test can make a call fail or a process die at any of them.
//! What was committed survives in a [`MemoryStore`] that [`MemoryStore::recover`] gives.

mod cuts;
mod deliveries;
mod durable;
mod inbox;
mod outbox;
mod queue;

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cohesive_core::kernel::MessageId;
use cohesive_core::model::{Structure, Type};
use cohesive_core::value::{Datum, Timestamp};

pub use cuts::{Cut, CutAt, Cuts, NoCuts, Step};
use durable::{Durable, Undo};

use super::{
    BoxFuture, ListQuery, Load, Loaded, OutboxQuery, Row, Store, StoreError, StoreErrorKind, StoredInput,
    StoredMessage, Unit, UnitOutcome, Write, fit,
};
use crate::port::{Clock, SystemClock};

const NAME: &str = "memory";

/// A store in memory. Clones are handles on the same store within the same process.
#[derive(Clone)]
pub struct MemoryStore {
    durable: Arc<Mutex<Durable>>,
    process: Arc<Process>,
}

/// What dies in a crash.
struct Process {
    phase: AtomicU8,
    cuts: Arc<dyn Cuts>,
    clock: Arc<dyn Clock>,
}

const UP: u8 = 0;
const CLOSED: u8 = 1;
const DOWN: u8 = 2;

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty store that never fails.
    #[must_use]
    pub fn new() -> Self {
        Self::with_cuts(Arc::new(NoCuts))
    }

    /// An empty store that fails where `cuts` says.
    #[must_use]
    pub fn with_cuts(cuts: Arc<dyn Cuts>) -> Self {
        Self::start(Arc::default(), cuts, Arc::new(SystemClock))
    }

    /// What a new process finds after a crash or after closing: all that was committed, and nothing else.
    #[must_use]
    pub fn recover(&self) -> Self {
        self.recover_with(Arc::new(NoCuts))
    }

    /// The same, failing where `cuts` says.
    #[must_use]
    pub fn recover_with(&self, cuts: Arc<dyn Cuts>) -> Self {
        Self::start(Arc::clone(&self.durable), cuts, Arc::clone(&self.process.clock))
    }

    fn start(durable: Arc<Mutex<Durable>>, cuts: Arc<dyn Cuts>, clock: Arc<dyn Clock>) -> Self {
        Self { durable, process: Arc::new(Process { phase: AtomicU8::new(UP), cuts, clock }) }
    }

    /// The same store for a process of its own, which reads the time from `clock`. It is what leases, retries and the
    /// times of publishing go by.
    #[must_use]
    pub fn on_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self::start(Arc::clone(&self.durable), Arc::clone(&self.process.cuts), clock)
    }

    /// Gives a message its position now, though it is committed later: what a sequence of a database does, and why a
    /// position is no cursor (F1).
    pub fn allot_position(&self, message: MessageId) -> u64 {
        self.durable.lock().unwrap_or_else(PoisonError::into_inner).queue.allot(message)
    }

    fn lock(&self) -> Result<MutexGuard<'_, Durable>, StoreError> {
        let durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        match self.process.phase.load(Ordering::SeqCst) {
            UP => Ok(durable),
            CLOSED => Err(error(StoreErrorKind::Closed, "the store is closed")),
            _ => Err(error(StoreErrorKind::Unavailable, "the store is down")),
        }
    }

    /// Goes past a step, or fails with `kind` there.
    fn pass(&self, step: Step, kind: StoreErrorKind) -> Result<(), StoreError> {
        match self.process.cuts.reach(step) {
            Cut::Go => Ok(()),
            Cut::Fail => Err(error(kind, format!("cut at {step:?}"))),
            Cut::Crash => {
                self.process.phase.store(DOWN, Ordering::SeqCst);
                Err(error(kind, format!("crashed at {step:?}")))
            }
        }
    }

    fn load_now(&self, batch: &Load) -> Result<Loaded, StoreError> {
        fit::check_load(batch).map_err(misfit)?;
        let durable = self.lock()?;
        self.pass(Step::BeforeLoad, StoreErrorKind::Unavailable)?;
        let loaded = Loaded {
            rows: batch.rows.iter().map(|key| durable.load_row(key)).collect(),
            receipts: batch.receipts.iter().map(|key| durable.load_receipt(key)).collect(),
            marks: batch.marks.iter().map(|scope| durable.load_mark(scope)).collect(),
        };
        self.pass(Step::AfterLoad, StoreErrorKind::Unavailable)?;
        Ok(loaded)
    }

    fn commit_now(&self, batch: &[Unit]) -> Result<Vec<UnitOutcome>, StoreError> {
        fit::check_batch(batch).and_then(|()| check_json(batch)).map_err(misfit)?;
        let mut durable = self.lock()?;
        let mut done = Vec::new();
        let outcomes = self.apply_all(&mut durable, batch, &mut done);
        if outcomes.is_err() {
            roll_back(&mut durable, &mut done, 0);
        }
        let outcomes = outcomes?;
        self.pass(Step::AfterCommit, StoreErrorKind::Unknown)?;
        Ok(outcomes)
    }

    fn apply_all(
        &self,
        durable: &mut Durable,
        batch: &[Unit],
        done: &mut Vec<Undo>,
    ) -> Result<Vec<UnitOutcome>, StoreError> {
        self.pass(Step::BeforeBegin, StoreErrorKind::Unavailable)?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for unit in batch {
            let start = done.len();
            let refusal = self.apply(durable, unit, done)?;
            if refusal.is_some() {
                roll_back(durable, done, start);
            }
            outcomes.push(refusal.unwrap_or(UnitOutcome::Committed));
        }
        self.pass(Step::BeforeCommit, StoreErrorKind::Unavailable)?;
        Ok(outcomes)
    }

    /// Applies one unit; answers why not, if it is refused.
    fn apply(
        &self,
        durable: &mut Durable,
        unit: &Unit,
        done: &mut Vec<Undo>,
    ) -> Result<Option<UnitOutcome>, StoreError> {
        let kind = StoreErrorKind::Unavailable;
        if let Some(standing) = unit.receipts.iter().find_map(|receipt| durable.standing(receipt)) {
            return Ok(Some(UnitOutcome::ReceiptExists(Box::new(standing.clone()))));
        }
        if let Some(write) = &unit.write {
            self.pass(Step::BeforeWrite, kind)?;
            match durable.write(write) {
                Ok(undo) => done.push(undo),
                Err(refusal) => return Ok(Some(refusal)),
            }
            self.pass(Step::AfterWrite, kind)?;
        }
        for receipt in &unit.receipts {
            self.pass(Step::BeforeReceipt, kind)?;
            match durable.receipt(receipt) {
                Ok(undo) => done.push(undo),
                Err(refusal) => return Ok(Some(refusal)),
            }
            self.pass(Step::AfterReceipt, kind)?;
        }
        for message in &unit.messages {
            self.pass(Step::BeforeMessage, kind)?;
            match durable.message(message) {
                Ok(undo) => done.push(undo),
                Err(refusal) => return Ok(Some(refusal)),
            }
            self.pass(Step::AfterMessage, kind)?;
        }
        for input in &unit.parked {
            self.pass(Step::BeforeParked, kind)?;
            done.push(durable.park(input));
            self.pass(Step::AfterParked, kind)?;
        }
        Ok(None)
    }

    fn list_now(&self, query: &ListQuery) -> Result<Vec<Row>, StoreError> {
        fit::check_list(query).map_err(misfit)?;
        Ok(self.lock()?.list(query))
    }
}

impl Store for MemoryStore {
    fn name(&self) -> &'static str {
        NAME
    }

    fn load(&self, batch: Load) -> BoxFuture<'_, Result<Loaded, StoreError>> {
        Box::pin(async move { self.load_now(&batch) })
    }

    fn commit(&self, batch: Vec<Unit>) -> BoxFuture<'_, Result<Vec<UnitOutcome>, StoreError>> {
        Box::pin(async move { self.commit_now(&batch) })
    }

    fn list(&self, query: ListQuery) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(async move { self.list_now(&query) })
    }

    fn outbox(&self, query: OutboxQuery) -> BoxFuture<'_, Result<Vec<StoredMessage>, StoreError>> {
        Box::pin(async move { Ok(self.lock()?.outbox(&query)) })
    }

    fn parked_inputs(&self, limit: usize) -> BoxFuture<'_, Result<Vec<StoredInput>, StoreError>> {
        Box::pin(async move { Ok(self.lock()?.parked(limit)) })
    }

    fn prune_receipts(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.lock()?.prune(now)) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Ok(_durable) = self.lock() {
                self.process.phase.store(CLOSED, Ordering::SeqCst);
            }
        })
    }
}

/// Takes back what was done from `start` on, last change first.
fn roll_back(durable: &mut Durable, done: &mut Vec<Undo>, start: usize) {
    for undo in done.drain(start..).rev() {
        durable.undo(undo);
    }
}

/// A database refuses text that is not JSON in a JSON column; so does this.
fn check_json(batch: &[Unit]) -> Result<(), String> {
    let valid = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    for unit in batch {
        for (structure, (column, datum)) in unit.write.iter().flat_map(written) {
            let field = &structure.fields[*column];
            let Datum::Json(text) = datum else { continue };
            let first = match fit::plain(&field.ty) {
                Type::Record(_) => "{",
                Type::List(_) | Type::Set(_) => "[",
                _ => "",
            };
            if !valid(text) || !text.trim_start().starts_with(first) {
                return Err(format!("{}.{} cannot hold this JSON", structure.table, field.wire));
            }
        }
        if let Some(message) = unit.messages.iter().find(|message| !valid(&message.payload)) {
            return Err(format!("the payload of {} is not JSON", message.name));
        }
    }
    Ok(())
}

fn written(write: &Write) -> impl Iterator<Item = (&'static Structure, &(usize, Datum<'static>))> {
    write.columns.iter().map(|column| (write.structure, column))
}

fn misfit(message: String) -> StoreError {
    error(StoreErrorKind::Schema, message)
}

fn error(kind: StoreErrorKind, message: impl Into<String>) -> StoreError {
    StoreError { kind, store: NAME, message: message.into() }
}
