//! The outbox: exact, in order, each message once.

use cohesive_core::kernel::MessageId;

use super::samples::{at, history, message, version};
use super::{Outcome, commit_all, commit_one, same};
use crate::store::{OutboxMessage, OutboxQuery, Store, StoreErrorKind, StoredMessage, Unit, UnitOutcome};

fn unit(messages: Vec<OutboxMessage>) -> Unit {
    Unit { messages, ..Unit::default() }
}

// P07
pub(super) async fn message_returns_as_written(store: &impl Store) -> Outcome {
    let full = OutboxMessage {
        role: "request",
        name: "Emit990Accept",
        payload: "{\"text\":\"it's \\\"quoted\\\" \\\\ \u{1f69a}\",\"n\": 1.10}".to_owned(),
        transition: "accept",
        correlation: "c:1".to_owned(),
        causation: Some("cause".to_owned()),
        actor: Some(String::new()),
        trace: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        occurred_at: None,
        recorded_at: at(1_700_000_000).saturating_add(std::time::Duration::from_micros(1)),
        ..message("t'\u{2028}\u{1f69a}", u64::MAX, u32::MAX)
    };
    let bare = message("bare", 0, 0);
    commit_all(store, vec![unit(vec![full.clone(), bare.clone()])]).await?;
    same!(store.outbox(history(&full.entity_id)).await?, [stored(&full)]);
    same!(store.outbox(history("bare")).await?, [stored(&bare)]);
    for wrong in [
        OutboxMessage { payload: "{".to_owned(), ..message("x", 0, 0) },
        OutboxMessage { role: "rumour", ..message("x", 0, 0) },
        OutboxMessage { id: message("x", 0, 2).id, ..message("x", 0, 0) },
    ] {
        let result = store.commit(vec![unit(vec![message("x", 0, 1)]), unit(vec![wrong])]).await;
        same!(result.map_err(|error| error.kind), Err(StoreErrorKind::Schema));
        same!(store.outbox(history("x")).await?, []);
    }
    Ok(())
}

fn stored(message: &OutboxMessage) -> StoredMessage {
    StoredMessage {
        id: message.id,
        entity: message.entity.to_owned(),
        entity_id: message.entity_id.clone(),
        version: message.version,
        ordinal: message.ordinal,
        role: message.role.to_owned(),
        name: message.name.to_owned(),
        payload: message.payload.clone(),
        transition: message.transition.to_owned(),
        correlation: message.correlation.clone(),
        causation: message.causation.clone(),
        actor: message.actor.clone(),
        trace: message.trace.clone(),
        occurred_at: message.occurred_at,
        recorded_at: message.recorded_at,
        published_at: None,
    }
}

// R37
pub(super) async fn history_is_in_order(store: &impl Store) -> Outcome {
    let places = [(2, 1), (0, 0), (10, 0), (2, 0), (0, 10), (0, 2)];
    let messages = places.iter().map(|(number, ordinal)| message("t", *number, *ordinal)).collect();
    commit_all(store, vec![unit(messages)]).await?;
    let list = async |after: Option<(u64, u32)>, limit: usize| {
        let after = after.map(|(number, ordinal)| (version(number), ordinal));
        let found = store.outbox(OutboxQuery { after, limit, ..history("t") }).await?;
        Ok::<_, super::Failure>(
            found.iter().map(|message| (message.version.number(), message.ordinal)).collect::<Vec<_>>(),
        )
    };
    let all = [(0, 0), (0, 2), (0, 10), (2, 0), (2, 1), (10, 0)];
    same!(list(None, 100).await?, all);
    same!(list(None, 2).await?, all[..2]);
    same!(list(None, 0).await?, []);
    same!(list(Some((0, 0)), 100).await?, all[1..]);
    same!(list(Some((0, 5)), 2).await?, all[2..4]);
    same!(list(Some((2, 1)), 100).await?, all[5..]);
    same!(list(Some((10, 0)), usize::MAX).await?, []);
    Ok(())
}

// R12
pub(super) async fn histories_are_apart(store: &impl Store) -> Outcome {
    let ids = ["a", "A", "a:0", "a'", "a.b#c", "%", "_", "\u{1f69a}"];
    let messages = ids.iter().map(|id| message(id, 0, 0)).collect();
    let other = OutboxMessage {
        id: MessageId::derive("Parcel", "a", version(0), 0),
        entity: "Parcel",
        ..message("a", 0, 0)
    };
    commit_all(store, vec![unit(messages), unit(vec![other.clone()])]).await?;
    for id in ids {
        same!(store.outbox(history(id)).await?, [stored(&message(id, 0, 0))]);
    }
    let parcel = OutboxQuery { entity: "Parcel", ..history("a") };
    same!(store.outbox(parcel).await?, [stored(&other)]);
    Ok(())
}

/// No place in a history occurs twice, and so no id does.
pub(super) async fn message_exists_once(store: &impl Store) -> Outcome {
    let first = message("t", 0, 0);
    commit_all(store, vec![unit(vec![first.clone()])]).await?;
    let again = OutboxMessage { name: "Another", ..first.clone() };
    same!(commit_one(store, unit(vec![again])).await?, UnitOutcome::MessageExists(first.id));
    let twice = unit(vec![message("t", 1, 0), message("t", 1, 0)]);
    same!(commit_one(store, twice).await?, UnitOutcome::MessageExists(message("t", 1, 0).id));
    same!(store.outbox(history("t")).await?, [stored(&first)]);
    Ok(())
}
