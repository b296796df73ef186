//! Fields, members, types and messages as JSON.

use serde_json::{Map, Value as Json, json};

use super::expr::expr;
use super::{Detail, allowances, documented};
use crate::model::{
    Constraint, EnumType, Field, FieldRole, Member, Merge, Message, Mutability, Role, Rule, Type,
};

pub(super) fn field(field: &Field, detail: Detail) -> Json {
    let role = match field.role {
        FieldRole::Id => "id",
        FieldRole::Lifecycle => "lifecycle",
        FieldRole::FieldVersions => "field-versions",
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
        "aliases": field.aliases,
        "type": ty(&field.ty, detail),
        "role": role,
        "mutability": mutability,
        "default": field.default.as_ref().map(expr),
        "required": field.is_required(),
        "unique": field.unique,
        "index": field.index,
        "constraints": constraints(field.constraints, detail),
        "references": field.references,
        "personal": field.personal,
        "merge": field.merge.map(Merge::word),
    });
    documented(members, field.docs, detail)
}

pub(super) fn constraints(values: &[Constraint], detail: Detail) -> Json {
    let constraint = |constraint: &Constraint| {
        let mut members = json!({ "name": constraint.name, "rule": rule(&constraint.rule) });
        if detail == Detail::Full {
            members["message"] = constraint.message.into();
            members["source"] = constraint.rule.to_string().into();
        }
        members
    };
    values.iter().map(constraint).collect()
}

fn rule(rule: &Rule) -> Json {
    match rule {
        Rule::Range { least, greatest, inclusive } => {
            let (least, greatest) = (least.as_ref().map(expr), greatest.as_ref().map(expr));
            json!({ "range": { "least": least, "greatest": greatest, "inclusive": inclusive } })
        }
        Rule::Length { least, greatest } => json!({ "length": { "least": least, "greatest": greatest } }),
        Rule::Pattern(pattern) => json!({ "pattern": pattern }),
        Rule::Check(condition) => json!({ "check": expr(condition) }),
    }
}

pub(super) fn ty(value: &Type, detail: Detail) -> Json {
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
        Type::Duration => json!("duration"),
        Type::Uuid => json!("uuid"),
        Type::Currency => json!("currency"),
        Type::Opaque => json!("opaque"),
        Type::Named(name) => json!({ "named": name }),
        Type::Id(id) => json!({ "id": id.name, "of": ty(&id.inner, detail) }),
        Type::Optional(inner) => json!({ "optional": ty(inner, detail) }),
        Type::List(inner) => json!({ "list": ty(inner, detail) }),
        Type::Set(inner) => json!({ "set": ty(inner, detail) }),
        Type::Record(record) => {
            let members = members(record.members, detail);
            let whole = json!({ "record": record.name, "members": members, "id": record.id });
            documented(whole, record.docs, detail)
        }
        Type::Enum(names) => choice(names, detail),
    }
}

fn choice(names: &EnumType, detail: Detail) -> Json {
    let variants = names.variants.iter().map(|variant| {
        let mut members = Map::new();
        members.insert("name".to_owned(), variant.name.into());
        members.insert("wire".to_owned(), variant.wire.into());
        if names.lifecycle {
            members.insert("initial".to_owned(), variant.initial.into());
            members.insert("terminal".to_owned(), variant.terminal.into());
        }
        documented(Json::Object(members), variant.docs, detail)
    });
    let word = if names.lifecycle { "lifecycle" } else { "enum" };
    let variants: Vec<Json> = variants.collect();
    documented(json!({ word: names.name, "variants": variants }), names.docs, detail)
}

fn members(members: &[Member], detail: Detail) -> Json {
    members.iter().map(|entry| member(entry, detail)).collect()
}

fn member(member: &Member, detail: Detail) -> Json {
    let members = json!({
        "name": member.name,
        "wire": member.wire,
        "type": ty(&member.ty, detail),
        "constraints": constraints(member.constraints, detail),
        "personal": member.personal,
    });
    documented(members, member.docs, detail)
}

pub(super) fn message(message: &Message, detail: Detail) -> Json {
    let mut document = json!({
        "name": message.name,
        "role": message.role.word(),
        "members": members(message.members, detail),
    });
    if let Role::Request { reply, policy } = &message.role {
        document["reply"] = reply.as_ref().map(|reply| ty(reply, detail)).into();
        document["policy"] = json!({
            "timeout": policy.timeout,
            "attempts": policy.attempts,
            "then": policy.then,
            "otherwise": policy.otherwise,
            "irreversible": policy.irreversible,
        });
    }
    allowances(&mut document, &[message.allowances], detail);
    documented(document, message.docs, detail)
}
