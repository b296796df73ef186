//! What happens: guards, assignments, messages, refusals and ways between them.

use std::collections::BTreeMap;

use cohesive_core::model::{Expr as Model, Guard, Pattern, RejectionCase, Step, StepArm};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprStruct, LitStr, Member, Stmt, Token};

use super::expression::{compound, guarded, is_self, path_text};
use super::{Scope, ident, local};
use crate::name::{keep, keep_all, keep_one, of};
use crate::report::Report;

/// What a body says, apart from its code.
#[derive(Default)]
pub(crate) struct Outline {
    pub(crate) guards: Vec<Guard>,
    pub(crate) rejections: Vec<RejectionCase>,
    /// The fields that are assigned, with the first place of each.
    pub(crate) writes: BTreeMap<String, Span>,
    /// The messages, by type, with whether they are requests; once for each place that produces one.
    pub(crate) messages: Vec<(syn::Path, bool)>,
    /// `let` names at the top that later guards may use.
    lets: Vec<(&'static str, Model)>,
    /// Whether something other than `let` and `requires!` has happened.
    started: bool,
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
    /// The rejection type of the transition.
    pub(crate) rejection: &'a Ident,
    /// Whether the body ends in the new entity.
    pub(crate) creates: bool,
}

struct Requires {
    name: Ident,
    condition: Expr,
    message: LitStr,
}

impl Parse for Requires {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        let condition = input.parse()?;
        input.parse::<Token![,]>()?;
        let message = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { name, condition, message })
    }
}

struct Reject {
    name: Ident,
    message: LitStr,
}

