//! Models with what declarations cannot say yet.

use cohesive::model::{Entity, Transition};

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
