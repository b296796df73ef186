//! The HTTP client: one request, one answer, nothing followed, everything bounded.

mod address;
mod meaning;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::Instant;

pub(crate) use address::address;
pub(crate) use meaning::Meaning;

/// What a request says of who sends it.
pub(crate) const USER_AGENT: &str = concat!("cohesive/", env!("CARGO_PKG_VERSION"));
/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(30);

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An option that is not what it has to be.
#[derive(Debug)]
pub(crate) struct Flaw {
    pub(crate) option: &'static str,
    pub(crate) flaw: String,
}

impl Flaw {
    pub(crate) fn new(option: &'static str, flaw: impl Into<String>) -> Self {
        Self { option, flaw: flaw.into() }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Lost {
    /// No connection came about, so nothing was sent.
    Unreachable(Cause),
    /// The connection ended before the answer did. Nobody knows what the other side did.
    Cut(Cause),
    /// The time was over first. Nobody knows what the other side did.
    Late,
    /// There is an answer, and it is longer than it may be.
    TooLong,
}

/// One that sends requests. Clones share its connections.
#[derive(Clone)]
pub(crate) struct Client(legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Client {
    /// A client that trusts the certificates of the system, and those of `file`. They are read where `secure` says that they
    /// are needed.
    pub(crate) fn new(connect_timeout: Duration, secure: bool, file: Option<&Path>) -> Result<Self, Flaw> {
        let mut http = HttpConnector::new();
        http.set_connect_timeout(Some(connect_timeout));
        http.set_nodelay(true);
        http.enforce_http(false);
        let roots = if secure { roots(file)? } else { RootCertStore::empty() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Flaw::new("root_certificates", format!("TLS cannot be used: {error}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let inner = legacy::Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(hyper_util::rt::TokioTimer::new())
            .build(connector);
        Ok(Self(inner))
    }

    /// Sends a request, and gives the head of its answer.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        until: Instant,
    ) -> Result<Response<Incoming>, Lost> {
        let answer = tokio::time::timeout_at(until, self.0.request(request)).await;
        answer.map_err(|_| Lost::Late)?.map_err(|error| {
            let unreachable = error.is_connect();
            if unreachable { Lost::Unreachable(error.into()) } else { Lost::Cut(error.into()) }
        })
    }

    /// The rest of an answer, of `most` bytes.
    pub(crate) async fn rest(body: Incoming, most: usize, until: Instant) -> Result<Bytes, Lost> {
        let whole = tokio::time::timeout_at(until, Limited::new(body, most).collect()).await;
        let whole = whole.map_err(|_| Lost::Late)?.map_err(|error| {
            if error.is::<http_body_util::LengthLimitError>() { Lost::TooLong } else { Lost::Cut(error) }
        })?;
        Ok(whole.to_bytes())
    }
}

/// The certificates of the system, and those of the file.
fn roots(file: Option<&Path>) -> Result<RootCertStore, Flaw> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = file {
        let unreadable =
            |error: String| Flaw::new("root_certificates", format!("{}: {error}", file.display()));
        for certificate in
            CertificateDer::pem_file_iter(file).map_err(|error| unreadable(error.to_string()))?
        {
            let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
        }
    }
    if roots.is_empty() {
        let flaw = "the system has no certificates to trust, and no file is given";
        return Err(Flaw::new("root_certificates", flaw));
    }
    Ok(roots)
}
