//! The AsyncAPI document: every event, no effect, and schemas that mean what the payload's own schema means.

use std::collections::BTreeSet;

use cohesive::kernel::Entity as _;
use cohesive::model::{
    At, Constraint, Consumption, Entity, IdType, Kind, Member, Message, Role, Rule, Structure, Transition,
    Type,
};
use cohesive::render::{asyncapi, payload_schema, pretty};
use serde_json::{Value as Json, json};

use crate::{entities, everything, freight};

const AT: At = At(0);

/// Shows every member of every object, with the object.
fn each<'a>(value: &'a Json, show: &mut dyn FnMut(&'a Json, &'a str, &'a Json)) {
    match value {
        Json::Object(members) => members.iter().for_each(|(name, member)| {
            show(value, name, member);
            each(member, show);
        }),
        Json::Array(items) => items.iter().for_each(|item| each(item, show)),
        _ => {}
    }
}

fn keys(object: &Json) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

// H06
#[test]
fn a_system_is_described_by_what_it_sends_and_receives() {
    let system = [&everything::ORDER, &everything::PARTNER];
    insta::assert_snapshot!("system", pretty(&asyncapi("Shop", "2.1", "Sells things.", &system)));
    insta::assert_snapshot!("empty", pretty(&asyncapi("Nothing", "1", "", &[])));
}

// M10
#[test]
fn the_same_model_gives_the_same_bytes() {
    let text = || pretty(&asyncapi("all", "1", "", &entities()));
    assert_eq!(text(), text());
}

