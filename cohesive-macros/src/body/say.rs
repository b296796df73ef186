//! The statements with a name of their own: `requires!`, `reject!`, `emit!` and `request!`.

use cohesive_core::diagnostic::Diagnostic;
use cohesive_core::model::{Expr as Model, Guard, RejectionCase, Step};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprStruct, LitStr, Token};

use super::step::{Outline, Reading};
use super::{Scope, local};
use crate::attr::path_text;
use crate::name::{keep, keep_one, of};
use crate::report::{Report, same_place};

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

/// The names, as they stand in codes, of rules that every transition has.
const RULES: [&str; 7] =
    ["wrong_state", "refused", "overflow", "division_by_zero", "write_once", "computed", "edge"];

impl Scope<'_> {
    /// `requires!`, `emit!`, `request!` and `reject!`.
    pub(super) fn message(
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
                        || {
                            "statements are `requires!`, `emit!`, `request!`, `reject!` and assignments"
                                .to_owned()
                        },
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
                Diagnostic::error("COH0605", at, "a guard comes before everything else")
                    .note("guards see the state as it was loaded, and all of them are checked before anything happens")
                    .help("move it to the top, or use `reject!` within an `if`"),
            );
        }
        let usable = self.case_name(outline, &name);
        let lowered = self.lower(&condition);
        let condition = outline.lets.iter().rev().fold(lowered.model, |body, (name, value)| Model::Let {
            name,
            value: keep_one(*value),
            body: keep_one(body),
        });
        let at = self.report.at(name.span());
        if usable {
            outline.guards.push(Guard { name: of(&name), message: keep(&message.value()), condition, at });
        }
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
            Some(_) => self.taken(&name),
            None if self.case_name(outline, &name) => {
                let at = self.report.at(name.span());
                outline.rejections.push(RejectionCase { name: text, message, at });
            }
            None => {}
        }
        steps.push(Step::Reject { name: text });
        let rejection = reading.rejection;
        tokens.extend(quote! {
            return ::core::result::Result::Err(::cohesive::__private::Stop::Rejected(#rejection::#name));
        });
    }

    /// Whether a refusal's name is free and usable; reports it where it is not.
    fn case_name(&mut self, outline: &Outline, name: &Ident) -> bool {
        let text = of(name);
        let guards = outline.guards.iter().map(|guard| guard.name);
        let mut taken = guards.chain(outline.rejections.iter().map(|case| case.name));
        if RULES.contains(&crate::name::snake(text).as_str()) {
            let help = "choose a name that says why this transition refuses";
            self.report.error_with_help(
                "COH0606",
                name.span(),
                format!("`{text}` has a meaning of its own"),
                help,
            );
        } else if taken.any(|taken| crate::name::snake(taken) == crate::name::snake(text)) {
            self.taken(name);
        } else if !text.starts_with(char::is_uppercase) {
            self.report.error_with_help(
                "COH0606",
                name.span(),
                format!("`{text}` names a refusal, which is a type's variant"),
                format!("write `{}`", crate::name::pascal(text)),
            );
        } else {
            return true;
        }
        false
    }

    fn taken(&mut self, name: &Ident) {
        let message = format!("`{}` names another refusal of this transition already", of(name));
        self.report.error_with_help("COH0132", name.span(), message, "give each refusal a name of its own");
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
        if !path.segments.last().is_some_and(|last| of(&last.ident).starts_with(char::is_uppercase)) {
            self.report.error_with_help("COH0004", path.span(), what, help);
            return;
        }
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
        tokens.extend(quote!(::cohesive::__private::Effects::record(&mut #draft.effects, #code);));
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
    // Where the arguments end too early, the error has the place of all of them.
    let all = call.delimiter.span().join();
    let span = if call.tokens.is_empty() { call.path.span() } else { span };
    let span = if same_place(span, all) { call.path.span() } else { span };
    report.error_with_help("COH0004", span, what, help);
}
