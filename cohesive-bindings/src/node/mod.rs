//! The node: the commit engine that every input goes through.
//!
//! One shape for every input: check the key, load what the transition reads, decide, commit state, messages and
//! receipt as one, answer. While one commit is on its way, arriving inputs queue, and the next commit takes them
//! all (`engine.rs` has the loop). Nothing waits for a timer, and a lone input goes through at once.

mod consume;
mod dynamic;
mod engine;
mod job;
mod key;
mod messages;
mod metrics;
mod outcome;
mod read;
mod reply;
mod system;

use std::sync::Arc;
use std::time::Duration;

use cohesive_core::kernel::{
    Actor, CausationId, Context, CorrelationId, Create, Decision, Entity, Structure, TraceParent, Update,
    Version,
};
use cohesive_core::value::Value as _;
use tokio::sync::{mpsc, oneshot, watch};
use tracing::Instrument as _;

pub use consume::{Consumed, Follower, Refused};
pub use dynamic::{Answer, Answered, Call, Document, Operation, Reader, Unreadable};
pub use key::{IdempotencyKey, IdempotencyKeyFlaw};
pub use metrics::{Activity, Distribution, InputCount, NodeMetrics};
pub use outcome::{Committed, Failure, Outcome};
pub use reply::Reply;
pub use system::{Served, System};

use crate::port::Ports;
use crate::relay::Wake;
use crate::store::{ListQuery, Load, OutboxQuery, RowKey, Store, StoredInput, StoredMessage};
use engine::{Engine, Work};
use job::{Creating, Sent, TypedJob, Updating};
use key::{Intake, Ticket};
use metrics::Counters;

/// How a node works. Every number is a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeOptions {
    /// How many inputs may wait. Further ones wait for a place, which slows their senders down.
    pub queue: usize,
    /// How many inputs one commit takes at most.
    pub batch: usize,
    /// How often an input is decided anew after other nodes changed its entity.
    pub attempts: u32,
    /// How long an answer is kept for a repeated request (B46).
    pub receipt_retention: Duration,
    /// How long the inbox remembers which messages were applied. It has to be longer than a broker may deliver them
    /// again (B42), which a consumer checks when it starts. What comes later still is refused, not applied (F16).
    pub inbox_retention: Duration,
    /// How many bytes an event may have, headers counted: what the broker takes that it is published to
    /// ([`crate::broker::Publisher::max_message`]). An input that would emit a larger one is refused, so that no such event reaches
    /// the outbox (F10).
    pub max_message: usize,
    /// How often, at the most, answers whose time is over are removed; it happens after a commit.
    pub prune_every: Duration,
}

impl Default for NodeOptions {
    fn default() -> Self {
        Self {
            queue: 4096,
            batch: 256,
            attempts: 10,
            receipt_retention: Duration::from_hours(24),
            inbox_retention: Duration::from_hours(14 * 24),
            max_message: usize::MAX,
            prune_every: Duration::from_hours(1),
        }
    }
}

/// A running node. Cloning gives another handle on the same node.
///
/// An input that has been submitted runs to its end whether its sender waits or not: dropping the future of
/// [`Node::update`] abandons the answer and never the commit (F13).
#[derive(Clone)]
pub struct Node {
    shared: Arc<Shared>,
}

struct Shared {
    system: System,
    store: Arc<dyn Store>,
    ports: Ports,
    options: NodeOptions,
    queue: mpsc::Sender<Work>,
    intake: Arc<Intake>,
    counters: Arc<Counters>,
    wake: Wake,
    end: watch::Receiver<()>,
}

/// The circumstances of one input, as its sender states them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// What the input belongs to; a fresh id when left out.
    pub correlation: Option<CorrelationId>,
    /// What directly caused it.
    pub causation: Option<CausationId>,
    /// Who sent it.
    pub actor: Option<Actor>,
    /// Its place in a distributed trace. What it causes carries it.
    pub trace: Option<TraceParent>,
    /// The version that the sender's view of the entity has.
    pub expected: Option<Version>,
    /// The key under which a repeat of the same request gets the same answer.
    pub key: Option<IdempotencyKey>,
}

/// What an input would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview<I: cohesive_core::kernel::Input> {
    /// The id of the entity; empty where a refusal comes before the id is known.
    pub id: String,
    /// The decision, or why there can be none.
    pub decided: Result<Decision<I>, Box<Outcome<I>>>,
}

impl Node {
    /// Starts a node that serves `system` from `store`.
    #[must_use]
    pub fn start(system: System, store: Arc<dyn Store>, ports: Ports, options: NodeOptions) -> Self {
        let (queue, work) = mpsc::channel(options.queue.max(1));
        let intake = Arc::new(Intake::default());
        let (clock, wake) = (Arc::clone(&ports.clock), Wake::default());
        let counters = Arc::new(Counters::of(&system));
        let shared = (wake.clone(), Arc::clone(&counters));
        let (engine, end) = Engine::new(Arc::clone(&store), clock, options, shared);
        ports.spawner.spawn(Box::pin(engine.run(work)));
        Self {
            shared: Arc::new(Shared { system, store, ports, options, queue, intake, counters, wake, end }),
        }
    }