// H06
#[test]
fn every_event_has_a_channel_and_no_effect_has_one() {
    let all = entities();
    let document = asyncapi("all", "1", "", &all);
    let (mut kinds, mut effects, mut followed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for entity in &all {
        for message in entity.messages {
            let of_its_role = if message.role == Role::Event { &mut kinds } else { &mut effects };
            of_its_role.insert(message.name);
        }
        followed.extend(entity.transitions.iter().filter_map(|each| each.consumes).map(|each| each.event));
    }
    assert!(kinds.len() > 10 && effects.len() > 3 && !followed.is_empty());
    let channels = &document["channels"];
    assert_eq!(keys(channels), kinds.union(&followed).copied().collect());
    assert_eq!(keys(channels).intersection(&effects).count(), 0);
    for effect in &effects {
        assert!(!keys(&document["components"]["messages"]).contains(effect), "{effect}");
    }
    for kind in keys(channels) {
        assert_eq!(channels[kind]["address"], format!("{{prefix}}.{{partition}}.{kind}"));
        for message in channels[kind]["messages"].as_object().unwrap().values() {
            let pointer = message["$ref"].as_str().unwrap().strip_prefix('#').unwrap();
            assert_eq!(document.pointer(pointer).unwrap()["name"], kind);
        }
    }
    let of = |action: &str, kinds: &BTreeSet<&str>| {
        kinds.iter().map(|kind| format!("{action}{kind}")).collect::<BTreeSet<_>>()
    };
    let expected = of("send", &kinds).union(&of("receive", &followed)).cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&document["operations"]), expected.iter().map(String::as_str).collect());
    for (name, operation) in document["operations"].as_object().unwrap() {
        let action = operation["action"].as_str().unwrap();
        let kind = name.strip_prefix(action).unwrap();
        assert_eq!(operation["channel"]["$ref"], format!("#/channels/{kind}"));
        assert_eq!(
            operation["messages"].as_array().unwrap().len(),
            channels[kind]["messages"].as_object().unwrap().len()
        );
        for transition in operation["x-transitions"].as_array().unwrap() {
            let entity = all.iter().filter(|entity| transition["entity"] == entity.name());
            let taking_part = entity
                .flat_map(|entity| entity.transitions)
                .filter(|each| transition["name"] == each.name)
                .any(|each| match action {
                    "send" => each.emits.contains(&kind),
                    _ => each.consumes.is_some_and(|consumed| consumed.event == kind),
                });
            assert!(taking_part, "{name}: {transition}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_stands_alone() {
    let document = asyncapi("all", "1", "", &entities());
    let mut count = 0;
    each(&document, &mut |object, name, value| {
        if let ("$ref", Some(target)) = (name, value.as_str()) {
            assert!(document.pointer(target.strip_prefix('#').unwrap()).is_some(), "{target}");
            // In draft 7 nothing beside a reference counts.
            assert_eq!(object.as_object().unwrap().len(), 1, "{object}");
            count += 1;
        }
    });
    assert!(count > 100, "{count}");
    // Nobody is left that nothing refers to.
    for kind in ["messages", "messageTraits", "parameters", "schemas"] {
        for name in keys(&document["components"][kind]) {
            let target = json!(format!("#/components/{kind}/{name}"));
            let mut used = false;
            each(&document, &mut |_, _, value| used |= *value == target);
            assert!(used, "{target}");
        }
    }
}

#[test]
fn what_is_promised_is_said_and_nothing_beyond() {
    let document = asyncapi("Freight", "3.1", " Loads. ", &[freight::Tender::MODEL]);
    let info = &document["info"];
    assert_eq!(
        (&document["asyncapi"], &info["title"], &info["version"]),
        (&json!("3.0.0"), &json!("Freight"), &json!("3.1"))
    );
    let said = info["description"].as_str().unwrap();
    assert!(said.starts_with("Loads.\n\n"), "{said}");
    for part in [
        "at least once",
        "`source` and `id`",
        "order of their `sequence`",
        "Nothing is promised about the order between",
        "Requests of effects have no channel",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let all = document.to_string().to_lowercase();
    for never in ["exactly once", "exactly-once", "guarantee", "immediately", "always"] {
        assert!(!all.contains(never), "{never}");
    }
    assert_eq!(info["x-fingerprints"]["Tender"], cohesive::render::fingerprint(freight::Tender::MODEL));
    let correlation = &document["components"]["messageTraits"]["CloudEvents"]["correlationId"]["location"];
    assert_eq!(correlation, "$message.header#/ce-correlationid");
}

const SIZE: Type = Type::Id(&IdType { name: "Größe", inner: Type::Text });
const SHORT: Constraint = Constraint {
    name: "short",
    message: "the size is too long",
    rule: Rule::Length { least: 0, greatest: Some(4) },
    at: AT,
};

const fn measured(members: &'static [Member]) -> Message {
    let role = Role::Event;
    Message { name: "Gemessen:ß", docs: "", file: "", role, members, allowances: &[], at: AT }
}

const ONE: Message =
    measured(&[Member { constraints: &[SHORT], docs: "So big.", ..Member::new("size", SIZE, AT) }]);
const OTHER: Message = measured(&[Member::new("size", Type::Int32, AT)]);

const MEASURE: Transition =
    Transition { emits: &["Gemessen:ß"], ..Transition::new("measure", "Measure", Kind::Update, AT) };

const fn entity(name: &'static str, messages: &'static [&'static Message]) -> Entity {
    const NAMELESS: Structure = Structure {
        name: "",
        table: "",
        plural: "",
        docs: "",
        file: "",
        fields: &[],
        allowances: &[],
        at: AT,
    };
    let structure = match name.as_bytes() {
        b"Lathe" => &Structure { name: "Lathe", ..NAMELESS },
        b"Press" => &Structure { name: "Press", ..NAMELESS },
        _ => &Structure { name: "Scale", ..NAMELESS },
    };
    Entity { transitions: &[MEASURE], messages, ..Entity::new(structure, "") }
}

const LATHE: Entity = entity("Lathe", &[&ONE]);
const PRESS: Entity = entity("Press", &[&ONE]);
const SCALE: Entity = entity("Scale", &[&OTHER]);

#[test]
fn one_name_for_two_contracts_is_one_channel_with_two_messages() {
    let document = asyncapi("Workshop", "1", "", &[&LATHE, &SCALE, &PRESS]);
    let (kind, second) = ("Gemessen-3a--df-", "Gemessen-3a--df-2");
    assert_eq!(keys(&document["channels"]), BTreeSet::from([kind]));
    assert_eq!(document["channels"][kind]["address"], "{prefix}.{partition}.Gemessen%3A%C3%9F");
    let messages = &document["components"]["messages"];
    assert_eq!(keys(messages), BTreeSet::from([kind, second]));
    assert_eq!(keys(&document["channels"][kind]["messages"]), keys(messages));
    assert_eq!(messages[kind]["tags"], json!([{ "name": "Lathe" }, { "name": "Press" }]));
    assert_eq!(messages[second]["tags"], json!([{ "name": "Scale" }]));
    for name in [kind, second] {
        assert_eq!(messages[name]["name"], "Gemessen:ß");
        assert_eq!(messages[name]["headers"]["properties"]["ce-type"]["const"], "Gemessen:ß");
    }
    assert_eq!(keys(&document["operations"]), BTreeSet::from([format!("send{kind}").as_str()]));
    let operation = &document["operations"][format!("send{kind}")];
    assert_eq!(operation["messages"].as_array().unwrap().len(), 2);
    assert_eq!(operation["summary"], "Emitted by Lathe::measure, Scale::measure, Press::measure.");
    // What nobody can name without percent signs is named by the numbers of its letters.
    assert_eq!(keys(&document["components"]["schemas"]), BTreeSet::from([kind, second, "Gr-f6--df-e"]));
}

/// Whether a payload fits the document, read as draft 7: as AsyncAPI says.
fn accepts(document: &Json, message: &str, payload: &Json) -> bool {
    let schema = json!({
        "components": document["components"],
        "allOf": [document["components"]["messages"][message]["payload"]],
    });
    jsonschema::draft7::options().should_validate_formats(true).build(&schema).unwrap().is_valid(payload)
}

#[test]
fn what_binds_a_reference_still_binds_in_draft_7() {
    let document = asyncapi("Workshop", "1", "", &[&LATHE]);
    let own = jsonschema::draft202012::new(&payload_schema(&LATHE, &ONE)).unwrap();
    for (size, fits) in [("1234", true), ("12345", false), (" ", false), ("", false)] {
        let payload = json!({ "size": size });
        assert_eq!(accepts(&document, "Gemessen-3a--df-", &payload), fits, "{size}");
        assert_eq!(own.is_valid(&payload), fits, "{size}");
    }
    let size = &document["components"]["schemas"]["Gemessen-3a--df-"]["properties"]["size"];
    assert_eq!(size["description"], "So big.");
}

const FOLLOWS: Transition = Transition {
    consumes: Some(Consumption { event: "Paid", bindings: &[], at: AT }),
    ..Transition::new("close", "Close", Kind::Update, AT)
};

#[test]
fn an_event_from_elsewhere_is_received_and_promises_nothing() {
    let follower = Entity { transitions: &[FOLLOWS], messages: &[], ..LATHE };
    let document = asyncapi("Workshop", "1", "", &[&follower]);
    assert_eq!(keys(&document["operations"]), BTreeSet::from(["receivePaid"]));
    assert_eq!(document["operations"]["receivePaid"]["summary"], "Followed by Lathe::close.");
    let message = &document["components"]["messages"]["Paid"];
    assert_eq!((message.get("payload"), message.get("tags")), (None, None));
    let required = ["ce-specversion", "ce-id", "ce-source", "ce-type"];
    assert_eq!(message["headers"]["required"], json!(required));
    // One of the two says how old it is.
    let one_of = json!([{ "required": ["ce-time"] }, { "required": ["ce-recordedtime"] }]);
    assert_eq!(message["headers"]["anyOf"], one_of);
}
