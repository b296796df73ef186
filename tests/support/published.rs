//! The published schema of the model.

use jsonschema::Validator;
use serde_json::Value as Json;

/// The schema, ready to judge.
pub fn published() -> Validator {
    let text = include_str!("../../docs/model.schema.json");
    let schema: Json = serde_json::from_str(text).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}
