//! The exchange and the queues: made if they are absent, checked if they are there.

use lapin::options::{
    BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Connection, Error, ErrorKind, ExchangeKind};

use super::link::answered;
use super::options::{RabbitMqOptions, RabbitMqSubscription};
use crate::broker::connect::BrokerError;

/// The class of refusals of something that is there and is another thing.
const PRECONDITION: &str = "PRECONDITION";

/// A name that is short enough by the check of the options.
pub(super) fn short(name: &str) -> ShortString {
    ShortString::try_new(name).unwrap_or_default()
}

fn failed(message: &str, error: Error) -> BrokerError {
    BrokerError::unreachable(message, error)
}

/// What the server says where something of the same name is another thing.
fn refusal(error: &Error) -> Option<String> {
    let ErrorKind::ProtocolError(error) = error.kind() else { return None };
    let text = error.to_string();
    text.contains(PRECONDITION).then_some(text)
}

/// Makes the exchange, or checks the one that is there.
pub(super) async fn ensure_exchange(
    connection: &Connection,
    options: &RabbitMqOptions,
) -> Result<(), BrokerError> {
    let declare = async {
        let channel = connection.create_channel().await?;
        let declaration = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let name = short(&options.exchange);
        channel.exchange_declare(name, ExchangeKind::Direct, declaration, FieldTable::default()).await
    };
    answered(options.timeout, declare).await.map_err(|error| match refusal(&error) {
        Some(flaw) => {
            let what = format!("exchange `{}`", options.exchange);
            BrokerError::unfit(what, flaw, "messages after a restart, or to whoever subscribed to them")
        }
        None => failed("the exchange cannot be made", error),
    })
}

/// Makes the queues of a subscription, or checks those that are there, and binds them.
pub(super) async fn ensure_queues(
    connection: &Connection,
    options: &RabbitMqOptions,
    subscription: &RabbitMqSubscription,
) -> Result<(), BrokerError> {
    for partition in 0..options.partitions {
        let queue = options.queue(&subscription.name, partition);
        ensure_queue(connection, options, &queue).await?;
        let bind = async {
            let channel = connection.create_channel().await?;
            for key in subscription.kinds.iter().filter_map(|kind| options.routing_key(partition, kind)) {
                let (exchange, binding) = (short(&options.exchange), QueueBindOptions::default());
                channel
                    .queue_bind(short(&queue), exchange, short(&key), binding, FieldTable::default())
                    .await?;
            }
            Ok(())
        };
        answered(options.timeout, bind).await.map_err(|error| failed("a queue cannot be bound", error))?;
    }
    Ok(())
}

/// From version 4 on, a server drops a message that was delivered twenty times, unless the queue says otherwise. Before, it
/// never does without being told, and takes the number that means never in version 4 for none at all. A number that is
/// never reached means the same to all.
async fn ensure_queue(
    connection: &Connection,
    options: &RabbitMqOptions,
    queue: &str,
) -> Result<(), BrokerError> {
    let declare = async {
        let channel = connection.create_channel().await?;
        let mut arguments = FieldTable::default();
        arguments.insert(short("x-queue-type"), AMQPValue::LongString("quorum".into()));
        arguments.insert(short("x-single-active-consumer"), AMQPValue::Boolean(true));
        arguments.insert(short("x-delivery-limit"), AMQPValue::LongInt(i32::MAX));
        channel.queue_declare(short(queue), QueueDeclareOptions::durable(), arguments).await
    };
    answered(options.timeout, declare).await.map(drop).map_err(|error| match refusal(&error) {
        Some(flaw) => {
            let lost =
                "messages after a restart or after many deliveries, or their order when a receiver dies";
            BrokerError::unfit(format!("queue `{queue}`"), flaw, lost)
        }
        None => failed("a queue cannot be made", error),
    })
}

/// Whether the server takes messages as large as the options say: sends one to nobody.
pub(super) async fn try_size(connection: &Connection, options: &RabbitMqOptions) -> Result<(), BrokerError> {
    let send = async {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let body = vec![0; options.max_message];
        let nobody = format!("{}.nobody", options.exchange);
        let (publish, properties) = (BasicPublishOptions::default(), BasicProperties::default());
        channel.basic_publish(ShortString::default(), short(&nobody), publish, &body, properties).await?.await
    };
    match answered(options.timeout, send).await {
        Ok(_) => Ok(()),
        Err(error) => Err(match refusal(&error) {
            Some(flaw) => {
                let what = format!("`max_message` of {} bytes", options.max_message);
                BrokerError::unfit(what, flaw, "messages that are larger than the server takes")
            }
            None => failed("the server takes no message", error),
        }),
    }
}
