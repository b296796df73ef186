//! Idempotency keys while they are being worked on, and what they stand for.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use cohesive_core::kernel::{Context, Input, Structure};
use cohesive_core::model;
use cohesive_core::value::Timestamp;
use sha2::{Digest as _, Sha256};

use super::reply::Reply;
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
    /// Holds the key of a request until this is dropped. A fact has none: its repeats wait for the first one's answer.
    intake: Option<Arc<Intake>>,
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
        fresh.then(|| Self { key, fingerprint, intake: Some(Arc::clone(intake)) })
    }

    /// The identity that the source of a fact gives it, for this entity. It is remembered without end (A22).
    pub(super) fn of_fact<I: Input>(id: &str, input: &I) -> Option<Self> {
        let external = input.external_id()?;
        let subject = serde_json::Value::from(id);
        let scope = format!("fact {}.{} {subject}", I::Entity::STRUCTURE.table, I::TRANSITION.name);
        let mut digest = Sha256::new();
        digest.update(serde_json::to_vec(input).unwrap_or_default());
        let fingerprint = digest.finalize().into();
        Some(Self { key: ReceiptKey { scope, key: external }, fingerprint, intake: None })
    }

    /// The answer to remember under this key: that of a fact without end.
    pub(super) fn receipt(&self, reply: Reply, now: Timestamp, expires: Timestamp) -> Receipt {
        Receipt {
            scope: self.key.scope.clone(),
            key: self.key.key.clone(),
            fingerprint: self.fingerprint,
            status: reply.status,
            version: reply.version,
            body: reply.body,
            recorded_at: now,
            expires_at: if self.is_fact() { Timestamp::MAX } else { expires },
        }
    }

    /// Whether this is a fact's.
    pub(super) const fn is_fact(&self) -> bool {
        self.intake.is_none()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(intake) = &self.intake {
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
