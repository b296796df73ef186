//! The OpenAPI 3.1 document of a system. It needs the model and nothing else: no server, no store.
//!
//! The same model gives the same bytes. Every way in which a transition may be refused is listed at its operation,
//! in prose and as `x-rejections`; `x-boundary` says what a success proves and what it does not.

use std::collections::BTreeSet;

use cohesive_core::model::{Conflict, Entity, Kind, Target, Transition};
use cohesive_core::render::{Definitions, PossibleRejection, fingerprint, rejections, states};
use serde_json::{Map, Value as Json, json};

use super::common;
use super::filter::{Filter, filters};
use super::responses::{self, Codes};
use super::schema::{self, reference};
use super::{HttpOptions, parameters, path};
use crate::node::System;

/// The document.
#[must_use]
pub fn document(system: &System, options: &HttpOptions) -> Json {
    let entities = system.entities().iter().map(|served| served.model);
    of_entities(system.name(), entities, options)
}

fn of_entities<'a>(name: &str, entities: impl Iterator<Item = &'a Entity>, options: &HttpOptions) -> Json {
    let mut writer = Writer { schemas: common::schemas(), names: BTreeSet::new(), paths: Map::new() };
    let mut tags = Vec::new();
    let mut drawn_from = Map::new();
    for entity in entities {
        drawn_from.insert(entity.name().to_owned(), fingerprint(entity).into());
        tags.push(json!({ "name": entity.name(), "description": entity.structure.docs.trim() }));
        writer.entity(entity, options);
    }
    tags.push(json!({ "name": "Problems", "description": "What the codes of problems mean." }));
    writer.problems();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": options.title.as_deref().unwrap_or(name),
            "version": options.version,
            "description": DESCRIPTION,
            "x-generator": concat!("Cohesive ", env!("CARGO_PKG_VERSION")),
            "x-fingerprints": drawn_from,
        },
        "tags": tags,
        "paths": writer.paths,
        "components": {
            "schemas": writer.schemas.finish(),
            "parameters": parameters::components(),
            "headers": responses::headers(),
        },
    })
}

const DESCRIPTION: &str = "\
Every operation follows from the model. A success says which rung of the boundary ladder was reached, and never a \
higher one: at most that state and outbox are durable together. It never means that a message was published or that \
the business transaction is complete. Publishing is at least once; receivers recognise a repeat by the message's id.\n\n\
A repeat of a request with the same `Idempotency-Key` gets the first answer again, byte for byte. What cannot be \
understood is refused, never ignored. Problems are documents of RFC 9457; `GET /problems/{code}` explains each code.";

struct Writer {
    schemas: Definitions,
    /// The operation ids so far.
    names: BTreeSet<String>,
    paths: Map<String, Json>,
}

impl Writer {
    fn entity(&mut self, entity: &Entity, options: &HttpOptions) {
        let plural = entity.structure.plural;
        let state = schema::state(&mut self.schemas, entity);
        let (item, page) = schema::documents(&mut self.schemas, entity, &state);
        let messages = schema::messages(&mut self.schemas, entity);
        for transition in entity.transitions {
            let name = path::encode(transition.name);
            let place = match transition.kind {
                Kind::Create => format!("/{plural}/{name}"),
                Kind::Update => format!("/{plural}/{{id}}/{name}"),
            };
            let operation = self.transition(entity, transition);
            self.place(&place, "post", operation);
        }
        let name = entity.name();
        let one = json!({
            "tags": [name],
            "operationId": self.name(&format!("get{name}")),
            "summary": format!("One {name}"),
            "description": "The entity as it is now, with its version as `ETag`.",
            "parameters": [parameters::id(entity, &mut self.schemas), parameters::shared("IfNoneMatch"),
                parameters::shared("CorrelationId")],
            "responses": responses::reading(&item, "The entity.", &Codes::one(), responses::Tagged::Yes),
        });
        self.place(&format!("/{plural}/{{id}}"), "get", one);
        let list = self.list(entity, &page, options);
        self.place(&format!("/{plural}"), "get", list);
        let outbox = json!({
            "tags": [name],
            "operationId": self.name(&format!("list{name}Messages")),
            "summary": format!("The messages of one {name}"),
            "description": "Events and effect requests, oldest first, published or not.",
            "parameters": [parameters::id(entity, &mut self.schemas), parameters::position(),
                parameters::limit(options), parameters::shared("CorrelationId")],
            "responses": responses::reading(&messages, "A page of messages.", &Codes::outbox(), responses::Tagged::No),
        });
        self.place(&format!("/{plural}/{{id}}/outbox"), "get", outbox);
    }

