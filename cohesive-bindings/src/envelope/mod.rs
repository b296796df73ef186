//! The envelope of a message on its way: CloudEvents 1.0, as one JSON document or as headers beside the payload.
//!
//! What is sent is a pure function of the stored message, so every attempt and every relay renders the same bytes.
//! What arrives is read from either form, by any name that a protocol's binding gives its headers.

mod read;

use std::fmt::Write as _;

use cohesive_core::value::Timestamp;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::store::{OutboxMessage, StoredMessage};

pub use read::Unreadable;

/// The media type of the payload.
pub const DATA_CONTENT_TYPE: &str = "application/json";
/// The media type of an event as one JSON document.
pub const STRUCTURED_CONTENT_TYPE: &str = "application/cloudevents+json";
/// The version of the specification.
const SPEC_VERSION: &str = "1.0";

/// A message as receivers see it.
///
/// `id` and `source` together identify it: a repeat has both again, and nothing else has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The message's identity, the same for every attempt.
    pub id: String,
    /// Who sends it: the node's source and the entity's name, a URI reference.
    pub source: String,
    /// The contract: the name of the event or effect. `type` in the specification.
    pub kind: String,
    /// `event`, or `request` for the request of an effect. It tells publishers which way to take and is no attribute
    /// of the event.
    pub role: String,
    /// The entity's id; `None` where it is empty.
    pub subject: Option<String>,
    /// When it happened, or when it was recorded where nobody said.
    pub time: Timestamp,
    /// When its sender recorded it. An inbox that has forgotten which messages it saw still knows until when.
    pub recorded: Timestamp,
    /// What the message belongs to.
    pub correlation: String,
    /// What directly caused the input that led to it, if something did.
    pub causation: Option<String>,
    /// Version and ordinal, as text that sorts as the messages of the entity do.
    /// Empty where the sender gave none.
    pub sequence: String,
    /// The entity, as the key by which a broker keeps messages in order. Never empty (R23).
    pub partition_key: String,
    /// The W3C trace context, where there is one.
    pub trace_parent: Option<String>,
    /// The payload, as JSON text.
    pub data: String,
}

/// How a protocol takes the text of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderText {
    /// Only printable ASCII; anything else, and space, quote and percent sign, as `%` and two digits (HTTP, NATS).
    Percent,
    /// Any UTF-8 (Kafka, AMQP).
    Utf8,
}

/// Text that an attribute of an event cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the attribute `{attribute}` of an event cannot hold this: {reason}")]
pub struct EnvelopeFlaw {
    /// The attribute.
    pub attribute: &'static str,
    /// Why not.
    pub reason: &'static str,
}

impl Envelope {
    /// The envelope of a message of the node that calls itself `source`, for example `/freight`.
    #[must_use]
    pub fn of(message: &StoredMessage, source: &str) -> Self {
        let StoredMessage { entity, entity_id, .. } = message;
        Self {
            id: message.id.to_string(),
            source: format!("{source}/{entity}"),
            kind: message.name.clone(),
            role: message.role.clone(),
            subject: Some(entity_id.clone()).filter(|id| !id.is_empty()),
            time: message.occurred_at.unwrap_or(message.recorded_at),
            recorded: message.recorded_at,
            correlation: message.correlation.clone(),
            causation: message.causation.clone().filter(|causation| !causation.is_empty()),
            sequence: format!("{:020}.{:010}", message.version.number(), message.ordinal),
            partition_key: format!("{entity}:{entity_id}"),
            trace_parent: message.trace.clone(),
            data: message.payload.clone(),
        }
    }

    /// Whether every attribute is one by the specification.
    ///
    /// # Errors
    /// With the first attribute that is not.
    pub fn check(&self) -> Result<(), EnvelopeFlaw> {
        check_source(&self.source)?;
        for (attribute, text) in self.attributes() {
            let flaw = |reason| EnvelopeFlaw { attribute, reason };
            if text.is_empty() {
                return Err(flaw("it is empty"));
            }
            if text.chars().any(is_disallowed) {
                return Err(flaw("it has a control character or a noncharacter"));
            }
        }
        Ok(())
    }

