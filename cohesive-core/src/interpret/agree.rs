//! Whether an interpreted decision is the compiled one.

use crate::kernel::{Decision, EffectSet as _, Input, Rejection as _, Structure};

use super::{Document, Outcome, Produced};

impl Outcome {
    /// What differs between this outcome and the decision of the compiled code; `None` where they agree, and where
    /// the model does not say.
    ///
    /// Values are compared as they are stored and sent, so that `1.0` and `1.00` differ.
    #[must_use]
    pub fn difference<I: Input>(&self, compiled: &Decision<I>) -> Option<String> {
        let structure = I::Entity::STRUCTURE;
        match (self, compiled) {
            (Self::Opaque(_), _)
            | (Self::NoChange, Decision::NoChange)
            | (Self::Conflict, Decision::Conflict { .. }) => None,
            (Self::Rejected(refused), Decision::Rejected(rejection)) => {
                let agree = refused.name() == rejection.name() && refused.class() == rejection.class();
                (!agree).then(|| {
                    format!(
                        "the model refuses with `{}`, the compiled code with `{}`",
                        refused.name(),
                        rejection.name()
                    )
                })
            }
            (Self::Invalid(model), Decision::Invalid(code)) => {
                (model != code).then(|| format!("the model says \"{model}\", the compiled code \"{code}\""))
            }
            (Self::Applied { patch, effects }, Decision::Applied(applied)) => {
                let compiled = match Document::of_patch::<I::Entity>(applied.patch()) {
                    Ok(compiled) => compiled,
                    Err(flaw) => return Some(format!("the compiled patch cannot be stored: {flaw}")),
                };
                let (model, code) = (patch.state_json(structure), compiled.state_json(structure));
                if model != code {
                    return Some(format!("the model changes {model}, the compiled code {code}"));
                }
                let mut said = Vec::new();
                applied.effects().each(&mut |payload| {
                    let json = payload.json().unwrap_or_else(|flaw| flaw.to_string());
                    said.push((payload.message().name, json));
                });
                different_messages::<I>(effects, &said)
            }
            (model, code) => {
                Some(format!("the model says {}, the compiled code {}", model.word(), code.word()))
            }
        }
    }

    /// The outcome as one lower-case word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Applied { .. } => "applied",
            Self::NoChange => "no-change",
            Self::Rejected(_) => "rejected",
            Self::Conflict => "conflict",
            Self::Invalid(_) => "invalid",
            Self::Opaque(_) => "unknown",
        }
    }
}

fn different_messages<I: Input>(effects: &[Produced], said: &[(&'static str, String)]) -> Option<String> {
    let messages = <I::Entity as crate::kernel::Entity>::MODEL.messages;
    let model: Vec<(&'static str, String)> = effects
        .iter()
        .map(|effect| {
            let message = messages.iter().find(|message| message.name == effect.message);
            (effect.message, message.map_or(String::new(), |message| effect.payload.message_json(message)))
        })
        .collect();
    (model != said).then(|| format!("the model says {model:?}, the compiled code {said:?}"))
}
