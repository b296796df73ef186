//! The body of a request: bounded in length and in time.

use std::pin::pin;

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, header};

use super::HttpOptions;
use super::problem::Problem;

/// How much of a body that is too long is read on, so that the sender, who is still sending, gets to the answer.
const DRAIN: usize = 4 * 1024 * 1024;

/// The whole body.
pub(super) async fn read(headers: &HeaderMap, body: Body, options: &HttpOptions) -> Result<Vec<u8>, Problem> {
    let limit = options.body_limit;
    // A sender who asks before sending gets the answer before sending.
    if headers.contains_key(header::EXPECT) && body.size_hint().lower() > limit as u64 {
        return Err(too_large(limit));
    }
    tokio::time::timeout(options.body_timeout, collect(body, limit))
        .await
        .unwrap_or_else(|_| Err(Problem::general("body_timeout")))
}

fn too_large(limit: usize) -> Problem {
    Problem::new("body_too_large", format!("at most {limit} bytes are accepted"))
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let drained = limit.saturating_add(DRAIN);
    if body.size_hint().lower() > drained as u64 {
        return Err(too_large(limit));
    }
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let frame = frame.map_err(|_| Problem::general("body_incomplete"))?;
        let Ok(data) = frame.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= limit {
            bytes.extend_from_slice(&data);
        } else if length > drained {
            break;
        }
    }
    if length > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{HttpOptions, read};

    async fn status(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, u16> {
        let options = HttpOptions { body_limit: 5, ..HttpOptions::default() };
        read(headers, body, &options).await.map_err(|problem| problem.reply().status)
    }

    #[tokio::test]
    async fn a_body_fits_or_is_refused() {
        let mut headers = HeaderMap::new();
        assert_eq!(status(&headers, Body::from("12345")).await, Ok(b"12345".to_vec()));
        assert_eq!(status(&headers, Body::empty()).await, Ok(Vec::new()));
        assert_eq!(status(&headers, Body::from("123456")).await, Err(413));
        assert_eq!(status(&headers, Body::from(vec![0; 5 * 1024 * 1024])).await, Err(413));
        headers.insert(header::EXPECT, HeaderValue::from_static("100-continue"));
        assert_eq!(status(&headers, Body::from("123456")).await, Err(413));
    }
}
