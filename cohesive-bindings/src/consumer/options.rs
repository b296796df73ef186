//! How a consumer works.

use std::time::Duration;

use crate::backoff::Backoff;
use crate::broker::Subscriber;
use crate::node::Node;

/// How a consumer works. Every number is a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerOptions {
    /// How many messages are at hand at the most. While there are as many, nothing further is received.
    pub in_hand: usize,
    /// How often a message is tried that cannot be applied yet, or that ends the process, before it is parked.
    pub attempts: u32,
    /// How long to wait after the first attempt; twice as long at the most after each further one, with jitter.
    pub first_wait: Duration,
    /// How long to wait at the most.
    pub longest_wait: Duration,
    /// How often the broker is told that a message is still being handled. Has to be shorter than what the broker
    /// waits for.
    pub extend_every: Duration,
    /// Where the jitter comes from. Consumers differ all the same.
    pub seed: u64,
}

impl Default for ConsumerOptions {
    fn default() -> Self {
        Self {
            in_hand: 256,
            attempts: 8,
            first_wait: Duration::from_millis(100),
            longest_wait: Duration::from_secs(30),
            extend_every: Duration::from_secs(5),
            seed: 0,
        }
    }
}

/// Why a consumer cannot start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConsumerFlaw {
    /// A number is zero that must not be.
    #[error("`{0}` must not be zero")]
    Zero(&'static str),
    /// No transition of the system follows an event.
    #[error("no transition of `{0}` follows an event: add `#[consumes(…)]` to one")]
    FollowsNothing(&'static str),
    /// A message could come again after the inbox has forgotten that it was applied.
    #[error(
        "the inbox remembers messages for {retention:?}, and {broker} may deliver them for {horizon:?}: \
         set `NodeOptions::inbox_retention` to more than that"
    )]
    ForgetsTooSoon {
        /// The broker's name.
        broker: &'static str,
        /// How long the broker may deliver a message.
        horizon: Duration,
        /// How long the inbox remembers it.
        retention: Duration,
    },
}

impl ConsumerOptions {
    pub(super) fn check(&self, node: &Node, subscriber: &dyn Subscriber) -> Result<(), ConsumerFlaw> {
        let spans = [
            ("first_wait", self.first_wait),
            ("longest_wait", self.longest_wait),
            ("extend_every", self.extend_every),
        ];
        if let Some((name, _)) = spans.into_iter().find(|(_, span)| span.is_zero()) {
            return Err(ConsumerFlaw::Zero(name));
        }
        if self.in_hand == 0 {
            return Err(ConsumerFlaw::Zero("in_hand"));
        }
        if self.attempts == 0 {
            return Err(ConsumerFlaw::Zero("attempts"));
        }
        if node.system().followed().is_empty() {
            return Err(ConsumerFlaw::FollowsNothing(node.system().name()));
        }
        let retention = node.options().inbox_retention;
        match subscriber.redelivery_horizon() {
            // Without end nothing can be remembered; what was forgotten is refused by its mark.
            Some(horizon) if horizon >= retention => {
                Err(ConsumerFlaw::ForgetsTooSoon { broker: subscriber.name(), horizon, retention })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn backoff(&self, name: &str) -> Backoff {
        Backoff::new(self.first_wait, self.longest_wait, self.seed, name)
    }
}
