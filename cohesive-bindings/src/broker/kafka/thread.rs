//! The threads that serve a member's connection: one polls, and librdkafka's callbacks run in it; one commits.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::config::{FromClientConfigAndContext as _, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::Message as _;
use rdkafka::topic_partition_list::Offset;
use rdkafka::{ClientConfig, ClientContext, TopicPartitionList};
use tokio::sync::watch;

use super::book::{Book, Committed, Place};
use super::client::{create, log};
use super::read::record;
use super::subscriber::{End, Shared, list};
use crate::broker::BrokerError;

/// How long a poll waits for something to come, and how long when room for more is looked for.
const POLL: Duration = Duration::from_millis(100);
const POLL_PAUSED: Duration = Duration::from_millis(5);
/// How long to wait before a client that has failed for good is replaced.
const REPLACE: Duration = Duration::from_secs(1);
/// How long to wait after a commit that failed.
const AGAIN: Duration = Duration::from_millis(200);
/// How long to wait for offsets that are read back.
const READ_BACK: Duration = Duration::from_secs(10);

/// What librdkafka calls, in the thread that polls.
pub(super) struct Member {
    shared: Arc<Shared>,
}

type Consumption = BaseConsumer<Member>;

/// Starts the thread. The receiver tells when it has ended.
pub(super) fn start(config: ClientConfig, shared: Arc<Shared>) -> Result<watch::Receiver<bool>, BrokerError> {
    let (ended, watched) = watch::channel(false);
    let consumer = join(&config, &shared)?;
    let body = move || {
        std::thread::scope(|scope| {
            scope.spawn(|| commits(&shared));
            serve(&config, &shared, consumer);
            shared.stop_commits();
        });
        ended.send_replace(true);
    };
    let thread = std::thread::Builder::new().name("kafka".to_owned()).spawn(body);
    thread.map(|_| watched).map_err(|error| BrokerError::unreachable("the group cannot be joined", error))
}

/// Makes a client that is a member of the group.
fn join(config: &ClientConfig, shared: &Arc<Shared>) -> Result<Arc<Consumption>, BrokerError> {
    let member = Member { shared: Arc::clone(shared) };
    let consumer = create(config, |config| BaseConsumer::from_config_and_context(config, member))?;
    consumer
        .subscribe(&[&shared.options.topic])
        .map_err(|error| BrokerError::unreachable("the group cannot be joined", error))?;
    Ok(Arc::new(consumer))
}

fn serve(config: &ClientConfig, shared: &Arc<Shared>, first: Arc<Consumption>) {
    let mut consumer = Some(first);
    loop {
        if let Some(consumer) = consumer.take() {
            shared.set_consumer(Some(Arc::clone(&consumer)));
            poll(shared, &consumer);
            shared.set_consumer(None);
            // This leaves the group, gives the partitions back, and waits for both.
            drop(consumer);
            shared.with(Book::revoke_all);
        }
        if shared.end().is_some() {
            return;
        }
        std::thread::sleep(REPLACE);
        match join(config, shared) {
            Ok(fresh) => consumer = Some(fresh),
            Err(flaw) => shared.fail(flaw.to_string()),
        }
    }
}

/// Polls until the end is called for, or the client has failed for good.
fn poll(shared: &Shared, consumer: &Consumption) {
    while shared.end().is_none() {
        let paused = shared.with(|book| book.is_paused());
        let polled = consumer.poll(if paused { POLL_PAUSED } else { POLL });
        match polled {
            None => {}
            Some(Ok(message)) => {
                let place = (message.topic().to_owned(), message.partition());
                let record = record(&message, &shared.subscription.kinds);
                if !shared.change(|book| book.arrive(&place, record)) {
                    tracing::debug!(?place, "kafka: a message of a partition that is not ours is left out");
                }
            }
            Some(Err(error)) => {
                if matters(&error) {
                    shared.fail(error.to_string());
                }
                if matches!(error, KafkaError::MessageConsumptionFatal(_)) {
                    tracing::error!(%error, "kafka: the consumer has failed for good, and another one takes its place");
                    return;
                }
            }
        }
        let (pause, resume) = shared.with(Book::flow);
        flow(&pause, |places| consumer.pause(places));
        flow(&resume, |places| consumer.resume(places));
    }
}

fn flow(places: &[Place], act: impl FnOnce(&TopicPartitionList) -> KafkaResult<()>) {
    if places.is_empty() {
        return;
    }
    let mut list = TopicPartitionList::with_capacity(places.len());
    for (topic, partition) in places {
        list.add_partition(topic, *partition);
    }
    if let Err(error) = act(&list) {
        tracing::warn!(%error, "kafka: a partition could not be paused or resumed");
    }
}

