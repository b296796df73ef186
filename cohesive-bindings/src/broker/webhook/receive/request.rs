//! From a request to a message: whether it is signed, whether it is of now, what it says.

use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use cohesive_core::value::Timestamp;
use serde_json::json;

use super::WebhookSubscription;
use super::line::{Answer, Arrived};
use crate::broker::RawMessage;
use crate::broker::webhook::secret::{covers_headers, id_of, is_signed};
use crate::broker::webhook::{ID, PREFIX, SIGNATURE, TIMESTAMP};
use crate::envelope::{Envelope, STRUCTURED_CONTENT_TYPE};

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Unsigned,
    WrongTime,
    UncoveredHeaders,
}

impl Refusal {
    const fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Unsigned => (
                "not_signed",
                "`webhook-id`, `webhook-timestamp` or `webhook-signature` is missing, or no signature is by a secret that is known.",
            ),
            Self::WrongTime => (
                "not_of_now",
                "`webhook-timestamp` is too far from the time here. Sign every attempt anew, and look at the clocks.",
            ),
            Self::UncoveredHeaders => (
                "headers_not_covered",
                "The signature does not cover the `ce-` headers: `webhook-id` is not their digest. \
                 Send the event as one document, or make the id of the headers.",
            ),
        }
    }
}

/// Lets a request in, or not.
pub(super) fn check(
    headers: &HeaderMap,
    body: &[u8],
    options: &WebhookSubscription,
    now: Timestamp,
) -> Result<(), Refusal> {
    let one = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let value = values.next().and_then(|value| value.to_str().ok());
        // Two of them are none: who reads the other one would be deceived.
        value.filter(|_| values.next().is_none()).ok_or(Refusal::Unsigned)
    };
    let (id, timestamp, signatures) = (one(ID)?, one(TIMESTAMP)?, one(SIGNATURE)?);
    // What is signed has full stops between its parts, so one within the id would leave open where the id ends.
    if id.contains('.') || !is_signed(&options.secrets, id, timestamp, body, signatures) {
        return Err(Refusal::Unsigned);
    }
    let seconds: i64 = timestamp.parse().map_err(|_| Refusal::WrongTime)?;
    let apart = now.as_micros().div_euclid(1_000_000).saturating_sub(seconds).unsigned_abs();
    if Duration::from_secs(apart) > options.tolerance {
        return Err(Refusal::WrongTime);
    }
    let covered = if covers_headers(id) { id_of(texts(headers)) == id } else { is_structured(headers) };
    if covered || options.trust_headers { Ok(()) } else { Err(Refusal::UncoveredHeaders) }
}

/// Whether the body is the whole event.
fn is_structured(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case(STRUCTURED_CONTENT_TYPE))
}

/// The headers that are text.
fn texts(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
}

/// What the request says. Headers that are neither the event's nor the signature's are nobody's affair.
pub(super) fn read(parts: &Parts, body: Vec<u8>) -> Arrived {
    let wanted =
        |name: &str| name == "content-type" || name.starts_with(PREFIX) || name.starts_with("webhook-");
    let headers: Vec<(String, String)> = texts(&parts.headers)
        .filter(|(name, _)| wanted(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let raw = RawMessage { headers, body };
    let headers = raw.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Arrived { message: Envelope::read(headers, PREFIX, true, &raw.body), raw }
}

pub(super) fn refused(refusal: Refusal) -> Response {
    let (code, detail) = refusal.text();
    let status = StatusCode::UNAUTHORIZED;
    let document = json!({ "title": "The request is not let in", "status": status.as_u16(), "code": code, "detail": detail });
    let headers = [
        (header::CONTENT_TYPE, "application/problem+json"),
        (header::CACHE_CONTROL, "no-store"),
        // A 401 has to name a way; no browser knows this one.
        (header::WWW_AUTHENTICATE, "Webhook-Signature"),
    ];
    (status, headers, document.to_string()).into_response()
}

pub(super) fn answered(answer: Answer) -> Response {
    match answer {
        Answer::Accepted => StatusCode::NO_CONTENT.into_response(),
        Answer::Again(wait) => {
            // Rounded up: who comes earlier is sent away again.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
        }
    }
}
