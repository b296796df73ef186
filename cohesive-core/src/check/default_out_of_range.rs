//! COH0125: a default that the field's own constraints refuse.

use super::findings::{About, Findings};
use super::reasoning::Known;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Field};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    for field in entity.structure.fields {
        let about = About::Field(entity.name(), field.name);
        if let Some(finding) = check_field(field) {
            findings.push(about, finding.file(entity.structure.file));
        }
    }
}

/// What can be said of a field alone.
pub(super) fn check_field(field: &Field) -> Option<Diagnostic> {
    let default = field.default?;
    let constraint =
        field.constraints.iter().find(|constraint| Known::excludes(field, constraint, &default))?;
    let message = format!("the default of `{}` is outside of its own range", field.name);
    let finding = Diagnostic::error("COH0125", field.at, message)
        .note(format!("`{default}` is refused: {}", constraint.message))
        .help("choose a default within the range, or widen the range");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, int, keep, spoken};
    use crate::model::{At, Constraint, Expr, Field, Literal, Rule, Type};

    fn with(ty: Type, default: Expr, rule: Rule) -> Specimen {
        let mut order = Specimen::order();
        let constraints = keep([Constraint { name: "", message: "", rule, at: At(0) }]);
        order.fields.push(Field { default: Some(default), constraints, ..Field::new("priority", ty, At(4)) });
        order
    }

    const ONE_TO_FIVE: Rule = Rule::Range {
        least: Some(Expr::Literal(Literal::Int(1))),
        greatest: Some(Expr::Literal(Literal::Int(5))),
        inclusive: true,
    };

    #[test]
    fn speaks_of_a_default_that_is_refused() {
        assert_eq!(spoken(check, with(Type::Int32, int(0), ONE_TO_FIVE)), ["COH0125 structure.rs:4"]);
        let length = Rule::Length { least: 3, greatest: None };
        assert_eq!(spoken(check, with(Type::Text, Expr::Literal(Literal::Text("né")), length)).len(), 1);
    }

    #[test]
    fn is_silent_about_a_default_within_the_range() {
        assert!(spoken(check, Specimen::order()).is_empty());
        assert!(spoken(check, with(Type::Int32, int(5), ONE_TO_FIVE)).is_empty());
        assert!(spoken(check, with(Type::Int32, Expr::Path("LEAST"), ONE_TO_FIVE)).is_empty());
    }
}
