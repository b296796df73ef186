//! An impl block as the behaviour of an entity.

use cohesive_core::diagnostic::Diagnostic;
use cohesive_core::model::{Allowance, At, Conflict, Edge, Kind, Parameter, Transition, Type as ModelType};
use cohesive_core::suggest::nearest;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident};
use syn::spanned::Spanned as _;
use syn::{Attribute, ImplItem, ImplItemFn, ItemImpl, Meta, Type, Visibility};

use super::declaration::{self, Declaration, Of};
use super::native::{self, Native};
use super::{clash, consumption, signature};
use crate::body::{Outline, Reading, Scope, local};
use crate::constraint::Constraint;
use crate::name::{self, keep, keep_all};
use crate::report::Report;
use crate::{allow, attr};

/// What the block says.
pub(crate) struct Block {
    /// The entity's type.
    pub(crate) entity: Ident,
    pub(crate) name: &'static str,
    pub(crate) at: At,
    pub(crate) transitions: Vec<Declared>,
    pub(crate) invariants: Vec<Invariant>,
    pub(crate) natives: Vec<Native>,
    /// Items of the block that are none of ours.
    pub(crate) others: Vec<ImplItem>,
    /// The attributes of the block itself.
    pub(crate) attributes: Vec<Attribute>,
    /// The findings that its author allows for the block as a whole.
    pub(crate) allowances: Vec<Allowance>,
}

impl Block {
    /// The helpers, as bodies see them.
    pub(crate) fn helpers(&self) -> Vec<crate::body::Helper> {
        self.natives.iter().map(|native| native.helper(&self.entity)).collect()
    }

    /// Leaves out what was reported to be there twice, so that the rest compiles.
    pub(crate) fn leave_out_duplicates(&mut self) {
        let mut known: Vec<Ident> = Vec::new();
        self.transitions.retain(|declared| {
            let first = !known.contains(&declared.input);
            known.push(declared.input.clone());
            first
        });
    }
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
    /// Whether it calls a helper, which looks at the state on its own.
    pub(crate) calls_native: bool,
}

impl Declared {
    /// Whether it may start from certain states only.
    pub(crate) fn starts_somewhere(&self) -> bool {
        self.model.edge.is_some_and(|edge| !edge.from.is_empty())
    }
}

/// What a parameter says.
pub(crate) struct Param {
    pub(crate) ident: Ident,
    pub(crate) name: &'static str,
    pub(crate) ty: Type,
    pub(crate) docs: String,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) personal: bool,
}

/// What an invariant says.
pub(crate) struct Invariant {
    pub(crate) model: cohesive_core::model::Invariant,
    pub(crate) observations: TokenStream,
    pub(crate) tokens: TokenStream,
}

pub(crate) fn block(report: &mut Report, allowances: Vec<Allowance>, item: TokenStream) -> Option<Block> {
    let item: ItemImpl = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => {
            report.error_with_help(
                "COH0005",
                error.span(),
                "`#[transitions]` belongs on the plain `impl` block of an entity",
                "write `#[transitions] impl Order { … }`",
            );
            return None;
        }
    };
    let plain =
        item.trait_.is_none() && item.generics.params.is_empty() && item.generics.where_clause.is_none();
    let entity = match (&*item.self_ty, plain) {
        (Type::Path(path), true) => path.path.get_ident().cloned(),
        _ => None,
    };
    let Some(entity) = entity else {
        let span = item.trait_.as_ref().map_or_else(|| item.self_ty.span(), |(path, _)| path.span());
        report.error_with_help(
            "COH0005",
            span,
            "`#[transitions]` belongs on the plain `impl` block of an entity",
            "write `#[transitions] impl Order { … }`",
        );
        return None;
    };
    let (name, at) = (name::of(&entity), report.at(entity.span()));
    let mut block = Block {
        entity,
        name,
        at,
        transitions: Vec::new(),
        invariants: Vec::new(),
        natives: Vec::new(),
        others: Vec::new(),
        attributes: item.attrs,
        allowances,
    };
    // Helpers first: the other methods may call them, wherever they stand.
    let mut methods = Vec::new();
    for item in item.items {
        match item {
            ImplItem::Fn(mut method) => {
                correct(report, &mut method.attrs);
                let Some(attribute) = attr::take(&mut method.attrs, "native").into_iter().next() else {
                    methods.push(method);
                    continue;
                };
                consumption::take(report, &mut method.attrs, false);
                native::read(report, &mut block, &attribute, method);
            }
            other => block.others.push(other),
        }
    }
    for method in methods {
        read_method(report, &mut block, method);
    }
    clash::check(report, &block);
    Some(block)
}

