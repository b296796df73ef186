//! What a process counts and measures, for whoever watches it.

mod family;
#[cfg(feature = "postgres")]
mod postgres;
mod sources;
mod text;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use family::{Family, Kind, Sample, Value};
pub use text::MEDIA_TYPE;

use super::probe::all;
use crate::consumer::Consumer;
use crate::effects::EffectRunner;
use crate::node::Node;
use crate::relay::Relay;
use crate::store::BoxFuture;
use crate::store::inbox::Inbox;
use crate::store::outbox::{Outbox, Stream};
use sources::{OfCarrier, Words};

/// Something that counts or measures.
///
/// What it gives is data, so that an exporter of another kind can be written beside the one here.
pub trait Source: Send + Sync + 'static {
    /// The numbers as they are now. Must not take long: what asks others keeps its answers for a moment.
    fn families(&self) -> BoxFuture<'_, Vec<Family>>;
}

/// How numbers are got that a store has to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricsOptions {
    /// How long to wait for the store. What it has not told by then is left out of that answer.
    pub timeout: Duration,
    /// How long the store's answer is given again without asking.
    pub keep: Duration,
}

impl Default for MetricsOptions {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(2), keep: Duration::from_secs(5) }
    }
}

/// The sources of a process. Cloning gives another handle on the same sources; there is no global one.
#[derive(Clone, Default)]
pub struct Metrics {
    sources: Arc<Mutex<Vec<Arc<dyn Source>>>>,
    options: MetricsOptions,
}

impl Metrics {
    /// No sources yet.
    #[must_use]
    pub fn new(options: MetricsOptions) -> Self {
        Self { sources: Arc::default(), options }
    }

    /// Adds a source.
    pub fn add(&self, source: impl Source) {
        self.lock().push(Arc::new(source));
    }

    /// Adds the numbers of a node: inputs by entity, transition and outcome, batches, commits, the queue.
    pub fn node(&self, node: &Node) {
        self.add(sources::OfNode(node.clone()));
    }

    /// Adds the numbers of an outbox by stream: what is pending, for how long, what waits and what is parked.
    ///
    /// The store counts them when somebody asks, at most once at a time and once in [`MetricsOptions::keep`].
    pub fn outbox(&self, outbox: Arc<dyn Outbox>) {
        self.add(sources::of_outbox(Arc::clone(&outbox), Stream::Events, self.options));
        self.add(sources::of_outbox(outbox, Stream::Requests, self.options));
    }

    /// Adds the numbers of an inbox: what is known one by one, what is being tried, what is parked. The store counts
    /// them as those of an outbox.
    pub fn inbox(&self, inbox: Arc<dyn Inbox>) {
        self.add(sources::of_inbox(inbox, self.options));
    }

    /// Adds what a PostgreSQL server has to clean up and what keeps it from that: rows that are old by table, and the age of
    /// the oldest snapshot by who has it (F33). The server is asked as a store is for an outbox.
    #[cfg(feature = "postgres")]
    pub fn postgres(&self, store: Arc<crate::store::postgres::PostgresStore>) {
        self.add(postgres::of_postgres(store, self.options));
    }

    /// Adds the numbers of a relay, labelled with this name. No two relays of a process have the same.
    pub fn relay(&self, name: impl Into<String>, relay: &Relay) {
        self.add(OfCarrier {
            name: name.into(),
            carrier: relay.clone(),
            metrics: Relay::metrics,
            has_ended: Relay::has_ended,
            words: Words { who: "relay", what: "messages", done: "published" },
        });
    }

    /// Adds the numbers of what performs effects, labelled with this name. No two of a process have the same.
    pub fn effects(&self, name: impl Into<String>, effects: &EffectRunner) {
        self.add(OfCarrier {
            name: name.into(),
            carrier: effects.clone(),
            metrics: EffectRunner::metrics,
            has_ended: EffectRunner::has_ended,
            words: Words { who: "effects", what: "requests", done: "performed" },
        });
    }

    /// Adds the numbers of a consumer, labelled with this name. No two of a process have the same.
    pub fn consumer(&self, name: impl Into<String>, consumer: &Consumer) {
        self.add(sources::OfConsumer(name.into(), consumer.clone()));
    }

    /// All numbers as they are now. Those of one name stand together; what is not well formed is left out and logged.
    pub async fn families(&self) -> Vec<Family> {
        let sources = self.lock().clone();
        let asked = sources.into_iter().map(|source| {
            let asked: BoxFuture<'static, _> = Box::pin(async move { source.families().await });
            asked
        });
        family::joined(all(asked.collect()).await.into_iter().flatten())
    }

    /// All numbers in the text format of Prometheus, of the type [`MEDIA_TYPE`].
    pub async fn text(&self) -> String {
        text::text(&self.families().await)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<dyn Source>>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
