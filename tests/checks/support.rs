//! Models with what declarations cannot say yet.

use cohesive::model::{At, Consumption, Entity, Transition};

pub fn keep<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// The entity with one transition changed.
pub fn with_transition(
    entity: &'static Entity,
    name: &str,
    change: impl Fn(&mut Transition),
) -> &'static Entity {
    let mut transitions = entity.transitions.to_vec();
    transitions.iter_mut().filter(|transition| transition.name == name).for_each(change);
    keep(Entity { transitions: transitions.leak(), ..*entity })
}

/// The entity with a transition that follows an event. The event's name stands where the transition's does.
pub fn following(entity: &'static Entity, name: &str, event: &'static str) -> &'static Entity {
    with_transition(entity, name, |transition| {
        let At(line) = transition.at;
        transition.consumes = Some(Consumption { event, at: At(line - 1) });
    })
}
