//! Signed HTTP requests: a message is a `POST`, and the answer is the acknowledgement.
//!
//! A [`WebhookPublisher`] posts each message to the endpoints that its kind has, as an event in binary mode, signed in
//! the manner of Standard Webhooks. A [`WebhookSubscriber`] (feature `http`) is the other side: a route for axum that
//! answers 204 once its message is accepted, and 503 when it is not, so that the sender sends it again.
//!
//! | header | holds |
//! |---|---|
//! | `content-type`, `ce-…` | the event, by the HTTP binding of CloudEvents |
//! | `webhook-id` | which message it is, the same for every attempt: a digest of `content-type` and all `ce-…` |
//! | `webhook-timestamp` | when this attempt was signed, in seconds since 1970 |
//! | `webhook-signature` | `v1,` and the HMAC-SHA256 of `id.timestamp.body` in Base64, once for each secret |
//!
//! A signature covers the id, the time and the body, and the id covers the headers. So an event cannot be given another
//! type or another subject on its way, which Standard Webhooks alone would not notice.
//!
//! ```no_run
//! use std::sync::Arc;
//! use cohesive_bindings::broker::webhook::{Endpoint, Secret, WebhookOptions, WebhookPublisher};
//! use cohesive_bindings::port::SystemClock;
//!
//! # fn run(secret: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let secret: Secret = secret.parse()?; // whsec_…
//! let billing = Endpoint::new("https://billing.example.com/webhooks/freight", ["TenderAccepted"], [secret]);
//! let publisher = WebhookPublisher::new(WebhookOptions::new([billing]), Arc::new(SystemClock))?;
//! # Ok(())
//! # }
//! ```
//!
//! **Where requests go** is said by the configuration alone: no message can name an address, redirects are not followed,
//! and of an answer nothing is used but its status, `Retry-After` and `Date`.
//!
//! **Order.** A relay sends one message of an entity at a time and waits for its answer, so an endpoint that answers
//! only after it has stored the message keeps the order. An endpoint that is away holds back every entity with a message
//! for it, and so does each endpoint of a kind that has several.

mod answer;
mod options;
mod publisher;
#[cfg(feature = "http")]
mod receive;
mod secret;

pub use options::{Endpoint, Kinds, Unrouted, WebhookOptions};
pub use publisher::WebhookPublisher;
#[cfg(feature = "http")]
pub use receive::{WebhookSubscriber, WebhookSubscription};
pub use secret::Secret;

/// The broker's name.
const NAME: &str = "webhook";
/// What the name of an attribute begins with when it is a header.
const PREFIX: &str = "ce-";
/// The headers of Standard Webhooks.
const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
