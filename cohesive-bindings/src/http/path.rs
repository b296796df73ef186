//! Percent-encoding (RFC 3986 §2.1), read strictly and written sparingly.

/// Text that is not percent-encoded UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// The text behind its percent-encoded form.
///
/// Half an escape and bytes that are not UTF-8 are refused, so that two spellings never name one thing by accident.
pub(super) fn decode(encoded: &str) -> Result<String, Malformed> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) =
                rest.next().and_then(digit).zip(rest.next().and_then(digit)).ok_or(Malformed)?;
            bytes.push(high << 4 | low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| Malformed)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The percent-encoded form of a path segment or of a query's part. Only unreserved characters stay as they are.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for half in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(half), 16).unwrap_or('0');
                encoded.push(digit.to_ascii_uppercase());
            }
        }
    }
    // A segment of one or two dots would be taken for a step within the tree.
    match encoded.as_str() {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => encoded,
    }
}

/// The segment at `index` of an absolute path, still encoded. The first segment has index 0.
pub(super) fn segment(path: &str, index: usize) -> &str {
    path.split('/').nth(index + 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Malformed, decode, encode, segment};

    #[test]
    fn what_is_encoded_comes_back() {
        for text in ["plain", "a/b", "50 %", "ä\u{1F600}", "?&=#+", "", ".", ".."] {
            let encoded = encode(text);
            assert_eq!(decode(&encoded).as_deref(), Ok(text), "{encoded}");
            assert!(encoded.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/'), "{encoded}");
        }
        assert_eq!(encode("a/b c"), "a%2Fb%20c");
        assert_eq!(encode(".."), "%2E%2E");
    }

    #[test]
    fn half_an_escape_is_refused() {
        for text in ["%", "%2", "a%zz", "%-1", "%+1", "%ff", "%c3%28", "%ed%a0%80"] {
            assert_eq!(decode(text), Err(Malformed), "{text}");
        }
        assert_eq!(decode("%2f+"), Ok("/+".to_owned()));
    }

    #[test]
    fn segments_are_counted_from_the_root() {
        assert_eq!(segment("/tenders/a%2Fb/accept", 0), "tenders");
        assert_eq!(segment("/tenders/a%2Fb/accept", 1), "a%2Fb");
        assert_eq!(segment("/tenders", 1), "");
    }
}
