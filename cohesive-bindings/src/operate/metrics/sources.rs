//! The sources that are ready-made.

use std::sync::Arc;

use super::family::{Family, Value};
use super::{MetricsOptions, Source};
use crate::consumer::Consumer;
use crate::node::{Activity, Distribution, Node};
use crate::operate::probe::Probe;
use crate::relay::RelayMetrics;
use crate::store::inbox::{Inbox, InboxStats};
use crate::store::outbox::{Outbox, OutboxStats, Stream};
use crate::store::{BoxFuture, StoreError};

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

fn ready(families: Vec<Family>) -> BoxFuture<'static, Vec<Family>> {
    Box::pin(async move { families })
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
        ready(vec![
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
        ])
    }
}

/// Labels and their values.
pub(super) type Labels<'a> = &'a [(&'static str, &'a str)];

/// Numbers that a store counts when it is asked.
pub(super) struct Sampled<T> {
    pub(super) numbers: Probe<Option<T>>,
    pub(super) options: MetricsOptions,
    /// What says whether they were got, and its label.
    pub(super) success: Family,
    pub(super) label: Option<(&'static str, &'static str)>,
    pub(super) show: fn(&T, Labels) -> Vec<Family>,
}

impl<T: Clone + Send + Sync + 'static> Source for Sampled<T> {
    fn families(&self) -> BoxFuture<'_, Vec<Family>> {
        let MetricsOptions { timeout, keep } = self.options;
        Box::pin(async move {
            let numbers = self.numbers.answer(timeout, keep).await.ok().flatten();
            let label = self.label.as_slice();
            let mut families = vec![self.success.clone().with(label, u64::from(numbers.is_some()))];
            families.extend(numbers.iter().flat_map(|numbers| (self.show)(numbers, label)));
            families
        })
    }
}

pub(super) fn told<T>(numbers: Result<T, StoreError>) -> Option<T> {
    numbers.inspect_err(|error| tracing::warn!(failure = error.kind.word(), "no numbers")).ok()
}

/// One stream of an outbox.
pub(super) fn of_outbox(
    outbox: Arc<dyn Outbox>,
    stream: Stream,
    options: MetricsOptions,
) -> Sampled<OutboxStats> {
    let numbers = Probe::new(move || {
        let outbox = Arc::clone(&outbox);
        Box::pin(async move { told(outbox.outbox_stats(stream).await) })
    });
    let success = Family::gauge(
        "cohesive_outbox_sampled",
        "Whether the store told the numbers of this stream in time; without, they are left out.",
    );
    let name = match stream {
        Stream::Events => "events",
        Stream::Requests => "requests",
    };
    Sampled { numbers, options, success, label: Some(("stream", name)), show: outbox_numbers }
}

fn outbox_numbers(stats: &OutboxStats, label: Labels) -> Vec<Family> {
    let claimed: u64 = stats.claimed.iter().map(|(_, count)| count).sum();
    let age = stats.oldest.unwrap_or_default().as_secs_f64();
    let gauge = |name, help, value: Value| Family::gauge(name, help).with(label, value);
    vec![
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
        gauge("cohesive_outbox_parked_entities", "Entities that wait for an operator.", stats.parked.into()),
        gauge(
            "cohesive_outbox_claimed_messages",
            "Messages that relays have claimed and not settled.",
            claimed.into(),
        ),
    ]
}

pub(super) fn of_inbox(inbox: Arc<dyn Inbox>, options: MetricsOptions) -> Sampled<InboxStats> {
    let numbers = Probe::new(move || {
        let inbox = Arc::clone(&inbox);
        Box::pin(async move { told(inbox.inbox_stats().await) })
    });
    let success = Family::gauge(
        "cohesive_inbox_sampled",
        "Whether the store told the numbers of its inbox in time; without, they are left out.",
    );
    Sampled { numbers, options, success, label: None, show: inbox_numbers }
}

fn inbox_numbers(stats: &InboxStats, label: Labels) -> Vec<Family> {
    let gauge = |name, help, value: u64| Family::gauge(name, help).with(label, value);
    vec![
        gauge("cohesive_inbox_known_messages", "Messages that are known one by one.", stats.receipts),
        gauge("cohesive_inbox_parked_deliveries", "Deliveries that wait for an operator.", stats.parked),
        gauge("cohesive_inbox_tried_deliveries", "Deliveries whose starts are counted.", stats.attempts),
    ]
}

/// A relay, or what performs effects: numbers, and whether its loop is there.
pub(super) struct OfCarrier<C> {
    pub(super) name: String,
    pub(super) carrier: C,
    pub(super) metrics: fn(&C) -> RelayMetrics,
    pub(super) has_ended: fn(&C) -> bool,
    pub(super) words: Words,
}

