//! JSON Schema (2020-12) from the types of the model, matching what is read and written.

use std::collections::BTreeMap;

use cohesive_core::model::{Entity, EnumType, IdType, Message, RecordType, Role, Transition, Type};
use serde_json::{Value as Json, json};

use super::common::page;

/// Schemas by name.
#[derive(Debug, Default)]
pub(super) struct Schemas {
    defined: BTreeMap<String, Json>,
}

/// One member of an object: name, explanation, type.
type Named = (&'static str, &'static str, Type);

impl Schemas {
    /// All schemas, sorted by name.
    pub(super) fn finish(self) -> Json {
        json!(self.defined)
    }

    /// Names a schema, and gives a reference to it. Two different schemas never share a name: the later one gets a
    /// number.
    pub(super) fn define(&mut self, name: &str, schema: Json) -> Json {
        let mut unique = name.to_owned();
        let mut number = 1;
        while self.defined.get(&unique).is_some_and(|known| *known != schema) {
            number += 1;
            unique = format!("{name}{number}");
        }
        let reference = json!({ "$ref": format!("#/components/schemas/{unique}") });
        self.defined.insert(unique, schema);
        reference
    }

    /// The schema of a type.
    pub(super) fn of(&mut self, ty: &Type) -> Json {
        match ty {
            Type::Bool => json!({ "type": "boolean" }),
            Type::Int32 => {
                json!({ "type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX })
            }
            Type::Int64 => {
                json!({ "type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX })
            }
            Type::UInt32 => {
                json!({ "type": "integer", "format": "int64", "minimum": 0, "maximum": u32::MAX })
            }
            Type::Decimal => json!({
                "type": "string",
                "format": "decimal",
                "pattern": "^-?[0-9]+(\\.[0-9]+)?$",
                "maxLength": 31,
                "description": "An exact decimal number of up to 28 digits, as text.",
            }),
            Type::Text => json!({ "type": "string", "pattern": "^[^\\u0000]*$" }),
            Type::Bytes => json!({
                "type": "string",
                "format": "byte",
                "contentEncoding": "base64",
                "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
            }),
            Type::Timestamp => json!({
                "type": "string",
                "format": "date-time",
                "description": "An instant, with at most six fractional digits. Any offset is read; UTC is written.",
            }),
            Type::Date => json!({ "type": "string", "format": "date" }),
            Type::Uuid => json!({ "type": "string", "format": "uuid" }),
            Type::Id(id) => self.id(id),
            Type::Enum(names) => self.names(names),
            Type::Record(record) => self.record(record),
            Type::Optional(inner) => nullable(self.of(inner)),
            Type::List(element) => json!({ "type": "array", "items": self.of(element) }),
            Type::Set(element) => json!({ "type": "array", "uniqueItems": true, "items": self.of(element) }),
            Type::Duration => json!({
                "type": "string",
                "format": "duration",
                "pattern": "^[-+]?P[TtHhMmSs0-9.,]*$",
                "description": "A length of time in hours, minutes and seconds (ISO 8601).",
            }),
            Type::Currency => json!({
                "type": "string",
                "pattern": "^[A-Z]{3}$",
                "description": "The code of a currency (ISO 4217).",
            }),
            Type::Opaque | Type::Named(_) => json!({}),
        }
    }

    fn id(&mut self, id: &IdType) -> Json {
        let schema = match id.inner {
            Type::Text => json!({
                "type": "string",
                "minLength": 1,
                "maxLength": 255,
                "pattern": "^(?=.*\\S)[^\\u0000-\\u001f\\u007f-\\u009f]+$",
                "description": "At most 255 bytes of text, not blank and without control characters.",
            }),
            other => self.of(&other),
        };
        self.define(id.name, schema)
    }

    fn names(&mut self, names: &EnumType) -> Json {
        let wires: Vec<_> = names.variants.iter().map(|variant| variant.wire).collect();
        let mut lines: Vec<String> = vec![names.docs.trim().to_owned()];
        for variant in names.variants {
            let part = match (variant.initial, variant.terminal) {
                (true, _) => " (initial)",
                (false, true) => " (terminal)",
                (false, false) => "",
            };
            if !part.is_empty() || !variant.docs.is_empty() {
                lines.push(
                    format!("- `{}`{part} {}", variant.wire, variant.docs.trim()).trim_end().to_owned(),
                );
            }
        }
        let schema = json!({ "type": "string", "enum": wires });
        self.define(names.name, described(schema, lines.join("\n").trim()))
    }

    fn record(&mut self, record: &RecordType) -> Json {
        let members: Vec<Named> =
            record.members.iter().map(|member| (member.wire, member.docs, member.ty)).collect();
        let mut schema = described(self.object(&members), record.docs);
        schema["additionalProperties"] = false.into();
        self.define(record.name, schema)
    }

    /// An object with these members. What may be absent may also be left out.
    fn object(&mut self, members: &[Named]) -> Json {
        let mut properties = BTreeMap::new();
        for (name, docs, ty) in members {
            properties.insert(*name, described(self.of(ty), docs));
        }
        let required = members.iter().filter(|(_, _, ty)| !ty.is_optional());
        let required: Vec<_> = required.map(|(name, ..)| *name).collect();
        json!({ "type": "object", "properties": properties, "required": required })
    }

    /// What the caller of a transition sends. Nothing else is read.
    pub(super) fn input(&mut self, transition: &Transition) -> Json {
        let members: Vec<Named> =
            transition.parameters.iter().map(|parameter| (parameter.name, "", parameter.ty)).collect();
        let mut schema = described(self.object(&members), transition.docs);
        schema["additionalProperties"] = false.into();
        self.define(transition.input, schema)
    }

    /// The state of an entity.
    pub(super) fn state(&mut self, entity: &Entity) -> Json {
        let members: Vec<Named> =
            entity.structure.fields.iter().map(|field| (field.wire, field.docs, field.ty)).collect();
        let schema = described(self.object(&members), entity.structure.docs);
        self.define(entity.name(), schema)
    }

    /// The payload of an event or an effect request.
    pub(super) fn message(&mut self, message: &Message) -> Json {
        let members: Vec<Named> =
            message.members.iter().map(|member| (member.wire, member.docs, member.ty)).collect();
        let mut schema = described(self.object(&members), message.docs);
        schema["x-role"] = message.role.word().into();
        if let Role::Request { reply, .. } = message.role {
            schema["x-reply"] = reply.map_or(json!({ "type": "null" }), |reply| self.of(&reply));
        }
        self.define(message.name, schema)
    }

    /// An entity with its id and version, and a page of them.
    pub(super) fn documents(&mut self, entity: &Entity, state: &Json) -> (Json, Json) {
        let item = json!({
            "type": "object",
            "properties": {
                "id": { "type": "string", "description": "The id, as text." },
                "version": reference("Version"),
                "state": state,
            },
            "required": ["id", "version", "state"],
        });
        let item = self.define(&format!("{}Document", entity.name()), item);
        let page = self.define(&format!("{}Page", entity.name()), page(&item));
        (item, page)
    }

    /// A page of an entity's messages.
    pub(super) fn messages(&mut self, entity: &Entity) -> Json {
        let payloads: Vec<_> = entity.messages.iter().map(|message| self.message(message)).collect();
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
                "causation", "actor", "occurred_at", "recorded_at", "published_at"],
        });
        let item = self.define(&format!("{}Message", entity.name()), item);
        self.define(&format!("{}MessagePage", entity.name()), page(&item))
    }
}

pub(super) fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A schema that also fits null.
fn nullable(mut schema: Json) -> Json {
    match schema.get("type").cloned() {
        Some(Json::String(single)) => {
            schema["type"] = json!([single, "null"]);
            schema
        }
        _ if schema == json!({}) => schema,
        _ => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}

/// A schema with an explanation, where there is one.
fn described(mut schema: Json, docs: &str) -> Json {
    let docs = docs.trim();
    if !docs.is_empty() {
        schema["description"] = docs.into();
    }
    schema
}

#[cfg(test)]
mod tests {
    use cohesive_core::model::{IdType, Type};
    use serde_json::json;

    use super::Schemas;

    const ID: IdType = IdType { name: "TenderId", inner: Type::Text };
    const OTHER: IdType = IdType { name: "TenderId", inner: Type::Uuid };

    #[test]
    fn what_may_be_absent_may_be_null() {
        let mut schemas = Schemas::default();
        assert_eq!(schemas.of(&Type::Optional(&Type::Bool)), json!({ "type": ["boolean", "null"] }));
        let id = schemas.of(&Type::Optional(&Type::Id(&ID)));
        assert_eq!(id, json!({ "anyOf": [{ "$ref": "#/components/schemas/TenderId" }, { "type": "null" }] }));
        assert_eq!(schemas.of(&Type::Optional(&Type::Opaque)), json!({}));
    }

    #[test]
    fn two_types_of_one_name_stay_apart() {
        let mut schemas = Schemas::default();
        let first = schemas.of(&Type::Id(&ID));
        assert_eq!(schemas.of(&Type::Id(&ID)), first);
        let second = schemas.of(&Type::Id(&OTHER));
        assert_eq!(second, json!({ "$ref": "#/components/schemas/TenderId2" }));
        assert_eq!(schemas.of(&Type::Id(&OTHER)), second);
    }
}
