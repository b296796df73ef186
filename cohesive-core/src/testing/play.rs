//! Deciding on an input of which only the type is known.

use std::any::Any;

use crate::kernel::{self, Context, Create, Decision, Entity as _, Input, InputVisitor, Update, Version};

/// Why an input cannot be decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It creates an entity, and there is one already.
    Exists,
    /// It changes an entity, and there is none yet.
    Absent,
    /// The entity does not list it among its inputs.
    Unlisted,
}

/// The decision on `input`, whether it creates the entity or changes it.
pub(super) fn play<I: Input>(
    state: Option<(&I::Entity, Version)>,
    input: &I,
    context: &Context,
) -> Result<Decision<I>, Unfit> {
    let mut search = Search { state, input, context, found: Err(Unfit::Unlisted) };
    I::Entity::inputs(&mut search);
    search.found
}

/// A walk over the inputs of an entity, in search of the one that was given.
struct Search<'a, I: Input> {
    state: Option<(&'a I::Entity, Version)>,
    input: &'a I,
    context: &'a Context,
    found: Result<Decision<I>, Unfit>,
}

impl<I: Input> Search<'_, I> {
    /// Both inputs are of one type, and so are their decisions.
    fn settle<J: Input>(&mut self, decision: Decision<J>) {
        let decision: Box<dyn Any> = Box::new(decision);
        self.found =
            decision.downcast::<Decision<I>>().map_err(|_| Unfit::Unlisted).map(|decision| *decision);
    }
}

impl<I: Input> InputVisitor<I::Entity> for Search<'_, I> {
    fn create<J: Create<Entity = I::Entity>>(&mut self) {
        let Some(input) = (self.input as &dyn Any).downcast_ref::<J>() else { return };
        match self.state {
            None => self.settle(kernel::create(input, self.context)),
            Some(_) => self.found = Err(Unfit::Exists),
        }
    }

    fn update<J: Update<Entity = I::Entity>>(&mut self) {
        let Some(input) = (self.input as &dyn Any).downcast_ref::<J>() else { return };
        match self.state {
            Some((state, version)) => self.settle(kernel::decide(state, version, input, self.context)),
            None => self.found = Err(Unfit::Absent),
        }
    }
}
