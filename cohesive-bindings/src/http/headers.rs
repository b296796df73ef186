//! The headers that mean something here, read strictly.

use axum::http::{HeaderMap, HeaderName, header};
use cohesive_core::kernel::{Actor, CausationId, CorrelationId, TraceParent, Version};

use super::problem::Problem;
use crate::node::{IdempotencyKey, Request};

pub(super) const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
pub(super) const CAUSATION: HeaderName = HeaderName::from_static("x-causation-id");
pub(super) const ACTOR: HeaderName = HeaderName::from_static("x-actor");
pub(super) const TRACE: HeaderName = HeaderName::from_static("traceparent");
pub(super) const KEY: HeaderName = HeaderName::from_static("idempotency-key");

fn malformed(name: &HeaderName, what: impl std::fmt::Display) -> Problem {
    Problem::new("malformed_header", format!("`{name}`: {what}")).with("header", name.as_str().into())
}

/// The value of a header that may be there once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(malformed(name, "it is there more than once"));
    }
    match value.to_str() {
        Ok(text) => Ok(Some(text.trim_matches([' ', '\t']))),
        Err(_) => Err(malformed(name, "it is not printable ASCII")),
    }
}

/// The value of a header that may be there once, read as `T`.
fn parsed<T>(headers: &HeaderMap, name: &HeaderName) -> Result<Option<T>, Problem>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let Some(text) = single(headers, name)? else { return Ok(None) };
    text.parse().map(Some).map_err(|flaw| malformed(name, flaw))
}

/// What the request belongs to, where it says so.
pub(super) fn correlation(headers: &HeaderMap) -> Result<Option<CorrelationId>, Problem> {
    parsed(headers, &CORRELATION)
}

/// The circumstances of an input. The actor is what the trusted edge in front of the service established; callers
/// of different actors never share a key.
pub(super) fn circumstances(headers: &HeaderMap, correlation: CorrelationId) -> Result<Request, Problem> {
    let causation: Option<CausationId> = parsed(headers, &CAUSATION)?;
    let actor: Option<Actor> = parsed(headers, &ACTOR)?;
    let caller = actor.as_ref().map_or("", Actor::as_str);
    let key = match single(headers, &KEY)? {
        None => None,
        Some(key) => Some(IdempotencyKey::new(caller, key).map_err(|flaw| malformed(&KEY, flaw))?),
    };
    let (trace, expected) = (trace(headers), expected(headers)?);
    Ok(Request { correlation: Some(correlation), causation, actor, trace, expected, key })
}

/// The place in a distributed trace. One that cannot be read is ignored, as W3C Trace Context has it: a trace must
/// not be why a request fails.
fn trace(headers: &HeaderMap) -> Option<TraceParent> {
    parsed(headers, &TRACE).unwrap_or_default()
}

/// The version that `If-Match` states. `*` states only that the entity exists, which every update needs anyway.
fn expected(headers: &HeaderMap) -> Result<Option<Version>, Problem> {
    let advice = "it is `*` or one strong entity tag, such as `\"5\"`";
    match single(headers, &header::IF_MATCH)? {
        None | Some("*") => Ok(None),
        Some(tag) => version(tag).map(Some).ok_or_else(|| malformed(&header::IF_MATCH, advice)),
    }
}

/// The version behind a strong entity tag. One version has one tag: `"05"` is not another name of `"5"`.
fn version(tag: &str) -> Option<Version> {
    let digits = tag.strip_prefix('"')?.strip_suffix('"')?;
    let number: u64 = digits.parse().ok()?;
    (number <= u64::MAX >> 1 && number.to_string() == digits).then(|| Version::new(number))
}

/// The strong entity tag of a version.
pub(super) fn etag(version: Version) -> String {
    format!("\"{version}\"")
}

