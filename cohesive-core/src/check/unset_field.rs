//! COH0714: a field that no transition sets.

use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, FieldRole, Mutability};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let set = |name| entity.transitions.iter().any(|transition| transition.writes.contains(&name));
    let fields = entity.structure.fields.iter().filter(|field| {
        field.role == FieldRole::Data
            && !matches!(field.mutability, Mutability::Computed(_))
            && !set(field.name)
    });
    for field in fields {
        let always =
            if field.default.is_some() { "it has its default in" } else { "it is absent or empty in" };
        findings.push(
            About::Field(entity.name(), field.name),
            Diagnostic::hint("COH0714", field.at, format!("no transition sets the field `{}`", field.name))
                .note(format!("{always} every `{}`", entity.name()))
                .help("set it, or take it out")
                .file(entity.structure.file),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, spoken};
    use crate::model::{At, Expr, Field, Mutability, Type};

    fn with(mutability: Mutability) -> Specimen {
        let mut order = Specimen::order();
        order.fields.push(Field { mutability, ..Field::new("note", Type::Optional(&Type::Text), At(4)) });
        order
    }

    #[test]
    fn speaks_of_a_field_that_nothing_sets() {
        assert_eq!(spoken(check, with(Mutability::Mutable)), ["COH0714 structure.rs:4"]);
        assert_eq!(spoken(check, with(Mutability::WriteOnce)).len(), 1);
    }

    #[test]
    fn is_silent_about_fields_that_are_set_or_computed() {
        assert!(spoken(check, Specimen::order()).is_empty());
        assert!(spoken(check, with(Mutability::Computed(Expr::Field("amount")))).is_empty());
    }
}
