//! What may happen to an entity.

use super::{Allowance, At, Constraint, Expr, Pattern, Type};

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
    /// What makes it a fact, which was true before it was told; `None` for a command.
    pub fact: Option<Fact>,
    /// The event that it follows, where it takes messages of another entity.
    pub consumes: Option<Consumption>,
    /// Warnings that its author allows, with reasons.
    pub allowances: &'static [Allowance],
    /// Where the name stands.
    pub at: At,
}

impl Transition {
    /// A transition that does nothing.
    #[must_use]
    pub const fn new(name: &'static str, input: &'static str, kind: Kind, at: At) -> Self {
        Self {
            name,
            input,
            docs: "",
            kind,
            edge: None,
            parameters: &[],
            guards: &[],
            steps: &[],
            rejections: &[],
            reads: &[],
            writes: &[],
            emits: &[],
            requests: &[],
            conflict: Conflict::Default,
            fact: None,
            consumes: None,
            allowances: &[],
            at,
        }
    }
}

/// What makes an input a fact: something that happened outside and cannot be refused on business grounds, only
/// recorded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The parameter by which the source tells its facts apart. The same id again is the same fact.
    pub external_id: &'static str,
    /// The parameter that says when it happened; `None` when the source does not say.
    pub occurred_at: Option<&'static str>,
}

/// A message of another entity that is an input of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consumption {
    /// The event, by the name of its contract.
    pub event: &'static str,
    /// Which member of the event goes where, in the order it was written. The second is a parameter, or, for an update,
    /// the field that identifies the entity: it says which one the event is about.
    pub bindings: &'static [(&'static str, &'static str)],
    /// Where the event's name stands.
    pub at: At,
}

/// A helper whose body is not read: it may do whatever Rust can, and declares which fields it looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Native {
    /// The name of the method.
    pub name: &'static str,
    /// What it is for, in the words of its author.
    pub docs: &'static str,
    /// The fields it may look at, sorted.
    pub reads: &'static [&'static str],
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
    /// What it is, in the words of its author.
    pub docs: &'static str,
    /// Its type.
    pub ty: Type,
    /// What its value has to be like.
    pub constraints: &'static [Constraint],
    /// Whether it tells something about a person.
    pub personal: bool,
    /// Where the name stands.
    pub at: At,
}

impl Parameter {
    /// A parameter without further settings.
    #[must_use]
    pub const fn new(name: &'static str, ty: Type, at: At) -> Self {
        Self { name, docs: "", ty, constraints: &[], personal: false, at }
    }
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
    /// Changes a part of a field's value.
    Change {
        /// The field: a list, a set or a field with a merge.
        field: &'static str,
        /// How it changes.
        change: Change,
        /// What it changes by, in the order of the method's arguments.
        operands: &'static [Expr],
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

/// How a part of a field's value changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Adds an element at the end of a list. Children of an entity have distinct ids: a second one is refused.
    Push,
    /// Adds an element before the one at an index of a list, or an element to a set. An index beyond the end is
    /// refused; an element that a set has changes nothing.
    Insert,
    /// Takes out the element at an index of a list, or an element of a set. An index beyond the end is refused; an
    /// element that a set does not have changes nothing.
    Remove,
    /// Adds all elements of another list or set.
    Extend,
    /// Takes out every element.
    Clear,
    /// Puts a child in the place of the one with its id, or at the end of the list.
    Upsert,
    /// Takes out the child with an id; without one nothing changes.
    RemoveById,
    /// Joins the value with another one by the field's declared merge.
    Merge,
}

impl Change {
    /// The method as it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Insert => "insert",
            Self::Remove => "remove",
            Self::Extend => "extend",
            Self::Clear => "clear",
            Self::Upsert => "upsert",
            Self::RemoveById => "remove_by_id",
            Self::Merge => "merge",
        }
    }
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
    /// A version must be stated. When it is not the latest, the decision is made on the latest state as long as the
    /// changes since then touch nothing that this transition reads or writes.
    Disjoint,
    /// The decision is always made on the latest state; a stated version is not accepted.
    AtHead,
    /// A version must be stated. When it is not the latest, nothing is decided, and the input is kept for somebody to
    /// look at.
    Manual,
}

impl Conflict {
    /// Whether the caller has to state the version that the input is based on.
    #[must_use]
    pub const fn needs_version(self) -> bool {
        matches!(self, Self::Strict | Self::Disjoint | Self::Manual)
    }

    /// The policy as it is written; the default has no word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Strict => "strict",
            Self::Disjoint => "disjoint",
            Self::AtHead => "at_head",
            Self::Manual => "manual",
        }
    }
}
