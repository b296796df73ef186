//! The published schema of the model.

use cohesive::model::Entity;
use jsonschema::Validator;
use serde_json::Value as Json;

/// Demands that models fit it.
#[track_caller]
pub fn all_fit(entities: &[&Entity]) {
    let schema = published();
    for entity in entities {
        if let Err(error) = schema.validate(&cohesive::render::model_json(entity)) {
            panic!("{}: {error} at {}", entity.name(), error.instance_path());
        }
    }
}

/// The schema, ready to judge.
pub fn published() -> Validator {
    let text = include_str!("../../docs/model.schema.json");
    let schema: Json = serde_json::from_str(text).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}
