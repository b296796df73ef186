//! What happens: guards, assignments, messages, refusals and ways between them.

use std::collections::BTreeMap;

use cohesive_core::model::{Expr as Model, Guard, RejectionCase, Step};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprStruct, Member, Stmt};

use super::change::change;
use super::expression::is_self;
use super::operator::Calculation;
use super::{Scope, ident, local};
use crate::name::{keep_all, of};

/// What a body says, apart from its code.
#[derive(Default)]
pub(crate) struct Outline {
    pub(crate) guards: Vec<Guard>,
    pub(crate) rejections: Vec<RejectionCase>,
    /// The fields that are assigned, with the first place of each.
    pub(crate) writes: BTreeMap<String, Span>,
    /// The fields that are joined with another value, with the first place of each.
    pub(crate) merges: BTreeMap<String, Span>,
    /// The messages, by type, with whether they are requests; once for each place that produces one.
    pub(crate) messages: Vec<(syn::Path, bool)>,
    /// `let` names at the top that later guards may use.
    pub(super) lets: Vec<(&'static str, Model)>,
    /// Whether something other than `let` and `requires!` has happened.
    pub(super) started: bool,
}

impl Outline {
    /// The names of the events or of the requests, sorted, each once.
    pub(crate) fn names(&self, requests: bool) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self
            .messages
            .iter()
            .filter(|(_, request)| *request == requests)
            .filter_map(|(path, _)| path.segments.last().map(|segment| of(&segment.ident)))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// What a body is read for.
pub(crate) struct Reading<'a> {
    /// The name of the transition.
    pub(crate) name: &'a Ident,
    /// The rejection type of the transition.
    pub(crate) rejection: &'a Ident,
    /// The entity, when the body ends in a new one.
    pub(crate) creates: Option<&'a Ident>,
}

impl Scope<'_> {
    /// The steps of a body and their code.
    pub(crate) fn body(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        statements: &[Stmt],
    ) -> (Vec<Step>, TokenStream) {
        let (statements, entity) = match statements.split_last() {
            Some((Stmt::Expr(Expr::Struct(entity), None), before))
                if reading.creates.is_some_and(|name| entity.path.is_ident(name)) =>
            {
                (before, Some(entity))
            }
            _ => (statements, None),
        };
        let mut tokens = TokenStream::new();
        let mut steps = Vec::new();
        for statement in statements {
            self.statement(reading, outline, statement, true, &mut steps, &mut tokens);
        }
        match entity {
            Some(entity) => self.entity(outline, entity, &mut steps, &mut tokens),
            None if reading.creates.is_some() => {
                let span = statements.last().map_or_else(|| reading.name.span(), syn::spanned::Spanned::span);
                self.report.error_with_help(
                    "COH0136",
                    span,
                    "a creation ends in the new entity",
                    "end it with `Self { … }`",
                );
            }
            None => {}
        }
        (steps, tokens)
    }

    pub(super) fn inner(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        statements: &[Stmt],
    ) -> (&'static [Step], TokenStream) {
        let mark = self.mark();
        let (mut steps, mut tokens) = (Vec::new(), TokenStream::new());
        for statement in statements {
            self.statement(reading, outline, statement, false, &mut steps, &mut tokens);
        }
        self.forget(mark);
        (keep_all(steps), tokens)
    }

    fn statement(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        statement: &Stmt,
        top: bool,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        match statement {
            Stmt::Local(binding) => {
                if let Some((name, value, code)) = self.binding(binding) {
                    if top {
                        outline.lets.push((name, value));
                    }
                    steps.push(Step::Let { name, value });
                    tokens.extend(code);
                }
            }
            Stmt::Macro(call) => self.message(reading, outline, &call.mac, top, steps, tokens),
            Stmt::Expr(Expr::Macro(call), _) => {
                self.message(reading, outline, &call.mac, top, steps, tokens);
            }
            Stmt::Expr(expr, _) => {
                outline.started = true;
                self.effective(reading, outline, expr, steps, tokens);
            }
            Stmt::Item(item) => {
                let help = "declare it beside the block";
                self.report.error_with_help(
                    "COH0601",
                    item.span(),
                    "an item is not available in a transition",
                    help,
                );
            }
        }
    }

