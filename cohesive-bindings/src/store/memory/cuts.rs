//! Faults on demand: a place to cut before and after every step.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A step of a call, in the order in which they are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Before anything is read.
    BeforeLoad,
    /// After everything was read, before it is answered.
    AfterLoad,
    /// Before a batch begins.
    BeforeBegin,
    /// Before the state of a unit is written.
    BeforeWrite,
    /// After the state of a unit was written.
    AfterWrite,
    /// Before a receipt is written.
    BeforeReceipt,
    /// After a receipt was written.
    AfterReceipt,
    /// Before a message is written.
    BeforeMessage,
    /// After a message was written.
    AfterMessage,
    /// Before an input is kept.
    BeforeParked,
    /// After an input was kept.
    AfterParked,
    /// Before the batch becomes durable: all of it is lost.
    BeforeCommit,
    /// After the batch became durable, before it is answered: only the answer is lost.
    AfterCommit,
    /// Before a relay gets or gives back lanes.
    BeforeLease,
    /// After it got or gave back lanes, before it is answered.
    AfterLease,
    /// Before messages are claimed.
    BeforeClaim,
    /// After messages were claimed, before they are answered.
    AfterClaim,
    /// Before settlements are recorded.
    BeforeSettle,
    /// After settlements were recorded, before they are answered.
    AfterSettle,
    /// Before messages are removed, retried, dropped or made pending again.
    BeforeUpkeep,
    /// After messages were removed, retried, dropped or made pending again, before it is answered.
    AfterUpkeep,
    /// Before an attempt at a delivery is counted or forgotten, or a delivery is parked or removed.
    BeforeDelivery,
    /// After an attempt at a delivery was counted or forgotten, or a delivery was parked or removed, before it is
    /// answered.
    AfterDelivery,
}

/// What happens at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Nothing: the work goes on.
    Go,
    /// The call fails. The store lives on.
    Fail,
    /// The process dies here. The store is down until it is recovered.
    Crash,
}

/// Decides at which steps to cut. It is asked while the store is locked and must not call it.
pub trait Cuts: Send + Sync + 'static {
    /// What happens at the step that is reached now.
    fn reach(&self, step: Step) -> Cut;
}

/// Never cuts.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCuts;

impl Cuts for NoCuts {
    fn reach(&self, _: Step) -> Cut {
        Cut::Go
    }
}

/// Cuts once, at the n-th step that is reached, counted from 0.
///
/// A test repeats its work with n = 0, 1, 2, … until [`CutAt::reached`] stays empty: then it has seen a cut at
/// every step there is.
#[derive(Debug)]
pub struct CutAt {
    nth: usize,
    cut: Cut,
    seen: AtomicUsize,
    reached: Mutex<Option<Step>>,
}

impl CutAt {
    /// Fails the call at the n-th step.
    #[must_use]
    pub const fn fail(nth: usize) -> Self {
        Self::new(nth, Cut::Fail)
    }

    /// Kills the process at the n-th step.
    #[must_use]
    pub const fn crash(nth: usize) -> Self {
        Self::new(nth, Cut::Crash)
    }

    const fn new(nth: usize, cut: Cut) -> Self {
        Self { nth, cut, seen: AtomicUsize::new(0), reached: Mutex::new(None) }
    }

    /// The step at which it cut, if it did.
    #[must_use]
    pub fn reached(&self) -> Option<Step> {
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cuts for CutAt {
    fn reach(&self, step: Step) -> Cut {
        if self.seen.fetch_add(1, Ordering::SeqCst) != self.nth {
            return Cut::Go;
        }
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner) = Some(step);
        self.cut
    }
}
