//! Which states a body assigns, for the rules about transitions with several targets.

use super::walk::each_step;
use crate::model::{At, Expr, Step};

/// The field that is assigned one of the states.
pub(super) fn chosen_field(steps: &'static [Step], states: &[&str]) -> Option<&'static str> {
    let mut found = None;
    each_step(steps, &mut |step| {
        if let Step::Set { field, value, .. } = step {
            each_value(value, &mut |value| {
                if let Expr::Path(path) = value
                    && path.contains("::")
                    && states.contains(&last(path))
                {
                    found.get_or_insert(*field);
                }
            });
        }
    });
    found
}

/// Shows the values that are assigned to a field, through their branches.
pub(super) fn each_choice(steps: &'static [Step], field: &str, show: &mut dyn FnMut(&Expr, At)) {
    each_step(steps, &mut |step| {
        if let Step::Set { field: set, value, at } = step
            && *set == field
        {
            each_value(value, &mut |value| show(value, *at));
        }
    });
}

/// The name of a state without its type.
pub(super) fn last(path: &'static str) -> &'static str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The values that an expression may have, through its branches.
fn each_value(value: &Expr, show: &mut dyn FnMut(&Expr)) {
    match value {
        Expr::If { then, otherwise, .. } => {
            each_value(then, show);
            each_value(otherwise, show);
        }
        Expr::Match { arms, .. } => arms.iter().for_each(|arm| each_value(&arm.value, show)),
        Expr::Let { body, .. } => each_value(body, show),
        other => show(other),
    }
}
