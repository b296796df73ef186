//! How a PostgreSQL store is opened.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use crate::port::{Clock, SystemClock};

/// How a PostgreSQL store is opened. The default is the safe choice in every point.
///
/// Everything here is a bound or a name. What the connection string says about hosts, users and `sslmode` holds; its
/// time limits are replaced by those given here.
#[derive(Clone)]
pub struct PostgresOptions {
    /// The schema that holds the tables. It is created when it is missing, and is the only one that is looked into.
    pub schema: String,
    /// What the server shows as the name of each connection.
    pub application_name: String,
    /// How many connections there are at most. One commit takes one, and each load, list or look-up as well.
    pub connections: NonZeroUsize,
    /// How many calls may wait for a connection; further ones fail as unavailable.
    pub queue: usize,
    /// How long a call waits for a connection; then it fails as unavailable.
    pub acquire_timeout: Duration,
    /// How long to wait for a new connection to one host.
    pub connect_timeout: Duration,
    /// How long a connection is used before it is replaced by a new one.
    pub lifetime: Duration,
    /// After how much silence the operating system asks whether the server is still there, over TCP.
    pub keepalive: Duration,
    /// How many prepared statements a connection keeps. Each takes memory on the server.
    pub statements: NonZeroUsize,
    /// How long the server works on one statement; then it gives up, and nothing is committed.
    pub statement_timeout: Duration,
    /// How long a statement waits for a lock of another; then it gives up, and nothing is committed.
    pub lock_timeout: Duration,
    /// How much longer than the server's own limit to wait for an answer. After that the connection is given up, and
    /// it cannot be known whether a commit took place.
    pub answer_grace: Duration,
    /// How often a commit is tried anew after the server took it back because of others: a deadlock or a
    /// serialization failure.
    pub retries: u32,
    /// How long a migration may wait for locks. It may work for as long as it takes.
    pub migration_lock_timeout: Duration,
    /// Whether to accept `full_page_writes = off`, which is safe only where storage never tears a page (ZFS).
    pub storage_never_tears_pages: bool,
    /// The certificates to trust, for a connection over TLS.
    #[cfg(feature = "postgres-tls")]
    pub tls: Option<super::Tls>,
    /// Tells when a migration was applied.
    pub clock: Arc<dyn Clock>,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            schema: "public".to_owned(),
            application_name: "cohesive".to_owned(),
            connections: NonZeroUsize::MIN.saturating_add(7),
            queue: 1024,
            acquire_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            lifetime: Duration::from_mins(30),
            keepalive: Duration::from_secs(30),
            statements: NonZeroUsize::MIN.saturating_add(255),
            statement_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(10),
            answer_grace: Duration::from_secs(10),
            retries: 5,
            migration_lock_timeout: Duration::from_mins(1),
            storage_never_tears_pages: false,
            #[cfg(feature = "postgres-tls")]
            tls: None,
            clock: Arc::new(SystemClock),
        }
    }
}

impl PostgresOptions {
    /// How long to wait for an answer at most.
    pub(super) const fn patience(&self) -> Duration {
        self.statement_timeout.saturating_add(self.answer_grace)
    }
}

/// What is in force on a connection, as the server itself tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresSettings {
    /// The version of the server as a number, for example 150018.
    pub version: u32,
    /// `on`, `local`, `remote_write` or `remote_apply`: which copies have to have a commit before it is answered.
    pub synchronous_commit: String,
    /// Whether the server syncs its files.
    pub fsync: bool,
    /// Whether pages are protected against being written in part.
    pub full_page_writes: bool,
    /// The schema that holds the tables.
    pub schema: String,
    /// How long the server works on one statement, in milliseconds.
    pub statement_timeout: u64,
    /// How long a statement waits for a lock, in milliseconds.
    pub lock_timeout: u64,
    /// How long a block may stand idle before the server ends it, in milliseconds.
    pub idle_in_transaction_timeout: u64,
    /// What the server shows as the name of the connection.
    pub application_name: String,
}

/// What the connections of a store are doing; a measure of the pressure on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostgresPool {
    /// Connections that are ready for the next call.
    pub idle: usize,
    /// Connections that a call is using, or that are being cleaned up after one.
    pub busy: usize,
    /// Calls that wait for a connection.
    pub waiting: usize,
    /// Connections made so far.
    pub opened: u64,
    /// Connections given up so far: broken, outlived, or left in a state that could not be cleaned up.
    pub discarded: u64,
    /// Commits that were tried anew after a deadlock or a serialization failure.
    pub retried: u64,
}

/// The oldest version that is known to work, as `server_version_num` has it.
pub(super) const OLDEST: NonZeroU32 = NonZeroU32::MIN.saturating_add(149_999);