/// How numbers are called.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// What they all begin with, and the label of the name.
    pub(super) who: &'static str,
    /// What is carried.
    pub(super) what: &'static str,
    /// What it is once that succeeded.
    pub(super) done: &'static str,
}

impl<C: Send + Sync + 'static> Source for OfCarrier<C> {
    fn families(&self) -> BoxFuture<'_, Vec<Family>> {
        let (metrics, up) = ((self.metrics)(&self.carrier), !(self.has_ended)(&self.carrier));
        let Words { who, what, done } = self.words;
        let label = (who, self.name.as_str());
        let counter = |rest: &str, help: &str, count: u64| {
            let name = format!("cohesive_{who}_{rest}_total");
            Family::counter(name, help.to_owned()).with(&[label], count)
        };
        let gauge = |rest: &str, help: &str, count: u64| {
            Family::gauge(format!("cohesive_{who}_{rest}"), help.to_owned()).with(&[label], count)
        };
        let failures = Family::counter(
            format!("cohesive_{who}_failures_total"),
            "Attempts that failed, by whether that may pass.",
        );
        ready(vec![
            gauge("up", "Whether its loop is there.", u64::from(up)),
            counter("rounds", "Turns of its loop.", metrics.rounds),
            counter(&format!("claimed_{what}"), "Claimed, each time counted.", metrics.claimed),
            counter("attempts", "Attempts.", metrics.attempts),
            counter(&format!("{done}_{what}"), "Done for good.", metrics.published),
            failures
                .with(&[label, ("class", "transient")], metrics.failed)
                .with(&[label, ("class", "permanent")], metrics.refused),
            counter(&format!("retried_{what}"), "Failures that are tried again.", metrics.retried),
            counter(&format!("parked_{what}"), "Left for an operator.", metrics.parked),
            counter(&format!("returned_{what}"), "Given back untried.", metrics.returned),
            counter(
                &format!("fenced_{what}"),
                "In another's lane by the time that they were to be recorded.",
                metrics.fenced,
            ),
            counter(&format!("pruned_{what}"), "Removed after their time.", metrics.pruned),
            counter("lanes_taken", "Leases of lanes taken.", metrics.lanes_taken),
            counter("lanes_lost", "Leases lost to another.", metrics.lanes_lost),
            counter("store_failures", "Calls of the store that failed.", metrics.store_failures),
            gauge("lanes", "Lanes held.", metrics.lanes),
            gauge(&format!("in_flight_{what}"), "Under way.", metrics.in_flight),
            gauge(&format!("unsettled_{what}"), "Ended, and not recorded yet.", metrics.unsettled),
            gauge(
                "failing_entities",
                "Entities whose last attempt failed, since anything succeeded.",
                metrics.failing,
            ),
        ])
    }
}

pub(super) struct OfConsumer(pub(super) String, pub(super) Consumer);

impl Source for OfConsumer {
    fn families(&self) -> BoxFuture<'_, Vec<Family>> {
        let metrics = self.1.metrics();
        let label = ("consumer", self.0.as_str());
        let counter = |name, help, count: u64| Family::counter(name, help).with(&[label], count);
        let gauge = |name, help, count: u64| Family::gauge(name, help).with(&[label], count);
        ready(vec![
            gauge("cohesive_consumer_up", "Whether its loop is there.", u64::from(!self.1.has_ended())),
            counter("cohesive_consumer_received_messages_total", "Messages received.", metrics.received),
            counter("cohesive_consumer_applied_messages_total", "Messages applied.", metrics.applied),
            counter("cohesive_consumer_repeated_messages_total", "Applied before.", metrics.repeated),
            counter("cohesive_consumer_early_attempts_total", "Attempts that came too early.", metrics.early),
            counter("cohesive_consumer_parked_messages_total", "Left for an operator.", metrics.parked),
            counter("cohesive_consumer_unfollowed_messages_total", "Followed by nobody.", metrics.unfollowed),
            counter(
                "cohesive_consumer_failures_total",
                "Calls of the node or the store that failed.",
                metrics.failures,
            ),
            counter(
                "cohesive_consumer_receive_failures_total",
                "Calls of the broker that failed.",
                metrics.receive_failures,
            ),
            counter(
                "cohesive_consumer_unacknowledged_messages_total",
                "Handled, and the broker did not take the answer.",
                metrics.unacknowledged,
            ),
            counter("cohesive_consumer_returned_messages_total", "Given back unfinished.", metrics.returned),
            gauge("cohesive_consumer_in_hand_messages", "Messages at hand.", metrics.in_hand),
            Family::gauge(
                "cohesive_consumer_oldest_age_seconds",
                "How long ago the first recorded message at hand was recorded; 0 when there is none.",
            )
            .with(&[label], metrics.oldest.unwrap_or_default().as_secs_f64()),
        ])
    }
}
