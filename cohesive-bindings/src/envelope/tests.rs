use cohesive_core::kernel::{MessageId, Version};

use super::*;

fn message() -> StoredMessage {
    let version = Version::new(3);
    StoredMessage {
        id: MessageId::derive("Tender", "t-1", version, 1),
        entity: "Tender".into(),
        entity_id: "t-1".into(),
        version,
        ordinal: 1,
        role: "event".into(),
        name: "TenderAccepted".into(),
        payload: "{\"price\":1.10,\"big\":12345678901234567890123}".into(),
        transition: "accept".into(),
        correlation: "c-1".into(),
        causation: None,
        actor: Some("anna".into()),
        trace: None,
        occurred_at: None,
        recorded_at: Timestamp::from_micros(1_700_000_000_000_001).unwrap(),
        published_at: None,
    }
}

#[test]
fn one_document_holds_attributes_and_the_payload_as_it_is() {
    let envelope = Envelope::of(&message(), "/freight");
    envelope.check().unwrap();
    let expected = format!(
        "{{\"specversion\":\"1.0\",\"id\":\"{}\",\"source\":\"/freight/Tender\",\"type\":\"TenderAccepted\",\
         \"subject\":\"t-1\",\"time\":\"2023-11-14T22:13:20.000001Z\",\
         \"recordedtime\":\"2023-11-14T22:13:20.000001Z\",\"correlationid\":\"c-1\",\
         \"sequence\":\"00000000000000000003.0000000001\",\"partitionkey\":\"Tender:t-1\",\
         \"datacontenttype\":\"application/json\",\"data\":{}}}",
        message().id,
        message().payload,
    );
    assert_eq!(envelope.structured().unwrap(), expected);
    assert!(envelope.size() >= expected.len(), "{} < {}", envelope.size(), expected.len());
}

/// The example of the HTTP binding, §3.1.3.2.
#[test]
fn headers_encode_what_http_cannot_hold() {
    assert_eq!(percent("Euro \u{20ac} \u{1f600}"), "Euro%20%E2%82%AC%20%F0%9F%98%80");
    assert_eq!(percent("a\"%~!"), "a%22%25~!");
    let odd = StoredMessage { entity_id: "\u{e9} 1".into(), causation: Some("x".into()), ..message() };
    let envelope = Envelope { trace_parent: Some("00-a-b-01".into()), ..Envelope::of(&odd, "/f") };
    let headers = envelope.headers("ce-", HeaderText::Percent);
    let value = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!(value("content-type"), Some("application/json"));
    assert_eq!(value("ce-subject"), Some("%C3%A9%201"));
    assert_eq!(value("ce-causationid"), Some("x"));
    assert_eq!(value("ce-traceparent"), Some("00-a-b-01"));
    assert_eq!(value("ce-specversion"), Some("1.0"));
    let plain = envelope.headers("ce_", HeaderText::Utf8);
    assert!(plain.contains(&("ce_subject".to_owned(), "\u{e9} 1".to_owned())));
    let bytes: usize = headers.iter().map(|(key, value)| key.len() + value.len()).sum();
    assert!(envelope.size() >= bytes + envelope.data.len());
}

/// CloudEvents 1.0 §3.1: names are lower-case letters and digits, at most twenty of them.
#[test]
fn names_of_attributes_are_by_the_specification() {
    let odd = StoredMessage { causation: Some("x".into()), ..message() };
    let envelope = Envelope { trace_parent: Some("00-a-b-01".into()), ..Envelope::of(&odd, "/f") };
    for (name, _) in envelope.attributes() {
        let fits = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        assert!(fits && (1..=20).contains(&name.len()), "{name}");
    }
    assert_eq!(envelope.attributes().len(), 12);
}

#[test]
fn sequence_sorts_as_versions_do() {
    let places = [(0, 0), (0, 2), (0, 10), (2, 0), (10, 0), (u64::MAX >> 1, u32::MAX)];
    let texts = places.map(|(version, ordinal)| {
        let message = StoredMessage { version: Version::new(version), ordinal, ..message() };
        Envelope::of(&message, "/f").sequence
    });
    assert!(texts.is_sorted(), "{texts:?}");
}

