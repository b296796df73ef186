//! The facts of one transition: input, rejection, effects, and the body as code.

use cohesive_core::model::{Conflict, Edge, Fact, Kind, Target, Transition};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::declaration::Goal;
use super::emit_consumption;
use super::emit_rejection::rejection;
use super::parse::{Block, Declared, Param};
use crate::body::local;
use crate::entity::{of_value, value_type};
use crate::model;
use crate::report::Report;

pub(crate) fn input(report: &Report, block: &Block, declared: &Declared) -> TokenStream {
    let (shape, rejection, effect) = (shape(block, declared), rejection(block, declared), effect(declared));
    let (facts, code) = (facts(report, block, declared), code(block, declared, report.is_clean()));
    let follow =
        if report.is_clean() { emit_consumption::follow(block, declared) } else { TokenStream::new() };
    quote! {
        #facts
        #shape
        #rejection
        #effect
        #code
        #follow
    }
}

fn members(parameters: &[Param]) -> Vec<TokenStream> {
    parameters
        .iter()
        .map(|Param { ident, ty, docs, name, .. }| {
            let docs =
                if docs.is_empty() { format!("`{name}`, as the caller supplies it.") } else { docs.clone() };
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
    let (hidden, debug) = if parameters.iter().any(|parameter| parameter.personal) {
        let members = parameters.iter().map(|parameter| (&parameter.ident, parameter.personal));
        (vec!["Debug".to_owned()], crate::emit_debug::debug(input, &TokenStream::new(), members))
    } else {
        (Vec::new(), TokenStream::new())
    };
    let derives = crate::message::derives(&hidden);
    quote! {
        #[doc = #docs]
        #derives
        #[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
        #visibility struct #input { #(#members,)* }
        #debug
    }
}

fn effect(declared: &Declared) -> TokenStream {
    let Declared { visibility, effect, input, outline, .. } = declared;
    let mut messages: Vec<(&syn::Path, bool)> = Vec::new();
    for (path, request) in &outline.messages {
        let last = |path: &syn::Path| path.segments.last().map(|segment| segment.ident.clone());
        if !messages.iter().any(|(known, _)| last(known) == last(path)) {
            messages.push((path, *request));
        }
    }
    let paths: Vec<&syn::Path> = messages.iter().map(|(path, _)| *path).collect();
    let payloads = messages.iter().map(|(path, request)| of_message(path, *request, "as_payload"));
    let variants: Vec<&Ident> =
        paths.iter().filter_map(|path| path.segments.last().map(|segment| &segment.ident)).collect();
    let docs = format!("What [`{input}`] may produce.");
    let variant_docs = variants.iter().map(|variant| format!("A `{variant}`."));
    let reference = if variants.is_empty() {
        quote!(match *self {})
    } else {
        quote!(match self { #(Self::#variants(payload) => #payloads(payload),)* })
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

/// Something that events or effects have. The demand stands at the name that the user wrote, and always in this form,
/// so that the compiler reports it once.
pub(super) fn of_message(path: &syn::Path, request: bool, item: &str) -> TokenStream {
    let span = path.segments.last().map_or_else(proc_macro2::Span::call_site, |segment| segment.ident.span());
    let (role, item) = (Ident::new(if request { "Effect" } else { "Event" }, span), Ident::new(item, span));
    quote_spanned!(span=> <#path as ::cohesive::__private::#role>::#item)
}

/// The structure of the entity, named in one form for the same reason.
pub(super) fn structure(block: &Block) -> TokenStream {
    let entity = &block.entity;
    quote_spanned!(entity.span()=> <#entity as ::cohesive::__private::Structure>)
}

fn facts(report: &Report, block: &Block, declared: &Declared) -> TokenStream {
    let Declared { input, rejection, effect, parameters, .. } = declared;
    let entity = &block.entity;
    let places = Literal::usize_unsuffixed(declared.outline.messages.len());
    let checks = parameters.iter().map(|Param { ident, name, ty, .. }| {
        let check = of_value(ty, "check");
        quote!(::cohesive::__private::named(#check(&self.#ident), #name)?;)
    });
    let kept = parameters.iter().map(|Param { ident, name, constraints, .. }| {
        crate::emit_constraint::kept(report, ident, constraints, Some(name))
    });
    let (sets, transition) = transition(report, block, declared);
    let told = told(declared);
    // Said at the method's name: where the entity is less visible than the method, the compiler says so there.
    let subject = quote_spanned!(input.span()=> type Entity = #entity;);
    quote! {
        const _: () = {
            #sets
            #[automatically_derived]
            impl ::cohesive::__private::Input for #input {
                #subject
                type Rejection = #rejection;
                type Effects = ::cohesive::__private::Effects<#effect, #places>;
                const TRANSITION: &'static ::cohesive::__private::model::Transition = &#transition;
                #[inline]
                fn check(&self) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
                    #(#checks)*
                    #(#kept)*
                    ::core::result::Result::Ok(())
                }
                #told
            }
        };
    }
}

/// The transition as data, and before it the two sets that need the name of the lifecycle field.
fn transition(report: &Report, block: &Block, declared: &Declared) -> (TokenStream, TokenStream) {
    let Transition { name, input, docs, kind, reads, writes, emits, requests, conflict, at, .. } =
        declared.model;
    let moves = declared.model.edge.is_some();
    let shifts = declared.model.edge.is_some_and(|edge| edge.to != Target::Same);
    let (read_room, write_room) =
        (Literal::usize_unsuffixed(reads.len() + 1), Literal::usize_unsuffixed(writes.len() + 1));
    let structure = structure(block);
    let sets = quote! {
        const READS: ::cohesive::__private::Names<#read_room> =
            ::cohesive::__private::names([#(#reads),*], #structure::STRUCTURE, #moves);
        const WRITES: ::cohesive::__private::Names<#write_room> =
            ::cohesive::__private::names([#(#writes),*], #structure::STRUCTURE, #shifts);
    };
    let kind = if kind == Kind::Create { quote!(Create) } else { quote!(Update) };
    let parameters = declared.parameters.iter().map(|parameter| model_parameter(report, parameter));
    let at = model::at(report, at);
    // What is as usual is left out: `Transition::new` says it.
    let mut settings = TokenStream::new();
    let mut set = |name: &str, value: Option<TokenStream>| {
        let name = Ident::new(name, proc_macro2::Span::call_site());
        settings.extend(value.map(|value| quote!(#name: #value,)));
    };
    let guards = declared.model.guards.iter().map(|guard| model::guard(report, guard));
    let rejections = declared.model.rejections.iter().map(|case| model::rejection(report, case));
    let names = |names: &[&str]| (!names.is_empty()).then(|| quote!(&[#(#names),*]));
    set("docs", (!docs.is_empty()).then(|| quote!(#docs)));
    set("edge", declared.model.edge.map(|edge| model::option(Some(edge_tokens(&edge)))));
    set("parameters", list(&parameters.collect::<Vec<_>>()));
    set("guards", list(&guards.collect::<Vec<_>>()));
    set("steps", (!declared.model.steps.is_empty()).then(|| model::steps(report, declared.model.steps)));
    set("rejections", list(&rejections.collect::<Vec<_>>()));
    set("reads", Some(quote!(::cohesive::__private::listed(&READS))));
    set("writes", Some(quote!(::cohesive::__private::listed(&WRITES))));
    set("emits", names(emits));
    set("requests", names(requests));
    set("fact", declared.model.fact.map(|fact| fact_tokens(&fact)));
    set("consumes", emit_consumption::data(report, declared));
    set("conflict", (conflict != Conflict::Default).then(|| model::conflict(conflict)));
    let allowances = model::allowances(report, declared.model.allowances);
    let transition = quote! {
        ::cohesive::__private::model::Transition {
            #settings
            #allowances
            ..::cohesive::__private::model::Transition::new(
                #name,
                #input,
                ::cohesive::__private::model::Kind::#kind,
                #at,
            )
        }
    };
    (sets, transition)
}

fn model_parameter(report: &Report, parameter: &Param) -> TokenStream {
    let Param { ident, name, ty, docs, constraints, personal } = parameter;
    let ty = value_type(ty);
    let line = quote_spanned!(ident.span()=> ::core::line!());
    let mut settings = TokenStream::new();
    if !docs.is_empty() {
        settings.extend(quote!(docs: #docs,));
    }
    if !constraints.is_empty() {
        let constraints = crate::emit_constraint::data(report, constraints);
        settings.extend(quote!(constraints: #constraints,));
    }
    if *personal {
        settings.extend(quote!(personal: true,));
    }
    let plain = quote! {
        ::cohesive::__private::model::Parameter::new(#name, #ty, ::cohesive::__private::model::At(#line))
    };
    if settings.is_empty() {
        return plain;
    }
    quote!(::cohesive::__private::model::Parameter { #settings ..#plain })
}

fn fact_tokens(fact: &Fact) -> TokenStream {
    let id = fact.external_id;
    let occurred_at = model::option(fact.occurred_at.map(|parameter| quote!(#parameter)));
    model::option(Some(quote! {
        ::cohesive::__private::model::Fact { external_id: #id, occurred_at: #occurred_at }
    }))
}

/// The identity and the time that the source of a fact gives it.
fn told(declared: &Declared) -> TokenStream {
    let Some(fact) = declared.model.fact else { return TokenStream::new() };
    let parameter = |name: &str| declared.parameters.iter().find(|parameter| parameter.name == name);
    let id = parameter(fact.external_id).map(|Param { ident, .. }| {
        quote! {
            fn external_id(&self) -> ::core::option::Option<::cohesive::__private::String> {
                ::core::option::Option::Some(::cohesive::__private::ToString::to_string(&self.#ident))
            }
        }
    });
    let time = fact.occurred_at.and_then(parameter).map(|Param { ident, .. }| {
        quote! {
            fn occurred_at(&self, _: &::cohesive::__private::Context) -> ::core::option::Option<::cohesive::__private::Timestamp> {
                ::core::convert::Into::into(self.#ident)
            }
        }
    });
    let time = time.unwrap_or_else(|| quote! {
        fn occurred_at(&self, _: &::cohesive::__private::Context) -> ::core::option::Option<::cohesive::__private::Timestamp> {
            ::core::option::Option::None
        }
    });
    quote!(#id #time)
}

/// A list of constants; nothing in place of an empty one.
fn list(items: &[TokenStream]) -> Option<TokenStream> {
    (!items.is_empty()).then(|| quote!(&[#(#items),*]))
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

/// Guards and body as code; nothing in place of a body with mistakes.
fn code(block: &Block, declared: &Declared, sound: bool) -> TokenStream {
    let Declared { input, rejection, model, .. } = declared;
    let nothing = TokenStream::new();
    let (observations, tokens) =
        if sound { (&declared.observations, &declared.tokens) } else { (&nothing, &nothing) };
    let (state, draft) = (local("state"), local("draft"));
    let context = local("context");
    let context = if declared.uses_context && sound { quote!(#context) } else { quote!(_) };
    let produces = !declared.outline.messages.is_empty() || !declared.outline.writes.is_empty();
    let draft = if produces && sound { quote!(#draft) } else { quote!(_) };
    let result = quote!(::core::result::Result<(), ::cohesive::__private::Stop<#rejection>>);
    if model.kind == Kind::Create {
        return quote! {
            #[automatically_derived]
            impl ::cohesive::__private::Create for #input {
                #[inline]
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
    let looks = !observations.is_empty() || (declared.calls_native && sound);
    let state = if looks { quote!(#state) } else { quote!(_) };
    let (movement, structure) = (movement(block, declared), structure(block));
    quote! {
        #[automatically_derived]
        impl ::cohesive::__private::Update for #input {
            #movement
            #[inline]
            fn run(
                &self,
                #state: #structure::View<'_>,
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
    let structure = structure(block);
    let status = quote!(#structure::Status);
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
    let wrong = if declared.starts_somewhere() {
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
        #[inline]
        fn wrong_state(state: #status) -> Self::Rejection {
            #wrong
        }
    }
}
