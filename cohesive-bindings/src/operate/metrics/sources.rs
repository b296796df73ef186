//! The sources that are ready-made.

use std::sync::Arc;

use super::family::{Family, Value};
use super::{MetricsOptions, Source};
use crate::node::{Activity, Distribution, Node};
use crate::operate::probe::Probe;
use crate::relay::Relay;
use crate::store::BoxFuture;
use crate::store::outbox::{Outbox, OutboxStats};

/// A number of microseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "2^53 microseconds are 285 years")]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}

/// A number of inputs.
#[expect(clippy::cast_precision_loss, reason = "numbers of inputs are far below 2^53")]
fn plain(number: u64) -> f64 {
    number as f64
}

fn histogram(distribution: Distribution, unit: fn(u64) -> f64) -> Value {
    let Distribution { bounds, counts, sum } = distribution;
    Value::Histogram { bounds: bounds.iter().map(|bound| unit(*bound)).collect(), counts, sum: unit(sum) }
}

pub(super) struct OfNode(pub(super) Node);

impl Source for OfNode {
    fn families(&self) -> BoxFuture<'_, Vec<Family>> {
        let metrics = self.0.metrics();
        let up = u64::from(self.0.activity() != Activity::Ended);
        let mut inputs =
            Family::counter("cohesive_node_inputs_total", "Inputs by transition and what became of them.");
        // A counter that begins with its first event hides that event, so the most usual outcome is always there.
        for served in self.0.system().entities() {
            for operation in &served.operations {
                let (entity, transition) = (served.model.name(), operation.transition.name);
                let committed = metrics.inputs.iter().any(|input| {
                    (input.entity, input.transition, input.outcome) == (entity, transition, "committed")
                });
                if !committed {
                    let labels = [("entity", entity), ("transition", transition), ("outcome", "committed")];
                    inputs = inputs.with(&labels, 0_u64);
                }
            }
        }
        for input in metrics.inputs {
            let labels =
                [("entity", input.entity), ("transition", input.transition), ("outcome", input.outcome)];
            inputs = inputs.with(&labels, input.count);
        }
        let families = vec![
            Family::gauge("cohesive_node_up", "Whether the loop of the node is there.").with(&[], up),
            inputs,
            Family::counter("cohesive_node_decided_again_total", "Inputs that were decided again.")
                .with(&[], metrics.decided_again),
            Family::histogram("cohesive_node_batch_inputs", "How many inputs one commit took.")
                .with(&[], histogram(metrics.batches, plain)),
            Family::histogram("cohesive_node_commit_duration_seconds", "How long the store took to commit.")
                .with(&[], histogram(metrics.commits, seconds)),
            Family::gauge("cohesive_node_queue_inputs", "Inputs that wait to be taken into a commit.")
                .with(&[], metrics.waiting),
            Family::gauge("cohesive_node_queue_capacity_inputs", "How many inputs may wait.")
                .with(&[], metrics.places),
        ];
        Box::pin(async move { families })
    }
}

pub(super) struct OfOutbox {
    stats: Probe<Option<OutboxStats>>,
    options: MetricsOptions,
}

impl OfOutbox {
    pub(super) fn new(outbox: Arc<dyn Outbox>, options: MetricsOptions) -> Self {
        let stats = Probe::new(move || {
            let outbox = Arc::clone(&outbox);
            Box::pin(async move {
                let stats = outbox.outbox_stats().await;
                stats.inspect_err(|error| tracing::warn!(failure = error.kind.word(), "no numbers")).ok()
            })
        });
        Self { stats, options }
    }
}

