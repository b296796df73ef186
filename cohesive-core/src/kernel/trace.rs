//! Where an input stands in a distributed trace.

use std::fmt;
use std::str::FromStr;

/// The place of an input in a distributed trace: a `traceparent` of W3C Trace Context, level 1, such as
/// `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`.
///
/// Version, trace id, parent id and flags, in lower-case hexadecimal. It is recorded with what the input causes, as it
/// came; decisions do not see it. `tracestate` is not carried.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct TraceParent(String);

/// Text that is no `traceparent` of version `00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a `traceparent` is `00-`, 32 digits that are not all zero, `-`, 16 such digits, `-` and 2 digits, in lower-case \
     hexadecimal"
)]
pub struct TraceFlaw;

impl TraceParent {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TraceParent {
    type Err = TraceFlaw;

    fn from_str(text: &str) -> Result<Self, TraceFlaw> {
        let parts: Vec<&str> = text.split('-').collect();
        let &["00", trace, parent, flags] = parts.as_slice() else { return Err(TraceFlaw) };
        let digits = |part: &str, length: usize| {
            part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let id = |part: &str, length: usize| digits(part, length) && part.bytes().any(|byte| byte != b'0');
        if id(trace, 32) && id(parent, 16) && digits(flags, 2) {
            return Ok(Self(text.to_owned()));
        }
        Err(TraceFlaw)
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{TraceFlaw, TraceParent};

    /// W3C Trace Context, §3.2.2.
    #[test]
    fn only_the_form_of_version_00_is_read() {
        let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        for text in [
            format!("00-{trace}-{parent}-01"),
            format!("00-{trace}-{parent}-00"),
            format!("00-{trace}-{parent}-ff"),
            format!("00-{:032x}-{:016x}-01", 1, 1),
        ] {
            assert_eq!(text.parse::<TraceParent>().map(|read| read.to_string()), Ok(text));
        }
        for text in [
            String::new(),
            "00".to_owned(),
            format!("00-{trace}-{parent}"),
            format!("00-{trace}-{parent}-01-"),
            format!("00-{trace}-{parent}-01-x"),
            format!("01-{trace}-{parent}-01"),
            format!("ff-{trace}-{parent}-01"),
            format!("00-{:032x}-{parent}-01", 0),
            format!("00-{trace}-{:016x}-01", 0),
            format!("00-{}-{parent}-01", trace.to_uppercase()),
            format!("00-{trace}-{}-01", parent.to_uppercase()),
            format!("00-{trace}-{parent}-0A"),
            format!("00-{trace}0-{parent}-01"),
            format!("00-{}-{parent}-01", &trace[1..]),
            format!("00-{trace}-{parent}0-01"),
            format!("00-{trace}-{}-01", &parent[1..]),
            format!("00-{trace}-{parent}-1"),
            format!("00-{trace}-{parent}-011"),
            format!("00-{}g-{parent}-01", &trace[1..]),
            format!("00-{}\u{e9}-{parent}-01", &trace[2..]),
            format!(" 00-{trace}-{parent}-01"),
            format!("00_{trace}_{parent}_01"),
        ] {
            assert_eq!(text.parse::<TraceParent>(), Err(TraceFlaw), "{text}");
        }
    }
}
