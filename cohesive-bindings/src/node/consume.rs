//! A message of another entity as an input: what was applied is remembered in the same commit.

use std::sync::Arc;

use cohesive_core::kernel::{
    CausationId, Context, CreatedBy, Event, RejectionClass, Structure, Update, UpdatedBy,
};
use cohesive_core::model;
use serde::de::DeserializeOwned;

use super::job::{Creating, Sent, TypedJob, Updating};
use super::key::{Ticket, consumer};
use super::outcome::{Failure, Outcome};
use super::{Node, Request, creation_id, span};
use crate::envelope::Envelope;
use crate::store::BoxFuture;

/// A transition that follows an event.
#[derive(Clone)]
pub struct Follower {
    /// The name under which it consumes, for example `shipment.book`. Its inbox is its own.
    pub consumer: String,
    /// The event, by the name of its contract.
    pub kind: &'static str,
    /// The entity.
    pub entity: &'static str,
    /// The transition, as data.
    pub transition: &'static model::Transition,
    follow: fn(Node, Arc<Envelope>) -> BoxFuture<'static, Consumed>,
}

/// What became of a message at one consumer.
#[derive(Debug, Clone)]
pub enum Consumed {
    /// It was applied, or there was nothing to change. That it was is durable with what it led to.
    Applied,
    /// It was applied before, and nothing happened now.
    Repeated,
    /// It cannot be applied yet: the entity is absent or in another state, which a message on its way may change.
    Early(Refused),
    /// It cannot be applied. Trying again would not help.
    Refused(Refused),
    /// The node or its store failed. Whether it was applied is not known; the inbox tells.
    Failed(Failure),
}

/// Why a message was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The stable code of the refusal, for example `shipment.book.wrong_state`.
    pub code: String,
    /// Why. It may quote what the domain tells its callers, and no payload.
    pub detail: String,
}

impl Refused {
    pub(super) fn new(code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code: code.into(), detail: detail.into() }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.code, self.detail)
    }
}

impl Follower {
    pub(super) fn created<I: CreatedBy>() -> Self {
        Self::new::<I>(I::Event::MESSAGE.name, |node, message| {
            Box::pin(async move { node.create_by::<I>(&message).await })
        })
    }

    pub(super) fn updated<I: UpdatedBy>() -> Self {
        Self::new::<I>(I::Event::MESSAGE.name, |node, message| {
            Box::pin(async move { node.update_by::<I>(&message).await })
        })
    }

    fn new<I: cohesive_core::kernel::Input>(
        kind: &'static str,
        follow: fn(Node, Arc<Envelope>) -> BoxFuture<'static, Consumed>,
    ) -> Self {
        let entity = I::Entity::STRUCTURE.name;
        Self { consumer: consumer::<I>(), kind, entity, transition: I::TRANSITION, follow }
    }

    /// Applies a message, unless it was applied before. The future may be dropped; the commit goes on (F13).
    pub async fn follow(&self, node: &Node, message: Arc<Envelope>) -> Consumed {
        (self.follow)(node.clone(), message).await
    }
}

impl Node {
    async fn create_by<I: CreatedBy>(&self, message: &Envelope) -> Consumed {
        let event = match read::<I::Event>(&message.data) {
            Ok(event) => event,
            Err(refused) => return Consumed::Refused(refused),
        };
        let input = I::follow(event);
        let context = self.arrived(message);
        let id = creation_id(&input, &context).ok();
        let ticket = |_: &str, _: &I, _: &Context| Sent::With(Ticket::of_delivery::<I>(message));
        let span = span::<I>(&context);
        let work = async {
            let system = (&self.shared.system, &self.shared.counters);
            let (job, answer) = TypedJob::<I, Creating>::new(system, id.as_ref(), input, context, ticket)?;
            self.submit(job, answer).await
        };
        let text = id.as_ref().map_or_else(String::new, ToString::to_string);
        consumed(&text, tracing::Instrument::instrument(work, span).await)
    }

    async fn update_by<I: UpdatedBy>(&self, message: &Envelope) -> Consumed {
        let event = match read::<I::Event>(&message.data) {
            Ok(event) => event,
            Err(refused) => return Consumed::Refused(refused),
        };
        let (id, input) = I::follow(event);
        self.apply::<I>(&id, input, message).await
    }

    /// Applies an input that `message` led to, unless it was applied before.
    pub(super) async fn apply<I: Update>(
        &self,
        id: &<I::Entity as Structure>::Id,
        input: I,
        message: &Envelope,
    ) -> Consumed {
        let context = self.arrived(message);
        let ticket = |_: &str, _: &I, _: &Context| Sent::With(Ticket::of_delivery::<I>(message));
        let span = span::<I>(&context);
        let work = async {
            let system = (&self.shared.system, &self.shared.counters);
            let (job, answer) = TypedJob::<I, Updating>::new(system, Some(id), input, context, ticket)?;
            self.submit(job, answer).await
        };
        consumed(&id.to_string(), tracing::Instrument::instrument(work, span).await)
    }

    /// The circumstances of an input that a message caused: it belongs to what the message belongs to (A80, A81).
    fn arrived(&self, message: &Envelope) -> Context {
        let request = Request {
            correlation: message.correlation.parse().ok(),
            causation: message.id.parse::<CausationId>().ok(),
            trace: message.trace_parent.as_deref().and_then(|trace| trace.parse().ok()),
            ..Request::default()
        };
        self.circumstances(request).0
    }
}

/// An event from its payload. Members that this node does not know are passed over: their sender may be newer.
fn read<E: Event + DeserializeOwned>(data: &str) -> Result<E, Refused> {
    let name = E::MESSAGE.name;
    let mut deserializer = serde_json::Deserializer::from_str(data);
    let event: E = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let (path, reason) = (error.path().to_string(), error.inner().to_string());
        // Of what the reader says, only this quotes no value that was sent (H14).
        let missing = reason.split(" at line ").next().filter(|reason| reason.starts_with("missing field"));
        let detail = match missing {
            Some(missing) => format!("{name}: {missing}"),
            None => format!("{name}: `{path}` is not what the event declares"),
        };
        Refused::new("unreadable_payload", detail)
    })?;
    match event.check() {
        Ok(()) => Ok(event),
        Err((member, flaw)) => Err(Refused::new("unreadable_payload", format!("{name}: `{member}`: {flaw}"))),
    }
}

fn consumed<I: cohesive_core::kernel::Input>(id: &str, outcome: Result<Outcome<I>, Failure>) -> Consumed {
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(failure) => return Consumed::Failed(failure),
    };
    let refused = || Refused::new(outcome.code().unwrap_or_default(), outcome.detail(id));
    match &outcome {
        Outcome::Committed(_) | Outcome::NoChange { .. } => Consumed::Applied,
        Outcome::Replayed(_) => Consumed::Repeated,
        Outcome::NotFound => Consumed::Early(refused()),
        Outcome::Rejected(_) if outcome.class() == Some(RejectionClass::State) => Consumed::Early(refused()),
        Outcome::Rejected(_)
        | Outcome::Conflict { .. }
        | Outcome::Parked { .. }
        | Outcome::AlreadyExists
        | Outcome::NotUnique { .. }
        | Outcome::Invalid(_)
        | Outcome::KeyReused
        | Outcome::FactReused
        | Outcome::KeyInFlight
        | Outcome::MessageReused
        | Outcome::MessageTooOld => Consumed::Refused(refused()),
    }
}
