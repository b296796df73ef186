//! COH0204: a transition that the end of an effect goes to has a parameter that neither the end nor the request fills.

use super::effects::each_follower;
use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Ending, Entity, Parameter};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    each_follower(entity, |effect, ending, path, transition| {
        for parameter in transition.parameters {
            let source = ending.source(effect, transition, parameter);
            if source.is_some_and(|source| source.fits(parameter)) {
                continue;
            }
            let Parameter { name, .. } = parameter;
            let finding = match source {
                Some(_) => Diagnostic::error(
                    "COH0204",
                    parameter.at,
                    format!("`{name}` of `{path}` has another type than what `{}` leaves", effect.name),
                )
                .help("give the parameter the type of the member that has its name"),
                None => Diagnostic::error(
                    "COH0204",
                    parameter.at,
                    format!("nothing that `{}` leaves fills `{name}` of `{path}`", effect.name),
                )
                .note(leaves(ending))
                .help("let the request carry it, or leave the parameter out"),
            };
            findings.push_about(
                vec![About::Transition(entity.name(), transition.name), About::Message(effect.name)],
                finding.file(entity.file),
            );
        }
    });
}

/// What there is to fill parameters with.
const fn leaves(ending: Ending) -> &'static str {
    match ending {
        Ending::Reply => "parameters are filled by name, from the reply and then from the request",
        Ending::Failure => "parameters are filled by name, from the request; `error` is what went wrong",
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::effects::tests::answered;
    use crate::check::specimen::spoken;
    use crate::model::{Ending, Kind, Type};

    #[test]
    fn speaks_of_parameters_that_nothing_fills_or_with_another_type() {
        let found = ["COH0204 behaviour.rs:30"];
        assert_eq!(spoken(check, answered(Ending::Reply, "tracking", Type::Text)), found);
        assert_eq!(spoken(check, answered(Ending::Reply, "address", Type::Int32)), found);
        assert_eq!(spoken(check, answered(Ending::Reply, "error", Type::Text)), found);
        assert_eq!(spoken(check, answered(Ending::Failure, "error", Type::Int32)), found);
    }

    #[test]
    fn is_silent_about_a_creation_of_which_another_rule_speaks() {
        let mut order = answered(Ending::Reply, "tracking", Type::Text);
        order.transitions[1].kind = Kind::Create;
        assert!(spoken(check, order).is_empty());
    }

    #[test]
    fn is_silent_where_names_and_types_agree() {
        assert!(spoken(check, answered(Ending::Reply, "address", Type::Text)).is_empty());
        assert!(spoken(check, answered(Ending::Failure, "address", Type::Optional(&Type::Text))).is_empty());
        assert!(spoken(check, answered(Ending::Failure, "error", Type::Text)).is_empty());
    }
}
