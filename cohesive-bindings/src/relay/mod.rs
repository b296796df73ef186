//! The relay: what a commit owes the world is published, at least once, each entity's messages in order.
//!
//! A relay claims pending messages from the lanes it holds, publishes them, and records what became of each.
//! Any number of relays may run on one store; they share the lanes (`store::outbox` has the rules). What is promised:
//!
//! - A message is published at least once, under one id. It is recorded as published only after the broker's
//!   acknowledgement of that very message; a crash in between publishes it again.
//! - Of one entity at most one message is under way at a time, in the order of version and ordinal. A message that
//!   fails holds back its own entity and no other. Repeats may come late: what a relay sent before it lost a lane
//!   can arrive after its successor's. Receivers tell a repeat by its id.
//! - An attempt is counted before it is made. A message that fails [`RelayOptions::attempts`] times, or ends the
//!   process that often, is left for an operator; what follows it in its entity waits.
//! - Everything is bounded: messages claimed, tasks, attempts, waits, the length of a kept error.
//!
//! Stop the relay before the node that closes the store: [`Relay::stop`] finishes what is in flight and gives the
//! lanes back, so that another relay takes them at once instead of after the lease.

mod book;
mod in_process;
mod metrics;
mod options;
mod publisher;
mod run;
mod wake;

use std::sync::Arc;

use tokio::sync::watch;

pub use in_process::{InProcess, Subscription};
pub use metrics::RelayMetrics;
pub use options::{RelayFlaw, RelayOptions};
pub use publisher::{ErrorClass, PublishError, Publisher};
pub use wake::Wake;

use crate::port::Ports;
use crate::store::outbox::Outbox;
use metrics::Counters;
use run::Loop;
use wake::Mailbox;

/// A running relay. Cloning gives another handle on the same relay; dropping all of them leaves it running.
#[derive(Clone)]
pub struct Relay {
    owner: String,
    mailbox: Arc<Mailbox>,
    counters: Arc<Counters>,
    end: watch::Receiver<()>,
}

impl Relay {
    /// Starts a relay from `outbox` to `publisher`. `wake` saves it the wait for the next poll.
    ///
    /// # Errors
    /// When the options contradict each other.
    pub fn start(
        outbox: Arc<dyn Outbox>,
        publisher: Arc<dyn Publisher>,
        wake: &Wake,
        ports: &Ports,
        options: RelayOptions,
    ) -> Result<Self, RelayFlaw> {
        options.check()?;
        let owner = ports.ids.correlation().as_str().to_owned();
        let (mailbox, counters) = (Arc::<Mailbox>::default(), Arc::<Counters>::default());
        wake.listen(&mailbox);
        let shared = (Arc::clone(&mailbox), Arc::clone(&counters));
        let spawner = Arc::clone(&ports.spawner);
        let (work, end) = Loop::new(outbox, publisher, spawner, options, owner.clone(), shared);
        ports.spawner.spawn(Box::pin(work.run()));
        Ok(Self { owner, mailbox, counters, end })
    }

    /// The name under which the relay holds its lanes; each start has another.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// What it has done so far.
    #[must_use]
    pub fn metrics(&self) -> RelayMetrics {
        self.counters.snapshot()
    }

    /// Claims nothing further, waits for what is in flight, which takes one publish timeout at the most, records it,
    /// and gives the lanes back (F40).
    pub async fn stop(&self) {
        self.mailbox.stop();
        let mut end = self.end.clone();
        while end.changed().await.is_ok() {}
    }
}
