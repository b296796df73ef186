//! Publishing: a request for each endpoint that gets the message.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::USER_AGENT;
use hyper::{Request, Uri};
use tokio::task::JoinSet;

use super::answer::post;
use super::options::{Endpoint, Unrouted, WebhookOptions};
use super::secret::{id_of, sign};
use super::{ID, NAME, PREFIX, SIGNATURE, TIMESTAMP};
use crate::broker::{BrokerError, ErrorClass, PublishError, Publisher};
use crate::client::{self, Client};
use crate::envelope::{Envelope, HeaderText};
use crate::port::Clock;
use crate::store::BoxFuture;

/// Posts messages to the endpoints of their kinds.
///
/// An answer of 2xx is an acknowledgement. 408, 425, 429, 5xx, 409 with `Retry-After` and a failure of the connection may
/// pass. Everything else is a refusal for good: 4xx, of which 410 says that the endpoint is gone, and 3xx, which is not
/// followed. A relay holds the entity back for as long as `Retry-After` says, within its own longest wait.
pub struct WebhookPublisher {
    options: WebhookOptions,
    addresses: Vec<Uri>,
    client: Client,
    clock: Arc<dyn Clock>,
}

impl WebhookPublisher {
    /// A publisher with these options, which signs with this clock's time.
    ///
    /// # Errors
    /// When an option is not usable. Whether an endpoint is there shows when something is published.
    pub fn new(options: WebhookOptions, clock: Arc<dyn Clock>) -> Result<Self, BrokerError> {
        let addresses = options.check()?;
        let secure = addresses.iter().any(|address| address.scheme_str() == Some("https"));
        let client = Client::new(options.connect_timeout, secure, options.root_certificates.as_deref())?;
        Ok(Self { options, addresses, client, clock })
    }

    fn request(
        &self,
        endpoint: &Endpoint,
        address: &Uri,
        message: &Envelope,
    ) -> Option<Request<Full<Bytes>>> {
        let headers = message.headers(PREFIX, HeaderText::Percent);
        let id = id_of(headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let timestamp = self.clock.now().as_micros().div_euclid(1_000_000).to_string();
        let signature = sign(&endpoint.secrets, &id, &timestamp, message.data.as_bytes());
        let mut request = Request::post(address)
            .header(USER_AGENT, client::USER_AGENT)
            .header(ID, id)
            .header(TIMESTAMP, timestamp)
            .header(SIGNATURE, signature);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.body(Full::new(Bytes::from(message.data.clone()))).ok()
    }

    async fn send(&self, message: &Envelope) -> Result<(), PublishError> {
        let (size, most) = (message.size(), self.options.max_message);
        if size > most {
            return Err(PublishError::permanent(format!(
                "the message has {size} bytes, and {most} are possible"
            )));
        }
        let endpoints = self.options.endpoints.iter().zip(&self.addresses);
        let mut requests = JoinSet::new();
        for (endpoint, address) in endpoints.filter(|(endpoint, _)| endpoint.kinds.have(&message.kind)) {
            let request = self
                .request(endpoint, address, message)
                .ok_or_else(|| PublishError::permanent("an attribute of the event cannot be a header"))?;
            requests.spawn(post(self.client.clone(), request, self.options.timeout));
        }
        if requests.is_empty() && self.options.unrouted == Unrouted::Refuse {
            return Err(PublishError::permanent(format!(
                "no endpoint gets messages of the kind `{}`",
                message.kind
            )));
        }
        let mut result = Ok(());
        while let Some(answer) = requests.join_next().await {
            let lost = |error| PublishError::transient("a request ended without an answer").because(error);
            result = worse(result, answer.map_err(lost).flatten());
        }
        result
    }
}

/// What two answers mean together. As long as one failure may pass, it is worth trying again, once nobody asks to wait.
fn worse(one: Result<(), PublishError>, other: Result<(), PublishError>) -> Result<(), PublishError> {
    match (one, other) {
        (Ok(()), result) | (result, Ok(())) => result,
        (Err(one), Err(other)) => {
            let weight = |error: &PublishError| (error.class == ErrorClass::Transient, error.retry_after);
            Err(if weight(&one) > weight(&other) { one } else { other })
        }
    }
}

impl Publisher for WebhookPublisher {
    fn name(&self) -> &'static str {
        NAME
    }

    fn max_message(&self) -> usize {
        self.options.max_message
    }

    fn publish<'a>(&'a self, message: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(self.send(message))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_may_pass_outweighs_what_may_not() {
        let results: [fn() -> Result<(), PublishError>; 3] =
            [|| Ok(()), || Err(PublishError::permanent("never")), || Err(PublishError::transient("not now"))];
        let class = |result: Result<(), PublishError>| result.err().map(|error| error.class);
        for (one, first) in results.iter().enumerate() {
            for (other, second) in results.iter().enumerate() {
                let expected = class(results[one.max(other)]());
                assert_eq!(class(worse(first(), second())), expected);
            }
        }
        let asks = |seconds| Err(PublishError::transient("wait").retry_after(Duration::from_secs(seconds)));
        for (one, other) in
            [(asks(1), asks(2)), (asks(2), asks(1)), (asks(2), results[2]()), (results[1](), asks(2))]
        {
            assert_eq!(worse(one, other).unwrap_err().retry_after, Some(Duration::from_secs(2)));
        }
    }
}
