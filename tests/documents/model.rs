//! The model as JSON: its published schema, and its fingerprint.

use cohesive::model::{self, Constraint, Field, Transition};
use cohesive::render::{canonical, fingerprint, model_json, pretty, system_json};
use serde_json::Value as Json;

use crate::published::{all_fit, published};
use crate::{entities, everything};

#[test]
fn every_model_fits_the_published_schema() {
    all_fit(&entities());
    let system = system_json("all", "Everything.", &entities());
    assert!(published().is_valid(&system));
}

/// The entities that the sources of the examples declare are all here.
#[test]
fn every_example_is_drawn() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entities = entities();
    let is_drawn = |name: &str, file: &std::path::Path| {
        entities.iter().any(|entity| {
            let declaring = std::path::Path::new(entity.structure.file);
            entity.name() == name && declaring.file_name() == file.file_name()
        })
    };
    let mut declared = 0;
    for example in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        for file in std::fs::read_dir(example).unwrap().map(|entry| entry.unwrap().path()) {
            let Ok(source) = std::fs::read_to_string(&file) else { continue };
            for part in source.split("\n#[entity]\n").skip(1) {
                let name = part.split("struct ").nth(1).unwrap().split([' ', '{']).next().unwrap();
                assert!(
                    is_drawn(name, &file),
                    "{name} of {} is missing in tests/documents/main.rs",
                    file.display()
                );
                declared += 1;
            }
        }
    }
    assert!(declared >= 9, "{declared}");
}

/// Members that are left out where there is nothing to say.
const OPTIONAL: [&str; 1] = ["docs"];

/// Whether each of the changed documents is refused; those that are not are given by path.
fn accepted(document: &Json) -> Vec<String> {
    let schema = published();
    let mut accepted = Vec::new();
    for path in paths(document) {
        for (what, changed) in changes(document, &path) {
            if schema.is_valid(&changed) {
                accepted.push(format!("{what} at {path}"));
            }
        }
    }
    accepted
}

/// The pointers to every value within.
fn paths(value: &Json) -> Vec<String> {
    let inner: Vec<(String, &Json)> = match value {
        Json::Object(members) => members.iter().map(|(name, one)| (name.clone(), one)).collect(),
        Json::Array(items) => items.iter().enumerate().map(|(index, one)| (index.to_string(), one)).collect(),
        _ => Vec::new(),
    };
    let below = inner
        .into_iter()
        .flat_map(|(name, one)| paths(one).into_iter().map(move |path| format!("/{name}{path}")));
    std::iter::once(String::new()).chain(below).collect()
}

/// Ways to spoil the value at `path`.
fn changes(document: &Json, path: &str) -> Vec<(String, Json)> {
    let value = document.pointer(path).unwrap();
    let with = |what: String, value: Json| {
        let mut changed = document.clone();
        *changed.pointer_mut(path).unwrap() = value;
        (what, changed)
    };
    let mut all = vec![with("a fraction".to_owned(), serde_json::json!(0.5))];
    if let Json::Object(members) = value {
        let mut more = members.clone();
        more.insert("surprise".to_owned(), Json::Null);
        all.push(with("an unknown member".to_owned(), Json::Object(more)));
        for name in members.keys().filter(|name| !OPTIONAL.contains(&name.as_str())) {
            let mut less = members.clone();
            less.remove(name);
            all.push(with(format!("no `{name}`"), Json::Object(less)));
        }
    }
    all
}

// Every object is closed, every member is needed, every value has a type.
#[test]
fn a_document_with_anything_amiss_does_not_fit_the_published_schema() {
    for entity in [&everything::ORDER, &everything::PARTNER] {
        let document = model_json(entity);
        assert_eq!(accepted(&document), Vec::<String>::new(), "{}", entity.name());
    }
}

