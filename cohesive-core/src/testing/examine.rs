//! What has to hold of one decision.

use crate::interpret::{Document, Interpreter, Outcome};
use crate::kernel::{
    Applied, Context, Decision, EffectSet as _, Entity, Input, Refusal, Rejection as _, RejectionClass,
    Structure, Version,
};
use crate::model::{FieldRole, Mutability, Role, Target};

use super::property::{Findings, Property};
use super::quiet::quiet;
use super::show;
use super::subject::{Ended, Played};

/// An entity before an input.
pub(super) struct Before<'a, E> {
    pub(super) state: &'a E,
    pub(super) document: &'a Document,
    pub(super) version: Version,
}

impl<E> Clone for Before<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Before<'_, E> {}

/// The decision, made twice; `None` when it panicked.
pub(super) fn decided<I: Input>(
    decide: impl Fn() -> Decision<I>,
    findings: &mut Findings,
) -> Option<Decision<I>> {
    let first = match quiet(&decide) {
        Ok(decision) => decision,
        Err(panic) => {
            findings.add(Property::Total, format!("it panicked: {panic}"));
            return None;
        }
    };
    match quiet(&decide) {
        Ok(second) if first == second && spoken(&first) == spoken(&second) => {}
        Ok(second) => findings.add(
            Property::Deterministic,
            format!(
                "deciding twice gives two decisions:\n{}and\n{}",
                show::decision(&first, None),
                show::decision(&second, None)
            ),
        ),
        Err(panic) => findings.add(Property::Deterministic, format!("the second time, it panicked: {panic}")),
    }
    Some(first)
}

/// The messages of a decision as they are sent: equal values may be spelt differently.
fn spoken<I: Input>(decision: &Decision<I>) -> Vec<Option<String>> {
    let mut texts = Vec::new();
    if let Decision::Applied(applied) = decision {
        applied.effects().each(&mut |payload| texts.push(payload.json().ok()));
    }
    texts
}

/// Whether the state is what it was before it was decided on.
pub(super) fn untouched<E: Entity>(before: Before<'_, E>, findings: &mut Findings) {
    let now = match Document::of_patch::<E>(&before.state.whole()) {
        Ok(now) => now,
        Err(flaw) => {
            return findings.add(Property::Untouched, format!("the state cannot be stored any more: {flaw}"));
        }
    };
    let structure = E::STRUCTURE;
    let (was, is) = (before.document.state_json(structure), now.state_json(structure));
    if was != is {
        findings.add(Property::Untouched, format!("the state was {was}\nand afterwards it is {is}"));
    }
}

/// Looks at an outcome: the model's, the patch, the messages and the new state.
pub(super) fn outcome<I: Input>(
    interpreter: &Interpreter,
    before: Option<Before<'_, I::Entity>>,
    input: &Document,
    context: &Context,
    decision: &Decision<I>,
    findings: &mut Findings,
) -> (Played, Option<(I::Entity, Version)>) {
    let nothing = Document::new();
    let (document, version) =
        before.map_or((&nothing, Version::INITIAL), |before| (before.document, before.version));
    let model = interpreter.decide(I::TRANSITION, document, version, input, context);
    findings.check(Property::Model, model.difference(decision));
    let opaque = match model {
        Outcome::Opaque(what) => Some(what),
        _ => None,
    };
    let told = told(decision);
    let played = |ended| Played { outcome: told.clone(), ended, opaque: opaque.clone(), after: None };
    match decision {
        Decision::Applied(applied) => {
            let after = match before {
                Some(before) => applied.after(before.state),
                None => applied.created(),
            };
            match after {
                Ok(after) => {
                    patch(before, applied, &after, findings);
                    declared(before, applied, findings);
                    if before.is_none_or(|before| keeps(interpreter, before.document)) {
                        rules::<I::Entity>(interpreter, &after, findings);
                    }
                    super::codec::messages(applied.effects(), findings);
                    (played(Ended::Accepted), Some((after, applied.version())))
                }
                Err(field) => {
                    findings
                        .add(Property::Patch, format!("neither the old state nor the patch has `{field}`"));
                    (played(Ended::Accepted), None)
                }
            }
        }
        Decision::NoChange => (played(Ended::Unchanged), None),
        Decision::Rejected(rejection) => {
            let overflow = rejection.name() == "overflow" && rejection.class() == RejectionClass::Rule;
            if I::TRANSITION.fact.is_some() && !overflow {
                findings.add(
                    Property::Facts,
                    format!("a fact was refused by `{}`: {rejection}", rejection.name()),
                );
            }
            (played(Ended::Refused(rejection.name().to_owned())), None)
        }
        Decision::Conflict { .. } | Decision::Invalid(_) => (played(Ended::Unusable), None),
    }
}

/// A decision on one line.
fn told<I: Input>(decision: &Decision<I>) -> String {
    match decision {
        Decision::Applied(applied) => {
            let mut text = format!("applied: changes {}", applied.changed().join(", "));
            applied.effects().each(&mut |payload| {
                let word = if matches!(payload.message().role, Role::Event) { "emits" } else { "requests" };
                text.extend(["; ", word, " ", payload.message().name]);
            });
            text
        }
        other => show::decision(other, None).trim().to_owned(),
    }
}

