//! What a process counts and measures, for whoever watches it.

mod family;
mod sources;
mod text;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use family::{Family, Kind, Sample, Value};
pub use text::MEDIA_TYPE;

use super::probe::all;
use crate::node::Node;
use crate::relay::Relay;
use crate::store::BoxFuture;
use crate::store::outbox::Outbox;

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

    /// Adds the numbers of an outbox: what is pending, for how long, what waits and what is parked.
    ///
    /// The store counts them when somebody asks, at most once at a time and once in [`MetricsOptions::keep`].
    pub fn outbox(&self, outbox: Arc<dyn Outbox>) {
        self.add(sources::OfOutbox::new(outbox, self.options));
    }

    /// Adds the numbers of a relay, labelled with this name. No two relays of a process have the same.
    pub fn relay(&self, name: impl Into<String>, relay: &Relay) {
        self.add(sources::OfRelay(name.into(), relay.clone()));
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
