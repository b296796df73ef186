//! What a decision owes the world, as it enters the outbox.

use cohesive_core::kernel::{Applied, Context, EffectSet as _, Input, Invalid, MessageId, Structure as _};
use cohesive_core::model;
use cohesive_core::value::Flaw;

use super::key::Terms;
use super::outcome::Committed;
use crate::store::OutboxMessage;

/// The outbox messages of a decision.
pub(super) fn messages<I: Input>(
    applied: &Applied<I>,
    id: &str,
    input: &I,
    context: &Context,
    terms: Terms,
) -> Result<Vec<OutboxMessage>, Invalid> {
    let entity = I::Entity::STRUCTURE.name;
    let mut messages = Vec::with_capacity(applied.effects().count());
    let mut flaw = None;
    applied.effects().each(&mut |payload| {
        let message = payload.message();
        let ordinal = u32::try_from(messages.len()).unwrap_or(u32::MAX);
        match payload.json() {
            Err(reason) => flaw = Some(Invalid::Output { field: message.name, flaw: reason }),
            Ok(payload) => messages.push(OutboxMessage {
                id: MessageId::derive(entity, id, applied.version(), ordinal),
                entity,
                entity_id: id.to_owned(),
                version: applied.version(),
                ordinal,
                role: message.role.word(),
                name: message.name,
                payload,
                transition: I::TRANSITION.name,
                correlation: context.correlation().as_str().to_owned(),
                causation: context.causation().map(|causation| causation.as_str().to_owned()),
                actor: context.actor().map(|actor| actor.as_str().to_owned()),
                trace: context.trace().map(|trace| trace.as_str().to_owned()),
                occurred_at: input.occurred_at(context),
                recorded_at: context.now(),
            }),
        }
    });
    // What is asked of a handler is sent to no broker.
    for message in messages.iter().filter(|message| message.role == model::Role::Event.word()) {
        let (limit, actual) = (terms.max_message, crate::envelope::size(message, terms.max_message));
        if actual > limit {
            flaw = Some(Invalid::Output { field: message.name, flaw: Flaw::TooLong { limit, actual } });
        }
    }
    flaw.map_or(Ok(messages), Err)
}

/// What the commit of a decision proves.
pub(super) fn committed<I: Input>(applied: &Applied<I>, messages: &[OutboxMessage]) -> Committed {
    Committed {
        version: applied.version(),
        changed: applied.changed(),
        messages: messages.iter().map(|message| (message.id, message.role, message.name)).collect(),
    }
}
