//! Receiver, parameters and result of a method.

use cohesive_core::model::Kind;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{FnArg, ImplItemFn, Pat, ReturnType, Type};

use super::parse::Param;
use crate::message::{Of, Settings, settings};
use crate::name;
use crate::report::Report;
use crate::{attr, emit_stub};

/// Whether the receiver, the result and the qualifiers are those of a transition.
pub(super) fn check(report: &mut Report, method: &ImplItemFn, kind: Kind) {
    let sig = &method.sig;
    if let Some(token) = &sig.asyncness {
        let help = "request an effect, and let its reply come back as an input";
        report.error_with_help("COH0130", token.span(), "a transition is not `async`", help);
    }
    if let syn::Safety::Unsafe(token) = &sig.safety {
        report.error_with_help("COH0130", token.span(), "a transition is not `unsafe`", "leave out `unsafe`");
    }
    attr::generic(report, &sig.generics, "a transition");
    match kind {
        Kind::Update => update(report, method),
        Kind::Create => creation(report, method),
    }
}

fn update(report: &mut Report, method: &ImplItemFn) {
    let receiver = method.sig.receiver();
    if receiver.is_none_or(|receiver| by_reference(receiver) != Some(true)) {
        let span = receiver.map_or_else(|| method.sig.ident.span(), |receiver| receiver.self_token.span());
        report.error_with_help("COH0130", span, "an update changes its entity", "take `&mut self`");
    }
    if let ReturnType::Type(_, ty) = &method.sig.output {
        let help = "leave out `-> …`; what it changes, emits and refuses is its result";
        report.error_with_help("COH0130", ty.span(), "an update returns nothing", help);
    }
}

fn creation(report: &mut Report, method: &ImplItemFn) {
    if let Some(receiver) = method.sig.receiver() {
        let help = "take the parameters only";
        report.error_with_help("COH0130", receiver.self_token.span(), "a creation has no entity yet", help);
    }
    if !matches!(&method.sig.output, ReturnType::Type(_, ty) if is_self(ty)) {
        let span = match &method.sig.output {
            ReturnType::Default => method.sig.ident.span(),
            ReturnType::Type(_, ty) => ty.span(),
        };
        report.error_with_help("COH0130", span, "a creation returns the new entity", "write `-> Self`");
    }
}

/// Whether this is the signature of an invariant.
pub(super) fn is_question(method: &ImplItemFn) -> bool {
    let sig = &method.sig;
    let looks = sig.receiver().is_some_and(|receiver| by_reference(receiver) == Some(false));
    let truth = match &sig.output {
        ReturnType::Type(_, ty) => matches!(&**ty, Type::Path(path) if path.path.is_ident("bool")),
        ReturnType::Default => false,
    };
    let plain = sig.asyncness.is_none()
        && matches!(sig.safety, syn::Safety::Default)
        && sig.generics.params.is_empty();
    looks && truth && plain && sig.inputs.len() == 1
}

/// Whether a method may change its entity.
pub(super) fn may_change(method: &ImplItemFn) -> bool {
    method.sig.receiver().is_some_and(|receiver| by_reference(receiver) == Some(true))
}

/// Whether a receiver is a reference, and if so whether one that may change its entity.
fn by_reference(receiver: &syn::Receiver) -> Option<bool> {
    match &receiver.kind {
        syn::ReceiverKind::Reference(_, _, mutability) => Some(mutability.is_some()),
        _ => None,
    }
}

fn is_self(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("Self"))
}

/// The parameters of the input, and the name of the context parameter.
pub(super) fn parameters(report: &mut Report, method: &ImplItemFn) -> (Vec<Param>, Option<String>) {
    let generics: Vec<String> =
        method.sig.generics.type_params().map(|generic| generic.ident.to_string()).collect();
    let mut parameters: Vec<Param> = Vec::new();
    let mut context = None;
    for argument in &method.sig.inputs {
        let FnArg::Typed(argument) = argument else { continue };
        let Pat::Ident(pattern) = &*argument.pat else {
            let help = "name the parameter, and take it apart in the body";
            report.error_with_help("COH0130", argument.pat.span(), "a parameter has a plain name", help);
            continue;
        };
        let name = name::of(&pattern.ident);
        if is_context(&argument.ty) {
            if context.replace(name.to_owned()).is_some() {
                report.error_with_help(
                    "COH0130",
                    pattern.ident.span(),
                    "there is a context already",
                    "keep one of them",
                );
            }
            continue;
        }
        let mut attributes = argument.attrs.clone();
        let help = "take it always, as an `Option` where it may be absent";
        attr::no_cfg(report, &mut attributes, "a parameter", help);
        let Settings { constraints, personal } = settings(report, &mut attributes, name, Of::Record);
        let ty = owned(report, &argument.ty);
        if parameters.iter().any(|parameter| parameter.name == name) {
            let message = format!("there is a parameter `{name}` already");
            report.error_with_help("COH0130", pattern.ident.span(), message, "give it a name of its own");
        } else if !mentions(ty.to_token_stream(), &generics) {
            parameters.push(Param {
                ident: pattern.ident.clone(),
                name,
                ty,
                docs: attr::docs(&attributes),
                constraints,
                personal,
            });
        }
    }
    (parameters, context)
}

/// The type of a parameter. What an input cannot hold is reported, and something like it takes its place.
fn owned(report: &mut Report, ty: &Type) -> Type {
    match ty {
        Type::Reference(reference) => {
            let help = "leave out the `&`; text is a `String`";
            let message = "a parameter owns its value, because the input is stored and sent";
            report.error_with_help("COH0130", reference.and_token.span(), message, help);
            emit_stub::owned(&reference.elem)
        }
        Type::ImplTrait(unnamed) => {
            let message = "a parameter has a type with a name, because the input is stored and sent";
            report.error_with_help("COH0130", unnamed.impl_token.span(), message, "name the type");
            emit_stub::text()
        }
        _ => {
            if let Some(span) = self_within(ty.to_token_stream()) {
                let help = "name the type, or take the id of the other entity";
                report.error_with_help(
                    "COH0130",
                    span,
                    "a parameter has a type with a name of its own",
                    help,
                );
                return emit_stub::text();
            }
            ty.clone()
        }
    }
}

/// Where the word `Self` stands.
fn self_within(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == "Self" => Some(ident.span()),
        TokenTree::Group(group) => self_within(group.stream()),
        _ => None,
    })
}

fn mentions(tokens: TokenStream, names: &[String]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.iter().any(|name| ident == name),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}

fn is_context(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    let Type::Path(path) = &*reference.elem else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Context")
}
