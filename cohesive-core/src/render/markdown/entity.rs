//! One entity.

use super::{Page, code, codes, constraints, message, name, notes, presence, transition, ty, types};
use crate::model::{Entity, Field, FieldRole, Kind, Mutability};
use crate::render::{lifecycle_diagram, provenance};

/// Everything there is to know about an entity, as a page of Markdown: fields, types, lifecycle, transitions with
/// their refusals, invariants, messages, helpers that the model does not see, and findings that were allowed.
#[must_use]
pub fn entity_reference(entity: &Entity) -> String {
    let mut page = Page::default();
    page.heading(1, entity.name());
    page.block(entity.structure.docs);
    page.block(&format!(
        "Stored as {}, and found under {}.",
        code(entity.structure.table),
        code(entity.structure.plural)
    ));
    fields(&mut page, entity);
    types::named(&mut page, entity);
    lifecycle(&mut page, entity);
    page.heading(2, "Transitions");
    for each in entity.transitions {
        transition::transition(&mut page, entity, each);
    }
    invariants(&mut page, entity);
    message::messages(&mut page, entity);
    natives(&mut page, entity);
    if !entity.structure.allowances.is_empty() || !entity.allowances.is_empty() {
        page.heading(2, "Allowed findings");
        page.allowances(&[entity.structure.allowances, entity.allowances]);
    }
    page.finish(&provenance(entity))
}

fn fields(page: &mut Page, entity: &Entity) {
    page.heading(2, "Fields");
    let rows = entity.structure.fields.iter().map(|field| {
        vec![
            name(field.name, field.wire),
            ty(&field.ty),
            presence(&field.ty).to_owned(),
            kind(field),
            field.default.map(|default| code(&default.to_string())).unwrap_or_default(),
            constraints(field.constraints),
            further(field),
            field.docs.to_owned(),
        ]
    });
    let heads = ["field", "type", "presence", "kind", "default", "constraints", "notes", "meaning"];
    page.table(&heads, &rows.collect::<Vec<_>>());
}

fn kind(field: &Field) -> String {
    match (field.role, &field.mutability, field.merge) {
        (FieldRole::Id, ..) => "id".to_owned(),
        (FieldRole::Lifecycle, ..) => "lifecycle".to_owned(),
        (FieldRole::FieldVersions, ..) => "versions of the other fields".to_owned(),
        (_, Mutability::WriteOnce, _) => "set once".to_owned(),
        (_, Mutability::Computed(expression), _) => format!("computed: {}", code(&expression.to_string())),
        (_, Mutability::Mutable, Some(merge)) => format!("merged by {}", code(merge.word())),
        (_, Mutability::Mutable, None) => "changes".to_owned(),
    }
}

fn further(field: &Field) -> String {
    notes(&[
        (field.unique, "unique".to_owned()),
        (field.is_filter(), "filter".to_owned()),
        (field.references.is_some(), format!("refers to {}", code(field.references.unwrap_or_default()))),
        (field.personal, "personal".to_owned()),
        (!field.aliases.is_empty(), format!("once {}", codes(field.aliases.iter().copied(), ", "))),
    ])
}

fn lifecycle(page: &mut Page, entity: &Entity) {
    let (Some((_, states)), Some(diagram)) = (entity.structure.lifecycle(), lifecycle_diagram(entity)) else {
        return;
    };
    page.heading(2, "Lifecycle");
    page.block(states.docs);
    page.fence("mermaid", &diagram);
    let rows = states.variants.iter().map(|state| {
        let updates = entity.transitions.iter().filter(|each| each.kind == Kind::Update);
        let possible = updates.filter(|each| {
            each.edge.is_none_or(|edge| edge.from.is_empty() || edge.from.contains(&state.name))
        });
        let part = match (state.initial, state.terminal) {
            (true, _) => "initial",
            (_, true) => "terminal",
            _ => "",
        };
        vec![
            name(state.name, state.wire),
            part.to_owned(),
            codes(possible.map(|each| each.name), ", "),
            state.docs.to_owned(),
        ]
    });
    page.table(&["state", "part", "what may happen", "meaning"], &rows.collect::<Vec<_>>());
}

fn invariants(page: &mut Page, entity: &Entity) {
    if entity.invariants.is_empty() {
        return;
    }
    page.heading(2, "Invariants");
    let rows = entity.invariants.iter().map(|invariant| {
        vec![code(invariant.name), code(&invariant.condition.to_string()), invariant.docs.to_owned()]
    });
    page.table(&["invariant", "always holds", "meaning"], &rows.collect::<Vec<_>>());
}

fn natives(page: &mut Page, entity: &Entity) {
    if entity.natives.is_empty() {
        return;
    }
    page.heading(2, "Escape hatches");
    page.block("Helpers in plain Rust: the model knows what they read, and not what they do.");
    let rows = entity.natives.iter().map(|native| {
        vec![code(native.name), codes(native.reads.iter().copied(), ", "), native.docs.to_owned()]
    });
    page.table(&["helper", "reads", "meaning"], &rows.collect::<Vec<_>>());
}
