//! The effects that an entity may request, for the rules about their policies.

use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Message, Policy, Role};

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

#[cfg(test)]
pub(super) mod tests {
    use crate::check::specimen::{Specimen, message};
    use crate::model::Policy;

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
}
