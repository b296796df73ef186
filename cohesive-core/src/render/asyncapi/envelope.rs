//! The headers of events: `CloudEvents` 1.0 in binary mode.

use serde_json::{Map, Value as Json, json};

/// The media type of payloads.
pub(super) const CONTENT_TYPE: &str = "application/json";

/// The name of the trait that all messages have.
pub(super) const TRAIT: &str = "CloudEvents";

/// What a header's name has before the attribute's.
const PREFIX: &str = "ce-";

/// What every message has: its headers, its media type, its correlation and the key that orders it.
pub(super) fn message_trait() -> Json {
    json!({
        "contentType": CONTENT_TYPE,
        "headers": {
            "type": "object",
            "properties": attributes().into_iter().map(|(name, schema)| (header(name), schema)).collect::<Map<_, _>>(),
        },
        "correlationId": {
            "description": "What the event belongs to: handed on from the input that led to it.",
            "location": format!("$message.header#/{}", header("correlationid")),
        },
        "bindings": {
            "kafka": {
                "key": { "type": "string", "description": "The `partitionkey`." },
                "bindingVersion": "0.5.0",
            },
        },
    })
}

/// What the headers of one kind of event add to the trait. Of a sender elsewhere only that is demanded without which an
/// event cannot be read.
pub(super) fn headers(kind: &str, foreign: bool) -> Json {
    let names = |names: &[&str]| names.iter().map(|name| header(name)).collect::<Json>();
    let mut properties = Map::new();
    properties.insert(header("type"), json!({ "const": kind }));
    let mut headers = json!({ "type": "object", "properties": properties });
    if foreign {
        headers["required"] = names(&["specversion", "id", "source", "type"]);
        headers["anyOf"] =
            ["time", "recordedtime"].iter().map(|name| json!({ "required": names(&[name]) })).collect();
    } else {
        headers["required"] = names(&[
            "specversion",
            "id",
            "source",
            "type",
            "time",
            "recordedtime",
            "sequence",
            "partitionkey",
        ]);
    }
    headers
}

fn header(attribute: &str) -> String {
    format!("{PREFIX}{attribute}")
}

/// The attributes by their names, each with its schema.
fn attributes() -> [(&'static str, Json); 12] {
    let text = |description: &str| json!({ "type": "string", "minLength": 1, "description": description });
    let instant =
        |description: &str| json!({ "type": "string", "format": "date-time", "description": description });
    [
        (
            "specversion",
            json!({ "type": "string", "const": "1.0", "description": "The version of CloudEvents." }),
        ),
        (
            "id",
            text("The identity of the event. With `source` it tells events apart; a repeat has both again."),
        ),
        (
            "source",
            json!({
                "type": "string",
                "format": "uri-reference",
                "minLength": 1,
                "description": "Who sends it: the name of the sending node, a slash, and that of the entity.",
            }),
        ),
        ("type", text("The kind of the event.")),
        ("subject", text("The id of the entity. Left out where that is empty.")),
        ("time", instant("When it happened, or when it was recorded where nobody said.")),
        ("recordedtime", instant("When its sender recorded it.")),
        ("correlationid", text("What the event belongs to. Left out where nobody said.")),
        ("causationid", text("What directly caused the input that led to it. Left out where nothing did.")),
        ("sequence", text("Text that sorts as the events of one entity follow each other.")),
        ("partitionkey", text("The entity. Brokers keep events of one key in order.")),
        ("traceparent", text("The trace context (W3C). Left out where there is none.")),
    ]
}
