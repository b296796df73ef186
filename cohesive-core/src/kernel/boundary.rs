//! The boundary ladder: what "success" means.

/// The ten rungs of success. A lower rung never implies a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Boundary {
    /// The transport took the bytes. Proves nothing about anybody having read them.
    TransportAccepted,
    /// A broker took responsibility. Does not prove that any consumer exists.
    BrokerAccepted,
    /// A consumer has the message. Does not prove that it was handled.
    ConsumerReceived,
    /// A consumer said that it is done. Does not prove that anything was committed.
    ConsumerAcknowledged,
    /// The new state is durable. Does not prove that anything will be published.
    TransitionCommitted,
    /// The new state and the duty to publish its messages are durable, in one commit. Does not prove that they
    /// have been published.
    OutboxCommitted,
    /// An observer downstream has processed the message. Does not prove that its own state changed.
    ObserverProcessed,
    /// A transition downstream is durable.
    DownstreamCommitted,
    /// A read model shows the change.
    ReadModelCaughtUp,
    /// The business transaction is complete, across all participants.
    BusinessCompleted,
}

impl Boundary {
    /// All rungs, lowest first.
    pub const ALL: [Self; 10] = [
        Self::TransportAccepted,
        Self::BrokerAccepted,
        Self::ConsumerReceived,
        Self::ConsumerAcknowledged,
        Self::TransitionCommitted,
        Self::OutboxCommitted,
        Self::ObserverProcessed,
        Self::DownstreamCommitted,
        Self::ReadModelCaughtUp,
        Self::BusinessCompleted,
    ];

    /// The rung's number, from 1 to 10.
    #[must_use]
    pub const fn rung(self) -> u8 {
        self as u8 + 1
    }

    /// The rung's name on the wire, for example `outbox-committed`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TransportAccepted => "transport-accepted",
            Self::BrokerAccepted => "broker-accepted",
            Self::ConsumerReceived => "consumer-received",
            Self::ConsumerAcknowledged => "consumer-acknowledged",
            Self::TransitionCommitted => "transition-committed",
            Self::OutboxCommitted => "outbox-committed",
            Self::ObserverProcessed => "observer-processed",
            Self::DownstreamCommitted => "downstream-committed",
            Self::ReadModelCaughtUp => "read-model-caught-up",
            Self::BusinessCompleted => "business-completed",
        }
    }
}

impl std::fmt::Display for Boundary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.word())
    }
}
