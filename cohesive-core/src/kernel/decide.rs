//! The decision itself: one order of checks for every transition.

use super::decision::{Applied, Decision, Draft, Invalid, Refusal, Stop};
use super::known::{Fields, Known};
use super::traits::{Create, Entity, Input, Structure, Update};
use super::{Context, EffectSet, Version};
use crate::model::Conflict;
use crate::value::Value as _;

/// Decides what `input` does to `state`.
///
/// The order of checks: stated version → incoming state → lifecycle edge → guards, first failure wins → body →
/// computed fields → write-once fields → constraints → invariants. Nothing of `state` is changed; [`Applied::after`] gives the
/// new one. The decision is a function of its arguments and of nothing else.
pub fn decide<I: Update>(state: &I::Entity, version: Version, input: &I, context: &Context) -> Decision<I> {
    decide_sparse(state.view(), version, input, context)
}

/// Decides as [`decide`] does, on a state of which only some fields were loaded.
///
/// The fields that the transition, the invariants and the computed fields read have to be there; a missing one
/// is [`Invalid::Unobserved`], never a guess.
pub fn decide_sparse<I: Update>(
    state: <I::Entity as Structure>::View<'_>,
    version: Version,
    input: &I,
    context: &Context,
) -> Decision<I> {
    if let Some(refused) = premise::<I>(state, version, context) {
        return refused;
    }
    if let Err((parameter, flaw)) = input.check() {
        return Decision::Invalid(Invalid::Input { parameter, flaw });
    }
    if let Err(invalid) = incoming::<I::Entity>(state) {
        return Decision::Invalid(invalid);
    }
    let mut draft = Draft::<I>::default();
    match edge_and_body(state, input, context, &mut draft) {
        Ok(()) => {}
        Err(Stop::Rejected(rejection)) => return Decision::Rejected(rejection),
        Err(Stop::Unobserved(unobserved)) => return Decision::Invalid(unobserved.into()),
    }
    I::Entity::trim(state, &mut draft.patch);
    keep_versions::<I>(state, version.next(), &mut draft);
    if draft.effects.count() == 0 && draft.patch == Default::default() {
        return Decision::NoChange;
    }
    finish(version.next(), draft)
}

/// Decides what a creation makes. The caller sees to it that the entity is absent.
///
/// Defaults and the initial state fill what the body leaves out; computed fields and invariants are checked as
/// for an update. The new entity has [`Version::INITIAL`], and that is the only version a caller may state.
pub fn create<I: Create>(input: &I, context: &Context) -> Decision<I> {
    if context.expected().is_some_and(|expected| expected != Version::INITIAL) {
        return Decision::Invalid(Invalid::VersionNotAccepted(I::TRANSITION.name));
    }
    if let Err((parameter, flaw)) = input.check() {
        return Decision::Invalid(Invalid::Input { parameter, flaw });
    }
    let mut draft = Draft::<I>::default();
    let outcome = input.run(context, &mut draft).and_then(|()| {
        I::Entity::fill(&mut draft.patch).map_err(Stop::from)?;
        settle::<I>(I::Entity::observe(&Default::default()), &mut draft)
    });
    match outcome {
        Ok(()) => {}
        Err(Stop::Rejected(rejection)) => return Decision::Rejected(rejection),
        Err(Stop::Unobserved(unobserved)) => return Decision::Invalid(Invalid::Missing(unobserved.0)),
    }
    if let Err(field) = I::Entity::complete(draft.patch.clone()) {
        return Decision::Invalid(Invalid::Missing(field));
    }
    finish(Version::INITIAL, draft)
}

/// The caller's premise against the policy of the transition.
fn premise<I: Input>(
    state: <I::Entity as Structure>::View<'_>,
    actual: Version,
    context: &Context,
) -> Option<Decision<I>> {
    let transition = I::TRANSITION;
    let disjoint = |expected: Version| {
        let versions = I::Entity::field_versions(state);
        expected < actual
            && versions.is_some_and(|versions| {
                versions.overlap(I::Entity::STRUCTURE, transition, expected).is_none()
            })
    };
    match (transition.conflict, context.expected()) {
        (Conflict::Strict | Conflict::Disjoint | Conflict::Manual, None) => {
            Some(Decision::Invalid(Invalid::VersionRequired(transition.name)))
        }
        (Conflict::AtHead, Some(_)) => Some(Decision::Invalid(Invalid::VersionNotAccepted(transition.name))),
        (Conflict::Disjoint, Some(expected)) if disjoint(expected) => None,
        (_, Some(expected)) if expected != actual => Some(Decision::Conflict { expected, actual }),
        _ => None,
    }
}