/// Whether `If-None-Match` names the current version, so that there is nothing new to send.
pub(super) fn unchanged(headers: &HeaderMap, version: Version) -> Result<bool, Problem> {
    let tag = etag(version);
    for value in headers.get_all(header::IF_NONE_MATCH) {
        let tags = value.to_str().ok().and_then(entity_tags).ok_or_else(|| {
            malformed(&header::IF_NONE_MATCH, "it is `*` or a list of entity tags, such as `\"5\"`")
        })?;
        if tags.iter().any(|found| *found == "*" || *found == tag) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The entity tags of a list, quotes included and weakness left out (RFC 9110 §13.1.2 compares weakly).
fn entity_tags(list: &str) -> Option<Vec<&str>> {
    let mut rest = list.trim_matches([' ', '\t']);
    if rest == "*" {
        return Some(vec![rest]);
    }
    let mut tags = Vec::new();
    loop {
        rest = rest.strip_prefix("W/").unwrap_or(rest);
        let length = rest.strip_prefix('"')?.find('"')? + 2;
        let (tag, after) = rest.split_at(length);
        tags.push(tag);
        let after = after.trim_start_matches([' ', '\t']);
        if after.is_empty() {
            return Some(tags);
        }
        rest = after.strip_prefix(',')?.trim_start_matches([' ', '\t']);
    }
}

/// Refuses headers that would have to be ignored.
pub(super) fn refuse(headers: &HeaderMap, names: &[HeaderName], reason: &str) -> Result<(), Problem> {
    match names.iter().find(|name| headers.contains_key(*name)) {
        None => Ok(()),
        Some(name) => {
            let detail = format!("`{name}`: {reason}");
            Err(Problem::new("header_not_accepted", detail).with("header", name.as_str().into()))
        }
    }
}

/// Whether a body that is there is declared to be JSON in UTF-8, as it is and not compressed.
pub(super) fn json(headers: &HeaderMap) -> Result<(), Problem> {
    let refused = |detail: &str| Err(Problem::new("unsupported_media_type", detail));
    let coding = single(headers, &header::CONTENT_ENCODING)?.unwrap_or("identity");
    if !coding.eq_ignore_ascii_case("identity") {
        return refused("the body has to be sent without `Content-Encoding`");
    }
    match single(headers, &header::CONTENT_TYPE)? {
        Some(media) if is_json(media) => Ok(()),
        Some(_) => refused("`Content-Type` has to be `application/json`, in UTF-8"),
        None => refused("a body needs `Content-Type: application/json`"),
    }
}

fn is_json(media: &str) -> bool {
    let mut parts = media.split(';').map(str::trim);
    let json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    json && parts.filter(|part| !part.is_empty()).all(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
    use cohesive_core::kernel::{CorrelationId, Version};

    use super::{ACTOR, KEY, circumstances, entity_tags, is_json, unchanged};
    use crate::node::Request;

    fn read(lines: &[(HeaderName, &str)]) -> Result<Request, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        let correlation: CorrelationId = "c".parse().unwrap();
        circumstances(&headers, correlation).map_err(|problem| problem.detail().to_owned())
    }

    // H09
    #[test]
    fn if_match_is_one_strong_tag() {
        let version = |text: &str| read(&[(header::IF_MATCH, text)]).map(|request| request.expected);
        assert_eq!(version("\"5\""), Ok(Some(Version::new(5))));
        assert_eq!(version(" \"0\" "), Ok(Some(Version::INITIAL)));
        assert_eq!(version("*"), Ok(None));
        let wrong = [
            "",
            "5",
            "\"\"",
            "\"05\"",
            "\"+5\"",
            "\"-1\"",
            "W/\"5\"",
            "\"5\", \"6\"",
            "\"a\"",
            "\"5",
            "**",
            "\"9223372036854775808\"",
            "\"99999999999999999999\"",
            "'5'",
        ];
        for text in wrong {
            assert!(version(text).is_err(), "{text}");
        }
        assert!(read(&[(header::IF_MATCH, "\"5\""), (header::IF_MATCH, "\"5\"")]).is_err());
    }

    // B48
    #[test]
    fn keys_belong_to_their_actor() {
        let with = |lines: &[(HeaderName, &str)]| read(lines).map(|request| request.key);
        let anonymous = with(&[(KEY, "k")]).unwrap();
        let named = with(&[(KEY, "k"), (ACTOR, "ann")]).unwrap();
        assert!(anonymous.is_some() && named.is_some() && anonymous != named);
        assert!(with(&[(KEY, "")]).is_err());
        assert!(with(&[(KEY, &"k".repeat(256))]).is_err());
        assert!(with(&[(KEY, "k"), (KEY, "k")]).is_err());
        assert!(with(&[(KEY, "k"), (ACTOR, "")]).is_err());
        assert!(with(&[(KEY, "k"), (ACTOR, &"a".repeat(256))]).is_err());
    }

    #[test]
    fn lists_of_tags_are_read_whole() {
        assert_eq!(entity_tags("*"), Some(vec!["*"]));
        assert_eq!(entity_tags("\"1\" ,W/\"2\",\t\"a,b\""), Some(vec!["\"1\"", "\"2\"", "\"a,b\""]));
        for text in ["", "1", "\"1", "\"1\",", "\"1\" \"2\"", "*, \"1\""] {
            assert_eq!(entity_tags(text), None, "{text}");
        }
        let mut headers = HeaderMap::new();
        headers.append(header::IF_NONE_MATCH, HeaderValue::from_static("\"1\""));
        headers.append(header::IF_NONE_MATCH, HeaderValue::from_static("W/\"2\""));
        assert!(unchanged(&headers, Version::new(2)).is_ok_and(|same| same));
        assert!(unchanged(&headers, Version::new(3)).is_ok_and(|same| !same));
    }

    #[test]
    fn only_json_in_utf8_is_json() {
        for media in
            ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""]
        {
            assert!(is_json(media), "{media}");
        }
        for media in
            ["", "text/json", "application/json2", "application/json; charset=utf-16", "application/xml"]
        {
            assert!(!is_json(media), "{media}");
        }
    }
}
