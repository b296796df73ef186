//! `#[native(reads(…))]`: a helper whose body is not read, and which declares the fields that it looks at.

use cohesive_core::diagnostic::Diagnostic;
use cohesive_core::model;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, FnArg, ImplItemFn, Pat, ReturnType, Token, Type};

use super::parse::Block;
use crate::attr::{self, Arguments, Shape};
use crate::body::{Helper, ident};
use crate::name::{self, keep, keep_all};
use crate::report::Report;

/// A helper as it was written.
pub(crate) struct Native {
    pub(crate) model: model::Native,
    /// The name of the function that stands in for it.
    pub(crate) function: Ident,
    /// The fields that it looks at, with the place of each.
    pub(crate) fields: Vec<(Ident, &'static str)>,
    pub(crate) inputs: Vec<FnArg>,
    pub(crate) output: Type,
    /// The body, with a local name in place of each `self.field`.
    pub(crate) body: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
}

impl Native {
    /// The helper as bodies see it.
    pub(crate) fn helper(&self, entity: &Ident) -> Helper {
        let function = super::emit_native::path(entity, &self.function);
        Helper { name: self.model.name, reads: self.model.reads.to_vec(), function }
    }
}

pub(super) fn read(report: &mut Report, block: &mut Block, attribute: &Attribute, mut method: ImplItemFn) {
    let tokens = attr::tokens(report, attribute);
    let span = attribute.path().span();
    let arguments = Arguments::read(report, "native", &[("reads", Shape::Call)], tokens, span);
    let Some((_, listed)) = arguments.calls("reads").next() else {
        if !arguments.broken {
            let help = "write `#[native(reads(status, total))]`, or `reads()` for none";
            report.error_with_help("COH0163", span, "a helper declares the fields that it looks at", help);
        }
        return;
    };
    let parser = Punctuated::<Ident, Token![,]>::parse_terminated;
    let Ok(listed) = syn::parse::Parser::parse2(parser, listed) else {
        let help = "write `reads(status, total)`";
        report.error_with_help("COH0004", span, "`reads` lists names of fields", help);
        return;
    };
    let mut fields: Vec<(Ident, &'static str)> =
        listed.into_iter().map(|field| (field.clone(), name::of(&field))).collect();
    fields.sort_by_key(|(_, name)| *name);
    fields.dedup_by_key(|(_, name)| *name);
    if !signature(report, &method) {
        return;
    }
    method.block = name::instead_of_self(method.block, &block.entity);
    let reads: Vec<&'static str> = fields.iter().map(|(_, name)| *name).collect();
    let body = rewritten(report, method.block.to_token_stream(), name::of(&method.sig.ident), &reads);
    let output = match &method.sig.output {
        ReturnType::Type(_, ty) => (**ty).clone(),
        ReturnType::Default => return,
    };
    let name = name::of(&method.sig.ident);
    let model = model::Native {
        name,
        docs: keep(&attr::docs(&method.attrs)),
        reads: keep_all(reads),
        at: report.at(method.sig.ident.span()),
    };
    block.natives.push(Native {
        model,
        function: ident(&format!("native_{name}"), method.sig.ident.span()),
        fields,
        inputs: method.sig.inputs.iter().skip(1).cloned().collect(),
        output,
        body,
        attributes: method.attrs,
    });
}

/// Whether the signature is that of a helper; says what is not.
fn signature(report: &mut Report, method: &ImplItemFn) -> bool {
    let sig = &method.sig;
    let looks = sig.receiver().is_some_and(|receiver| {
        matches!(&receiver.kind, syn::ReceiverKind::Reference(_, _, mutability) if mutability.is_none())
    });
    let plain = sig.asyncness.is_none()
        && matches!(sig.safety, syn::Safety::Default)
        && sig.generics.params.is_empty()
        && matches!(sig.output, ReturnType::Type(..));
    let named = sig.inputs.iter().all(|input| match input {
        FnArg::Typed(argument) => matches!(&*argument.pat, Pat::Ident(_)),
        FnArg::Receiver(_) => true,
    });
    if !(looks && plain && named) {
        let name = name::of(&sig.ident);
        let help = format!("write `fn {name}(&self, …) -> …`");
        let message = "a helper looks at its entity and returns a value";
        report.error_with_help("COH0130", sig.ident.span(), message, help);
    }
    looks && plain && named
}

/// The name that stands for a field in the body of a helper.
pub(super) fn stand_in(field: &str, span: Span) -> Ident {
    Ident::new(&format!("native_{field}"), span)
}

/// A body with a reference to each declared field in place of `self.field`.
fn rewritten(report: &mut Report, tokens: TokenStream, helper: &str, reads: &[&str]) -> TokenStream {
    let mut out = TokenStream::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Ident(word) if word == "self" => {
                let dot = rest.next_if(|next| matches!(next, TokenTree::Punct(dot) if dot.as_char() == '.'));
                let field = rest.next_if(|next| dot.is_some() && matches!(next, TokenTree::Ident(_)));
                match field {
                    Some(TokenTree::Ident(field)) if reads.contains(&name::of(&field)) => {
                        let local = stand_in(name::of(&field), field.span());
                        out.extend(super::emit_native::reference(&local));
                    }
                    Some(TokenTree::Ident(field)) => undeclared(report, &field, helper),
                    _ => {
                        let help =
                            "write `self.field` for each field that it looks at, and list it in `reads(…)`";
                        let message = "a helper sees the fields that it declares, not the whole entity";
                        report.error_with_help("COH0163", word.span(), message, help);
                    }
                }
            }
            TokenTree::Group(group) => {
                let inner = rewritten(report, group.stream(), helper, reads);
                let mut group = Group::new(group.delimiter(), inner);
                group.set_span(group.span());
                out.extend([TokenTree::Group(group)]);
            }
            other => out.extend([other]),
        }
    }
    out
}

fn undeclared(report: &mut Report, field: &Ident, helper: &str) {
    let at = report.at(field.span());
    let message = format!("`{helper}` does not declare that it looks at `{field}`");
    report.push(
        Diagnostic::error("COH0163", at, message)
            .note("what a transition reads is known before it runs, and only that is loaded")
            .help(format!("add it: `reads({field}, …)`")),
    );
}
