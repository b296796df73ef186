//! Inputs that aim: values solved from the conditions they have to meet, or to miss by one.
//!
//! Where a condition compares a parameter with something that is known, the parameter can be calculated. That is no
//! proof and no search, and it is right often enough for walks to come far.

use crate::interpret::{Content, Document, Interpreter};
use crate::kernel::Context;
use crate::model::{Expr, Step, Transition};

use super::choices::Choices;
use super::solve::Solver;

/// What could be set to what, so that a condition comes out as wanted.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shot {
    /// A parameter.
    Parameter(&'static str, Content),
    /// The instant of the input.
    Now(crate::value::Timestamp),
}

/// One who looks for shots.
pub(super) struct Aim<'a> {
    pub(super) interpreter: &'a Interpreter,
    pub(super) transition: &'static Transition,
    pub(super) state: &'a Document,
}

impl Aim<'_> {
    /// Changes an input until the guards hold or nothing more can be done, and now and then moves it to an edge.
    pub(super) fn take(&self, choices: &mut Choices, input: &mut Document, context: &mut Context) {
        let guards = self.transition.guards;
        for _ in 0..3 {
            let mut failed = false;
            for guard in guards {
                if self.holds(&guard.condition, input, context) == Some(false) {
                    failed = true;
                    self.shoot(&guard.condition, true, choices, input, context);
                }
            }
            if !failed {
                break;
            }
        }
        if choices.once_in(3) {
            let mut conditions: Vec<&Expr> = guards.iter().map(|guard| &guard.condition).collect();
            branches(self.transition.steps, &mut conditions);
            if let Some(condition) = choices.one_of(&conditions) {
                let wanted = choices.below(2) == 0;
                self.shoot(condition, wanted, choices, input, context);
            }
        }
    }

    /// Whether a condition holds; `None` where that is not known.
    fn holds(&self, condition: &Expr, input: &Document, context: &Context) -> Option<bool> {
        let mut scope = self.interpreter.scope(self.transition, self.state, input, context);
        scope.truth(condition).ok()
    }

    fn shoot(
        &self,
        condition: &Expr,
        wanted: bool,
        choices: &mut Choices,
        input: &mut Document,
        context: &mut Context,
    ) {
        let before = (input.clone(), context.clone());
        let shots = {
            let scope = self.interpreter.scope(self.transition, self.state, &before.0, &before.1);
            Solver::new(scope).solve(condition, wanted)
        };
        match choices.one_of(&shots) {
            Some(Shot::Parameter(name, value)) => {
                let parameter = self.transition.parameters.iter().find(|known| known.name == *name);
                // A number may have come without a width; what does not fit is no shot.
                let fitting =
                    parameter.and_then(|known| Content::from_json(&known.ty, &value.to_json(&known.ty)).ok());
                if let Some(value) = fitting {
                    input.set(name, value);
                }
            }
            Some(Shot::Now(now)) if *now >= context.now() => *context = moved(context, *now),
            Some(Shot::Now(_)) | None => {}
        }
    }
}

/// The same context at another instant.
pub(super) fn moved(context: &Context, now: crate::value::Timestamp) -> Context {
    let moved = Context::new(now, context.correlation().clone());
    let moved = context.actor().cloned().into_iter().fold(moved, Context::by);
    context.expected().into_iter().fold(moved, Context::expecting)
}

/// The conditions of the ways through a body.
fn branches<'e>(steps: &'e [Step], conditions: &mut Vec<&'e Expr>) {
    for step in steps {
        match step {
            Step::If { condition, then, otherwise } => {
                conditions.push(condition);
                branches(then, conditions);
                branches(otherwise, conditions);
            }
            Step::Match { arms, .. } => {
                for arm in *arms {
                    conditions.extend(&arm.condition);
                    branches(arm.steps, conditions);
                }
            }
            _ => {}
        }
    }
}
