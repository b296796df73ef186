//! Transitions and their bodies as JSON.

use serde_json::{Map, Value as Json, json};

use super::expr::{expr, pattern};
use super::structure::{constraints, ty};
use super::{Detail, allowances, documented};
use crate::model::{
    Consumption, Edge, Entity, Expr, Invariant, Kind, Native, Parameter, Step, Target, Transition,
};

pub(super) fn invariants(entity: &Entity, detail: Detail) -> Json {
    let invariant = |invariant: &Invariant| {
        let mut members = json!({
            "name": invariant.name,
            "condition": expr(&invariant.condition),
            "reads": invariant.reads,
        });
        if detail == Detail::Full {
            members["source"] = invariant.condition.to_string().into();
        }
        documented(members, invariant.docs, detail)
    };
    entity.invariants.iter().map(invariant).collect()
}

pub(super) fn natives(entity: &Entity, detail: Detail) -> Json {
    let native = |native: &Native| {
        documented(json!({ "name": native.name, "reads": native.reads }), native.docs, detail)
    };
    entity.natives.iter().map(native).collect()
}

fn parameter(parameter: &Parameter, detail: Detail) -> Json {
    let members = json!({
        "name": parameter.name,
        "type": ty(&parameter.ty, detail),
        "constraints": constraints(parameter.constraints, detail),
        "personal": parameter.personal,
    });
    documented(members, parameter.docs, detail)
}

pub(super) fn transition(transition: &Transition, detail: Detail) -> Json {
    let refusal = |name: &str, message: &str, condition: Option<&Expr>| {
        let mut members = Map::new();
        members.insert("name".to_owned(), name.into());
        if let Some(condition) = condition {
            members.insert("condition".to_owned(), expr(condition));
        }
        if detail == Detail::Full {
            members.insert("message".to_owned(), message.into());
            if let Some(condition) = condition {
                members.insert("source".to_owned(), condition.to_string().into());
            }
        }
        Json::Object(members)
    };
    let guards =
        transition.guards.iter().map(|guard| refusal(guard.name, guard.message, Some(&guard.condition)));
    let rejections = transition.rejections.iter().map(|case| refusal(case.name, case.message, None));
    let parameters = transition.parameters.iter().map(|entry| parameter(entry, detail));
    let fact = transition
        .fact
        .map(|fact| json!({ "external-id": fact.external_id, "occurred-at": fact.occurred_at }));
    let mut members = json!({
        "name": transition.name,
        "input": transition.input,
        "kind": if transition.kind == Kind::Create { "create" } else { "update" },
        "edge": transition.edge.as_ref().map(edge),
        "parameters": parameters.collect::<Vec<_>>(),
        "guards": guards.collect::<Vec<_>>(),
        "rejections": rejections.collect::<Vec<_>>(),
        "steps": steps(transition.steps),
        "reads": transition.reads,
        "writes": transition.writes,
        "emits": transition.emits,
        "requests": transition.requests,
        "conflict": transition.conflict.word(),
        "fact": fact,
        "consumes": transition.consumes.as_ref().map(consumption),
    });
    allowances(&mut members, &[transition.allowances], detail);
    documented(members, transition.docs, detail)
}

/// The order of a pattern means nothing, so it is not kept.
fn consumption(consumption: &Consumption) -> Json {
    let mut bindings = consumption.bindings.to_vec();
    bindings.sort_unstable();
    let bindings = bindings.iter();
    let bindings = bindings.map(|(member, parameter)| json!({ "member": member, "parameter": parameter }));
    json!({ "event": consumption.event, "bindings": bindings.collect::<Vec<_>>() })
}

fn edge(edge: &Edge) -> Json {
    let to = match edge.to {
        Target::Same => json!("same"),
        Target::State(state) => json!({ "state": state }),
        Target::OneOf { states, stay } => json!({ "one-of": states, "stay": stay }),
    };
    json!({ "from": edge.from, "to": to })
}

fn steps(values: &[Step]) -> Json {
    values.iter().map(step).collect()
}

fn step(value: &Step) -> Json {
    match value {
        Step::Let { name, value } => json!({ "let": name, "value": expr(value) }),
        Step::Set { field, value, .. } => json!({ "set": field, "value": expr(value) }),
        Step::Change { field, change, operands, .. } => {
            let operands: Vec<Json> = operands.iter().map(expr).collect();
            json!({ "change": field, "by": change.word(), "operands": operands })
        }
        Step::Emit { message, payload, .. } => json!({ "emit": message, "payload": expr(payload) }),
        Step::Request { message, payload, .. } => json!({ "request": message, "payload": expr(payload) }),
        Step::Reject { name } => json!({ "reject": name }),
        Step::If { condition, then, otherwise } => {
            json!({ "if": expr(condition), "then": steps(then), "else": steps(otherwise) })
        }
        Step::Match { on, arms } => {
            let arms = arms.iter().map(|arm| {
                json!({
                    "pattern": pattern(&arm.pattern),
                    "condition": arm.condition.as_ref().map(expr),
                    "steps": steps(arm.steps),
                })
            });
            json!({ "match": expr(on), "arms": arms.collect::<Vec<_>>() })
        }
    }
}
