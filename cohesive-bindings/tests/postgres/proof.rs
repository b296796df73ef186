//! What a server has to be like before anything is entrusted to it.

use std::num::NonZeroUsize;
use std::time::Duration;

use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore};
use cohesive_bindings::store::{Store as _, StoreErrorKind, UnitOutcome};

use super::server::Server;
use super::tickets::{commit, create, versions, whole};

/// Why the server at this address is refused; nothing, if it is not.
async fn refusal(url: &str, options: PostgresOptions) -> Option<(StoreErrorKind, String)> {
    match PostgresStore::open(url, &STRUCTURES, options).await {
        Ok(store) => {
            store.close().await;
            None
        }
        Err(error) => Some((error.kind, error.message)),
    }
}

async fn refused_as_misfit(url: &str, named: &str) {
    let (kind, message) = refusal(url, PostgresOptions::default()).await.unwrap();
    assert_eq!(kind, StoreErrorKind::Schema, "{message}");
    assert!(message.contains(named), "{message}");
}

// F20
#[tokio::test]
async fn a_replica_is_refused() {
    let primary = Server::start(&[]);
    let store =
        PostgresStore::open(&primary.url("postgres"), &STRUCTURES, PostgresOptions::default()).await.unwrap();
    commit(&store, whole(create("t"))).await.unwrap();
    store.close().await;
    let replica =
        primary.copy(&["hot_standby = on"], |data| std::fs::write(data.join("standby.signal"), "").unwrap());
    // It can be read from, which is why somebody might think that it will do.
    let rows = replica.client("postgres").await.query("SELECT FROM ticket", &[]).await.unwrap();
    assert_eq!(rows.len(), 1);
    let (kind, message) = refusal(&replica.url("postgres"), PostgresOptions::default()).await.unwrap();
    assert_eq!(kind, StoreErrorKind::Unavailable);
    assert!(message.contains("replica") && message.contains("primary"), "{message}");
    // Whoever has several hosts gets the primary.
    let (hosts, rest) = (
        format!("host={},{}", replica.home().display(), primary.home().display()),
        "user=postgres dbname=postgres target_session_attrs=read-write",
    );
    assert_eq!(refusal(&format!("{hosts} {rest}"), PostgresOptions::default()).await, None);
}

// F23
#[tokio::test]
async fn a_server_that_may_lose_commits_is_refused() {
    let server = Server::start(&[]);
    let client = server.client("postgres").await;
    let url = server.url("postgres");
    for (setting, named) in [
        ("fsync", "`fsync` is off: a power cut would lose commits that were answered"),
        ("synchronous_commit", "`synchronous_commit` is off: a crash would lose commits that were answered"),
        ("full_page_writes", "`full_page_writes` is off: a power cut could leave half-written pages"),
    ] {
        let change = async |change: &str| {
            client.batch_execute(change).await.unwrap();
            client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        };
        change(&format!("ALTER SYSTEM SET {setting} = off")).await;
        wait_for_setting(&server, setting, "off").await;
        refused_as_misfit(&url, named).await;
        let trusting = PostgresOptions { storage_never_tears_pages: true, ..PostgresOptions::default() };
        assert_eq!(refusal(&url, trusting).await.is_none(), setting == "full_page_writes", "{setting}");
        change(&format!("ALTER SYSTEM RESET {setting}")).await;
        wait_for_setting(&server, setting, "on").await;
        assert_eq!(refusal(&url, PostgresOptions::default()).await, None);
    }
    for (setting, named) in [
        ("zero_damaged_pages = on", "damaged rows would vanish silently"),
        ("synchronous_commit = off", "would lose commits that were answered"),
    ] {
        client.batch_execute(&format!("ALTER ROLE postgres SET {setting}")).await.unwrap();
        refused_as_misfit(&url, named).await;
        client.batch_execute("ALTER ROLE postgres RESET ALL").await.unwrap();
    }
}

/// A new connection shows what has arrived at the server.
async fn wait_for_setting(server: &Server, setting: &str, value: &str) {
    for attempt in 0.. {
        assert!(attempt < 10_000, "{setting} does not become {value}");
        let row = server.client("postgres").await.query_one(&format!("SHOW {setting}"), &[]).await.unwrap();
        if row.get::<_, &str>(0) == value {
            return;
        }
    }
}

