//! What an expression sees.

use crate::kernel::Context;
use crate::model::{BinaryOperator, Parameter, Structure, Type};

use super::names::{Names, Place};
use super::shape::Shape;
use super::{Content, Document, Stop};

/// What an expression sees: fields as they were loaded and as they were assigned since, the input, the context, and
/// local names.
#[derive(Clone)]
pub struct Scope<'a> {
    pub(super) names: &'a Names,
    pub(super) place: Place,
    pub(super) structure: &'static Structure,
    pub(super) loaded: &'a Document,
    pub(super) assigned: Document,
    pub(super) parameters: &'static [Parameter],
    pub(super) input: Option<&'a Document>,
    pub(super) context: Option<&'a Context>,
    pub(super) locals: Vec<Local>,
}

/// A name that an expression bound.
#[derive(Clone)]
pub(super) struct Local {
    pub(super) name: &'static str,
    pub(super) value: Content,
    pub(super) shape: Option<Shape>,
}

impl Scope<'_> {
    /// The value of a field: as assigned, else as loaded.
    pub(super) fn field(&self, name: &'static str) -> Result<&Content, Stop> {
        self.assigned.get(name).or_else(|| self.loaded.get(name)).ok_or(Stop::Unobserved(name))
    }

    pub(super) fn field_type(&self, name: &str) -> Option<Type> {
        self.structure.field(name).map(|field| field.ty)
    }

    pub(super) fn parameter(&self, name: &str) -> Result<&Content, Stop> {
        let value = self.input.and_then(|input| input.get(name));
        value.ok_or_else(|| Stop::opaque(format!("the parameter `{name}`")))
    }

    pub(super) fn parameter_type(&self, name: &str) -> Option<Type> {
        self.parameters.iter().find(|parameter| parameter.name == name).map(|parameter| parameter.ty)
    }

    pub(super) fn local(&self, name: &str) -> Result<&Content, Stop> {
        let local = self.locals.iter().rev().find(|local| local.name == name);
        local.map(|local| &local.value).ok_or_else(|| Stop::opaque(format!("the name `{name}`")))
    }

    pub(super) fn local_shape(&self, name: &str) -> Option<Shape> {
        self.locals.iter().rev().find(|local| local.name == name).and_then(|local| local.shape.clone())
    }

    /// Binds a name until [`Scope::forget`].
    pub(super) fn bind(&mut self, name: &'static str, value: Content, shape: Option<Shape>) {
        self.locals.push(Local { name, value, shape });
    }

    /// How many local names there are.
    pub(super) const fn mark(&self) -> usize {
        self.locals.len()
    }

    /// Forgets the local names since a mark.
    pub(super) fn forget(&mut self, mark: usize) {
        self.locals.truncate(mark);
    }

    /// The value of something that the context has recorded.
    pub(super) fn recorded(&self, name: &str) -> Result<Content, Stop> {
        let context = self.context.ok_or_else(|| Stop::opaque("the context"))?;
        match name {
            "now" => Ok(Content::Timestamp(context.now())),
            "actor" => Ok(context
                .actor()
                .map_or(Content::Absent, |actor| Content::present(Content::Text(actor.as_str().to_owned())))),
            "correlation" => Ok(Content::Text(context.correlation().as_str().to_owned())),
            other => Err(Stop::opaque(format!("`{other}` of the context"))),
        }
    }

    /// Names a value for what is evaluated next.
    pub(crate) fn name(&mut self, name: &'static str, value: Content) {
        let shape = super::shape::of_content(&value);
        self.bind(name, value, shape);
    }

    /// How many names there are, to be given to [`Scope::forget_names`].
    pub(crate) const fn locals(&self) -> usize {
        self.mark()
    }

    /// Forgets the names since there were that many.
    pub(crate) fn forget_names(&mut self, count: usize) {
        self.forget(count);
    }

    /// What a path stands for.
    pub(crate) fn constant(&self, path: &str) -> Option<Content> {
        self.names.path(self.place, path).ok()
    }

    /// The result of an operator that calculates, where there is one.
    pub(crate) fn calculate(operator: BinaryOperator, left: &Content, right: &Content) -> Option<Content> {
        super::calculate::binary(operator, left, right).ok()
    }
}
