//! The schemas that every API has, whatever its model.

use cohesive_core::kernel::Boundary;
use cohesive_core::model::Transition;
use cohesive_core::render::Definitions;
use serde_json::{Value as Json, json};

use super::schema::{self, reference};

/// The schemas that every API has.
pub(super) fn schemas() -> Definitions {
    let mut schemas = schema::none();
    schemas.define("Problem", problem());
    schemas.define("Version", version());
    schemas.define("Boundary", boundary());
    schemas.define("Committed", committed());
    schemas.define("Preview", preview());
    schemas.define("ProblemMeaning", meaning());
    schemas
}

/// The words that a caller reads about what a commit proves and what it does not.
fn rung(boundary: Boundary) -> Json {
    let (proves, does_not) = match boundary {
        Boundary::OutboxCommitted => (
            "The new state and the duty to publish its messages are durable, in one commit.",
            "That any message has been published, received or processed, or that the business transaction is \
             complete.",
        ),
        _ => (
            "The new state is durable; where nothing changed, it was durable before.",
            "That anything is published, or that the business transaction is complete. No message was owed.",
        ),
    };
    json!({
        "rung": boundary.rung(),
        "name": boundary.word(),
        "proves": proves,
        "doesNotProve": does_not,
    })
}

/// The rungs that a transition may reach.
pub(super) fn rungs(transition: &Transition) -> Json {
    let silent = transition.emits.is_empty() && transition.requests.is_empty();
    let mut reached = vec![rung(Boundary::TransitionCommitted)];
    if !silent {
        reached.push(rung(Boundary::OutboxCommitted));
    }
    json!(reached)
}

pub(super) fn page(item: &Json) -> Json {
    json!({
        "type": "object",
        "properties": {
            "items": { "type": "array", "items": item },
            "next": { "type": ["string", "null"], "description": "Where the next page is; null on the last one." },
        },
        "required": ["items", "next"],
    })
}

fn problem() -> Json {
    json!({
        "type": "object",
        "description": "Why there is no success (RFC 9457).",
        "properties": {
            "type": { "type": "string", "format": "uri-reference", "description": "Where the code is explained." },
            "title": { "type": "string" },
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "detail": { "type": "string" },
            "code": { "type": "string", "description": "Stable across releases." },
            "entity": { "type": "string" },
            "id": { "type": "string" },
            "transition": { "type": "string" },
            "outcome": { "type": "string" },
            "member": { "type": "string", "description": "The member of the body that does not fit." },
            "parameter": { "type": "string", "description": "The parameter that does not fit." },
            "header": { "type": "string", "description": "The header that does not fit." },
            "expected": reference("Version"),
            "actual": reference("Version"),
        },
        "required": ["type", "title", "status", "detail", "code"],
    })
}

fn version() -> Json {
    json!({
        "type": "integer",
        "format": "int64",
        "minimum": 0,
        "description": "How many transitions the entity has seen since its creation.",
    })
}

fn boundary() -> Json {
    json!({
        "type": "object",
        "description": "Which rung of the boundary ladder was reached. No higher one is claimed.",
        "properties": {
            "rung": { "enum": [5, 6] },
            "name": { "enum": [Boundary::TransitionCommitted.word(), Boundary::OutboxCommitted.word()] },
        },
        "required": ["rung", "name"],
    })
}

fn answer(outcomes: &[&str], boundary: &Json, message: &Json) -> Json {
    json!({
        "type": "object",
        "properties": {
            "entity": { "type": "string" },
            "id": { "type": "string" },
            "transition": { "type": "string" },
            "outcome": { "enum": outcomes },
            "boundary": boundary,
            "changed": { "type": "array", "items": { "type": "string" },
                "description": "The fields that changed, in declaration order." },
            "messages": { "type": "array", "items": message },
        },
        "required": ["entity", "id", "transition", "outcome", "boundary", "changed", "messages"],
    })
}

fn committed() -> Json {
    let message = json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "role": { "enum": ["event", "request"] },
            "name": { "type": "string" },
        },
        "required": ["id", "role", "name"],
    });
    let mut schema = answer(&["committed", "no-change"], &reference("Boundary"), &message);
    schema["description"] = "A transition that is durable, with the messages that are now owed.".into();
    schema["properties"]["version"] = reference("Version");
    if let Some(required) = schema["required"].as_array_mut() {
        required.push("version".into());
    }
    schema
}

fn preview() -> Json {
    let message = json!({
        "type": "object",
        "properties": { "role": { "enum": ["event", "request"] }, "name": { "type": "string" }, "payload": {} },
        "required": ["role", "name", "payload"],
    });
    let mut schema = answer(&["would-commit", "no-change"], &json!({ "type": "null" }), &message);
    schema["description"] =
        "What a transition would do. Nothing was stored, and no boundary was reached.".into();
    schema
}

fn meaning() -> Json {
    json!({
        "type": "object",
        "properties": {
            "code": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "meaning": { "type": "string" },
            "entity": { "type": "string" },
            "transition": { "type": "string" },
            "class": { "enum": ["state", "guard", "rule"] },
        },
        "required": ["code", "title", "status", "meaning"],
    })
}
