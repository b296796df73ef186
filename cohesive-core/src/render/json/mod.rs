//! The model as canonical JSON, and its fingerprint.

use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::model::{
    Edge, Entity, Expr, Field, FieldRole, Kind, Literal, Member, Message, Mutability, Pattern, Role, Step,
    Target, Transition, Type, UnaryOperator,
};

/// How much of the model is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// Everything.
    Full,
    /// What changes when the meaning changes: no documentation, no message texts, no places.
    Meaning,
}

/// The model of an entity as JSON, with documentation.
#[must_use]
pub fn model_json(entity: &Entity) -> Json {
    whole(entity, Detail::Full)
}

/// The fingerprint of an entity's meaning: SHA-256 over its canonical JSON, as 64 hexadecimal digits.
///
/// It changes with every field, type, guard, expression, effect and edge, and stays the same when documentation,
/// texts for people, formatting or places change (requirement M02).
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

fn whole(entity: &Entity, detail: Detail) -> Json {
    let structure = entity.structure;
    let invariants = entity.invariants.iter().map(|invariant| {
        let condition = expr(&invariant.condition);
        let members = json!({ "name": invariant.name, "condition": condition, "reads": invariant.reads });
        documented(members, invariant.docs, detail)
    });
    let members = json!({
        "format": 1,
        "name": structure.name,
        "table": structure.table,
        "plural": structure.plural,
        "fields": structure.fields.iter().map(|field| self::field(field, detail)).collect::<Vec<_>>(),
        "transitions": entity.transitions.iter().map(|entry| transition(entry, detail)).collect::<Vec<_>>(),
        "invariants": invariants.collect::<Vec<_>>(),
        "messages": entity.messages.iter().map(|entry| message(entry, detail)).collect::<Vec<_>>(),
    });
    documented(members, structure.docs, detail)
}

fn documented(mut members: Json, docs: &str, detail: Detail) -> Json {
    if let (Json::Object(members), Detail::Full, false) = (&mut members, detail, docs.is_empty()) {
        members.insert("docs".to_owned(), docs.into());
    }
    members
}

fn field(field: &Field, detail: Detail) -> Json {
    let role = match field.role {
        FieldRole::Id => "id",
        FieldRole::Lifecycle => "lifecycle",
        FieldRole::Data => "data",
    };
    let mutability = match &field.mutability {
        Mutability::Mutable => json!("mutable"),
        Mutability::WriteOnce => json!("write-once"),
        Mutability::Computed(expression) => json!({ "computed": expr(expression) }),
    };
    let members = json!({
        "name": field.name,
        "wire": field.wire,
        "type": ty(&field.ty, detail),
        "role": role,
        "mutability": mutability,
        "default": field.default.as_ref().map(expr),
        "required": field.is_required(),
        "unique": field.unique,
        "index": field.index,
    });
    documented(members, field.docs, detail)
}

fn ty(value: &Type, detail: Detail) -> Json {
    match value {
        Type::Bool => json!("bool"),
        Type::Int32 => json!("int32"),
        Type::Int64 => json!("int64"),
        Type::UInt32 => json!("uint32"),
        Type::Decimal => json!("decimal"),
        Type::Text => json!("text"),
        Type::Bytes => json!("bytes"),
        Type::Timestamp => json!("timestamp"),
        Type::Date => json!("date"),
        Type::Uuid => json!("uuid"),
        Type::Opaque => json!("opaque"),
        Type::Named(name) => json!({ "named": name }),
        Type::Id(id) => json!({ "id": id.name, "of": ty(&id.inner, detail) }),
        Type::Optional(inner) => json!({ "optional": ty(inner, detail) }),
        Type::List(inner) => json!({ "list": ty(inner, detail) }),
        Type::Set(inner) => json!({ "set": ty(inner, detail) }),
        Type::Duration => json!("duration"),
        Type::Currency => json!("currency"),
        Type::Record(record) => {
            let members: Vec<Json> = record.members.iter().map(|entry| member(entry, detail)).collect();
            documented(json!({ "record": record.name, "members": members }), record.docs, detail)
        }
        Type::Enum(choice) => {
            let variants = choice.variants.iter().map(|variant| {
                let mut members = Map::new();
                members.insert("name".to_owned(), variant.name.into());
                members.insert("wire".to_owned(), variant.wire.into());
                if choice.lifecycle {
                    members.insert("initial".to_owned(), variant.initial.into());
                    members.insert("terminal".to_owned(), variant.terminal.into());
                }
                documented(Json::Object(members), variant.docs, detail)
            });
            let word = if choice.lifecycle { "lifecycle" } else { "enum" };
            let variants: Vec<Json> = variants.collect();
            documented(json!({ word: choice.name, "variants": variants }), choice.docs, detail)
        }
    }
}

