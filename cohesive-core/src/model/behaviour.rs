//! What may happen to an entity.

use super::{At, Expr, Pattern, Type};

/// One thing that may happen: a creation or an update.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transition {
    /// The name of the method, for example `accept`.
    pub name: &'static str,
    /// The name of the input type, for example `AcceptTender`.
    pub input: &'static str,
    /// What it does, in the words of its author.
    pub docs: &'static str,
    /// Whether it creates an entity or changes one.
    pub kind: Kind,
    /// The lifecycle edge it moves along; `None` when it may happen in any state and leaves it.
    pub edge: Option<Edge>,
    /// What the caller supplies.
    pub parameters: &'static [Parameter],
    /// What must be true before anything else happens, in order.
    pub guards: &'static [Guard],
    /// What happens, in order.
    pub steps: &'static [Step],
    /// Refusals that the body itself declares, in order of appearance.
    pub rejections: &'static [RejectionCase],
    /// The fields it reads or writes, sorted. Guards, values, payloads and the lifecycle are included.
    pub reads: &'static [&'static str],
    /// The fields it writes, sorted. Computed fields are not included.
    pub writes: &'static [&'static str],
    /// The events it may emit, sorted.
    pub emits: &'static [&'static str],
    /// The effects it may request, sorted.
    pub requests: &'static [&'static str],
    /// What happens when the caller's view of the entity is not the latest.
    pub conflict: Conflict,
    /// Where the name stands.
    pub at: At,
}

/// Whether a transition creates an entity or changes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The entity must be absent, and exists afterwards.
    Create,
    /// The entity must be present.
    Update,
}

/// A movement of the lifecycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The states it may start from.
    pub from: &'static [&'static str],
    /// The states it may end in.
    pub to: Target,
}

/// Where a movement ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// In the state it started from.
    Same,
    /// In this state, without the body saying so.
    State(&'static str),
    /// In one of these states, which the body assigns; with `stay`, also where it started.
    OneOf {
        /// The states the body may assign.
        states: &'static [&'static str],
        /// Whether the body may leave the state as it is.
        stay: bool,
    },
}

/// What the caller of a transition supplies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// The name in code and on the wire.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// Where the name stands.
    pub at: At,
}

/// A named condition over the loaded state and the input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guard {
    /// The name, which is also the rejection's name.
    pub name: &'static str,
    /// What to tell the caller when it does not hold.
    pub message: &'static str,
    /// The condition.
    pub condition: Expr,
    /// Where the name stands.
    pub at: At,
}

/// A refusal declared in a body with `reject!`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RejectionCase {
    /// The name.
    pub name: &'static str,
    /// What to tell the caller.
    pub message: &'static str,
    /// Where the name stands.
    pub at: At,
}

/// A condition that holds in every state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Invariant {
    /// The name of the method.
    pub name: &'static str,
    /// What it says, in the words of its author; shown to the caller when it is broken.
    pub docs: &'static str,
    /// The condition.
    pub condition: Expr,
    /// The fields it reads, sorted.
    pub reads: &'static [&'static str],
    /// Where the name stands.
    pub at: At,
}

/// One step of a body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Names a value for the steps that follow in the same block.
    Let {
        /// The name.
        name: &'static str,
        /// The value.
        value: Expr,
    },
    /// Gives a field a value.
    Set {
        /// The field.
        field: &'static str,
        /// The value.
        value: Expr,
        /// Where the field's name stands.
        at: At,
    },
    /// Adds an element at the end of a list.
    Push {
        /// The list.
        field: &'static str,
        /// The element.
        value: Expr,
        /// Where the field's name stands.
        at: At,
    },
    /// Emits an event.
    Emit {
        /// The event.
        message: &'static str,
        /// The payload.
        payload: Expr,
        /// Where the event's name stands.
        at: At,
    },
    /// Requests an effect.
    Request {
        /// The effect.
        message: &'static str,
        /// The payload.
        payload: Expr,
        /// Where the effect's name stands.
        at: At,
    },
    /// Refuses the input.
    Reject {
        /// The name of the refusal.
        name: &'static str,
    },
    /// Takes one of two ways.
    If {
        /// The condition.
        condition: Expr,
        /// The steps when it holds.
        then: &'static [Self],
        /// The steps when it does not.
        otherwise: &'static [Self],
    },
    /// Takes the first way whose pattern fits.
    Match {
        /// The value looked at.
        on: Expr,
        /// The ways, in order.
        arms: &'static [StepArm],
    },
}

/// One way of a [`Step::Match`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepArm {
    /// What the value must look like.
    pub pattern: Pattern,
    /// A further condition.
    pub condition: Option<Expr>,
    /// The steps.
    pub steps: &'static [Step],
}

/// What happens when the caller's view of the entity is not the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// A stated version must be the latest; without one the decision is made on the latest state.
    Default,
    /// A version must be stated, and be the latest.
    Strict,
    /// The decision is always made on the latest state; a stated version is not accepted.
    AtHead,
}
