//! COH0713: a parameter that nothing uses.

use super::findings::{About, Findings};
use super::walk::each_expression;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Expr};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    for transition in entity.transitions {
        let mut used = Vec::new();
        each_expression(transition, &mut |part| {
            if let Expr::Input(name) = part {
                used.push(*name);
            }
        });
        if let Some(fact) = transition.fact {
            used.push(fact.external_id);
            used.extend(fact.occurred_at);
        }
        for parameter in transition.parameters.iter().filter(|parameter| !used.contains(&parameter.name)) {
            let message = format!("nothing uses the parameter `{}` of `{}`", parameter.name, transition.name);
            findings.push(
                About::Transition(entity.name(), transition.name),
                Diagnostic::warning("COH0713", parameter.at, message)
                    .note("callers have to supply it, and it is neither checked nor kept")
                    .help("use it, or take it out")
                    .file(entity.file),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Specimen, keep, parameter, spoken};
    use crate::model::{Fact, Type};

    fn noted(fact: Option<Fact>) -> Specimen {
        Specimen::closing(|close| {
            close.parameters = keep([parameter("note", Type::Text)]);
            close.fact = fact;
        })
    }

    #[test]
    fn speaks_of_a_parameter_that_nothing_uses() {
        assert_eq!(spoken(check, noted(None)), ["COH0713 behaviour.rs:30"]);
    }

    #[test]
    fn is_silent_about_what_is_set_and_what_tells_facts_apart() {
        assert!(spoken(check, Specimen::order()).is_empty());
        assert!(spoken(check, noted(Some(Fact { external_id: "note", occurred_at: None }))).is_empty());
    }
}