    /// The system that is served.
    #[must_use]
    pub fn system(&self) -> &System {
        &self.shared.system
    }

    /// The store that is served from.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.shared.store
    }

    /// Rings after each commit that has messages, for relays in this process.
    #[must_use]
    pub fn wake(&self) -> &Wake {
        &self.shared.wake
    }

    /// Creates an entity.
    ///
    /// # Errors
    /// When the node or its store fails. A refusal is an [`Outcome`].
    pub async fn create<I: Create>(&self, input: I, request: Request) -> Result<Outcome<I>, Failure> {
        self.create_with_id(input, request).await.1
    }

    /// Creates an entity and names the id that the input gave it.
    pub(crate) async fn create_with_id<I: Create>(
        &self,
        input: I,
        request: Request,
    ) -> (String, Result<Outcome<I>, Failure>) {
        let (context, key) = self.circumstances(request);
        // A creation that is refused before it has an id still goes through the engine, so that its answer can be
        // remembered under its key.
        let id = creation_id(&input, &context).ok();
        let text = id.as_ref().map_or_else(String::new, ToString::to_string);
        let span = span::<I>(&context);
        let work = async {
            let sent = |id: &str, input: &I, context: &Context| self.sent(key.as_ref(), id, input, context);
            let system = (&self.shared.system, &self.shared.counters);
            let (job, answer) = TypedJob::<I, Creating>::new(system, id.as_ref(), input, context, sent)?;
            self.submit(job, answer).await
        };
        let outcome = work.instrument(span).await;
        (text, outcome)
    }

    /// Submits an input about the entity with this id.
    ///
    /// # Errors
    /// When the node or its store fails. A refusal is an [`Outcome`].
    pub async fn update<I: Update>(
        &self,
        id: &<I::Entity as Structure>::Id,
        input: I,
        request: Request,
    ) -> Result<Outcome<I>, Failure> {
        let (context, key) = self.circumstances(request);
        let span = span::<I>(&context);
        let work = async {
            let sent = |id: &str, input: &I, context: &Context| self.sent(key.as_ref(), id, input, context);
            let system = (&self.shared.system, &self.shared.counters);
            let (job, answer) = TypedJob::<I, Updating>::new(system, Some(id), input, context, sent)?;
            self.submit(job, answer).await
        };
        work.instrument(span).await
    }

    /// Takes the key of a request, if it has one.
    fn sent<I: cohesive_core::kernel::Input>(
        &self,
        key: Option<&IdempotencyKey>,
        id: &str,
        input: &I,
        context: &Context,
    ) -> Sent {
        let Some(key) = key else { return Sent::Plain };
        Ticket::take(&self.shared.intake, key, id, input, context).map_or(Sent::InFlight, Sent::With)
    }

    async fn submit<I: cohesive_core::kernel::Input, M: job::Mode<I>>(
        &self,
        job: Option<TypedJob<I, M>>,
        answer: oneshot::Receiver<Result<Outcome<I>, Failure>>,
    ) -> Result<Outcome<I>, Failure> {
        let outcome = match job {
            None => self.unanswered(Ok(Outcome::KeyInFlight)),
            Some(job) => match self.shared.queue.send(Work::Job(Box::new(job))).await {
                Err(_) => return self.unanswered(Err(Failure::Stopped)),
                // It was taken in, and whoever held it is gone: nobody knows what became of it.
                Ok(()) => answer.await.unwrap_or_else(|_| self.unanswered(Err(Failure::Lost))),
            },
        };
        let word = outcome.as_ref().map_or("failed", Outcome::word);
        tracing::Span::current().record("outcome", word);
        match &outcome {
            Ok(_) => tracing::debug!(outcome = word, "decided"),
            // The text of a failure may quote what was stored, and logs hold no payloads (H14).
            Err(failure) => tracing::warn!(outcome = word, failure = failure.word(), "not decided"),
        }
        outcome
    }

    /// Says what a creation would do, and does nothing (A53).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn preview_create<I: Create>(
        &self,
        input: &I,
        request: Request,
    ) -> Result<Preview<I>, Failure> {
        let (context, _) = self.circumstances(request);
        let id = match creation_id(input, &context) {
            Ok(id) => id,
            Err(outcome) => return Ok(Preview { id: String::new(), decided: Err(outcome) }),
        };
        let decided = match self.get::<I::Entity>(&id).await? {
            None => Ok(cohesive_core::kernel::create(input, &context)),
            Some(_) => Err(Box::new(Outcome::AlreadyExists)),
        };
        Ok(Preview { id: id.to_string(), decided })
    }

    /// Says what an update would do, and does nothing (A53).
    ///
    /// The answer holds for the state as it is now; nothing is stored, and no key is used up.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn preview<I: Update>(
        &self,
        id: &<I::Entity as Structure>::Id,
        input: &I,
        request: Request,
    ) -> Result<Preview<I>, Failure> {
        let (context, _) = self.circumstances(request);
        let decided = match self.get::<I::Entity>(id).await? {
            Some((entity, version)) => Ok(cohesive_core::kernel::decide(&entity, version, input, &context)),
            None => Err(Box::new(Outcome::NotFound)),
        };
        Ok(Preview { id: id.to_string(), decided })
    }

    /// The entity with this id, and its version.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get<E: Entity>(&self, id: &E::Id) -> Result<Option<(E, Version)>, Failure> {
        let columns = (0..E::STRUCTURE.fields.len()).collect();
        let id = id.encode().map_err(|flaw| read::corrupt(E::STRUCTURE.name, &flaw.to_string()))?;
        let key = RowKey { structure: E::STRUCTURE, id: id.into_owned(), columns };
        let load = Load { rows: vec![key], ..Load::default() };
        let loaded = self.shared.store.load(load).await?;
        loaded.rows.into_iter().flatten().next().map(read::entity).transpose()
    }

    /// Entities in the order of their ids.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list<E: Entity>(&self, query: ListQuery) -> Result<Vec<(E, Version)>, Failure> {
        let rows = self.shared.store.list(query).await?;
        rows.into_iter().map(read::entity).collect()
    }

    /// The messages of one entity, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn outbox(&self, query: OutboxQuery) -> Result<Vec<StoredMessage>, Failure> {
        Ok(self.shared.store.outbox(query).await?)
    }

    /// The inputs that were kept for somebody to look at (`conflict = manual`), oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn parked_inputs(&self, limit: usize) -> Result<Vec<StoredInput>, Failure> {
        Ok(self.shared.store.parked_inputs(limit).await?)
    }

    /// Removes the answers whose time is over, and says how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn prune_receipts(&self) -> Result<u64, Failure> {
        Ok(self.shared.store.prune_receipts(self.shared.ports.clock.now()).await?)
    }

    /// Takes no further inputs, finishes those that wait, and closes the store.
    pub async fn shutdown(&self) {
        // It fails when somebody else has asked before; then there is only the end to wait for.
        let _ = self.shared.queue.send(Work::Stop).await;
        let mut end = self.shared.end.clone();
        while end.changed().await.is_ok() {}
    }

    fn circumstances(&self, request: Request) -> (Context, Option<IdempotencyKey>) {
        let ports = &self.shared.ports;
        let correlation = request.correlation.unwrap_or_else(|| ports.ids.correlation());
        let mut context = Context::new(ports.clock.now(), correlation);
        if let Some(causation) = request.causation {
            context = context.caused_by(causation);
        }
        if let Some(actor) = request.actor {
            context = context.by(actor);
        }
        if let Some(trace) = request.trace {
            context = context.traced(trace);
        }
        if let Some(version) = request.expected {
            context = context.expecting(version);
        }
        (context, request.key)
    }
}

