//! Brokers: what carries messages from one node to another. A relay publishes through a [`Publisher`], a consumer
//! receives through a [`Subscriber`].
//!
//! No broker is believed to deliver once. A publisher answers only after the broker has acknowledged that very
//! message; a subscriber's delivery is accepted only after what it led to is committed. Between the two, a message may
//! come any number of times, and the inbox of the receiver applies it once.

#[cfg(feature = "testing")]
pub mod conformance;
#[cfg(any(feature = "nats", feature = "rabbitmq"))]
mod connect;
#[cfg(any(feature = "kafka", feature = "nats", feature = "rabbitmq", feature = "webhook"))]
mod error;
mod in_process;
#[cfg(feature = "kafka")]
pub mod kafka;
#[cfg(feature = "nats")]
pub mod nats;
#[cfg(any(feature = "nats", feature = "rabbitmq"))]
mod partition;
mod publisher;
#[cfg(feature = "rabbitmq")]
pub mod rabbitmq;
mod subscriber;
#[cfg(feature = "webhook")]
pub mod webhook;

#[cfg(any(feature = "nats", feature = "rabbitmq"))]
pub use connect::Pauses;
#[cfg(any(feature = "kafka", feature = "nats", feature = "rabbitmq", feature = "webhook"))]
pub use error::BrokerError;
pub use in_process::{InProcess, Subscription};
pub use publisher::{ErrorClass, PublishError, Publisher};
pub use subscriber::{Acknowledge, Delivery, RawMessage, SubscribeError, Subscriber};