    /// The attributes by their names, in the order of the specification; those without a value are left out.
    #[must_use]
    pub fn attributes(&self) -> Vec<(&'static str, String)> {
        let optional = |name, text: &Option<String>| text.clone().map(|text| (name, text));
        let attributes = [
            Some(("specversion", SPEC_VERSION.to_owned())),
            Some(("id", self.id.clone())),
            Some(("source", self.source.clone())),
            Some(("type", self.kind.clone())),
            optional("subject", &self.subject),
            Some(("time", self.time.to_string())),
            Some(("recordedtime", self.recorded.to_string())),
            Some(("correlationid", self.correlation.clone())).filter(|(_, text)| !text.is_empty()),
            optional("causationid", &self.causation),
            Some(("sequence", self.sequence.clone())).filter(|(_, text)| !text.is_empty()),
            Some(("partitionkey", self.partition_key.clone())),
            optional("traceparent", &self.trace_parent),
        ];
        attributes.into_iter().flatten().collect()
    }

    /// The event as one JSON document, of the media type [`STRUCTURED_CONTENT_TYPE`].
    ///
    /// # Errors
    /// When the payload is not JSON.
    pub fn structured(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Structured(self))
    }

    /// The headers beside the payload, each attribute under `prefix` and its name: `ce-` for HTTP and NATS, `ce_`
    /// for Kafka, `cloudEvents:` for AMQP. The media type of the payload stands first, as `content-type`.
    #[must_use]
    pub fn headers(&self, prefix: &str, text: HeaderText) -> Vec<(String, String)> {
        let mut headers = vec![("content-type".to_owned(), DATA_CONTENT_TYPE.to_owned())];
        for (name, value) in self.attributes() {
            let value = if text == HeaderText::Percent { percent(&value) } else { value };
            headers.push((format!("{prefix}{name}"), value));
        }
        headers
    }

    /// How many bytes the payload and the attributes take in either form, at the most: what a broker's bound is
    /// compared with, headers counted (F10).
    #[must_use]
    pub fn size(&self) -> usize {
        // A character takes at most three times its bytes in percent signs, and a name and its marks 32 more.
        let attributes = self.attributes();
        let texts: usize = attributes.iter().map(|(_, text)| percent(text).len().max(text.len()) + 32).sum();
        self.data.len() + DATA_CONTENT_TYPE.len() + 32 + texts
    }
}

/// How long the source of a node may be, in bytes: what a command counts for it, before any relay is known.
pub const SOURCE_LENGTH: usize = 256;

/// How many bytes an event takes on its way at the most, whoever relays it. Exact only where it may be more than `enough`.
pub(crate) fn size(message: &OutboxMessage, enough: usize) -> usize {
    let OutboxMessage { entity, entity_id, name, correlation, causation, trace, payload, .. } = message;
    let option = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    // The entity stands in source and key, its id in subject and key; the rest has a fixed length.
    let texts = SOURCE_LENGTH + 2 * (entity.len() + entity_id.len()) + name.len() + correlation.len();
    let rough = payload.len() + 3 * (texts + option(causation) + option(trace)) + 1024;
    if rough <= enough {
        return rough;
    }
    let source = "~".repeat(SOURCE_LENGTH);
    Envelope::of(&StoredMessage::from(message), &source).size()
}

/// Whether text can be the source of events: a URI reference that is not empty.
///
/// # Errors
/// When it is not.
pub fn check_source(source: &str) -> Result<(), EnvelopeFlaw> {
    let flaw = |reason| Err(EnvelopeFlaw { attribute: "source", reason });
    if source.is_empty() {
        return flaw("it is empty");
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    if source.bytes().all(allowed) { Ok(()) } else { flaw("it is no URI reference") }
}

struct Structured<'a>(&'a Envelope);

impl Serialize for Structured<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let attributes = self.0.attributes();
        let mut map = serializer.serialize_map(Some(attributes.len() + 2))?;
        for (name, value) in &attributes {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("datacontenttype", DATA_CONTENT_TYPE)?;
        // The payload as it is stored, so that numbers keep their digits.
        let data: &serde_json::value::RawValue =
            serde_json::from_str(&self.0.data).map_err(serde::ser::Error::custom)?;
        map.serialize_entry("data", data)?;
        map.end()
    }
}

/// The characters that the specification excludes from text.
fn is_disallowed(letter: char) -> bool {
    let code = u32::from(letter);
    letter.is_control() || (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}

/// The encoding of the HTTP binding, §3.1.3.2.
fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && byte != b'"' && byte != b'%' {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
