//! Whether a model is sound: one rule, one file, one code.
//!
//! Rules look at data only, so that the same rule speaks within a macro and over a composed system. What one
//! declaration shows is a compile error; what needs the whole entity, or the whole system, is found by [`entity`] and
//! [`system`], which the test that `cohesive::check!` writes runs.
//!
//! | severity | is | in a test |
//! |---|---|---|
//! | error | a model that cannot be used | fails; cannot be allowed |
//! | warning | a model that probably does not mean what it says | fails, unless it is allowed with a reason |
//! | hint | something that its author may want to know | is printed; can be allowed |

pub mod codes;
pub mod consts;

mod allowance;
mod findings;
mod json;
mod sound;

mod effects;
mod guards;
mod reasoning;
#[cfg(test)]
mod specimen;
mod states;
mod targets;
mod walk;

mod answer_parameter;
mod answer_version;
mod bound_twice;
mod circle;
mod conflict_of_creation;
mod constant_invariant;
mod creation;
mod dead_end;
mod default_out_of_range;
mod delta_event;
mod duplicate;
mod effect_attempts;
mod effect_failure;
mod effect_timeout;
mod endless;
mod endless_list;
mod fact_id;
mod fact_with_guard;
mod followed_version;
mod guard_always;
mod guard_never;
mod guard_repeated;
mod guards_contradict;
mod irreversible_first;
mod missing_follower;
mod never_emitted;
mod never_followed;
mod no_target;
mod open_path;
mod same_message;
mod same_place;
mod terminal;
mod two_followers;
mod unbound_id;
mod unbound_parameter;
mod unchosen_target;
mod unknown_binding;
mod unreachable_state;
mod unread_field;
mod unset_field;
mod unused_parameter;
mod way_never;
mod ways_overlap;
mod wrong_target;

use self::codes::Reach;
use self::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{At, Entity, Field, Message, System, Transition};

pub use self::json::json;
pub use self::sound::{Unsound, sound};

/// Looks at the transitions of one entity, as far as one macro can see them.
#[must_use]
pub fn transitions(entity: &'static str, at: At, transitions: &[Transition]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    creation::check(entity, at, transitions, &mut findings);
    findings.extend(declared(transitions));
    findings
}

/// Looks at one field, as far as its declaration shows it.
#[must_use]
pub fn field(field: &Field) -> Vec<Diagnostic> {
    default_out_of_range::check_field(field).into_iter().collect()
}

fn declared(transitions: &[Transition]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    duplicate::check(transitions, &mut findings);
    for transition in transitions {
        no_target::check(transition, &mut findings);
        wrong_target::check(transition, &mut findings);
        open_path::check(transition, &mut findings);
        fact_with_guard::check(transition, &mut findings);
    }
    findings
}

/// The names in the declaration of a fact that are no parameters of it, each with what is to be said at it.
#[must_use]
pub fn fact(transition: &Transition) -> Vec<(&'static str, Diagnostic)> {
    fact_id::missing(transition)
}

/// What is wrong with how a transition follows an event, as far as its declaration shows it; with the position of the
/// binding, where it is about one.
#[must_use]
pub fn consumption(transition: &Transition) -> Vec<(Option<usize>, Diagnostic)> {
    let mut findings = Vec::new();
    unbound_id::check(transition, &mut findings);
    unbound_parameter::check(transition, &mut findings);
    followed_version::check(transition, &mut findings);
    let bindings =
        unknown_binding::of_creation(transition).into_iter().chain(bound_twice::repeated(transition));
    let findings = findings.into_iter().map(|finding| (None, finding));
    findings.chain(bindings.map(|(index, finding)| (Some(index), finding))).collect()
}

/// The rules that look at one entity.
const ENTITY: &[fn(&Entity, &mut Findings)] = &[
    default_out_of_range::check,
    terminal::check,
    unreachable_state::check,
    dead_end::check,
    endless::check,
    guard_never::check,
    guards_contradict::check,
    guard_always::check,
    guard_repeated::check,
    way_never::check,
    ways_overlap::check,
    constant_invariant::check,
    unchosen_target::check,
    unused_parameter::check,
    unset_field::check,
    unread_field::check,
    endless_list::check,
    effect_timeout::check,
    effect_attempts::check,
    effect_failure::check,
    irreversible_first::check,
    delta_event::check,
    two_followers::check,
    unknown_binding::check,
    missing_follower::check,
    answer_parameter::check,
    answer_version::check,
];