impl Parse for Reject {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![,]>()?;
        let message = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { name, message })
    }
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
            Some((Stmt::Expr(Expr::Struct(entity), None), before)) if reading.creates => (before, Some(entity)),
            _ => (statements, None),
        };
        let mut tokens = TokenStream::new();
        let mut steps = Vec::new();
        for statement in statements {
            self.statement(reading, outline, statement, true, &mut steps, &mut tokens);
        }
        match entity {
            Some(entity) => self.entity(outline, entity, &mut steps, &mut tokens),
            None if reading.creates => {
                let span = statements.last().map_or_else(Span::call_site, syn::spanned::Spanned::span);
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

    fn inner(
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
                self.report.error("COH0601", item.span(), "items cannot be declared within a transition");
            }
        }
    }

    /// A statement that is an expression: an assignment, a push or a way between steps.
    fn effective(
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
            Expr::Binary(binary) if compound(&binary.op).is_some() => {
                let Some((operator, function)) = compound(&binary.op) else { return };
                let Some(field) = self.own_field(&binary.left) else { return };
                let (left, right) = (self.value(&binary.left), self.value(&binary.right));
                let (left_tokens, right_tokens) = (left.tokens, right.tokens);
                let value = Model::Binary(operator, keep_one(left.model), keep_one(right.model));
                let code = quote!(::cohesive::__private::arithmetic::#function(#left_tokens, #right_tokens)?);
                self.set(outline, &field, value, &code, steps, tokens);
            }
            Expr::MethodCall(call) if call.method == "push" && call.args.len() == 1 => {
                self.push(outline, call, steps, tokens);
            }
            Expr::If(choice) => self.ways(reading, outline, choice, steps, tokens),
            Expr::Match(choice) => self.match_ways(reading, outline, choice, steps, tokens),
            Expr::Block(block) if block.label.is_none() => {
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
    fn own_field(&mut self, target: &Expr) -> Option<Ident> {
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

    fn set(
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

    fn push(
        &mut self,
        outline: &mut Outline,
        call: &syn::ExprMethodCall,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        let Some(field) = self.own_field(&call.receiver) else { return };
        let Some(element) = call.args.first() else { return };
        let value = self.value(element);
        let name = of(&field);
        self.reads.entry(name.to_owned()).or_insert_with(|| field.span());
        let name = self.written(outline, &field);
        let at = self.report.at(field.span());
        steps.push(Step::Push { field: name, value: value.model, at });
        let (draft, member, observed, code) =
            (local("draft"), ident(name, field.span()), super::observed(name), value.tokens);
        tokens.extend(quote!(::cohesive::__private::push(&mut #draft.patch.#member, #observed, #code);));
    }

    /// Notes that a field is assigned here; a second time on one path is a mistake.
    fn written(&mut self, outline: &mut Outline, field: &Ident) -> &'static str {
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

    fn ways(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        choice: &syn::ExprIf,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        if let Expr::Let(binding) = &*choice.cond {
            let on = self.lower(&binding.expr);
            let mark = self.mark();
            let (pattern, pattern_tokens) = self.pattern(&binding.pat);
            let before = self.assigned.clone();
            let (then, then_tokens) = self.inner(reading, outline, &choice.then_branch.stmts);
            self.forget(mark);
            let after = std::mem::replace(&mut self.assigned, before);
            let (otherwise, otherwise_tokens) = self.otherwise(reading, outline, choice);
            self.assigned.extend(after);
            let arms = vec![
                StepArm { pattern, condition: None, steps: then },
                StepArm { pattern: Pattern::Any, condition: None, steps: otherwise },
            ];
            steps.push(Step::Match { on: on.model, arms: keep_all(arms) });
            let on_tokens = on.tokens;
            tokens.extend(quote!(match &#on_tokens {
                #pattern_tokens => { #then_tokens }
                _ => { #otherwise_tokens }
            }));
            return;
        }
        let condition = self.lower(&choice.cond);
        let before = self.assigned.clone();
        let (then, then_tokens) = self.inner(reading, outline, &choice.then_branch.stmts);
        let after = std::mem::replace(&mut self.assigned, before);
        let (otherwise, otherwise_tokens) = self.otherwise(reading, outline, choice);
        self.assigned.extend(after);
        let condition_tokens = condition.tokens;
        let otherwise_tokens =
            if otherwise.is_empty() { TokenStream::new() } else { quote!(else { #otherwise_tokens }) };
        tokens.extend(quote!(if #condition_tokens { #then_tokens } #otherwise_tokens));
        steps.push(Step::If { condition: condition.model, then, otherwise });
    }

    fn otherwise(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        choice: &syn::ExprIf,
    ) -> (&'static [Step], TokenStream) {
        match choice.else_branch.as_ref().map(|(_, otherwise)| &**otherwise) {
            None => (&[], TokenStream::new()),
            Some(Expr::Block(block)) => self.inner(reading, outline, &block.block.stmts),
            Some(other) => {
                let (mut steps, mut tokens) = (Vec::new(), TokenStream::new());
                self.effective(reading, outline, other, &mut steps, &mut tokens);
                (keep_all(steps), tokens)
            }
        }
    }

    fn match_ways(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        choice: &syn::ExprMatch,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        let on = self.lower(&choice.expr);
        let before = self.assigned.clone();
        let mut after = before.clone();
        let (mut arms, mut arm_tokens) = (Vec::new(), TokenStream::new());
        for arm in &choice.arms {
            self.assigned.clone_from(&before);
            let mark = self.mark();
            let (pattern, guard) = guarded(&arm.pat);
            let (pattern, pattern_tokens) = self.pattern(pattern);
            let condition = guard.map(|guard| self.lower(guard));
            let statements = match &*arm.body {
                Expr::Block(block) => block.block.stmts.clone(),
                single => vec![Stmt::Expr(single.clone(), None)],
            };
            let (inner, code) = self.inner(reading, outline, &statements);
            self.forget(mark);
            after.extend(self.assigned.iter().cloned());
            let condition_tokens = condition.as_ref().map(|condition| {
                let tokens = &condition.tokens;
                quote!(if #tokens)
            });
            arm_tokens.extend(quote!(#pattern_tokens #condition_tokens => { #code }));
            arms.push(StepArm { pattern, condition: condition.map(|lowered| lowered.model), steps: inner });
        }
        self.assigned = after;
        steps.push(Step::Match { on: on.model, arms: keep_all(arms) });
        let on_tokens = on.tokens;
        tokens.extend(quote!(match &#on_tokens { #arm_tokens }));
    }

    /// `requires!`, `emit!`, `request!` and `reject!`.
    fn message(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        call: &syn::Macro,
        top: bool,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        let name = call.path.segments.last().map(|segment| of(&segment.ident)).unwrap_or_default();
        match name {
            "requires" => self.requires(reading, outline, call, top, tokens),
            "reject" => {
                outline.started = true;
                self.reject(reading, outline, call, steps, tokens);
            }
            "emit" | "request" => {
                outline.started = true;
                self.produce(outline, call, name == "request", steps, tokens);
            }
            other => {
                let help = cohesive_core::suggest::nearest(other, ["requires", "emit", "request", "reject"])
                    .map_or_else(
                        || "statements are `requires!`, `emit!`, `request!`, `reject!` and assignments".to_owned(),
                        |similar| format!("a statement with a similar name exists: `{similar}!`"),
                    );
                self.report.error_with_help(
                    "COH0609",
                    call.path.span(),
                    format!("`{other}!` is not available in a transition"),
                    help,
                );
            }
        }
    }

    fn requires(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        call: &syn::Macro,
        top: bool,
        tokens: &mut TokenStream,
    ) {
        let Some(Requires { name, condition, message }) = self.arguments(
            call,
            "a guard has a name, a condition and a message",
            "write `requires!(CanAccept: self.expiration > accepted_at, \"the tender has expired\")`",
        ) else {
            return;
        };
        if !top || outline.started {
            let at = self.report.at(call.path.span());
            self.report.push(
                cohesive_core::diagnostic::Diagnostic::error("COH0605", at, "a guard comes before everything else")
                    .note("guards see the state as it was loaded, and all of them are checked before anything happens")
                    .help("move it to the top, or use `reject!` within an `if`"),
            );
        }
        self.case_name(outline, &name);
        let lowered = self.lower(&condition);
        let condition = outline.lets.iter().rev().fold(lowered.model, |body, (name, value)| Model::Let {
            name,
            value: keep_one(*value),
            body: keep_one(body),
        });
        let at = self.report.at(name.span());
        outline.guards.push(Guard { name: of(&name), message: keep(&message.value()), condition, at });
        let (rejection, code) = (reading.rejection, lowered.tokens);
        tokens.extend(quote! {
            if !(#code) {
                return ::core::result::Result::Err(::cohesive::__private::Stop::Rejected(#rejection::#name));
            }
        });
    }

    fn reject(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        call: &syn::Macro,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        let Some(Reject { name, message }) = self.arguments(
            call,
            "a refusal has a name and a message",
            "write `reject!(TooLate, \"the tender has expired\")`",
        ) else {
            return;
        };
        let (text, message) = (of(&name), keep(&message.value()));
        let known = outline.rejections.iter().find(|case| case.name == text);
        match known {
            Some(case) if case.message == message => {}
            _ => {
                self.case_name(outline, &name);
                let at = self.report.at(name.span());
                outline.rejections.push(RejectionCase { name: text, message, at });
            }
        }
        steps.push(Step::Reject { name: text });
        let rejection = reading.rejection;
        tokens.extend(quote! {
            return ::core::result::Result::Err(::cohesive::__private::Stop::Rejected(#rejection::#name));
        });
    }

    /// Whether a refusal's name is free and usable.
    fn case_name(&mut self, outline: &Outline, name: &Ident) {
        let text = of(name);
        let guards = outline.guards.iter().map(|guard| guard.name);
        let mut taken = guards.chain(outline.rejections.iter().map(|case| case.name));
        if matches!(text, "WrongState" | "Refused") {
            self.report.error_with_help(
                "COH0606",
                name.span(),
                format!("`{text}` has a meaning of its own"),
                "choose another name",
            );
        } else if taken.any(|taken| crate::name::snake(taken) == crate::name::snake(text)) {
            self.report.error_with_help(
                "COH0132",
                name.span(),
                format!("`{text}` names another refusal of this transition already"),
                "give each refusal a name of its own",
            );
        } else if !text.starts_with(char::is_uppercase) {
            self.report.error_with_help(
                "COH0606",
                name.span(),
                format!("`{text}` names a refusal, which is a type's variant"),
                format!("write `{}`", crate::name::pascal(text)),
            );
        }
    }

    fn produce(
        &mut self,
        outline: &mut Outline,
        call: &syn::Macro,
        request: bool,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        let (what, help) = if request {
            ("an effect is requested with its payload", "write `request!(SendLetter { … })`")
        } else {
            ("an event is emitted with its payload", "write `emit!(OrderPlaced { … })`")
        };
        let Some(payload) = self.arguments::<ExprStruct>(call, what, help) else { return };
        let path = payload.path.clone();
        let name = keep(path_text(&path).rsplit("::").next().unwrap_or_default());
        let at = self.report.at(path.span());
        let lowered = self.lower(&Expr::Struct(payload));
        let step = if request {
            Step::Request { message: name, payload: lowered.model, at }
        } else {
            Step::Emit { message: name, payload: lowered.model, at }
        };
        steps.push(step);
        outline.messages.push((path, request));
        let (draft, code) = (local("draft"), lowered.tokens);
        tokens.extend(quote!(#draft.effects.record(#code);));
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
            let help = "name every required field; optional fields, defaults and the first state fill themselves";
            self.report.error_with_help("COH0601", rest.span(), "fields cannot be taken from another entity", help);
        }
        for member in &entity.fields {
            let Member::Named(field) = &member.member else { continue };
            let value = self.value(&member.expr);
            self.set(outline, field, value.model, &value.tokens, steps, tokens);
        }
    }

    /// The arguments of a statement macro.
    fn arguments<T: Parse>(&mut self, call: &syn::Macro, what: &str, help: &str) -> Option<T> {
        match call.parse_body::<T>() {
            Ok(arguments) => Some(arguments),
            Err(error) => {
                missing(self.report, call, error.span(), what, help);
                None
            }
        }
    }
}

fn missing(report: &mut Report, call: &syn::Macro, span: Span, what: &str, help: &str) {
    let span = if call.tokens.is_empty() { call.path.span() } else { span };
    report.error_with_help("COH0004", span, what, help);
}
