//! What surrounds every request: its correlation id, its body, its span, and the answer when something panics.

use std::any::Any;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use super::problem::{Problem, set};
use super::{Api, body, headers};

/// Names the request, takes in its body and records what became of it.
///
/// The body is taken in before anything is judged: an answer that overtakes a body that is still being sent is lost
/// on its way to many clients. Neither headers nor bodies are recorded; the correlation id is, after it was checked.
pub(super) async fn observe(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    let stated = headers::correlation(request.headers());
    let correlation = match &stated {
        Ok(Some(correlation)) => correlation.clone(),
        Ok(None) | Err(_) => api.node.fresh_correlation(),
    };
    let span = tracing::info_span!(
        "request",
        method = word(request.method()),
        route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str),
        correlation = correlation.as_str(),
        status = tracing::field::Empty,
    );
    let work = async {
        let (mut parts, content) = request.into_parts();
        let bytes = body::read(&parts.headers, content, &api.options).await?;
        stated?;
        parts.extensions.insert(correlation.clone());
        Ok(next.run(Request::from_parts(parts, bytes.into())).await)
    };
    let answered: Result<Response, Problem> = work.instrument(span.clone()).await;
    let mut response = answered.unwrap_or_else(Problem::into_response);
    span.record("status", response.status().as_u16());
    span.in_scope(|| tracing::debug!("answered"));
    set(response.headers_mut(), headers::CORRELATION, correlation.as_str());
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The method, unless it is one that the caller made up.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// The answer when something panicked. What it panicked with stays within the node.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Problem::general("internal").into_response()
}