    /// A statement that is an expression: an assignment, a push or a way between steps.
    pub(super) fn effective(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        expr: &Expr,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        match expr {
            Expr::Assign(assign) => {
                let Some(field) = self.own_field(&assign.left) else { return };
                let value = self.value(&assign.right);
                self.set(outline, &field, value.model, &value.tokens, steps, tokens);
            }
            Expr::Binary(binary) if Calculation::assigned(&binary.op).is_some() => {
                let Some(calculation) = Calculation::assigned(&binary.op) else { return };
                let Some(field) = self.own_field(&binary.left) else { return };
                let (left, right) = (self.value(&binary.left), self.value(&binary.right));
                let value = calculation.lowered(left, right);
                self.set(outline, &field, value.model, &value.tokens, steps, tokens);
            }
            Expr::MethodCall(call) if change(call).is_some() => self.change(outline, call, steps, tokens),
            Expr::If(choice) => self.ways(reading, outline, choice, steps, tokens),
            Expr::Match(choice) => self.match_ways(reading, outline, choice, steps, tokens),
            Expr::Block(block) if block.label.is_none() => {
                if let Some(Stmt::Local(name)) =
                    block.block.stmts.iter().find(|statement| matches!(statement, Stmt::Local(_)))
                {
                    self.report.error_with_help(
                        "COH0601",
                        name.let_token.span,
                        "a block of its own cannot name values",
                        "write the `let` before the block, with a name of its own",
                    );
                }
                let (inner, code) = self.inner(reading, outline, &block.block.stmts);
                steps.extend(inner);
                tokens.extend(quote!({ #code }));
            }
            Expr::Tuple(unit) if unit.elems.is_empty() => {}
            other => {
                self.refuse(other);
            }
        }
    }

    /// The field in `self.field`, where something is to be assigned.
    pub(super) fn own_field(&mut self, target: &Expr) -> Option<Ident> {
        if let Expr::Field(field) = target
            && let (true, Member::Named(name)) = (is_self(&field.base), &field.member)
        {
            return Some(name.clone());
        }
        self.report.error_with_help(
            "COH0608",
            target.span(),
            "only a field of the entity can be assigned",
            "write `self.field = …`; to change a part of a value, assign the whole value",
        );
        None
    }

    pub(super) fn set(
        &mut self,
        outline: &mut Outline,
        field: &Ident,
        value: Model,
        code: &TokenStream,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        let name = self.written(outline, field);
        let at = self.report.at(field.span());
        steps.push(Step::Set { field: name, value, at });
        let (draft, member) = (local("draft"), ident(name, field.span()));
        tokens.extend(quote!(#draft.patch.#member = ::core::option::Option::Some(#code);));
    }

    /// Notes that a field is assigned here; a second time on one path is a mistake.
    pub(super) fn written(&mut self, outline: &mut Outline, field: &Ident) -> &'static str {
        let name = of(field);
        if !self.assigned.insert(name.to_owned()) {
            let at = self.report.at(field.span());
            self.report.push(
                cohesive_core::diagnostic::Diagnostic::error(
                    "COH0604",
                    at,
                    format!("`{name}` is assigned a second time on this path"),
                )
                .note("a field has one new value for each transition, so that the change can be stated")
                .help("put the value together in a `let`, and assign it once"),
            );
        }
        outline.writes.entry(name.to_owned()).or_insert_with(|| field.span());
        name
    }

    /// The end of a creation: `Self { … }`.
    fn entity(
        &mut self,
        outline: &mut Outline,
        entity: &ExprStruct,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        if let Some(rest) = &entity.rest {
            let help =
                "name every required field; optional fields, defaults and the first state fill themselves";
            self.report.error_with_help(
                "COH0601",
                rest.span(),
                "fields cannot be taken from another entity",
                help,
            );
        }
        for member in &entity.fields {
            let Member::Named(field) = &member.member else { continue };
            let value = self.value(&member.expr);
            self.set(outline, field, value.model, &value.tokens, steps, tokens);
        }
    }
}
