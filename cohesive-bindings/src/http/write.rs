//! Creating and changing: from a request to an input, and from its outcome to a response.
//!
//! What happens before the input is queued (reading headers and body, waiting for a place) changes nothing, so that
//! a caller who goes away meanwhile has sent nothing. From then on the node finishes the input, whoever waits for
//! the answer (F13).

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use cohesive_core::kernel::CorrelationId;

use super::problem::{Problem, respond, set};
use super::query::Query;
use super::{Collection, headers, path};
use crate::node::{Answer, Call, Operation};

/// A transition and the collection it belongs to.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) collection: Arc<Collection>,
    pub(super) operation: Operation,
}

/// Creates an entity.
pub(super) async fn create(place: Place, request: Request) -> Response {
    let (parts, content) = request.into_parts();
    let names = [header::IF_MATCH, header::IF_NONE_MATCH];
    let reason = "a creation needs an absent entity, which has no version";
    let answered = match headers::refuse(&parts.headers, &names, reason) {
        Ok(()) => call(&place, None, &parts, content).await,
        Err(problem) => Err(problem),
    };
    let collection = parent(super::original(&parts).path());
    let location = |answer: &Answer| Some(format!("{collection}/{}", path::encode(&answer.id)));
    answered.map_or_else(Problem::into_response, |answer| answer_with(answer, location))
}

/// Changes an entity.
pub(super) async fn update(place: Place, request: Request) -> Response {
    let (parts, content) = request.into_parts();
    let reason = "a transition states the version it is based on in `If-Match`";
    let refused = headers::refuse(&parts.headers, &[header::IF_NONE_MATCH], reason);
    let answered = match refused.and_then(|()| super::id(&parts.uri)) {
        Ok(id) => call(&place, Some(id), &parts, content).await,
        Err(problem) => Err(problem),
    };
    answered.map_or_else(Problem::into_response, |answer| answer_with(answer, |_| None))
}

/// The path without its last segment.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

async fn call(place: &Place, id: Option<String>, parts: &Parts, content: Body) -> Result<Answer, Problem> {
    let mut query = Query::read(parts.uri.query())?;
    let dry_run = query.flag("dry_run")?;
    query.finish()?;
    let correlation = match parts.extensions.get::<CorrelationId>() {
        Some(correlation) => correlation.clone(),
        None => place.collection.api.node.fresh_correlation(),
    };
    let circumstances = headers::circumstances(&parts.headers, correlation)?;
    // The bytes are here already: `observe` saw to their number and to the time they took.
    let body = to_bytes(content, usize::MAX).await.map_err(|_| Problem::general("body_incomplete"))?;
    if !body.is_empty() {
        headers::json(&parts.headers)?;
    }
    let call = Call { id, body: body.into(), request: circumstances, dry_run };
    Ok(place.operation.call(&place.collection.api.node, call).await?)
}

fn answer_with(answer: Answer, location: impl Fn(&Answer) -> Option<String>) -> Response {
    let location = if answer.reply.status == 201 { location(&answer) } else { None };
    let waiting = answer.outcome == "key-in-flight";
    let mut response = respond(answer.reply);
    if let Some(location) = location {
        set(response.headers_mut(), header::LOCATION, &location);
    }
    if waiting {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::parent;

    #[test]
    fn a_parent_is_the_path_before() {
        assert_eq!(parent("/tenders/offer"), "/tenders");
        assert_eq!(parent("/api/tenders/offer"), "/api/tenders");
        assert_eq!(parent(""), "");
    }
}
