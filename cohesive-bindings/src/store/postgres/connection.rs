//! Opening a connection, and making sure that it is what was asked for.
//!
//! Every connection is asked, not only the first: after a failover the same address can be another server.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

use super::error::{error, failed, misfit, unavailable};
use super::options::{OLDEST, PostgresOptions, PostgresSettings};
use super::schema;
use super::session::Session;
use crate::store::names::{literal, quoted};
use crate::store::{StoreError, StoreErrorKind};

/// Makes connections.
pub(super) struct Connector {
    config: Config,
    options: Arc<PostgresOptions>,
    /// What is sent first on every connection.
    setup: String,
    #[cfg(feature = "postgres-tls")]
    tls: Option<tokio_postgres_rustls::MakeRustlsConnect>,
}

impl Connector {
    /// Reads the connection string.
    pub(super) fn new(url: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        schema::check_schema(&options.schema)?;
        // The text of the error could quote a password.
        let mut config = Config::from_str(url).map_err(|_| misfit("the connection string cannot be read"))?;
        config
            .application_name(&options.application_name)
            .connect_timeout(options.connect_timeout)
            .keepalives(true)
            .keepalives_idle(options.keepalive)
            .keepalives_interval(options.keepalive)
            .keepalives_retries(3)
            .tcp_user_timeout(options.patience());
        #[cfg(feature = "postgres-tls")]
        let tls = options.tls.as_ref().map(super::Tls::connector).transpose()?;
        #[cfg(feature = "postgres-tls")]
        let encrypted = tls.is_some();
        #[cfg(not(feature = "postgres-tls"))]
        let encrypted = false;
        if encrypted {
            // Never fall back to plain text where TLS was asked for.
            config.ssl_mode(SslMode::Require);
        } else if config.get_ssl_mode() == SslMode::Require {
            return Err(misfit(
                "`sslmode=require` needs the feature `postgres-tls` and `PostgresOptions::tls`",
            ));
        }
        let setup = setup(&options);
        Ok(Self {
            config,
            options: Arc::new(options),
            setup,
            #[cfg(feature = "postgres-tls")]
            tls,
        })
    }

    pub(super) fn options(&self) -> &PostgresOptions {
        &self.options
    }

    /// A new connection that keeps what the store promises.
    pub(super) async fn connect(&self) -> Result<Session, StoreError> {
        let (client, driver) = self.open().await?;
        let options = self.options();
        let session = Session::new(client, driver, options.statements.get(), options.patience());
        let settings = self.set_up(session.client()).await?;
        prove(&settings, options)?;
        Ok(session)
    }

    /// What is in force on a new connection, whether or not it suffices.
    pub(super) async fn settings(&self) -> Result<PostgresSettings, StoreError> {
        let (client, _driver) = self.open().await?;
        let told = self.set_up(&client).await?;
        told.settings()
    }

    async fn open(&self) -> Result<(Client, JoinHandle<()>), StoreError> {
        #[cfg(feature = "postgres-tls")]
        if let Some(tls) = &self.tls {
            let (client, connection) = self.config.connect(tls.clone()).await.map_err(refused)?;
            return Ok((client, tokio::spawn(drive(connection))));
        }
        let (client, connection) = self.config.connect(NoTls).await.map_err(refused)?;
        Ok((client, tokio::spawn(drive(connection))))
    }

    /// Sets what the store relies on, and asks for what it does not set.
    async fn set_up(&self, client: &Client) -> Result<Told, StoreError> {
        let answer = client.simple_query(&self.setup).await.map_err(failed)?;
        let row = answer.into_iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let row = row.ok_or_else(|| unavailable("the server did not tell its settings"))?;
        let told = row
            .columns()
            .iter()
            .enumerate()
            .filter_map(|(index, column)| Some((column.name().to_owned(), row.get(index)?.to_owned())));
        Ok(Told(told.collect()))
    }
}

/// A server that cannot be reached now may be reached later, whatever it said.
fn refused(cause: tokio_postgres::Error) -> StoreError {
    StoreError { kind: StoreErrorKind::Unavailable, ..failed(cause) }
}

/// Moves bytes until the connection ends.
async fn drive<T>(connection: T)
where
    T: Future<Output = Result<(), tokio_postgres::Error>>,
{
    if let Err(cause) = connection.await {
        tracing::debug!(%cause, "a connection to PostgreSQL ended");
    }
}

