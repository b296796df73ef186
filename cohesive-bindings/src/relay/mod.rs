//! The relay: what a commit owes the world is published, at least once, each entity's messages in order.
//!
//! A relay claims pending messages from the lanes it holds, publishes them, and records what became of each.
//! Any number of relays may run on one store; they share the lanes (`store::outbox` has the rules). The requests of
//! effects are a stream of their own, which [`Relay::start`] leaves alone. What is promised:
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
mod carry;
mod metrics;
mod options;
mod run;
mod wake;

use std::sync::Arc;

use tokio::sync::watch;

pub use metrics::RelayMetrics;
pub use options::{RelayFlaw, RelayOptions};
pub use wake::Wake;

use crate::broker::Publisher;
use crate::port::Ports;
use crate::store::outbox::{Outbox, Stream};
pub(crate) use carry::Carry;
use carry::Publishing;
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
    /// Starts a relay of the events of `outbox` to `publisher`. `wake` saves it the wait for the next poll.
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
        let carrier = Publishing { publisher, source: options.source.clone() };
        Self::carry(outbox, Stream::Events, Arc::new(carrier), wake, ports, options)
    }

    /// Starts to hand the messages of one stream to `carrier`.
    pub(crate) fn carry(
        outbox: Arc<dyn Outbox>,
        stream: Stream,
        carrier: Arc<dyn Carry>,
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
        let (work, end) = Loop::new((outbox, stream), carrier, spawner, options, owner.clone(), shared);
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

    /// Whether its loop has ended: it was stopped, its store was closed, or something in it panicked.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        // Nothing is ever sent there: it only ends, with the loop.
        self.end.has_changed().is_err()
    }

    /// Claims nothing further, waits for what is in flight, which takes one publish timeout at the most, records it,
    /// and gives the lanes back (F40).
    pub async fn stop(&self) {
        self.mailbox.stop();
        let mut end = self.end.clone();
        while end.changed().await.is_ok() {}
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::time::Duration;

    use cohesive_core::kernel::{MessageId, Version};
    use cohesive_core::value::Timestamp;
    use tokio::sync::mpsc;

    use super::*;
    use crate::broker::InProcess;
    use crate::port::Clock;
    use crate::store::memory::MemoryStore;
    use crate::store::{OutboxMessage, Store as _, Unit};

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::default()
        }
    }

    fn message(role: &'static str, name: &'static str, version: u64) -> OutboxMessage {
        let version = Version::new(version);
        OutboxMessage {
            id: MessageId::derive("Ticket", "t", version, 0),
            entity: "Ticket",
            entity_id: "t".to_owned(),
            version,
            ordinal: 0,
            role,
            name,
            payload: "{}".to_owned(),
            transition: "change",
            correlation: "c".to_owned(),
            causation: None,
            actor: None,
            trace: None,
            occurred_at: None,
            recorded_at: Timestamp::default(),
        }
    }

    /// Each loop takes up what is in its stream, keeps its order, and leaves the other alone.
    #[tokio::test(start_paused = true)]
    async fn a_relay_works_on_its_stream_alone() {
        let store = MemoryStore::new().on_clock(Arc::new(Still));
        let kinds = [("event", "Opened"), ("request", "Call"), ("request", "Write"), ("event", "Closed")];
        let messages = (0..).zip(kinds).map(|(version, (role, name))| message(role, name, version)).collect();
        store.commit(vec![Unit { messages, ..Unit::default() }]).await.unwrap();
        let (broker, wake) = (InProcess::default(), Wake::default());
        let (sender, mut arrived) = mpsc::unbounded_channel();
        let all = kinds.map(|(_, name)| name);
        tokio::spawn(broker.subscribe(&all, NonZeroUsize::MIN).serve(move |message| {
            sender.send(message.kind.clone()).unwrap();
            async { Ok(()) }
        }));
        let rounds =
            [(Stream::Requests, ["Call", "Write"], [2, 0]), (Stream::Events, ["Opened", "Closed"], [0, 0])];
        for (stream, expected, left) in rounds {
            let carrier = Publishing { publisher: Arc::new(broker.clone()), source: "/t".to_owned() };
            let (outbox, carrier) = (Arc::new(store.clone()), Arc::new(carrier));
            let (keep_published, prune_every) = (Duration::ZERO, Duration::from_secs(1));
            let options = RelayOptions { keep_published, prune_every, ..RelayOptions::default() };
            let relay = Relay::carry(outbox, stream, carrier, &wake, &Ports::system(), options).unwrap();
            for name in expected {
                assert_eq!(arrived.recv().await.unwrap(), name);
            }
            // Held time, in which it is pruned several times.
            tokio::time::sleep(prune_every * 3).await;
            relay.stop().await;
            assert!(arrived.try_recv().is_err());
            assert_eq!((relay.metrics().published, relay.metrics().pruned), (2, 2));
            for (stream, left) in Stream::ALL.into_iter().zip(left) {
                assert_eq!(store.outbox_stats(stream).await.unwrap().pending, left);
            }
        }
    }
}
