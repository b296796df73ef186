//! Every broker passes the one suite; what is particular to one is tried beside it.

#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

#[cfg(any(feature = "nats", feature = "rabbitmq"))]
#[path = "brokers/cuts.rs"]
mod cuts;
#[path = "brokers/in_process.rs"]
mod in_process;
#[cfg(feature = "kafka")]
#[path = "brokers/kafka/mod.rs"]
mod kafka;
#[cfg(feature = "nats")]
#[path = "brokers/nats.rs"]
mod nats;
#[cfg(feature = "rabbitmq")]
#[path = "brokers/rabbitmq.rs"]
mod rabbitmq;

#[cfg(all(feature = "http", feature = "webhook"))]
#[path = "brokers/webhook/mod.rs"]
mod webhook;

#[cfg(any(feature = "nats", feature = "rabbitmq"))]
pub(crate) use messages::{Change, KIND, PATIENCE, message};

#[cfg(any(feature = "nats", feature = "rabbitmq"))]
mod messages {
    use std::time::Duration;

    use cohesive_bindings::envelope::Envelope;
    use cohesive_core::value::Timestamp;

    /// After how long something is taken for lost.
    pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
    /// What makes options wrong.
    pub(crate) type Change<Options> = Box<dyn Fn(&mut Options)>;
    pub(crate) const KIND: &str = "parcel.sent";

    pub(crate) fn message(key: &str, number: usize) -> Envelope {
        Envelope {
            id: format!("{key}-{number}"),
            source: "/tests/parcel".to_owned(),
            kind: KIND.to_owned(),
            role: "event".to_owned(),
            subject: Some(key.to_owned()),
            time: Timestamp::MIN,
            recorded: Timestamp::MIN,
            correlation: "c".to_owned(),
            causation: None,
            sequence: format!("{number:020}.0000000000"),
            partition_key: format!("parcel:{key}"),
            trace_parent: None,
            data: format!(r#"{{"number":{number}}}"#),
        }
    }
}
