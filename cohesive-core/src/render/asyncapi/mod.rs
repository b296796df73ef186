//! AsyncAPI 3.0 of what a system publishes and what it follows.
//!
//! Every kind of event has a channel, whoever emits or follows it. The requests of effects have none: the handlers of
//! the system perform them, and no broker ever carries them.

mod envelope;
mod messages;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::schema::key;
use super::{fingerprint, generator};
use crate::model::{Entity, Role, Transition};
use messages::Messages;

/// The AsyncAPI 3.0 document of a system: a channel for each kind of event that it emits or follows, `send` and
/// `receive` operations, and messages with the schemas of their payloads and their `CloudEvents` headers.
///
/// It says what is promised and no more: publishing at least once, the order of each entity's events, and by what a
/// repeat is recognised. Servers are left out, since the model knows none. Schemas are of draft 7, as AsyncAPI has
/// them. Of an event that no entity here emits, only the name is known.
#[must_use]
pub fn asyncapi(title: &str, version: &str, docs: &str, entities: &[&Entity]) -> Json {
    let mut channels = Channels::default();
    for entity in entities {
        channels.emitted(entity);
    }
    for entity in entities {
        channels.followed(entity);
    }
    let fingerprints: Map<String, Json> =
        entities.iter().map(|entity| (entity.name().to_owned(), fingerprint(entity).into())).collect();
    let description = [docs.trim(), PROMISE, ADDRESSES, ENVELOPE, EFFECTS].map(str::to_owned).to_vec();
    let (channels, operations, messages) = channels.finish();
    let (messages, schemas) = messages.finish();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": title,
            "version": version,
            "description": paragraphs(description),
            "x-generator": generator(),
            "x-fingerprints": fingerprints,
        },
        "defaultContentType": envelope::CONTENT_TYPE,
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "messageTraits": { envelope::TRAIT: envelope::message_trait() },
            "parameters": parameters(),
            "schemas": schemas,
        },
    })
}

const PROMISE: &str = "\
A relay publishes an event at least once, and only after the commit that recorded it. A repeat has the same `source` \
and `id`, by which receivers recognise it. The events of one entity are published in the order of their `sequence`; a \
repeat may arrive late, after newer ones. An event that cannot be published waits for an operator, and the later ones \
of its entity with it. Nothing is promised about the order between entities, about when an event arrives, or about \
what its receivers do.";

const ADDRESSES: &str = "\
The address of a channel is the subject in NATS. In RabbitMQ the routing key is the address without the prefix. In Kafka \
all channels are one topic, and its own partitions stand for those in the address.";

const ENVELOPE: &str = "\
Events travel as CloudEvents 1.0 in binary mode: the payload is the body, and the attributes are headers. Their names \
begin with `ce-` in NATS and HTTP, as they are written here, with `ce_` in Kafka, and with `cloudEvents:` in AMQP. In NATS and HTTP, what is not printable ASCII is \
percent-encoded in a value, and so are space, quote and percent sign.";

const EFFECTS: &str = "\
Requests of effects have no channel: they are performed by handlers of this system, and are not published.";

/// The channels and operations so far.
#[derive(Default)]
struct Channels {
    messages: Messages,
    /// By kind, the messages of that name: more than one where entities give different payloads the same name.
    kinds: BTreeMap<&'static str, Vec<String>>,
    /// By action and kind, the transitions that take part.
    operations: BTreeMap<(&'static str, &'static str), Vec<Json>>,
}

impl Channels {
    fn emitted(&mut self, entity: &Entity) {
        for message in entity.messages.iter().filter(|message| message.role == Role::Event) {
            let key = self.messages.emitted(entity, message);
            let keys = self.kinds.entry(message.name).or_default();
            if !keys.contains(&key) {
                keys.push(key);
            }
            let emits = |transition: &&Transition| transition.emits.contains(&message.name);
            let named = entity.transitions.iter().filter(emits).map(|transition| named(entity, transition));
            self.operations.entry(("send", message.name)).or_default().extend(named);
        }
    }

    fn followed(&mut self, entity: &Entity) {
        for transition in entity.transitions {
            let Some(consumption) = transition.consumes else { continue };
            let event = consumption.event;
            if !self.kinds.contains_key(event) {
                self.kinds.insert(event, vec![self.messages.foreign(event)]);
            }
            self.operations.entry(("receive", event)).or_default().push(named(entity, transition));
        }
    }

    fn finish(self) -> (Json, Json, Messages) {
        let channels = self.kinds.iter().map(|(kind, keys)| (key(kind), channel(kind, keys)));
        let channels: Map<String, Json> = channels.collect();
        let operations = self.operations.iter().map(|((action, kind), transitions)| {
            let channel = key(kind);
            let messages = self.kinds.get(kind).into_iter().flatten();
            let messages =
                messages.map(|message| json!({ "$ref": format!("#/channels/{channel}/messages/{message}") }));
            let operation = json!({
                "action": action,
                "channel": { "$ref": format!("#/channels/{channel}") },
                "messages": messages.collect::<Vec<_>>(),
                "summary": summary(action, transitions),
                "x-transitions": transitions,
            });
            (format!("{action}{channel}"), operation)
        });
        let operations: Map<String, Json> = operations.collect();
        (channels.into(), operations.into(), self.messages)
    }
}

/// A channel, with its address as NATS uses it: what means something in a subject is written as `%` and two digits.
fn channel(kind: &str, messages: &[String]) -> Json {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let written = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let address: String = kind.bytes().map(written).collect();
    let messages = messages
        .iter()
        .map(|message| (message.clone(), json!({ "$ref": format!("#/components/messages/{message}") })));
    json!({
        "address": format!("{{prefix}}.{{partition}}.{address}"),
        "title": kind,
        "messages": messages.collect::<Map<_, _>>(),
        "parameters": {
            "prefix": { "$ref": "#/components/parameters/prefix" },
            "partition": { "$ref": "#/components/parameters/partition" },
        },
    })
}

fn parameters() -> Json {
    json!({
        "prefix": { "description": "The prefix of the system's channels, on which senders and receivers agree." },
        "partition": {
            "description": "The number of the partition, in two digits. It follows from the event's `partitionkey` \
                and from the number of partitions, on which senders and receivers have to agree: all events of one \
                entity have the same.",
            "examples": ["00", "07", "15"],
        },
    })
}

fn named(entity: &Entity, transition: &Transition) -> Json {
    json!({ "entity": entity.name(), "name": transition.name })
}

/// Who sends, or what follows.
fn summary(action: &str, transitions: &[Json]) -> String {
    let full = |one: &Json| {
        format!(
            "{}::{}",
            one["entity"].as_str().unwrap_or_default(),
            one["name"].as_str().unwrap_or_default()
        )
    };
    let names = transitions.iter().map(full).collect::<Vec<_>>().join(", ");
    match (action, names.is_empty()) {
        (_, true) => "No transition emits it.".to_owned(),
        ("send", false) => format!("Emitted by {names}."),
        (_, false) => format!("Followed by {names}."),
    }
}

/// Texts with an empty line between them; empty ones are left out.
fn paragraphs(mut texts: Vec<String>) -> String {
    texts.retain(|text| !text.is_empty());
    texts.join("\n\n")
}
