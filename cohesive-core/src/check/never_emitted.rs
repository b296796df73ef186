//! COH0310: an event that a transition follows, or that the system lists, and that no transition emits; an effect that
//! the system lists and none requests.

use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Message, Role};

pub(super) fn check(entities: &[&'static Entity], listed: &[&'static Message], findings: &mut Findings) {
    let transitions = || entities.iter().flat_map(|entity| entity.transitions);
    let emitted = |event: &str| transitions().any(|transition| transition.emits.contains(&event));
    let requested = |effect: &str| transitions().any(|transition| transition.requests.contains(&effect));
    for entity in entities {
        for transition in entity.transitions {
            let Some(followed) = transition.consumes.filter(|followed| !emitted(followed.event)) else {
                continue;
            };
            let message = format!("nothing in the system emits `{}`", followed.event);
            findings.push(
                About::Transition(entity.name(), transition.name),
                Diagnostic::warning("COH0310", followed.at, message)
                    .note(format!("so `{}::{}` never happens", entity.name(), transition.name))
                    .help("emit it, or take it out; allow it where another system emits it")
                    .file(entity.file),
            );
        }
    }
    for message in listed {
        let (done, verb) = match message.role {
            Role::Event => (emitted(message.name), "emit"),
            Role::Request { .. } => (requested(message.name), "request"),
        };
        if !done {
            findings.push(
                About::Message(message.name),
                Diagnostic::warning(
                    "COH0310",
                    message.at,
                    format!("nothing in the system {verb}s `{}`", message.name),
                )
                .help(format!("write `{verb}!({} {{ … }})` in a transition, or take it out", message.name))
                .file(message.file),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::effects::tests::WHOLE;
    use crate::check::findings::Findings;
    use crate::check::specimen::{Specimen, keep, message};
    use crate::model::{At, Consumption, Message};

    fn places(order: Specimen, listed: &[&'static Message]) -> Vec<String> {
        let mut findings = Findings::default();
        check(&[order.entity()], listed, &mut findings);
        findings
            .0
            .iter()
            .map(|found| format!("{}:{}", found.diagnostic.file, found.diagnostic.at.0))
            .collect()
    }

    fn following(event: &'static str) -> Specimen {
        Specimen::closing(|close| close.consumes = Some(Consumption { event, bindings: &[], at: At(80) }))
    }

    #[test]
    fn speaks_of_what_is_followed_or_listed_and_never_emitted() {
        assert_eq!(places(following("Paid"), &[]), ["behaviour.rs:80"]);
        let listed = [keep(message("Paid", None)), keep(message("SendLetter", Some(WHOLE)))];
        assert_eq!(places(Specimen::order(), &listed), ["messages.rs:60", "messages.rs:60"]);
    }

    #[test]
    fn is_silent_about_what_a_transition_emits_or_requests() {
        assert!(places(following("OrderClosed"), &[keep(message("OrderClosed", None))]).is_empty());
        let order = Specimen::closing(|close| close.requests = &["SendLetter"]);
        assert!(places(order, &[keep(message("SendLetter", Some(WHOLE)))]).is_empty());
    }
}
