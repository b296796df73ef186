//! One connection with its statements, and the threads that own them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{CachedStatement, Connection};
use tokio::sync::{mpsc, oneshot, watch};

use super::error::error;
use super::options::{SqliteOptions, Synchronous};
use super::statements::{Catalogue, ROLLBACK};
use crate::store::{StoreError, StoreErrorKind};

/// One connection, owned by one thread.
pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) catalogue: Catalogue,
    pub(super) path: PathBuf,
    pub(super) options: Arc<SqliteOptions>,
    /// How the connection was opened, and is again when it has to be replaced.
    pub(super) open: fn(&Path, &SqliteOptions) -> Result<Connection, StoreError>,
}

impl Session {
    /// Runs a statement without parameters.
    pub(super) fn run(&self, sql: &str) -> rusqlite::Result<()> {
        prepare(&self.connection, sql)?.raw_execute().map(drop)
    }

    /// Ends a transaction that must not take effect. A connection that cannot be brought back is replaced: a
    /// transaction that stayed open would swallow every later commit.
    pub(super) fn roll_back(&mut self) {
        if !self.connection.is_autocommit() {
            let _ = self.run(ROLLBACK);
        }
        if !self.connection.is_autocommit() {
            tracing::error!("a transaction could not be rolled back; the connection is replaced");
            if let Err(cause) = self.replace() {
                tracing::error!(%cause, "the connection could not be replaced");
            }
        }
    }

    /// Opens the connection anew.
    pub(super) fn replace(&mut self) -> Result<(), StoreError> {
        self.connection = (self.open)(&self.path, &self.options)?;
        Ok(())
    }

    /// When the commits that follow count as durable. SQLite obeys while it reads the statement, so it cannot be
    /// one that is kept ready.
    pub(super) fn synchronise(&self, synchronous: Synchronous) -> rusqlite::Result<()> {
        self.connection.execute_batch(synchronous.pragma())
    }
}

/// A prepared statement, kept ready by its text.
pub(super) fn prepare<'a>(connection: &'a Connection, sql: &str) -> rusqlite::Result<CachedStatement<'a>> {
    connection.prepare_cached(sql)
}

/// The statement that was used last, at hand while a batch is under way: the next row mostly needs it again, and
/// finding it by its text takes about as long as binding its values.
pub(super) struct Ready<'a> {
    connection: &'a Connection,
    last: Option<(Arc<str>, CachedStatement<'a>)>,
}

impl<'a> Ready<'a> {
    pub(super) const fn new(connection: &'a Connection) -> Self {
        Self { connection, last: None }
    }

    /// The statement with this text.
    pub(super) fn get(&mut self, sql: &Arc<str>) -> rusqlite::Result<&mut CachedStatement<'a>> {
        let same = self.last.take().filter(|(text, _)| Arc::ptr_eq(text, sql));
        let ready = match same {
            Some(same) => same,
            None => (Arc::clone(sql), prepare(self.connection, sql)?),
        };
        Ok(&mut self.last.insert(ready).1)
    }
}

type Job = Box<dyn FnOnce(&mut Session) + Send>;

/// Threads with a connection each, and one queue before them.
///
/// A job that has entered the queue is run to its end, whether or not anybody still waits for the answer.
pub(super) struct Workers {
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    ended: watch::Receiver<()>,
    lost: StoreErrorKind,
}

impl Workers {
    /// Starts one thread per session. `lost` is what it means when a thread dies before it answers.
    pub(super) fn start(
        name: &str,
        sessions: Vec<Session>,
        places: usize,
        lost: StoreErrorKind,
    ) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel::<Job>(places);
        let receiver = Arc::new(Mutex::new(receiver));
        let (alive, ended) = watch::channel(());
        let alive = Arc::new(alive);
        for session in sessions {
            let (receiver, alive) = (Arc::clone(&receiver), Arc::clone(&alive));
            let thread = std::thread::Builder::new().name(format!("cohesive-sqlite-{name}"));
            thread
                .spawn(move || {
                    serve(session, &receiver);
                    drop(alive);
                })
                .map_err(|cause| error(StoreErrorKind::Unavailable, cause.to_string()))?;
        }
        Ok(Self { queue: Mutex::new(Some(sender)), ended, lost })
    }

    /// Hands a job over and waits for its answer.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let closed = || error(StoreErrorKind::Closed, "the store is closed");
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |session| {
            let _ = answer.send(work(session));
        });
        queue.ok_or_else(closed)?.send(job).await.map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| Err(error(self.lost, "the thread of the connection ended")))
    }

    /// Takes no more jobs, and waits until those in the queue are done and the connections are closed.
    pub(super) async fn stop(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut ended = self.ended.clone();
        while ended.changed().await.is_ok() {}
    }
}

fn serve(mut session: Session, jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        // The lock is held while waiting: the other threads then wait for the lock instead of for a job.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        match job {
            Some(job) => job(&mut session),
            None => return,
        }
    }
}
