//! Operations without their types, for edges that speak JSON.

mod unreadable;

use std::sync::Arc;

use cohesive_core::kernel::{CorrelationId, Create, Entity, Input, Structure, Update, Version};
use cohesive_core::model;
use cohesive_core::value::{Datum, Flaw, Value as _};

use super::consume::{Consumed, Refused};
use super::outcome::{Failure, Outcome};
use super::reply::Reply;
use super::{Node, Preview, Request};
use crate::envelope::Envelope;
use crate::store::{BoxFuture, Row};

pub use unreadable::Unreadable;

/// What was sent, as far as it can be read without knowing the input's type.
#[derive(Debug, Clone)]
pub struct Call {
    /// The id of the entity, as text. `None` for a creation, whose input carries the id.
    pub id: Option<String>,
    /// The input, as JSON text.
    pub body: Vec<u8>,
    /// The circumstances.
    pub request: Request,
    /// Whether only to say what would happen.
    pub dry_run: bool,
}

/// The answer to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The document.
    pub reply: Reply,
    /// The id of the entity, as text; empty where a refusal comes before the id is known.
    pub id: String,
    /// The outcome as one lower-case word, for example `committed` or `key-in-flight`; `failed` when the node or its
    /// store failed.
    pub outcome: &'static str,
}

/// The answer to a call, unless the call could not become an input.
pub type Answered = Result<Answer, Unreadable>;

/// One transition, ready to be called with JSON.
#[derive(Clone, Copy)]
pub struct Operation {
    /// The transition, as data.
    pub transition: &'static model::Transition,
    call: fn(Node, Call) -> BoxFuture<'static, Answered>,
    enter: Option<Enter>,
}

/// The answer of an effect as an input: the id of the entity, the input as JSON, and the request that it answers.
type Enter = fn(Node, String, Vec<u8>, Arc<Envelope>) -> BoxFuture<'static, Consumed>;

impl Operation {
    pub(super) const fn create<I: Create>() -> Self {
        let call = |node, call| -> BoxFuture<'static, Answered> { Box::pin(create::<I>(node, call)) };
        Self { transition: I::TRANSITION, call, enter: None }
    }

    pub(super) const fn update<I: Update>() -> Self {
        let call = |node, call| -> BoxFuture<'static, Answered> { Box::pin(update::<I>(node, call)) };
        let enter: Enter = |node, id, body, request| Box::pin(enter::<I>(node, id, body, request));
        Self { transition: I::TRANSITION, call, enter: Some(enter) }
    }

    /// Whether it changes an entity that is there, so that the answer of an effect can enter through it.
    pub(crate) const fn is_update(&self) -> bool {
        self.enter.is_some()
    }

    /// Has the answer to `request` enter as the input `body` about the entity with this id, once.
    pub(crate) async fn enter(&self, node: &Node, id: &str, body: &[u8], request: Arc<Envelope>) -> Consumed {
        match self.enter {
            Some(enter) => enter(node.clone(), id.to_owned(), body.to_vec(), request).await,
            None => Consumed::Refused(Refused::new("no_update", "a creation cannot take an answer")),
        }
    }

    /// Reads the input, submits it and renders the outcome.
    ///
    /// # Errors
    /// When the call could not become an input. Nothing was read or written then.
    pub async fn call(&self, node: &Node, call: Call) -> Answered {
        (self.call)(node.clone(), call).await
    }
}

async fn create<I: Create>(node: Node, call: Call) -> Answered {
    let input: I = unreadable::read(&call.body)?;
    if call.dry_run {
        return Ok(previewed("", node.preview_create(&input, call.request).await));
    }
    let (id, outcome) = node.create_with_id(input, call.request).await;
    let id = match &outcome {
        // The first answer names the entity that was created; deciding again could name another.
        Ok(Outcome::Replayed(reply)) => reply.id().unwrap_or(id),
        _ => id,
    };
    Ok(rendered(id, outcome))
}

