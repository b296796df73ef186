//! The smaller ports: time, ids and tasks come in from outside, so that tests can hold them.

use std::sync::Arc;

use cohesive_core::kernel::CorrelationId;
use cohesive_core::value::Timestamp;

use crate::store::BoxFuture;

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Where fresh ids come from.
pub trait Ids: Send + Sync + 'static {
    /// A correlation id for an input that came without one.
    fn correlation(&self) -> CorrelationId;
}

/// Where tasks run.
pub trait Spawner: Send + Sync + 'static {
    /// Runs `task` to its end, whoever waits for it or not.
    fn spawn(&self, task: BoxFuture<'static, ()>);
}

/// The ports that a node needs besides its store.
#[derive(Clone)]
pub struct Ports {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where fresh ids come from.
    pub ids: Arc<dyn Ids>,
    /// Where tasks run.
    pub spawner: Arc<dyn Spawner>,
}

impl Ports {
    /// The operating system's clock, random ids and the current Tokio runtime.
    #[must_use]
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock), ids: Arc::new(RandomIds), spawner: Arc::new(TokioSpawner) }
    }
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port through which the time comes in")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
        Timestamp::from_micros(micros).unwrap_or(Timestamp::MAX)
    }
}

/// UUIDs of version 7.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the port through which fresh ids come in")]
    fn correlation(&self) -> CorrelationId {
        CorrelationId::from(uuid::Uuid::now_v7())
    }
}

/// The Tokio runtime that is current when a task is spawned.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioSpawner;

impl Spawner for TokioSpawner {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        drop(tokio::spawn(task));
    }
}