fn read_method(report: &mut Report, block: &mut Block, mut method: ImplItemFn) {
    let create = allow::creation(report, &mut method.attrs);
    let invariant = attr::marker(report, &mut method.attrs, "invariant");
    let mut update: Vec<(Attribute, Of)> = attr::take(&mut method.attrs, "transition")
        .into_iter()
        .map(|found| (found, Of::Transition))
        .collect();
    update.extend(attr::take(&mut method.attrs, "fact").into_iter().map(|found| (found, Of::Fact)));
    let follows = create.is_some() || update.iter().any(|(_, of)| *of == Of::Transition);
    let consumes = consumption::take(report, &mut method.attrs, follows);
    let name = &method.sig.ident;
    if let Some((second, _)) = update.get(1) {
        let help = "write one, for example `#[transition(Open | Held => Closed)]`";
        report.error_with_help("COH0003", second.path().span(), "a transition is declared twice", help);
    }
    if [create.is_some(), !update.is_empty(), invariant.is_some()].iter().filter(|given| **given).count() > 1
    {
        report.error_with_help(
            "COH0130",
            name.span(),
            format!("`{name}` is one of `#[create]`, `#[transition]` and `#[invariant]`"),
            "keep one of them",
        );
        // What was meant is unknown, so nothing more is said about it.
        block.transitions.push(hollow(report, block, &method));
        return;
    }
    let forgotten =
        create.is_none() && update.is_empty() && invariant.is_none() && signature::may_change(&method);
    if forgotten {
        let at = report.at(name.span());
        report.push(
            Diagnostic::error("COH0135", at, format!("`{name}` may change the entity and is no transition"))
                .note(
                    "only transitions change an entity, so that every change can be stated, stored and told",
                )
                .help(format!("write `#[transition] pub fn {name}(…)`, or take `&self`")),
        );
    }
    if create.is_none() && update.is_empty() && invariant.is_none() && !forgotten {
        block.others.push(ImplItem::Fn(method));
        return;
    }
    // Where there are too many conditions, that was said already.
    attr::take(&mut method.attrs, "cfg");
    method.block = name::instead_of_self(method.block, &block.entity);
    if let Some(allowances) = create {
        let declaration = Declaration { allowances, consumes, ..Declaration::default() };
        let declared = transition(report, block, &method, Kind::Create, declaration);
        block.transitions.push(declared);
    } else if invariant.is_some() {
        read_invariant(report, block, &method);
    } else {
        let declaration = update.first().map_or_else(Declaration::default, |(attribute, of)| {
            let tokens = attr::tokens(report, attribute);
            declaration::read(report, *of, tokens, attribute.path().span())
        });
        let declaration = Declaration { consumes, ..declaration };
        let declared = transition(report, block, &method, Kind::Update, declaration);
        block.transitions.push(declared);
    }
}

/// A method of which only the name is taken over, so that callers compile.
fn hollow(report: &mut Report, block: &Block, method: &ImplItemFn) -> Declared {
    let kind = if method.sig.receiver().is_some() { Kind::Update } else { Kind::Create };
    let mut ignored = Report::default();
    let mut declared = transition(&mut ignored, block, method, kind, Declaration::default());
    declared.model.at = report.at(method.sig.ident.span());
    declared.model.steps = &[];
    declared.model.guards = &[];
    declared.model.rejections = &[];
    declared
}

