//! What probes and scrapers ask for over HTTP.
//!
//! | request | answer |
//! |---|---|
//! | `GET /healthz/live` | 200 while the process is alive, else 503 |
//! | `GET /healthz/ready` | 200 while it is ready for requests, else 503 |
//! | `GET /metrics` | its numbers, in the text format of Prometheus |
//!
//! The health of a process is told as JSON: `{"ok":false,"checked":["store"],"failed":[{"name":"store","reason":"…"}]}`.
//! Nothing here asks who is calling. Serve it on an address of its own where the API is open to the world.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::health::{Health, Report};
use super::metrics::{MEDIA_TYPE, Metrics};

/// The routes of health. Merge them into the router of an API, or serve them by themselves.
pub fn health(health: &Health) -> Router {
    let (alive, ready) = (health.clone(), health.clone());
    Router::new()
        .route("/healthz/live", get(move || async move { told(&alive.alive().await) }))
        .route("/healthz/ready", get(move || async move { told(&ready.ready().await) }))
}

/// The route of metrics. Merge it into the router of an API, or serve it by itself.
pub fn metrics(metrics: &Metrics) -> Router {
    let metrics = metrics.clone();
    Router::new().route(
        "/metrics",
        get(move || async move { answer(StatusCode::OK, MEDIA_TYPE, metrics.text().await) }),
    )
}

fn told(report: &Report) -> Response {
    let status = if report.is_well() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    answer(status, "application/json", report.document().to_string())
}

fn answer(status: StatusCode, media: &'static str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "no-store")], body).into_response()
}
