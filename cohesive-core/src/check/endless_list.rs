//! COH0716: a list or a set without a greatest length.
//!
//! One input is bounded by the size of a request; a list that every input adds to is bounded by nothing. That is also
//! why texts need no bound: they do not grow from one input to the next.

use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, FieldRole, Mutability, Rule};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let fields = entity.structure.fields.iter().filter(|field| {
        field.role == FieldRole::Data
            && field.ty.is_many()
            && !matches!(field.mutability, Mutability::Computed(_))
            && !field.constraints.iter().any(|one| matches!(one.rule, Rule::Length { greatest: Some(_), .. }))
    });
    for field in fields {
        findings.push(
            About::Field(entity.name(), field.name),
            Diagnostic::warning(
                "COH0716",
                field.at,
                format!("the list `{}` has no greatest length", field.name),
            )
            .note("whoever needs it loads all of it, and whoever changes it commits all of it")
            .help("write `#[field(length(..=100))]`, or make its elements entities of their own")
            .file(entity.structure.file),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, keep, spoken};
    use crate::model::{At, Constraint, Field, Rule, Type};

    fn with(rules: &[Rule]) -> Specimen {
        let mut order = Specimen::order();
        let mut lines = Field::new("lines", Type::Set(&Type::Text), At(4));
        let constraint = |rule: &Rule| Constraint { name: "", message: "", rule: *rule, at: At(0) };
        lines.constraints = keep(rules.iter().map(constraint).collect::<Vec<_>>()).as_slice();
        order.fields.push(lines);
        order
    }

    #[test]
    fn speaks_of_a_list_that_may_grow_for_ever() {
        assert_eq!(spoken(check, with(&[])), ["COH0716 structure.rs:4"]);
        assert_eq!(spoken(check, with(&[Rule::Length { least: 1, greatest: None }])).len(), 1);
    }

    #[test]
    fn is_silent_about_a_list_with_a_bound() {
        assert!(spoken(check, Specimen::order()).is_empty());
        assert!(spoken(check, with(&[Rule::Length { least: 0, greatest: Some(10) }])).is_empty());
    }
}
