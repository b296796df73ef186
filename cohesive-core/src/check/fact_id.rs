//! COH0165: a fact whose external id, or whose time, is not one of its parameters.

use super::findings::listed;
use crate::diagnostic::Diagnostic;
use crate::model::Transition;
use crate::suggest::nearest;

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    findings.extend(missing(transition).into_iter().map(|(_, finding)| finding));
}

/// The names that are no parameters, each with what is to be said at it.
pub(super) fn missing(transition: &Transition) -> Vec<(&'static str, Diagnostic)> {
    let Some(fact) = transition.fact else { return Vec::new() };
    let names = || transition.parameters.iter().map(|parameter| parameter.name);
    let wanted = [Some(fact.external_id), fact.occurred_at].into_iter().flatten();
    let finding = |wanted| {
        let help = match nearest(wanted, names()) {
            Some(similar) => format!("a parameter with a similar name exists: `{similar}`"),
            None if transition.parameters.is_empty() => format!("add the parameter `{wanted}`"),
            None => format!("its parameters are {}", listed(names())),
        };
        let message = format!("the fact `{}` has no parameter `{wanted}`", transition.name);
        let finding = Diagnostic::error("COH0165", transition.at, message)
            .note("its source tells facts apart by an id, and the same id again is the same fact")
            .help(help);
        (wanted, finding)
    };
    wanted.filter(|wanted| !names().any(|name| name == *wanted)).map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::Specimen;
    use crate::model::Fact;

    fn helps(fact: Fact) -> Vec<String> {
        let mut place = Specimen::order().transitions[0];
        place.fact = Some(fact);
        let mut findings = Vec::new();
        check(&place, &mut findings);
        findings.into_iter().filter_map(|finding| finding.help).collect()
    }

    #[test]
    fn speaks_of_an_id_that_is_no_parameter() {
        let wrong = Fact { external_id: "amuont", occurred_at: Some("happened_at") };
        let expected =
            ["a parameter with a similar name exists: `amount`", "its parameters are `id` and `amount`"];
        assert_eq!(helps(wrong), expected);
    }

    #[test]
    fn is_silent_about_parameters() {
        assert!(helps(Fact { external_id: "id", occurred_at: None }).is_empty());
        assert!(helps(Fact { external_id: "id", occurred_at: Some("amount") }).is_empty());
    }
}
