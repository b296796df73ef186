//! What describes the API: the OpenAPI document, the AsyncAPI document of the events, a page to browse them, and the
//! meanings of problems.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use cohesive_core::model::Entity;
use cohesive_core::render::{self, rejections};
use cohesive_core::value::Bytes as Base64;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::problem::{GENERAL, Problem, set};
use super::{Api, HttpOptions, openapi, path};
use crate::node::System;

const STYLE: &str = include_str!("docs.css");
const SCRIPT: &str = include_str!("docs.js");

/// What describes one API, ready to be sent.
pub(super) struct Pages {
    openapi: Bytes,
    asyncapi: Bytes,
    docs: Bytes,
    policy: String,
    meanings: BTreeMap<String, Json>,
}

impl Pages {
    pub(super) fn of(system: &System, options: &HttpOptions) -> Self {
        let entities: Vec<&Entity> = system.entities().iter().map(|served| served.model).collect();
        let title = options.title.as_deref().unwrap_or(system.name());
        let asyncapi = render::asyncapi(title, &options.version, "", &entities);
        let openapi = openapi::document(system, options);
        let docs = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>API</title>\n\
             <style>{STYLE}</style>\n<main id=\"page\"><p>Loading …</p></main>\n<script>{SCRIPT}</script>\n</html>\n"
        );
        // Only these very bytes may run or style; nothing is loaded from anywhere but this service.
        let policy = format!(
            "default-src 'none'; script-src {}; style-src {}; connect-src 'self'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'",
            digest(SCRIPT),
            digest(STYLE),
        );
        Self {
            openapi: openapi.to_string().into(),
            asyncapi: asyncapi.to_string().into(),
            docs: docs.into(),
            policy,
            meanings: meanings(system),
        }
    }
}

/// The digest of a text, as a content security policy names it.
fn digest(text: &str) -> String {
    let digest = Base64(Sha256::digest(text.as_bytes()).to_vec());
    let base64 = serde_json::to_value(digest).unwrap_or_default();
    format!("'sha256-{}'", base64.as_str().unwrap_or_default())
}

/// The meaning of every code that an answer may carry.
fn meanings(system: &System) -> BTreeMap<String, Json> {
    let mut meanings = BTreeMap::new();
    for general in GENERAL {
        let meaning = json!({
            "code": general.code,
            "title": general.title,
            "status": general.status,
            "meaning": general.meaning,
        });
        meanings.insert(general.code.to_owned(), meaning);
    }
    for entity in system.entities().iter().map(|served| served.model) {
        for transition in entity.transitions {
            for refusal in rejections(entity, transition) {
                let meaning = json!({
                    "code": refusal.code,
                    "title": "The transition was refused",
                    "status": 409,
                    "meaning": refusal.message,
                    "class": refusal.class,
                    "entity": entity.name(),
                    "transition": transition.name,
                });
                meanings.insert(refusal.code, meaning);
            }
        }
    }
    meanings
}

/// The OpenAPI document.
pub(super) async fn openapi(api: Arc<Api>, _: Request) -> Response {
    answer("application/json", api.pages.openapi.clone())
}

/// The AsyncAPI document.
pub(super) async fn asyncapi(api: Arc<Api>, _: Request) -> Response {
    answer("application/json", api.pages.asyncapi.clone())
}

/// A page to browse the API and to try it.
pub(super) async fn docs(api: Arc<Api>, _: Request) -> Response {
    let mut response = answer("text/html; charset=utf-8", api.pages.docs.clone());
    set(response.headers_mut(), header::CONTENT_SECURITY_POLICY, &api.pages.policy);
    response
}

/// What a problem means.
pub(super) async fn explain(api: Arc<Api>, request: Request) -> Response {
    let Ok(code) = path::decode(path::segment(request.uri().path(), 1)) else {
        return Problem::general("malformed_path").into_response();
    };
    match api.pages.meanings.get(&code) {
        Some(meaning) => answer("application/json", meaning.to_string().into()),
        None => Problem::new("not_found", "there is no problem with this code").into_response(),
    }
}

fn answer(media: &'static str, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.headers_mut() = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ]);
    response
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE, digest};

    #[test]
    fn a_digest_is_spelt_as_a_policy_wants_it() {
        assert_eq!(digest(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }

    #[test]
    fn the_page_asks_nobody_else() {
        for text in [SCRIPT, STYLE] {
            assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("</script"));
            assert!(!text.contains("innerHTML") && !text.contains("eval("));
        }
    }
}
