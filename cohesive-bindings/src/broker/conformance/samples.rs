//! Messages to try a broker with.

use cohesive_core::value::Timestamp;

use crate::envelope::Envelope;

/// The kind that most cases use.
pub(super) const KIND: &str = "parcel.sent";

/// A message of a key: the number makes it the first, second and so on.
pub(super) fn message(key: &str, number: usize) -> Envelope {
    of_kind(KIND, key, number)
}

/// The same, of another kind.
pub(super) fn of_kind(kind: &str, key: &str, number: usize) -> Envelope {
    Envelope {
        id: format!("{kind}-{key}-{number}"),
        source: "/suite/parcel".to_owned(),
        kind: kind.to_owned(),
        role: "event".to_owned(),
        subject: Some(key.to_owned()),
        time: at(1_790_000_000_000_001),
        recorded: at(1_790_000_000_000_002),
        correlation: format!("correlation-{key}"),
        causation: None,
        sequence: format!("{number:020}.0000000000"),
        partition_key: format!("parcel:{key}"),
        trace_parent: None,
        data: format!(r#"{{"key":"{key}","number":{number}}}"#),
    }
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap_or(Timestamp::MAX)
}

/// `count` messages of each of `keys` keys, those of a key in order.
pub(super) fn many(keys: usize, count: usize) -> Vec<Envelope> {
    let key = |key: usize| format!("k{key}");
    (0..count).flat_map(|number| (0..keys).map(move |of| message(&key(of), number))).collect()
}

/// The key and the number of a message of [`many`].
pub(super) fn place(message: &Envelope) -> (String, usize) {
    let number = message.sequence.split('.').next().and_then(|number| number.parse().ok());
    (message.partition_key.clone(), number.unwrap_or(usize::MAX))
}

/// Messages that something on their way could damage.
pub(super) fn awkward() -> Vec<Envelope> {
    // Digits, spaces, escapes and order are the sender's, and stay as they are.
    let numbers = r#"{"exact":0.10000000000000000000000001,"large":123456789012345678901234567890,"zero":-0.0,"power":1E+400}"#;
    let text = "{\"breaks\":\"\u{2028}\u{2029}\",\"face\":\"\u{1f69a}\u{200d}\u{1f468}\",\"escaped\":\"\\u0000\\ud83d\\ude9a\",\"b\":1,\"a\":2,\"a\":3}";
    let payloads = [
        "null",
        "[]",
        "{}",
        "\"\"",
        "0",
        "{\n\t\"spaced\" : [ 1 , 2 ] }",
        numbers,
        text,
        "\"\u{7f}\u{80}\u{ffff}\"",
    ];
    let mut messages: Vec<Envelope> =
        (0..).zip(payloads).map(|(number, payload)| with(number, payload)).collect();
    let first = messages.len();
    for (number, text) in
        (first..).zip(["%", "%41 %zz", "a\"b\\c", "Zürich – 🚚", " edge ", "a,b;c=d\u{a0}", "\u{2028}"])
    {
        let mut odd = with(number, "{}");
        odd.id = format!("{text}{number}");
        odd.subject = Some(text.to_owned());
        odd.correlation = format!("c {text}");
        odd.causation = Some(format!("because {text}"));
        odd.partition_key = format!("parcel:{text}");
        messages.push(odd);
    }
    let mut full = with(messages.len(), "{}");
    full.causation = Some("0190-cause".to_owned());
    full.trace_parent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
    "https://example.com/a%20b/parcel?x=1#y".clone_into(&mut full.source);
    messages.push(full);
    let mut sparse = with(messages.len(), "{}");
    (sparse.subject, sparse.correlation, sparse.sequence) = (None, String::new(), String::new());
    messages.push(sparse);
    messages
}

fn with(number: usize, payload: &str) -> Envelope {
    let mut message = message("awkward", number);
    payload.clone_into(&mut message.data);
    message
}

/// A message of exactly this size by [`Envelope::size`].
pub(super) fn of_size(key: &str, number: usize, size: usize) -> Envelope {
    let mut message = message(key, number);
    "\"\"".clone_into(&mut message.data);
    let room = size.saturating_sub(message.size());
    message.data = format!("\"{}\"", "x".repeat(room));
    message
}
