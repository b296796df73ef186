//! Idempotency keys while they are being worked on, and what they stand for.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use cohesive_core::kernel::{Context, Input, Structure};
use cohesive_core::model;
use cohesive_core::value::Timestamp;
use sha2::{Digest as _, Sha256};

use super::outcome::Outcome;
use super::reply::Reply;
use crate::envelope::Envelope;
use crate::store::{Receipt, ReceiptKey};

/// The key under which a repeat of the same request gets the same answer.
///
/// Keys are scoped to the caller and the operation: the same key of another caller, or for another transition, is
/// another key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub(crate) caller: String,
    pub(crate) key: String,
}

/// Text that cannot be an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 1 to 255 characters of printable ASCII")]
pub struct IdempotencyKeyFlaw;

impl IdempotencyKey {
    /// A key of `caller`, who may be empty where callers are not told apart.
    ///
    /// # Errors
    /// When `key` is empty, longer than 255 characters, or not printable ASCII.
    pub fn new(caller: &str, key: &str) -> Result<Self, IdempotencyKeyFlaw> {
        let printable = key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if key.trim().is_empty() || key.len() > 255 || !printable {
            return Err(IdempotencyKeyFlaw);
        }
        Ok(Self { caller: caller.to_owned(), key: key.to_owned() })
    }
}

/// The keys that are being worked on.
#[derive(Default)]
pub(super) struct Intake {
    keys: Mutex<HashSet<ReceiptKey>>,
}

/// A key, and what it stands for.
pub(super) struct Ticket {
    pub(super) key: ReceiptKey,
    pub(super) fingerprint: [u8; 32],
    origin: Origin,
}

/// Where a key comes from.
enum Origin {
    /// The caller of a request. Holds the key until this is dropped.
    Request(Arc<Intake>),
    /// The source of a fact. Its repeats wait for the first one's answer.
    Fact,
    /// The sender of a message, who recorded it at this time.
    Delivery(Timestamp),
}

impl Ticket {
    /// Takes the key for this request, unless it is being worked on.
    pub(super) fn take<I: Input>(
        intake: &Arc<Intake>,
        key: &IdempotencyKey,
        id: &str,
        input: &I,
        context: &Context,
    ) -> Option<Self> {
        let fingerprint = fingerprint(id, input, context);
        let key = ReceiptKey { scope: scope::<I>(key), key: key.key.clone() };
        let fresh = intake.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        fresh.then(|| Self { key, fingerprint, origin: Origin::Request(Arc::clone(intake)) })
    }

    /// The identity that its sender gives a message: `source` and `id` together (CloudEvents §3.1). The transition is
    /// part of the scope, so that each one that follows the event applies it once (B40).
    pub(super) fn of_delivery<I: Input>(message: &Envelope) -> Self {
        let scope = inbox_scope(&consumer::<I>(), &message.source);
        let mut digest = Sha256::new();
        for part in [&*message.kind, message.subject.as_deref().unwrap_or_default(), &*message.data] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let key = ReceiptKey { scope, key: message.id.clone() };
        Self { key, fingerprint: digest.finalize().into(), origin: Origin::Delivery(message.recorded) }
    }

    /// The identity that the source of a fact gives it, for this entity. It is remembered without end (A22).
    pub(super) fn of_fact<I: Input>(id: &str, input: &I) -> Option<Self> {
        let external = input.external_id()?;
        let subject = serde_json::Value::from(id);
        let scope = format!("fact {}.{} {subject}", I::Entity::STRUCTURE.table, I::TRANSITION.name);
        let mut digest = Sha256::new();
        digest.update(serde_json::to_vec(input).unwrap_or_default());
        let fingerprint = digest.finalize().into();
        Some(Self { key: ReceiptKey { scope, key: external }, fingerprint, origin: Origin::Fact })
    }

    /// The answer to remember under this key: that of a fact without end, that of a message as long as the inbox does.
    pub(super) fn receipt(&self, reply: Reply, terms: Terms) -> Receipt {
        let (expires_at, mark) = match &self.origin {
            Origin::Request(_) => (terms.answers_expire, None),
            Origin::Fact => (Timestamp::MAX, None),
            Origin::Delivery(recorded) => (terms.inbox_expires, Some(*recorded)),
        };
        Receipt {
            scope: self.key.scope.clone(),
            key: self.key.key.clone(),
            fingerprint: self.fingerprint,
            status: reply.status,
            version: reply.version,
            body: reply.body,
            recorded_at: terms.now,
            expires_at,
            mark,
        }
    }

    /// Whether only an input that was taken is remembered: a fact or a message that could not be recorded may come
    /// again.
    pub(super) const fn takes_only(&self) -> bool {
        !matches!(self.origin, Origin::Request(_))
    }

    /// What a second content under the same key is.
    pub(super) const fn reused<I: Input>(&self) -> Outcome<I> {
        match self.origin {
            Origin::Request(_) => Outcome::KeyReused,
            Origin::Fact => Outcome::FactReused,
            Origin::Delivery(_) => Outcome::MessageReused,
        }
    }

    /// Whether the inbox may have forgotten that this message was applied: nothing recorded later than `mark` was.
    pub(super) fn is_forgotten(&self, mark: Option<Timestamp>) -> bool {
        matches!(self.origin, Origin::Delivery(recorded) if mark.is_some_and(|mark| recorded <= mark))
    }

    /// The scope whose mark has to be known.
    pub(super) fn mark(&self) -> Option<&str> {
        matches!(self.origin, Origin::Delivery(_)).then_some(self.key.scope.as_str())
    }
}

/// What a commit keeps to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// How many bytes an event may have.
    pub(super) max_message: usize,
    pub(super) now: Timestamp,
    /// Until when the answers of requests are kept.
    pub(super) answers_expire: Timestamp,
    /// Until when the inbox remembers a message.
    pub(super) inbox_expires: Timestamp,
}

/// The name under which a transition consumes: its inbox is its own.
pub(super) fn consumer<I: Input>() -> String {
    format!("{}.{}", I::Entity::STRUCTURE.table, I::TRANSITION.name)
}

/// The scope of what `consumer` took from `source`. The source is quoted, so that it cannot imitate another scope (R12).
pub(super) fn inbox_scope(consumer: &str, source: &str) -> String {
    format!("inbox {consumer} {}", serde_json::Value::from(source))
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Origin::Request(intake) = &self.origin {
            intake.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
        }
    }
}

/// Who asks for what, so that equal keys of different callers or operations never meet. The parts are quoted as
/// JSON, so that no caller's name can imitate another scope (R12).
fn scope<I: Input>(key: &IdempotencyKey) -> String {
    let caller = serde_json::Value::from(key.caller.as_str());
    format!("{}.{} {caller}", I::Entity::STRUCTURE.table, I::TRANSITION.name)
}

/// SHA-256 over what the request means: id, stated version and input in one order of members, whatever order and
/// spacing they were sent in.
fn fingerprint<I: Input>(id: &str, input: &I, context: &Context) -> [u8; 32] {
    // The input of a creation holds its id; a refusal may come before that is known, and is the same request.
    let subject = if I::TRANSITION.kind == model::Kind::Create { "" } else { id };
    let meaning = (subject, context.expected(), input);
    let mut digest = Sha256::new();
    digest.update(serde_json::to_vec(&meaning).unwrap_or_default());
    digest.finalize().into()
}
