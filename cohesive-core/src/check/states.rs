//! The states of a lifecycle, and how transitions move between them.

use std::collections::BTreeSet;

use crate::model::{Entity, EnumType, Kind, Target, Transition, Variant};

/// The lifecycle of an entity.
pub(super) struct States {
    pub(super) states: &'static EnumType,
    /// From where to where each movement leads. A movement may lead to where it starts.
    moves: Vec<(&'static str, &'static str)>,
}

impl States {
    /// The lifecycle; nothing for an entity without one.
    pub(super) fn of(entity: &Entity) -> Option<Self> {
        let (_, states) = entity.structure.lifecycle()?;
        let updates = entity.transitions.iter().filter(|transition| transition.kind == Kind::Update);
        Some(Self { states, moves: updates.flat_map(|transition| moves(states, transition)).collect() })
    }

    /// The states that entities come to.
    pub(super) fn reached(&self) -> BTreeSet<&'static str> {
        self.states.initial().map_or_else(BTreeSet::new, |initial| self.from(initial.name))
    }

    /// The states that entities come to from one of them, which is included.
    pub(super) fn from(&self, start: &'static str) -> BTreeSet<&'static str> {
        let mut reached = BTreeSet::from([start]);
        loop {
            let next = self.moves.iter().filter(|(from, _)| reached.contains(from)).map(|(_, to)| *to);
            let next: BTreeSet<_> = next.chain(reached.iter().copied()).collect();
            if next.len() == reached.len() {
                return reached;
            }
            reached = next;
        }
    }

    /// Whether a transition is declared for the state, one that stays in it included.
    pub(super) fn goes_on(&self, state: &str) -> bool {
        self.moves.iter().any(|(from, _)| *from == state)
    }

    /// The variant called `name`.
    pub(super) fn variants(&self) -> &'static [Variant] {
        self.states.variants
    }
}

/// The movements of a transition. One that may happen in any state leaves terminal ones as they are; where it cannot,
/// COH0701 says so.
fn moves(states: &'static EnumType, transition: &Transition) -> Vec<(&'static str, &'static str)> {
    let Some(edge) = transition.edge else { return Vec::new() };
    let any = states.variants.iter().filter(|state| !state.terminal).map(|state| state.name);
    let from: Vec<&'static str> = if edge.from.is_empty() { any.collect() } else { edge.from.to_vec() };
    from.into_iter().flat_map(|from| targets(from, edge.to).into_iter().map(move |to| (from, to))).collect()
}

/// Where a movement from one state may end.
pub(super) fn targets(from: &'static str, to: Target) -> Vec<&'static str> {
    match to {
        Target::Same => vec![from],
        Target::State(state) => vec![state],
        Target::OneOf { states, stay } => states.iter().copied().chain(stay.then_some(from)).collect(),
    }
}
