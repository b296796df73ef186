//! What the steps of a body may run into.

use crate::model::{Change, Entity, Expr, Step, Type};

/// Whether steps may assign a state that is not among `states`: one that is not written out where it is assigned.
pub(super) fn leaves(steps: &[Step], lifecycle: &str, states: &[&str]) -> bool {
    steps.iter().any(|step| match step {
        Step::Set { field, value, .. } => *field == lifecycle && !is_among(value, states),
        Step::If { then, otherwise, .. } => {
            leaves(then, lifecycle, states) || leaves(otherwise, lifecycle, states)
        }
        Step::Match { arms, .. } => arms.iter().any(|arm| leaves(arm.steps, lifecycle, states)),
        Step::Let { .. }
        | Step::Change { .. }
        | Step::Emit { .. }
        | Step::Request { .. }
        | Step::Reject { .. } => false,
    })
}

fn is_among(value: &Expr, states: &[&str]) -> bool {
    match value {
        Expr::Path(path) => states.contains(&path.rsplit("::").next().unwrap_or_default()),
        Expr::If { then, otherwise, .. } => is_among(then, states) && is_among(otherwise, states),
        Expr::Match { arms, .. } => arms.iter().all(|arm| is_among(&arm.value, states)),
        Expr::Let { body, .. } => is_among(body, states),
        _ => false,
    }
}

/// What changes to collections may run into.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misplaced {
    pub(super) place: bool,
    pub(super) child: bool,
}

impl Misplaced {
    pub(super) fn look_at(&mut self, entity: &Entity, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Change { field, change, .. } => {
                    let ty = entity.structure.field(field).map(|field| *field.ty.required());
                    self.look(ty, *change);
                }
                Step::If { then, otherwise, .. } => {
                    self.look_at(entity, then);
                    self.look_at(entity, otherwise);
                }
                Step::Match { arms, .. } => arms.iter().for_each(|arm| self.look_at(entity, arm.steps)),
                Step::Let { .. }
                | Step::Set { .. }
                | Step::Emit { .. }
                | Step::Request { .. }
                | Step::Reject { .. } => {}
            }
        }
    }

    fn look(&mut self, ty: Option<Type>, change: Change) {
        let Some(Type::List(element)) = ty else { return };
        let owns_children = matches!(element, Type::Record(record) if record.id.is_some());
        self.place |= matches!(change, Change::Insert | Change::Remove);
        self.child |= matches!(change, Change::Push | Change::Insert) && owns_children;
    }
}
