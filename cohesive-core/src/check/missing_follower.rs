//! COH0201: an effect whose reply or failure goes to a transition that does not exist.
//!
//! `Order::confirm` names the type and the method, so it is looked up by the input that they make.

use super::findings::{About, Findings};
use super::{effects, messages};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Transition};
use crate::suggest::nearest;

pub(super) fn check(entities: &[&'static Entity], findings: &mut Findings) {
    let known: Vec<String> = entities.iter().flat_map(|entity| entity.transitions).filter_map(path).collect();
    for message in messages(entities) {
        let Some(policy) = effects::policy(message) else { continue };
        for wanted in [policy.then, policy.otherwise].into_iter().flatten() {
            if known.iter().any(|known| known == wanted) {
                continue;
            }
            let help = nearest(wanted, known.iter().map(String::as_str)).map_or_else(
                || "name a transition of an entity of the system".to_owned(),
                |similar| format!("a transition with a similar name exists: `{similar}`"),
            );
            findings.push(
                About::Message(message.name),
                Diagnostic::error(
                    "COH0201",
                    message.at,
                    format!("`{}` names `{wanted}`, which does not exist", message.name),
                )
                .note("the answer to the effect would have nowhere to go")
                .help(help)
                .file(message.file),
            );
        }
    }
}

/// `Order::confirm`, of the transition `confirm` with the input `ConfirmOrder`.
fn path(transition: &Transition) -> Option<String> {
    let method = crate::spelling::pascal(transition.name);
    let ty = transition.input.strip_prefix("Some").and_then(|input| input.strip_prefix(&method));
    let ty = transition.input.strip_prefix(&method).or(ty)?;
    Some(format!("{ty}::{}", transition.name))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::effects::tests::{WHOLE, sending};
    use crate::check::findings::Findings;
    use crate::model::Policy;

    fn helps(policy: Policy) -> Vec<String> {
        let mut findings = Findings::default();
        check(&[sending(policy).entity()], &mut findings);
        findings.0.into_iter().filter_map(|found| found.diagnostic.help).collect()
    }

    #[test]
    fn speaks_of_a_transition_that_does_not_exist() {
        let wrong = Policy { then: Some("Order::clsoe"), otherwise: Some("Parcel::lose"), ..WHOLE };
        let expected = [
            "a transition with a similar name exists: `Order::close`",
            "name a transition of an entity of the system",
        ];
        assert_eq!(helps(wrong), expected);
    }

    #[test]
    fn is_silent_about_one_that_exists() {
        assert!(helps(Policy { then: Some("Order::close"), ..WHOLE }).is_empty());
    }
}
