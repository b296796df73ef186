//! Outcomes as documents: the answer of an API, and what a repeated request gets again.
//!
//! A refusal is a problem document (RFC 9457) whose `type` is its stable code. Documents are functions of the
//! outcome alone, so that a stored one and a fresh one are the same bytes.

use cohesive_core::kernel::{
    Applied, Boundary, Decision, EffectSet as _, Entity as _, Input, Invalid, Version,
};
use serde_json::{Value as Json, json};

use super::Preview;
use super::outcome::{Committed, Failure, Outcome};
use crate::store::{Receipt, StoreErrorKind};

/// An answer, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status (RFC 9110).
    pub status: u16,
    /// The entity's version, where the answer names one.
    pub version: Option<Version>,
    /// JSON; a problem document from status 400 on.
    pub body: Vec<u8>,
}

impl Reply {
    /// A problem document (RFC 9457).
    #[must_use]
    pub fn problem(status: u16, code: &str, title: &str, detail: &str) -> Self {
        Self::with_members(status, code, title, detail, json!({}))
    }

    /// A problem document with further members.
    #[must_use]
    pub fn with_members(status: u16, code: &str, title: &str, detail: &str, members: Json) -> Self {
        let mut document = json!({
            "type": format!("/problems/{code}"),
            "title": title,
            "status": status,
            "detail": detail,
            "code": code,
        });
        if let (Json::Object(document), Json::Object(members)) = (&mut document, members) {
            document.extend(members);
        }
        Self { status, version: None, body: document.to_string().into_bytes() }
    }

    /// The id that the document names.
    pub(super) fn id(&self) -> Option<String> {
        let document: Json = serde_json::from_slice(&self.body).ok()?;
        document.get("id").and_then(Json::as_str).map(str::to_owned)
    }

    /// Whether this is a problem document.
    #[must_use]
    pub const fn is_problem(&self) -> bool {
        self.status >= 400
    }
}

impl From<Receipt> for Reply {
    fn from(receipt: Receipt) -> Self {
        Self { status: receipt.status, version: receipt.version, body: receipt.body }
    }
}

impl<I: Input> Outcome<I> {
    /// The document of this outcome for the entity with this id.
    #[must_use]
    pub fn reply(&self, id: &str) -> Reply {
        let transition = I::TRANSITION;
        match self {
            Self::Committed(committed) => success::<I>(id, self.word(), committed),
            Self::NoChange { version } => {
                let unchanged = Committed { version: *version, changed: Vec::new(), messages: Vec::new() };
                success::<I>(id, self.word(), &unchanged)
            }
            Self::Replayed(reply) => reply.clone(),
            refused => {
                let (status, title, detail) = refused.refusal(id);
                let code = refused.code().unwrap_or_default();
                let mut members = json!({
                    "entity": I::Entity::MODEL.structure.name,
                    "id": id,
                    "transition": transition.name,
                    "outcome": refused.word(),
                });
                if let (
                    Self::Conflict { expected, actual } | Self::Parked { expected, actual },
                    Json::Object(members),
                ) = (refused, &mut members)
                {
                    members.insert("expected".to_owned(), json!(expected));
                    members.insert("actual".to_owned(), json!(actual));
                }
                Reply::with_members(status, &code, title, &detail, members)
            }
        }
    }

    /// Why it was refused, for somebody to read.
    pub(super) fn detail(&self, id: &str) -> String {
        self.refusal(id).2
    }

    /// Status, title and detail of a refusal.
    fn refusal(&self, id: &str) -> (u16, &'static str, String) {
        let entity = I::Entity::MODEL.structure.name;
        match self {
            Self::Rejected(rejection) => (409, "The transition was refused", rejection.to_string()),
            Self::Conflict { expected, actual } => {
                let detail = format!("version {expected} was stated, and the entity is at version {actual}");
                (412, "The entity has changed", detail)
            }
            Self::Parked { expected, actual } => {
                let detail = format!(
                    "version {expected} was stated, and the entity is at version {actual}; \
                     the input is kept for somebody to look at, and must not be sent again"
                );
                (409, "The input is kept for review", detail)
            }
            Self::NotFound => (404, "There is no such entity", format!("there is no {entity} `{id}`")),
            Self::AlreadyExists => {
                (409, "The entity exists already", format!("there is a {entity} `{id}` already"))
            }
            Self::NotUnique { field } => {
                let detail = format!("another {entity} has the same `{field}`");
                (409, "A value has to be unique", detail)
            }
            Self::Invalid(invalid @ Invalid::VersionRequired(_)) => {
                (428, "A version has to be stated", format!("{invalid}; send it as `If-Match`"))
            }
            Self::Invalid(invalid @ Invalid::VersionNotAccepted(_)) => {
                (400, "A version cannot be stated", invalid.to_string())
            }
            Self::Invalid(invalid @ (Invalid::State(_) | Invalid::Unobserved(_))) => {
                (500, "The stored state is not usable", invalid.to_string())
            }
            Self::Invalid(invalid) => (422, "The input is not usable", invalid.to_string()),
            Self::FactReused => {
                let detail = "the external id was used before for another fact about this entity".to_owned();
                (422, "The external id belongs to another fact", detail)
            }
            Self::KeyReused => {
                let detail = "the same `Idempotency-Key` was used before for another request".to_owned();
                (422, "The key belongs to another request", detail)
            }
            Self::KeyInFlight => {
                let detail =
                    "a request with the same `Idempotency-Key` is being worked on; try again shortly";
                (409, "The request is being worked on", detail.to_owned())
            }
            Self::MessageReused => {
                let detail = "its source gave the same id to another message that was applied".to_owned();
                (422, "The id belongs to another message", detail)
            }
            Self::MessageTooOld => {
                let detail = "what was applied when it was recorded is no longer remembered".to_owned();
                (410, "The message is too old", detail)
            }
            Self::Committed(_) | Self::NoChange { .. } | Self::Replayed(_) => (200, "", String::new()),
        }
    }
}

