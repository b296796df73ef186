//! Who is called, and how.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use hyper::Uri;
use hyper::header::{HeaderName, HeaderValue};

use crate::client::{Flaw, address};

/// Who is called, and how.
#[derive(Clone, PartialEq, Eq)]
pub struct PeerOptions {
    /// What every path begins with: an address of `https`, or of `http` where that is allowed. Without a user, a password,
    /// a query and a fragment.
    pub url: String,
    /// The header that holds the key of the request.
    pub key_header: String,
    /// The header that holds what the request belongs to.
    pub correlation_header: String,
    /// Further headers of each request, for example `authorization`.
    pub headers: Vec<(String, String)>,
    /// How long to wait for a connection. The effect's `timeout` bounds it too.
    pub connect_timeout: Duration,
    /// How many bytes an answer may have.
    pub max_answer: usize,
    /// Whether `http` is allowed to other hosts than this one.
    pub cleartext: bool,
    /// A file of PEM certificates to trust besides those of the system.
    pub root_certificates: Option<PathBuf>,
}

/// An option that is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("option `{option}`: {flaw}")]
pub struct PeerFlaw {
    /// The option.
    pub option: &'static str,
    /// What is wrong with it.
    pub flaw: String,
}

impl From<Flaw> for PeerFlaw {
    fn from(Flaw { option, flaw }: Flaw) -> Self {
        Self { option, flaw }
    }
}

/// What [`PeerOptions::headers`] cannot say, beside the two that have an option of their own.
const OWN: [&str; 7] =
    ["accept", "connection", "content-length", "content-type", "host", "traceparent", "transfer-encoding"];

impl PeerOptions {
    /// A peer at this URL, whose answers have up to 256 KiB.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            key_header: "Idempotency-Key".to_owned(),
            correlation_header: "X-Correlation-Id".to_owned(),
            headers: Vec::new(),
            connect_timeout: Duration::from_secs(3),
            max_answer: 256 * 1024,
            cleartext: false,
            root_certificates: None,
        }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(super) fn check(&self) -> Result<Uri, PeerFlaw> {
        let flaw = |option, flaw: &str| PeerFlaw { option, flaw: flaw.to_owned() };
        if self.connect_timeout.is_zero() {
            return Err(flaw("connect_timeout", "it is zero"));
        }
        if self.max_answer == 0 {
            return Err(flaw("max_answer", "it is zero"));
        }
        let name = |text: &str| HeaderName::from_bytes(text.as_bytes()).ok();
        let taken: Vec<HeaderName> = OWN.into_iter().filter_map(name).collect();
        let free = |text: &str| name(text).filter(|name| !taken.contains(name));
        let key = free(&self.key_header).ok_or_else(|| flaw("key_header", "it is no name, or taken"))?;
        let correlation = free(&self.correlation_header).filter(|name| *name != key);
        let correlation = correlation.ok_or_else(|| flaw("correlation_header", "it is no name, or taken"))?;
        for (text, value) in &self.headers {
            if free(text).is_none_or(|name| name == key || name == correlation) {
                return Err(flaw("headers", &format!("`{text}` is no name, or taken")));
            }
            if HeaderValue::from_str(value).is_err() {
                return Err(flaw("headers", &format!("the value of `{text}` is none")));
            }
        }
        let uri = address(&self.url, self.cleartext)?;
        if uri.query().is_some() {
            return Err(flaw("url", "it has a query"));
        }
        Ok(uri)
    }
}

/// The values of headers are left out: a password may be among them. So is the path, which may hold a token.
impl fmt::Debug for PeerOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri: Option<Uri> = self.url.parse().ok();
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        formatter
            .debug_struct("PeerOptions")
            .field("host", &uri.as_ref().and_then(Uri::host))
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> PeerOptions {
        PeerOptions::new("https://example.com/the-path").header("authorization", "the secret")
    }

    #[test]
    fn options_are_checked_before_anything_is_sent() {
        assert!(whole().check().is_ok());
        let renamed = PeerOptions { key_header: "x-request-key".to_owned(), ..whole() };
        assert!(renamed.header("idempotency-key", "free now").check().is_ok());
        let option = |options: PeerOptions| options.check().unwrap_err().option;
        let of = |text: &str| text.to_owned();
        assert_eq!(option(PeerOptions { url: of("http://example.com"), ..whole() }), "url");
        assert_eq!(option(PeerOptions { url: of("https://example.com/?a"), ..whole() }), "url");
        assert_eq!(option(PeerOptions { connect_timeout: Duration::ZERO, ..whole() }), "connect_timeout");
        assert_eq!(option(PeerOptions { max_answer: 0, ..whole() }), "max_answer");
        for name in ["", "a b", "Host", "Content-Type"] {
            assert_eq!(option(PeerOptions { key_header: of(name), ..whole() }), "key_header");
            assert_eq!(option(PeerOptions { correlation_header: of(name), ..whole() }), "correlation_header");
            assert_eq!(option(whole().header(name, "x")), "headers");
        }
        assert_eq!(
            option(PeerOptions { correlation_header: of("IDEMPOTENCY-KEY"), ..whole() }),
            "correlation_header"
        );
        assert_eq!(option(whole().header("idempotency-key", "x")), "headers");
        assert_eq!(option(whole().header("x-correlation-id", "x")), "headers");
        let injected = whole().header("x", "a secret\r\nx-other: b").check().unwrap_err();
        assert!(injected.option == "headers" && !injected.to_string().contains("secret"), "{injected}");
    }

    #[test]
    fn secrets_are_not_shown() {
        let text = format!("{:?}", whole());
        assert!(text.contains("example.com") && text.contains("authorization"), "{text}");
        assert!(!text.contains("secret") && !text.contains("the-path"), "{text}");
    }
}
