//! Why a broker cannot be used.

use std::error::Error;
use std::fmt;

/// Why there is no publisher or subscriber.
#[derive(Debug)]
#[non_exhaustive]
pub enum BrokerError {
    /// An option is not what it has to be.
    Option {
        /// The option.
        option: &'static str,
        /// What is wrong with it.
        flaw: String,
    },
    /// The broker cannot be reached, or does not let this client in.
    Unreachable {
        /// What was tried.
        message: String,
        /// What it came from.
        source: Box<dyn Error + Send + Sync>,
    },
    /// What is there already would break a promise.
    Unfit {
        /// What it is, for example ``stream `COHESIVE` ``.
        what: String,
        /// What is wrong with it.
        flaw: String,
        /// What would be lost.
        lost: &'static str,
    },
}

impl BrokerError {
    pub(crate) fn option(option: &'static str, flaw: impl Into<String>) -> Self {
        Self::Option { option, flaw: flaw.into() }
    }

    #[cfg(any(feature = "kafka", feature = "nats", feature = "rabbitmq"))]
    pub(crate) fn unreachable(
        message: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Unreachable { message: message.into(), source: source.into() }
    }

    #[cfg(any(feature = "nats", feature = "rabbitmq"))]
    pub(crate) fn unfit(what: impl Into<String>, flaw: impl Into<String>, lost: &'static str) -> Self {
        Self::Unfit { what: what.into(), flaw: flaw.into(), lost }
    }
}

#[cfg(feature = "webhook")]
impl From<crate::client::Flaw> for BrokerError {
    fn from(crate::client::Flaw { option, flaw }: crate::client::Flaw) -> Self {
        Self::Option { option, flaw }
    }
}

impl fmt::Display for BrokerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option { option, flaw } => write!(formatter, "option `{option}`: {flaw}"),
            Self::Unreachable { message, .. } => formatter.write_str(message),
            Self::Unfit { what, flaw, lost } => write!(formatter, "{what}: {flaw}; lost: {lost}"),
        }
    }
}

impl Error for BrokerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreachable { source, .. } => Some(source.as_ref()),
            Self::Option { .. } | Self::Unfit { .. } => None,
        }
    }
}
