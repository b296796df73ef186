//! COH0311: an event that no transition of the system follows.
//!
//! A system in which no transition follows any event speaks to others only, and the rule is silent about it.

use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Message, Role};

pub(super) fn check(entities: &[&'static Entity], findings: &mut Findings) {
    let followed: Vec<&str> = entities
        .iter()
        .flat_map(|entity| entity.transitions)
        .filter_map(|transition| transition.consumes.map(|followed| followed.event))
        .collect();
    if followed.is_empty() {
        return;
    }
    for message in super::messages(entities) {
        if message.role == Role::Event && !followed.contains(&message.name) {
            note(message, findings);
        }
    }
}

fn note(message: &'static Message, findings: &mut Findings) {
    findings.push(
        About::Message(message.name),
        Diagnostic::hint("COH0311", message.at, format!("nothing in the system follows `{}`", message.name))
            .help("where others do not follow it either, take it out")
            .file(message.file),
    );
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::findings::Findings;
    use crate::check::specimen::{Specimen, message};
    use crate::model::{At, Consumption};

    fn lines(followed: Option<&'static str>) -> Vec<u32> {
        let mut order = Specimen::closing(|close| {
            close.consumes = followed.map(|event| Consumption { event, bindings: &[], at: At(80) });
        });
        let mut other = message("OrderMoved", None);
        other.at = At(62);
        order.messages.push(other);
        let mut findings = Findings::default();
        check(&[order.entity()], &mut findings);
        findings.0.iter().map(|found| found.diagnostic.at.0).collect()
    }

    #[test]
    fn speaks_of_events_without_a_follower() {
        assert_eq!(lines(Some("OrderClosed")), [62]);
    }

    #[test]
    fn is_silent_in_a_system_that_speaks_to_others_only() {
        assert!(lines(None).is_empty());
    }
}
