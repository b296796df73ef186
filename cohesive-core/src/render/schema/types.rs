//! Schemas of types, and of objects with members.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::constraints;
use crate::model::{
    Constraint, Entity, EnumType, IdType, Member, Message, RecordType, Role, Transition, Type,
};

/// Named schemas of one document, and how the document refers to them.
#[derive(Debug)]
pub struct Definitions {
    place: &'static str,
    defined: BTreeMap<String, Json>,
}

/// One member of an object.
struct Property<'a> {
    name: &'static str,
    docs: &'static str,
    ty: Type,
    constraints: Vec<&'a Constraint>,
    personal: bool,
    references: Option<&'static str>,
}

impl Definitions {
    /// No definitions yet. `place` is what a reference has before the name, for example `#/components/schemas/`.
    #[must_use]
    pub const fn under(place: &'static str) -> Self {
        Self { place, defined: BTreeMap::new() }
    }

    /// All definitions, sorted by name.
    #[must_use]
    pub fn finish(self) -> Json {
        json!(self.defined)
    }

    /// Names a schema, and gives a reference to it. Two different schemas never share a name: the later one gets a
    /// number.
    pub fn define(&mut self, name: &str, schema: Json) -> Json {
        let name = key(name);
        let mut unique = name.clone();
        let mut number = 1;
        while self.defined.get(&unique).is_some_and(|known| *known != schema) {
            number += 1;
            unique = format!("{name}{number}");
        }
        let reference = json!({ "$ref": format!("{}{unique}", self.place) });
        self.defined.insert(unique, schema);
        reference
    }

    /// The schema of a type.
    pub fn of(&mut self, ty: &Type) -> Json {
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
            Type::Text => json!({ "type": "string", "pattern": "^[^\\u0000]*$" }),
            Type::Date => json!({ "type": "string", "format": "date" }),
            Type::Uuid => json!({ "type": "string", "format": "uuid" }),
            Type::Decimal | Type::Bytes | Type::Timestamp | Type::Duration | Type::Currency => spelt(ty),
            Type::Id(id) => self.id(id),
            Type::Enum(names) => self.names(names),
            Type::Record(record) => self.record(record),
            Type::Optional(inner) => nullable(self.of(inner)),
            Type::List(element) => json!({ "type": "array", "items": self.of(element) }),
            Type::Set(element) => json!({ "type": "array", "uniqueItems": true, "items": self.of(element) }),
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
        let members: Vec<Property> = record.members.iter().map(Property::of).collect();
        let mut schema = described(self.object(&members), record.docs);
        schema["additionalProperties"] = false.into();
        if let Some(id) = record.members.iter().find(|member| Some(member.name) == record.id) {
            schema["x-id"] = id.wire.into();
        }
        self.define(record.name, schema)
    }

    /// An object with these members. What may be absent may also be left out.
    fn object(&mut self, members: &[Property]) -> Json {
        let mut properties = BTreeMap::new();
        for member in members {
            let mut schema = described(self.of(&member.ty), member.docs);
            constraints::apply(&mut schema, &member.ty, &member.constraints);
            if member.personal {
                schema["x-personal"] = true.into();
            }
            if let Some(entity) = member.references {
                schema["x-references"] = entity.into();
            }
            properties.insert(member.name, schema);
        }
        let required = members.iter().filter(|member| !member.ty.is_optional());
        let required: Vec<_> = required.map(|member| member.name).collect();
        json!({ "type": "object", "properties": properties, "required": required })
    }

    /// What the caller of a transition sends. Nothing else is read.
    pub fn input(&mut self, entity: &Entity, transition: &Transition) -> Json {
        let members = transition.parameters.iter().map(|parameter| Property {
            name: parameter.name,
            docs: parameter.docs,
            ty: parameter.ty,
            constraints: constraints::of_parameter(entity, transition, parameter),
            personal: parameter.personal,
            references: None,
        });
        let members: Vec<Property> = members.collect();
        let mut schema = described(self.object(&members), transition.docs);
        schema["additionalProperties"] = false.into();
        schema
    }

