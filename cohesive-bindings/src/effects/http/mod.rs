//! Calling somebody by HTTP from the handler of an effect.
//!
//! An effect is asked for at least once, and the one who is asked has to tell a repeat from a second request (B49). A
//! [`Peer`] tells it by the key of the request, in the header `Idempotency-Key`: the same for every attempt, and another
//! one for every other request. So whatever the peer did with an attempt whose answer was lost, the next attempt can be
//! answered with what it has done already. **A peer that does not look at the key may do it twice**, and nothing here can
//! keep it from that.
//!
//! | header | holds |
//! |---|---|
//! | `Idempotency-Key` | [`EffectCall::key`], as it is; the name is an option |
//! | `X-Correlation-Id` | what the request belongs to; the name is an option |
//! | `traceparent` | the trace of the input that asks, where it has one |
//! | `Content-Type`, `Accept` | `application/json` |
//!
//! | what happens | class | what is known |
//! |---|---|---|
//! | 2xx with a whole answer | done | |
//! | no connection | transient | nothing was sent |
//! | the connection or the answer is cut, the time is over | transient | **nothing: the peer may have done it** |
//! | 408, 425, 429, 5xx, 409 with `Retry-After` | transient | the next attempt waits as long as `Retry-After` says |
//! | any other 4xx, and 3xx, which is not followed | permanent | [`Refused`] has what the peer says |
//! | 2xx with an answer that is too long or not as expected | permanent | the peer has done it |
//!
//! An attempt takes no longer than the effect's `timeout`. Requests go where the options say: an id in a path stays one
//! segment, whatever is in it.

mod answer;
mod options;
mod request;

use cohesive_core::kernel::{EffectCall, EffectFailure};
use hyper::{Method, Uri};
use serde::Serialize;
use tokio::time::{Duration, Instant};

pub use answer::{Answer, Refused};
pub use options::{PeerFlaw, PeerOptions};

use crate::client::{Client, Lost, Meaning};

/// How much sooner than the effect's time an attempt is over, so that it can still say how far it came: a tenth, or this.
const MARGIN: Duration = Duration::from_secs(1);

/// Somebody who is called by HTTP to perform effects. Clones share its connections.
///
/// ```
/// use cohesive_bindings::effects::http::{Peer, PeerOptions};
/// use cohesive_core::kernel::{EffectCall, EffectFailure};
///
/// async fn pay(bank: &Peer, account: &str, cents: u64, call: &EffectCall) -> Result<String, EffectFailure> {
///     let answer = bank.post(&["accounts", account, "debits"], &cents, call).await?;
///     answer.json()
/// }
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let bank = Peer::new(PeerOptions::new("https://bank.example.com/v1").header("authorization", "Bearer …"))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Peer {
    client: Client,
    base: Uri,
    options: PeerOptions,
}

impl Peer {
    /// A peer with these options.
    ///
    /// # Errors
    /// When an option is not usable. Whether the peer is there shows when it is called.
    pub fn new(options: PeerOptions) -> Result<Self, PeerFlaw> {
        let base = options.check()?;
        let secure = base.scheme_str() == Some("https");
        let client = Client::new(options.connect_timeout, secure, options.root_certificates.as_deref())?;
        Ok(Self { client, base, options })
    }

    /// Posts `body` as JSON to a path below the peer's URL, given by its segments.
    ///
    /// # Errors
    /// When it was not performed, or nobody knows whether it was: see the table of this [module](self).
    pub async fn post<B: Serialize + Sync + ?Sized>(
        &self,
        path: &[&str],
        body: &B,
        call: &EffectCall,
    ) -> Result<Answer, EffectFailure> {
        self.call(Method::POST, path, body, call).await
    }

    /// Puts `body` as JSON to a path below the peer's URL, given by its segments.
    ///
    /// # Errors
    /// When it was not performed, or nobody knows whether it was: see the table of this [module](self).
    pub async fn put<B: Serialize + Sync + ?Sized>(
        &self,
        path: &[&str],
        body: &B,
        call: &EffectCall,
    ) -> Result<Answer, EffectFailure> {
        self.call(Method::PUT, path, body, call).await
    }

    async fn call<B: Serialize + Sync + ?Sized>(
        &self,
        method: Method,
        path: &[&str],
        body: &B,
        call: &EffectCall,
    ) -> Result<Answer, EffectFailure> {
        let limit = call.timeout.saturating_sub((call.timeout / 10).min(MARGIN));
        let until = Instant::now() + limit;
        let request = request::build(&self.base, &self.options, (method, path), body, call)?;
        let host = self.base.host().unwrap_or_default();
        let lost = |lost| match lost {
            Lost::Unreachable(cause) => {
                EffectFailure::transient(format!("{host} cannot be reached; nothing was sent")).because(cause)
            }
            Lost::Cut(cause) => EffectFailure::transient(format!(
                "the connection to {host} ended before its answer did; whether it acted is not known"
            ))
            .because(cause),
            Lost::Late => EffectFailure::transient(format!(
                "{host} did not answer within {limit:?}; whether it acted is not known"
            )),
            Lost::TooLong => EffectFailure::permanent(format!(
                "{host} has acted, and answers more than {} bytes",
                self.options.max_answer
            )),
        };
        let head = self.client.send(request, until).await.map_err(lost)?;
        let (status, meaning) = (head.status(), Meaning::of(&head));
        let body = Client::rest(head.into_body(), self.options.max_answer, until).await;
        match meaning {
            Meaning::Done => Ok(Answer { status: status.as_u16(), body: body.map_err(lost)?.into() }),
            Meaning::Later(wait) => {
                Err(EffectFailure::transient(format!("{host} answered {status}")).retry_after(wait))
            }
            Meaning::Never => {
                let moved = if status.is_redirection() { ", and redirects are not followed" } else { "" };
                // Whatever became of the rest, the status is known.
                let refused = Refused { status: status.as_u16(), body: body.unwrap_or_default().into() };
                Err(EffectFailure::permanent(format!("{host} answered {status}{moved}")).because(refused))
            }
        }
    }
}
