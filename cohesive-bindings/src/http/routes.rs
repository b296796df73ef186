//! From a system to routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use cohesive_core::model::Kind;
use tower_http::catch_panic::CatchPanicLayer;

use super::pages::{self, Pages};
use super::problem::Problem;
use super::write::{self, Place};
use super::{Api, Collection, HttpOptions, filter, observe, path, read};
use crate::node::{Node, System};

/// The first segments that the API needs for itself, and those of the routes for operators, which may stand beside it.
const RESERVED: [&str; 6] = ["asyncapi.json", "docs", "healthz", "metrics", "openapi.json", "problems"];

/// Why a system has no API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RouteClash {
    /// Two entities have the same plural.
    #[error("`{first}` and `{second}` both have the plural `{plural}`")]
    Plural {
        /// The plural.
        plural: &'static str,
        /// The entity that was named first.
        first: &'static str,
        /// The other entity.
        second: &'static str,
    },
    /// An entity's plural is a path that the API or its operators need.
    #[error("the plural `{plural}` of `{entity}` is reserved")]
    Reserved {
        /// The plural.
        plural: &'static str,
        /// The entity.
        entity: &'static str,
    },
    /// An entity's plural is not a path segment.
    #[error("the plural `{plural}` of `{entity}` is not made of `a-z`, `0-9`, `_` and `-`")]
    NotASegment {
        /// The plural.
        plural: &'static str,
        /// The entity.
        entity: &'static str,
    },
}

/// Whether two routes of a system would have the same path.
///
/// # Errors
/// The first clash.
pub fn clash(system: &System) -> Result<(), RouteClash> {
    let mut seen: Vec<(&'static str, &'static str)> = Vec::new();
    for served in system.entities() {
        let (plural, entity) = (served.model.structure.plural, served.model.name());
        let plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
        if RESERVED.contains(&plural) {
            return Err(RouteClash::Reserved { plural, entity });
        }
        if plural.is_empty() || !plural.bytes().all(plain) {
            return Err(RouteClash::NotASegment { plural, entity });
        }
        if let Some((_, first)) = seen.iter().find(|(taken, _)| *taken == plural) {
            return Err(RouteClash::Plural { plural, first, second: entity });
        }
        seen.push((plural, entity));
    }
    Ok(())
}

pub(super) fn router(node: &Node, options: HttpOptions) -> Router {
    let system = node.system();
    if let Err(clash) = clash(system) {
        tracing::error!(%clash, "the system has no API");
        return Router::new()
            .fallback(move || async move { Problem::new("route_clash", clash.to_string()).into_response() });
    }
    let pages = Pages::of(system, &options);
    let api = Arc::new(Api { node: node.clone(), options, pages });
    let mut router = Router::new();
    for served in system.entities() {
        let filters = filter::filters(served.model.structure);
        let collection = Collection { api: Arc::clone(&api), served: served.clone(), filters };
        router = entity(router, &Arc::new(collection));
    }
    router
        .route("/openapi.json", reading(&api, pages::openapi))
        .route("/asyncapi.json", reading(&api, pages::asyncapi))
        .route("/docs", reading(&api, pages::docs))
        .route("/problems/{code}", reading(&api, pages::explain))
        .fallback(nowhere)
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(from_fn_with_state(api, observe::observe))
}

/// The routes of one entity.
fn entity(mut router: Router, collection: &Arc<Collection>) -> Router {
    let plural = collection.served.model.structure.plural;
    let mut outbox = reading(collection, read::outbox);
    for operation in &collection.served.operations {
        let transition = operation.transition;
        let place = Place { collection: Arc::clone(collection), operation: *operation };
        let name = path::encode(transition.name);
        match transition.kind {
            Kind::Create => {
                let write = post(move |request: Request| write::create(place.clone(), request));
                // An entity may be called like the creation; it is read at the same path then.
                let methods = if collection.served.reader.key(transition.name).is_ok() {
                    let collection = Arc::clone(collection);
                    let both = write.get(move |request: Request| read::one(Arc::clone(&collection), request));
                    limited(both, "GET, HEAD, POST, OPTIONS")
                } else {
                    limited(write, "POST, OPTIONS")
                };
                router = router.route(&format!("/{plural}/{name}"), methods);
            }
            Kind::Update => {
                let write = move |request: Request| write::update(place.clone(), request);
                if transition.name == "outbox" {
                    outbox = limited(outbox.post(write), "GET, HEAD, POST, OPTIONS");
                } else {
                    let methods = limited(post(write), "POST, OPTIONS");
                    router = router.route(&format!("/{plural}/{{id}}/{name}"), methods);
                }
            }
        }
    }
    router
        .route(&format!("/{plural}"), reading(collection, read::list))
        .route(&format!("/{plural}/{{id}}"), reading(collection, read::one))
        .route(&format!("/{plural}/{{id}}/outbox"), outbox)
}

/// A route that only reads.
fn reading<S, F>(state: &Arc<S>, handler: fn(Arc<S>, Request) -> F) -> MethodRouter
where
    S: Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let state = Arc::clone(state);
    limited(get(move |request: Request| handler(Arc::clone(&state), request)), "GET, HEAD, OPTIONS")
}

/// The same route, with an answer for the methods that it does not have.
fn limited(methods: MethodRouter, allow: &'static str) -> MethodRouter {
    methods.fallback(move |method: Method| async move {
        if method == Method::OPTIONS {
            (StatusCode::NO_CONTENT, [(header::ALLOW, HeaderValue::from_static(allow))]).into_response()
        } else {
            Problem::method(allow).into_response()
        }
    })
}

/// The answer for a path that no route has.
async fn nowhere(request: Request) -> Response {
    if request.method() == Method::OPTIONS && request.uri().path() == "*" {
        return StatusCode::NO_CONTENT.into_response();
    }
    Problem::general("no_such_route").into_response()
}

#[cfg(test)]
mod tests {
    use super::{Node, RouteClash, System, clash};

    #[test]
    fn a_system_without_entities_has_no_clash() {
        assert_eq!(clash(&System::new("empty")), Ok::<_, RouteClash>(()));
        let _: fn(&Node, _) -> _ = super::router;
    }
}
