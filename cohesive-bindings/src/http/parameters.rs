//! The parameters of operations, as OpenAPI lists them.

use cohesive_core::model::Entity;
use cohesive_core::render::Definitions;
use serde_json::{Value as Json, json};

use super::HttpOptions;

/// A reference to one of [`components`].
pub(super) fn shared(name: &str) -> Json {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

const TAG: &str = "^\"(0|[1-9][0-9]{0,18})\"$";
const TOKEN: &str = "^[A-Za-z0-9_-]{1,128}$";

fn header(name: &str, description: &str, pattern: &str) -> Json {
    let schema = json!({ "type": "string", "pattern": pattern });
    json!({ "name": name, "in": "header", "required": false, "description": description, "schema": schema })
}

/// The parameters that several operations have.
pub(super) fn components() -> Json {
    json!({
        "IfMatch": header("If-Match",
            "The version that the caller's view has, such as `\"5\"`, or `*` for any. Another version is answered \
             with 412.",
            "^(\\*|\"(0|[1-9][0-9]{0,18})\")$"),
        "IfNoneMatch": header("If-None-Match",
            "The versions that the caller knows. Where the entity has one of them, the answer is 304.",
            "^.+$"),
        "IdempotencyKey": header("Idempotency-Key",
            "A repeat with the same key gets the first answer again, byte for byte, for as long as it is kept. Keys \
             belong to a caller (`X-Actor`) and an operation. A dry run uses no key up.",
            "^[ -~]{1,255}$"),
        "CorrelationId": header("X-Correlation-Id",
            "What the request belongs to. A fresh one when left out. Every answer carries it.", TOKEN),
        "CausationId": header("X-Causation-Id", "The message or request that directly caused this one.", TOKEN),
        "Actor": header("X-Actor",
            "Who sent the request, as the trusted edge in front of the service established it. It is recorded and \
             not verified.",
            "^[ -~]{1,255}$"),
        "TraceParent": {
            "name": "traceparent",
            "in": "header",
            "required": false,
            "description": "The place of the request in a distributed trace (W3C Trace Context, level 1). What the \
                request causes carries it. One that cannot be read is ignored.",
            "schema": { "type": "string" },
        },
        "DryRun": query("dry_run", "Whether only to say what would happen.",
            &json!({ "type": "boolean", "default": false })),
    })
}

/// `If-Match`, where the transition demands it.
pub(super) fn required_version() -> Json {
    let mut parameter = header(
        "If-Match",
        "The version that the caller's view has, such as `\"5\"`. Without one the answer is 428.",
        TAG,
    );
    parameter["required"] = true.into();
    parameter
}

/// A parameter of the query.
pub(super) fn query(name: &str, description: &str, schema: &Json) -> Json {
    json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
}

/// The id in the path.
pub(super) fn id(entity: &Entity, schemas: &mut Definitions) -> Json {
    let schema = match entity.structure.id() {
        Some(field) => schemas.of(&field.ty),
        None => json!({ "type": "string" }),
    };
    json!({ "name": "id", "in": "path", "required": true, "schema": schema })
}

/// The size of a page.
pub(super) fn limit(options: &HttpOptions) -> Json {
    let most = options.page_limit.max(1);
    let schema = json!({
        "type": "integer",
        "minimum": 1,
        "maximum": most,
        "default": options.page_size.clamp(1, most),
    });
    query("limit", "How many items the page has at most.", &schema)
}

/// A position among the messages of an entity.
pub(super) fn position() -> Json {
    let schema = json!({ "type": "string", "pattern": "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$" });
    query("after", "Only messages after this version and ordinal, such as `5.0`.", &schema)
}
