//! One transition.

use super::{Page, body, code, codes, constraints, name, notes, presence, ty};
use crate::model::{Conflict, Consumption, Entity, Kind, Mutability, Target, Transition};
use crate::render::rejections::changed;
use crate::render::{rejections, states};

pub(super) fn transition(page: &mut Page, entity: &Entity, transition: &Transition) {
    page.heading(3, &code(transition.name));
    page.block(transition.docs);
    page.block(&facts(entity, transition));
    let none = if transition.parameters.is_empty() { ", without parameters" } else { "" };
    page.block(&format!("**Input** {}{none}", code(transition.input)));
    parameters(page, transition);
    guards(page, transition);
    if !transition.steps.is_empty() {
        page.block("**What it does**");
        page.block(&body::steps(entity, transition.steps));
    }
    refusals(page, entity, transition);
    page.allowances(&[transition.allowances]);
}

/// Edge, policy, where it comes from: one line each.
fn facts(entity: &Entity, transition: &Transition) -> String {
    let mut lines = vec![movement(entity, transition)];
    if let Some(consumption) = transition.consumes {
        lines.push(follows(&consumption));
    }
    if let Some(fact) = transition.fact {
        let when = match fact.occurred_at {
            Some(parameter) => format!("; {} says when it happened", code(parameter)),
            None => "; when it happened is not known".to_owned(),
        };
        lines.push(format!(
            "A fact: the same {} again is the same fact, and is recorded once{when}.",
            code(fact.external_id)
        ));
    }
    if transition.kind == Kind::Update {
        lines.push(format!("Stated versions: {}", policy(transition.conflict)));
    }
    changes(entity, transition, &mut lines);
    format!("- {}", lines.join("\n- "))
}

/// The event, and what is taken from it.
fn follows(consumption: &Consumption) -> String {
    let taken = consumption.bindings.iter().map(|(member, parameter)| {
        if member == parameter {
            return code(member);
        }
        format!("{} as {}", code(member), code(parameter))
    });
    let taken = taken.collect::<Vec<_>>().join(", ");
    let taken = if taken.is_empty() { taken } else { format!(", and takes {taken} from it") };
    format!("Follows the event {}{taken}.", code(consumption.event))
}

fn movement(entity: &Entity, transition: &Transition) -> String {
    if transition.kind == Kind::Create {
        let initial = entity.structure.lifecycle().and_then(|(_, states)| states.initial());
        let state = initial.map(|state| format!(" in {}", code(state.wire))).unwrap_or_default();
        return format!("Creates a new {}{state}.", code(entity.name()));
    }
    let Some(edge) = transition.edge else {
        return match entity.structure.lifecycle() {
            Some(_) => "Possible in any state, and stays there.".to_owned(),
            None => "Possible at any time.".to_owned(),
        };
    };
    let from = states(entity, edge.from);
    match edge.to {
        Target::Same => format!("Possible in {from}, and stays there."),
        Target::State(state) => format!("Moves from {from} to {}.", states(entity, &[state])),
        Target::OneOf { states: to, stay } => {
            let stay = if stay { ", or stays" } else { "" };
            format!("Moves from {from} to {}{stay}.", states(entity, to))
        }
    }
}

/// What happens when the caller's view is not the latest.
fn policy(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::Default => "a version may be stated, and then has to be the latest (default).",
        Conflict::Strict => "a version has to be stated, and to be the latest (`strict`).",
        Conflict::Disjoint => {
            "a version has to be stated; where it is not the latest, the latest state decides unless something \
             that is read or written here has changed since (`disjoint`)."
        }
        Conflict::AtHead => "none can be stated; the latest state decides (`at_head`).",
        Conflict::Manual => {
            "a version has to be stated; where it is not the latest, nothing is decided, and the input is kept \
             for somebody to look at (`manual`)."
        }
    }
}

fn parameters(page: &mut Page, transition: &Transition) {
    let rows = transition.parameters.iter().map(|parameter| {
        vec![
            name(parameter.name, parameter.name),
            ty(&parameter.ty),
            presence(&parameter.ty).to_owned(),
            constraints(parameter.constraints),
            notes(&[(parameter.personal, "personal".to_owned())]),
            parameter.docs.to_owned(),
        ]
    });
    page.table(
        &["parameter", "type", "presence", "constraints", "notes", "meaning"],
        &rows.collect::<Vec<_>>(),
    );
}

fn guards(page: &mut Page, transition: &Transition) {
    let rows = transition
        .guards
        .iter()
        .map(|guard| vec![code(guard.name), code(&guard.condition.to_string()), guard.message.to_owned()]);
    page.table(&["guard", "holds when", "otherwise"], &rows.collect::<Vec<_>>());
}

/// Fields and messages, as the sets of the model have them.
fn changes(entity: &Entity, transition: &Transition, lines: &mut Vec<String>) {
    let (written, follows): (Vec<&str>, Vec<&str>) =
        changed(entity, transition).into_iter().partition(|name| {
            let field = entity.structure.field(name);
            field.is_none_or(|field| !matches!(field.mutability, Mutability::Computed(_)))
        });
    if !written.is_empty() && transition.kind == Kind::Update {
        let follows = if follows.is_empty() {
            String::new()
        } else {
            format!(", and with them {}", codes(follows, ", "))
        };
        lines.push(format!("Changes {}{follows}.", codes(written, ", ")));
    }
    if !transition.emits.is_empty() {
        lines.push(format!("May emit {}.", links(transition.emits)));
    }
    if !transition.requests.is_empty() {
        lines.push(format!("May request {}.", links(transition.requests)));
    }
}

/// Links to sections of the same page.
fn links(names: &[&str]) -> String {
    let link = |name: &&str| format!("[{}](#{})", code(name), name.to_lowercase());
    names.iter().map(link).collect::<Vec<_>>().join(", ")
}

fn refusals(page: &mut Page, entity: &Entity, transition: &Transition) {
    let rows = rejections(entity, transition)
        .into_iter()
        .map(|refusal| vec![code(&refusal.code), refusal.class.to_owned(), refusal.message]);
    page.table(&["refused with", "class", "because"], &rows.collect::<Vec<_>>());
}