/// The document of a commit, with the boundary that was reached and never a higher one.
fn success<I: Input>(id: &str, outcome: &str, committed: &Committed) -> Reply {
    let created = matches!(I::TRANSITION.kind, cohesive_core::model::Kind::Create);
    let boundary: Boundary = committed.boundary();
    let messages: Vec<Json> = committed
        .messages
        .iter()
        .map(|(id, role, name)| json!({ "id": id, "role": role, "name": name }))
        .collect();
    let document = json!({
        "entity": I::Entity::MODEL.structure.name,
        "id": id,
        "transition": I::TRANSITION.name,
        "outcome": outcome,
        "version": committed.version,
        "boundary": { "rung": boundary.rung(), "name": boundary.word() },
        "changed": committed.changed,
        "messages": messages,
    });
    Reply {
        status: if created { 201 } else { 200 },
        version: Some(committed.version),
        body: document.to_string().into_bytes(),
    }
}

impl<I: Input> Preview<I> {
    /// The preview as one lower-case word, for logs and metrics.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match &self.decided {
            Ok(Decision::Applied(_)) => "would-commit",
            Ok(decision) => decision.word(),
            Err(outcome) => outcome.word(),
        }
    }

    /// The document of this preview. It reached no boundary, and says so.
    #[must_use]
    pub fn reply(&self) -> Reply {
        let applied = match &self.decided {
            Err(outcome) => return outcome.reply(&self.id),
            Ok(Decision::Applied(applied)) => Some(applied),
            Ok(Decision::NoChange) => None,
            Ok(refused) => return Outcome::refused(refused.clone()).reply(&self.id),
        };
        let mut messages = Vec::new();
        if let Some(applied) = applied {
            applied.effects().each(&mut |payload| {
                let message = payload.message();
                let content: Option<Json> =
                    payload.json().ok().and_then(|json| serde_json::from_str(&json).ok());
                messages
                    .push(json!({ "role": message.role.word(), "name": message.name, "payload": content }));
            });
        }
        let document = json!({
            "entity": I::Entity::MODEL.structure.name,
            "id": self.id,
            "transition": I::TRANSITION.name,
            "outcome": self.word(),
            "boundary": null,
            "changed": applied.map(Applied::changed).unwrap_or_default(),
            "messages": messages,
        });
        Reply { status: 200, version: None, body: document.to_string().into_bytes() }
    }
}

impl Failure {
    /// The problem document of this failure. It never holds values of fields.
    #[must_use]
    pub fn reply(&self) -> Reply {
        match self {
            Self::Lost => unknown(),
            Self::Store(error) if matches!(error.kind, StoreErrorKind::Unknown) => unknown(),
            Self::Store(error) if matches!(error.kind, StoreErrorKind::Corrupt | StoreErrorKind::Schema) => {
                // What is wrong may quote a stored value, so it stays within the node.
                Reply::problem(
                    500,
                    "store_corrupt",
                    "The store holds something unusable",
                    "what is stored does not fit the model; nothing was committed",
                )
            }
            Self::Store(_) => Reply::problem(
                503,
                "store_unavailable",
                "The store cannot be used at present",
                "nothing was committed",
            ),
            Self::Stopped => {
                Reply::problem(503, "stopping", "The node is stopping", "try again with another node")
            }
            Self::Contended { .. } => {
                Reply::problem(503, "contended", "The entity changes too often", &self.to_string())
            }
            Self::NotServed(_) | Self::Panicked(_) => {
                Reply::problem(500, "internal", "The node cannot answer", &self.to_string())
            }
        }
    }
}

/// The answer when nobody knows what became of an input.
fn unknown() -> Reply {
    Reply::problem(
        503,
        "outcome_unknown",
        "It is not known whether the request was committed",
        "repeat it with the same `Idempotency-Key` to learn its outcome",
    )
}