#[test]
fn words_of_the_format_are_closed_lists() {
    let schema = published();
    let document = model_json(&everything::ORDER);
    for (path, wrong) in [
        ("/format", Json::from(1)),
        ("/fields/0/role", "key".into()),
        ("/fields/0/mutability", "frozen".into()),
        ("/fields/9/merge", "sum".into()),
        ("/fields/0/type", "float".into()),
        ("/messages/0/role", "event".into()),
        ("/messages/1/role", "request".into()),
        ("/transitions/0/kind", "delete".into()),
        ("/transitions/1/conflict", "athead".into()),
        ("/transitions/1/edge/to", "other".into()),
        ("/transitions/1/steps/0/by", "pop".into()),
        ("/transitions/0/guards/0/condition/not/call", "".into()),
        ("/fingerprint", "0".into()),
        ("/allowances/0/code", "E1".into()),
        ("/name", "Two words".into()),
    ] {
        let mut changed = document.clone();
        *changed.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = wrong.clone();
        assert!(!schema.is_valid(&changed), "{wrong} at {path}");
    }
}

/// Takes out what is for people.
fn without_words(value: &mut Json) {
    match value {
        Json::Object(members) => {
            for name in ["fingerprint", "docs", "message", "source", "allowances"] {
                members.remove(name);
            }
            members.values_mut().for_each(without_words);
        }
        Json::Array(items) => items.iter_mut().for_each(without_words),
        _ => {}
    }
}

// M01: anybody can compute the fingerprint from the document, as its schema says.
#[test]
fn the_fingerprint_is_the_digest_of_what_is_not_for_people() {
    use sha2::{Digest as _, Sha256};
    for entity in entities() {
        let mut document = model_json(entity);
        assert_eq!(document["fingerprint"], fingerprint(entity));
        without_words(&mut document);
        let digest = Sha256::digest(canonical(&document).as_bytes());
        let digits = digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        assert_eq!(digits, fingerprint(entity), "{}", entity.name());
    }
}

#[test]
fn json_for_people_says_the_same_and_is_sorted() {
    for entity in entities() {
        let document = model_json(entity);
        let text = pretty(&document);
        assert_eq!(text, pretty(&model_json(entity)));
        assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), document);
    }
    let text = pretty(&serde_json::json!({ "b": [], "a": [1, { "d": {}, "c": "é\"" }] }));
    assert_eq!(
        text,
        "{\n  \"a\": [\n    1,\n    {\n      \"c\": \"é\\\"\",\n      \"d\": {}\n    }\n  ],\n  \"b\": []\n}\n"
    );
}

// A35
#[test]
fn every_node_of_a_model_is_in_its_json() {
    insta::assert_snapshot!("everything_model", pretty(&model_json(&everything::ORDER)));
}

/// The order with some things changed.
fn edited(edit: impl FnOnce(&mut model::Entity, &mut Vec<Field>, &mut Vec<Transition>)) -> String {
    let mut entity = everything::ORDER;
    let mut structure = *entity.structure;
    let mut fields = structure.fields.to_vec();
    let mut transitions = entity.transitions.to_vec();
    edit(&mut entity, &mut fields, &mut transitions);
    structure.fields = fields.leak();
    if entity.structure.allowances.is_empty() {
        structure.allowances = &[];
    }
    entity.structure = Box::leak(Box::new(structure));
    entity.transitions = transitions.leak();
    fingerprint(&entity)
}

fn field(edit: impl FnOnce(&mut Field), index: usize) -> String {
    edited(|_, fields, _| edit(&mut fields[index]))
}

fn constraint(edit: impl FnOnce(&mut Constraint)) -> String {
    let edit = |field: &mut Field| {
        let mut constraints = field.constraints.to_vec();
        edit(&mut constraints[0]);
        field.constraints = constraints.leak();
    };
    field(edit, 5)
}

fn transition(edit: impl FnOnce(&mut Transition), index: usize) -> String {
    edited(|_, _, transitions| edit(&mut transitions[index]))
}

fn message(edit: impl FnOnce(&mut model::Message), index: usize) -> String {
    edited(|entity, _, _| {
        let mut messages = entity.messages.to_vec();
        let mut changed = *messages[index];
        edit(&mut changed);
        messages[index] = Box::leak(Box::new(changed));
        entity.messages = messages.leak();
    })
}

