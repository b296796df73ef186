//! What a request came to.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, StatusCode};
use tokio::time::{Duration, Instant};

use crate::broker::PublishError;
use crate::client::{Client, Lost, Meaning};

/// How much of an answer is read, and for how long, so that its connection can be used again. Nothing in it is looked at.
const REST: usize = 64 * 1024;
const REST_TIMEOUT: Duration = Duration::from_millis(500);

/// Posts a request, and says what the answer means (R07, A121).
pub(super) async fn post(
    client: Client,
    request: Request<Full<Bytes>>,
    timeout: Duration,
) -> Result<(), PublishError> {
    let host = request.uri().host().unwrap_or_default().to_owned();
    let until = Instant::now() + timeout;
    match client.send(request, until).await {
        Ok(answer) => {
            let meaning = meaning(&host, &answer);
            // Whatever becomes of the rest, the answer is known.
            drop(Client::rest(answer.into_body(), REST, until.min(Instant::now() + REST_TIMEOUT)).await);
            meaning
        }
        Err(Lost::Unreachable(cause)) => {
            Err(PublishError::transient(format!("{host} cannot be reached")).because(cause))
        }
        Err(Lost::Cut(cause)) => {
            Err(PublishError::transient(format!("{host} ended the connection without an answer"))
                .because(cause))
        }
        Err(Lost::Late | Lost::TooLong) => {
            Err(PublishError::transient(format!("{host} did not answer within {timeout:?}")))
        }
    }
}

fn meaning<B>(host: &str, answer: &Response<B>) -> Result<(), PublishError> {
    let status = answer.status();
    match Meaning::of(answer) {
        Meaning::Done => Ok(()),
        Meaning::Later(Some(wait)) => {
            let text = format!("{host} answered {status} and asks to wait {} s", wait.as_secs());
            Err(PublishError::transient(text).retry_after(wait))
        }
        Meaning::Later(None) => Err(PublishError::transient(format!("{host} answered {status}"))),
        Meaning::Never => Err(PublishError::permanent(match status {
            StatusCode::GONE => format!("{host} says that the endpoint is gone ({status})"),
            _ if status.is_redirection() => {
                format!("{host} answered {status}, and redirects are not followed")
            }
            _ => format!("{host} refused the message ({status})"),
        })),
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::RETRY_AFTER;

    use super::*;
    use crate::broker::ErrorClass::{Permanent, Transient};

    #[test]
    fn the_answer_tells_what_to_do() {
        let told = |status: u16, wait: &str| {
            let answer = Response::builder().status(status).header(RETRY_AFTER, wait).body(()).unwrap();
            let error = meaning("example.com", &answer).unwrap_err();
            (error.class, error.message, error.retry_after)
        };
        let wait = Some(Duration::from_secs(7));
        let text = "example.com answered 503 Service Unavailable and asks to wait 7 s";
        assert_eq!(told(503, "7"), (Transient, text.to_owned(), wait));
        assert_eq!(
            told(503, "soon"),
            (Transient, "example.com answered 503 Service Unavailable".to_owned(), None)
        );
        let gone = "example.com says that the endpoint is gone (410 Gone)";
        assert_eq!(told(410, "7"), (Permanent, gone.to_owned(), None));
        let moved = "example.com answered 308 Permanent Redirect, and redirects are not followed";
        assert_eq!(told(308, ""), (Permanent, moved.to_owned(), None));
        assert_eq!(told(404, "").1, "example.com refused the message (404 Not Found)");
        assert!(meaning("example.com", &Response::builder().status(204).body(()).unwrap()).is_ok());
    }
}
