//! One input on its way through the engine.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use cohesive_core::kernel::{Applied, Context, Create, Decision, Input, Structure, Update, Version};
use cohesive_core::model;
use cohesive_core::value::{Datum, Timestamp, Value as _};
use tokio::sync::oneshot;

use super::key::{Terms, Ticket};
use super::messages::{committed, messages};
use super::metrics::Counters;
use super::outcome::{Failure, Outcome};
use super::read;
use super::reply::Reply;
use super::system::{System, Taken};
use crate::store::{OutboxMessage, ParkedInput, Receipt, ReceiptKey};

/// An input whose type the engine does not need to know.
pub(super) trait Job: Send {
    fn structure(&self) -> &'static model::Structure;
    fn id(&self) -> &str;
    /// The id as it is stored; `None` for a creation that is refused before it has one.
    fn datum(&self) -> Option<&Datum<'static>>;
    fn columns(&self) -> &[usize];
    /// The keys under which an earlier answer may stand, the caller's before that of a fact.
    fn receipts(&self) -> Vec<ReceiptKey>;

    /// The scope whose mark has to be known, for a message.
    fn mark(&self) -> Option<&str>;

    /// Says that the inbox may have forgotten this message, if it may have.
    fn forgotten(&mut self, mark: Option<Timestamp>) -> bool;

    /// Decides on the subject and adds to the plan what has to be committed.
    fn decide(&mut self, subject: &mut Subject, plan: &mut Plan, terms: Terms);

    /// Answers with an earlier answer to the same key, or says that the key belongs to another request.
    fn replay(&mut self, receipt: Receipt);

    /// Replaces what was decided by what the store refused.
    fn not_unique(&mut self, field: &'static str);

    /// How often it has been decided so far.
    fn attempts(&mut self) -> &mut u32;

    /// Sends the answer to whoever still waits for it.
    fn answer(self: Box<Self>, failure: Option<Failure>);
}

/// One entity while a batch is decided: as loaded, then as the batch leaves it.
pub(super) struct Subject {
    pub(super) version: Option<Version>,
    state: State,
}

enum State {
    Absent,
    Loaded {
        columns: Vec<usize>,
        values: Vec<Datum<'static>>,
    },
    Typed(Box<dyn Any + Send>),
    /// It cannot be read; every input about it gets the same answer.
    Broken(Failure),
}

impl Subject {
    pub(super) const fn absent() -> Self {
        Self { version: None, state: State::Absent }
    }

    pub(super) const fn loaded(version: Version, columns: Vec<usize>, values: Vec<Datum<'static>>) -> Self {
        Self { version: Some(version), state: State::Loaded { columns, values } }
    }

    /// The fields that are known, decoded once.
    fn patch<E: Structure>(&mut self) -> Result<Option<(&mut E::Patch, Version)>, Failure> {
        if let State::Loaded { columns, values } = &mut self.state {
            self.state = match read::patch::<E>(columns.iter().copied(), std::mem::take(values)) {
                Ok(patch) => State::Typed(Box::new(patch)),
                Err(failure) => State::Broken(failure),
            };
        }
        if let State::Broken(failure) = &self.state {
            return Err(failure.clone());
        }
        let State::Typed(known) = &mut self.state else { return Ok(None) };
        let known = known.downcast_mut::<E::Patch>();
        Ok(known.zip(self.version))
    }

    fn become_patch<E: Structure>(&mut self, version: Version, patch: E::Patch) {
        self.version = Some(version);
        self.state = State::Typed(Box::new(patch));
    }
}

/// What the inputs about one entity leave to be committed.
#[derive(Default)]
pub(super) struct Plan {
    /// The new values, by column.
    pub(super) columns: Vec<Option<Datum<'static>>>,
    /// The version afterwards; `None` while nothing changes.
    pub(super) version: Option<Version>,
    pub(super) messages: Vec<OutboxMessage>,
    pub(super) receipts: Vec<Receipt>,
    pub(super) parked: Vec<ParkedInput>,
}

/// Whether an input creates or changes.
pub(super) trait Mode<I: Input>: Send + 'static {
    /// The decision, or the outcome when there can be none. For an applied one also the state afterwards.
    fn decide(
        input: &I,
        context: &Context,
        subject: Option<(&<I::Entity as Structure>::Patch, Version)>,
    ) -> Result<Decision<I>, Outcome<I>>;
}

/// The mode of a creation.
pub(super) struct Creating;

/// The mode of an update.
pub(super) struct Updating;

