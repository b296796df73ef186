//! An impl block as the behaviour of an entity.

use cohesive_core::model::{At, Conflict, Edge, Kind, Parameter, Transition, Type as ModelType};
use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;
use syn::spanned::Spanned as _;
use syn::{FnArg, ImplItem, ImplItemFn, ItemImpl, Pat, ReturnType, Type, Visibility};

use super::declaration::{self, Declaration};
use crate::attr;
use crate::body::{Outline, Reading, Scope, local};
use crate::name::{self, keep, keep_all};
use crate::report::Report;

/// What the block says.
pub(crate) struct Block {
    /// The entity's type.
    pub(crate) entity: Ident,
    pub(crate) name: &'static str,
    pub(crate) at: At,
    pub(crate) transitions: Vec<Declared>,
    pub(crate) invariants: Vec<Invariant>,
    /// Items of the block that are none of ours.
    pub(crate) others: Vec<ImplItem>,
}

/// What a method says.
pub(crate) struct Declared {
    pub(crate) model: Transition,
    pub(crate) visibility: Visibility,
    pub(crate) input: Ident,
    pub(crate) rejection: Ident,
    pub(crate) effect: Ident,
    pub(crate) parameters: Vec<Param>,
    pub(crate) declaration: Declaration,
    pub(crate) outline: Outline,
    /// The statements that fetch the fields that are read.
    pub(crate) observations: TokenStream,
    pub(crate) tokens: TokenStream,
    pub(crate) uses_context: bool,
}

/// What a parameter says.
pub(crate) struct Param {
    pub(crate) ident: Ident,
    pub(crate) name: &'static str,
    pub(crate) ty: Type,
    pub(crate) docs: String,
}

/// What an invariant says.
pub(crate) struct Invariant {
    pub(crate) model: cohesive_core::model::Invariant,
    pub(crate) observations: TokenStream,
    pub(crate) tokens: TokenStream,
}

pub(crate) fn block(report: &mut Report, item: TokenStream) -> Option<Block> {
    let item: ItemImpl = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => {
            report.unreadable(&error);
            return None;
        }
    };
    let entity = match (&*item.self_ty, item.trait_.is_none() && item.generics.params.is_empty()) {
        (Type::Path(path), true) => path.path.get_ident().cloned(),
        _ => None,
    };
    let Some(entity) = entity else {
        report.error_with_help(
            "COH0005",
            item.self_ty.span(),
            "`#[transitions]` belongs on the plain `impl` block of an entity",
            "write `#[transitions] impl Order { … }`",
        );
        return None;
    };
    let (name, at) = (name::of(&entity), report.at(entity.span()));
    let mut block = Block { entity, name, at, transitions: Vec::new(), invariants: Vec::new(), others: Vec::new() };
    for item in item.items {
        match item {
            ImplItem::Fn(method) => read_method(report, &mut block, method),
            other => block.others.push(other),
        }
    }
    Some(block)
}

fn read_method(report: &mut Report, block: &mut Block, mut method: ImplItemFn) {
    let create = attr::take(&mut method.attrs, "create");
    let update = attr::take(&mut method.attrs, "transition");
    let invariant = attr::take(&mut method.attrs, "invariant");
    let ours = [&create, &update, &invariant];
    if ours.iter().filter(|attributes| !attributes.is_empty()).count() > 1 {
        report.error(
            "COH0130",
            method.sig.ident.span(),
            format!("`{}` is one of `#[create]`, `#[transition]` and `#[invariant]`", method.sig.ident),
        );
    }
    if let Some(attribute) = method.attrs.iter().find(|attribute| attribute.path().is_ident("cfg"))
        && ours.iter().any(|attributes| !attributes.is_empty())
    {
        report.error("COH0115", attribute.span(), "a transition cannot depend on `cfg` yet");
    }
    if let Some(attribute) = create.first() {
        let tokens = attr::tokens(report, attribute);
        if !tokens.is_empty() {
            report.error_with_help("COH0004", tokens.span(), "`#[create]` takes no arguments", "write `#[create]`");
        }
        let declared = transition(report, block, &method, Kind::Create, Declaration::default());
        block.transitions.push(declared);
    } else if let Some(attribute) = update.first() {
        let tokens = attr::tokens(report, attribute);
        let declaration = declaration::read(report, tokens, attribute.span());
        let declared = transition(report, block, &method, Kind::Update, declaration);
        block.transitions.push(declared);
    } else if !invariant.is_empty() {
        read_invariant(report, block, &method);
    } else {
        block.others.push(ImplItem::Fn(method));
    }
}