/// Whether a receiver has to hear of it. A single broker that is away is librdkafka's affair.
fn matters(error: &KafkaError) -> bool {
    use RDKafkaErrorCode::{BrokerTransportFailure, OperationTimedOut, Resolve};
    let code = error.rdkafka_error_code();
    !code.is_some_and(|code| [BrokerTransportFailure, OperationTimedOut, Resolve].contains(&code))
}

/// The partitions of a list.
fn places(list: &TopicPartitionList) -> Vec<Place> {
    list.elements().iter().map(|element| (element.topic().to_owned(), element.partition())).collect()
}

impl ClientContext for Member {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        log(level, facility, text);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "kafka");
    }
}

impl ConsumerContext for Member {
    fn pre_rebalance(&self, consumer: &Consumption, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => {
                let places = places(list);
                tracing::info!(?places, "kafka: partitions come");
                self.shared.with(|book| places.into_iter().for_each(|place| book.assign(place)));
            }
            Rebalance::Revoke(list) => self.leave(consumer, &places(list)),
            Rebalance::Error(error) => tracing::error!(%error, "kafka: the group cannot be balanced"),
        }
    }

    fn post_rebalance(&self, consumer: &Consumption, rebalance: &Rebalance<'_>) {
        if let Rebalance::Assign(list) = rebalance {
            // One that was paused when it went comes back paused.
            flow(&places(list), |places| consumer.resume(places));
        }
    }
}

impl Member {
    /// Partitions go to other members: what is in hand is waited for, and what was accepted is committed before.
    fn leave(&self, consumer: &Consumption, places: &[Place]) {
        let lost = consumer.assignment_lost();
        tracing::info!(?places, lost, "kafka: partitions go");
        self.shared.with(|book| book.leave(places));
        if !lost {
            if self.shared.end() != Some(End::AtOnce) {
                self.shared.wait_for(places);
            }
            self.commit(consumer, places);
        }
        self.shared.with(|book| places.iter().for_each(|place| book.revoke(place)));
    }

    fn commit(&self, consumer: &Consumption, places: &[Place]) {
        let positions = self.shared.with(|book| book.positions(places));
        let offsets: Vec<_> =
            positions.iter().map(|(place, _, position)| (place.clone(), *position)).collect();
        let results = commit(consumer, &offsets);
        self.shared.with(|book| {
            for ((place, assignment, position), result) in positions.iter().zip(results) {
                let result = result.unwrap_or_else(|| Err("the group has changed meanwhile".to_owned()));
                if let Err(error) = &result {
                    tracing::warn!(
                        ?place,
                        error,
                        "kafka: the last offset of a partition that goes is not committed"
                    );
                }
                book.committed(place, *assignment, *position, &result);
            }
        });
    }
}

/// Commits what may be committed, one request at a time.
fn commits(shared: &Shared) {
    while let Some(offsets) = shared.due() {
        let results = shared.consumer(|consumer| match consumer {
            Some(consumer) => commit(consumer, &offsets),
            // It has just gone; what is left is committed on the way.
            None => vec![None; offsets.len()],
        });
        let results: BTreeMap<&Place, _> = offsets.iter().map(|(place, _)| place).zip(results).collect();
        // There may be room for more now.
        shared.change(|book| book.end_commit(|place| results.get(place).cloned().flatten()));
        if results.values().any(|result| *result != Some(Ok(()))) {
            std::thread::sleep(AGAIN);
        }
    }
}

/// Commits offsets and waits for the answer, which it gives for each; `None` where it has to be tried again.
///
/// librdkafka tells nobody of an asynchronous commit that was asked for by hand, where events are used, and a
/// synchronous one of several partitions counts as a success when one of them succeeds. So the offsets are read back
/// then.
fn commit(consumer: &Consumption, offsets: &[(Place, i64)]) -> Vec<Option<Committed>> {
    if offsets.is_empty() {
        return Vec::new();
    }
    let committed = list(offsets).and_then(|list| {
        consumer.commit(&list, CommitMode::Sync)?;
        if offsets.len() == 1 { Ok(list) } else { consumer.committed_offsets(list, READ_BACK) }
    });
    let result = |((topic, partition), offset): &(Place, i64)| match &committed {
        Err(error) if is_between_generations(error) => None,
        Err(error) => Some(Err(error.to_string())),
        Ok(list) => match list.find_partition(topic, *partition).map(|element| element.offset()) {
            Some(Offset::Offset(there)) if there >= *offset => Some(Ok(())),
            there => Some(Err(format!("the offset {offset} was committed, and {there:?} is there"))),
        },
    };
    offsets.iter().map(result).collect()
}

/// Whether the commit overlapped with a change of the group. The partition may still be ours, or about to be revoked.
fn is_between_generations(error: &KafkaError) -> bool {
    use RDKafkaErrorCode::{IllegalGeneration, RebalanceInProgress, UnknownMemberId};
    let code = error.rdkafka_error_code();
    code.is_some_and(|code| [IllegalGeneration, RebalanceInProgress, UnknownMemberId].contains(&code))
}
