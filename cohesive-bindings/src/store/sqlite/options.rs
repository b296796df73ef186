//! How a SQLite store is opened.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use crate::port::{Clock, SystemClock};

/// How a SQLite store is opened. The default is the safe choice in every point.
#[derive(Clone)]
pub struct SqliteOptions {
    /// When a commit counts as durable.
    pub synchronous: Synchronous,
    /// How long to wait for another process that writes; then the call fails as unavailable.
    pub busy_timeout: Duration,
    /// How many connections serve loads and lists.
    pub readers: NonZeroUsize,
    /// How many calls may wait for the writer, and how many for the readers; further ones wait outside.
    pub queue: NonZeroUsize,
    /// After how many pages in the log a commit moves them into the database. Larger is faster and takes more disk.
    pub checkpoint_pages: NonZeroU32,
    /// How many pages of 4096 bytes the database may have; a commit beyond that fails as full.
    pub max_pages: Option<NonZeroU32>,
    /// Tells when a migration was applied, and what leases, retries and the times of publishing go by. Processes that
    /// share a file have to have one time.
    pub clock: Arc<dyn Clock>,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            synchronous: Synchronous::Full,
            busy_timeout: Duration::from_secs(5),
            readers: NonZeroUsize::MIN.saturating_add(1),
            queue: NonZeroUsize::MIN.saturating_add(255),
            checkpoint_pages: NonZeroU32::MIN.saturating_add(3999),
            max_pages: None,
            clock: Arc::new(SystemClock),
        }
    }
}

/// When a commit counts as durable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// When it survives a power cut: the log is synced before the commit is answered.
    #[default]
    Full,
    /// When it survives a crash of the process. A power cut may take the last commits, never a part of one.
    Normal,
}

impl Synchronous {
    /// The word for it in `PRAGMA synchronous`.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Normal => "NORMAL",
        }
    }

    /// The statement that puts it in force.
    pub(super) const fn pragma(self) -> &'static str {
        match self {
            Self::Full => "PRAGMA synchronous = FULL",
            Self::Normal => "PRAGMA synchronous = NORMAL",
        }
    }

    /// The number that `PRAGMA synchronous` answers.
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Full => 2,
            Self::Normal => 1,
        }
    }
}

/// What is in force on the writer's connection, as SQLite itself tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteSettings {
    /// The version of SQLite.
    pub version: &'static str,
    /// `wal`: readers and the writer do not wait for each other.
    pub journal_mode: String,
    /// 2 for full, 1 for normal.
    pub synchronous: i64,
    /// Whether foreign keys are enforced.
    pub foreign_keys: bool,
    /// How long to wait for another process, in milliseconds.
    pub busy_timeout: i64,
    /// After how many pages in the log they are moved into the database.
    pub checkpoint_pages: i64,
    /// How many pages the database may have.
    pub max_pages: i64,
}
