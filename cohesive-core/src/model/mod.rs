//! What a domain says, as plain data.
//!
//! Everything here is `Copy`, built in `const` context and free of spans, closures, I/O and wire formats. The
//! macros build it from tokens, [`check`](crate::check) judges it, [`render`](crate::render) draws it, and the
//! bindings derive tables and routes from it. Read in this order: [`Entity`], [`Structure`], [`Transition`],
//! [`Step`], [`Expr`], [`Message`].

mod answer;
mod behaviour;
mod constraint;
mod expr;
mod message;
mod structure;
mod types;

pub use answer::{Ending, Source};
pub use behaviour::{
    Change, Conflict, Consumption, Edge, Fact, Guard, Invariant, Kind, Native, Parameter, RejectionCase,
    Step, StepArm, Target, Transition,
};
pub use constraint::{Allowance, Constraint, Merge, Rule};
pub use expr::{Arm, BinaryOperator, Expr, FoldOperator, Literal, Pattern, UnaryOperator};
pub use message::{Message, Policy, Role};
pub use structure::{Field, FieldRole, Mutability, Structure};
pub use types::{EnumType, IdType, Member, RecordType, Type, Variant};

/// Where a name stands.
///
/// Inside a macro it is an index into that expansion's table of spans; in a compiled program it is the line in
/// the file that the enclosing item names. Either way the same rule can point at the same word. Places never
/// take part in a fingerprint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct At(pub u32);

/// One entity, whole: what it is made of and what may happen to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entity {
    /// The fields and their kinds.
    pub structure: &'static Structure,
    /// The file that holds the behaviour; the places of transitions and invariants are lines of it.
    pub file: &'static str,
    /// Creations and updates, in the order they were written.
    pub transitions: &'static [Transition],
    /// What holds in every state, in the order it was written.
    pub invariants: &'static [Invariant],
    /// The events and effect requests that the transitions may produce, sorted by name, each once.
    pub messages: &'static [&'static Message],
    /// The helpers whose bodies are not read, in the order they were written.
    pub natives: &'static [Native],
    /// Warnings that its author allows for the behaviour as a whole, with reasons.
    pub allowances: &'static [Allowance],
}

impl Entity {
    /// An entity to which nothing happens.
    #[must_use]
    pub const fn new(structure: &'static Structure, file: &'static str) -> Self {
        Self {
            structure,
            file,
            transitions: &[],
            invariants: &[],
            messages: &[],
            natives: &[],
            allowances: &[],
        }
    }

    /// The entity's name, for example `Tender`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.structure.name
    }

    /// The columns that deciding `transition` needs: what it reads and writes, what invariants, checks and computed
    /// fields read, and the computed fields themselves. Ascending.
    #[must_use]
    pub fn columns(&self, transition: &Transition) -> Vec<usize> {
        let mut names: Vec<&'static str> = transition.reads.to_vec();
        names.extend(self.invariants.iter().flat_map(|invariant| invariant.reads));
        for field in self.structure.fields {
            for constraint in field.constraints {
                if let Rule::Check(condition) = &constraint.rule {
                    names.extend(condition.fields());
                }
            }
            match field.mutability {
                Mutability::Computed(expression) => {
                    names.push(field.name);
                    names.extend(expression.fields());
                }
                Mutability::Mutable | Mutability::WriteOnce if field.role != FieldRole::Data => {
                    names.push(field.name);
                }
                Mutability::Mutable | Mutability::WriteOnce => {}
            }
        }
        let mut columns: Vec<usize> = names.iter().filter_map(|name| self.structure.column(name)).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// The transition called `name`, if there is one.
    #[must_use]
    pub fn transition(&self, name: &str) -> Option<&'static Transition> {
        self.transitions.iter().find(|transition| transition.name == name)
    }
}

/// Several entities under one name: what a node serves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct System {
    /// The system's name.
    pub name: &'static str,
    /// What it is, in the words of its author.
    pub docs: &'static str,
    /// Its entities, in the order they were listed.
    pub entities: &'static [&'static Entity],
}
