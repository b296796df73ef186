//! JSON Schema (2020-12) of what goes in and out: inputs, events, effect requests, their replies, and states.
//!
//! One code for every document: the standalone schemas here and the OpenAPI document are drawn by the same
//! [`Definitions`], from the types and constraints of the model, and match what is read and written.
//!
//! A schema accepts a document when the reader can read it and the constraints that JSON Schema can say are kept.
//! It says nothing about guards, invariants or constraints that look at several fields: `x-constraints` lists each
//! constraint by its name, with its text, whether or not a keyword stands for it as well.

mod constraints;
mod types;

use serde_json::Value as Json;

pub use types::Definitions;
pub(super) use types::key;

use crate::model::{Entity, Message, Transition};

/// What the schemas here are written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of what the caller of `transition` sends.
///
/// Where a parameter is assigned to a field as it is, whatever else the transition does, the field's constraints
/// bind the parameter too: an input that breaks them is never accepted.
#[must_use]
pub fn input_schema(entity: &Entity, transition: &Transition) -> Json {
    document(entity, transition.input, |definitions| definitions.input(entity, transition))
}

/// The schema of an entity's state.
#[must_use]
pub fn state_schema(entity: &Entity) -> Json {
    document(entity, entity.name(), |definitions| definitions.state(entity))
}

/// The schema of the payload of an event or an effect request of `entity`.
#[must_use]
pub fn payload_schema(entity: &Entity, message: &Message) -> Json {
    document(entity, message.name, |definitions| definitions.payload(message))
}

/// The schema of what the one who performs an effect answers; `None` for an event.
#[must_use]
pub fn reply_schema(entity: &Entity, message: &Message) -> Option<Json> {
    let mut definitions = Definitions::under(HERE);
    let reply = definitions.reply(message)?;
    Some(whole(entity, &format!("Reply to {}", message.name), reply, definitions))
}

/// Where a standalone schema keeps the schemas it refers to.
const HERE: &str = "#/$defs/";

fn document(entity: &Entity, title: &str, draw: impl FnOnce(&mut Definitions) -> Json) -> Json {
    let mut definitions = Definitions::under(HERE);
    let schema = draw(&mut definitions);
    whole(entity, title, schema, definitions)
}

/// A schema with everything it refers to, and with what it was drawn from.
fn whole(entity: &Entity, title: &str, mut schema: Json, definitions: Definitions) -> Json {
    schema["$schema"] = DIALECT.into();
    schema["title"] = title.into();
    schema["$comment"] = super::provenance(entity).into();
    let definitions = definitions.finish();
    if definitions.as_object().is_some_and(|definitions| !definitions.is_empty()) {
        schema["$defs"] = definitions;
    }
    schema
}
