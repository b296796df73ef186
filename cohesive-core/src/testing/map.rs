//! Which transitions lead to which, so that a walk comes to where few walks come.

use crate::interpret::{Document, Interpreter};
use crate::model::{Entity, Kind, Target, Transition};

/// For each transition how far every lifecycle state is from where it may happen.
#[derive(Debug)]
pub(super) struct Map {
    /// By goal, then by the number of a state: how many transitions it takes; `None` where it is out of reach.
    distances: Vec<Vec<Option<usize>>>,
    states: Vec<&'static str>,
}

impl Map {
    pub(super) fn of(entity: &Entity) -> Self {
        let states: Vec<&'static str> = entity
            .structure
            .lifecycle()
            .map_or_else(Vec::new, |(_, states)| states.variants.iter().map(|state| state.name).collect());
        let distances = entity.transitions.iter().map(|goal| distances(entity, &states, goal)).collect();
        Self { distances, states }
    }

    /// How likely each transition is to be the next one.
    pub(super) fn weights(
        &self,
        entity: &Entity,
        interpreter: &Interpreter,
        state: Option<&Document>,
        goal: usize,
    ) -> Vec<u32> {
        let now = state.and_then(|state| self.now(entity, state));
        let wanted = entity.transitions.get(goal);
        let missing = match (state, wanted) {
            (Some(state), Some(goal)) => lacking(interpreter, goal, state),
            _ => Vec::new(),
        };
        let weigh = |(number, transition): (usize, &Transition)| match (transition.kind, state) {
            (Kind::Create, None) => 1,
            (Kind::Update, Some(_)) => {
                let Some(now) = now else { return if number == goal { 6 } else { 2 } };
                if !starts(transition, self.states.get(now).copied()) {
                    return 1;
                }
                let leads = self.leads(transition, now, goal);
                let writes = transition.writes.iter().any(|field| missing.contains(field));
                let arrived = number == goal && missing.is_empty();
                8 + if leads { 24 } else { 0 } + if writes { 48 } else { 0 } + if arrived { 48 } else { 0 }
            }
            _ => 0,
        };
        entity.transitions.iter().enumerate().map(weigh).collect()
    }

    /// Whether no transition starts from where an entity is.
    pub(super) fn is_terminal(&self, entity: &Entity, state: &Document) -> bool {
        let name = self.now(entity, state).and_then(|now| self.states.get(now).copied());
        let starts = |transition: &Transition| transition.kind == Kind::Update && starts(transition, name);
        name.is_some() && !entity.transitions.iter().any(starts)
    }

    fn now(&self, entity: &Entity, state: &Document) -> Option<usize> {
        let (field, _) = entity.structure.lifecycle()?;
        let name = state.get(field.name)?.as_variant()?.name;
        self.states.iter().position(|known| *known == name)
    }

    /// Whether a transition comes nearer to the goal.
    fn leads(&self, transition: &Transition, now: usize, goal: usize) -> bool {
        let Some(distances) = self.distances.get(goal) else { return false };
        let here = distances.get(now).copied().flatten();
        targets(transition, &self.states, now).into_iter().any(|next| {
            match (distances.get(next).copied().flatten(), here) {
                (Some(next), Some(here)) => next < here,
                (Some(_), None) => true,
                (None, _) => false,
            }
        })
    }
}

/// Whether a transition may start from a state.
fn starts(transition: &Transition, state: Option<&str>) -> bool {
    let from = transition.edge.map_or(&[][..], |edge| edge.from);
    from.is_empty() || state.is_some_and(|state| from.contains(&state))
}

/// The states in which a transition may end.
fn targets(transition: &Transition, states: &[&'static str], now: usize) -> Vec<usize> {
    let position = |name: &&str| states.iter().position(|state| state == name);
    match transition.edge.map(|edge| edge.to) {
        Some(Target::State(state)) => position(&state).into_iter().collect(),
        Some(Target::OneOf { states: names, stay }) => {
            let stays = if stay { Some(now) } else { None };
            names.iter().filter_map(position).chain(stays).collect()
        }
        Some(Target::Same) | None => vec![now],
    }
}

/// How far each state is from where `goal` may happen.
fn distances(entity: &Entity, states: &[&'static str], goal: &Transition) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> =
        states.iter().map(|state| starts(goal, Some(state)).then_some(0)).collect();
    for distance in 1..=states.len() {
        for (now, state) in states.iter().enumerate() {
            let near = |transition: &Transition| {
                transition.kind == Kind::Update
                    && starts(transition, Some(state))
                    && targets(transition, states, now)
                        .into_iter()
                        .any(|next| found.get(next).copied().flatten() == Some(distance - 1))
            };
            let reached = entity.transitions.iter().any(near);
            if let Some(slot) = found.get_mut(now).filter(|slot| slot.is_none() && reached) {
                *slot = Some(distance);
            }
        }
    }
    found
}

/// The fields for whose sake the goal's guards do not hold, where no input could make them hold.
fn lacking(interpreter: &Interpreter, goal: &Transition, state: &Document) -> Vec<&'static str> {
    let mut fields = Vec::new();
    for guard in goal.guards {
        let mut asks = false;
        guard.condition.each(&mut |part| {
            asks |= matches!(part, crate::model::Expr::Input(_) | crate::model::Expr::Context(_));
        });
        let fails = !asks && interpreter.invariant_scope(state).truth(&guard.condition) == Ok(false);
        if fails {
            fields.extend(guard.condition.fields());
        }
    }
    fields
}
