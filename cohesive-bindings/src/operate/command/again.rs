//! Parked deliveries, applied again.

use std::sync::Arc;

use crate::envelope::{Envelope, Unreadable};
use crate::node::{Consumed, Node};
use crate::store::inbox::{ParkedDelivery, StoredDelivery};

/// Before the attributes in headers, by the bindings of CloudEvents for HTTP and NATS, Kafka and AMQP, and whether what
/// follows is percent-encoded.
const PREFIXES: [(&str, bool); 4] =
    [("ce-", true), ("ce_", false), ("cloudEvents:", false), ("cloudEvents_", false)];

/// Has the transition that a delivery was parked for apply it, unless its inbox knows that it was applied.
pub(super) async fn apply(node: &Node, stored: StoredDelivery) -> Result<(), String> {
    let ParkedDelivery { key, kind, partition_key, headers, body, .. } = stored.delivery;
    let mut followers = node.system().followers(&kind);
    let Some(follower) = followers.find(|follower| follower.consumer == key.consumer) else {
        return Err("no transition here follows it".to_owned());
    };
    let message = read(&headers, &body).map_err(|flaw| flaw.to_string())?;
    // What it was known by, whatever stood in for what it does not say itself.
    let message = Envelope { id: key.id, source: key.source, partition_key, ..message };
    match follower.follow(node, Arc::new(message)).await {
        Consumed::Applied | Consumed::Repeated => Ok(()),
        Consumed::Early(refused) | Consumed::Refused(refused) => Err(refused.to_string()),
        Consumed::Failed(failure) => Err(failure.to_string()),
    }
}

/// Reads what was kept as it came, whichever broker brought it.
fn read(headers: &[(String, String)], body: &[u8]) -> Result<Envelope, Unreadable> {
    let starts = |name: &str, prefix: &str| {
        name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let named = |prefix: &str| headers.iter().any(|(name, _)| starts(name, prefix));
    // One document needs no headers.
    let (prefix, percent) = PREFIXES.into_iter().find(|(prefix, _)| named(prefix)).unwrap_or(PREFIXES[0]);
    let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Envelope::read(pairs, prefix, percent, body)
}
