//! The model as canonical JSON, and its fingerprint.

mod behaviour;
mod expr;
mod structure;

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::model::{Allowance, Entity};

/// How much of the model is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// Everything.
    Full,
    /// What changes when the meaning changes: no documentation, no message texts, no places.
    Meaning,
}

/// The version of the form, as every document has it in `format`.
const FORMAT: u32 = 3;

/// The model of an entity as JSON, with its documentation and its [`fingerprint`].
///
/// The form is described by a JSON Schema of its own, `docs/model.schema.json` in the repository. Places (files and
/// lines) are not part of it.
#[must_use]
pub fn model_json(entity: &Entity) -> Json {
    let mut document = whole(entity, Detail::Full);
    document["fingerprint"] = fingerprint(entity).into();
    document
}

/// The models of several entities as one JSON document.
#[must_use]
pub fn system_json(name: &str, docs: &str, entities: &[&Entity]) -> Json {
    let entities: Vec<Json> = entities.iter().map(|entity| model_json(entity)).collect();
    documented(json!({ "format": FORMAT, "system": name, "entities": entities }), docs, Detail::Full)
}

/// The fingerprint of an entity's meaning: SHA-256 over its canonical JSON, as 64 hexadecimal digits.
///
/// It changes with every field, type, constraint, guard, expression, effect and edge, and stays the same when
/// documentation, texts for people, allowances, formatting or places change (requirement M02).
#[must_use]
pub fn fingerprint(entity: &Entity) -> String {
    let text = canonical(&whole(entity, Detail::Meaning));
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        text
    })
}

/// A JSON value as text with sorted members and no white space (RFC 8785 for the values a model has: text, whole
/// numbers, booleans and null). It does not depend on how `serde_json` keeps its maps.
#[must_use]
pub fn canonical(value: &Json) -> String {
    match value {
        Json::Object(members) => {
            let mut sorted: Vec<(&String, &Json)> = members.iter().collect();
            sorted.sort_by(|one, other| one.0.cmp(other.0));
            let parts: Vec<String> = sorted
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Json::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

/// A JSON value as text for people: sorted members, one to a line. It ends with a line break.
#[must_use]
pub fn pretty(value: &Json) -> String {
    let mut text = String::new();
    lay_out(value, 0, &mut text);
    text.push('\n');
    text
}

fn lay_out(value: &Json, depth: usize, text: &mut String) {
    let (open, close, mut parts): (_, _, Vec<(Option<&String>, &Json)>) = match value {
        Json::Object(members) => {
            ('{', '}', members.iter().map(|(name, member)| (Some(name), member)).collect())
        }
        Json::Array(items) => ('[', ']', items.iter().map(|item| (None, item)).collect()),
        scalar => return text.push_str(&scalar.to_string()),
    };
    parts.sort_by_key(|(name, _)| *name);
    text.push(open);
    for (index, (name, part)) in parts.iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        if let Some(name) = name {
            text.push_str(&Json::from(name.as_str()).to_string());
            text.push_str(": ");
        }
        lay_out(part, depth + 1, text);
    }
    if !parts.is_empty() {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    }
    text.push(close);
}

fn whole(entity: &Entity, detail: Detail) -> Json {
    let structure = entity.structure;
    let fields = structure.fields.iter().map(|field| structure::field(field, detail));
    let transitions = entity.transitions.iter().map(|entry| behaviour::transition(entry, detail));
    let messages = entity.messages.iter().map(|entry| structure::message(entry, detail));
    let mut members = json!({
        "format": FORMAT,
        "name": structure.name,
        "table": structure.table,
        "plural": structure.plural,
        "fields": fields.collect::<Vec<_>>(),
        "transitions": transitions.collect::<Vec<_>>(),
        "invariants": behaviour::invariants(entity, detail),
        "messages": messages.collect::<Vec<_>>(),
        "natives": behaviour::natives(entity, detail),
    });
    allowances(&mut members, &[structure.allowances, entity.allowances], detail);
    documented(members, structure.docs, detail)
}

fn documented(mut members: Json, docs: &str, detail: Detail) -> Json {
    if detail == Detail::Full && !docs.is_empty() {
        members["docs"] = docs.into();
    }
    members
}

/// Adds what an author allows. It means nothing to what happens, so the fingerprint leaves it out.
fn allowances(members: &mut Json, allowances: &[&[Allowance]], detail: Detail) {
    if detail == Detail::Full {
        let allowances = allowances.iter().copied().flatten();
        members["allowances"] =
            allowances.map(|one| json!({ "code": one.code, "reason": one.reason })).collect();
    }
}
