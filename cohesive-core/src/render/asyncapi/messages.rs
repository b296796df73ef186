//! Message objects and the schemas of their payloads.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::envelope;
use super::paragraphs;
use crate::model::{Entity, Message};
use crate::render::schema::{Definitions, key};

/// Where the document keeps its schemas.
const SCHEMAS: &str = "#/components/schemas/";

/// The messages so far, by their names in the document.
pub(super) struct Messages {
    schemas: Definitions,
    drawn: BTreeMap<String, Drawn>,
}

struct Drawn {
    message: Json,
    /// The entities that it concerns, in the order they came.
    tags: Vec<&'static str>,
}

impl Default for Messages {
    fn default() -> Self {
        Self { schemas: Definitions::under(SCHEMAS), drawn: BTreeMap::new() }
    }
}

impl Messages {
    /// The name of an event that is emitted here. Entities that emit the same have one message between them.
    pub(super) fn emitted(&mut self, entity: &Entity, message: &Message) -> String {
        let schema = self.schemas.payload(message);
        let payload = self.schemas.define(message.name, schema);
        let docs = message.docs.trim();
        let (summary, rest) = docs.split_once("\n\n").unwrap_or((docs, ""));
        let mut drawn = json!({
            "name": message.name,
            "title": message.name,
            "traits": traits(),
            "headers": envelope::headers(message.name, false),
            "payload": payload,
        });
        if !summary.is_empty() {
            drawn["summary"] = summary.into();
        }
        if !rest.is_empty() {
            drawn["description"] = docs.into();
        }
        self.add(message.name, drawn, Some(entity.name()))
    }

    /// The name of an event that is emitted elsewhere.
    pub(super) fn foreign(&mut self, kind: &'static str) -> String {
        let said = "Emitted elsewhere: what it holds is for its sender to say.";
        let drawn = json!({
            "name": kind,
            "title": kind,
            "traits": traits(),
            "headers": envelope::headers(kind, true),
            "description": paragraphs(vec![said.to_owned()]),
        });
        self.add(kind, drawn, None)
    }

    /// Two different messages never share a name: the later one gets a number.
    fn add(&mut self, kind: &str, message: Json, tag: Option<&'static str>) -> String {
        let wanted = key(kind);
        let mut unique = wanted.clone();
        let mut number = 1;
        while self.drawn.get(&unique).is_some_and(|known| known.message != message) {
            number += 1;
            unique = format!("{wanted}{number}");
        }
        let drawn = self.drawn.entry(unique.clone()).or_insert(Drawn { message, tags: Vec::new() });
        drawn.tags.extend(tag.filter(|tag| !drawn.tags.contains(tag)));
        unique
    }

    /// The messages and the schemas that they refer to.
    pub(super) fn finish(self) -> (Json, Json) {
        let messages = self.drawn.into_iter().map(|(name, Drawn { mut message, tags })| {
            if !tags.is_empty() {
                message["tags"] = tags.into_iter().map(|tag| json!({ "name": tag })).collect();
            }
            (name, message)
        });
        let messages: BTreeMap<String, Json> = messages.collect();
        let mut schemas = self.schemas.finish();
        for_draft_7(&mut schemas);
        (json!(messages), schemas)
    }
}

fn traits() -> Json {
    json!([{ "$ref": format!("#/components/messageTraits/{}", envelope::TRAIT) }])
}

/// AsyncAPI reads schemas as draft 7 does, where nothing beside a reference counts: such a reference goes into an
/// `allOf`, which means the same in every draft. The rest of what is drawn means the same in both.
fn for_draft_7(schema: &mut Json) {
    match schema {
        Json::Array(items) => items.iter_mut().for_each(for_draft_7),
        Json::Object(members) => {
            members.values_mut().for_each(for_draft_7);
            if members.len() > 1 && members.get("$ref").is_some_and(Json::is_string) {
                let reference = members.remove("$ref");
                let all = members.entry("allOf").or_insert_with(|| json!([]));
                if let (Some(reference), Some(all)) = (reference, all.as_array_mut()) {
                    all.insert(0, json!({ "$ref": reference }));
                }
            }
        }
        _ => {}
    }
}
