//! COH0203: two messages of a system with one name.
//!
//! One message that several entities emit is one, and silent.

use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Message};

pub(super) fn check(entities: &[&'static Entity], findings: &mut Findings) {
    let mut known: Vec<&'static Message> = Vec::new();
    for message in entities.iter().flat_map(|entity| entity.messages) {
        match known.iter().find(|other| other.name == message.name) {
            Some(other) if (other.file, other.at) != (message.file, message.at) => findings.push(
                About::Message(message.name),
                Diagnostic::error(
                    "COH0203",
                    message.at,
                    format!("two messages of the system are called `{}`", message.name),
                )
                .note(format!("the other one is in {}:{}", other.file, other.at.0))
                .help("rename one of them, for example with the name of its entity first")
                .file(message.file),
            ),
            Some(_) => {}
            None => known.push(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::findings::Findings;
    use crate::check::specimen::Specimen;
    use crate::model::At;

    fn lines(at: u32) -> Vec<u32> {
        let mut other = Specimen::order();
        other.messages[0].at = At(at);
        let mut findings = Findings::default();
        check(&[Specimen::order().entity(), other.entity()], &mut findings);
        findings.0.iter().map(|found| found.diagnostic.at.0).collect()
    }

    #[test]
    fn speaks_of_two_messages_with_one_name() {
        assert_eq!(lines(99), [99]);
    }

    #[test]
    fn is_silent_about_one_message_of_two_entities() {
        assert!(lines(60).is_empty());
    }
}
