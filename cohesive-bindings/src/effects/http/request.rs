//! The request of one attempt.

use std::fmt::Write as _;

use bytes::Bytes;
use cohesive_core::kernel::{EffectCall, EffectFailure};
use http_body_util::Full;
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use hyper::{Method, Request, Uri};
use serde::Serialize;

use super::PeerOptions;
use crate::client;

const JSON: &str = "application/json";
const TRACE: &str = "traceparent";

pub(super) fn build<B: Serialize + ?Sized>(
    base: &Uri,
    options: &PeerOptions,
    (method, path): (Method, &[&str]),
    body: &B,
    call: &EffectCall,
) -> Result<Request<Full<Bytes>>, EffectFailure> {
    let unwritable = |_| EffectFailure::permanent("the request cannot be written as JSON");
    let body = serde_json::to_vec(body).map_err(unwritable)?;
    let mut request = Request::builder()
        .method(method)
        .uri(below(base, path)?)
        .header(USER_AGENT, client::USER_AGENT)
        .header(CONTENT_TYPE, JSON)
        .header(ACCEPT, JSON)
        .header(options.key_header.as_str(), call.key.as_str())
        .header(options.correlation_header.as_str(), call.correlation.as_str());
    if let Some(trace) = &call.trace {
        request = request.header(TRACE, trace.as_str());
    }
    for (name, value) in &options.headers {
        let secret = HeaderValue::from_str(value).map(|mut value| {
            value.set_sensitive(true);
            value
        });
        if let Ok(value) = secret {
            request = request.header(name.as_str(), value);
        }
    }
    let unfit = |_| EffectFailure::permanent("the key, the correlation or the trace cannot be a header");
    request.body(Full::new(Bytes::from(body))).map_err(unfit)
}

/// The address of these segments below the base. Nothing in a segment leads out of it.
fn below(base: &Uri, path: &[&str]) -> Result<Uri, EffectFailure> {
    let mut text = base.path().trim_end_matches('/').to_owned();
    for segment in path {
        if matches!(*segment, "" | "." | "..") {
            return Err(EffectFailure::permanent("a segment of the path is empty or consists of dots"));
        }
        text.push('/');
        for byte in segment.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                // Writing to a string does not fail.
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    if text.is_empty() {
        text.push('/');
    }
    let mut parts = base.clone().into_parts();
    parts.path_and_query = text.parse().ok();
    Uri::from_parts(parts).map_err(|_| EffectFailure::permanent("the path is none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_in_a_path_stays_one_segment() {
        let to = |base: &str, path: &[&str]| below(&base.parse().unwrap(), path).map(|uri| uri.to_string());
        assert_eq!(to("https://h/v1/", &["a", "b"]).unwrap(), "https://h/v1/a/b");
        assert_eq!(to("https://h:1/v1", &[]).unwrap(), "https://h:1/v1");
        assert_eq!(to("https://h", &[]).unwrap(), "https://h/");
        assert_eq!(
            to("https://h", &["../x?y#z", "%2e", "a b;ü", "a~-._9"]).unwrap(),
            "https://h/..%2Fx%3Fy%23z/%252e/a%20b%3B%C3%BC/a~-._9"
        );
        for segment in ["", ".", ".."] {
            assert!(to("https://h/v1", &["a", segment]).is_err(), "{segment}");
        }
    }
}