impl Source for OfOutbox {
    fn families(&self) -> BoxFuture<'_, Vec<Family>> {
        let MetricsOptions { timeout, keep } = self.options;
        Box::pin(async move {
            let stats = self.stats.answer(timeout, keep).await.ok().flatten();
            let sampled = Family::gauge(
                "cohesive_outbox_sampled",
                "Whether the store told the numbers of its outbox in time; without, the others are left out.",
            );
            let Some(stats) = stats else { return vec![sampled.with(&[], 0_u64)] };
            let claimed: u64 = stats.claimed.iter().map(|(_, count)| count).sum();
            let age = stats.oldest.unwrap_or_default().as_secs_f64();
            let gauge = |name, help, value: Value| Family::gauge(name, help).with(&[], value);
            vec![
                sampled.with(&[], 1_u64),
                gauge(
                    "cohesive_outbox_pending_messages",
                    "Messages that are neither published nor dropped.",
                    stats.pending.into(),
                ),
                gauge(
                    "cohesive_outbox_oldest_age_seconds",
                    "How long ago the first pending message was recorded; 0 when there is none.",
                    age.into(),
                ),
                gauge(
                    "cohesive_outbox_waiting_entities",
                    "Entities that wait for another attempt.",
                    stats.waiting.into(),
                ),
                gauge(
                    "cohesive_outbox_parked_entities",
                    "Entities that wait for an operator.",
                    stats.parked.into(),
                ),
                gauge(
                    "cohesive_outbox_claimed_messages",
                    "Messages that relays have claimed and not settled.",
                    claimed.into(),
                ),
            ]
        })
    }
}

pub(super) struct OfRelay(pub(super) String, pub(super) Relay);

impl Source for OfRelay {
    fn families(&self) -> BoxFuture<'_, Vec<Family>> {
        let metrics = self.1.metrics();
        let relay = ("relay", self.0.as_str());
        let counter = |name, help, count: u64| Family::counter(name, help).with(&[relay], count);
        let gauge = |name, help, count: u64| Family::gauge(name, help).with(&[relay], count);
        let families = vec![
            gauge(
                "cohesive_relay_up",
                "Whether the loop of the relay is there.",
                u64::from(!self.1.has_ended()),
            ),
            counter("cohesive_relay_rounds_total", "Turns of its loop.", metrics.rounds),
            counter("cohesive_relay_claimed_messages_total", "Messages claimed.", metrics.claimed),
            counter("cohesive_relay_attempts_total", "Attempts to publish.", metrics.attempts),
            counter("cohesive_relay_published_messages_total", "Messages published.", metrics.published),
            Family::counter(
                "cohesive_relay_failures_total",
                "Attempts that failed, by whether that may pass.",
            )
            .with(&[relay, ("class", "transient")], metrics.failed)
            .with(&[relay, ("class", "permanent")], metrics.refused),
            counter("cohesive_relay_retried_messages_total", "Failures that are repeated.", metrics.retried),
            counter("cohesive_relay_parked_messages_total", "Messages left for an operator.", metrics.parked),
            counter(
                "cohesive_relay_returned_messages_total",
                "Messages given back untried.",
                metrics.returned,
            ),
            counter(
                "cohesive_relay_fenced_messages_total",
                "Messages whose lane was another relay's by the time that they were to be recorded.",
                metrics.fenced,
            ),
            counter("cohesive_relay_pruned_messages_total", "Published messages removed.", metrics.pruned),
            counter("cohesive_relay_lanes_taken_total", "Leases of lanes taken.", metrics.lanes_taken),
            counter("cohesive_relay_lanes_lost_total", "Leases lost to another relay.", metrics.lanes_lost),
            counter(
                "cohesive_relay_store_failures_total",
                "Calls of the store that failed.",
                metrics.store_failures,
            ),
            gauge("cohesive_relay_lanes", "Lanes held.", metrics.lanes),
            gauge(
                "cohesive_relay_in_flight_messages",
                "Messages that wait for the broker's acknowledgement.",
                metrics.in_flight,
            ),
            gauge(
                "cohesive_relay_unsettled_messages",
                "Messages whose fate is not recorded yet.",
                metrics.unsettled,
            ),
            gauge(
                "cohesive_relay_failing_entities",
                "Entities whose last attempt failed since anything was acknowledged.",
                metrics.failing,
            ),
        ];
        Box::pin(async move { families })
    }
}
