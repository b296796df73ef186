//! Requests on their way: perform, and bring the answer home.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use cohesive_core::kernel::{EffectCall, EffectFailure, FailureClass, answered};
use cohesive_core::model::{self, Ending};
use serde_json::Value as Json;

use super::options::Terms;
use super::perform::Perform;
use super::{EffectFlaw, EffectOptions, Effects};
use crate::broker::PublishError;
use crate::envelope::Envelope;
use crate::node::{Consumed, Node, Served};
use crate::port::Ports;
use crate::relay::{Carry, Relay, RelayMetrics};
use crate::store::BoxFuture;
use crate::store::outbox::{Outbox, Pending, Stream};

/// Performs what the transitions of a node ask for. Cloning gives another handle on the same one.
#[derive(Clone)]
pub struct EffectRunner(Relay);

impl EffectRunner {
    /// Starts to perform the requests in `outbox`, which is the store of `node`.
    ///
    /// # Errors
    /// When the node's system asks for something that `effects` does not perform, when an answer would have nowhere to
    /// go, or when the options contradict each other.
    pub fn start(
        node: &Node,
        outbox: Arc<dyn Outbox>,
        effects: &Effects,
        ports: &Ports,
        options: &EffectOptions,
    ) -> Result<Self, EffectFlaw> {
        options.check(node.system(), effects)?;
        let relay_options = options.relay(effects);
        let performers = effects.performers.iter().map(|performer| {
            let message = performer.message();
            (message.name, (Arc::clone(performer), Terms::of(&message.role, options)))
        });
        let carrier = Carrier {
            performers: performers.collect(),
            node: node.clone(),
            entry_timeout: options.entry_timeout,
        };
        let wake = node.wake();
        let relay = Relay::carry(outbox, Stream::Requests, Arc::new(carrier), wake, ports, relay_options)?;
        Ok(Self(relay))
    }

    /// What it has done so far. What a relay counts as published was performed, and its answer is committed.
    #[must_use]
    pub fn metrics(&self) -> RelayMetrics {
        self.0.metrics()
    }

    /// Whether its loop has ended: it was stopped, its store was closed, or something in it panicked.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.0.has_ended()
    }

    /// Begins nothing further, waits for what is under way, which takes as long as the longest attempt at the most, and
    /// gives the lanes back (F40). Stop it before its node.
    pub async fn stop(&self) {
        self.0.stop().await;
    }
}

/// How an effect ended, and the transition that its end goes to.
struct Ended {
    ending: Ending,
    effect: &'static model::Message,
    path: &'static str,
}

struct Carrier {
    performers: HashMap<&'static str, (Arc<dyn Perform>, Terms)>,
    node: Node,
    entry_timeout: Duration,
}

impl Carry for Carrier {
    fn carry(self: Arc<Self>, pending: Pending) -> BoxFuture<'static, Result<(), PublishError>> {
        Box::pin(async move { self.perform(&pending).await })
    }
}

impl Carrier {
    async fn perform(&self, pending: &Pending) -> Result<(), PublishError> {
        let message = &pending.message;
        let Some((performer, terms)) = self.performers.get(message.name.as_str()) else {
            return Err(PublishError::permanent("nobody performs this effect here"));
        };
        let attempts = terms.attempts;
        // An attempt that ended the process was counted, and nothing else of it is known (F9).
        let failure = if pending.attempts > attempts {
            EffectFailure::permanent(format!("{attempts} attempts ended without an answer"))
        } else {
            match self.attempt(&**performer, terms, pending).await {
                Ok(reply) => {
                    let Some(path) = terms.then else { return Ok(()) };
                    let ended = Ended { ending: Ending::Reply, effect: performer.message(), path };
                    return self.enter(pending, ended, &reply).await;
                }
                Err(failure) if failure.class == FailureClass::Transient && pending.attempts < attempts => {
                    return Err(PublishError::transient(failure.chain()).retry_after(failure.retry_after));
                }
                Err(failure) => failure,
            }
        };
        let Some(otherwise) = terms.otherwise else {
            return Err(PublishError::permanent(failure.chain()));
        };
        tracing::warn!(
            effect = message.name.as_str(),
            "an effect failed for good; its failure path is taken"
        );
        let ended = Ended { ending: Ending::Failure, effect: performer.message(), path: otherwise };
        self.enter(pending, ended, &Json::from(failure.chain())).await
    }

    async fn attempt(
        &self,
        performer: &dyn Perform,
        terms: &Terms,
        pending: &Pending,
    ) -> Result<Json, EffectFailure> {
        let message = &pending.message;
        let broken = |flaw| EffectFailure::permanent("the stored request has a broken id").because(flaw);
        let Some(entity) = self.served(&message.entity) else {
            return Err(EffectFailure::permanent("the entity that asked is not served here"));
        };
        let call = EffectCall {
            key: message.id.to_string(),
            attempt: pending.attempts,
            attempts: terms.attempts,
            timeout: terms.timeout,
            entity: entity.model.structure.name,
            entity_id: message.entity_id.clone(),
            correlation: message.correlation.parse().map_err(broken)?,
            causation: message.causation.as_deref().map(str::parse).transpose().map_err(broken)?,
            trace: message.trace.clone(),
        };
        let limit = terms.timeout;
        let late = |_| Err(EffectFailure::transient(format!("no answer within {limit:?}")));
        let handler = performer.perform(&message.payload, &call);
        tokio::time::timeout(limit, handler).await.unwrap_or_else(late)
    }

    fn served(&self, entity: &str) -> Option<&Served> {
        self.node.system().entities().iter().find(|served| served.model.structure.name == entity)
    }

    /// Has the answer enter through a transition of the entity that asked. It is applied once: the request's id is its key.
    async fn enter(
        &self,
        pending: &Pending,
        Ended { ending, effect, path }: Ended,
        answer: &Json,
    ) -> Result<(), PublishError> {
        let message = &pending.message;
        let entity = self.served(&message.entity);
        let Some(operation) = entity.and_then(|served| served.answer(path)) else {
            return Err(PublishError::permanent(format!("`{path}` is not served here")));
        };
        let request: Json = serde_json::from_str(&message.payload).unwrap_or_default();
        // What is missing is told by whoever reads the input, unless the parameter may be absent.
        let body = answered(ending, effect, operation.transition, answer, &request);
        let body = Json::Object(body).to_string().into_bytes();
        // What the handler answers may differ from attempt to attempt; the request does not, and the first answer counts.
        let envelope = Arc::new(Envelope::of(message, "/effects"));
        let work = async {
            for failures in 1_u32.. {
                let entered =
                    operation.enter(&self.node, &message.entity_id, &body, Arc::clone(&envelope)).await;
                match entered {
                    Consumed::Applied | Consumed::Repeated => return Ok(()),
                    Consumed::Early(refused) | Consumed::Refused(refused) => {
                        return Err(PublishError::permanent(format!(
                            "the answer was refused by `{path}`: {refused}"
                        )));
                    }
                    Consumed::Failed(failure) if failure.nothing_committed() && failure.is_lasting() => {
                        return Err(PublishError::transient(failure.to_string()));
                    }
                    Consumed::Failed(failure) => {
                        tracing::warn!(
                            failure = failure.word(),
                            "an effect's answer could not be committed yet"
                        );
                        tokio::time::sleep(Duration::from_millis(20) * failures.min(50)).await;
                    }
                }
            }
            Ok(())
        };
        let late = |_| Err(PublishError::transient("the answer could not be committed in time"));
        tokio::time::timeout(self.entry_timeout, work).await.unwrap_or_else(late)
    }
}
