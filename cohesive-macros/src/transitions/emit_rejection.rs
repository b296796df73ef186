//! The refusals of one transition.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::emit_input::structure;
use super::parse::{Block, Declared};
use crate::name::snake;

pub(super) fn rejection(block: &Block, declared: &Declared) -> TokenStream {
    let Declared { visibility, rejection, input, .. } = declared;
    let docs = format!("Why [`{input}`] may be refused.");
    let cases: Vec<(Ident, &str, String)> = cases(declared);
    let variants = cases.iter().map(|(ident, message, _)| quote!(#[doc = #message] #ident));
    let idents: Vec<&Ident> = cases.iter().map(|(ident, _, _)| ident).collect();
    let messages: Vec<&str> = cases.iter().map(|(_, message, _)| *message).collect();
    let names: Vec<&String> = cases.iter().map(|(_, _, name)| name).collect();
    let WrongState { variant: state, text: state_text, name: state_name, class: state_class } =
        wrong_state(block, declared);
    let guard_class = (!idents.is_empty())
        .then(|| quote!(#(Self::#idents)|* => ::cohesive::__private::RejectionClass::Guard,));
    quote! {
        #[doc = #docs]
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #visibility enum #rejection {
            #state
            #(#variants,)*
            /// A rule of the entity does not permit it.
            Refused(::cohesive::__private::Refusal),
        }
        #[automatically_derived]
        impl ::core::fmt::Display for #rejection {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    #state_text
                    #(Self::#idents => formatter.write_str(#messages),)*
                    Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
                }
            }
        }
        #[automatically_derived]
        impl ::core::error::Error for #rejection {}
        #[automatically_derived]
        impl ::core::convert::From<::cohesive::__private::Refusal> for #rejection {
            fn from(refusal: ::cohesive::__private::Refusal) -> Self {
                Self::Refused(refusal)
            }
        }
        #[automatically_derived]
        impl ::cohesive::__private::Rejection for #rejection {
            fn name(&self) -> &'static str {
                match self {
                    #state_name
                    #(Self::#idents => #names,)*
                    Self::Refused(refusal) => refusal.name(),
                }
            }
            fn class(&self) -> ::cohesive::__private::RejectionClass {
                match self {
                    #state_class
                    #guard_class
                    Self::Refused(_) => ::cohesive::__private::RejectionClass::Rule,
                }
            }
        }
    }
}

/// The refusal for an entity in another state: nothing, where a transition may happen in any.
#[derive(Default)]
struct WrongState {
    variant: TokenStream,
    text: TokenStream,
    name: TokenStream,
    class: TokenStream,
}

fn wrong_state(block: &Block, declared: &Declared) -> WrongState {
    if !declared.starts_somewhere() {
        return WrongState::default();
    }
    let (entity, structure, name, input) =
        (&block.entity, structure(block), declared.model.name, &declared.input);
    WrongState {
        variant: quote! {
            /// The entity is in a state in which this is not possible.
            WrongState {
                /// The state it is in.
                state: #structure::Status,
            },
        },
        text: quote! {
            Self::WrongState { state } => ::cohesive::__private::wrong_state::<#entity>(
                formatter,
                #name,
                <#input as ::cohesive::__private::Update>::FROM,
                *state,
            ),
        },
        name: quote!(Self::WrongState { .. } => "wrong_state",),
        class: quote!(Self::WrongState { .. } => ::cohesive::__private::RejectionClass::State,),
    }
}

/// Guards and `reject!` cases: the variant, the message, and the name in codes.
fn cases(declared: &Declared) -> Vec<(Ident, &'static str, String)> {
    let guards = declared.model.guards.iter().map(|guard| (guard.name, guard.message));
    let rejections = declared.model.rejections.iter().map(|case| (case.name, case.message));
    guards
        .chain(rejections)
        .map(|(name, message)| (crate::body::ident(name, declared.input.span()), message, snake(name)))
        .collect()
}
