//! The inputs of an entity, and those among them that follow events.

use super::traits::{Create, Entity, Event, Structure, Update};

/// One who wants to know every input type of an entity, for example to route requests to them.
pub trait InputVisitor<E: Entity> {
    /// Sees a creation.
    fn create<I: Create<Entity = E>>(&mut self);

    /// Sees an update.
    fn update<I: Update<Entity = E>>(&mut self);

    /// Sees a creation again, right after [`create`](Self::create), where it follows an event.
    fn created_by<I: CreatedBy<Entity = E>>(&mut self) {}

    /// Sees an update again, right after [`update`](Self::update), where it follows an event.
    fn updated_by<I: UpdatedBy<Entity = E>>(&mut self) {}
}

/// A creation that follows an event. Implemented by `#[transitions]` for what has `#[consumes]`.
pub trait CreatedBy: Create {
    /// The event.
    type Event: Event;

    /// The input that the event means.
    fn follow(event: Self::Event) -> Self;
}

/// An update that follows an event. Implemented by `#[transitions]` for what has `#[consumes]`.
pub trait UpdatedBy: Update {
    /// The event.
    type Event: Event;

    /// The entity that the event is about, and the input that it means.
    fn follow(event: Self::Event) -> (<Self::Entity as Structure>::Id, Self);
}
