//! Signals to the relay's loop. All of them are hints: whatever is lost is found by polling (F34).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Notify;

use super::book::Subject;
use crate::broker::PublishError;
use crate::store::outbox::Lease;

/// Tells relays in the same process that messages were committed. A node rings it after each commit that has some.
#[derive(Clone, Default)]
pub struct Wake(Arc<Mutex<Vec<Weak<Mailbox>>>>);

impl Wake {
    /// Has every relay that listens look for messages.
    pub fn ring(&self) {
        let mut listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| match listener.upgrade() {
            Some(mailbox) => {
                mailbox.woken.store(true, Ordering::Release);
                mailbox.signal.notify_one();
                true
            }
            None => false,
        });
    }

    pub(super) fn listen(&self, mailbox: &Arc<Mailbox>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(mailbox));
    }
}

/// How a publish ended.
pub(super) struct Ended {
    pub(super) subject: Subject,
    pub(super) position: u64,
    pub(super) lease: Lease,
    pub(super) result: Result<(), PublishError>,
}

/// What arrives for the loop. It holds no more than what is in flight.
#[derive(Default)]
pub(super) struct Mailbox {
    ended: Mutex<Vec<Ended>>,
    woken: AtomicBool,
    stopping: AtomicBool,
    signal: Notify,
}

impl Mailbox {
    pub(super) fn put(&self, ended: Ended) {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).push(ended);
        self.signal.notify_one();
    }

    pub(super) fn take(&self) -> Vec<Ended> {
        std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.signal.notify_one();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    pub(super) fn was_woken(&self) -> bool {
        self.woken.swap(false, Ordering::AcqRel)
    }

    pub(super) async fn arrival(&self) {
        self.signal.notified().await;
    }
}
