//! The facts of one transition: input, rejection, effects, and the body as code.

use cohesive_core::model::{Edge, Kind, Target, Transition};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::declaration::Goal;
use super::parse::{Block, Declared, Param};
use crate::body::local;
use crate::entity::value_type;
use crate::model;
use crate::name::snake;
use crate::report::Report;

pub(crate) fn input(report: &Report, block: &Block, declared: &Declared) -> TokenStream {
    let (shape, rejection, effect) = (shape(block, declared), rejection(block, declared), effect(declared));
    let (facts, code) = (facts(report, block, declared), code(block, declared));
    quote! {
        #shape
        #rejection
        #effect
        #facts
        #code
    }
}

/// The input alone, after mistakes, so that callers still compile.
pub(crate) fn stub(declared: &Declared) -> TokenStream {
    let Declared { visibility, input, parameters, .. } = declared;
    let members = members(parameters);
    quote! {
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #visibility struct #input { #(#members,)* }
    }
}

fn members(parameters: &[Param]) -> Vec<TokenStream> {
    parameters
        .iter()
        .map(|Param { ident, ty, docs, name }| {
            let docs = if docs.is_empty() { format!("`{name}`, as the caller supplies it.") } else { docs.clone() };
            quote!(#[doc = #docs] pub #ident: #ty)
        })
        .collect()
}

fn shape(block: &Block, declared: &Declared) -> TokenStream {
    let Declared { visibility, input, parameters, model, .. } = declared;
    let docs = if model.docs.is_empty() {
        format!("The input of `{}` of a [`{}`].", model.name, block.name)
    } else {
        model.docs.to_owned()
    };
    let members = members(parameters);
    let derives = crate::message::derives(&[]);
    quote! {
        #[doc = #docs]
        #derives
        #[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
        #visibility struct #input { #(#members,)* }
    }
}

fn rejection(block: &Block, declared: &Declared) -> TokenStream {
    let Declared { visibility, rejection, input, model, .. } = declared;
    let entity = &block.entity;
    let docs = format!("Why [`{input}`] may be refused.");
    let status = quote!(<#entity as ::cohesive::__private::Structure>::Status);
    let cases: Vec<(Ident, &str, String)> = cases(declared);
    let variants = cases.iter().map(|(ident, message, _)| quote!(#[doc = #message] #ident));
    let idents: Vec<&Ident> = cases.iter().map(|(ident, _, _)| ident).collect();
    let messages: Vec<&str> = cases.iter().map(|(_, message, _)| *message).collect();
    let names: Vec<&String> = cases.iter().map(|(_, _, name)| name).collect();
    let (state, state_text, state_name, state_class) = if model.edge.is_some() {
        let name = model.name;
        (
            quote! {
                /// The entity is in a state in which this is not possible.
                WrongState {
                    /// The state it is in.
                    state: #status,
                },
            },
            quote! {
                Self::WrongState { state } => ::cohesive::__private::wrong_state(
                    formatter,
                    #name,
                    <#input as ::cohesive::__private::Update>::FROM,
                    *state,
                ),
            },
            quote!(Self::WrongState { .. } => "wrong_state",),
            quote!(Self::WrongState { .. } => ::cohesive::__private::RejectionClass::State,),
        )
    } else {
        Default::default()
    };
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

/// Guards and `reject!` cases: the variant, the message, and the name in codes.
fn cases(declared: &Declared) -> Vec<(Ident, &'static str, String)> {
    let guards = declared.model.guards.iter().map(|guard| (guard.name, guard.message));
    let rejections = declared.model.rejections.iter().map(|case| (case.name, case.message));
    guards
        .chain(rejections)
        .map(|(name, message)| (crate::body::ident(name, declared.input.span()), message, snake(name)))
        .collect()
}

fn effect(declared: &Declared) -> TokenStream {
    let Declared { visibility, effect, input, outline, .. } = declared;
    let mut paths: Vec<&syn::Path> = Vec::new();
    for (path, _) in &outline.messages {
        if !paths.iter().any(|known| *known == path) {
            paths.push(path);
        }
    }
    let variants: Vec<&Ident> =
        paths.iter().filter_map(|path| path.segments.last().map(|segment| &segment.ident)).collect();
    let docs = format!("What [`{input}`] may produce.");
    let variant_docs = variants.iter().map(|variant| format!("A `{variant}`."));
    let reference = if variants.is_empty() {
        quote!(match *self {})
    } else {
        quote!(match self { #(Self::#variants(payload) => payload,)* })
    };
    quote! {
        #[doc = #docs]
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #visibility enum #effect {
            #(#[doc = #variant_docs] #variants(#paths),)*
        }
        #[automatically_derived]
        impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for #effect {
            fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
                #reference
            }
        }
        #(
            #[automatically_derived]
            impl ::core::convert::From<#paths> for #effect {
                fn from(payload: #paths) -> Self {
                    Self::#variants(payload)
                }
            }
        )*
    }
}

fn facts(report: &Report, block: &Block, declared: &Declared) -> TokenStream {
    let Declared { input, rejection, effect, parameters, model, .. } = declared;
    let entity = &block.entity;
    let places = Literal::usize_unsuffixed(declared.outline.messages.len());
    let checks = parameters.iter().map(|Param { ident, name, .. }| {
        quote!(::cohesive::__private::check(&self.#ident, #name)?;)
    });
    let (sets, transition) = transition(report, block, declared);
    let _ = model;
    quote! {
        const _: () = {
            #sets
            #[automatically_derived]
            impl ::cohesive::__private::Input for #input {
                type Entity = #entity;
                type Rejection = #rejection;
                type Effects = ::cohesive::__private::Effects<#effect, #places>;
                const TRANSITION: &'static ::cohesive::__private::model::Transition = &#transition;
                fn check(&self) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
                    #(#checks)*
                    ::core::result::Result::Ok(())
                }
            }
        };
    }
}

/// The transition as data, and before it the two sets that need the name of the lifecycle field.
fn transition(report: &Report, block: &Block, declared: &Declared) -> (TokenStream, TokenStream) {
    let Transition { name, input, docs, kind, reads, writes, emits, requests, conflict, at, .. } = declared.model;
    let entity = &block.entity;
    let moves = declared.model.edge.is_some();
    let shifts = declared.model.edge.is_some_and(|edge| edge.to != Target::Same);
    let (read_room, write_room) =
        (Literal::usize_unsuffixed(reads.len() + 1), Literal::usize_unsuffixed(writes.len() + 1));
    let structure = quote!(<#entity as ::cohesive::__private::Structure>::STRUCTURE);
    let sets = quote! {
        const READS: ::cohesive::__private::Names<#read_room> =
            ::cohesive::__private::names([#(#reads),*], #structure, #moves);
        const WRITES: ::cohesive::__private::Names<#write_room> =
            ::cohesive::__private::names([#(#writes),*], #structure, #shifts);
    };
    let kind = if kind == Kind::Create { quote!(Create) } else { quote!(Update) };
    let edge = model::option(declared.model.edge.map(|edge| edge_tokens(&edge)));
    let parameters = declared.parameters.iter().map(|Param { ident, name, ty, .. }| {
        let ty = value_type(ty);
        let line = quote_spanned!(ident.span()=> ::core::line!());
        quote! {
            ::cohesive::__private::model::Parameter {
                name: #name,
                ty: #ty,
                at: ::cohesive::__private::model::At(#line),
            }
        }
    });
    let guards = declared.model.guards.iter().map(|guard| model::guard(report, guard));
    let rejections = declared.model.rejections.iter().map(|case| model::rejection(report, case));
    let steps = model::steps(report, declared.model.steps);
    let (conflict, at) = (model::conflict(conflict), model::at(report, at));
    let transition = quote! {
        ::cohesive::__private::model::Transition {
            name: #name,
            input: #input,
            docs: #docs,
            kind: ::cohesive::__private::model::Kind::#kind,
            edge: #edge,
            parameters: &[#(#parameters),*],
            guards: &[#(#guards),*],
            steps: #steps,
            rejections: &[#(#rejections),*],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            emits: &[#(#emits),*],
            requests: &[#(#requests),*],
            conflict: #conflict,
            at: #at,
        }
    };
    (sets, transition)
}

fn edge_tokens(edge: &Edge) -> TokenStream {
    let from = edge.from;
    let to = match edge.to {
        Target::Same => quote!(Same),
        Target::State(state) => quote!(State(#state)),
        Target::OneOf { states, stay } => quote!(OneOf { states: &[#(#states),*], stay: #stay }),
    };
    quote! {
        ::cohesive::__private::model::Edge {
            from: &[#(#from),*],
            to: ::cohesive::__private::model::Target::#to,
        }
    }
}

/// Guards and body as code.
fn code(block: &Block, declared: &Declared) -> TokenStream {
    let Declared { input, rejection, observations, tokens, model, .. } = declared;
    let entity = &block.entity;
    let (state, draft) = (local("state"), local("draft"));
    let context = local("context");
    let context = if declared.uses_context { quote!(#context) } else { quote!(_) };
    let produces = !declared.outline.messages.is_empty() || !declared.outline.writes.is_empty();
    let draft = if produces { quote!(#draft) } else { quote!(_) };
    let result = quote!(::core::result::Result<(), ::cohesive::__private::Stop<#rejection>>);
    if model.kind == Kind::Create {
        return quote! {
            #[automatically_derived]
            impl ::cohesive::__private::Create for #input {
                fn run(
                    &self,
                    #context: &::cohesive::__private::Context,
                    #draft: &mut ::cohesive::__private::Draft<Self>,
                ) -> #result {
                    #tokens
                    ::core::result::Result::Ok(())
                }
            }
        };
    }
    let state = if observations.is_empty() { quote!(_) } else { quote!(#state) };
    let movement = movement(block, declared);
    quote! {
        #[automatically_derived]
        impl ::cohesive::__private::Update for #input {
            #movement
            fn run(
                &self,
                #state: <#entity as ::cohesive::__private::Structure>::View<'_>,
                #context: &::cohesive::__private::Context,
                #draft: &mut ::cohesive::__private::Draft<Self>,
            ) -> #result {
                #observations
                #tokens
                ::core::result::Result::Ok(())
            }
        }
    }
}

/// The declared states, as values of the lifecycle type.
fn movement(block: &Block, declared: &Declared) -> TokenStream {
    let entity = &block.entity;
    let status = quote!(<#entity as ::cohesive::__private::Structure>::Status);
    let value = |state: &Ident| quote_spanned!(state.span()=> <#status>::#state);
    let from = declared.declaration.from.iter().map(value);
    let goals = declared.declaration.to.iter().filter_map(|goal| match goal {
        Goal::State(state) => Some(value(state)),
        Goal::Stay => None,
    });
    let goals: Vec<TokenStream> = goals.collect();
    let (to, choices) = match declared.model.edge.map(|edge| edge.to) {
        Some(Target::State(_)) => (model::option(goals.first().cloned()), quote!(&[])),
        Some(Target::OneOf { .. }) => (model::option(None), quote!(&[#(#goals),*])),
        _ => (model::option(None), quote!(&[])),
    };
    let wrong = if declared.model.edge.is_some() {
        quote!(Self::Rejection::WrongState { state })
    } else {
        quote! {
            Self::Rejection::Refused(::cohesive::__private::Refusal::Edge(
                ::cohesive::__private::LifecycleState::name(state),
            ))
        }
    };
    quote! {
        const FROM: &'static [#status] = &[#(#from),*];
        const TO: ::core::option::Option<#status> = #to;
        const CHOICES: &'static [#status] = #choices;
        fn wrong_state(state: #status) -> Self::Rejection {
            #wrong
        }
    }
}
