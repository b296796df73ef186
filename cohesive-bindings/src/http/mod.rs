//! The HTTP API of a system, its OpenAPI document, and the AsyncAPI document of its events.
//!
//! Routes follow from the model by one convention, so that nobody has to write or review them:
//!
//! | request | meaning | success |
//! |---|---|---|
//! | `POST /tenders/offer` | the creation `offer` | 201, `Location`, `ETag` |
//! | `POST /tenders/{id}/accept` | the update `accept` | 200, `ETag` |
//! | … `?dry_run=true` | says what would happen, and does nothing | 200 |
//! | `GET /tenders/{id}` | one entity | 200, `ETag`; 304 |
//! | `GET /tenders?status=…&after=…&limit=…` | a page of entities, by id | 200 |
//! | `GET /tenders/{id}/outbox?after=5.0&limit=…` | a page of an entity's messages | 200 |
//! | `GET /openapi.json`, `GET /docs` | the OpenAPI document, and a page to browse and try it | 200 |
//! | `GET /asyncapi.json` | the AsyncAPI document of the events | 200 |
//! | `GET /problems/{code}` | what a problem means | 200 |
//!
//! ```no_run
//! use cohesive_bindings::http::{HttpOptions, router, serve};
//! # async fn run(node: cohesive_bindings::node::Node, stopped: impl Future<Output = ()>) -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! serve(listener, router(&node, HttpOptions::default()), stopped).await;
//! node.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! A success says which rung of the boundary ladder was reached, and never a higher one (H11). A refusal is a problem
//! document (RFC 9457). What cannot be understood is refused, never ignored.
//!
//! Headers of a request: `If-Match` states the version that the caller's view has. `Idempotency-Key` makes a repeat
//! safe. `X-Correlation-Id` names what the request belongs to, and every answer carries one. `X-Causation-Id` names
//! what caused it. `X-Actor` names who sent it. `traceparent` is its place in a distributed trace (W3C Trace Context),
//! which the messages that it leads to carry on; one that cannot be read is the one thing that is ignored.
//!
//! **`X-Actor` is believed.** Nothing here authenticates. Put the service behind an edge that establishes who is
//! calling, removes any `X-Actor` that arrives from outside and sets its own.

mod body;
mod common;
mod filter;
mod headers;
mod observe;
pub mod openapi;
mod pages;
mod parameters;
mod path;
mod problem;
mod query;
mod read;
mod responses;
mod routes;
mod schema;
mod serve;
mod write;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::Uri;
use axum::http::request::Parts;

pub use routes::{RouteClash, clash};
pub use serve::{ServeOptions, serve, serve_with};

use crate::node::{Node, Served};
use filter::Filter;
use pages::Pages;
use problem::Problem;

/// How an API behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpOptions {
    /// The title of the API; the system's name when left out.
    pub title: Option<String>,
    /// The version of the API.
    pub version: String,
    /// The longest body that is accepted, in bytes. A longer one is answered with 413.
    pub body_limit: usize,
    /// Within which time a body has to arrive. A slower one is answered with 408.
    pub body_timeout: Duration,
    /// How many items a page has when the caller does not say. At most [`HttpOptions::page_limit`].
    pub page_size: usize,
    /// How many items a caller may ask for. More is refused, not cut.
    pub page_limit: usize,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            title: None,
            version: "0.1.0".to_owned(),
            body_limit: 256 * 1024,
            body_timeout: Duration::from_secs(30),
            page_size: 50,
            page_limit: 1000,
        }
    }
}

/// The API of the system that `node` serves.
///
/// A system whose paths clash (see [`clash`]) is not served in part: every request is answered with 500
/// `route_clash`, and the clash is logged.
pub fn router(node: &Node, options: HttpOptions) -> Router {
    routes::router(node, options)
}

/// What all operations share.
struct Api {
    node: Node,
    options: HttpOptions,
    pages: Pages,
}

/// One entity's operations.
struct Collection {
    api: Arc<Api>,
    served: Served,
    filters: Vec<Filter>,
}

/// The whole body of a request, or the answer to one whose body is too long or takes too long.
#[cfg(feature = "webhook")]
pub(crate) async fn whole_body(
    request: axum::extract::Request,
    body_limit: usize,
    body_timeout: Duration,
) -> Result<(Parts, Vec<u8>), axum::response::Response> {
    let options = HttpOptions { body_limit, body_timeout, ..HttpOptions::default() };
    let (parts, content) = request.into_parts();
    match body::read(&parts.headers, content, &options).await {
        Ok(body) => Ok((parts, body)),
        Err(problem) => Err(axum::response::IntoResponse::into_response(problem)),
    }
}

/// The id that the path names.
fn id(uri: &Uri) -> Result<String, Problem> {
    path::decode(path::segment(uri.path(), 1)).map_err(|_| Problem::general("malformed_path"))
}

/// The address as the caller wrote it, also when this router is nested in another.
fn original(parts: &Parts) -> &Uri {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0)
}
