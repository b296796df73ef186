//! Problems (RFC 9457): the general ones, and how any of them becomes a response.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

use crate::node::{Reply, Unreadable};

/// A problem that no model declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct General {
    pub(super) code: &'static str,
    pub(super) status: u16,
    pub(super) title: &'static str,
    /// What it means and what to do about it.
    pub(super) meaning: &'static str,
}

const fn general(code: &'static str, status: u16, title: &'static str, meaning: &'static str) -> General {
    General { code, status, title, meaning }
}

/// Every general problem, by status.
#[rustfmt::skip]
pub(super) const GENERAL: &[General] = &[
    general("malformed_path", 400, "The path is not usable",
        "The path is not percent-encoded UTF-8. Nothing was read or written."),
    general("malformed_query", 400, "The query is not usable",
        "A parameter is unknown, repeated or not of its form. Nothing is ignored. Nothing was read or written."),
    general("malformed_header", 400, "A header is not usable",
        "A header has a value that it cannot have, or is there more than once. Nothing was read or written."),
    general("header_not_accepted", 400, "A header is not accepted here",
        "The header has no meaning for this operation, and ignoring it could surprise. Nothing was read or written."),
    general("not_json", 400, "The body is not JSON",
        "The body is not one JSON value in UTF-8. Nothing was read or written."),
    general("body_incomplete", 400, "The body did not arrive whole",
        "The connection ended or broke its own framing before the body was complete. Nothing was read or written."),
    general("version_not_accepted", 400, "A version cannot be stated",
        "The operation always decides on the latest state. Send it without `If-Match`."),
    general("no_such_route", 404, "There is nothing here",
        "No operation has this path. `/openapi.json` lists them all."),
    general("not_found", 404, "There is no such entity",
        "The operation needs an entity that exists. Nothing was written."),
    general("method_not_allowed", 405, "The method is not possible here",
        "The path exists, and `Allow` lists its methods."),
    general("body_timeout", 408, "The body took too long",
        "The body has to arrive within the time that the server is set to. Nothing was read or written."),
    general("already_exists", 409, "The entity exists already",
        "A creation needs an id that no entity has. Nothing was written."),
    general("not_unique", 409, "A value has to be unique",
        "Another entity has the same value in a unique field. Nothing was written."),
    general("parked_for_review", 409, "The input is kept for review",
        "The version in `If-Match` is not the latest. Nothing was decided, and the input is kept for somebody to look at. \
         Do not send it again."),
    general("idempotency_key_in_flight", 409, "The request is being worked on",
        "A request with the same `Idempotency-Key` has not been answered yet. Repeat it shortly."),
    general("version_conflict", 412, "The entity has changed",
        "The version in `If-Match` is not the latest. Read the entity again and decide anew. Nothing was written."),
    general("body_too_large", 413, "The body is too large",
        "The body is longer than the server is set to accept. Nothing was read or written."),
    general("unsupported_media_type", 415, "The body is not of an accepted type",
        "A body has to be `application/json` in UTF-8, without content coding. Nothing was read or written."),
    general("wrong_shape", 422, "The body is not of the input's shape",
        "The body is JSON, and not what the operation takes. Nothing was read or written."),
    general("unusable_id", 422, "The id is not usable",
        "No entity can have this id. Nothing was read or written."),
    general("unusable_filter", 422, "A filter is not usable",
        "The value of a filter is not of its field's type. Nothing was read."),
    general("invalid_input", 422, "The input is not usable",
        "A value cannot be stored, or a required one is missing. Nothing was written."),
    general("fact_reused", 422, "The external id belongs to another fact",
        "A fact with the same external id and other content was recorded before. Nothing was written."),
    general("idempotency_key_reused", 422, "The key belongs to another request",
        "The same `Idempotency-Key` was used for a request with another meaning. Nothing was written."),
    general("version_required", 428, "A version has to be stated",
        "The operation needs the version it is based on, in `If-Match`. Nothing was written."),
    general("internal", 500, "The node cannot answer",
        "A defect in the service. Whether a request that changes something was committed can be learnt by \
         repeating it with the same `Idempotency-Key`."),
    general("stored_state_invalid", 500, "The stored state is not usable",
        "The stored entity breaks a rule of its own model. Nothing was written."),
    general("store_corrupt", 500, "The store holds something unusable",
        "What is stored does not fit the model. Nothing was written."),
    general("route_clash", 500, "Two routes have the same path",
        "The system names two entities with one plural, or one with a reserved plural. Rename the plural."),
    general("contended", 503, "The entity changes too often",
        "Other nodes kept changing the entity. Nothing was written. Repeat the request."),
    general("outcome_unknown", 503, "It is not known whether the request was committed",
        "Repeat the request with the same `Idempotency-Key` to learn its outcome."),
    general("stopping", 503, "The node is stopping",
        "Repeat the request, with the same `Idempotency-Key`, at another node or later."),
    general("store_unavailable", 503, "The store cannot be used at present",
        "Nothing was written. Repeat the request later."),
];

