//! Where messages are posted, and how.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use hyper::Uri;

use super::secret::Secret;
use crate::broker::BrokerError;
use crate::client::address;

/// Where messages are posted.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// An address of `https`, or of `http` where the options allow it. Without a user and a password.
    pub url: String,
    /// The kinds of messages that it gets.
    pub kinds: Kinds,
    /// The secrets to sign with. While a secret is being replaced there are two: the new one and the old one.
    pub secrets: Vec<Secret>,
}

/// Kinds of messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kinds {
    /// All of them.
    All,
    /// These, by exact name (R01).
    Only(Vec<String>),
}

impl Kinds {
    pub(super) fn have(&self, kind: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(kinds) => kinds.iter().any(|known| known == kind),
        }
    }
}

impl Endpoint {
    /// An endpoint for messages of these kinds.
    pub fn new(
        url: impl Into<String>,
        kinds: impl IntoIterator<Item = impl Into<String>>,
        secrets: impl IntoIterator<Item = Secret>,
    ) -> Self {
        let kinds = Kinds::Only(kinds.into_iter().map(Into::into).collect());
        Self { url: url.into(), kinds, secrets: secrets.into_iter().collect() }
    }
}

/// The address is left out but for its host: some carry a token in their path.
impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri: Option<Uri> = self.url.parse().ok();
        formatter
            .debug_struct("Endpoint")
            .field("host", &uri.as_ref().and_then(Uri::host))
            .field("kinds", &self.kinds)
            .field("secrets", &self.secrets.len())
            .finish()
    }
}

/// What becomes of a message that no endpoint gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unrouted {
    /// It is refused for good, so that it is parked and somebody sees it.
    #[default]
    Refuse,
    /// It counts as published.
    Pass,
}

/// How messages are posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookOptions {
    /// The endpoints. A message of a kind that several get is published once all of them have accepted it.
    pub endpoints: Vec<Endpoint>,
    /// What becomes of a message that no endpoint gets.
    pub unrouted: Unrouted,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
    /// How long to wait for an answer, the connection included. Shorter than the relay's publish timeout.
    pub timeout: Duration,
    /// How many bytes a message may have, headers counted.
    pub max_message: usize,
    /// Whether `http` is allowed to other hosts than this one. A signature hides nothing.
    pub cleartext: bool,
    /// A file of PEM certificates to trust besides those of the system.
    pub root_certificates: Option<PathBuf>,
}

impl WebhookOptions {
    /// Requests to these endpoints, answered within eight seconds.
    #[must_use]
    pub fn new(endpoints: impl IntoIterator<Item = Endpoint>) -> Self {
        Self {
            endpoints: endpoints.into_iter().collect(),
            unrouted: Unrouted::Refuse,
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(8),
            max_message: 256 * 1024,
            cleartext: false,
            root_certificates: None,
        }
    }

    pub(super) fn check(&self) -> Result<Vec<Uri>, BrokerError> {
        if self.endpoints.is_empty() {
            return Err(BrokerError::option("endpoints", "there are none"));
        }
        if self.connect_timeout.is_zero() || self.timeout.is_zero() || self.max_message == 0 {
            return Err(BrokerError::option("timeout", "it, `connect_timeout` or `max_message` is zero"));
        }
        self.endpoints.iter().map(|endpoint| self.check_endpoint(endpoint)).collect()
    }

    fn check_endpoint(&self, endpoint: &Endpoint) -> Result<Uri, BrokerError> {
        if endpoint.secrets.is_empty() {
            return Err(BrokerError::option("secrets", "an endpoint has none"));
        }
        if let Kinds::Only(kinds) = &endpoint.kinds
            && (kinds.is_empty() || kinds.iter().any(String::is_empty))
        {
            return Err(BrokerError::option("kinds", "an endpoint has none, or an empty one"));
        }
        Ok(address(&endpoint.url, self.cleartext)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str) -> Endpoint {
        Endpoint::new(url, ["Sent"], [Secret::new(vec![1; 24]).unwrap()])
    }

    fn is_fine(endpoint: Endpoint) -> bool {
        WebhookOptions::new([endpoint]).check().is_ok()
    }

    #[test]
    fn addresses_are_checked_before_anything_is_sent() {
        assert!(is_fine(endpoint("https://example.com/a")) && is_fine(endpoint("http://localhost:1")));
        assert!(!is_fine(endpoint("http://example.com/a")));
        let cleartext =
            WebhookOptions { cleartext: true, ..WebhookOptions::new([endpoint("http://example.com")]) };
        assert!(cleartext.check().is_ok());
    }

    #[test]
    fn what_is_missing_is_said() {
        let whole = endpoint("https://example.com");
        assert!(!is_fine(Endpoint { secrets: vec![], ..whole.clone() }));
        assert!(!is_fine(Endpoint { kinds: Kinds::Only(vec![]), ..whole.clone() }));
        assert!(!is_fine(Endpoint { kinds: Kinds::Only(vec![String::new()]), ..whole.clone() }));
        assert!(is_fine(Endpoint { kinds: Kinds::All, ..whole.clone() }));
        assert!(WebhookOptions::new([]).check().is_err());
        let zero = Duration::ZERO;
        assert!(WebhookOptions { timeout: zero, ..WebhookOptions::new([whole.clone()]) }.check().is_err());
        assert!(
            WebhookOptions { connect_timeout: zero, ..WebhookOptions::new([whole.clone()]) }.check().is_err()
        );
        assert!(WebhookOptions { max_message: 0, ..WebhookOptions::new([whole]) }.check().is_err());
    }

    #[test]
    fn tokens_in_addresses_are_not_shown() {
        let shown = format!("{:?}", WebhookOptions::new([endpoint("https://example.com/hooks/the-token")]));
        assert!(shown.contains("example.com") && !shown.contains("the-token"), "{shown}");
    }
}
