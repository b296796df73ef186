//! The effects that an entity may request, for the rules about their policies.

use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Ending, Entity, Kind, Message, Policy, Role, Transition};

/// The policy of a message; nothing for an event.
pub(super) fn policy(message: &Message) -> Option<Policy> {
    match message.role {
        Role::Request { policy, .. } => Some(policy),
        Role::Event => None,
    }
}

/// Shows each effect of the entity with its policy, and notes what is said about it.
pub(super) fn each(
    entity: &Entity,
    findings: &mut Findings,
    judge: impl Fn(&'static Message, &Policy) -> Option<Diagnostic>,
) {
    for message in entity.messages {
        if let Some(finding) = policy(message).and_then(|policy| judge(message, &policy)) {
            findings.push(About::Message(message.name), finding.file(message.file));
        }
    }
}

/// Shows each effect of the entity with each update that an end of it goes to, and with the path that names it.
pub(super) fn each_follower(
    entity: &Entity,
    mut judge: impl FnMut(&'static Message, Ending, &'static str, &'static Transition),
) {
    for message in entity.messages {
        let Some(policy) = policy(message) else { continue };
        for (ending, _) in Ending::ALL {
            let path = ending.follower(&policy);
            let follower = path.and_then(|path| Some((path, entity.follower(path)?)));
            if let Some((path, transition)) = follower.filter(|(_, one)| one.kind == Kind::Update) {
                judge(message, ending, path, transition);
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::check::specimen::{Specimen, keep, message, parameter};
    use crate::model::{At, Ending, Member, Policy, Type};

    /// A policy in which nothing is left out.
    pub(crate) const WHOLE: Policy = Policy {
        timeout: Some(30_000),
        attempts: Some(8),
        then: None,
        otherwise: Some("Order::close"),
        irreversible: false,
    };

    /// An order that may send a letter.
    pub(crate) fn sending(policy: Policy) -> Specimen {
        let mut order = Specimen::order();
        order.messages.push(message("SendLetter", Some(policy)));
        order
    }

    /// An order that may send a letter to an `address`, and whose closing is an end of that and has one parameter.
    pub(crate) fn answered(ending: Ending, name: &'static str, ty: Type) -> Specimen {
        let (then, otherwise) = match ending {
            Ending::Reply => (Some("Order::close"), None),
            Ending::Failure => (None, Some("Order::close")),
        };
        let mut order = Specimen::closing(|close| close.parameters = keep([parameter(name, ty)]));
        let mut letter = message("SendLetter", Some(Policy { then, otherwise, ..WHOLE }));
        letter.members = keep([Member::new("address", Type::Text, At(61))]);
        order.messages.push(letter);
        order
    }
}
