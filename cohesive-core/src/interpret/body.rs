//! What happens: steps, in order.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::model::{Expr, Message, Role, Step, StepArm, Transition};

use super::construct::typed;
use super::{Content, Produced, Scope, Stop};

/// What a body knows besides its scope.
pub(super) struct Body<'a> {
    pub(super) messages: &'a [&'static Message],
    pub(super) effects: Vec<Produced>,
    /// The ways that were taken so far, in any decision.
    pub(super) ways: &'a Ways,
}

/// The ways through bodies that were taken: those of `if` and `match` between steps.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    taken: Mutex<BTreeSet<u64>>,
    paused: AtomicBool,
}

impl Ways {
    fn take(&self, steps: &[Step]) {
        if !steps.is_empty() && !self.paused.load(Ordering::Relaxed) {
            self.taken.lock().unwrap_or_else(PoisonError::into_inner).insert(key(steps, 0));
        }
    }

    /// Whether what is taken from now on counts.
    pub(crate) fn count(&self, counts: bool) {
        self.paused.store(!counts, Ordering::Relaxed);
    }

    /// Whether a way was taken; one without steps counts as taken.
    pub(crate) fn took(&self, steps: &[Step]) -> bool {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        steps.is_empty() || taken.contains(&key(steps, 0))
    }
}

/// What tells the steps of a way from those of another one: their kinds, places and names. A constant can have several
/// addresses, so where they are held does not.
fn key(steps: &[Step], seed: u64) -> u64 {
    let mix = |hash: u64, value: u64| (hash ^ value).wrapping_mul(0x0100_0000_01b3);
    let text = |name: &str| name.bytes().fold(7, |hash, byte| mix(hash, u64::from(byte)));
    steps.iter().fold(mix(seed, 0xcbf2_9ce4_8422_2325), |hash, step| match step {
        Step::Let { name, .. } => mix(mix(hash, 1), text(name)),
        Step::Set { at, .. } => mix(mix(hash, 2), u64::from(at.0)),
        Step::Change { at, .. } => mix(mix(hash, 3), u64::from(at.0)),
        Step::Emit { at, .. } => mix(mix(hash, 4), u64::from(at.0)),
        Step::Request { at, .. } => mix(mix(hash, 5), u64::from(at.0)),
        Step::Reject { name } => mix(mix(hash, 6), text(name)),
        Step::If { then, otherwise, .. } => key(otherwise, key(then, mix(hash, 7))),
        Step::Match { arms, .. } => arms.iter().fold(mix(hash, 8), |hash, arm| key(arm.steps, hash)),
    })
}

impl Body<'_> {
    /// Guards in order, then steps.
    pub(super) fn run(&mut self, scope: &mut Scope<'_>, transition: &Transition) -> Result<(), Stop> {
        observed(scope, transition)?;
        for guard in transition.guards {
            if !scope.truth(&guard.condition)? {
                return Err(Stop::Rejected(guard.name));
            }
        }
        self.steps(scope, transition.steps)
    }

    fn steps(&mut self, scope: &mut Scope<'_>, steps: &[Step]) -> Result<(), Stop> {
        self.ways.take(steps);
        let mark = scope.mark();
        let result = steps.iter().try_for_each(|step| self.step(scope, step));
        scope.forget(mark);
        result
    }

    fn step(&mut self, scope: &mut Scope<'_>, step: &Step) -> Result<(), Stop> {
        match step {
            Step::Let { name, value } => {
                let shape = scope.shape(value);
                let value = scope.evaluate(value)?;
                scope.bind(name, value, shape);
                Ok(())
            }
            Step::Set { field, value, .. } => {
                let value = scope.evaluate(value)?;
                let ty = scope.field_type(field);
                let value = ty.map_or_else(|| Ok(value.clone()), |ty| typed(value.clone(), &ty))?;
                scope.assigned.set(field, value);
                Ok(())
            }
            Step::Change { field, change, operands, .. } => scope.change(field, *change, operands),
            Step::Emit { message, payload, .. } => self.produce(scope, message, payload, false),
            Step::Request { message, payload, .. } => self.produce(scope, message, payload, true),
            Step::Reject { name } => Err(Stop::Rejected(name)),
            Step::If { condition, then, otherwise } => {
                let holds = scope.truth(condition)?;
                self.steps(scope, if holds { then } else { otherwise })
            }
            Step::Match { on, arms } => {
                let shape = scope.shape(on);
                let value = scope.evaluate(on)?;
                self.choose(scope, &value, shape.as_ref(), arms)
            }
        }
    }

    fn choose(
        &mut self,
        scope: &mut Scope<'_>,
        value: &Content,
        shape: Option<&super::shape::Shape>,
        arms: &[StepArm],
    ) -> Result<(), Stop> {
        for arm in arms {
            let mark = scope.mark();
            let fits = scope.fits(&arm.pattern, value, shape)?
                && arm.condition.as_ref().map_or(Ok(true), |condition| scope.truth(condition))?;
            let result = fits.then(|| self.steps(scope, arm.steps));
            scope.forget(mark);
            if let Some(result) = result {
                return result;
            }
        }
        Err(Stop::opaque("a choice of which no way fits"))
    }

    fn produce(
        &mut self,
        scope: &mut Scope<'_>,
        name: &'static str,
        payload: &Expr,
        request: bool,
    ) -> Result<(), Stop> {
        let asks = |message: &Message| matches!(message.role, Role::Request { .. });
        let known = self.messages.iter().find(|message| message.name == name && asks(message) == request);
        let message = known.ok_or_else(|| Stop::opaque(format!("the message `{name}`")))?;
        let payload = scope.payload(message, payload)?;
        self.effects.push(Produced { message: name, request, payload });
        Ok(())
    }
}

/// A body asks for every field that it reads on some way before it does anything.
fn observed(scope: &Scope<'_>, transition: &Transition) -> Result<(), Stop> {
    let mut fields = Vec::new();
    for guard in transition.guards {
        fields.extend(guard.condition.fields());
    }
    read(transition.steps, &mut fields);
    fields.sort_unstable();
    fields.into_iter().try_for_each(|field| scope.field(field).map(|_| ()))
}

/// The fields that steps read, those of which they change a part included.
fn read(steps: &[Step], fields: &mut Vec<&'static str>) {
    for step in steps {
        match step {
            Step::Let { value, .. } | Step::Set { value, .. } => fields.extend(value.fields()),
            Step::Change { field, operands, .. } => {
                fields.push(field);
                operands.iter().for_each(|operand| fields.extend(operand.fields()));
            }
            Step::Emit { payload, .. } | Step::Request { payload, .. } => fields.extend(payload.fields()),
            Step::Reject { .. } => {}
            Step::If { condition, then, otherwise } => {
                fields.extend(condition.fields());
                read(then, fields);
                read(otherwise, fields);
            }
            Step::Match { on, arms } => {
                fields.extend(on.fields());
                for arm in *arms {
                    fields.extend(arm.condition.iter().flat_map(Expr::fields));
                    read(arm.steps, fields);
                }
            }
        }
    }
}
