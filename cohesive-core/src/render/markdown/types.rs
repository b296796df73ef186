//! The types of an entity that its author named: records, enumerations and identifiers.

use super::{Page, code, constraints, name, notes, presence, ty};
use crate::model::{Entity, EnumType, Member, RecordType, Role, Type};

/// A section for each named type that fields, inputs and messages of `entity` are made of, in the order of their
/// first appearance.
pub(super) fn named(page: &mut Page, entity: &Entity) {
    let mut found = Vec::new();
    for field in entity.structure.fields {
        collect(&field.ty, &mut found);
    }
    for parameter in entity.transitions.iter().flat_map(|transition| transition.parameters) {
        collect(&parameter.ty, &mut found);
    }
    for message in entity.messages {
        message.members.iter().for_each(|member| collect(&member.ty, &mut found));
        if let Role::Request { reply: Some(reply), .. } = &message.role {
            collect(reply, &mut found);
        }
    }
    if found.is_empty() {
        return;
    }
    page.heading(2, "Types");
    for value in found {
        match value {
            Type::Id(id) => {
                page.heading(3, &code(id.name));
                page.block(&format!("An identifier: {}.", ty(&id.inner)));
            }
            Type::Enum(names) => enumeration(page, names),
            Type::Record(record) => self::record(page, record),
            _ => {}
        }
    }
}

fn collect(value: &Type, found: &mut Vec<Type>) {
    match value {
        Type::Optional(inner) | Type::List(inner) | Type::Set(inner) => collect(inner, found),
        Type::Enum(names) if names.lifecycle => {}
        Type::Id(_) | Type::Enum(_) if !found.contains(value) => found.push(*value),
        Type::Record(record) if !found.contains(value) => {
            found.push(*value);
            record.members.iter().for_each(|member| collect(&member.ty, found));
        }
        _ => {}
    }
}

fn enumeration(page: &mut Page, names: &EnumType) {
    page.heading(3, &code(names.name));
    page.block(names.docs);
    let rows = names.variants.iter().map(|one| vec![name(one.name, one.wire), one.docs.to_owned()]);
    page.table(&["value", "meaning"], &rows.collect::<Vec<_>>());
}

fn record(page: &mut Page, record: &RecordType) {
    page.heading(3, &code(record.name));
    page.block(record.docs);
    if let Some(id) = record.id {
        page.block(&format!("Told apart by {} within one list.", code(id)));
    }
    members(page, record.members);
}

/// The members of a record or a message.
pub(super) fn members(page: &mut Page, members: &[Member]) {
    let rows = members.iter().map(|member| {
        vec![
            name(member.name, member.wire),
            ty(&member.ty),
            presence(&member.ty).to_owned(),
            constraints(member.constraints),
            notes(&[(member.personal, "personal".to_owned())]),
            member.docs.to_owned(),
        ]
    });
    let heads = ["member", "type", "presence", "constraints", "notes", "meaning"];
    page.table(&heads, &rows.collect::<Vec<_>>());
}
