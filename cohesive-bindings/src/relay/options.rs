//! How a relay works.

use std::time::Duration;

use crate::envelope::{EnvelopeFlaw, check_source};
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
    /// How long to wait after a failure at the most.
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

/// How long to wait after failures: twice as long at most after each, with full jitter above the least (R21).
#[derive(Debug)]
pub(super) struct Backoff {
    first: Duration,
    longest: Duration,
    state: u64,
}

impl Backoff {
    pub(super) fn new(options: &RelayOptions, owner: &str) -> Self {
        // Relays that share a seed must not wait in step.
        let state = owner.bytes().fold(options.seed, |state, byte| mix(state ^ u64::from(byte)));
        Self { first: options.first_wait, longest: options.longest_wait, state }
    }

    /// How long to wait after this many attempts.
    pub(super) fn wait(&mut self, attempts: u32) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1).min(31)));
        let span = doubled.min(self.longest).saturating_sub(self.first);
        self.state = mix(self.state);
        // The upper 32 bits as a fraction of the span.
        let fraction = f64::from((self.state >> 32) as u32) / f64::from(u32::MAX);
        (self.first + span.mul_f64(fraction)).min(self.longest.max(self.first))
    }
}

/// `SplitMix64`.
const fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
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

    // B25, R21
    #[test]
    fn waits_grow_to_a_ceiling_and_never_vanish() {
        let options = RelayOptions {
            first_wait: Duration::from_millis(10),
            longest_wait: Duration::from_secs(1),
            ..RelayOptions::default()
        };
        let mut backoff = Backoff::new(&options, "one");
        let mut most = [Duration::ZERO; 40];
        for _ in 0..500 {
            for (attempts, most) in (1..).zip(&mut most) {
                let wait = backoff.wait(attempts);
                assert!(wait >= options.first_wait && wait <= options.longest_wait, "{attempts}: {wait:?}");
                *most = wait.max(*most);
            }
        }
        assert_eq!(most[0], options.first_wait);
        assert!(most[1] > Duration::from_millis(18) && most[1] <= Duration::from_millis(20), "{most:?}");
        assert!(most[39] > Duration::from_millis(980), "{most:?}");
        // The same seed gives the same waits, and another relay has its own.
        let waits = |owner| {
            let mut backoff = Backoff::new(&options, owner);
            (0..8).map(|_| backoff.wait(9)).collect::<Vec<_>>()
        };
        assert_eq!(waits("one"), waits("one"));
        assert_ne!(waits("one"), waits("two"));
    }
}
