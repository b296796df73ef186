//! How a relay works.

use std::time::Duration;

use crate::envelope::{EnvelopeFlaw, SOURCE_LENGTH, check_source};
use crate::store::outbox::ALONE_FROM;

/// How a relay works. Every number is a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayOptions {
    /// What the node calls itself in the source of its events: a URI reference such as `/freight`.
    pub source: String,
    /// How long a lane stays with a relay that does not answer any more. At least three publish timeouts.
    pub lease: Duration,
    /// How long to wait for the broker's acknowledgement of one message.
    pub publish_timeout: Duration,
    /// How often to look for messages when nothing wakes the relay, and how long to wait after a failure of the store.
    pub poll: Duration,
    /// How often to look at the lanes, at the most. Leases are extended when a third of them is over.
    pub balance: Duration,
    /// How many messages are claimed and not settled at the most: that many may be published twice after a crash.
    pub window: usize,
    /// How often a message is tried before it is parked; more than [`ALONE_FROM`].
    pub attempts: u32,
    /// How long to wait after the first failure, and at the least after any.
    pub first_wait: Duration,
    /// How long to wait after a failure at the most, also where the broker asks for more.
    pub longest_wait: Duration,
    /// How long published messages are kept, to be published again should the broker lose them.
    pub keep_published: Duration,
    /// How often published messages are removed whose time is over.
    pub prune_every: Duration,
    /// Where the random numbers of the waits begin.
    pub seed: u64,
}

impl Default for RelayOptions {
    fn default() -> Self {
        Self {
            source: "/cohesive".to_owned(),
            lease: Duration::from_secs(30),
            publish_timeout: Duration::from_secs(10),
            poll: Duration::from_millis(100),
            balance: Duration::from_millis(500),
            window: 1024,
            attempts: 10,
            first_wait: Duration::from_millis(100),
            longest_wait: Duration::from_mins(5),
            keep_published: Duration::from_hours(24),
            prune_every: Duration::from_mins(1),
            seed: 0,
        }
    }
}

/// Options that a relay cannot keep its promises with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RelayFlaw {
    /// A publish could outlive the right to it.
    #[error("a lease of {lease:?} is shorter than three publish timeouts of {publish_timeout:?}")]
    LeaseTooShort {
        /// The lease.
        lease: Duration,
        /// The publish timeout.
        publish_timeout: Duration,
    },
    /// Leases would not be extended in time.
    #[error("the lanes have to be looked at at least six times in a lease, every {most:?}")]
    BalanceTooRare {
        /// How often at the least.
        most: Duration,
    },
    /// Neighbours of a message that ends the process would be parked with it.
    #[error(
        "a message needs more than {ALONE_FROM} attempts, so that its neighbours' failures can be told from its own"
    )]
    TooFewAttempts,
    /// A number is zero that must not be.
    #[error("`{0}` must not be zero")]
    Zero(&'static str),
    /// The source is none.
    #[error(transparent)]
    Source(#[from] EnvelopeFlaw),
}

impl RelayOptions {
    /// Whether a relay can keep its promises with these.
    ///
    /// # Errors
    /// With the first thing that is wrong.
    pub fn check(&self) -> Result<(), RelayFlaw> {
        check_source(&self.source)?;
        if self.source.len() > SOURCE_LENGTH {
            let reason = "it is longer than 256 bytes, and commands count no more for it";
            return Err(EnvelopeFlaw { attribute: "source", reason }.into());
        }
        let spans = [
            ("publish_timeout", self.publish_timeout),
            ("poll", self.poll),
            ("balance", self.balance),
            ("first_wait", self.first_wait),
            ("prune_every", self.prune_every),
        ];
        if let Some((name, _)) = spans.into_iter().find(|(_, span)| span.is_zero()) {
            return Err(RelayFlaw::Zero(name));
        }
        if self.window == 0 {
            return Err(RelayFlaw::Zero("window"));
        }
        let (lease, publish_timeout) = (self.lease, self.publish_timeout);
        if lease < publish_timeout * 3 {
            return Err(RelayFlaw::LeaseTooShort { lease, publish_timeout });
        }
        if self.balance > lease / 6 {
            return Err(RelayFlaw::BalanceTooRare { most: lease / 6 });
        }
        if self.attempts <= ALONE_FROM {
            return Err(RelayFlaw::TooFewAttempts);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // F7: a lease that a publish can outlive is refused.
    #[test]
    fn options_that_break_promises_are_refused() {
        let options = RelayOptions::default();
        assert_eq!(options.check(), Ok(()));
        let publish_timeout = options.publish_timeout + Duration::from_nanos(1);
        let short = RelayOptions { publish_timeout, ..options.clone() };
        assert!(matches!(short.check(), Err(RelayFlaw::LeaseTooShort { .. })));
        let rare = RelayOptions { balance: options.lease / 5, ..options.clone() };
        assert_eq!(rare.check(), Err(RelayFlaw::BalanceTooRare { most: options.lease / 6 }));
        let few = RelayOptions { attempts: ALONE_FROM, ..options.clone() };
        assert_eq!(few.check(), Err(RelayFlaw::TooFewAttempts));
        let source = RelayOptions { source: "a b".to_owned(), ..options.clone() };
        assert!(matches!(source.check(), Err(RelayFlaw::Source(_))));
        let none = RelayOptions { window: 0, ..options.clone() };
        assert_eq!(none.check(), Err(RelayFlaw::Zero("window")));
        let none = RelayOptions { poll: Duration::ZERO, ..options };
        assert_eq!(none.check(), Err(RelayFlaw::Zero("poll")));
    }
}