fn policy(edit: impl FnOnce(&mut model::Policy)) -> String {
    let edit = |message: &mut model::Message| {
        if let model::Role::Request { policy, .. } = &mut message.role {
            edit(policy);
        }
    };
    message(edit, 0)
}

// M02
#[test]
fn meaning_of_every_kind_changes_the_fingerprint() {
    let original = edited(|_, _, _| ());
    assert_eq!(original, fingerprint(&everything::ORDER));
    let fact = |edit: fn(&mut model::Fact)| transition(|one| edit(one.fact.as_mut().unwrap()), 3);
    let native = |edit: fn(&mut model::Native)| {
        edited(|entity, _, _| {
            let mut natives = entity.natives.to_vec();
            edit(&mut natives[0]);
            entity.natives = natives.leak();
        })
    };
    let edits = [
        constraint(|constraint| constraint.name = "discount_limit"),
        constraint(|constraint| constraint.rule = model::Rule::Length { least: 1, greatest: None }),
        constraint(|constraint| constraint.rule = model::Rule::Length { least: 1, greatest: Some(2) }),
        constraint(|constraint| {
            if let model::Rule::Range { inclusive, .. } = &mut constraint.rule {
                *inclusive = true;
            }
        }),
        field(|field| field.constraints = &[], 5),
        field(|field| field.references = None, 2),
        field(|field| field.personal = false, 4),
        field(|field| field.aliases = &["mail"], 4),
        field(|field| field.merge = Some(model::Merge::Min), 10),
        field(|field| field.merge = None, 10),
        field(|field| field.ty = model::Type::Set(&model::Type::Uuid), 9),
        transition(|one| one.conflict = model::Conflict::Strict, 1),
        transition(|one| one.fact = None, 3),
        fact(|fact| fact.occurred_at = None),
        fact(|fact| fact.external_id = "paid_at"),
        transition(|one| one.consumes = None, 4),
        transition(|one| one.consumes.as_mut().unwrap().event = "PartnerLost", 4),
        transition(|one| one.consumes.as_mut().unwrap().bindings = &[("order_id", "id")], 4),
        transition(
            |one| {
                let mut parameters = one.parameters.to_vec();
                parameters[2].personal = false;
                one.parameters = parameters.leak();
            },
            0,
        ),
        policy(|policy| policy.timeout = None),
        policy(|policy| policy.attempts = Some(6)),
        policy(|policy| policy.then = None),
        policy(|policy| policy.otherwise = None),
        policy(|policy| policy.irreversible = false),
        native(|native| native.name = "rate"),
        native(|native| native.reads = &["lines"]),
        edited(|entity, _, _| entity.natives = &[]),
    ];
    for (index, edit) in edits.iter().enumerate() {
        assert_ne!(*edit, original, "edit {index} went unnoticed");
        assert!(!edits[..index].contains(edit), "edits with one fingerprint: {index}");
    }
}

// M02, E17
#[test]
fn words_and_allowances_do_not_change_the_fingerprint() {
    let original = fingerprint(&everything::ORDER);
    let edits = [
        constraint(|constraint| (constraint.message, constraint.at) = ("no", model::At(9))),
        field(|field| (field.docs, field.at) = ("Other words.", model::At(9)), 2),
        edited(|entity, _, _| (entity.allowances, entity.file) = (&[], "elsewhere.rs")),
        message(|message| (message.allowances, message.docs) = (&[], ""), 1),
        transition(|one| (one.allowances, one.docs) = (&[], ""), 1),
        edited(|entity, _, _| {
            let mut structure = *entity.structure;
            structure.allowances = &[];
            entity.structure = Box::leak(Box::new(structure));
        }),
        edited(|entity, _, _| {
            let mut natives = entity.natives.to_vec();
            natives[0].docs = "";
            entity.natives = natives.leak();
        }),
        transition(
            |one| {
                let mut parameters = one.parameters.to_vec();
                parameters[2].docs = "Elsewhere.";
                one.parameters = parameters.leak();
            },
            0,
        ),
    ];
    for (index, edit) in edits.iter().enumerate() {
        assert_eq!(*edit, original, "edit {index}");
    }
}