/// The id that a creation gives, found by deciding it.
fn creation_id<I: Create>(
    input: &I,
    context: &Context,
) -> Result<<I::Entity as Structure>::Id, Box<Outcome<I>>> {
    use cohesive_core::kernel::Stop;
    if let Err((parameter, flaw)) = input.check() {
        return Err(Box::new(Outcome::Invalid(cohesive_core::kernel::Invalid::Input { parameter, flaw })));
    }
    let mut draft = cohesive_core::kernel::Draft::default();
    let refused = match input.run(context, &mut draft) {
        Ok(()) => match <I::Entity as Structure>::id_of(&draft.patch) {
            Some(id) => match id.check() {
                Ok(()) => return Ok(id.clone()),
                Err(flaw) => Decision::Invalid(cohesive_core::kernel::Invalid::Output { field: "id", flaw }),
            },
            None => Decision::Invalid(cohesive_core::kernel::Invalid::Missing("id")),
        },
        Err(Stop::Rejected(rejection)) => Decision::Rejected(rejection),
        Err(Stop::Unobserved(field)) => Decision::Invalid(field.into()),
    };
    Err(Box::new(Outcome::refused(refused)))
}

fn span<I: cohesive_core::kernel::Input>(context: &Context) -> tracing::Span {
    tracing::info_span!(
        "transition",
        entity = I::Entity::STRUCTURE.name,
        transition = I::TRANSITION.name,
        correlation = context.correlation().as_str(),
        outcome = tracing::field::Empty,
    )
}