    fn list(&mut self, entity: &Entity, page: &Json, options: &HttpOptions) -> Json {
        let mut parameters: Vec<Json> = Vec::new();
        for Filter { field, name, absent, .. } in filters(entity.structure) {
            let schema = self.schemas.of(field.ty.required());
            parameters.push(parameters::query(
                &name,
                &format!("Only those whose `{}` is this.", field.wire),
                &schema,
            ));
            if let Some(absent) = absent {
                let text = format!("Only those without a `{}`.", field.wire);
                parameters.push(parameters::query(&absent, &text, &json!({ "type": "boolean" })));
            }
        }
        let after = json!({ "type": "string" });
        parameters.push(parameters::query("after", "Only ids greater than this one.", &after));
        parameters.push(parameters::limit(options));
        parameters.push(parameters::shared("CorrelationId"));
        json!({
            "tags": [entity.name()],
            "operationId": self.name(&format!("list{}", pascal(entity.structure.plural))),
            "summary": format!("Several of {}", entity.name()),
            "description": "In the order of their ids. `next` leads to the next page and is null on the last one.",
            "parameters": parameters,
            "responses": responses::reading(page, "A page.", &Codes::list(), responses::Tagged::No),
        })
    }

    fn transition(&mut self, entity: &Entity, transition: &Transition) -> Json {
        let input = schema::input(&mut self.schemas, entity, transition);
        let refusals = rejections(entity, transition);
        let mut parameters = Vec::new();
        if transition.kind == Kind::Update {
            parameters.push(parameters::id(entity, &mut self.schemas));
            match transition.conflict {
                Conflict::Strict | Conflict::Disjoint | Conflict::Manual => {
                    parameters.push(parameters::required_version());
                }
                Conflict::Default => parameters.push(parameters::shared("IfMatch")),
                Conflict::AtHead => {}
            }
        }
        let shared = ["DryRun", "IdempotencyKey", "CorrelationId", "CausationId", "Actor", "TraceParent"];
        parameters.extend(shared.map(parameters::shared));
        let optional = transition.parameters.iter().all(|parameter| parameter.ty.is_optional());
        let mut responses = responses::problems(&Codes::transition(entity, transition), &refusals);
        let (status, text) = match transition.kind {
            Kind::Create => ("201", "Created; durable."),
            Kind::Update => {
                ("200", "Applied and durable, or nothing to change; for a dry run, what would happen.")
            }
        };
        let committed = reference("Committed");
        let success = match transition.kind {
            Kind::Create => {
                responses.insert("200".to_owned(), responses::success(&reference("Preview"), DRY));
                committed
            }
            Kind::Update => json!({ "oneOf": [committed, reference("Preview")] }),
        };
        responses.insert(status.to_owned(), responses::committed(&success, text, transition));
        json!({
            "tags": [entity.name()],
            "operationId": self.name(&camel(transition.input)),
            "summary": summary(transition),
            "description": prose(entity, transition, &refusals),
            "parameters": parameters,
            "requestBody": {
                "required": !optional,
                "content": { "application/json": { "schema": input } },
            },
            "responses": responses,
            "x-rejections": refusals.iter().map(rejection).collect::<Vec<_>>(),
            "x-boundary": common::rungs(transition),
            "x-transition": { "entity": entity.name(), "name": transition.name },
        })
    }

    fn problems(&mut self) {
        let operation = json!({
            "tags": ["Problems"],
            "operationId": self.name("getProblem"),
            "summary": "What a problem means",
            "parameters": [
                { "name": "code", "in": "path", "required": true, "schema": { "type": "string" } },
                parameters::shared("CorrelationId"),
            ],
            "responses": responses::reading(&reference("ProblemMeaning"), "The meaning.", &Codes::problem(),
                responses::Tagged::No),
        });
        self.place("/problems/{code}", "get", operation);
    }