/// The general problem with this code.
pub(super) fn find(code: &str) -> Option<&'static General> {
    GENERAL.iter().find(|general| general.code == code)
}

/// A problem on its way to the caller.
#[derive(Debug)]
pub(super) struct Problem {
    code: &'static str,
    detail: String,
    members: Json,
    /// The methods that are possible, where another one was tried.
    allow: Option<&'static str>,
}

impl Problem {
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), members: Json::Null, allow: None }
    }

    /// A problem with a general code, in the words of its general meaning.
    pub(super) fn general(code: &'static str) -> Self {
        Self::new(code, find(code).map_or("", |general| general.meaning))
    }

    /// The same problem with a further member.
    pub(super) fn with(mut self, name: &str, value: Json) -> Self {
        match &mut self.members {
            Json::Object(members) => {
                members.insert(name.to_owned(), value);
            }
            members => *members = json!({ name: value }),
        }
        self
    }

    /// The problem of a method that is not possible where `allow` are.
    pub(super) fn method(allow: &'static str) -> Self {
        let mut problem = Self::new("method_not_allowed", format!("possible are {allow}"));
        problem.allow = Some(allow);
        problem
    }

    #[cfg(test)]
    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    pub(super) fn reply(self) -> Reply {
        let (status, title) = find(self.code).map_or((500, ""), |general| (general.status, general.title));
        Reply::with_members(status, self.code, title, &self.detail, self.members)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let allow = self.allow;
        let mut response = respond(self.reply());
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        let detail = unreadable.to_string();
        match unreadable {
            Unreadable::NotJson(_) => Self::new("not_json", detail),
            Unreadable::Shape { path, .. } => Self::new("wrong_shape", detail).with("member", path.into()),
            Unreadable::Id(_) => Self::new("unusable_id", detail),
        }
    }
}

/// A response from a document. Status and body are the document's; the headers follow from them.
pub(super) fn respond(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let media = if reply.is_problem() { "application/problem+json" } else { "application/json" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(version) = reply.version {
        set(&mut headers, header::ETAG, &super::headers::etag(version));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    (status, headers, Body::from(reply.body)).into_response()
}

/// Sets a header to text that is known to be printable ASCII.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::{GENERAL, Problem, find};
    use crate::node::Failure;
    use crate::store::{StoreError, StoreErrorKind};

    #[test]
    fn codes_are_listed_once() {
        for general in GENERAL {
            assert_eq!(find(general.code), Some(general));
            assert_eq!(Problem::general(general.code).reply().status, general.status);
        }
        let mut codes: Vec<_> = GENERAL.iter().map(|general| general.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), GENERAL.len());
    }

    #[test]
    fn every_failure_has_a_listed_code() {
        use StoreErrorKind::{Closed, Corrupt, Full, Schema, Unavailable, Unknown};
        let stores = [Unavailable, Full, Unknown, Corrupt, Schema, Closed].map(|kind| {
            Failure::Store(StoreError { kind, store: "test", message: "the stored secret".to_owned() })
        });
        let others = [
            Failure::Stopped,
            Failure::NotServed("Tender"),
            Failure::Contended { entity: "Tender", attempts: 3 },
            Failure::Panicked("accept"),
        ];
        for failure in stores.into_iter().chain(others) {
            let reply = failure.reply();
            let document: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
            let listed = find(document["code"].as_str().unwrap()).unwrap();
            assert_eq!((listed.status, listed.title), (reply.status, document["title"].as_str().unwrap()));
            assert!(!document.to_string().contains("secret"), "{document}");
        }
    }
}
