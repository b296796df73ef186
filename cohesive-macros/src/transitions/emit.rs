//! The facts of a block: its inputs, and the entity as a whole.

use cohesive_core::check::consts::Assignment;
use cohesive_core::model::{Kind, Target};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::emit_input;
use super::parse::{Block, Declared, Invariant};
use crate::body::local;
use crate::model;
use crate::report::Report;

pub(crate) fn block(report: &Report, block: &Block) -> TokenStream {
    let (entity, others) = (&block.entity, &block.others);
    let passed = if others.is_empty() { TokenStream::new() } else { quote!(impl #entity { #(#others)* }) };
    if !report.is_clean() {
        let stubs = block.transitions.iter().map(emit_input::stub);
        return quote!(#passed #(#stubs)*);
    }
    let inputs = block.transitions.iter().map(|declared| emit_input::input(report, block, declared));
    let assertions = block.transitions.iter().map(|declared| assertions(block, declared));
    let whole = whole(report, block);
    quote! {
        #passed
        #(#inputs)*
        #whole
        #(#assertions)*
    }
}

fn whole(report: &Report, block: &Block) -> TokenStream {
    let entity = &block.entity;
    let inputs: Vec<_> = block.transitions.iter().map(|declared| &declared.input).collect();
    let visits = block.transitions.iter().map(|declared| {
        let input = &declared.input;
        match declared.model.kind {
            Kind::Create => quote!(visitor.create::<#input>();),
            Kind::Update => quote!(visitor.update::<#input>();),
        }
    });
    let invariants = block.invariants.iter().map(|invariant| model_invariant(report, invariant));
    let view = local("view");
    let (argument, checks) = if block.invariants.is_empty() {
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
    let messages = messages(block);
    quote! {
        #[automatically_derived]
        impl ::cohesive::__private::Entity for #entity {
            const MODEL: &'static ::cohesive::__private::model::Entity = &::cohesive::__private::model::Entity {
                structure: <#entity as ::cohesive::__private::Structure>::STRUCTURE,
                file: ::core::file!(),
                transitions: &[#(*<#inputs as ::cohesive::__private::Input>::TRANSITION),*],
                invariants: &[#(#invariants),*],
                messages: &[#(#messages),*],
            };
            fn invariants(
                #argument: Self::View<'_>,
            ) -> ::core::result::Result<(), ::cohesive::__private::Stop<::cohesive::__private::Refusal>> {
                #checks
                ::core::result::Result::Ok(())
            }
            fn inputs(visitor: &mut impl ::cohesive::__private::InputVisitor<Self>) {
                #(#visits)*
            }
        }
    }
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

/// The messages that the block may produce, sorted by name, each once.
fn messages(block: &Block) -> Vec<TokenStream> {
    let mut all: Vec<(String, TokenStream)> = Vec::new();
    for (path, request) in block.transitions.iter().flat_map(|declared| &declared.outline.messages) {
        let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let span = path.segments.last().map_or_else(super::parse::glue, |segment| segment.ident.span());
        let tokens = if *request {
            quote_spanned!(span=> <#path as ::cohesive::__private::Effect>::MESSAGE)
        } else {
            quote_spanned!(span=> <#path as ::cohesive::__private::Event>::MESSAGE)
        };
        all.push((name, tokens));
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all.dedup_by(|one, other| one.0 == other.0);
    all.into_iter().map(|(_, tokens)| tokens).collect()
}

/// What one macro cannot see: whether the fields that are assigned may be, and whether none is left out.
fn assertions(block: &Block, declared: &Declared) -> TokenStream {
    let entity = &block.entity;
    let creates = declared.model.kind == Kind::Create;
    let chooses = matches!(declared.model.edge.map(|edge| edge.to), Some(Target::OneOf { .. }));
    let mut tokens = TokenStream::new();
    for (field, span) in &declared.outline.writes {
        let arms = refusals(declared.model.name, field).map(|(case, text)| {
            let case = crate::body::ident(case, *span);
            quote_spanned!(*span=> ::cohesive::__private::Assignment::#case => ::core::panic!(#text),)
        });
        let structure = quote!(<#entity as ::cohesive::__private::Structure>::STRUCTURE);
        tokens.extend(quote_spanned! {*span=>
            const _: () = match ::cohesive::__private::assignment(#structure, #field, #creates, #chooses) {
                ::cohesive::__private::Assignment::Permitted => {}
                #(#arms)*
            };
        });
    }
    if creates {
        let names = declared.outline.writes.keys();
        let (span, name) = (declared.input.span(), declared.model.name);
        let (before, after) = (
            format!("`{name}` leaves out the required field `"),
            "` [COH0108]\nhelp: set it in `Self { … }`, give it a default, or make it an `Option`",
        );
        tokens.extend(quote_spanned! {span=>
            const _: () = if let ::core::option::Option::Some(field) = ::cohesive::__private::missing(
                <#entity as ::cohesive::__private::Structure>::STRUCTURE,
                &[#(#names),*],
            ) {
                ::core::panic!("{}", ::cohesive::__private::text(&[#before, field, #after]).as_str())
            };
        });
    }
    tokens
}

/// The reasons why a field may not be assigned, with what to tell the user.
fn refusals(transition: &str, field: &str) -> impl Iterator<Item = (&'static str, String)> {
    let case = |case: Assignment, text: String| (case_name(case), text);
    [
        case(
            Assignment::Computed,
            format!("the field `{field}` is computed and cannot be assigned [COH0107]\nhelp: change the fields that it is computed from"),
        ),
        case(
            Assignment::Id,
            format!("the field `{field}` is the id and never changes [COH0109]\nhelp: create another entity"),
        ),
        case(
            Assignment::Lifecycle,
            format!(
                "the lifecycle field `{field}` is moved by the declared states, not by the body [COH0110]\nhelp: leave the assignment out of `{transition}`, or declare several targets: `#[transition(A => B | C)]`"
            ),
        ),
        case(
            Assignment::Sealed,
            format!("the field `{field}` is write-once, and every entity has it from its creation on [COH0111]\nhelp: make it an `Option` to set it later, or leave out `write_once`"),
        ),
    ]
    .into_iter()
}

const fn case_name(case: Assignment) -> &'static str {
    match case {
        Assignment::Permitted => "Permitted",
        Assignment::Computed => "Computed",
        Assignment::Id => "Id",
        Assignment::Lifecycle => "Lifecycle",
        Assignment::Sealed => "Sealed",
    }
}