    fn place(&mut self, path: &str, method: &str, operation: Json) {
        let item = self.paths.entry(path).or_insert_with(|| json!({}));
        item[method] = operation;
    }

    /// An operation id that no other operation has.
    fn name(&mut self, wanted: &str) -> String {
        let mut unique = wanted.to_owned();
        let mut number = 1;
        while !self.names.insert(unique.clone()) {
            number += 1;
            unique = format!("{wanted}{number}");
        }
        unique
    }
}

const DRY: &str = "For a dry run: what would happen. Nothing was stored.";

/// The first sentence of the author's words, or the name.
fn summary(transition: &Transition) -> String {
    let first = transition.docs.trim().lines().next().unwrap_or_default();
    if first.is_empty() { transition.name.replace('_', " ") } else { first.to_owned() }
}

/// The author's words, then what the model adds: the edge, the messages and the refusals.
fn prose(entity: &Entity, transition: &Transition, refusals: &[PossibleRejection]) -> String {
    let mut parts = vec![transition.docs.trim().to_owned()];
    if let Some(edge) = transition.edge {
        let from = states(entity, edge.from);
        parts.push(match edge.to {
            Target::Same => format!("Possible in {from}, and stays there."),
            Target::State(state) => format!("Moves from {from} to {}.", states(entity, &[state])),
            Target::OneOf { states: to, stay } => {
                let stay = if stay { ", or stays" } else { "" };
                format!("Moves from {from} to {}{stay}.", states(entity, to))
            }
        });
    }
    if let Some(fact) = transition.fact {
        parts.push(format!(
            "A fact: it is not refused on business grounds, and recorded once for each `{}`. A repeat gets the first \
             answer, however late it comes.",
            fact.external_id
        ));
    }
    parts.push(match transition.conflict {
        Conflict::Default => String::new(),
        Conflict::Strict => "`If-Match` is required.".to_owned(),
        Conflict::Disjoint => {
            "`If-Match` is required. When it is not the latest version, the input is decided on the latest state, \
             unless something that it reads or writes has changed since."
                .to_owned()
        }
        Conflict::Manual => {
            "`If-Match` is required. When it is not the latest version, the input is kept for somebody to look at."
                .to_owned()
        }
        Conflict::AtHead => "Always decided on the latest state; `If-Match` is refused.".to_owned(),
    });
    for (verb, names) in [("emit", transition.emits), ("request", transition.requests)] {
        if !names.is_empty() {
            parts.push(format!("May {verb} `{}`.", names.join("`, `")));
        }
    }
    if !refusals.is_empty() {
        let lines = refusals.iter().map(|refusal| format!("- `{}`: {}", refusal.code, refusal.message));
        parts.push(format!("May be refused with\n{}", lines.collect::<Vec<_>>().join("\n")));
    }
    if transition.kind == Kind::Create {
        parts.push(format!("There must be no {} with the id yet.", entity.name()));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

pub(super) fn rejection(refusal: &PossibleRejection) -> Json {
    json!({ "code": refusal.code, "message": refusal.message, "class": refusal.class })
}

/// `AcceptTender` as `acceptTender`.
fn camel(pascal: &str) -> String {
    let mut characters = pascal.chars();
    characters.next().into_iter().flat_map(char::to_lowercase).chain(characters).collect()
}

/// `purchase_orders` as `PurchaseOrders`.
fn pascal(plural: &str) -> String {
    let words = plural.split(['_', '-']).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut characters = word.chars();
        characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect::<String>()
    };
    words.map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::{HttpOptions, camel, of_entities, pascal};

    #[test]
    fn names_of_operations() {
        assert_eq!(camel("AcceptTender"), "acceptTender");
        assert_eq!(pascal("purchase_orders"), "PurchaseOrders");
    }

    // A129
    #[test]
    fn options_show_in_the_document() {
        let options = HttpOptions { version: "7.1".to_owned(), ..HttpOptions::default() };
        let document = of_entities("freight", std::iter::empty(), &options);
        assert_eq!(
            (&document["info"]["title"], &document["info"]["version"]),
            (&"freight".into(), &"7.1".into())
        );
        let options = HttpOptions { title: Some("Desk".to_owned()), ..options };
        assert_eq!(of_entities("freight", std::iter::empty(), &options)["info"]["title"], "Desk");
    }
}
