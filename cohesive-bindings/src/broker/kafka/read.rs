//! From a record to a message.

use std::sync::Arc;

use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};

use super::PREFIX;
use crate::broker::RawMessage;
use crate::envelope::{Envelope, STRUCTURED_CONTENT_TYPE, Unreadable};

/// The header that holds the key, for events of others that say it only with the record's key.
const KEY: &str = "ce_partitionkey";

/// What arrived, as it is delivered.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) message: Result<Envelope, Unreadable>,
    pub(super) raw: RawMessage,
}

/// A record, as far as a group's book needs it.
pub(super) struct Record {
    pub(super) offset: i64,
    /// Messages with the same key come one after the other.
    pub(super) key: String,
    pub(super) bytes: usize,
    /// `None` where the group did not subscribe to it.
    pub(super) arrived: Option<Arc<Arrived>>,
}

pub(super) fn record(message: &BorrowedMessage<'_>, kinds: &[String]) -> Record {
    let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
    let (mut texts, mut flaw) = (Vec::new(), None);
    for header in headers {
        let value = header.value.unwrap_or_default();
        if std::str::from_utf8(value).is_err() && is_attribute(header.key) {
            let attribute = header.key[PREFIX.len()..].to_owned();
            flaw = flaw.or(Some(Unreadable::Attribute { attribute, flaw: "not UTF-8" }));
        }
        texts.push((header.key.to_owned(), String::from_utf8_lossy(value).into_owned()));
    }
    let body = message.payload().unwrap_or_default().to_vec();
    let raw = RawMessage { headers: texts, body };
    let key = message.key().map(|key| String::from_utf8_lossy(key).into_owned());
    let read = flaw.map_or_else(|| read(&raw, key.as_deref()), Err);
    Record {
        offset: message.offset(),
        key: read.as_ref().map_or_else(|_| key.unwrap_or_default(), |read| read.partition_key.clone()),
        bytes: size(&raw),
        arrived: wanted(&read, &raw, kinds).then(|| Arc::new(Arrived { message: read, raw })),
    }
}

fn is_attribute(header: &str) -> bool {
    header.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

fn size(raw: &RawMessage) -> usize {
    let headers: usize = raw.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    raw.body.len() + headers
}

fn read(raw: &RawMessage, key: Option<&str>) -> Result<Envelope, Unreadable> {
    let headers = || raw.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let named = headers().any(|(name, _)| name.eq_ignore_ascii_case(KEY));
    let key = key.filter(|key| !key.is_empty() && !named).map(|key| (KEY, key));
    Envelope::read(headers().chain(key), PREFIX, false, &raw.body)
}

/// Whether the group subscribed to it, by exact name (R01). What cannot be read is for everybody, unless its kind can.
fn wanted(read: &Result<Envelope, Unreadable>, raw: &RawMessage, kinds: &[String]) -> bool {
    if let Ok(message) = read {
        return kinds.contains(&message.kind);
    }
    let mut headers = raw.headers.iter();
    let structured = headers.clone().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type") && value.trim_start().starts_with(STRUCTURED_CONTENT_TYPE)
    });
    let kind = headers.find(|(name, _)| name.eq_ignore_ascii_case("ce_type"));
    structured || kind.is_none_or(|(_, kind)| kinds.contains(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(headers: &[(&str, &str)], body: &str) -> RawMessage {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        RawMessage { headers, body: body.as_bytes().to_vec() }
    }

    const BINARY: [(&str, &str); 6] = [
        ("content-type", "application/json"),
        ("ce_specversion", "1.0"),
        ("ce_id", "1"),
        ("ce_source", "/s"),
        ("ce_type", "Sent"),
        ("ce_time", "2026-01-01T00:00:00Z"),
    ];

    #[test]
    fn the_record_s_key_stands_in_for_a_missing_one() {
        let key = |raw: &RawMessage, key| read(raw, key).unwrap().partition_key;
        assert_eq!(key(&raw(&BINARY, "{}"), Some("Parcel:7")), "Parcel:7");
        assert_eq!(key(&raw(&BINARY, "{}"), None), "/s:");
        let named = [&BINARY[..], &[("CE_PartitionKey", "own")]].concat();
        assert_eq!(key(&raw(&named, "{}"), Some("Parcel:7")), "own");
    }

    // R01
    #[test]
    fn what_nobody_asked_for_is_passed_over_and_what_is_unreadable_is_not() {
        let kinds = ["Sent".to_owned()];
        let is_wanted = |raw: &RawMessage| wanted(&read(raw, None), raw, &kinds);
        assert!(is_wanted(&raw(&BINARY, "{}")));
        let mut other = BINARY;
        other[4].1 = "Sent2";
        assert!(!is_wanted(&raw(&other, "{}")));
        assert!(!is_wanted(&raw(&other, "no JSON")));
        assert!(is_wanted(&raw(&BINARY, "no JSON")));
        assert!(is_wanted(&raw(&[], "")));
        let structured =
            [("content-type", "application/cloudevents+json; charset=UTF-8"), ("ce_type", "Lost")];
        assert!(is_wanted(&raw(&structured, "no JSON")));
        let document =
            r#"{"specversion":"1.0","id":"1","source":"/s","type":"Lost","time":"2026-01-01T00:00:00Z"}"#;
        assert!(!is_wanted(&raw(&structured, document)));
    }
}
