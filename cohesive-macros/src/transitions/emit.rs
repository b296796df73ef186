//! The facts of a block: its inputs, and the entity as a whole.

use cohesive_core::model::{Conflict, Kind, Target};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::declaration::Goal;
use super::parse::{Block, Declared, Invariant};
use super::{emit_consumption, emit_handlers, emit_input, emit_native};
use crate::body::local;
use crate::emit_constants::Constants;
use crate::model;
use crate::report::Report;

pub(crate) fn block(report: &Report, block: &Block) -> TokenStream {
    let (entity, others) = (&block.entity, &block.others);
    let attributes = &block.attributes;
    let passed = if others.is_empty() {
        TokenStream::new()
    } else {
        quote!(#(#attributes)* impl #entity { #(#others)* })
    };
    let inputs = block.transitions.iter().map(|declared| emit_input::input(report, block, declared));
    let asserted = block.transitions.iter().filter(|_| report.is_clean());
    let assertions = asserted.map(|declared| assertions(block, declared));
    let whole = whole(report, block);
    let requests = emit_handlers::requests(report, block);
    let natives = if report.is_clean() { emit_native::functions(block) } else { TokenStream::new() };
    // The facts come first, so that of many complaints about one name the first is about what it has to be.
    quote! {
        #whole
        #natives
        #(#inputs)*
        #requests
        #(#assertions)*
        #passed
    }
}

fn whole(report: &Report, block: &Block) -> TokenStream {
    let entity = &block.entity;
    let inputs: Vec<_> = block.transitions.iter().map(|declared| &declared.input).collect();
    let visits = block.transitions.iter().map(|declared| {
        let input = &declared.input;
        let followed = if report.is_clean() { emit_consumption::visit(declared) } else { TokenStream::new() };
        match declared.model.kind {
            Kind::Create => {
                quote!(::cohesive::__private::InputVisitor::create::<#input>(visitor); #followed)
            }
            Kind::Update => {
                quote!(::cohesive::__private::InputVisitor::update::<#input>(visitor); #followed)
            }
        }
    });
    let invariants = block.invariants.iter().map(|invariant| model_invariant(report, invariant));
    let view = local("view");
    let (argument, checks) = if block.invariants.is_empty() || !report.is_clean() {
        (quote!(_), TokenStream::new())
    } else {
        let checks = block.invariants.iter().enumerate().map(|(index, invariant)| {
            let Invariant { observations, tokens, .. } = invariant;
            let index = proc_macro2::Literal::usize_unsuffixed(index);
            quote! {
                {
                    #observations
                    ::cohesive::__private::invariant(#tokens, &Self::MODEL.invariants[#index])?;
                }
            }
        });
        (quote!(#view), quote!(#(#checks)*))
    };
    let natives = emit_native::data(report, block).map(|natives| quote!(natives: #natives,));
    let messages = produced(block);
    let messages = messages.iter().map(|(path, request)| emit_input::of_message(path, *request, "MESSAGE"));
    let structure = emit_input::structure(block);
    let allowances = model::allowances(report, &block.allowances);
    let constants = if report.is_clean() { constants(block) } else { TokenStream::new() };
    quote! {
        #[automatically_derived]
        impl ::cohesive::__private::Entity for #entity {
            const MODEL: &'static ::cohesive::__private::model::Entity = &::cohesive::__private::model::Entity {
                transitions: &[#(*<#inputs as ::cohesive::__private::Input>::TRANSITION),*],
                invariants: &[#(#invariants),*],
                messages: &[#(#messages),*],
                #natives
                #allowances
                ..::cohesive::__private::model::Entity::new(#structure::STRUCTURE, ::core::file!())
            };
            #[inline]
            fn invariants(
                #argument: #structure::View<'_>,
            ) -> ::core::result::Result<(), ::cohesive::__private::Stop<::cohesive::__private::Refusal>> {
                #checks
                ::core::result::Result::Ok(())
            }
            #constants
            fn inputs(visitor: &mut impl ::cohesive::__private::InputVisitor<#entity>) {
                #(#visits)*
            }
        }
    }
}

/// The function that shows the constants which the block names.
fn constants(block: &Block) -> TokenStream {
    let mut constants = Constants::default();
    for declared in &block.transitions {
        declared.model.guards.iter().for_each(|guard| constants.expr(&guard.condition));
        constants.steps(declared.model.steps);
        let constraints = declared.parameters.iter().flat_map(|parameter| &parameter.constraints);
        constraints.for_each(|constraint| constants.rule(&constraint.rule));
    }
    block.invariants.iter().for_each(|invariant| constants.expr(&invariant.model.condition));
    constants.tokens("body_constants")
}

fn model_invariant(report: &Report, invariant: &Invariant) -> TokenStream {
    let cohesive_core::model::Invariant { name, docs, condition, reads, at } = &invariant.model;
    let (condition, at) = (model::expr(condition), model::at(report, *at));
    quote! {
        ::cohesive::__private::model::Invariant {
            name: #name,
            docs: #docs,
            condition: #condition,
            reads: &[#(#reads),*],
            at: #at,
        }
    }
}

/// The messages that the block may produce, sorted by name, each once; and whether they are requests.
pub(super) fn produced(block: &Block) -> Vec<(&syn::Path, bool)> {
    let name = |path: &syn::Path| path.segments.last().map(|segment| crate::name::of(&segment.ident));
    let messages = block.transitions.iter().flat_map(|declared| &declared.outline.messages);
    let mut all: Vec<(&syn::Path, bool)> = messages.map(|(path, request)| (path, *request)).collect();
    all.sort_by_key(|(path, request)| (name(path), *request));
    all.dedup_by_key(|(path, request)| (name(path), *request));
    all
}

/// What one macro cannot see: whether the fields that are assigned may be, and whether none is left out.
fn assertions(block: &Block, declared: &Declared) -> TokenStream {
    let structure = emit_input::structure(block);
    let creates = declared.model.kind == Kind::Create;
    let chooses = matches!(declared.model.edge.map(|edge| edge.to), Some(Target::OneOf { .. }));
    let mut tokens = TokenStream::new();
    for (field, span) in &declared.outline.writes {
        let (name, joins) = (declared.model.name, declared.outline.merges.contains_key(field));
        tokens.extend(quote_spanned! {*span=>
            const _: () = ::cohesive::__private::assignable(
                #structure::STRUCTURE,
                #field,
                #name,
                ::cohesive::__private::Writing { creates: #creates, chooses: #chooses, joins: #joins },
            );
        });
    }
    tokens.extend(ends(declared, &structure));
    tokens.extend(emit_consumption::assertions(block, declared));
    if let Some((Conflict::Disjoint, span)) = declared.declaration.conflict {
        tokens.extend(quote_spanned! {span=>
            const _: () = ::cohesive::__private::keeps_field_versions(#structure::STRUCTURE);
        });
    }
    if creates {
        let names = declared.outline.writes.keys();
        let (span, name) = (declared.input.span(), declared.model.name);
        tokens.extend(quote_spanned! {span=>
            const _: () = ::cohesive::__private::complete(#structure::STRUCTURE, &[#(#names),*], #name);
        });
    }
    tokens
}

/// The states that the transition leaves are not terminal.
fn ends(declared: &Declared, structure: &TokenStream) -> TokenStream {
    let (name, declaration) = (declared.model.name, &declared.declaration);
    let mut tokens = TokenStream::new();
    for state in declaration.from.iter().filter(|state| leaves(declared, state)) {
        let (state, span) = (crate::name::of(state), state.span());
        tokens.extend(quote_spanned! {span=>
            const _: () = ::cohesive::__private::leavable(#structure::STRUCTURE, #state, #name);
        });
    }
    let to = declared.model.edge.filter(|edge| edge.from.is_empty()).map(|edge| edge.to);
    let target = match to {
        Some(Target::State(target)) => target,
        Some(Target::OneOf { stay: false, .. }) => "",
        _ => return tokens,
    };
    for state in declaration.to.iter().filter_map(Goal::state).take(1) {
        tokens.extend(quote_spanned! {state.span()=>
            const _: () = ::cohesive::__private::leavable_everywhere(#structure::STRUCTURE, #target, #name);
        });
    }
    tokens
}

/// Whether the transition may lead from a state to another one.
fn leaves(declared: &Declared, from: &Ident) -> bool {
    match declared.model.edge.map(|edge| edge.to) {
        None | Some(Target::Same) => false,
        Some(Target::State(state)) => from != state,
        Some(Target::OneOf { states, .. }) => states.iter().any(|state| from != state),
    }
}
