//! COH0201: an effect whose reply or failure goes to what is no update of the entity that asks.

use super::findings::{About, Findings};
use super::{effects, findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Ending, Entity, Kind, Transition};
use crate::suggest::nearest;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let updates = entity.transitions.iter().filter(|transition| transition.kind == Kind::Update);
    let known: Vec<String> = updates.filter_map(Transition::path).collect();
    for message in entity.messages {
        let Some(policy) = effects::policy(message) else { continue };
        for (ending, _) in Ending::ALL {
            let Some(wanted) =
                ending.follower(&policy).filter(|wanted| !known.iter().any(|one| one == wanted))
            else {
                continue;
            };
            let (name, effect) = (entity.name(), message.name);
            let what = match ending {
                Ending::Reply => "answer",
                Ending::Failure => "failure",
            };
            let creation = entity.follower(wanted).is_some();
            let similar = nearest(wanted, known.iter().map(String::as_str)).filter(|_| !creation);
            let text = if creation {
                format!("the {what} of `{effect}` goes to `{wanted}`, which is a creation")
            } else {
                format!("`{name}` has no transition `{wanted}` for the {what} of `{effect}`")
            };
            let help = match similar {
                Some(similar) => format!("a transition with a similar name exists: `{similar}`"),
                None if known.is_empty() => format!("give `{name}` a transition for it"),
                None => format!("its updates are {}", findings::listed(known.iter().map(String::as_str))),
            };
            findings.push(
                About::Message(effect),
                Diagnostic::error("COH0201", message.at, text)
                    .note(format!("it comes back to the `{name}` that asked"))
                    .help(help)
                    .file(message.file),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::effects::tests::{WHOLE, sending};
    use crate::check::findings::Findings;
    use crate::model::Policy;

    fn texts(policy: Policy) -> Vec<String> {
        let mut findings = Findings::default();
        check(sending(policy).entity(), &mut findings);
        let text = |found: crate::check::findings::Finding| {
            format!("{}: {}", found.diagnostic.message, found.diagnostic.help.unwrap_or_default())
        };
        findings.0.into_iter().map(text).collect()
    }

    #[test]
    fn speaks_of_what_is_no_update_of_the_entity() {
        let wrong = Policy { then: Some("Order::clsoe"), otherwise: Some("Parcel::lose"), ..WHOLE };
        let expected = [
            "`Order` has no transition `Order::clsoe` for the answer of `SendLetter`: a transition with a similar \
             name exists: `Order::close`",
            "`Order` has no transition `Parcel::lose` for the failure of `SendLetter`: its updates are `Order::close`",
        ];
        assert_eq!(texts(wrong), expected);
        let created = Policy { then: Some("Order::place"), ..WHOLE };
        assert_eq!(
            texts(created),
            [
                "the answer of `SendLetter` goes to `Order::place`, which is a creation: its updates are `Order::close`"
            ]
        );
    }

    #[test]
    fn is_silent_about_an_update_of_the_entity() {
        assert!(texts(Policy { then: Some("Order::close"), ..WHOLE }).is_empty());
        assert!(texts(Policy::UNDECLARED).is_empty());
    }
}