    /// The state of an entity.
    pub fn state(&mut self, entity: &Entity) -> Json {
        let members = entity.structure.fields.iter().map(|field| Property {
            name: field.wire,
            docs: field.docs,
            ty: field.ty,
            constraints: field.constraints.iter().collect(),
            personal: field.personal,
            references: field.references,
        });
        let members: Vec<Property> = members.collect();
        described(self.object(&members), entity.structure.docs)
    }

    /// The payload of an event or an effect request.
    pub fn payload(&mut self, message: &Message) -> Json {
        let members: Vec<Property> = message.members.iter().map(Property::of).collect();
        let mut schema = described(self.object(&members), message.docs);
        schema["x-role"] = message.role.word().into();
        schema
    }

    /// What the one who performs an effect answers: null when there is nothing to say but "done", and `None` for
    /// an event.
    pub fn reply(&mut self, message: &Message) -> Option<Json> {
        match message.role {
            Role::Event => None,
            Role::Request { reply, .. } => {
                Some(reply.map_or_else(|| json!({ "type": "null" }), |reply| self.of(&reply)))
            }
        }
    }
}

impl Property<'static> {
    fn of(member: &'static Member) -> Self {
        Self {
            name: member.wire,
            docs: member.docs,
            ty: member.ty,
            constraints: member.constraints.iter().collect(),
            personal: member.personal,
            references: None,
        }
    }
}

/// A name as OpenAPI and AsyncAPI take it for what a document holds: Rust's names may have other letters than theirs.
pub(in crate::render) fn key(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let spelt = |letter: char| {
        if plain(letter) { letter.to_string() } else { format!("-{:x}-", u32::from(letter)) }
    };
    name.chars().map(spelt).collect()
}

/// Scalars that travel as text of a certain spelling.
fn spelt(ty: &Type) -> Json {
    match ty {
        Type::Decimal => json!({
            "type": "string",
            "format": "decimal",
            "pattern": "^-?[0-9]+(\\.[0-9]+)?$",
            "maxLength": 31,
            "description": "An exact decimal number of up to 28 digits, as text.",
        }),
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
        Type::Duration => json!({
            "type": "string",
            "format": "duration",
            "pattern": "^[-+]?P[TtHhMmSs0-9.,]*$",
            "description": "A length of time in hours, minutes and seconds (ISO 8601).",
        }),
        _ => json!({
            "type": "string",
            "pattern": "^[A-Z]{3}$",
            "description": "The code of a currency (ISO 4217).",
        }),
    }
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
    use serde_json::json;

    use super::Definitions;
    use crate::model::{IdType, Type};

    const ID: IdType = IdType { name: "TenderId", inner: Type::Text };
    const OTHER: IdType = IdType { name: "TenderId", inner: Type::Uuid };

    #[test]
    fn what_may_be_absent_may_be_null() {
        let mut schemas = Definitions::under("#/$defs/");
        assert_eq!(schemas.of(&Type::Optional(&Type::Bool)), json!({ "type": ["boolean", "null"] }));
        let id = schemas.of(&Type::Optional(&Type::Id(&ID)));
        assert_eq!(id, json!({ "anyOf": [{ "$ref": "#/$defs/TenderId" }, { "type": "null" }] }));
        assert_eq!(schemas.of(&Type::Optional(&Type::Opaque)), json!({}));
    }

    #[test]
    fn two_types_of_one_name_stay_apart() {
        let mut schemas = Definitions::under("#/components/schemas/");
        let first = schemas.of(&Type::Id(&ID));
        assert_eq!(schemas.of(&Type::Id(&ID)), first);
        let second = schemas.of(&Type::Id(&OTHER));
        assert_eq!(second, json!({ "$ref": "#/components/schemas/TenderId2" }));
        assert_eq!(schemas.of(&Type::Id(&OTHER)), second);
        let defined = schemas.finish();
        assert_eq!(defined["TenderId"]["maxLength"], 255);
        assert_eq!(defined["TenderId2"]["format"], "uuid");
    }
}
