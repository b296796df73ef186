//! One who runs the model of an entity, and the rules that hold for every state of it.

use crate::kernel::{self, Context, Refusal};
use crate::model::{self, Mutability, Rule, Transition};

use super::body::Ways;
use super::construct::typed;
use super::names::{Names, Place};
use super::{Content, Document, Scope, Stop};

/// One who runs the model of an entity.
#[derive(Debug)]
pub struct Interpreter {
    pub(super) entity: &'static model::Entity,
    pub(super) names: Names,
    pub(super) ways: Ways,
}

impl Interpreter {
    /// An interpreter that knows the model only. Constants of the user's code are unknown to it.
    #[must_use]
    pub fn new(entity: &'static model::Entity) -> Self {
        Self { entity, names: Names::of(entity), ways: Ways::default() }
    }

    /// An interpreter that also knows the constants which the bodies of `E` use.
    #[must_use]
    pub fn of<E: kernel::Entity>() -> Self {
        let mut interpreter = Self::new(E::MODEL);
        let names = &mut interpreter.names;
        E::field_constants(&mut |path, constant| names.constant(Place::Structure, path, constant));
        E::body_constants(&mut |path, constant| names.constant(Place::Behaviour, path, constant));
        interpreter
    }

    /// The model that is interpreted.
    #[must_use]
    pub const fn entity(&self) -> &'static model::Entity {
        self.entity
    }

    /// Whether the ways that are taken from now on count.
    pub(crate) fn count_ways(&self, counts: bool) {
        self.ways.count(counts);
    }

    /// Whether a way through a body was taken in any decision that counts.
    pub(crate) fn took(&self, steps: &[model::Step]) -> bool {
        self.ways.took(steps)
    }

    /// The constants of the user's code that are known.
    pub fn constants(&self) -> impl Iterator<Item = &Content> {
        self.names.constants()
    }

    /// What the conditions and values of `transition` see.
    #[must_use]
    pub fn scope<'a>(
        &'a self,
        transition: &'static Transition,
        state: &'a Document,
        input: &'a Document,
        context: &'a Context,
    ) -> Scope<'a> {
        let (parameters, input, context) = (transition.parameters, Some(input), Some(context));
        Scope { parameters, input, context, ..self.plain(Place::Behaviour, state) }
    }

    /// What an invariant sees.
    #[must_use]
    pub fn invariant_scope<'a>(&'a self, state: &'a Document) -> Scope<'a> {
        self.plain(Place::Behaviour, state)
    }

    /// What a default, a computed field or a constraint sees.
    #[must_use]
    pub fn structure_scope<'a>(&'a self, state: &'a Document) -> Scope<'a> {
        self.plain(Place::Structure, state)
    }

    /// What a constraint of a member sees, which is no field.
    pub(super) const fn member_scope<'a>(&'a self, nothing: &'a Document) -> Scope<'a> {
        self.plain(Place::Elsewhere, nothing)
    }

    const fn plain<'a>(&'a self, place: Place, loaded: &'a Document) -> Scope<'a> {
        Scope {
            names: &self.names,
            place,
            structure: self.entity.structure,
            loaded,
            assigned: Document::new(),
            parameters: &[],
            input: None,
            context: None,
            locals: Vec::new(),
        }
    }

    /// The computed fields of a state.
    ///
    /// # Errors
    /// When a field that is needed was not observed, or a calculation has no result.
    pub fn computed(&self, state: &Document) -> Result<Document, Stop> {
        let mut computed = Document::new();
        for field in self.entity.structure.fields {
            if let Mutability::Computed(expression) = &field.mutability {
                let value = self.structure_scope(state).evaluate(expression)?;
                computed.set(field.name, typed(value, &field.ty)?);
            }
        }
        Ok(computed)
    }

    /// The first constraint that a field of `patch` does not keep, on the state `state`. A check of several fields is
    /// looked at whether they are in the patch or not.
    ///
    /// # Errors
    /// When a constraint cannot be judged.
    pub fn unkept(&self, state: &Document, patch: &Document) -> Result<Option<Refusal>, Stop> {
        for field in self.entity.structure.fields {
            for constraint in field.constraints {
                let value = match (&constraint.rule, patch.get(field.name)) {
                    (Rule::Check(condition), _) => {
                        let reads = condition.fields();
                        if !reads.is_empty() && reads.iter().all(|read| patch.get(read).is_none()) {
                            continue;
                        }
                        let scope = self.structure_scope(state);
                        condition.fields().into_iter().try_for_each(|read| scope.field(read).map(|_| ()))?;
                        &Content::Bool(true)
                    }
                    (_, Some(value)) => value,
                    (_, None) => continue,
                };
                if !self.structure_scope(state).keeps(&constraint.rule, value)? {
                    return Ok(Some(Refusal::Constraint { field: field.name, constraint }));
                }
            }
        }
        Ok(None)
    }

    /// The first invariant that `state` breaks, if there is one.
    ///
    /// # Errors
    /// When an invariant cannot be judged.
    pub fn broken(&self, state: &Document) -> Result<Option<Refusal>, Stop> {
        for invariant in self.entity.invariants {
            let mut reads = invariant.reads.to_vec();
            reads.sort_unstable();
            let mut scope = self.invariant_scope(state);
            reads.into_iter().try_for_each(|field| scope.field(field).map(|_| ()))?;
            if !scope.truth(&invariant.condition)? {
                return Ok(Some(Refusal::Invariant(invariant)));
            }
        }
        Ok(None)
    }
}