impl<I: Create> Mode<I> for Creating {
    fn decide(
        input: &I,
        context: &Context,
        subject: Option<(&<I::Entity as Structure>::Patch, Version)>,
    ) -> Result<Decision<I>, Outcome<I>> {
        if subject.is_some() {
            return Err(Outcome::AlreadyExists);
        }
        Ok(cohesive_core::kernel::create(input, context))
    }
}

impl<I: Update> Mode<I> for Updating {
    fn decide(
        input: &I,
        context: &Context,
        subject: Option<(&<I::Entity as Structure>::Patch, Version)>,
    ) -> Result<Decision<I>, Outcome<I>> {
        let (patch, version) = subject.ok_or(Outcome::NotFound)?;
        let view = <I::Entity as Structure>::observe(patch);
        Ok(cohesive_core::kernel::decide_sparse(view, version, input, context))
    }
}

/// An input with its circumstances and, once decided, its outcome.
pub(super) struct TypedJob<I: Input, M> {
    id: String,
    datum: Option<Datum<'static>>,
    input: I,
    context: Context,
    taken: Taken,
    counters: Arc<Counters>,
    tickets: Vec<Ticket>,
    attempts: u32,
    decided: Option<Result<Outcome<I>, Failure>>,
    answer: oneshot::Sender<Result<Outcome<I>, Failure>>,
    mode: PhantomData<fn() -> M>,
}

/// How an input was sent.
pub(super) enum Sent {
    /// Without a key.
    Plain,
    /// With this key.
    With(Ticket),
    /// With a key that is being worked on.
    InFlight,
}

/// A job, unless its key is being worked on, and where its answer arrives.
type Prepared<I, M> = (Option<TypedJob<I, M>>, oneshot::Receiver<Result<Outcome<I>, Failure>>);

impl<I: Input, M: Mode<I>> TypedJob<I, M> {
    /// An input with the key that its sender gave it. Without a ticket although there is a key, the key is being worked
    /// on.
    pub(super) fn new(
        (system, counters): (&System, &Arc<Counters>),
        id: Option<&<I::Entity as Structure>::Id>,
        input: I,
        context: Context,
        ticket: impl FnOnce(&str, &I, &Context) -> Sent,
    ) -> Result<Prepared<I, M>, Failure> {
        let entity = I::Entity::STRUCTURE.name;
        let taken = system.taken::<I>().cloned().ok_or(Failure::NotServed(entity))?;
        let text = id.map_or_else(String::new, ToString::to_string);
        let datum = match id {
            Some(id) => {
                Some(id.encode().map_err(|flaw| read::corrupt(entity, &flaw.to_string()))?.into_owned())
            }
            None => None,
        };
        let (sender, receiver) = oneshot::channel();
        let mut tickets = Vec::new();
        match ticket(&text, &input, &context) {
            Sent::Plain => {}
            Sent::With(ticket) => tickets.push(ticket),
            Sent::InFlight => return Ok((None, receiver)),
        }
        tickets.extend(Ticket::of_fact(&text, &input));
        let job = Self {
            id: text,
            datum,
            input,
            context,
            taken,
            counters: Arc::clone(counters),
            tickets,
            attempts: 0,
            decided: None,
            answer: sender,
            mode: PhantomData,
        };
        Ok((Some(job), receiver))
    }

    /// The input, to be kept for somebody to look at.
    fn parked(&self, expected: Version, actual: Version) -> ParkedInput {
        let context = &self.context;
        ParkedInput {
            entity: I::Entity::STRUCTURE.name.to_owned(),
            entity_id: self.id.clone(),
            transition: I::TRANSITION.name.to_owned(),
            input: serde_json::to_string(&self.input).unwrap_or_else(|_| "null".to_owned()),
            expected,
            actual,
            correlation: context.correlation().as_str().to_owned(),
            causation: context.causation().map(|causation| causation.as_str().to_owned()),
            actor: context.actor().map(|actor| actor.as_str().to_owned()),
            trace: context.trace().map(|trace| trace.as_str().to_owned()),
            recorded_at: context.now(),
        }
    }

    fn decided_on(
        &self,
        subject: &mut Subject,
        plan: &mut Plan,
        terms: Terms,
    ) -> Result<Outcome<I>, Failure> {
        let known = subject.patch::<I::Entity>()?;
        let decision =
            match M::decide(&self.input, &self.context, known.map(|(patch, version)| (&*patch, version))) {
                Ok(decision) => decision,
                Err(outcome) => return Ok(outcome),
            };
        let Decision::Applied(applied) = decision else {
            let version = subject.version.unwrap_or_default();
            return Ok(match decision {
                Decision::NoChange => Outcome::NoChange { version },
                other => Outcome::refused(other),
            });
        };
        self.plan(applied, subject, plan, terms)
    }

