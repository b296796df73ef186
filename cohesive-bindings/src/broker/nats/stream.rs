//! The stream and its consumers: made if they are absent, checked if they are there.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::context::{Context, GetStreamErrorKind};
use async_nats::jetstream::stream::{Config, PersistenceMode, RetentionPolicy, StorageType};
use async_nats::jetstream::{ErrorCode, consumer};

use super::options::{NatsOptions, NatsSubscription};
use super::subject::filter;
use crate::broker::connect::BrokerError;

const RESTART: &str = "a restart of the server loses acknowledged messages";
const AWAY: &str = "a subscription that is away for longer loses messages";
const FULL: &str =
    "a full stream drops messages that nobody has taken, or refuses new ones until they are parked";
const ALL: &str = "messages vanish before every subscription has taken them";
const ORDER: &str = "the order of an entity's messages when a receiver dies";

/// What a stream that is there allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// How many bytes a message may have, where the stream says so.
    pub(super) max_message: Option<usize>,
    /// For how long messages are kept; `None` for ever.
    pub(super) keep: Option<Duration>,
}

/// Makes the stream, or checks the one that is there.
pub(super) async fn ensure_stream(context: &Context, options: &NatsOptions) -> Result<Found, BrokerError> {
    let mut config = match context.get_stream(&options.stream).await {
        Ok(stream) => stream.cached_info().config.clone(),
        Err(error) if is_absent(error.kind()) => {
            let made = context.create_stream(wanted(options)).await;
            let stream = made.map_err(|error| failed("the stream cannot be made", error))?;
            stream.cached_info().config.clone()
        }
        Err(error) => return Err(failed("the stream cannot be read", error)),
    };
    check(&config, options)?;
    if config.max_age.is_zero() {
        config.max_age = Duration::MAX;
    }
    Ok(Found {
        max_message: usize::try_from(config.max_message_size).ok().filter(|most| *most > 0),
        keep: Some(config.max_age).filter(|keep| *keep < Duration::MAX),
    })
}

fn is_absent(kind: GetStreamErrorKind) -> bool {
    matches!(kind, GetStreamErrorKind::JetStream(error) if error.error_code() == ErrorCode::STREAM_NOT_FOUND)
}

fn failed(message: &str, error: impl std::error::Error + Send + Sync + 'static) -> BrokerError {
    BrokerError::unreachable(message, error)
}

fn wanted(options: &NatsOptions) -> Config {
    Config {
        name: options.stream.clone(),
        subjects: vec![format!("{}.>", options.prefix)],
        storage: StorageType::File,
        retention: RetentionPolicy::Limits,
        max_age: options.keep,
        duplicate_window: options.duplicate_window,
        num_replicas: options.replicas,
        description: Some(description(options)),
        max_messages: -1,
        max_bytes: -1,
        max_messages_per_subject: -1,
        max_consumers: -1,
        max_message_size: -1,
        ..Config::default()
    }
}

/// Where the number of partitions is kept: a subscriber that counts otherwise would miss whole partitions.
fn description(options: &NatsOptions) -> String {
    format!("cohesive partitions={}", options.partitions)
}

