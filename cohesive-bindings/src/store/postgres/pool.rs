//! The connections of a store, each used by one call at a time.
//!
//! A connection goes back to the others only when it is known to be outside of any block. One that a caller left in
//! the middle of its work is taken out of that work in the background, or given up (F13, R54).

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection::Connector;
use super::error::{error, unavailable};
use super::options::PostgresPool;
use super::session::{Condition, Session};
use crate::store::{StoreError, StoreErrorKind};

/// The connections of a store.
pub(super) struct Pool {
    connector: Connector,
    /// One for each connection that may be in use.
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Session>>,
    closed: AtomicBool,
    waiting: AtomicUsize,
    opened: AtomicU64,
    discarded: AtomicU64,
    pub(super) retried: AtomicU64,
}

impl Pool {
    pub(super) fn new(connector: Connector) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(connector.options().connections.get()));
        Arc::new(Self {
            connector,
            places,
            idle: Mutex::default(),
            closed: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            opened: AtomicU64::new(0),
            discarded: AtomicU64::new(0),
            retried: AtomicU64::new(0),
        })
    }

    pub(super) const fn connector(&self) -> &Connector {
        &self.connector
    }

    /// A clean connection, as soon as there is one.
    pub(super) async fn acquire(self: &Arc<Self>) -> Result<Lease, StoreError> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(closed());
        }
        let options = self.connector.options();
        let _waiting = Waiting::enter(&self.waiting, options.queue)?;
        match tokio::time::timeout(options.acquire_timeout, self.lease()).await {
            Ok(lease) => lease,
            Err(_) => Err(unavailable(format!("no connection within {:?}", options.acquire_timeout))),
        }
    }

    async fn lease(self: &Arc<Self>) -> Result<Lease, StoreError> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| closed())?;
        while let Some(session) = self.idle().pop() {
            if session.condition() == Condition::Clean && session.age() < self.connector.options().lifetime {
                return Ok(Lease { pool: Arc::clone(self), session: Some(session), place: Some(place) });
            }
            self.discard(session);
        }
        let session = self.connector.connect().await?;
        self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(Lease { pool: Arc::clone(self), session: Some(session), place: Some(place) })
    }

    /// Takes no more calls, waits for those under way, and closes the connections.
    pub(super) async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let all = u32::try_from(self.connector.options().connections.get()).unwrap_or(u32::MAX);
        if let Ok(places) = self.places.acquire_many(all).await {
            places.forget();
        }
        self.places.close();
        let idle = std::mem::take(&mut *self.idle());
        for session in idle {
            session.close().await;
        }
    }

    pub(super) fn status(&self) -> PostgresPool {
        PostgresPool {
            idle: self.idle().len(),
            busy: self.connector.options().connections.get() - self.places.available_permits(),
            waiting: self.waiting.load(Ordering::Relaxed),
            opened: self.opened.load(Ordering::Relaxed),
            discarded: self.discarded.load(Ordering::Relaxed),
            retried: self.retried.load(Ordering::Relaxed),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a connection back, if it is known to be clean.
    fn take_back(&self, session: Session) {
        if session.condition() == Condition::Clean {
            self.idle().push(session);
        } else {
            self.discard(session);
        }
    }

    fn discard(&self, session: Session) {
        self.discarded.fetch_add(1, Ordering::Relaxed);
        session.discard();
    }
}

fn closed() -> StoreError {
    error(StoreErrorKind::Closed, "the store is closed")
}

/// One call that waits for a connection.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize, most: usize) -> Result<Self, StoreError> {
        let before = count.fetch_add(1, Ordering::SeqCst);
        let waiting = Self(count);
        if before >= most {
            return Err(unavailable(format!("{before} calls wait for a connection already")));
        }
        Ok(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A connection in use. Dropping it gives it back.
pub(super) struct Lease {
    pool: Arc<Pool>,
    /// There until it is dropped.
    session: Option<Session>,
    place: Option<OwnedSemaphorePermit>,
}

impl Deref for Lease {
    type Target = Session;

    #[expect(clippy::expect_used, reason = "only `drop` takes it out")]
    fn deref(&self) -> &Session {
        self.session.as_ref().expect("a lease holds a connection")
    }
}

impl DerefMut for Lease {
    #[expect(clippy::expect_used, reason = "only `drop` takes it out")]
    fn deref_mut(&mut self) -> &mut Session {
        self.session.as_mut().expect("a lease holds a connection")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let (Some(mut session), place) = (self.session.take(), self.place.take()) else { return };
        let runtime = tokio::runtime::Handle::try_current();
        match (session.condition(), runtime) {
            (Condition::Dirty, Ok(runtime)) => {
                let pool = Arc::clone(&self.pool);
                runtime.spawn(async move {
                    session.reset().await;
                    pool.take_back(session);
                    drop(place);
                });
            }
            _ => self.pool.take_back(session),
        }
    }
}