async fn update<I: Update>(node: Node, call: Call) -> Answered {
    let id = call.id.unwrap_or_default();
    let typed = id.parse::<<I::Entity as Structure>::Id>().map_err(Unreadable::Id)?;
    let input: I = unreadable::read(&call.body)?;
    if call.dry_run {
        return Ok(previewed(&id, node.preview(&typed, &input, call.request).await));
    }
    let outcome = node.update(&typed, input, call.request).await;
    Ok(rendered(id, outcome))
}

async fn enter<I: Update>(node: Node, id: String, body: Vec<u8>, request: Arc<Envelope>) -> Consumed {
    let unfit = |flaw: Unreadable| Consumed::Refused(Refused::new("unreadable_answer", flaw.to_string()));
    let id = match id.parse::<<I::Entity as Structure>::Id>() {
        Ok(id) => id,
        Err(flaw) => return unfit(Unreadable::Id(flaw)),
    };
    match unreadable::read::<I>(&body) {
        Ok(input) => node.apply::<I>(&id, input, &request).await,
        Err(flaw) => unfit(flaw),
    }
}

fn previewed<I: Input>(id: &str, preview: Result<Preview<I>, Failure>) -> Answer {
    match preview {
        Ok(preview) => Answer { reply: preview.reply(), outcome: preview.word(), id: preview.id },
        Err(failure) => Answer { reply: failure.reply(), outcome: "failed", id: id.to_owned() },
    }
}

fn rendered<I: Input>(id: String, outcome: Result<Outcome<I>, Failure>) -> Answer {
    match outcome {
        Ok(outcome) => Answer { reply: outcome.reply(&id), outcome: outcome.word(), id },
        Err(failure) => Answer { reply: failure.reply(), outcome: "failed", id },
    }
}

impl Node {
    /// A fresh correlation id, for an edge that has to name it before the input arrives here.
    #[must_use]
    pub fn fresh_correlation(&self) -> CorrelationId {
        self.shared.ports.ids.correlation()
    }
}

type Get = for<'a> fn(&'a Node, &'a str) -> BoxFuture<'a, Result<Option<Document>, Failure>>;

/// How to read an entity without knowing its type.
#[derive(Clone, Copy)]
pub struct Reader {
    key: fn(&str) -> Result<Datum<'static>, Flaw>,
    get: Get,
    document: fn(Row) -> Result<Document, Failure>,
}

/// An entity as a JSON document.
#[derive(Debug, Clone)]
pub struct Document {
    /// The id, as text.
    pub id: String,
    /// The version.
    pub version: Version,
    /// The fields.
    pub state: serde_json::Value,
}

impl Reader {
    pub(super) fn of<E: Entity>() -> Self {
        Self {
            key: |id| Ok(id.parse::<E::Id>()?.encode()?.into_owned()),
            get: |node, id| Box::pin(get::<E>(node, id)),
            document: |row| {
                let (entity, version) = super::read::entity::<E>(row)?;
                document(&entity, version)
            },
        }
    }

    /// The stored form of an id.
    ///
    /// # Errors
    /// When the text cannot be an id of this entity, and why.
    pub fn key(&self, id: &str) -> Result<Datum<'static>, Flaw> {
        (self.key)(id)
    }

    /// The entity with this id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get(&self, node: &Node, id: &str) -> Result<Option<Document>, Failure> {
        (self.get)(node, id).await
    }

    /// A listed row as a document.
    ///
    /// # Errors
    /// When the row does not fit the entity.
    pub fn document(&self, row: Row) -> Result<Document, Failure> {
        (self.document)(row)
    }
}

/// Text that cannot be an id is nobody's id.
async fn get<E: Entity>(node: &Node, id: &str) -> Result<Option<Document>, Failure> {
    let Ok(id) = id.parse::<E::Id>() else { return Ok(None) };
    let found = node.get::<E>(&id).await?;
    found.map(|(entity, version)| document(&entity, version)).transpose()
}

fn document<E: Entity>(entity: &E, version: Version) -> Result<Document, Failure> {
    let state = serde_json::to_value(entity)
        .map_err(|error| super::read::corrupt(E::STRUCTURE.name, &error.to_string()))?;
    Ok(Document { id: entity.id().to_string(), version, state })
}