fn member(member: &Member, detail: Detail) -> Json {
    let members = json!({ "name": member.name, "wire": member.wire, "type": ty(&member.ty, detail) });
    documented(members, member.docs, detail)
}

fn message(message: &Message, detail: Detail) -> Json {
    let members: Vec<Json> = message.members.iter().map(|entry| member(entry, detail)).collect();
    let mut document = json!({ "name": message.name, "role": message.role.word(), "members": members });
    if let (Role::Request { reply, .. }, Json::Object(document)) = (&message.role, &mut document) {
        document.insert("reply".to_owned(), reply.as_ref().map(|reply| ty(reply, detail)).into());
    }
    documented(document, message.docs, detail)
}

fn transition(transition: &Transition, detail: Detail) -> Json {
    let refusal = |name: &str, message: &str, condition: Option<&Expr>| {
        let mut members = Map::new();
        members.insert("name".to_owned(), name.into());
        if let Some(condition) = condition {
            members.insert("condition".to_owned(), expr(condition));
        }
        if detail == Detail::Full {
            members.insert("message".to_owned(), message.into());
            if let Some(condition) = condition {
                members.insert("text".to_owned(), condition.to_string().into());
            }
        }
        Json::Object(members)
    };
    let guards =
        transition.guards.iter().map(|guard| refusal(guard.name, guard.message, Some(&guard.condition)));
    let rejections = transition.rejections.iter().map(|case| refusal(case.name, case.message, None));
    let parameters = transition
        .parameters
        .iter()
        .map(|parameter| json!({ "name": parameter.name, "type": ty(&parameter.ty, detail) }));
    let members = json!({
        "name": transition.name,
        "input": transition.input,
        "kind": if transition.kind == Kind::Create { "create" } else { "update" },
        "edge": transition.edge.as_ref().map(edge),
        "parameters": parameters.collect::<Vec<_>>(),
        "guards": guards.collect::<Vec<_>>(),
        "rejections": rejections.collect::<Vec<_>>(),
        "steps": steps(transition.steps),
        "reads": transition.reads,
        "writes": transition.writes,
        "emits": transition.emits,
        "requests": transition.requests,
        "conflict": format!("{:?}", transition.conflict).to_lowercase(),
    });
    documented(members, transition.docs, detail)
}

fn edge(edge: &Edge) -> Json {
    let to = match edge.to {
        Target::Same => json!("same"),
        Target::State(state) => json!({ "state": state }),
        Target::OneOf { states, stay } => json!({ "one-of": states, "stay": stay }),
    };
    json!({ "from": edge.from, "to": to })
}

fn steps(values: &[Step]) -> Json {
    values.iter().map(step).collect()
}

fn step(value: &Step) -> Json {
    match value {
        Step::Let { name, value } => json!({ "let": name, "value": expr(value) }),
        Step::Set { field, value, .. } => json!({ "set": field, "value": expr(value) }),
        Step::Change { field, change, operands, .. } => {
            let operands: Vec<Json> = operands.iter().map(expr).collect();
            json!({ "change": field, "by": change.word(), "operands": operands })
        }
        Step::Emit { message, payload, .. } => json!({ "emit": message, "payload": expr(payload) }),
        Step::Request { message, payload, .. } => json!({ "request": message, "payload": expr(payload) }),
        Step::Reject { name } => json!({ "reject": name }),
        Step::If { condition, then, otherwise } => {
            json!({ "if": expr(condition), "then": steps(then), "else": steps(otherwise) })
        }
        Step::Match { on, arms } => {
            let arms = arms.iter().map(|arm| {
                json!({
                    "pattern": pattern(&arm.pattern),
                    "condition": arm.condition.as_ref().map(expr),
                    "steps": steps(arm.steps),
                })
            });
            json!({ "match": expr(on), "arms": arms.collect::<Vec<_>>() })
        }
    }
}

