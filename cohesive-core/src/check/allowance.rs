//! COH0023: an allowance that silences nothing.
//!
//! An allowance speaks for the thing it stands on and for what is within it: that of an entity for its transitions and
//! fields too. Errors are never silenced. An allowance of a finding that needs more than is looked at is not judged.

use super::codes::{self, Reach};
use super::findings::{About, Finding};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Allowance, Entity, Message};

/// An allowance, with what it stands on and its file.
struct Allowed {
    on: About,
    allowance: &'static Allowance,
    file: &'static str,
    used: bool,
}

/// The findings that nobody allows, and the allowances that silence nothing.
pub(super) fn apply(
    found: Vec<Finding>,
    entities: &[&'static Entity],
    messages: &[&'static Message],
    reach: Reach,
) -> Vec<Diagnostic> {
    let mut allowed = collect(entities, messages);
    let mut kept = Vec::new();
    for Finding { diagnostic, about } in found {
        let mut silenced = false;
        for entry in &mut allowed {
            let covers = about.iter().any(|about| entry.on.covers(*about));
            if covers && entry.allowance.code == diagnostic.code && diagnostic.severity != Severity::Error {
                entry.used = true;
                silenced = true;
            }
        }
        if !silenced {
            kept.push(diagnostic);
        }
    }
    let judged = |code| codes::of(code).is_none_or(|code| code.reach <= reach);
    let idle = allowed.iter().filter(|entry| !entry.used && judged(entry.allowance.code));
    kept.extend(idle.map(|Allowed { allowance, file, .. }| {
        let message = format!("nothing is found here that `allow({})` would silence", allowance.code);
        Diagnostic::warning("COH0023", allowance.at, message)
            .note("it would hide the next finding, which nobody has judged yet")
            .help("take it out")
            .file(file)
    }));
    kept
}

fn collect(entities: &[&'static Entity], messages: &[&'static Message]) -> Vec<Allowed> {
    let mut allowed = Vec::new();
    let mut add = |on, allowances: &'static [Allowance], file| {
        let entries = allowances.iter().map(|allowance| Allowed { on, allowance, file, used: false });
        allowed.extend(entries);
    };
    for entity in entities {
        let (name, structure) = (entity.name(), entity.structure);
        add(About::Entity(name), structure.allowances, structure.file);
        add(About::Entity(name), entity.allowances, entity.file);
        for field in structure.fields {
            add(About::Field(name, field.name), field.allowances, structure.file);
        }
        for transition in entity.transitions {
            add(About::Transition(name, transition.name), transition.allowances, entity.file);
        }
    }
    for message in messages {
        add(About::Message(message.name), message.allowances, message.file);
    }
    allowed
}

#[cfg(test)]
mod tests {
    use crate::check;
    use crate::check::specimen::{Specimen, keep, parameter};
    use crate::diagnostic::Diagnostic;
    use crate::model::{Allowance, At, Entity, Structure, Type};

    fn allowing(code: &'static str) -> &'static [Allowance] {
        keep([Allowance { code, reason: "it is right here", at: At(90) }])
    }

    /// An order that closes with a note that nothing uses.
    fn noted(allowances: &'static [Allowance]) -> Specimen {
        Specimen::closing(|close| {
            close.parameters = keep([parameter("note", Type::Text)]);
            close.allowances = allowances;
        })
    }

    fn codes(findings: &[Diagnostic]) -> Vec<&'static str> {
        findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn speaks_of_an_allowance_that_silences_nothing() {
        let order = Specimen::closing(|close| close.allowances = allowing("COH0713")).entity();
        let findings = check::entity(order);
        assert_eq!(codes(&findings), ["COH0023"]);
        assert_eq!((findings[0].file, findings[0].at), ("behaviour.rs", At(90)));
        assert_eq!(codes(&check::entity(noted(allowing("COH0702")).entity())), ["COH0713", "COH0023"]);
    }

    #[test]
    fn is_silent_about_an_allowance_that_is_needed() {
        assert_eq!(codes(&check::entity(noted(&[]).entity())), ["COH0713"]);
        assert!(check::entity(noted(allowing("COH0713")).entity()).is_empty());
    }

    #[test]
    fn an_entity_speaks_for_what_is_within_it() {
        let order = noted(&[]).entity();
        let behaviour = keep(Entity { allowances: allowing("COH0713"), ..*order });
        let structure = keep(Structure { allowances: allowing("COH0713"), ..*order.structure });
        assert!(check::entity(behaviour).is_empty());
        assert!(check::entity(keep(Entity { structure, ..*order })).is_empty());
    }

    #[test]
    fn errors_are_not_silenced_and_what_needs_the_system_is_not_judged_without_it() {
        let mut order = Specimen::order();
        order.transitions[0].conflict = crate::model::Conflict::Strict;
        let order = order.entity();
        let allowed = keep(Entity { allowances: allowing("COH0166"), ..*order });
        assert_eq!(codes(&check::entity(allowed)), ["COH0166", "COH0023"]);
        let mut followed = Specimen::order();
        followed.messages[0].allowances = allowing("COH0311");
        let followed = followed.entity();
        assert!(check::entity(followed).is_empty());
        assert_eq!(codes(&check::entities(&[followed])), ["COH0023"]);
    }
}
