//! An entity as a walk sees it: of one type inside, and of none outside.

use std::any::Any;
use std::marker::PhantomData;

use crate::interpret::{Content, Document, Interpreter};
use crate::kernel::{
    self, Context, Create, Decision, Draft, Entity, InputVisitor, Invalid, Structure, Update, Version,
};
use crate::model;

use super::examine::{self, Before};
use super::property::{Findings, Property};
use super::quiet::quiet;

/// An entity that is walked through its states.
pub(super) trait Subject: Send + Sync {
    /// One who runs its model.
    fn interpreter(&self) -> &Interpreter;

    /// The entity in a state.
    ///
    /// # Errors
    /// What keeps the state from being one.
    fn given(&self, state: Document, version: Version) -> Result<Held, String>;

    /// Decides, and looks at everything that has to hold of the decision.
    fn play(
        &self,
        transition: usize,
        held: Option<&Held>,
        input: &Document,
        context: &Context,
        findings: &mut Findings,
    ) -> Played;

    /// Looks at everything that has to hold of a state, whether it keeps the rules or not.
    fn judge_codecs(&self, held: &Held, findings: &mut Findings);

    /// Two values of a field as one; `None` where they cannot be joined.
    fn join(&self, field: &'static str, one: &Content, other: &Content) -> Option<Content>;
}

/// An entity in one state.
pub(super) struct Held {
    typed: Box<dyn Any>,
    pub(super) document: Document,
    pub(super) version: Version,
}

/// What came of an input.
pub(super) struct Played {
    /// The outcome in words.
    pub(super) outcome: String,
    pub(super) ended: Ended,
    /// Something that the model does not say.
    pub(super) opaque: Option<String>,
    pub(super) after: Option<Held>,
}

/// How an input ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// It was applied.
    Accepted,
    /// It was accepted, and changed nothing.
    Unchanged,
    /// The domain refused it, by this rule.
    Refused(String),
    /// It was unusable, conflicted or could not be read.
    Unusable,
    /// It panicked.
    Panicked,
}

/// The subject of one entity type.
pub(super) struct Typed<E: Entity> {
    interpreter: Interpreter,
    plays: Vec<Box<dyn Play<E>>>,
}

impl<E: Entity> Typed<E> {
    pub(super) fn new() -> Self {
        let mut plays = Plays(Vec::new());
        E::inputs(&mut plays);
        Self { interpreter: Interpreter::of::<E>(), plays: plays.0 }
    }

    fn held(state: E, version: Version) -> Result<Held, String> {
        let document = Document::of_patch::<E>(&state.whole()).map_err(|flaw| flaw.to_string())?;
        Ok(Held { typed: Box::new(state), document, version })
    }
}

impl<E: Entity> Subject for Typed<E> {
    fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    fn given(&self, state: Document, version: Version) -> Result<Held, String> {
        let patch = state.to_patch::<E>().map_err(|flaw| flaw.to_string())?;
        let typed = E::complete(patch).map_err(|field| format!("`{field}` is missing"))?;
        Self::held(typed, version)
    }

    fn play(
        &self,
        transition: usize,
        held: Option<&Held>,
        input: &Document,
        context: &Context,
        findings: &mut Findings,
    ) -> Played {
        let before = held.and_then(|held| {
            let state = held.typed.downcast_ref::<E>()?;
            Some(Before { state, document: &held.document, version: held.version })
        });
        let Some(play) = self.plays.get(transition) else {
            return Played::unusable("no such transition");
        };
        let (played, after) = play.play(&self.interpreter, before, input, context, findings);
        let after = after.map(|(state, version)| Self::held(state, version)).transpose();
        match after {
            Ok(after) => Played { after, ..played },
            Err(flaw) => {
                findings.add(Property::Codecs, format!("the new state cannot be stored: {flaw}"));
                played
            }
        }
    }

    fn judge_codecs(&self, held: &Held, findings: &mut Findings) {
        if let Some(state) = held.typed.downcast_ref::<E>() {
            super::codec::state::<E>(state, &held.document, findings);
        }
    }

    fn join(&self, field: &'static str, one: &Content, other: &Content) -> Option<Content> {
        let patch = |value: &Content| {
            let document: Document = [(field, value.clone())].into_iter().collect();
            document.to_patch::<E>().ok()
        };
        let (loaded, later) = (patch(one)?, patch(other)?);
        let mut joined = E::Patch::default();
        quiet(|| E::join(E::observe(&loaded), &mut joined, later)).ok()?;
        Document::of_patch::<E>(&joined).ok()?.remove(field)
    }
}

impl Played {
    pub(super) fn unusable(outcome: impl Into<String>) -> Self {
        Self { outcome: outcome.into(), ended: Ended::Unusable, opaque: None, after: None }
    }
}

