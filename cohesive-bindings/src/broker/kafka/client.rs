//! What both directions share: messages of librdkafka for the log, and the errors it gives.

use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::{ClientConfig, ClientContext};

use super::options::KafkaFlaw;
use crate::broker::PublishError;

/// Hands what librdkafka says to `tracing`.
pub(super) struct Logged;

impl ClientContext for Logged {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        log(level, facility, text);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "kafka");
    }
}

pub(super) fn log(level: RDKafkaLogLevel, facility: &str, text: &str) {
    match level {
        RDKafkaLogLevel::Emerg
        | RDKafkaLogLevel::Alert
        | RDKafkaLogLevel::Critical
        | RDKafkaLogLevel::Error => {
            tracing::error!(facility, text, "kafka");
        }
        RDKafkaLogLevel::Warning => tracing::warn!(facility, text, "kafka"),
        RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => tracing::info!(facility, text, "kafka"),
        RDKafkaLogLevel::Debug => tracing::debug!(facility, text, "kafka"),
    }
}

/// Makes a client. What is wrong with a setting is said without its value, which may be a secret.
pub(super) fn create<T>(
    config: &ClientConfig,
    create: impl FnOnce(&ClientConfig) -> Result<T, KafkaError>,
) -> Result<T, KafkaFlaw> {
    create(config).map_err(|error| match error {
        KafkaError::ClientConfig(_, reason, name, _) => KafkaFlaw::Setting { name, reason },
        other => KafkaFlaw::Client(other.to_string()),
    })
}

/// Whether trying again can help. Permanent is what is wrong with this very message; what is wrong with the topic,
/// the cluster or the right to use it concerns every message, and an operator may mend it.
pub(super) fn refused(error: KafkaError) -> PublishError {
    use RDKafkaErrorCode::{
        InvalidMessageSize, InvalidRecord, InvalidTimestamp, MessageSizeTooLarge, PolicyViolation,
    };
    let own = [InvalidMessageSize, InvalidRecord, InvalidTimestamp, MessageSizeTooLarge, PolicyViolation];
    let permanent = error.rdkafka_error_code().is_some_and(|code| own.contains(&code));
    let text = if permanent { "Kafka refused the message" } else { "Kafka did not take the message" };
    if permanent { PublishError::permanent(text) } else { PublishError::transient(text) }.because(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::ErrorClass;

    // A121
    #[test]
    fn only_the_message_itself_is_refused_for_good() {
        use RDKafkaErrorCode::{
            AllBrokersDown, Fatal, MessageSizeTooLarge, MessageTimedOut, NotEnoughReplicas, PurgeQueue,
            QueueFull, TopicAuthorizationFailed, UnknownTopicOrPartition,
        };
        let class = |code| refused(KafkaError::MessageProduction(code)).class;
        assert_eq!(class(MessageSizeTooLarge), ErrorClass::Permanent);
        for code in [
            AllBrokersDown,
            Fatal,
            MessageTimedOut,
            NotEnoughReplicas,
            PurgeQueue,
            QueueFull,
            TopicAuthorizationFailed,
            UnknownTopicOrPartition,
        ] {
            assert_eq!(class(code), ErrorClass::Transient, "{code:?}");
        }
    }

    #[test]
    fn flaws_of_settings_show_no_value() {
        let mut config = ClientConfig::new();
        config.set("sasl.password.typo", "the secret");
        let flaw = create(&config, ClientConfig::create::<rdkafka::producer::BaseProducer>).err().unwrap();
        assert!(flaw.to_string().contains("sasl.password.typo"), "{flaw}");
        assert!(!flaw.to_string().contains("the secret"), "{flaw}");
    }
}