fn transition(
    report: &mut Report,
    block: &Block,
    method: &ImplItemFn,
    kind: Kind,
    declaration: Declaration,
) -> Declared {
    let ident = &method.sig.ident;
    let name = name::of(ident);
    signature(report, method, kind);
    let (parameters, context) = parameters(report, method);
    let stem = format!("{}{}", name::pascal(name), block.name);
    let (input, rejection, effect) = (
        format_ident!("{stem}", span = ident.span()),
        format_ident!("{stem}Rejection", span = ident.span()),
        format_ident!("{stem}Effect", span = ident.span()),
    );
    let mut outline = Outline::default();
    let mut scope = Scope::new(report, kind == Kind::Update);
    scope.parameters = parameters.iter().map(|parameter| parameter.name.to_owned()).collect();
    scope.context = context;
    let reading = Reading { rejection: &rejection, creates: kind == Kind::Create };
    let (steps, tokens) = scope.body(&reading, &mut outline, &method.block.stmts);
    let observations = scope.observations(&local("state"));
    let uses_context = scope.uses_context;
    let mut reads: Vec<&'static str> = scope.reads.keys().chain(outline.writes.keys()).map(|read| keep(read)).collect();
    reads.sort_unstable();
    reads.dedup();
    let edge = (!declaration.from.is_empty())
        .then(|| Edge { from: declaration.from_names(), to: declaration.target() });
    let model = Transition {
        name,
        input: keep(&stem),
        docs: keep(&attr::docs(&method.attrs)),
        kind,
        edge,
        parameters: keep_all(parameters.iter().map(|parameter| model_parameter(report, parameter)).collect()),
        guards: keep_all(outline.guards.clone()),
        steps: keep_all(steps),
        rejections: keep_all(outline.rejections.clone()),
        reads: keep_all(reads),
        writes: keep_all(outline.writes.keys().map(|write| keep(write)).collect()),
        emits: keep_all(outline.names(false)),
        requests: keep_all(outline.names(true)),
        conflict: declaration.conflict.map_or(Conflict::Default, |(conflict, _)| conflict),
        at: report.at(ident.span()),
    };
    Declared {
        model,
        visibility: method.vis.clone(),
        input,
        rejection,
        effect,
        parameters,
        declaration,
        outline,
        observations,
        tokens,
        uses_context,
    }
}