/// Every connection is asked, not only the first one.
#[tokio::test]
async fn a_server_that_turns_bad_is_refused_later() {
    let server = Server::start(&[]);
    let url = server.url("postgres");
    let store = PostgresStore::open(&url, &STRUCTURES, PostgresOptions::default()).await.unwrap();
    commit(&store, whole(create("t"))).await.unwrap();
    server
        .client("postgres")
        .await
        .batch_execute("ALTER ROLE postgres SET synchronous_commit = off")
        .await
        .unwrap();
    server.stop();
    server.run_again();
    let error = loop {
        match commit(&store, whole(create("u"))).await {
            Err(error) if error.kind == StoreErrorKind::Schema => break error,
            // The connection that is gone may have to be noticed first.
            Err(error) => {
                assert!(matches!(error.kind, StoreErrorKind::Unknown | StoreErrorKind::Unavailable));
            }
            Ok(outcome) => panic!("{outcome:?}"),
        }
    };
    assert!(error.message.contains("synchronous_commit"), "{error}");
}

#[tokio::test]
async fn a_database_that_cannot_hold_all_text_is_refused() {
    let server = Server::shared();
    let client = server.client("postgres").await;
    let latin = "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'";
    client.batch_execute(latin).await.unwrap();
    refused_as_misfit(&server.url("latin"), "encoded in LATIN1, which cannot hold all text").await;
}

#[tokio::test]
async fn what_cannot_be_reached_is_unavailable() {
    let server = Server::shared();
    for (url, named) in [
        ("host=/nowhere user=postgres".to_owned(), "connecting"),
        (server.url("missing"), "database \"missing\" does not exist (3D000)"),
        (server.url("postgres").replace("user=postgres", "user=nobody"), "role \"nobody\" does not exist"),
    ] {
        let (kind, message) = refusal(&url, PostgresOptions::default()).await.unwrap();
        assert_eq!(kind, StoreErrorKind::Unavailable, "{message}");
        assert!(message.contains(named), "{message}");
    }
    // A string that cannot be read may hold a password, so it is not quoted.
    let (kind, message) = refusal("postgres://user:secret@[", PostgresOptions::default()).await.unwrap();
    assert_eq!((kind, message.as_str()), (StoreErrorKind::Schema, "the connection string cannot be read"));
    let (kind, message) =
        refusal("host=localhost user=a sslmode=require", PostgresOptions::default()).await.unwrap();
    assert_eq!(kind, StoreErrorKind::Schema);
    assert!(message.contains("postgres-tls"), "{message}");
}

/// F18: what a role or a database has as its default does not count.
#[tokio::test]
async fn settings_are_those_of_the_store() {
    let database = Server::shared().database().await;
    let client = database.client().await;
    let name: String = client.query_one("SELECT current_database()::text", &[]).await.unwrap().get(0);
    for setting in [
        "default_transaction_isolation = 'serializable'",
        "default_transaction_read_only = on",
        "standard_conforming_strings = off",
        "search_path = 'elsewhere'",
        "timezone = 'America/Chicago'",
        "datestyle = 'German'",
        "statement_timeout = 100000",
        "enable_indexscan = on",
        "jit = on",
    ] {
        client.batch_execute(&format!("ALTER DATABASE {name} SET {setting}")).await.unwrap();
    }
    let options = PostgresOptions {
        application_name: "freight desk".to_owned(),
        statement_timeout: Duration::from_secs(7),
        lock_timeout: Duration::from_millis(1500),
        answer_grace: Duration::from_secs(3),
        connections: NonZeroUsize::MIN,
        ..PostgresOptions::default()
    };
    let store = PostgresStore::open(database.url(), &STRUCTURES, options).await.unwrap();
    let settings = store.settings().await.unwrap();
    assert!(settings.version >= 150_000);
    assert_eq!((settings.statement_timeout, settings.lock_timeout), (7000, 1500));
    assert_eq!(settings.idle_in_transaction_timeout, 10_000);
    assert_eq!(settings.application_name, "freight desk");
    assert_eq!(
        (settings.synchronous_commit.as_str(), settings.fsync, settings.full_page_writes),
        ("on", true, true)
    );
    assert_eq!(settings.schema, "public");
    assert_eq!(commit(&store, whole(create("it's \\'"))).await.unwrap(), UnitOutcome::Committed);
    assert_eq!(versions(&store, "it's \\'").await, 1);
    // In a block of its own, a stale version is a conflict as always, and not a failure to serialize.
    let conflict = commit(&store, whole(create("it's \\'"))).await.unwrap();
    assert!(matches!(conflict, UnitOutcome::ReceiptExists(_)), "{conflict:?}");
    store.close().await;
}
