//! The schemas of an API: those of the model, and what the API wraps them in.

use cohesive_core::model::{Entity, Message, Transition};
use cohesive_core::render::Definitions;
use serde_json::{Value as Json, json};

use super::common::page;

/// Where an OpenAPI document keeps its schemas.
const PLACE: &str = "#/components/schemas/";

/// No schemas yet.
pub(super) const fn none() -> Definitions {
    Definitions::under(PLACE)
}

/// A reference to a schema by its name.
pub(super) fn reference(name: &str) -> Json {
    json!({ "$ref": format!("{PLACE}{name}") })
}

/// What the caller of a transition sends.
pub(super) fn input(schemas: &mut Definitions, entity: &Entity, transition: &Transition) -> Json {
    let schema = schemas.input(entity, transition);
    schemas.define(transition.input, schema)
}

/// The state of an entity.
pub(super) fn state(schemas: &mut Definitions, entity: &Entity) -> Json {
    let schema = schemas.state(entity);
    schemas.define(entity.name(), schema)
}

/// The payload of an event or an effect request.
fn message(schemas: &mut Definitions, message: &Message) -> Json {
    let mut schema = schemas.payload(message);
    if let Some(reply) = schemas.reply(message) {
        schema["x-reply"] = reply;
    }
    schemas.define(message.name, schema)
}

/// An entity with its id and version, and a page of them.
pub(super) fn documents(schemas: &mut Definitions, entity: &Entity, state: &Json) -> (Json, Json) {
    let item = json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "description": "The id, as text." },
            "version": reference("Version"),
            "state": state,
        },
        "required": ["id", "version", "state"],
    });
    let item = schemas.define(&format!("{}Document", entity.name()), item);
    let page = schemas.define(&format!("{}Page", entity.name()), page(&item));
    (item, page)
}

/// A page of an entity's messages.
pub(super) fn messages(schemas: &mut Definitions, entity: &Entity) -> Json {
    let payloads: Vec<_> = entity.messages.iter().map(|one| message(schemas, one)).collect();
    let names: Vec<_> = entity.messages.iter().map(|message| message.name).collect();
    let payload = if payloads.is_empty() { json!({}) } else { json!({ "anyOf": payloads }) };
    let name = if names.is_empty() { json!({ "type": "string" }) } else { json!({ "enum": names }) };
    let updates = entity.transitions.iter().map(|transition| transition.name);
    let item = json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "format": "uuid",
                "description": "The same for every attempt to publish the message." },
            "version": reference("Version"),
            "ordinal": { "type": "integer", "minimum": 0,
                "description": "The position among the messages of its transition." },
            "role": { "enum": ["event", "request"] },
            "name": name,
            "payload": payload,
            "transition": { "enum": updates.collect::<Vec<_>>() },
            "correlation": { "type": "string" },
            "causation": { "type": ["string", "null"] },
            "actor": { "type": ["string", "null"] },
            "trace": { "type": ["string", "null"],
                "description": "The `traceparent` of the request, where it had one." },
            "occurred_at": {
                "type": ["string", "null"],
                "format": "date-time",
                "description": "When it happened; null where the source of a fact does not say.",
            },
            "recorded_at": { "type": "string", "format": "date-time" },
            "published_at": { "type": ["string", "null"], "format": "date-time",
                "description": "Null while the message is pending." },
        },
        "required": ["id", "version", "ordinal", "role", "name", "payload", "transition", "correlation",
            "causation", "actor", "trace", "occurred_at", "recorded_at", "published_at"],
    });
    let item = schemas.define(&format!("{}Message", entity.name()), item);
    schemas.define(&format!("{}MessagePage", entity.name()), page(&item))
}
