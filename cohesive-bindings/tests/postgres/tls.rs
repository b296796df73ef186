//! Connections over TLS. The certificates beside this file are for tests only; their keys protect nothing.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use cohesive_bindings::store::conformance::STRUCTURES;
use cohesive_bindings::store::postgres::{PostgresOptions, PostgresStore, Tls};
use cohesive_bindings::store::{Store as _, StoreErrorKind, UnitOutcome};

use super::server::{Server, client};
use super::tickets::{commit, create, whole};

fn certificate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres/certificates").join(name)
}

/// A server that takes connections over TLS, and its port on this machine.
fn server() -> (Server, u16) {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let settings = ["listen_addresses = '127.0.0.1'", &format!("port = {port}"), "ssl = on"];
    let server = Server::prepared(&settings, |data| {
        for (from, to) in [("server.pem", "server.crt"), ("server.key", "server.key")] {
            std::fs::copy(certificate(from), data.join(to)).unwrap();
            Server::give(&data.join(to));
        }
    });
    (server, port)
}

fn trusting(name: &str) -> PostgresOptions {
    let tls = Some(Tls::trusting(certificate(name)).unwrap());
    PostgresOptions { tls, application_name: "encrypted".to_owned(), ..PostgresOptions::default() }
}

#[tokio::test]
async fn only_the_right_server_is_talked_to() {
    let (_server, port) = server();
    let url =
        |host: &str| format!("host={host} hostaddr=127.0.0.1 port={port} user=postgres dbname=postgres");
    let store = PostgresStore::open(&url("localhost"), &STRUCTURES, trusting("authority.pem")).await.unwrap();
    assert_eq!(commit(&store, whole(create("t"))).await.unwrap(), UnitOutcome::Committed);
    let plain = client(&url("localhost")).await;
    let sql = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'encrypted'";
    assert!(plain.query_one(sql, &[]).await.unwrap().get::<_, bool>(0));
    store.close().await;

    for (host, authority, named) in [
        ("localhost", "stranger.pem", "UnknownIssuer"),
        ("elsewhere.example.org", "authority.pem", "not valid for name"),
    ] {
        let error = PostgresStore::open(&url(host), &STRUCTURES, trusting(authority)).await.err().unwrap();
        assert_eq!(error.kind, StoreErrorKind::Unavailable);
        assert!(error.message.contains(named), "{error}");
    }
}

/// Where TLS was asked for, a server without it gets nothing, whatever the connection string allows.
#[tokio::test]
async fn nothing_is_sent_in_plain_text() {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let _server = Server::start(&["listen_addresses = '127.0.0.1'", &format!("port = {port}")]);
    for mode in ["disable", "prefer", "require"] {
        let url = format!("host=localhost hostaddr=127.0.0.1 port={port} user=postgres sslmode={mode}");
        let error = PostgresStore::open(&url, &STRUCTURES, trusting("authority.pem")).await.err().unwrap();
        assert_eq!(error.kind, StoreErrorKind::Unavailable, "{error}");
        assert!(error.message.contains("TLS"), "{error}");
    }
}

#[test]
fn a_file_without_certificates_trusts_nobody() {
    for name in ["server.key", "missing.pem"] {
        let error = Tls::trusting(certificate(name)).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Schema);
        assert!(error.message.contains(name), "{error}");
    }
}