fn model_parameter(report: &mut Report, parameter: &Param) -> Parameter {
    let Param { ident, name, ty, .. } = parameter;
    let ty = ModelType::Named(keep(&quote::quote!(#ty).to_string()));
    Parameter { name, ty, at: report.at(ident.span()) }
}

/// Whether the receiver, the result and the qualifiers are those of a transition.
fn signature(report: &mut Report, method: &ImplItemFn, kind: Kind) {
    let sig = &method.sig;
    if let Some(token) = &sig.asyncness {
        report.error_with_help(
            "COH0130",
            token.span(),
            "a transition is not `async`",
            "request an effect, and let its reply come back as an input",
        );
    }
    if !sig.generics.params.is_empty() {
        report.error("COH0105", sig.generics.span(), "a transition has no generic parameters");
    }
    let receiver = sig.receiver();
    match kind {
        Kind::Update => {
            if !receiver.is_some_and(|receiver| by_reference(receiver) == Some(true)) {
                let span = receiver.map_or_else(|| sig.ident.span(), syn::spanned::Spanned::span);
                report.error_with_help("COH0130", span, "an update changes its entity", "take `&mut self`");
            }
            if let ReturnType::Type(_, ty) = &sig.output {
                report.error_with_help(
                    "COH0130",
                    ty.span(),
                    "an update returns nothing",
                    "what it changes, emits and refuses is its result",
                );
            }
        }
        Kind::Create => {
            if let Some(receiver) = receiver {
                report.error_with_help(
                    "COH0130",
                    receiver.span(),
                    "a creation has no entity yet",
                    "take the parameters only",
                );
            }
            if !matches!(&sig.output, ReturnType::Type(_, ty) if is_self(ty)) {
                let span = match &sig.output {
                    ReturnType::Default => sig.ident.span(),
                    ReturnType::Type(_, ty) => ty.span(),
                };
                report.error_with_help("COH0130", span, "a creation returns the new entity", "write `-> Self`");
            }
        }
    }
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
fn parameters(report: &mut Report, method: &ImplItemFn) -> (Vec<Param>, Option<String>) {
    let mut parameters: Vec<Param> = Vec::new();
    let mut context = None;
    for argument in &method.sig.inputs {
        let FnArg::Typed(argument) = argument else { continue };
        let Pat::Ident(pattern) = &*argument.pat else {
            report.error("COH0130", argument.pat.span(), "a parameter has a plain name");
            continue;
        };
        let name = name::of(&pattern.ident);
        if is_context(&argument.ty) {
            context = Some(name.to_owned());
            continue;
        }
        if let Type::Reference(reference) = &*argument.ty {
            report.error_with_help(
                "COH0130",
                reference.span(),
                "a parameter owns its value, because the input is stored and sent",
                "leave out the `&`",
            );
        }
        if parameters.iter().any(|parameter| parameter.name == name) {
            report.error("COH0130", pattern.ident.span(), format!("there is a parameter `{name}` already"));
        }
        parameters.push(Param {
            ident: pattern.ident.clone(),
            name,
            ty: (*argument.ty).clone(),
            docs: attr::docs(&argument.attrs),
        });
    }
    (parameters, context)
}

fn is_context(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    let Type::Path(path) = &*reference.elem else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Context")
}

fn read_invariant(report: &mut Report, block: &mut Block, method: &ImplItemFn) {
    let ident = &method.sig.ident;
    let name = name::of(ident);
    let receiver = method.sig.receiver();
    let looks = receiver.is_some_and(|receiver| by_reference(receiver) == Some(false));
    let truth = matches!(&method.sig.output, ReturnType::Type(_, ty) if matches!(&**ty, Type::Path(path) if path.path.is_ident("bool")));
    if !looks || !truth || method.sig.inputs.len() != 1 {
        report.error_with_help(
            "COH0130",
            ident.span(),
            "an invariant looks at its entity and says whether it holds",
            format!("write `fn {name}(&self) -> bool`"),
        );
    }
    if block.invariants.iter().any(|invariant| invariant.model.name == name) {
        report.error("COH0131", ident.span(), format!("there is an invariant `{name}` already"));
    }
    let mut scope = Scope::new(report, true);
    let body = syn::Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: method.block.clone() });
    let lowered = scope.lower(&body);
    let observations = scope.observations(&local("view"));
    let reads: Vec<&'static str> = scope.reads.keys().map(|read| keep(read)).collect();
    let at = report.at(ident.span());
    let model = cohesive_core::model::Invariant {
        name,
        docs: keep(&attr::docs(&method.attrs)),
        condition: lowered.model,
        reads: keep_all(reads),
        at,
    };
    block.invariants.push(Invariant { model, observations, tokens: lowered.tokens });
}

/// The span of nothing in particular.
pub(crate) fn glue() -> Span {
    Span::call_site()
}
