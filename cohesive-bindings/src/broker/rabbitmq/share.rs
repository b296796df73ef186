//! Sharing partitions: the server lets the receiver that came first have them all.
//!
//! It counts only that one, too. So receivers show that they are there as consumers of a queue of their own, to which no
//! message goes, and which vanishes with the last of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lapin::options::{BasicConsumeOptions, QueueDeclareOptions};
use lapin::types::{FieldTable, ShortString};
use lapin::{Channel, Connection, Consumer, Error};
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::link::answered;
use super::topology::short;

/// What lets other receivers have their share.
pub(super) struct Share {
    /// The queue that receivers show themselves at.
    queue: ShortString,
    every: Duration,
    /// How long to wait for an answer.
    within: Duration,
    partitions: Vec<(Arc<Notify>, Arc<AtomicBool>)>,
}

/// The place of this receiver among the others.
struct Presence {
    connection: Arc<Connection>,
    channel: Channel,
    /// Nothing comes here; its end is that of the presence.
    _consumer: Consumer,
}

impl Share {
    pub(super) fn new(queue: &str, every: Duration, within: Duration) -> Self {
        Self { queue: short(queue), every, within, partitions: Vec::new() }
    }

    /// How a partition hears that it has to be left, and how it says that it has messages.
    pub(super) fn partition(&mut self) -> (Arc<Notify>, Arc<AtomicBool>) {
        let partition = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        self.partitions.push(partition.clone());
        partition
    }

    pub(super) async fn run(
        self,
        link: watch::Receiver<Option<Arc<Connection>>>,
        mut closed: watch::Receiver<bool>,
    ) {
        let mut presence: Option<Presence> = None;
        loop {
            let connection = link.borrow().clone();
            if let Some(connection) = connection {
                presence = presence.filter(|presence| Arc::ptr_eq(&presence.connection, &connection));
                if presence.is_none() {
                    presence = answered(self.within, self.appear(connection)).await.ok();
                }
            }
            tokio::select! {
                _ = closed.wait_for(|closed| *closed) => return,
                () = sleep(self.every) => {}
            }
            let Some(present) = &presence else { continue };
            let Ok(receivers) = answered(self.within, self.receivers(&present.channel)).await else {
                presence = None;
                continue;
            };
            // Who leaves goes to the end of the line, so nobody leaves more than what is too much.
            for (leave, active) in self.surplus(receivers) {
                active.store(false, Ordering::SeqCst);
                leave.notify_one();
            }
        }
    }

    async fn appear(&self, connection: Arc<Connection>) -> Result<Presence, Error> {
        let channel = connection.create_channel().await?;
        let vanishing =
            QueueDeclareOptions { durable: true, auto_delete: true, ..QueueDeclareOptions::default() };
        channel.queue_declare(self.queue.clone(), vanishing, FieldTable::default()).await?;
        let (options, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
        let consumer = channel.basic_consume(self.queue.clone(), ShortString::default(), options, arguments);
        Ok(Presence { connection, _consumer: consumer.await?, channel })
    }

    /// How many receivers there are.
    async fn receivers(&self, channel: &Channel) -> Result<usize, Error> {
        let passive = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let queue = channel.queue_declare(self.queue.clone(), passive, FieldTable::default()).await?;
        Ok(usize::try_from(queue.consumer_count()).unwrap_or(usize::MAX))
    }

    /// The partitions that this receiver has beyond its share of them.
    fn surplus(&self, receivers: usize) -> Vec<&(Arc<Notify>, Arc<AtomicBool>)> {
        let share = self.partitions.len().div_ceil(receivers.max(1));
        self.partitions.iter().filter(|(_, active)| active.load(Ordering::SeqCst)).skip(share).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_leaves_what_is_beyond_its_share() {
        let mut share = Share::new("q", Duration::from_secs(1), Duration::from_secs(1));
        let partitions: Vec<_> = (0..16).map(|_| share.partition()).collect();
        assert_eq!(share.surplus(2).len(), 0);
        for (_, active) in &partitions {
            active.store(true, Ordering::SeqCst);
        }
        let surplus = |receivers| share.surplus(receivers).len();
        assert_eq!([0, 1, 2, 3, 5, 16, 40].map(surplus), [0, 0, 8, 10, 12, 15, 15]);
        for (_, active) in partitions.iter().take(14) {
            active.store(false, Ordering::SeqCst);
        }
        assert_eq!(share.surplus(8).len(), 0);
    }
}