fn check(found: &Config, options: &NatsOptions) -> Result<(), BrokerError> {
    let subject = format!("{}.>", options.prefix);
    let limits =
        [found.max_messages, found.max_bytes, found.max_messages_per_subject].iter().any(|limit| *limit > 0);
    let said = found.description.clone().unwrap_or_default();
    let flaws = [
        (found.storage != StorageType::File, "it is kept in memory".to_owned(), RESTART),
        (
            found.persist_mode == Some(PersistenceMode::Async),
            "it is written after the answer".to_owned(),
            RESTART,
        ),
        (found.no_ack, "it does not acknowledge".to_owned(), "every answer of the broker"),
        (
            found.sealed || found.mirror.is_some(),
            "nothing can be published to it".to_owned(),
            "every message",
        ),
        (
            !found.subjects.contains(&subject),
            format!("it takes {:?}, and not `{subject}`", found.subjects),
            "messages that it does not take",
        ),
        (found.retention != RetentionPolicy::Limits, format!("its retention is {:?}", found.retention), ALL),
        (limits, format!("it has a limit, and discards {:?} messages", found.discard), FULL),
        (
            !found.max_age.is_zero() && found.max_age < options.keep,
            format!("it keeps messages for {:?}, and `keep` is {:?}", found.max_age, options.keep),
            AWAY,
        ),
        (
            found.duplicate_window < options.duplicate_window,
            format!(
                "it recognises repeats for {:?}, and not {:?}",
                found.duplicate_window, options.duplicate_window
            ),
            "the recognition of repeats by the server",
        ),
        (
            found.num_replicas < options.replicas,
            format!("it has {} replicas, and not {}", found.num_replicas, options.replicas),
            "messages that were acknowledged, when servers are lost",
        ),
        (
            said != description(options),
            format!("its description is `{said}`, and not `{}`", description(options)),
            "the messages of partitions that a subscriber does not know, or their order",
        ),
    ];
    let what = || format!("stream `{}`", options.stream);
    match flaws.into_iter().find(|(is_flawed, ..)| *is_flawed) {
        Some((_, flaw, lost)) => Err(BrokerError::unfit(what(), flaw, lost)),
        None => Ok(()),
    }
}

/// Makes the consumer of a partition, or checks the one that is there.
pub(super) async fn ensure_consumer(
    context: &Context,
    options: &NatsOptions,
    subscription: &NatsSubscription,
    partition: u16,
) -> Result<(), BrokerError> {
    let name = consumer_name(&subscription.name, partition);
    let wanted = pull::Config {
        durable_name: Some(name.clone()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: subscription.hold,
        max_deliver: -1,
        filter_subject: filter(&options.prefix, partition),
        max_ack_pending: 1,
        ..pull::Config::default()
    };
    let there: Result<consumer::PullConsumer, _> =
        context.get_consumer_from_stream(name.as_str(), &options.stream).await;
    if let Ok(there) = there {
        let found = &there.cached_info().config;
        check_consumer(found, &wanted, &name)?;
        if found.ack_wait == wanted.ack_wait {
            return Ok(());
        }
    }
    // One that is there is changed in how long it waits, and in nothing else.
    let made = context.create_consumer_on_stream(wanted.clone(), &options.stream).await;
    let made = made.map_err(|error| failed("a consumer cannot be made", error))?;
    check_consumer(&made.cached_info().config, &wanted, &name)
}

/// The consumer of a partition.
pub(super) fn consumer_name(subscription: &str, partition: u16) -> String {
    format!("{subscription}-{partition:02}")
}

fn check_consumer(found: &consumer::Config, wanted: &pull::Config, name: &str) -> Result<(), BrokerError> {
    let flaws = [
        (
            found.max_ack_pending != 1,
            format!("it hands out {} messages at once", found.max_ack_pending),
            ORDER,
        ),
        (
            found.ack_policy != AckPolicy::Explicit,
            format!("its policy is {:?}", found.ack_policy),
            "unhandled messages",
        ),
        (
            found.max_deliver > 0,
            format!("it gives up after {} deliveries", found.max_deliver),
            "unhandled messages",
        ),
        (
            found.memory_storage,
            "it is kept in memory".to_owned(),
            "what was accepted, at a restart of the server",
        ),
        (
            found.filter_subject != wanted.filter_subject,
            format!("it reads `{}`, and not `{}`", found.filter_subject, wanted.filter_subject),
            "messages that it does not read",
        ),
    ];
    match flaws.into_iter().find(|(is_flawed, ..)| *is_flawed) {
        Some((_, flaw, lost)) => Err(BrokerError::unfit(format!("consumer `{name}`"), flaw, lost)),
        None => Ok(()),
    }
}