/// Notes which fields change at `version`, where the entity keeps that.
fn keep_versions<I: Update>(
    state: <I::Entity as Structure>::View<'_>,
    version: Version,
    draft: &mut Draft<I>,
) {
    if !Fields::<I::Entity>::KEEPS_VERSIONS || draft.patch == Default::default() {
        return;
    }
    // What is unknown stays unknown.
    let known = I::Entity::field_versions(state).filter(|versions| !versions.is_absent());
    let Some(versions) = known else { return };
    let mut changed = Vec::new();
    // What cannot be encoded is refused before the decision is made.
    let _ = I::Entity::encode(&draft.patch, &mut |column, _| changed.push(column));
    let fields = changed.iter().filter_map(|column| I::Entity::STRUCTURE.fields.get(*column));
    let touched = versions.touched(fields, version);
    if touched != *versions {
        I::Entity::set_field_versions(&mut draft.patch, touched);
    }
}

/// Whether the state that comes in keeps the model's rules.
fn incoming<E: Entity>(state: E::View<'_>) -> Result<(), Invalid> {
    let unusable = |stop: Stop<Refusal>| match stop {
        Stop::Rejected(refusal) => Invalid::State(refusal),
        Stop::Unobserved(unobserved) => Invalid::Unobserved(unobserved),
    };
    if Fields::<E>::COMPUTES {
        let mut computed = E::compute(state).map_err(unusable)?;
        E::trim(state, &mut computed);
        if computed != E::Patch::default() {
            let mut names = "";
            let shown = E::encode(&computed, &mut |column, _| {
                names = E::STRUCTURE.fields.get(column).map_or("", |field| field.name);
            });
            debug_assert!(shown.is_ok() || names.is_empty());
            return Err(Invalid::State(Refusal::Computed(names)));
        }
    }
    E::invariants(state).map_err(unusable)
}

fn edge_and_body<I: Update>(
    state: <I::Entity as Structure>::View<'_>,
    input: &I,
    context: &Context,
    draft: &mut Draft<I>,
) -> Result<(), Stop<I::Rejection>> {
    let status = I::Entity::status(state).copied();
    if !I::FROM.is_empty() {
        let status = status.ok_or(super::Unobserved("the lifecycle state"))?;
        if !I::FROM.contains(&status) {
            return Err(Stop::Rejected(I::wrong_state(status)));
        }
    }
    input.run(state, context, draft)?;
    if let Some(sealed) = I::Entity::sealed(state, &draft.patch) {
        return Err(Stop::Rejected(Refusal::Sealed(sealed).into()));
    }
    if let Some(target) = I::TO {
        I::Entity::set_status(&mut draft.patch, target);
    } else if !I::CHOICES.is_empty() {
        chosen::<I>(status, draft)?;
    }
    settle::<I>(state, draft)
}

/// Whether the state that a body chose is one that the transition declares.
fn chosen<I: Update>(
    before: Option<<I::Entity as Structure>::Status>,
    draft: &Draft<I>,
) -> Result<(), Stop<I::Rejection>> {
    use super::LifecycleState as _;
    let after = I::Entity::status(I::Entity::observe(&draft.patch)).copied();
    match after {
        Some(state) if I::CHOICES.contains(&state) || Some(state) == before => Ok(()),
        Some(state) => Err(Stop::Rejected(Refusal::Edge(state.name()).into())),
        None => Ok(()),
    }
}

/// Computed fields, then invariants, on the state as it would be.
fn settle<I: Input>(
    state: <I::Entity as Structure>::View<'_>,
    draft: &mut Draft<I>,
) -> Result<(), Stop<I::Rejection>> {
    let refused = |stop: Stop<Refusal>| match stop {
        Stop::Rejected(refusal) => Stop::Rejected(I::Rejection::from(refusal)),
        Stop::Unobserved(unobserved) => Stop::Unobserved(unobserved),
    };
    if Fields::<I::Entity>::COMPUTES {
        let before = I::Entity::overlay(I::Entity::narrow(state), &draft.patch);
        let computed = I::Entity::compute(before).map_err(refused)?;
        I::Entity::merge(&mut draft.patch, computed);
    }
    let after = I::Entity::overlay(I::Entity::narrow(state), &draft.patch);
    I::Entity::constrained(after, &draft.patch).map_err(refused)?;
    I::Entity::invariants(after).map_err(refused)
}

/// The last look: everything that was made here has a stored form.
fn finish<I: Input>(version: Version, draft: Draft<I>) -> Decision<I> {
    if !Known::<I>::MAKES_VALUES {
        return Decision::Applied(Applied::new(version, draft.patch, draft.effects));
    }
    let mut flaw = None;
    draft.effects.each(&mut |payload| {
        if flaw.is_none() {
            flaw = payload.check().err();
        }
    });
    match flaw.or_else(|| I::Entity::check(&draft.patch)) {
        Some((field, flaw)) => Decision::Invalid(Invalid::Output { field, flaw }),
        None => Decision::Applied(Applied::new(version, draft.patch, draft.effects)),
    }
}
