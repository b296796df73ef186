//! The consumer: what arrives from a broker is applied once, and acknowledged after the commit.
//!
//! A consumer receives the events that its node's transitions follow, and hands each to those transitions. What is
//! promised:
//!
//! - A message is acknowledged only after what it led to is durable, and that it was applied is durable in the same
//!   commit. So a crash at any moment repeats it, and the repeat changes nothing (P09, CW10).
//! - Messages of one key are handled one after the other. Of those at hand, the one that its sender recorded first
//!   comes first; across receivers it is the broker's adapter that keeps the order.
//! - What cannot be applied yet (the entity is absent, or in another state) is tried again, a bounded number of times.
//!   What cannot be applied is parked: kept byte for byte, with the reason, for an operator. What follows it under its key
//!   is parked behind it, so that nothing overtakes. Other keys flow (F8).
//! - A message that ends the process is parked after as many starts as a failing one has attempts (F9).
//! - When the store cannot be reached, nothing is acknowledged and nothing is dropped (CW11). Everything is bounded.
//!
//! What is not promised: an order across keys, and that a message is handled soon.

mod keys;
mod metrics;
mod options;
mod run;
mod work;

use std::sync::Arc;

use tokio::sync::watch;

pub use metrics::ConsumerMetrics;
pub use options::{ConsumerFlaw, ConsumerOptions};

use crate::broker::Subscriber;
use crate::node::Node;
use crate::port::{Clock, Ports};
use crate::store::inbox::Inbox;
use metrics::Counters;
use run::Loop;
use work::Workshop;

/// A running consumer. Cloning gives another handle on the same one; dropping all of them leaves it running.
#[derive(Clone)]
pub struct Consumer {
    counters: Arc<Counters>,
    clock: Arc<dyn Clock>,
    stop: Arc<watch::Sender<bool>>,
    end: watch::Receiver<()>,
}

impl Consumer {
    /// Starts to hand what `subscriber` receives to the transitions of `node` that follow it. `inbox` is the node's
    /// store: what cannot be applied is kept there.
    ///
    /// # Errors
    /// When the options contradict each other, when the node follows nothing, or when its inbox forgets sooner than the
    /// broker does (B42).
    pub fn start(
        node: &Node,
        inbox: Arc<dyn Inbox>,
        subscriber: Arc<dyn Subscriber>,
        ports: &Ports,
        options: ConsumerOptions,
    ) -> Result<Self, ConsumerFlaw> {
        options.check(node, &*subscriber)?;
        let counters = Arc::<Counters>::default();
        let (stop, stopping) = watch::channel(false);
        let workshop = Workshop {
            node: node.clone(),
            inbox,
            counters: Arc::clone(&counters),
            stopping,
            backoff: options.backoff(ports.ids.correlation().as_str()).into(),
            options,
        };
        let (work, end) = Loop::new(Arc::new(workshop), subscriber, Arc::clone(&ports.spawner));
        ports.spawner.spawn(Box::pin(work.run()));
        Ok(Self { counters, clock: Arc::clone(&ports.clock), stop: Arc::new(stop), end })
    }

    /// What it has done so far.
    #[must_use]
    pub fn metrics(&self) -> ConsumerMetrics {
        self.counters.snapshot(self.clock.now())
    }

    /// Whether its loop has ended: it was stopped, or something in it panicked.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        // Nothing is ever sent there: it only ends, with the loop.
        self.end.has_changed().is_err()
    }

    /// Receives nothing further, finishes what is being applied, and gives back what waits (F40). Stop the consumer
    /// before its node.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let mut end = self.end.clone();
        while end.changed().await.is_ok() {}
    }
}