    /// Adds an applied decision to the plan, and moves the subject on.
    fn plan(
        &self,
        applied: Applied<I>,
        subject: &mut Subject,
        plan: &mut Plan,
        terms: Terms,
    ) -> Result<Outcome<I>, Failure> {
        let messages = match messages(&applied, &self.id, &self.input, &self.context, terms) {
            Ok(messages) => messages,
            Err(invalid) => return Ok(Outcome::Invalid(invalid)),
        };
        let committed = committed(&applied, &messages);
        let (version, patch, _) = applied.into_parts();
        let mut columns = Vec::new();
        I::Entity::encode(&patch, &mut |column, datum| columns.push((column, datum.into_owned())))
            .map_err(|(_, flaw)| read::corrupt(I::Entity::STRUCTURE.name, &flaw.to_string()))?;
        plan.columns.resize(I::Entity::STRUCTURE.fields.len(), None);
        for (column, datum) in columns {
            if let Some(place) = plan.columns.get_mut(column) {
                *place = Some(datum);
            }
        }
        plan.version = Some(version);
        plan.messages.extend(messages);
        match subject.patch::<I::Entity>()? {
            Some((known, _)) => {
                I::Entity::merge(known, patch);
                subject.version = Some(version);
            }
            None => subject.become_patch::<I::Entity>(version, patch),
        }
        Ok(Outcome::Committed(committed))
    }
}

impl<I: Input, M: Mode<I>> Job for TypedJob<I, M> {
    fn structure(&self) -> &'static model::Structure {
        I::Entity::STRUCTURE
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn datum(&self) -> Option<&Datum<'static>> {
        self.datum.as_ref()
    }

    fn columns(&self) -> &[usize] {
        &self.taken.columns
    }

    fn receipts(&self) -> Vec<ReceiptKey> {
        self.tickets.iter().map(|ticket| ticket.key.clone()).collect()
    }

    fn mark(&self) -> Option<&str> {
        self.tickets.iter().find_map(Ticket::mark)
    }

    fn forgotten(&mut self, mark: Option<Timestamp>) -> bool {
        let forgotten = self.tickets.iter().any(|ticket| ticket.is_forgotten(mark));
        if forgotten {
            self.decided = Some(Ok(Outcome::MessageTooOld));
        }
        forgotten
    }

    fn decide(&mut self, subject: &mut Subject, plan: &mut Plan, terms: Terms) {
        self.attempts += 1;
        let guarded = std::panic::AssertUnwindSafe(|| self.decided_on(subject, plan, terms));
        let decided = std::panic::catch_unwind(guarded).unwrap_or(Err(Failure::Panicked(I::TRANSITION.name)));
        let Ok(outcome) = &decided else {
            self.decided = Some(decided);
            return;
        };
        if let Outcome::Parked { expected, actual } = outcome {
            plan.parked.push(self.parked(*expected, *actual));
        }
        for ticket in &self.tickets {
            let taken = matches!(outcome, Outcome::Committed(_) | Outcome::NoChange { .. });
            if !outcome.is_final() || ticket.takes_only() && !taken {
                continue;
            }
            plan.receipts.push(ticket.receipt(outcome.reply(&self.id), terms));
        }
        self.decided = Some(decided);
    }

    fn replay(&mut self, receipt: Receipt) {
        let ticket = self.tickets.iter().find(|ticket| ticket.key.scope == receipt.scope);
        let outcome = match ticket {
            Some(ticket) if ticket.fingerprint == receipt.fingerprint => {
                Outcome::Replayed(Reply::from(receipt))
            }
            Some(ticket) => ticket.reused(),
            None => Outcome::KeyReused,
        };
        self.decided = Some(Ok(outcome));
    }

    fn not_unique(&mut self, field: &'static str) {
        self.decided = Some(Ok(Outcome::NotUnique { field }));
    }

    fn attempts(&mut self) -> &mut u32 {
        &mut self.attempts
    }

    fn answer(self: Box<Self>, failure: Option<Failure>) {
        let Self { tickets, decided, answer, counters, taken, .. } = *self;
        // The key is free again before the answer arrives, so that whoever was answered may repeat at once.
        drop(tickets);
        let result = match failure {
            Some(failure) => Err(failure),
            None => decided.unwrap_or(Err(Failure::Lost)),
        };
        counters.ended(taken.place, &result);
        // Nobody waits any more when the sender went away; what was committed stays committed.
        let _ = answer.send(result);
    }
}