/// What came of an input, with the new state and its version.
type Turn<E> = (Played, Option<(E, Version)>);

/// One input type.
trait Play<E: Entity>: Send + Sync {
    fn play(
        &self,
        interpreter: &Interpreter,
        before: Option<Before<'_, E>>,
        input: &Document,
        context: &Context,
        findings: &mut Findings,
    ) -> Turn<E>;
}

struct Plays<E: Entity>(Vec<Box<dyn Play<E>>>);

impl<E: Entity> InputVisitor<E> for Plays<E> {
    fn create<I: Create<Entity = E>>(&mut self) {
        self.0.push(Box::new(Creation::<I>(PhantomData)));
    }

    fn update<I: Update<Entity = E>>(&mut self) {
        self.0.push(Box::new(Change::<I>(PhantomData)));
    }
}

struct Creation<I>(PhantomData<I>);
struct Change<I>(PhantomData<I>);

impl<I: Create> Play<I::Entity> for Creation<I> {
    fn play(
        &self,
        interpreter: &Interpreter,
        before: Option<Before<'_, I::Entity>>,
        document: &Document,
        context: &Context,
        findings: &mut Findings,
    ) -> Turn<I::Entity> {
        if before.is_some() {
            return (Played::unusable("there is one already"), None);
        }
        let input = match super::codec::input::<I>(interpreter, document, findings) {
            Ok(input) => input,
            Err(flaw) => return (Played::unusable(format!("unreadable: {flaw}")), None),
        };
        let decide = || kernel::create(&input, context);
        let Some(decision) = examine::decided(decide, findings) else { return panicked() };
        examine::outcome::<I>(interpreter, None, document, context, &decision, findings)
    }
}

impl<I: Update> Play<I::Entity> for Change<I> {
    fn play(
        &self,
        interpreter: &Interpreter,
        before: Option<Before<'_, I::Entity>>,
        document: &Document,
        context: &Context,
        findings: &mut Findings,
    ) -> Turn<I::Entity> {
        let Some(before) = before else { return (Played::unusable("there is none yet"), None) };
        let input = match super::codec::input::<I>(interpreter, document, findings) {
            Ok(input) => input,
            Err(flaw) => return (Played::unusable(format!("unreadable: {flaw}")), None),
        };
        let decide = || kernel::decide(before.state, before.version, &input, context);
        let Some(decision) = examine::decided(decide, findings) else { return panicked() };
        if matches!(decision, Decision::Invalid(Invalid::State(_))) {
            run_anyway(before.state, &input, context, findings);
        } else {
            findings.check(Property::Sparse, sparse(before, &input, context, &decision));
        }
        examine::untouched(before, findings);
        examine::outcome::<I>(interpreter, Some(before), document, context, &decision, findings)
    }
}

fn panicked<E>() -> Turn<E> {
    let outcome = "it panicked".to_owned();
    (Played { outcome, ended: Ended::Panicked, opaque: None, after: None }, None)
}

/// Guards and body on a state that the kernel would not let them see: they have to have an outcome there too.
fn run_anyway<I: Update>(state: &I::Entity, input: &I, context: &Context, findings: &mut Findings) {
    let ended = quiet(|| {
        let mut draft = Draft::<I>::default();
        // What comes out is of no interest, only that something does.
        let _ = input.run(state.view(), context, &mut draft);
    });
    if let Err(panic) = ended {
        findings.add(Property::Total, format!("on a state that breaks a rule, it panicked: {panic}"));
    }
}

/// What differs when only the columns of the transition were loaded.
fn sparse<I: Update>(
    before: Before<'_, I::Entity>,
    input: &I,
    context: &Context,
    full: &Decision<I>,
) -> Option<String> {
    let model: &model::Entity = I::Entity::MODEL;
    let columns = model.columns(I::TRANSITION);
    let fields = model.structure.fields;
    let name_of = |column: &usize| fields.get(*column).map(|field| field.name);
    let document: Document = columns
        .iter()
        .filter_map(name_of)
        .filter_map(|name| Some((name, before.document.get(name)?.clone())))
        .collect();
    let patch = document.to_patch::<I::Entity>().ok()?;
    let view = <I::Entity as Structure>::observe(&patch);
    let sparse = match quiet(|| kernel::decide_sparse(view, before.version, input, context)) {
        Ok(decision) => decision,
        Err(panic) => return Some(format!("on a sparse state it panicked: {panic}")),
    };
    if sparse == *full {
        return None;
    }
    let names: Vec<&str> = columns.iter().filter_map(name_of).collect();
    Some(format!(
        "with only {} loaded, the outcome is another one:\n{}instead of\n{}",
        names.join(", "),
        super::show::decision(&sparse, Some(before.state)),
        super::show::decision(full, Some(before.state)),
    ))
}
