//! What an answer means, before anybody reads its body.

use std::time::Duration;

use hyper::header::{DATE, RETRY_AFTER};
use hyper::{HeaderMap, Response, StatusCode};

/// What an answer means (A121).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It is done.
    Done,
    /// It is not done, and may be later: not before this time is over, where the answer says so.
    Later(Option<Duration>),
    /// It is not done, and will not be.
    Never,
}

impl Meaning {
    /// By the status. 408, 425, 429 and 5xx may pass. So may 409 with `Retry-After`, which is how a request is told that
    /// another one with its key is still worked on. Redirects are not followed, and so are refusals.
    pub(crate) fn of<B>(answer: &Response<B>) -> Self {
        let (status, wait) = (answer.status(), retry_after(answer.headers()));
        match status {
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
                Self::Later(wait)
            }
            StatusCode::CONFLICT if wait.is_some() => Self::Later(wait),
            _ if status.is_success() => Self::Done,
            _ if status.is_redirection() || status.is_client_error() => Self::Never,
            _ => Self::Later(wait),
        }
    }
}

/// For how long the other side asks to be left alone. A date counts from the answer's own, whose clock it is of.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let wait = text(RETRY_AFTER)?;
    if !wait.is_empty() && wait.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than can be counted is more than anybody waits.
        return Some(Duration::from_secs(wait.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let until = httpdate::parse_http_date(wait).ok()?;
    let now = httpdate::parse_http_date(text(DATE)?).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(status: u16, headers: &[(&str, &str)]) -> Meaning {
        let answer = headers
            .iter()
            .fold(Response::builder().status(status), |answer, (name, value)| answer.header(*name, *value));
        Meaning::of(&answer.body(()).unwrap())
    }

    // A121, R07
    #[test]
    fn every_status_has_a_meaning() {
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(meaning(status, &[]), Meaning::Done, "{status}");
        }
        for status in [408, 425, 429, 500, 501, 502, 503, 504, 599, 101, 600, 999] {
            assert_eq!(meaning(status, &[]), Meaning::Later(None), "{status}");
        }
        for status in
            [300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 409, 410, 413, 418, 422, 451, 499]
        {
            assert_eq!(meaning(status, &[]), Meaning::Never, "{status}");
        }
        // Somebody works on a request with the same key.
        assert_eq!(meaning(409, &[("retry-after", "1")]), Meaning::Later(Some(Duration::from_secs(1))));
        assert_eq!(meaning(404, &[("retry-after", "1")]), Meaning::Never);
    }

    // R21
    #[test]
    fn the_time_to_wait_is_a_number_or_a_date() {
        let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        let wait = |headers: &[(&str, &str)]| match meaning(503, headers) {
            Meaning::Later(wait) => wait.map(|wait| wait.as_secs()),
            other => panic!("{other:?}"),
        };
        assert_eq!(wait(&[("retry-after", "7")]), Some(7));
        assert_eq!(wait(&[("retry-after", " 0 ")]), Some(0));
        assert_eq!(wait(&[("retry-after", "99999999999999999999999")]), Some(u64::from(u32::MAX)));
        assert_eq!(wait(&[("retry-after", "Wed, 21 Oct 2026 07:29:30 GMT"), date]), Some(90));
        assert_eq!(wait(&[("retry-after", "Wednesday, 21-Oct-26 07:29:30 GMT"), date]), Some(90));
        assert_eq!(wait(&[("retry-after", "Wed, 21 Oct 2026 07:27:00 GMT"), date]), Some(0), "it is past");
        for none in ["", "-1", "1.5", "+1", "soon", "7 s"] {
            assert_eq!(wait(&[("retry-after", none), date]), None, "{none}");
        }
        // Whose clock it is by is not known.
        assert_eq!(wait(&[("retry-after", "Wed, 21 Oct 2026 07:29:30 GMT")]), None);
    }
}
