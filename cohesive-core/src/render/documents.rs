//! All documents of a system at once.

use super::{
    asyncapi, entity_reference, input_schema, model_json, payload_schema, pretty, reply_schema, state_schema,
    system_reference,
};
use crate::model::Entity;

/// One document: a text, and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The path below a folder of documents, with `/` between its parts.
    pub path: String,
    /// The text. It ends with a line break.
    pub text: String,
}

/// Every document of a system: the references, the models, the schemas and the description of its events.
///
/// `version` is that of the system as a whole, as its AsyncAPI document states it.
///
/// | path | holds |
/// |---|---|
/// | `README.md` | [`system_reference`] |
/// | `asyncapi.json` | [`asyncapi`](super::asyncapi()) |
/// | `<table>.md` | [`entity_reference`] |
/// | `<table>/model.json` | [`model_json`] |
/// | `<table>/<Entity>.state.json` | [`state_schema`] |
/// | `<table>/<Input>.input.json` | [`input_schema`] |
/// | `<table>/<Message>.event.json`, `….request.json` | [`payload_schema`] |
/// | `<table>/<Message>.reply.json` | [`reply_schema`] |
///
/// The same model gives the same bytes. Writing them is the caller's: nothing here touches a file.
#[must_use]
pub fn documents(name: &str, version: &str, docs: &str, entities: &[&Entity]) -> Vec<Document> {
    let events = asyncapi(name, version, docs, entities);
    let mut all = vec![
        Document { path: "README.md".to_owned(), text: system_reference(name, docs, entities) },
        Document { path: "asyncapi.json".to_owned(), text: pretty(&events) },
    ];
    for entity in entities {
        let table = entity.structure.table;
        all.push(Document { path: format!("{table}.md"), text: entity_reference(entity) });
        let mut add = |name: String, json| {
            all.push(Document { path: format!("{table}/{name}.json"), text: pretty(&json) });
        };
        add("model".to_owned(), model_json(entity));
        add(format!("{}.state", entity.name()), state_schema(entity));
        for transition in entity.transitions {
            add(format!("{}.input", transition.input), input_schema(entity, transition));
        }
        for message in entity.messages {
            let (name, word) = (message.name, message.role.word());
            add(format!("{name}.{word}"), payload_schema(entity, message));
            if let Some(reply) = reply_schema(entity, message) {
                add(format!("{name}.reply"), reply);
            }
        }
    }
    all
}