fn expr(value: &Expr) -> Json {
    let all = |items: &[Expr]| items.iter().map(expr).collect::<Vec<_>>();
    match value {
        Expr::Field(name) => json!({ "field": name }),
        Expr::Input(name) => json!({ "input": name }),
        Expr::Context(name) => json!({ "context": name }),
        Expr::Local(name) => json!({ "local": name }),
        Expr::Path(name) => json!({ "path": name }),
        Expr::Literal(value) => literal(value),
        Expr::Unary(UnaryOperator::Not, operand) => json!({ "not": expr(operand) }),
        Expr::Unary(UnaryOperator::Negate, operand) => json!({ "negate": expr(operand) }),
        Expr::Binary(operator, left, right) => {
            json!({ "operator": operator.symbol(), "left": expr(left), "right": expr(right) })
        }
        Expr::Call { receiver, method, arguments } => {
            json!({ "call": method, "on": expr(receiver), "arguments": all(arguments) })
        }
        Expr::Member(record, name) => json!({ "member": name, "of": expr(record) }),
        Expr::If { condition, then, otherwise } => {
            json!({ "if": expr(condition), "then": expr(then), "else": expr(otherwise) })
        }
        Expr::Match { on, arms } => {
            let arms = arms.iter().map(|arm| {
                json!({
                    "pattern": pattern(&arm.pattern),
                    "condition": arm.condition.as_ref().map(expr),
                    "value": expr(&arm.value),
                })
            });
            json!({ "match": expr(on), "arms": arms.collect::<Vec<_>>() })
        }
        Expr::Record { name, members, base } => {
            let members = members.iter().map(|(name, value)| json!({ "name": name, "value": expr(value) }));
            let members = members.collect::<Vec<_>>();
            json!({ "record": name, "members": members, "base": base.map(expr) })
        }
        Expr::Native { name, reads, arguments } => {
            json!({ "native": name, "reads": reads, "arguments": all(arguments) })
        }
        Expr::Construct { name, arguments } => json!({ "construct": name, "arguments": all(arguments) }),
        Expr::List(items) => json!({ "list": all(items) }),
        Expr::Concat(parts) => json!({ "concat": all(parts) }),
        Expr::Fold { fold, list, binding, body } => {
            json!({ "fold": fold.word(), "list": expr(list), "binding": binding, "body": expr(body) })
        }
        Expr::Let { name, value, body } => json!({ "let": name, "value": expr(value), "body": expr(body) }),
    }
}

fn literal(value: &Literal) -> Json {
    match value {
        Literal::Bool(value) => json!({ "bool": value }),
        // As text, because JSON numbers are exact to 53 bits only.
        Literal::Int(value) => json!({ "int": value.to_string() }),
        Literal::Text(value) => json!({ "text": value }),
        Literal::Decimal(value) => json!({ "decimal": value }),
    }
}

fn pattern(value: &Pattern) -> Json {
    match value {
        Pattern::Any => json!("any"),
        Pattern::Bind(name) => json!({ "bind": name }),
        Pattern::Literal(value) => json!({ "literal": literal(value) }),
        Pattern::Path(name) => json!({ "path": name }),
        Pattern::Construct { name, arguments } => {
            json!({ "construct": name, "arguments": arguments.iter().map(pattern).collect::<Vec<_>>() })
        }
        Pattern::OneOf(choices) => json!({ "one-of": choices.iter().map(pattern).collect::<Vec<_>>() }),
    }
}
