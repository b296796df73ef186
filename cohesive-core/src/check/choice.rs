//! COH0610 to COH0612: a transition with several target states whose body does not choose one of them.
//!
//! With one target the model moves the lifecycle. With several, the body says where to; a path without a choice
//! would leave the entity in a state that the declaration rules out.

use crate::diagnostic::Diagnostic;
use crate::model::{Edge, Expr, Step, Target, Transition};

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    let Some(Edge { to: Target::OneOf { states, stay }, .. }) = transition.edge else { return };
    let names = || states.iter().map(|state| format!("`{state}`")).collect::<Vec<_>>().join(" or ");
    let Some(field) = chosen_field(transition.steps, states) else {
        findings.push(
            Diagnostic::error(
                "COH0610",
                transition.at,
                format!("`{}` declares several targets and chooses none", transition.name),
            )
            .help(format!("assign the lifecycle field in the body: to {}", names())),
        );
        return;
    };
    each_set(transition.steps, &mut |name, value, at| {
        if name == field
            && let Expr::Path(path) = value
            && !states.contains(&last(path))
        {
            findings.push(
                Diagnostic::error(
                    "COH0611",
                    at,
                    format!("`{}` is not a declared target of `{}`", last(path), transition.name),
                )
                .help(format!("it may move to {}; add the state to the declaration", names())),
            );
        }
    });
    if !stay && !always_sets(transition.steps, field) {
        findings.push(
            Diagnostic::error(
                "COH0612",
                transition.at,
                format!("a path through `{}` does not choose a target", transition.name),
            )
            .help(format!("assign `{field}` on every path, or add `_` to the targets for \"stay\"")),
        );
    }
}

/// The field that is assigned one of the states.
fn chosen_field(steps: &[Step], states: &[&str]) -> Option<&'static str> {
    let mut found = None;
    each_set(steps, &mut |field, value, _| {
        if let Expr::Path(path) = value
            && path.contains("::")
            && states.contains(&last(path))
        {
            found.get_or_insert(field);
        }
    });
    found
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

fn each_set(steps: &[Step], show: &mut dyn FnMut(&'static str, &Expr, crate::model::At)) {
    for step in steps {
        match step {
            Step::Set { field, value, at } => each_value(value, &mut |value| show(field, value, *at)),
            Step::If { then, otherwise, .. } => {
                each_set(then, show);
                each_set(otherwise, show);
            }
            Step::Match { arms, .. } => arms.iter().for_each(|arm| each_set(arm.steps, show)),
            _ => {}
        }
    }
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

/// Whether every path that is not refused assigns the field.
fn always_sets(steps: &[Step], field: &str) -> bool {
    steps.iter().any(|step| match step {
        Step::Set { field: set, .. } => *set == field,
        Step::Reject { .. } => true,
        Step::If { then, otherwise, .. } => always_sets(then, field) && always_sets(otherwise, field),
        Step::Match { arms, .. } => arms.iter().all(|arm| always_sets(arm.steps, field)),
        _ => false,
    })
}