/// Old and patch make new, and the patch holds no more than what changed.
fn patch<I: Input>(
    before: Option<Before<'_, I::Entity>>,
    applied: &Applied<I>,
    after: &I::Entity,
    findings: &mut Findings,
) {
    let structure = I::Entity::STRUCTURE;
    let patch = Document::of_patch::<I::Entity>(applied.patch());
    let after = Document::of_patch::<I::Entity>(&after.whole());
    let (Ok(patch), Ok(after)) = (patch, after) else {
        return findings.add(Property::Codecs, "what was decided cannot be stored");
    };
    let nothing = Document::new();
    let old = before.map_or(&nothing, |before| before.document);
    let new = patch.over(old);
    for field in structure.fields {
        let written = |document: &Document| document.get(field.name).map(|value| value.to_json(&field.ty));
        let (made, found) = (written(&new), written(&after));
        if made != found {
            let (made, found) = (made.unwrap_or_default(), found.unwrap_or_default());
            let what = format!("`{}`: old and patch make {made}, and the new state has {found}", field.name);
            findings.add(Property::Patch, what);
        }
        let changes = patch.get(field.name).is_some() && before.is_some();
        if changes && written(&patch) == written(old) {
            findings.add(Property::Patch, format!("the patch holds `{}`, which stays as it was", field.name));
        }
    }
    let version = before.map_or(Version::INITIAL, |before| before.version.next());
    if applied.version() != version {
        findings.add(Property::Patch, format!("the version is {} and not {version}", applied.version()));
    }
}

/// Only declared fields, edges and messages.
fn declared<I: Input>(before: Option<Before<'_, I::Entity>>, applied: &Applied<I>, findings: &mut Findings) {
    let (structure, transition) = (I::Entity::STRUCTURE, I::TRANSITION);
    applied.effects().each(&mut |payload| {
        let message = payload.message();
        let declared =
            if matches!(message.role, Role::Event) { transition.emits } else { transition.requests };
        if !declared.contains(&message.name) {
            findings.add(Property::Declared, format!("`{}` is not among its messages", message.name));
        }
    });
    let Some(before) = before else { return };
    let Ok(patch) = Document::of_patch::<I::Entity>(applied.patch()) else { return };
    for (name, value) in patch.iter() {
        let Some(field) = structure.field(name) else { continue };
        let computed = matches!(field.mutability, Mutability::Computed(_));
        let kept = computed || field.role == FieldRole::FieldVersions;
        if !kept && !transition.writes.contains(&name) {
            findings.add(Property::Declared, format!("`{name}` changes, and is not among its writes"));
        }
        let was = before.document.get(name);
        let sealed = field.role == FieldRole::Id
            || matches!(field.mutability, Mutability::WriteOnce)
                && was.is_some_and(|was| *was != crate::interpret::Content::Absent);
        if sealed {
            findings.add(Property::Declared, format!("`{name}` changes, and was set once and for all"));
        }
        if field.role == FieldRole::Lifecycle {
            let states: &[&str] = match transition.edge.as_ref().map(|edge| &edge.to) {
                Some(Target::State(state)) => std::slice::from_ref(state),
                Some(Target::OneOf { states, .. }) => states,
                Some(Target::Same) | None => &[],
            };
            if !value.as_variant().is_some_and(|state| states.contains(&state.name)) {
                findings.add(Property::Declared, format!("it moves to `{value}`, which it does not declare"));
            }
        }
    }
}

/// Whether a state keeps the rules by the model. Nothing is demanded of what follows from one that does not: it was
/// made up, and no input leads to it.
fn keeps(interpreter: &Interpreter, state: &Document) -> bool {
    interpreter.unkept(state, state).is_ok_and(|refusal| refusal.is_none())
        && interpreter.broken(state).is_ok_and(|refusal| refusal.is_none())
}

/// The rules of the entity, by the compiled code and by the model.
fn rules<E: Entity>(interpreter: &Interpreter, after: &E, findings: &mut Findings) {
    let mut broken = |what: String| findings.add(Property::Invariants, what);
    match quiet(|| E::invariants(after.view())) {
        Ok(Ok(())) => {}
        Ok(Err(stop)) => broken(format!("the new state does not keep {stop:?}")),
        Err(panic) => broken(format!("an invariant panicked: {panic}")),
    }
    match quiet(|| E::compute(after.view())) {
        Ok(Ok(mut computed)) => {
            E::trim(after.view(), &mut computed);
            if computed != E::Patch::default() {
                broken(format!("computed fields are not up to date: {computed:?}"));
            }
        }
        Ok(Err(stop)) => broken(format!("a computed field has no value: {stop:?}")),
        Err(panic) => broken(format!("a computed field panicked: {panic}")),
    }
    let Ok(document) = Document::of_patch::<E>(&after.whole()) else { return };
    let refusals = [interpreter.unkept(&document, &document), interpreter.broken(&document)];
    for refusal in refusals.into_iter().filter_map(Result::ok).flatten() {
        broken(match refusal {
            Refusal::Constraint { field, constraint } => {
                format!("by the model, `{field}` does not keep `{}`: {}", constraint.name, constraint.message)
            }
            other => format!("by the model, the new state breaks a rule: {other}"),
        });
    }
    if let Ok(computed) = interpreter.computed(&document) {
        for (name, value) in computed.iter() {
            if document.get(name).is_some_and(|known| known != value) {
                broken(format!("by the model, the computed field `{name}` is {value}"));
            }
        }
    }
}
