//! COH0715: a field that no rule reads: no guard, body, invariant, computed field or constraint.
//!
//! Fields that lists are filtered by are read there; computed fields are there to be looked at. A field that nothing
//! sets either is left to COH0714.

use super::findings::{About, Findings};
use super::walk::each_expression;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Expr, Field, FieldRole, Mutability, Rule};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let read = read(entity);
    let fields = entity.structure.fields.iter().filter(|field| {
        field.role == FieldRole::Data
            && !matches!(field.mutability, Mutability::Computed(_))
            && !field.is_filter()
            && entity.transitions.iter().any(|transition| transition.writes.contains(&field.name))
            && !read.contains(&field.name)
    });
    for field in fields {
        findings.push(
            About::Field(entity.name(), field.name),
            Diagnostic::hint("COH0715", field.at, format!("no rule reads the field `{}`", field.name))
                .help("where others do not read it either, take it out")
                .file(entity.structure.file),
        );
    }
}

fn read(entity: &Entity) -> Vec<&'static str> {
    let mut read: Vec<&'static str> =
        entity.invariants.iter().flat_map(|rule| rule.condition.fields()).collect();
    for transition in entity.transitions {
        each_expression(transition, &mut |part| match part {
            Expr::Field(name) => read.push(*name),
            Expr::Native { reads, .. } => read.extend_from_slice(reads),
            _ => {}
        });
    }
    for field in entity.structure.fields {
        read.extend(rules(field).flat_map(|rule| rule.fields()));
    }
    read
}

/// The expressions that belong to a field.
fn rules(field: &'static Field) -> impl Iterator<Item = Expr> {
    let computed = match field.mutability {
        Mutability::Computed(expr) => Some(expr),
        _ => None,
    };
    let checks = field.constraints.iter().filter_map(|constraint| match constraint.rule {
        Rule::Check(expr) => Some(expr),
        _ => None,
    });
    computed.into_iter().chain(checks)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, spoken};
    use crate::model::{At, Expr, Field, Mutability, Type};

    fn with(field: &Field) -> Specimen {
        let mut order = Specimen::order();
        order.fields.push(Field::new("note", Type::Optional(&Type::Text), At(4)));
        order.transitions[1].writes = &["note", "other"];
        order.fields.push(*field);
        order
    }

    #[test]
    fn speaks_of_a_field_that_nothing_reads() {
        let other = Field { index: true, ..Field::new("other", Type::Text, At(5)) };
        assert_eq!(spoken(check, with(&other)), ["COH0715 structure.rs:4"]);
    }

    #[test]
    fn is_silent_about_fields_that_a_rule_reads() {
        assert!(spoken(check, Specimen::order()).is_empty());
        let shown = Mutability::Computed(Expr::Field("note"));
        let computed = Field { mutability: shown, ..Field::new("shown", Type::Optional(&Type::Text), At(5)) };
        assert!(spoken(check, with(&computed)).is_empty());
        let mut unset = with(&computed);
        unset.transitions[1].writes = &[];
        assert!(spoken(check, unset).is_empty(), "left to COH0714");
    }
}