#[test]
fn text_that_no_attribute_can_hold_is_refused() {
    let named = |entity_id: &str| {
        let envelope = Envelope::of(&StoredMessage { entity_id: entity_id.into(), ..message() }, "/f");
        envelope.check().map_err(|flaw| flaw.attribute)
    };
    assert_eq!(named("a\u{2028}b"), Ok(()));
    for id in ["a\nb", "\u{7f}", "\u{85}", "\u{fdd0}", "\u{1ffff}"] {
        assert_eq!(named(id), Err("subject"), "{id:?}");
    }
    // R23: an entity without an id still has a key.
    let empty = Envelope::of(&StoredMessage { entity_id: String::new(), ..message() }, "/f");
    assert_eq!((empty.check(), &empty.subject, &*empty.partition_key), (Ok(()), &None, "Tender:"));
    for source in ["", " ", "a b", "\u{e9}", "<x>"] {
        assert!(check_source(source).is_err(), "{source:?}");
    }
    assert_eq!(check_source("https://example.org/freight?x=%20#y"), Ok(()));
    let wrong = Envelope { data: "{".into(), ..Envelope::of(&message(), "/f") };
    assert!(wrong.structured().is_err());
}

/// What is sent is what is read, in both forms and under every name of the headers (B107).
#[test]
fn what_is_sent_is_what_is_read() {
    let odd = StoredMessage { entity_id: "\u{e9} %1\"".into(), causation: Some("x".into()), ..message() };
    for sent in [
        Envelope::of(&message(), "/freight"),
        Envelope { trace_parent: Some("00-a-b-01".into()), ..Envelope::of(&odd, "/f") },
        Envelope::of(&StoredMessage { entity_id: String::new(), ..message() }, "/f"),
    ] {
        assert_eq!(Envelope::from_structured(sent.structured().unwrap().as_bytes()), Ok(sent.clone()));
        for (prefix, text) in
            [("ce-", HeaderText::Percent), ("ce_", HeaderText::Utf8), ("cloudEvents:", HeaderText::Utf8)]
        {
            let headers = sent.headers(prefix, text);
            let upper: Vec<_> = headers.iter().map(|(name, value)| (name.to_uppercase(), value)).collect();
            let pairs = upper.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let read = Envelope::read(pairs, prefix, text == HeaderText::Percent, sent.data.as_bytes());
            assert_eq!(read, Ok(sent.clone()), "{prefix}");
        }
        let document = sent.structured().unwrap();
        let headers = [("Content-Type", "application/cloudevents+json; charset=utf-8")];
        assert_eq!(Envelope::read(headers, "ce-", true, document.as_bytes()), Ok(sent));
    }
}

#[test]
fn what_is_no_event_is_refused_with_the_reason() {
    let sent = Envelope::of(&message(), "/freight");
    let read = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut document: serde_json::Value = serde_json::from_str(&sent.structured().unwrap()).unwrap();
        change(&mut document);
        Envelope::from_structured(document.to_string().as_bytes()).map_err(|flaw| flaw.to_string())
    };
    for attribute in ["id", "source", "type", "specversion"] {
        let missing = read(&|document| drop(document.as_object_mut().unwrap().remove(attribute)));
        assert_eq!(missing, Err(format!("the attribute `{attribute}` is missing")));
    }
    let refused = |change: &dyn Fn(&mut serde_json::Value)| read(change).unwrap_err();
    assert_eq!(refused(&|document| document["specversion"] = "0.3".into()), "specversion `0.3` is not 1.0");
    assert!(refused(&|document| document["time"] = "yesterday".into()).contains("no instant"));
    assert!(refused(&|document| document["id"] = "x".repeat(5000).into()).contains("longer"));
    assert!(refused(&|document| document["datacontenttype"] = "text/xml".into()).contains("only JSON"));
    assert!(refused(&|document| document["data_base64"] = "eA==".into()).contains("only JSON"));
    let bytes = Envelope::from_structured(b"{\"id\":").unwrap_err();
    assert_eq!(bytes.to_string(), "the body is not JSON: line 1, column 6");
    // Either of the two times stands for the other.
    let early = Timestamp::from_micros(5).unwrap();
    let one = read(&|document| {
        document["time"] = early.to_string().into();
        document.as_object_mut().unwrap().remove("recordedtime");
    });
    assert_eq!(one.map(|read| (read.time, read.recorded)), Ok((early, early)));
    // An attribute that is no text, and one that nobody knows.
    let extended = read(&|document| {
        document["sequence"] = 7.into();
        document["other"] = true.into();
    });
    assert_eq!(extended.unwrap().sequence, "7");
}
