//! The facts of a message.

use cohesive_core::model::Policy;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Attribute;

use super::Kind;
use super::parse::{Member, Message};
use crate::entity::{of_value, value_type};
use crate::report::Report;
use crate::{emit_constraint, emit_debug, emit_quiet, model};

pub(crate) fn message(report: &Report, message: &Message) -> TokenStream {
    let (derived, debug) = shown(report, message);
    let item = annotated(&message.item, &message.members, &derived, report.is_clean());
    let Message { docs, members, .. } = message;
    let quiet = emit_quiet::quiet(&message.item);
    let ident = &message.item.ident;
    let name = crate::name::of(ident);
    let at = model::at(report, message.at);
    let allowances = model::allowances(report, &message.allowances);
    let allowances = if allowances.is_empty() { quote!(allowances: &[],) } else { allowances };
    let model_members = members.iter().map(|member| model_member(report, member));
    let checks = members.iter().map(|Member { ident, name, ty, .. }| {
        let check = of_value(ty, "check");
        quote!(::cohesive::__private::named(#check(&self.#ident), #name)?;)
    });
    let Spoken { door, role, reply } = spoken(message);
    // The implementation comes first, so that of many complaints about one type the first is about values.
    quote! {
        #quiet
        #[automatically_derived]
        impl ::cohesive::__private::#door for #ident {
            const MESSAGE: &'static ::cohesive::__private::model::Message = &::cohesive::__private::model::Message {
                name: #name,
                docs: #docs,
                file: ::core::file!(),
                role: ::cohesive::__private::model::Role::#role,
                members: &[#(#model_members),*],
                #allowances
                at: #at,
            };
            #reply
        }
        #quiet
        #[automatically_derived]
        impl ::cohesive::__private::Payload for #ident {
            fn message(&self) -> &'static ::cohesive::__private::model::Message {
                <Self as ::cohesive::__private::#door>::MESSAGE
            }
            fn json(
                &self,
            ) -> ::core::result::Result<::cohesive::__private::String, ::cohesive::__private::Flaw> {
                ::cohesive::__private::json(self)
            }
            fn check(&self) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
                #(#checks)*
                ::core::result::Result::Ok(())
            }
            fn reread(
                &self,
                json: &str,
            ) -> ::core::result::Result<::cohesive::__private::String, ::cohesive::__private::Flaw> {
                ::cohesive::__private::reread::<Self>(json)
            }
        }
        #item
        #debug
    }
}

/// The traits that need no derive, and a `Debug` that hides what tells something about a person.
fn shown(report: &Report, message: &Message) -> (Vec<String>, TokenStream) {
    let mut derived = message.derived.clone();
    if !message.members.iter().any(|member| member.personal) || !report.is_clean() {
        return (derived, TokenStream::new());
    }
    derived.push("Debug".to_owned());
    let members = message.members.iter().map(|member| (&member.ident, member.personal));
    let quiet = emit_quiet::quiet(&message.item);
    let debug = emit_debug::debug(&message.item.ident, &TokenStream::new(), members);
    (derived, quote!(#quiet #debug))
}

/// What a message is: the trait it has, its role as data, and the type of the reply.
struct Spoken {
    door: TokenStream,
    role: TokenStream,
    reply: TokenStream,
}

fn spoken(message: &Message) -> Spoken {
    if message.kind == Kind::Event {
        return Spoken { door: quote!(Event), role: quote!(Event), reply: TokenStream::new() };
    }
    let (ident, policy) = (&message.item.ident, policy(&message.policy));
    let (data, reply) = match &message.reply {
        Some(reply) => (quote!(::cohesive::__private::reply::<#ident>()), quote!(#reply)),
        None => (quote!(::core::option::Option::None), quote!(::cohesive::Nothing)),
    };
    let role = quote!(Request { reply: #data, policy: #policy });
    Spoken { door: quote!(Effect), role, reply: quote!(type Reply = #reply;) }
}

/// How an effect is performed. What is not declared is left out.
fn policy(policy: &Policy) -> TokenStream {
    let Policy { timeout, attempts, then, otherwise, irreversible } = policy;
    let declared = |name: &str, value: Option<TokenStream>| {
        let (name, value) = (Ident::new(name, Span::call_site()), value?);
        Some(quote!(#name: ::core::option::Option::Some(#value),))
    };
    let settings: TokenStream = [
        declared("timeout", timeout.map(|timeout| quote!(#timeout))),
        declared("attempts", attempts.map(|attempts| quote!(#attempts))),
        declared("then", then.map(|then| quote!(#then))),
        declared("otherwise", otherwise.map(|otherwise| quote!(#otherwise))),
        irreversible.then(|| quote!(irreversible: true,)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let undeclared = quote!(::cohesive::__private::model::Policy::UNDECLARED);
    if settings.is_empty() {
        return undeclared;
    }
    quote!(::cohesive::__private::model::Policy { #settings ..#undeclared })
}

/// The user's struct with the derives that a message needs, and names on the wire unless those have mistakes.
fn annotated(item: &syn::ItemStruct, members: &[Member], derived: &[String], sound: bool) -> TokenStream {
    let mut item = item.clone();
    if let (syn::Fields::Named(named), true) = (&mut item.fields, sound) {
        for (field, member) in named.named.iter_mut().zip(members) {
            if member.wire != member.name {
                let wire = &member.wire;
                field.attrs.push(syn::parse_quote!(#[serde(rename = #wire)]));
            }
        }
    }
    let traits = derives(derived);
    quote! {
        #traits
        #[serde(crate = "::cohesive::__private::serde")]
        #item
    }
}

/// A member as model data.
pub(crate) fn model_member(report: &Report, member: &Member) -> TokenStream {
    let Member { ident, name, wire, docs, ty, constraints, personal, .. } = member;
    let ty = value_type(ty);
    let line = quote_spanned!(ident.span()=> ::core::line!());
    let mut settings = TokenStream::new();
    if wire != name {
        settings.extend(quote!(wire: #wire,));
    }
    if !docs.is_empty() {
        settings.extend(quote!(docs: #docs,));
    }
    if !constraints.is_empty() {
        let constraints = emit_constraint::data(report, constraints);
        settings.extend(quote!(constraints: #constraints,));
    }
    if *personal {
        settings.extend(quote!(personal: true,));
    }
    let plain = quote! {
        ::cohesive::__private::model::Member::new(#name, #ty, ::cohesive::__private::model::At(#line))
    };
    if settings.is_empty() {
        return plain;
    }
    quote!(::cohesive::__private::model::Member { #settings ..#plain })
}

/// The derives that every declared type has, but for those that the user has written already.
pub(crate) fn derives(derived: &[String]) -> TokenStream {
    let wanted = [
        ("Clone", quote!(::core::clone::Clone)),
        ("Debug", quote!(::core::fmt::Debug)),
        ("PartialEq", quote!(::core::cmp::PartialEq)),
        ("Serialize", quote!(::cohesive::__private::serde::Serialize)),
        ("Deserialize", quote!(::cohesive::__private::serde::Deserialize)),
    ];
    let missing = wanted.into_iter().filter(|(name, _)| !derived.iter().any(|known| known == name));
    let missing = missing.map(|(_, path)| path);
    quote!(#[derive(#(#missing),*)])
}

/// The traits that the user derives already, by their last name.
pub(crate) fn derived(attributes: &[Attribute]) -> Vec<String> {
    let mut names = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        // What cannot be read here is the compiler's to report.
        let _ = attribute.parse_nested_meta(|meta| {
            names.extend(meta.path.segments.last().map(|segment| segment.ident.to_string()));
            Ok(())
        });
    }
    names
}