/// The rules that look at all entities of a system.
const SYSTEM: &[fn(&[&'static Entity], &mut Findings)] =
    &[same_place::check, same_message::check, never_followed::check, circle::check];

/// Everything that can be said about one entity: errors, and the warnings and hints that nobody allows, by file and
/// line.
#[must_use]
pub fn entity(entity: &'static Entity) -> Vec<Diagnostic> {
    let entities = [entity];
    let found = each_entity(&entities);
    in_order(allowance::apply(found.0, &entities, entity.messages, Reach::Entity))
}

/// Everything that can be said about a system: what can be said about each of its entities, and about them together.
#[must_use]
pub fn system(system: &System) -> Vec<Diagnostic> {
    entities(system.entities)
}

/// The same for entities that are not listed in one [`System`].
#[must_use]
pub fn entities(entities: &[&'static Entity]) -> Vec<Diagnostic> {
    with_messages(entities, &[])
}

/// The same, with the events and effects that belong to the system: that each of them is emitted or requested is
/// looked at too. Without the list only those are known that a transition mentions.
#[must_use]
pub fn with_messages(entities: &[&'static Entity], listed: &[&'static Message]) -> Vec<Diagnostic> {
    let mut found = each_entity(entities);
    for rule in SYSTEM {
        rule(entities, &mut found);
    }
    never_emitted::check(entities, listed, &mut found);
    let mut messages = messages(entities);
    for message in listed {
        if !messages.iter().any(|known| known.name == message.name) {
            messages.push(message);
        }
    }
    in_order(allowance::apply(found.0, entities, &messages, Reach::System))
}

fn each_entity(entities: &[&'static Entity]) -> Findings {
    let mut findings = Findings::default();
    for entity in entities {
        let (name, structure) = (entity.name(), entity.structure);
        let mut creation = Vec::new();
        creation::check(name, structure.at, entity.transitions, &mut creation);
        for finding in creation {
            findings.push(About::Entity(name), finding.file(structure.file));
        }
        let mut found = declared(entity.transitions);
        for transition in entity.transitions {
            fact_id::check(transition, &mut found);
            conflict_of_creation::check(transition, &mut found);
            unbound_id::check(transition, &mut found);
            unbound_parameter::check(transition, &mut found);
            bound_twice::check(transition, &mut found);
            followed_version::check(transition, &mut found);
        }
        for finding in found {
            findings.push(About::Entity(name), finding.file(entity.file));
        }
        for rule in ENTITY {
            rule(entity, &mut findings);
        }
    }
    findings
}

/// The messages of all entities, each once.
fn messages(entities: &[&'static Entity]) -> Vec<&'static Message> {
    let mut messages: Vec<&'static Message> = Vec::new();
    for message in entities.iter().flat_map(|entity| entity.messages) {
        if !messages.iter().any(|known| known.name == message.name) {
            messages.push(message);
        }
    }
    messages
}

/// By file, line and code, each once: what two entities share is said once.
fn in_order(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    fn key(finding: &Diagnostic) -> (&str, u32, &str, &str) {
        (finding.file, finding.at.0, finding.code, &finding.message)
    }
    findings.sort_by(|one, other| key(one).cmp(&key(other)));
    findings.dedup_by(|one, other| key(one) == key(other));
    findings
}

#[cfg(test)]
mod tests {
    use super::specimen::{Specimen, keep, message};
    use super::{entities, entity, system};
    use crate::model::{Policy, System};

    #[test]
    fn every_rule_is_silent_about_a_sound_entity() {
        let order = Specimen::order().entity();
        assert_eq!(entity(order), []);
        assert_eq!(entities(&[order]), []);
        assert_eq!(system(&System { name: "shop", docs: "", entities: keep([order]) }), []);
    }

    /// What several entities share is said once, and the same model is judged the same.
    #[test]
    fn a_system_says_each_thing_once() {
        let mut order = Specimen::order();
        order.messages.push(message("SendLetter", Some(Policy::UNDECLARED)));
        let (order, mut other) = (order.entity(), Specimen::order());
        (other.name, other.messages) = ("Parcel", order.messages.iter().map(|message| **message).collect());
        let codes: Vec<_> = entities(&[order, other.entity()]).iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["COH0304", "COH0305", "COH0306"]);
    }
}
