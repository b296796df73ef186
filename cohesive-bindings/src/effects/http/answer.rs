//! What a peer says.

use std::error::Error;
use std::fmt;

use cohesive_core::kernel::EffectFailure;
use serde::de::DeserializeOwned;

/// What a peer answered that has done what it was asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status: 200 to 299.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body, read as JSON.
    ///
    /// # Errors
    /// A permanent failure when it is something else: the peer has acted, and a repeat gets the same answer. What the body
    /// says is not in the failure.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, EffectFailure> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Data => "is not what is expected",
                _ => "is no JSON",
            };
            let (line, column) = (error.line(), error.column());
            EffectFailure::permanent(format!(
                "the answer {} {what}, at line {line}, column {column}",
                self.status
            ))
        })
    }
}

/// The body is left out: it may hold what nobody should read in a log.
impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, body } = self;
        formatter.debug_struct("Answer").field("status", status).field("bytes", &body.len()).finish()
    }
}

/// What a peer answered that will not do what it was asked for: the source of a permanent failure.
///
/// A handler to which a refusal is an answer, such as that of a bank that declines, finds it with [`Refused::of`].
#[derive(Clone, PartialEq, Eq)]
pub struct Refused {
    /// The status: 300 to 499.
    pub status: u16,
    /// The body, as far as it arrived; empty when it was longer than an answer may be.
    pub body: Vec<u8>,
}

impl Refused {
    /// The refusal that a failure came from.
    #[must_use]
    pub fn of(failure: &EffectFailure) -> Option<&Self> {
        failure.source.as_ref()?.downcast_ref()
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, body } = self;
        formatter.debug_struct("Refused").field("status", status).field("bytes", &body.len()).finish()
    }
}

/// The status alone: a failure is stored and logged.
impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "refused with {}", self.status)
    }
}

impl Error for Refused {}
