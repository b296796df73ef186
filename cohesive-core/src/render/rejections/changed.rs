//! What a transition changes, and which rules look at that.

use crate::model::{Constraint, Entity, Expr, Kind, Mutability, Rule, Target, Transition};

/// Whether a constraint looks at a field that may be different.
pub(in crate::render) fn is_touched(constraint: &Constraint, field: &str, changed: &[&str]) -> bool {
    let touched = |expression: &Expr| expression.fields().iter().any(|name| changed.contains(name));
    changed.contains(&field)
        || match &constraint.rule {
            Rule::Range { least, greatest, .. } => least.iter().chain(greatest).any(touched),
            Rule::Check(condition) => touched(condition),
            Rule::Length { .. } | Rule::Pattern(_) => false,
        }
}

/// The fields that may be different afterwards, in the order of the entity; all of them, for a creation. Computed
/// fields are different where something that they read is.
pub(in crate::render) fn changed(entity: &Entity, transition: &Transition) -> Vec<&'static str> {
    let fields = entity.structure.fields.iter();
    if transition.kind == Kind::Create {
        return fields.map(|field| field.name).collect();
    }
    let mut names = transition.writes.to_vec();
    if transition.edge.is_some_and(|edge| edge.to != Target::Same) {
        names.extend(entity.structure.lifecycle().map(|(field, _)| field.name));
    }
    let mut known = usize::MAX;
    while known != names.len() {
        known = names.len();
        for field in fields.clone().filter(|field| !names.contains(&field.name)).collect::<Vec<_>>() {
            if let Mutability::Computed(expression) = &field.mutability
                && expression.fields().iter().any(|name| names.contains(name))
            {
                names.push(field.name);
            }
        }
    }
    fields.map(|field| field.name).filter(|name| names.contains(name)).collect()
}
