//! Subjects: words between dots.

use std::fmt::Write as _;

/// How long a kind may be in a subject. A server reads subject and reply from one line of 4096 bytes.
const LONGEST: usize = 1024;

/// The subject of a message. `None` when its kind is too long for one.
pub(super) fn subject(prefix: &str, partition: u16, kind: &str) -> Option<String> {
    let kind = token(kind);
    (kind.len() <= LONGEST).then(|| format!("{prefix}.{partition:02}.{kind}"))
}

/// What a subscription reads of a partition.
pub(super) fn filter(prefix: &str, partition: u16) -> String {
    format!("{prefix}.{partition:02}.>")
}

/// A kind as words: whatever could mean something else is written as `%` and two digits, so that no two kinds have one
/// subject, and none is a pattern.
fn token(kind: &str) -> String {
    let mut subject = String::with_capacity(kind.len());
    let bytes = kind.as_bytes();
    for (place, byte) in bytes.iter().enumerate() {
        // A dot has to stand between two words.
        let lonely =
            || place == 0 || place + 1 == bytes.len() || bytes[place - 1] == b'.' || bytes[place + 1] == b'.';
        let plain = byte.is_ascii_alphanumeric() || b"-_".contains(byte) || (*byte == b'.' && !lonely());
        if plain {
            subject.push(char::from(*byte));
        } else {
            let _ = write!(subject, "%{byte:02X}");
        }
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::*;

    // R01: no kind is a pattern, and no two have one subject.
    #[test]
    fn kinds_are_words() {
        let written = [
            ("parcel.sent", "parcel.sent"),
            ("parcel.*", "parcel.%2A"),
            (">", "%3E"),
            ("parcel sent", "parcel%20sent"),
            ("parcel%20sent", "parcel%2520sent"),
            (".a..b.", "%2Ea%2E%2Eb%2E"),
            ("Zürich", "Z%C3%BCrich"),
        ];
        for (kind, token) in written {
            assert_eq!(subject("p", 7, kind).as_deref(), Some(format!("p.07.{token}").as_str()));
        }
        assert_eq!(subject("p", 7, &"k".repeat(LONGEST + 1)), None);
        assert_eq!(filter("p", 15), "p.15.>");
    }
}
