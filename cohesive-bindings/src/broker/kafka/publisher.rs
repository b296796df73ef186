//! Publishing: one record for one message, acknowledged by all replicas in sync.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{DeliveryFuture, FutureProducer, FutureRecord, Producer as _};

use super::client::{Logged, create, refused};
use super::options::{KafkaFlaw, KafkaPublisherOptions};
use super::{NAME, PREFIX};
use crate::broker::{PublishError, Publisher};
use crate::envelope::{Envelope, HeaderText};
use crate::store::BoxFuture;

/// How long to wait for room in librdkafka's queue before it is asked again.
const FULL: Duration = Duration::from_millis(10);

/// A producer, which is ended where that disturbs nobody: its end waits for its threads.
struct Producer(Option<FutureProducer<Logged>>);

impl Producer {
    fn new(config: &ClientConfig) -> Result<Self, KafkaFlaw> {
        let new = |config: &ClientConfig| FutureProducer::from_config_and_context(config, Logged);
        create(config, new).map(|producer| Self(Some(producer)))
    }

    fn has_failed(&self) -> bool {
        self.0.as_ref().is_some_and(|producer| producer.client().fatal_error().is_some())
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        if let Some(producer) = self.0.take() {
            // Without a thread, it ends here: slow, and not wrong.
            drop(std::thread::Builder::new().name("kafka-end".to_owned()).spawn(move || drop(producer)));
        }
    }
}

/// Publishes to a topic of Kafka, with an idempotent producer: what librdkafka repeats by itself is neither doubled
/// nor reordered. What a relay repeats may be doubled, as everywhere.
pub struct KafkaPublisher {
    options: KafkaPublisherOptions,
    config: ClientConfig,
    producer: Mutex<Arc<Producer>>,
    /// Whoever waits for room in the queue holds it, so that those who come later do not overtake.
    turn: tokio::sync::Mutex<()>,
}

impl KafkaPublisher {
    /// A publisher with these options. It connects by itself, now and whenever the connection is lost.
    ///
    /// # Errors
    /// When an option or a setting is not usable. Whether the cluster is there shows when something is published.
    pub fn new(options: KafkaPublisherOptions) -> Result<Self, KafkaFlaw> {
        let config = options.config()?;
        let producer = Mutex::new(Arc::new(Producer::new(&config)?));
        Ok(Self { options, config, producer, turn: tokio::sync::Mutex::new(()) })
    }

    fn producer(&self) -> Arc<Producer> {
        Arc::clone(&self.producer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another producer in the place of one that has given up: after a fatal error, librdkafka sends nothing more.
    fn renew(&self, failed: &Arc<Producer>) -> Result<(), PublishError> {
        let mut current = self.producer.lock().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&current, failed) {
            let flawed = |flaw| PublishError::transient("Kafka's client has failed").because(flaw);
            *current = Arc::new(Producer::new(&self.config).map_err(flawed)?);
            tracing::error!("kafka: the producer has failed for good, and another one takes its place");
        }
        Ok(())
    }

    /// Waits for room in librdkafka's queue. Those who wait stay in order.
    async fn enqueue(&self, producer: &Producer, message: &Envelope) -> Result<DeliveryFuture, KafkaError> {
        let _turn = self.turn.lock().await;
        let mut headers = OwnedHeaders::new();
        for (name, value) in message.headers(PREFIX, HeaderText::Utf8) {
            headers = headers.insert(Header { key: &name, value: Some(&value) });
        }
        let mut record = FutureRecord::to(&self.options.topic)
            .key(&message.partition_key)
            .payload(&message.data)
            .headers(headers);
        loop {
            let Some(producer) = &producer.0 else { return Err(KafkaError::Canceled) };
            match producer.send_result(record) {
                Ok(delivery) => return Ok(delivery),
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), returned)) => {
                    record = returned;
                }
                Err((error, _)) => return Err(error),
            }
            tokio::time::sleep(FULL).await;
        }
    }

    async fn send(&self, message: &Envelope) -> Result<(), PublishError> {
        if message.partition_key.is_empty() {
            return Err(PublishError::permanent("the partition key is empty"));
        }
        let (size, most) = (message.size(), self.options.max_message());
        if size > most {
            return Err(PublishError::permanent(format!(
                "the message has {size} bytes, and {most} are possible"
            )));
        }
        let producer = self.producer();
        let answer = match self.enqueue(&producer, message).await {
            Ok(delivery) => delivery.await.map(|answer| answer.map_err(|(error, _)| error)),
            Err(error) => Ok(Err(error)),
        };
        match answer {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                if producer.has_failed() {
                    self.renew(&producer)?;
                }
                Err(refused(error))
            }
            Err(_) => Err(PublishError::transient("Kafka's client has ended without an answer")),
        }
    }
}

impl Publisher for KafkaPublisher {
    fn name(&self) -> &'static str {
        NAME
    }

    fn max_message(&self) -> usize {
        self.options.max_message()
    }

    fn publish<'a>(&'a self, message: &'a Envelope) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(self.send(message))
    }
}
