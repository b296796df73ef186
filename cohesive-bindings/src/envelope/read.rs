//! Reading an envelope: the other direction of what is sent.

use cohesive_core::value::Timestamp;
use serde_json::value::RawValue;

use super::{Envelope, STRUCTURED_CONTENT_TYPE};

/// How many characters of an attribute are read at the most. Longer ones are nobody's (R16).
const LONGEST: usize = 4096;

/// What arrived is no event by the specification, or none that this node can tell from its repeats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// The attribute is missing, and nothing can stand for it.
    #[error("the attribute `{0}` is missing")]
    Missing(&'static str),
    /// The attribute is not what it has to be.
    #[error("the attribute `{attribute}` is {flaw}")]
    Attribute {
        /// The attribute.
        attribute: String,
        /// What is wrong with it.
        flaw: &'static str,
    },
    /// The version of the specification is another one.
    #[error("specversion `{0}` is not 1.0")]
    Version(String),
    /// The payload is of another media type.
    #[error("the payload is `{0}`, and only JSON is read")]
    ContentType(String),
    /// The body is not JSON.
    #[error("the body is not JSON: {0}")]
    Json(String),
}

/// The attributes as they are found, by their names.
#[derive(Default)]
struct Attributes {
    found: Vec<(String, String)>,
}

impl Attributes {
    fn take(&mut self, name: &'static str) -> Option<String> {
        let place = self.found.iter().position(|(known, _)| known == name)?;
        Some(self.found.swap_remove(place).1).filter(|value| !value.is_empty())
    }

    fn required(&mut self, name: &'static str) -> Result<String, Unreadable> {
        self.take(name).ok_or(Unreadable::Missing(name))
    }

    fn instant(&mut self, name: &'static str) -> Result<Option<Timestamp>, Unreadable> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let flaw = |_| Unreadable::Attribute { attribute: name.to_owned(), flaw: "no instant of RFC 3339" };
        text.parse().map(Some).map_err(flaw)
    }

    fn envelope(mut self, data: String) -> Result<Envelope, Unreadable> {
        let version = self.required("specversion")?;
        if version != super::SPEC_VERSION {
            return Err(Unreadable::Version(version));
        }
        let (id, source, kind) = (self.required("id")?, self.required("source")?, self.required("type")?);
        let (time, recorded) = (self.instant("time")?, self.instant("recordedtime")?);
        let (Some(time), Some(recorded)) = (time.or(recorded), recorded.or(time)) else {
            return Err(Unreadable::Missing("time"));
        };
        let subject = self.take("subject");
        // Without a key of its own, a message is ordered with those of its subject.
        let key = self.take("partitionkey");
        let partition_key = key.unwrap_or_else(|| format!("{source}:{}", subject.as_deref().unwrap_or("")));
        Ok(Envelope {
            id,
            source,
            kind,
            role: "event".to_owned(),
            subject,
            time,
            recorded,
            correlation: self.take("correlationid").unwrap_or_default(),
            causation: self.take("causationid"),
            sequence: self.take("sequence").unwrap_or_default(),
            partition_key,
            trace_parent: self.take("traceparent"),
            data,
        })
    }
}

impl Envelope {
    /// Reads what arrived in either form: as one document where the header `content-type` says so, else from headers
    /// under `prefix` (`ce-`, `ce_`, `cloudEvents:`), whatever their case. Values may be percent-encoded if `percent`.
    ///
    /// # Errors
    /// When it is no event, or none that can be told from its repeats.
    pub fn read<'a>(
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
        prefix: &str,
        percent: bool,
        body: &[u8],
    ) -> Result<Self, Unreadable> {
        let mut attributes = Attributes::default();
        let mut content_type = String::new();
        for (name, value) in headers {
            if name.eq_ignore_ascii_case("content-type") {
                value.trim().clone_into(&mut content_type);
                continue;
            }
            let Some(start) = name.get(..prefix.len()) else { continue };
            if !start.eq_ignore_ascii_case(prefix) {
                continue;
            }
            let name = name[prefix.len()..].to_ascii_lowercase();
            let value = if percent { decoded(&name, value)? } else { value.to_owned() };
            attributes.found.push(bounded(name, value)?);
        }
        let media = content_type.split(';').next().unwrap_or_default().trim();
        if media.eq_ignore_ascii_case(STRUCTURED_CONTENT_TYPE) {
            return Self::from_structured(body);
        }
        if !media.is_empty() && !is_json(media) {
            return Err(Unreadable::ContentType(media.to_owned()));
        }
        let data: Box<RawValue> = serde_json::from_slice(body).map_err(not_json)?;
        attributes.envelope(String::from(Box::<str>::from(data)))
    }

    /// Reads an event that is one JSON document.
    ///
    /// # Errors
    /// When it is no event, or none that can be told from its repeats.
    pub fn from_structured(body: &[u8]) -> Result<Self, Unreadable> {
        let members: std::collections::BTreeMap<String, Box<RawValue>> =
            serde_json::from_slice(body).map_err(not_json)?;
        let mut attributes = Attributes::default();
        let mut data = "null".to_owned();
        for (name, value) in members {
            match name.as_str() {
                "data" => data = String::from(Box::<str>::from(value)),
                "data_base64" => return Err(Unreadable::ContentType("data_base64".to_owned())),
                "datacontenttype" => {
                    let media: String = serde_json::from_str(value.get()).map_err(not_json)?;
                    if !is_json(media.split(';').next().unwrap_or_default().trim()) {
                        return Err(Unreadable::ContentType(media));
                    }
                }
                _ => {
                    // Extensions may be numbers or truth values; as text they read as they are written.
                    let text = serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned());
                    if text != "null" {
                        attributes.found.push(bounded(name, text)?);
                    }
                }
            }
        }
        attributes.envelope(data)
    }
}

fn bounded(name: String, value: String) -> Result<(String, String), Unreadable> {
    if value.len() > LONGEST {
        return Err(Unreadable::Attribute { attribute: name, flaw: "longer than 4096 bytes" });
    }
    Ok((name, value))
}

fn is_json(media: &str) -> bool {
    let media = media.to_ascii_lowercase();
    media == "application/json" || media.ends_with("+json")
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
fn not_json(error: serde_json::Error) -> Unreadable {
    // The error of the library quotes no payload, only where it stopped.
    Unreadable::Json(format!("line {}, column {}", error.line(), error.column()))
}

/// The decoding of the HTTP binding, §3.1.3.3.
fn decoded(name: &str, value: &str) -> Result<String, Unreadable> {
    let value = value.trim();
    // Some senders quote values, as a header may be.
    let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let digit = |place: usize| rest.get(place).and_then(|digit| char::from(*digit).to_digit(16));
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = rest.get(2..).unwrap_or_default();
            }
            _ => bytes.push(*byte),
        }
    }
    let flaw = |_| Unreadable::Attribute { attribute: name.to_owned(), flaw: "not UTF-8" };
    String::from_utf8(bytes).map_err(flaw)
}
