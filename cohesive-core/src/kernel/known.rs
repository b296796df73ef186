//! What the model says before anything runs, so that a decision does only what can matter.

use std::marker::PhantomData;

use super::traits::{Entity, Input, Structure};
use crate::model::{Arm, Expr, Literal, Mutability, Step, StepArm};

/// What is known of a transition or an entity from its constants.
pub(super) struct Known<T>(PhantomData<T>);

impl<I: Input> Known<I> {
    /// Whether the transition can make a value that was neither in the state nor in the input. What it copies was
    /// checked when it came in, so only new values have to be looked at before they leave.
    pub(super) const MAKES_VALUES: bool =
        steps(I::TRANSITION.steps) || fields(I::Entity::MODEL.structure.fields);
}

/// What is known of the fields of an entity.
pub(super) struct Fields<E>(PhantomData<E>);

impl<E: Structure> Fields<E> {
    /// Whether a field holds the versions of the others.
    pub(super) const KEEPS_VERSIONS: bool = crate::check::consts::has_field_versions(E::STRUCTURE);

    /// Whether any field is computed. Most entities have none, and need not look for them each time.
    pub(super) const COMPUTES: bool = {
        let (mut place, mut found) = (0, false);
        while place < E::STRUCTURE.fields.len() {
            found |= matches!(E::STRUCTURE.fields[place].mutability, Mutability::Computed(_));
            place += 1;
        }
        found
    };
}

const fn fields(fields: &[crate::model::Field]) -> bool {
    let mut place = 0;
    while place < fields.len() {
        let computes = matches!(&fields[place].mutability, Mutability::Computed(value) if expr(value));
        let fills = matches!(&fields[place].default, Some(value) if expr(value));
        if computes || fills {
            return true;
        }
        place += 1;
    }
    false
}

const fn steps(steps: &[Step]) -> bool {
    let mut place = 0;
    while place < steps.len() {
        if step(&steps[place]) {
            return true;
        }
        place += 1;
    }
    false
}

const fn step(step: &Step) -> bool {
    match step {
        Step::Let { value, .. } | Step::Set { value, .. } => expr(value),
        // The list as it becomes was never looked at as a whole.
        Step::Change { .. } => true,
        Step::Emit { payload, .. } | Step::Request { payload, .. } => expr(payload),
        Step::Reject { .. } => false,
        Step::If { then, otherwise, .. } => steps(then) || steps(otherwise),
        Step::Match { arms, .. } => step_arms(arms),
    }
}

const fn step_arms(arms: &[StepArm]) -> bool {
    let mut place = 0;
    while place < arms.len() {
        if steps(arms[place].steps) {
            return true;
        }
        place += 1;
    }
    false
}

/// Whether an expression can make text or an identifier that was not there before.
const fn expr(value: &Expr) -> bool {
    match value {
        Expr::Literal(literal) => matches!(literal, Literal::Text(text) if holds_nul(text.as_bytes())),
        // Copies; and operators, whose results are truth or numbers, which every store can hold.
        Expr::Field(_)
        | Expr::Input(_)
        | Expr::Context(_)
        | Expr::Local(_)
        | Expr::Path(_)
        | Expr::Unary(..)
        | Expr::Binary(..) => false,
        Expr::Call { receiver, arguments, .. } => expr(receiver) || exprs(arguments),
        Expr::Member(record, _) => expr(record),
        Expr::If { then, otherwise, .. } => expr(then) || expr(otherwise),
        Expr::Match { on, arms } => expr(on) || expr_arms(arms),
        Expr::Record { members, base, .. } => record(members) || matches!(base, Some(base) if expr(base)),
        // Nobody knows what such a helper makes.
        Expr::Native { .. } => true,
        Expr::Construct { name, arguments } => !is_some(name.as_bytes()) || exprs(arguments),
        Expr::List(items) => exprs(items),
        // A constant that is put into text may hold anything.
        Expr::Concat(items) => exprs(items) || names_constant(items),
        Expr::Fold { body, .. } => expr(body),
        Expr::Let { value, body, .. } => expr(value) || expr(body),
    }
}

const fn exprs(values: &[Expr]) -> bool {
    let mut place = 0;
    while place < values.len() {
        if expr(&values[place]) {
            return true;
        }
        place += 1;
    }
    false
}

const fn names_constant(parts: &[Expr]) -> bool {
    let mut place = 0;
    while place < parts.len() {
        if matches!(parts[place], Expr::Path(_)) {
            return true;
        }
        place += 1;
    }
    false
}

const fn record(members: &[(&'static str, Expr)]) -> bool {
    let mut place = 0;
    while place < members.len() {
        if expr(&members[place].1) {
            return true;
        }
        place += 1;
    }
    false
}

const fn expr_arms(arms: &[Arm]) -> bool {
    let mut place = 0;
    while place < arms.len() {
        if expr(&arms[place].value) {
            return true;
        }
        place += 1;
    }
    false
}

const fn is_some(name: &[u8]) -> bool {
    matches!(name, b"Some")
}

const fn holds_nul(text: &[u8]) -> bool {
    let mut place = 0;
    while place < text.len() {
        if text[place] == 0 {
            return true;
        }
        place += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::expr;
    use crate::model::{Expr, Literal};

    #[test]
    fn copies_make_nothing_and_constructors_do() {
        const COPY: Expr = Expr::Construct { name: "Some", arguments: &[Expr::Input("partner_id")] };
        const MADE: Expr = Expr::Construct { name: "TenderId", arguments: &[Expr::Input("text")] };
        assert!(!expr(&COPY));
        assert!(expr(&MADE));
        assert!(expr(&Expr::Construct { name: "Some", arguments: &[MADE] }));
        assert!(expr(&Expr::Literal(Literal::Text("a\0b"))));
        assert!(!expr(&Expr::Literal(Literal::Text("plain"))));
    }
}
