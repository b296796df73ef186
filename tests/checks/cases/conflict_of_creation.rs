use cohesive::check;
use cohesive::diagnostic::Diagnostic;
use cohesive::kernel::Entity;
use cohesive::model::Conflict;
use cohesive::prelude::*;

use crate::support::with_transition;

#[derive(Id)]
pub struct OrderId(String);

#[entity]
pub struct Order {
    #[id]
    pub id: OrderId,
}

#[transitions]
impl Order {
    #[create]
    pub fn place(id: OrderId) -> Self {
        Self { id }
    }
}

pub fn findings() -> Vec<Diagnostic> {
    check::entity(with_transition(Order::MODEL, "place", |transition| transition.conflict = Conflict::Disjoint))
}
