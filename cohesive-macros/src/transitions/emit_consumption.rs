//! The event that a transition follows: as data, and as code that makes the input of it.

use cohesive_core::model::Kind;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::consumption::{Binding, Consumption};
use super::emit_input::{of_message, structure};
use super::parse::{Block, Declared};
use crate::body::local;
use crate::model;
use crate::report::Report;

/// The event and what is taken from it. The name is that of the event's contract, whatever it is called here.
pub(super) fn data(report: &Report, declared: &Declared) -> Option<TokenStream> {
    let (followed, written) = (declared.model.consumes?, declared.declaration.consumes.as_ref()?);
    let message = of_message(&written.event, false, "MESSAGE");
    let bindings = followed.bindings.iter().map(|(member, parameter)| quote!((#member, #parameter)));
    let at = model::at(report, followed.at);
    Some(model::option(Some(quote! {
        ::cohesive::__private::model::Consumption {
            event: #message.name,
            bindings: &[#(#bindings),*],
            at: #at,
        }
    })))
}

/// What a visitor of the inputs sees beside the input itself.
pub(super) fn visit(declared: &Declared) -> TokenStream {
    if declared.declaration.consumes.is_none() {
        return TokenStream::new();
    }
    let input = &declared.input;
    match declared.model.kind {
        Kind::Create => quote!(::cohesive::__private::InputVisitor::created_by::<#input>(visitor);),
        Kind::Update => quote!(::cohesive::__private::InputVisitor::updated_by::<#input>(visitor);),
    }
}

/// The input that an event means.
pub(super) fn follow(block: &Block, declared: &Declared) -> TokenStream {
    let Some(consumption) = &declared.declaration.consumes else { return TokenStream::new() };
    let is_parameter =
        |binding: &&Binding| declared.parameters.iter().any(|parameter| parameter.ident == binding.parameter);
    let members = declared.parameters.iter().filter_map(|parameter| {
        let ident = &parameter.ident;
        let binding = consumption.bindings.iter().find(|binding| binding.parameter == *ident)?;
        let value = taken(consumption, binding);
        Some(quote!(#ident: #value))
    });
    let (input, pattern) = (&declared.input, pattern(consumption));
    let made = quote!(Self { #(#members,)* });
    let (door, result, made) = match declared.model.kind {
        Kind::Create => (quote!(CreatedBy), quote!(Self), made),
        Kind::Update => {
            let structure = structure(block);
            let id = consumption.bindings.iter().find(|binding| !is_parameter(binding));
            let id = id.map(|binding| taken(consumption, binding));
            (quote!(UpdatedBy), quote!((#structure::Id, Self)), quote!((#id, #made)))
        }
    };
    let path = &consumption.event;
    // Said at the event's name: where it is less visible than the method, the compiler says so there.
    let event = quote_spanned!(consumption.span()=> type Event = #path;);
    quote! {
        #[automatically_derived]
        impl ::cohesive::__private::#door for #input {
            #event
            fn follow(event: Self::Event) -> #result {
                let #pattern = event;
                #made
            }
        }
    }
}

/// A place within the expansion that shows as the user's word.
fn shown_at(word: Span) -> Span {
    Span::mixed_site().located_at(word)
}

/// The name that a member has within the function, shown at the name that the pattern gives it.
fn held(Binding { member, parameter }: &Binding) -> Ident {
    let mut name = local(&format!("{}_of_event", crate::name::of(member)));
    name.set_span(shown_at(parameter.span()));
    name
}

/// A member as the value of a parameter; a copy of it, where another parameter takes the same one.
fn taken(consumption: &Consumption, binding: &Binding) -> TokenStream {
    let (member, span) = (held(binding), shown_at(binding.parameter.span()));
    let uses = consumption.bindings.iter().filter(|other| other.member == binding.member).count();
    let value =
        if uses > 1 { quote_spanned!(span=> ::core::clone::Clone::clone(&#member)) } else { quote!(#member) };
    quote_spanned!(span=> ::core::convert::Into::into(#value))
}

/// The pattern as it was written, with each member once, and where it was written.
fn pattern(consumption: &Consumption) -> TokenStream {
    let mut bindings: Vec<&Binding> = Vec::new();
    for binding in &consumption.bindings {
        if !bindings.iter().any(|known| known.member == binding.member) {
            bindings.push(binding);
        }
    }
    let members = bindings.iter().map(|binding| &binding.member);
    let names = bindings.iter().map(|binding| held(binding));
    let ignored = &consumption.ignored;
    let rest = consumption.rest.then(|| quote!(..));
    let mut braces = Group::new(Delimiter::Brace, quote!(#(#members: #names,)* #(#ignored: _,)* #rest));
    braces.set_span(consumption.braces);
    let path = &consumption.event;
    quote!(#path #braces)
}

/// What is no parameter has to be the field that identifies the entity, which one macro cannot see.
pub(super) fn assertions(block: &Block, declared: &Declared) -> TokenStream {
    let Some(consumption) = &declared.declaration.consumes else { return TokenStream::new() };
    let (structure, transition) = (structure(block), declared.model.name);
    let known =
        |binding: &&Binding| declared.parameters.iter().any(|parameter| parameter.ident == binding.parameter);
    let others = consumption.bindings.iter().filter(|binding| !known(binding));
    others
        .map(|Binding { parameter, .. }| {
            let name = crate::name::of(parameter);
            quote_spanned! {parameter.span()=>
                const _: () = ::cohesive::__private::identifies(#structure::STRUCTURE, #name, #transition);
            }
        })
        .collect()
}