/// Reports misspelt attributes of ours and reads them as what they were meant to be.
fn correct(report: &mut Report, attributes: &mut [Attribute]) {
    const OURS: [&str; 6] = ["create", "transition", "fact", "consumes", "native", "invariant"];
    for attribute in attributes {
        let Some(ident) = attribute.path().get_ident().cloned() else { continue };
        let name = ident.to_string();
        let Some(meant) = nearest(&name, OURS).filter(|meant| *meant != name) else { continue };
        report.error_with_help(
            "COH0002",
            ident.span(),
            format!("unknown attribute `#[{name}]` within `#[transitions]`"),
            format!("an attribute with a similar name exists: `#[{meant}]`"),
        );
        let path = syn::Path::from(Ident::new(meant, ident.span()));
        match &mut attribute.meta {
            Meta::Path(known) => *known = path,
            Meta::List(list) => list.path = path,
            Meta::NameValue(pair) => pair.path = path,
        }
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
    signature::check(report, method, kind);
    let (parameters, context) = signature::parameters(report, method);
    let stem = stem(report, ident, block);
    let (input, rejection, effect) = (
        format_ident!("{stem}", span = ident.span()),
        format_ident!("{stem}Rejection", span = ident.span()),
        format_ident!("{stem}Effect", span = ident.span()),
    );
    let mut outline = Outline::default();
    let mut scope = Scope::new(report, kind == Kind::Update);
    scope.parameters = parameters.iter().map(|parameter| parameter.name.to_owned()).collect();
    scope.context = context;
    scope.natives = block.helpers();
    let creates = (kind == Kind::Create).then_some(&block.entity);
    let reading = Reading { rejection: &rejection, creates, name: ident };
    let statements = without_result(method, kind);
    let (steps, tokens) = scope.body(&reading, &mut outline, statements);
    let observations = scope.observations(&local("state"));
    let (uses_context, calls_native) = (scope.uses_context, !scope.native_reads.is_empty());
    let reads = sorted(scope.reads.keys().chain(&scope.native_reads).chain(outline.writes.keys()));
    let moves = !declaration.from.is_empty() || !declaration.to.is_empty();
    let edge = moves.then(|| Edge { from: declaration.starts(), to: declaration.target() });
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
        fact: declaration.fact,
        consumes: declaration.consumes.as_ref().map(|consumes| consumes.model(report)),
        allowances: keep_all(declaration.allowances.clone()),
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
        calls_native,
    }
}

/// Names in order, each once, kept for the model.
fn sorted<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = names.map(|name| keep(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The statements, without the result of an update that was reported to have one.
fn without_result(method: &ImplItemFn, kind: Kind) -> &[syn::Stmt] {
    let statements = method.block.stmts.as_slice();
    let returns = kind == Kind::Update && matches!(method.sig.output, syn::ReturnType::Type(..));
    match statements.split_last() {
        Some((syn::Stmt::Expr(_, None), before)) if returns => before,
        _ => statements,
    }
}

/// The name of the input type: `AcceptTender`.
fn stem(report: &mut Report, method: &Ident, block: &Block) -> String {
    let stem = format!("{}{}", name::pascal(name::of(method)), block.name);
    if name::pascal(name::of(method)).starts_with(char::is_alphabetic) {
        return stem;
    }
    let message = format!("`{method}` does not begin with a letter, and its input has to");
    report.error_with_help("COH0130", method.span(), message, "give it a name with a letter first");
    format!("Some{stem}")
}

fn model_parameter(report: &mut Report, parameter: &Param) -> Parameter {
    let Param { ident, name, ty, docs, personal, .. } = parameter;
    let ty = ModelType::Named(keep(&ty.to_token_stream().to_string()));
    Parameter { docs: keep(docs), personal: *personal, ..Parameter::new(name, ty, report.at(ident.span())) }
}

fn read_invariant(report: &mut Report, block: &mut Block, method: &ImplItemFn) {
    let ident = &method.sig.ident;
    let name = name::of(ident);
    if !signature::is_question(method) {
        report.error_with_help(
            "COH0130",
            ident.span(),
            "an invariant looks at its entity and says whether it holds",
            format!("write `fn {name}(&self) -> bool`"),
        );
    }
    if block.invariants.iter().any(|invariant| invariant.model.name == name) {
        let message = format!("there is an invariant `{name}` already");
        report.error_with_help("COH0131", ident.span(), message, "give each invariant a name of its own");
    }
    let mut scope = Scope::new(report, true);
    scope.natives = block.helpers();
    scope.view = "view";
    let body =
        syn::Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: method.block.clone() });
    let lowered = scope.lower(&body);
    let observations = scope.observations(&local("view"));
    let reads = sorted(scope.reads.keys().chain(&scope.native_reads));
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
