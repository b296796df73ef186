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
    // The facts come first, so that of many complaints about one name the first is about what it has to be.
    quote! {
        #whole
        #(#inputs)*
        #(#assertions)*
        #passed
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
    let (messages, structure) = (messages(block), emit_input::structure(block));
    quote! {
        #[automatically_derived]
        impl ::cohesive::__private::Entity for #entity {
            const MODEL: &'static ::cohesive::__private::model::Entity = &::cohesive::__private::model::Entity {
                transitions: &[#(*<#inputs as ::cohesive::__private::Input>::TRANSITION),*],
                invariants: &[#(#invariants),*],
                messages: &[#(#messages),*],
                ..::cohesive::__private::model::Entity::new(#structure::STRUCTURE, ::core::file!())
            };
            #[inline]
            fn invariants(
                #argument: #structure::View<'_>,
            ) -> ::core::result::Result<(), ::cohesive::__private::Stop<::cohesive::__private::Refusal>> {
                #checks
                ::core::result::Result::Ok(())
            }
            fn inputs(visitor: &mut impl ::cohesive::__private::InputVisitor<#entity>) {
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
    let mut all: Vec<((String, bool), TokenStream)> = Vec::new();
    for (path, request) in block.transitions.iter().flat_map(|declared| &declared.outline.messages) {
        let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let tokens = emit_input::of_message(path, *request, "MESSAGE");
        all.push(((name, *request), tokens));
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all.dedup_by(|one, other| one.0 == other.0);
    all.into_iter().map(|(_, tokens)| tokens).collect()
}

/// What one macro cannot see: whether the fields that are assigned may be, and whether none is left out.
fn assertions(block: &Block, declared: &Declared) -> TokenStream {
    let structure = emit_input::structure(block);
    let creates = declared.model.kind == Kind::Create;
    let chooses = matches!(declared.model.edge.map(|edge| edge.to), Some(Target::OneOf { .. }));
    let mut tokens = TokenStream::new();
    for (field, span) in &declared.outline.writes {
        let joins = declared.outline.merges.contains_key(field);
        let arms = refusals(declared.model.name, field).map(|(case, text)| {
            let case = crate::body::ident(case, *span);
            quote_spanned!(*span=> ::cohesive::__private::Assignment::#case => ::core::panic!(#text),)
        });
        tokens.extend(quote_spanned! {*span=>
            const _: () = match ::cohesive::__private::assignment(
                #structure::STRUCTURE,
                #field,
                #creates,
                #chooses,
                #joins,
            ) {
                ::cohesive::__private::Assignment::Permitted => {}
                #(#arms)*
            };
        });
    }
    if creates {
        let names = declared.outline.writes.keys();
        let (span, name) = (declared.input.span(), declared.model.name);
        let (before, after) = (
            format!("`{name}` leaves out `"),
            "`, which is required [COH0108]\nhelp: set it in `Self { … }`, give it a default, or make it an `Option`",
        );
        tokens.extend(quote_spanned! {span=>
            const _: () = if let ::core::option::Option::Some(field) = ::cohesive::__private::missing(
                #structure::STRUCTURE,
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
            format!("`{field}` is computed and never assigned [COH0107]\nhelp: change the fields that it is computed from"),
        ),
        case(
            Assignment::Id,
            format!("`{field}` is the id and never changes [COH0109]\nhelp: create another entity"),
        ),
        case(
            Assignment::Lifecycle,
            format!(
                "`{field}` moves by the declared states only [COH0110]\nhelp: leave the assignment out of `{transition}`, or declare several targets: `#[transition(A => B | C)]`"
            ),
        ),
        case(
            Assignment::Sealed,
            format!("`{field}` is write-once and there from the creation on [COH0111]\nhelp: make it an `Option` to set it later, or leave out `write_once`"),
        ),
        case(
            Assignment::Merged,
            format!("`{field}` has a merge and changes by it only [COH0124]\nhelp: write `self.{field}.merge(…)`"),
        ),
        case(
            Assignment::Unmerged,
            format!("`{field}` has no merge [COH0124]\nhelp: declare one: `#[field(merge = max)]`, or assign the field"),
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
        Assignment::Merged => "Merged",
        Assignment::Unmerged => "Unmerged",
    }
}
