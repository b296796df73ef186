//! Bodies: ordinary Rust in a pure subset, read as model data and written as code by one and the same walk, so
//! that the two cannot disagree.
//!
//! [`step`] reads what happens, [`change`] what happens to a part of a value, [`say`] the statements with a name of their own and [`way`] the ways between steps;
//! [`expression`] reads values, with [`block`], [`build`], [`operator`] and [`pattern`] for their parts; [`method`]
//! is the list of permitted methods. What they do not know is refused at its own token.

mod block;
mod build;
mod change;
mod expression;
mod method;
mod native;
mod operator;
mod pattern;
mod refuse;
mod say;
mod step;
mod way;

use std::collections::{BTreeMap, BTreeSet};

use cohesive_core::model::Expr;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

pub(crate) use step::{Outline, Reading};

use crate::report::Report;

/// What a walk through a body knows and learns.
pub(crate) struct Scope<'r> {
    pub(crate) report: &'r mut Report,
    /// Whether `self.field` is a field of a loaded entity.
    pub(crate) has_state: bool,
    /// The names of the parameters.
    pub(crate) parameters: Vec<String>,
    /// The name of the context parameter.
    pub(crate) context: Option<String>,
    /// Names bound by `let`, patterns and folds, innermost last.
    locals: Vec<(String, Binding)>,
    /// The fields that were read, with the first place of each.
    pub(crate) reads: BTreeMap<String, Span>,
    /// The fields that may have been assigned before this point.
    pub(crate) assigned: BTreeSet<String>,
    /// The fields of which only parts were changed before this point.
    changed: BTreeSet<String>,
    /// The helpers whose bodies are not read, with the fields that they look at.
    pub(crate) natives: Vec<Helper>,
    /// The fields that helpers look at.
    pub(crate) native_reads: BTreeSet<String>,
    /// The local name of what is known of the entity.
    pub(crate) view: &'static str,
    /// Whether this is within a closure.
    within_closure: bool,
    /// Whether the context was used.
    pub(crate) uses_context: bool,
}

/// How a local name holds its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Binding {
    /// It is the value.
    Owned,
    /// It is a reference to the value.
    Reference,
}

/// A helper whose body is not read.
#[derive(Clone)]
pub(crate) struct Helper {
    pub(crate) name: &'static str,
    /// The fields that it looks at, sorted.
    pub(crate) reads: Vec<&'static str>,
    /// The function behind it.
    pub(crate) function: TokenStream,
}

/// An expression as model data and as code.
pub(crate) struct Lowered {
    pub(crate) model: Expr,
    pub(crate) tokens: TokenStream,
    form: Form,
}

/// Whether code denotes a place that somebody else owns, or a value of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Place,
    Value,
}

impl Lowered {
    fn place(model: Expr, tokens: TokenStream) -> Self {
        Self { model, tokens, form: Form::Place }
    }

    fn value(model: Expr, tokens: TokenStream) -> Self {
        Self { model, tokens, form: Form::Value }
    }

    /// The same, owned: a place is copied. `span` is the user's, so that a wrong type is shown at the user's words.
    fn owned(self, span: Span) -> Self {
        match self.form {
            Form::Value => self,
            Form::Place => {
                let (tokens, span) = (self.tokens, Span::mixed_site().located_at(span));
                Self::value(self.model, quote_spanned!(span=> ::core::clone::Clone::clone(&#tokens)))
            }
        }
    }
}

impl<'r> Scope<'r> {
    pub(crate) fn new(report: &'r mut Report, has_state: bool) -> Self {
        Self {
            report,
            has_state,
            parameters: Vec::new(),
            context: None,
            locals: Vec::new(),
            reads: BTreeMap::new(),
            assigned: BTreeSet::new(),
            changed: BTreeSet::new(),
            natives: Vec::new(),
            native_reads: BTreeSet::new(),
            view: "state",
            within_closure: false,
            uses_context: false,
        }
    }

    /// The statements that fetch the fields that were read, each once. They stand before the body.
    pub(crate) fn observations(&self, view: &Ident) -> TokenStream {
        let mut tokens = TokenStream::new();
        for (field, span) in &self.reads {
            let local = observed(field);
            let member = ident(field, *span);
            tokens.extend(quote! {
                let #local = ::cohesive::__private::observed(#view.#member, #field)?;
            });
        }
        tokens
    }
}

/// An identifier from a name of the model, with a span of the user's.
pub(crate) fn ident(name: &str, span: Span) -> Ident {
    syn::parse_str::<Ident>(name).map_or_else(
        |_| Ident::new_raw(name, span),
        |mut ident| {
            ident.set_span(span);
            ident
        },
    )
}

/// The local name that holds a reference to a loaded field.
fn observed(field: &str) -> Ident {
    format_ident!("state_{}", field, span = Span::mixed_site())
}

/// A local name of generated code that the user's names cannot meet.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
