//! The whole decision, in the order of [`kernel::decide`](crate::kernel::decide).

use crate::kernel::{self, Context, FieldVersions, Invalid, Refusal, Version};
use crate::model::{self, Conflict, FieldRole, Kind, Mutability, Target, Transition};
use crate::value::{Flaw, Value as _};

use super::body::Body;
use super::compare::equal;
use super::construct::typed;
use super::{Content, Document, Interpreter, Outcome, Produced, Refused, Stop};

impl Interpreter {
    /// Decides what `input` does to `state`, which has `version`; to nothing, for a creation.
    #[must_use]
    pub fn decide(
        &self,
        transition: &'static Transition,
        state: &Document,
        version: Version,
        input: &Document,
        context: &Context,
    ) -> Outcome {
        let run = Run { interpreter: self, transition, state, input, context };
        let decided = match transition.kind {
            Kind::Create => run.create(),
            Kind::Update => run.update(version),
        };
        decided.unwrap_or_else(|outcome| outcome)
    }
}

/// One decision on its way.
struct Run<'a> {
    interpreter: &'a Interpreter,
    transition: &'static Transition,
    state: &'a Document,
    input: &'a Document,
    context: &'a Context,
}

impl Run<'_> {
    const fn structure(&self) -> &'static model::Structure {
        self.interpreter.entity.structure
    }

    fn update(&self, version: Version) -> Result<Outcome, Outcome> {
        self.premise(version)?;
        self.usable_input()?;
        self.incoming()?;
        self.edge()?;
        let (patch, effects) = self.body_and_rules().map_err(stopped)?;
        let mut patch = self.trimmed(self.state, &patch)?;
        self.keep_versions(version.next(), &mut patch);
        if patch.is_empty() && effects.is_empty() {
            return Ok(Outcome::NoChange);
        }
        self.finish(patch, effects)
    }

    fn create(&self) -> Result<Outcome, Outcome> {
        if self.context.expected().is_some_and(|expected| expected != Version::INITIAL) {
            return Err(Outcome::Invalid(Invalid::VersionNotAccepted(self.transition.name)));
        }
        self.usable_input()?;
        let nothing = Document::new();
        let made = self.body(&nothing).and_then(|(patch, effects)| {
            let patch = self.filled(patch)?;
            let patch = self.settled(&nothing, &patch)?;
            Ok((patch, effects))
        });
        let (patch, effects) = made.map_err(|stop| match stop {
            Stop::Unobserved(field) => Outcome::Invalid(Invalid::Missing(field)),
            other => stopped(other),
        })?;
        if let Some(field) = self.structure().fields.iter().find(|field| patch.get(field.name).is_none()) {
            return Err(Outcome::Invalid(Invalid::Missing(field.name)));
        }
        self.finish(patch, effects)
    }

    fn premise(&self, actual: Version) -> Result<(), Outcome> {
        let transition = self.transition;
        match (transition.conflict, self.context.expected()) {
            (conflict, None) if conflict.needs_version() => {
                Err(Outcome::Invalid(Invalid::VersionRequired(transition.name)))
            }
            (Conflict::AtHead, Some(_)) => {
                Err(Outcome::Invalid(Invalid::VersionNotAccepted(transition.name)))
            }
            (Conflict::Disjoint, Some(expected)) if self.disjoint(expected, actual) => Ok(()),
            (_, Some(expected)) if expected != actual => Err(Outcome::Conflict),
            _ => Ok(()),
        }
    }

    /// Whether what changed since `expected` is nothing that the transition reads or writes.
    fn disjoint(&self, expected: Version, actual: Version) -> bool {
        let overlap = |versions: FieldVersions| versions.overlap(self.structure(), self.transition, expected);
        expected < actual && self.field_versions().is_some_and(|(_, versions)| overlap(versions).is_none())
    }

    /// The field that holds the versions of the others, with what it holds.
    fn field_versions(&self) -> Option<(&'static model::Field, FieldVersions)> {
        let field = self.structure().fields.iter().find(|field| field.role == FieldRole::FieldVersions)?;
        let versions = FieldVersions::decode(self.state.get(field.name)?.to_datum(&field.ty)).ok()?;
        Some((field, versions))
    }

    /// Notes which fields change at `version`, where the entity keeps that.
    fn keep_versions(&self, version: Version, patch: &mut Document) {
        if patch.is_empty() {
            return;
        }
        let known = self.field_versions().filter(|(_, versions)| !versions.is_absent());
        let Some((field, versions)) = known else { return };
        let changed = patch.iter().filter_map(|(name, _)| self.structure().field(name));
        let touched = versions.touched(changed, version);
        if touched == versions {
            return;
        }
        let kept = touched.encode().ok().and_then(|datum| Content::from_datum(&field.ty, &datum).ok());
        if let Some(kept) = kept {
            patch.set(field.name, kept);
        }
    }

    fn usable_input(&self) -> Result<(), Outcome> {
        let given = self.transition.parameters.iter();
        let given = given.filter_map(|parameter| Some((parameter, self.input.get(parameter.name)?)));
        let invalid = |parameter, flaw| Err(Outcome::Invalid(Invalid::Input { parameter, flaw }));
        for (parameter, value) in given.clone() {
            if let Some(flaw) = self.interpreter.flaw(&parameter.ty, value).map_err(stopped)? {
                return invalid(parameter.name, flaw);
            }
        }
        for (parameter, value) in given {
            for constraint in parameter.constraints {
                let mut scope = self.interpreter.invariant_scope(self.state);
                if !scope.keeps(&constraint.rule, value).map_err(stopped)? {
                    return invalid(parameter.name, Flaw::Constraint(constraint));
                }
            }
        }
        Ok(())
    }

    /// Whether the state that comes in keeps the model's rules.
    fn incoming(&self) -> Result<(), Outcome> {
        let unusable = |stop| match stop {
            Stop::Refused(refusal) => Outcome::Invalid(Invalid::State(refusal)),
            other => stopped(other),
        };
        let computed = self.interpreter.computed(self.state).map_err(unusable)?;
        let different = self.trimmed(self.state, &computed)?;
        if let Some((field, _)) = different.iter().last() {
            return Err(Outcome::Invalid(Invalid::State(Refusal::Computed(field))));
        }
        match self.interpreter.broken(self.state).map_err(unusable)? {
            Some(refusal) => Err(Outcome::Invalid(Invalid::State(refusal))),
            None => Ok(()),
        }
    }

    /// Whether the transition may start from the state that the entity is in.
    fn edge(&self) -> Result<(), Outcome> {
        let from = self.transition.edge.map_or(&[][..], |edge| edge.from);
        if from.is_empty() {
            return Ok(());
        }
        let lifecycle = self.structure().lifecycle().and_then(|(field, _)| self.state.get(field.name));
        match lifecycle.and_then(Content::as_variant) {
            Some(state) if from.contains(&state.name) => Ok(()),
            Some(state) => Err(Outcome::Rejected(Refused::WrongState(state.wire))),
            None => Err(stopped(Stop::Unobserved("the lifecycle state"))),
        }
    }

    fn body_and_rules(&self) -> Result<(Document, Vec<Produced>), Stop> {
        let lifecycle = self.structure().lifecycle().map(|(field, _)| field.name);
        let before = lifecycle.and_then(|field| self.state.get(field));
        let (mut patch, effects) = self.body(self.state)?;
        for field in self.structure().fields {
            let seals = matches!(field.mutability, Mutability::WriteOnce) && patch.get(field.name).is_some();
            let known = self.state.get(field.name);
            if seals && known.is_some_and(|known| *known != Content::Absent) {
                return Err(Stop::Refused(Refusal::Sealed(field.name)));
            }
        }
        match self.transition.edge.map(|edge| edge.to) {
            Some(Target::State(state)) => self.move_to(&mut patch, state)?,
            Some(Target::OneOf { states, .. }) => chosen(before, lifecycle, &patch, states)?,
            Some(Target::Same) | None => {}
        }
        Ok((self.settled(self.state, &patch)?, effects))
    }

    fn move_to(&self, patch: &mut Document, state: &str) -> Result<(), Stop> {
        let (field, states) = self.structure().lifecycle().ok_or_else(|| Stop::opaque("a lifecycle"))?;
        let state = Content::variant(states, state).ok_or_else(|| Stop::opaque("a lifecycle state"))?;
        patch.set(field.name, state);
        Ok(())
    }

    fn body(&self, state: &Document) -> Result<(Document, Vec<Produced>), Stop> {
        let mut scope = self.interpreter.scope(self.transition, state, self.input, self.context);
        let mut body = Body {
            messages: self.interpreter.entity.messages,
            effects: Vec::new(),
            ways: &self.interpreter.ways,
        };
        body.run(&mut scope, self.transition)?;
        Ok((scope.assigned, body.effects))
    }

    /// Defaults and the first state, where a creation leaves them out.
    fn filled(&self, mut patch: Document) -> Result<Document, Stop> {
        let nothing = Document::new();
        for field in self.structure().fields {
            let computed = matches!(field.mutability, Mutability::Computed(_));
            if computed || patch.get(field.name).is_some() {
                continue;
            }
            let states = self.structure().lifecycle().map(|(_, states)| states);
            let value = match (&field.default, field.role, field.ty) {
                (Some(default), ..) => {
                    Some(typed(self.interpreter.structure_scope(&nothing).evaluate(default)?, &field.ty)?)
                }
                (None, FieldRole::Lifecycle, _) => states.and_then(|states| {
                    let initial = states.variants.iter().position(|variant| variant.initial);
                    initial.map(|position| Content::Variant(states, position))
                }),
                (None, FieldRole::FieldVersions, ty) => {
                    let initial = FieldVersions::initial();
                    initial.encode().ok().and_then(|datum| Content::from_datum(&ty, &datum).ok())
                }
                (None, _, model::Type::Optional(_)) => Some(Content::Absent),
                (None, _, model::Type::List(_)) => Some(Content::List(Vec::new())),
                (None, _, model::Type::Set(_)) => Some(Content::Set(Vec::new())),
                _ => None,
            };
            if let Some(value) = value {
                patch.set(field.name, value);
            }
        }
        Ok(patch)
    }

    /// Computed fields, then constraints and invariants, on the state as it would be.
    fn settled(&self, state: &Document, patch: &Document) -> Result<Document, Stop> {
        let computed = self.interpreter.computed(&patch.over(state))?;
        let patch = computed.over(patch);
        let after = patch.over(state);
        let refusal = match self.interpreter.unkept(&after, &patch)? {
            None => self.interpreter.broken(&after)?,
            some => some,
        };
        refusal.map_or(Ok(patch), |refusal| Err(Stop::Refused(refusal)))
    }

    /// What of `patch` differs from `state`, in the order of the fields.
    fn trimmed(&self, state: &Document, patch: &Document) -> Result<Document, Outcome> {
        let mut different = Document::new();
        for field in self.structure().fields {
            let Some(value) = patch.get(field.name) else { continue };
            let same = match state.get(field.name) {
                Some(known) => equal(known, value).map_err(stopped)?,
                None => false,
            };
            if !same {
                different.set(field.name, value.clone());
            }
        }
        Ok(different)
    }

    /// The last look: everything that was made here has a stored form.
    fn finish(&self, patch: Document, effects: Vec<Produced>) -> Result<Outcome, Outcome> {
        for effect in &effects {
            let message = self.interpreter.entity.messages.iter().find(|known| known.name == effect.message);
            let members = message.map_or(&[][..], |message| message.members);
            let broken = self.interpreter.message_flaw(members, &effect.payload).map_err(stopped)?;
            if let Some((field, flaw)) = broken {
                return Err(Outcome::Invalid(Invalid::Output { field, flaw }));
            }
        }
        for field in self.structure().fields {
            let Some(value) = patch.get(field.name) else { continue };
            if let Some(flaw) = self.interpreter.flaw(&field.ty, value).map_err(stopped)? {
                return Err(Outcome::Invalid(Invalid::Output { field: field.name, flaw }));
            }
        }
        Ok(Outcome::Applied { patch, effects })
    }
}

/// Whether the state that a body chose is one that the transition declares.
fn chosen(
    before: Option<&Content>,
    lifecycle: Option<&'static str>,
    patch: &Document,
    states: &[&str],
) -> Result<(), Stop> {
    let after = lifecycle.and_then(|field| patch.get(field));
    match after.and_then(Content::as_variant) {
        Some(state) if !states.contains(&state.name) && after != before => {
            Err(Stop::Refused(Refusal::Edge(state.wire)))
        }
        _ => Ok(()),
    }
}

fn stopped(stop: Stop) -> Outcome {
    match stop {
        Stop::Refused(refusal) => Outcome::Rejected(Refused::Rule(refusal)),
        Stop::Rejected(case) => Outcome::Rejected(Refused::Case(case)),
        Stop::Unobserved(field) => Outcome::Invalid(Invalid::Unobserved(kernel::Unobserved(field))),
        Stop::Opaque(what) => Outcome::Opaque(what),
    }
}