/// What is set on every connection, whatever role, database or server have as their default.
///
/// Every search has an index and is meant to use it. Plans are made once and for all, and a plan that was made while a
/// table was empty must not read all of it when it has grown.
fn setup(options: &PostgresOptions) -> String {
    let millis = |duration: Duration| duration.as_millis().to_string();
    let path = format!("{}, pg_temp", quoted(&options.schema));
    let sets = [
        ("search_path", path),
        ("timezone", "'UTC'".to_owned()),
        ("datestyle", "'ISO, YMD'".to_owned()),
        ("standard_conforming_strings", "on".to_owned()),
        ("default_transaction_isolation", "'read committed'".to_owned()),
        ("default_transaction_read_only", "off".to_owned()),
        ("default_transaction_deferrable", "off".to_owned()),
        ("statement_timeout", millis(options.statement_timeout)),
        ("lock_timeout", millis(options.lock_timeout)),
        ("idle_in_transaction_session_timeout", millis(options.patience())),
        ("idle_session_timeout", "0".to_owned()),
        ("plan_cache_mode", "force_generic_plan".to_owned()),
        ("enable_seqscan", "off".to_owned()),
        ("enable_hashjoin", "off".to_owned()),
        ("enable_mergejoin", "off".to_owned()),
        ("jit", "off".to_owned()),
    ];
    let mut sql = String::new();
    for (name, value) in sets {
        let _ = write!(sql, "SET {name} = {value};");
    }
    let asked = ASKED.map(|name| format!("current_setting({}) AS {name}", literal(name)));
    let _ = write!(sql, "SELECT {}, pg_is_in_recovery() AS replica", asked.join(", "));
    sql
}

/// The settings that are asked for.
const ASKED: [&str; 12] = [
    "server_version_num",
    "server_encoding",
    "synchronous_commit",
    "fsync",
    "full_page_writes",
    "zero_damaged_pages",
    "standard_conforming_strings",
    "search_path",
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "application_name",
];

/// What the server told about itself.
struct Told(HashMap<String, String>);

impl Told {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn is_on(&self, name: &str) -> bool {
        self.text(name) == "on"
    }

    fn settings(&self) -> Result<PostgresSettings, StoreError> {
        let version = self.text("server_version_num").parse();
        let version = version.map_err(|_| unavailable("the server did not tell its version"))?;
        let schema = self.text("search_path").split(',').next().unwrap_or_default();
        Ok(PostgresSettings {
            version,
            synchronous_commit: self.text("synchronous_commit").to_owned(),
            fsync: self.is_on("fsync"),
            full_page_writes: self.is_on("full_page_writes"),
            schema: schema.trim_matches('"').to_owned(),
            statement_timeout: millis(self.text("statement_timeout")),
            lock_timeout: millis(self.text("lock_timeout")),
            idle_in_transaction_timeout: millis(self.text("idle_in_transaction_session_timeout")),
            application_name: self.text("application_name").to_owned(),
        })
    }
}

/// A time as PostgreSQL shows it, in the largest unit that divides it.
fn millis(shown: &str) -> u64 {
    let digits = shown.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = match &shown[digits.len()..] {
        "s" => 1000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => 1,
    };
    digits.parse::<u64>().unwrap_or(0).saturating_mul(unit)
}

/// Refuses a server on which a promise would be void, and names the promise.
fn prove(told: &Told, options: &PostgresOptions) -> Result<(), StoreError> {
    let settings = told.settings()?;
    if told.text("replica") == "t" {
        return Err(error(
            StoreErrorKind::Unavailable,
            "this server is a replica: it commits nothing, and what it shows may be behind what was answered. Give the \
             primary, or several hosts with `target_session_attrs=read-write`",
        ));
    }
    let version = settings.version;
    let torn = options.storage_never_tears_pages || settings.full_page_writes;
    let needs = [
        (version >= OLDEST.get(), format!("this is version {version}; {OLDEST} or later is needed")),
        (
            told.text("server_encoding") == "UTF8",
            format!("the database is encoded in {}, which cannot hold all text; UTF8 is needed", told.text("server_encoding")),
        ),
        (
            told.text("synchronous_commit") != "off",
            "`synchronous_commit` is off: a crash would lose commits that were answered".to_owned(),
        ),
        (settings.fsync, "`fsync` is off: a power cut would lose commits that were answered, and the database".to_owned()),
        (torn, "`full_page_writes` is off: a power cut could leave half-written pages. Where storage rules that out, say so with `PostgresOptions::storage_never_tears_pages`".to_owned()),
        (!told.is_on("zero_damaged_pages"), "`zero_damaged_pages` is on: damaged rows would vanish silently".to_owned()),
        (
            told.is_on("standard_conforming_strings"),
            "`standard_conforming_strings` is off: a backslash would change what statements mean".to_owned(),
        ),
    ];
    match needs.into_iter().find(|(met, _)| !met) {
        Some((_, reason)) => Err(misfit(reason)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_old_versions() {
        let told = |version: &str| {
            let sound = [
                ("server_encoding", "UTF8"),
                ("synchronous_commit", "on"),
                ("fsync", "on"),
                ("full_page_writes", "on"),
                ("zero_damaged_pages", "off"),
                ("standard_conforming_strings", "on"),
                ("replica", "f"),
                ("server_version_num", version),
            ];
            Told(sound.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
        };
        let proved = |version: &str| prove(&told(version), &PostgresOptions::default());
        assert!(proved("140999").unwrap_err().message.starts_with("this is version 140999"));
        assert!(proved("150000").is_ok());
        assert_eq!(proved("?").unwrap_err().kind, StoreErrorKind::Unavailable);
    }

    #[test]
    fn reads_times_as_they_are_shown() {
        let shown = ["0", "250ms", "7s", "2min", "3h", "1d"];
        assert_eq!(shown.map(millis), [0, 250, 7000, 120_000, 10_800_000, 86_400_000]);
    }
}
