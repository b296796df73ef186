//! `#[event]` on an enum: each variant is an event of its own, and the enum holds any of them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, Ident, ItemEnum, Variant};

use crate::report::Report;
use crate::{attr, emit_stub};

/// A struct for each variant, and the enum over them.
pub(super) fn events(report: &mut Report, arguments: &TokenStream, item: &ItemEnum) -> TokenStream {
    let mut tokens = TokenStream::new();
    if attr::generic(report, &item.generics, "an event") {
        return tokens;
    }
    if item.variants.is_empty() {
        let message = format!("`{}` has no variants", item.ident);
        let help = "write the events as its variants: `Opened { owner: String }`";
        report.error_with_help("COH0123", item.ident.span(), message, help);
        return emit_stub::value(&item.ident);
    }
    let mut variants = TokenStream::new();
    for variant in &item.variants {
        tokens.extend(event(report, arguments, item, variant));
        variants.extend(held(item, variant));
    }
    let (attributes, visibility, ident) = (&item.attrs, &item.vis, &item.ident);
    let names: Vec<&Ident> = item.variants.iter().map(|variant| &variant.ident).collect();
    let mut listed = TokenStream::new();
    for variant in &item.variants {
        let (conditions, name) = (conditions(variant), &variant.ident);
        listed.extend(quote!(#(#conditions)* <#name as ::cohesive::__private::Event>::MESSAGE,));
    }
    let conditions = item.variants.iter().map(conditions);
    let conversions = names.iter().zip(conditions).map(|(name, conditions)| {
        quote! {
            #(#conditions)*
            #[automatically_derived]
            impl ::core::convert::From<#name> for #ident {
                fn from(event: #name) -> Self {
                    Self::#name(event)
                }
            }
        }
    });
    quote! {
        #tokens
        #(#attributes)*
        #[allow(clippy::enum_variant_names, reason = "each variant is named like an event, which has a name of its own")]
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #visibility enum #ident { #variants }
        #(#conversions)*
        #[automatically_derived]
        impl ::cohesive::__private::Events for #ident {
            const EVENTS: &'static [&'static ::cohesive::__private::model::Message] = &[#listed];
        }
    }
}

/// A variant as an event: a struct with public members.
fn event(report: &mut Report, arguments: &TokenStream, item: &ItemEnum, variant: &Variant) -> TokenStream {
    // What is said of all events, and of this one.
    let mut attributes = variant.attrs.clone();
    let mut arguments = arguments.clone();
    for own in attr::take(&mut attributes, "event") {
        let tokens = attr::tokens(report, &own);
        let joint = if arguments.is_empty() { TokenStream::new() } else { quote!(,) };
        arguments.extend(quote!(#joint #tokens));
    }
    let (visibility, ident) = (&item.vis, &variant.ident);
    let members = match &variant.fields {
        Fields::Named(named) => named
            .named
            .iter()
            .map(|member| {
                let mut member = member.clone();
                member.vis = syn::parse_quote!(pub);
                member
            })
            .collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => {
            let help = format!("write `{ident} {{ … }}`");
            report.error_with_help("COH0005", ident.span(), "the members of an event have names", help);
            return TokenStream::new();
        }
    };
    // Its own attributes stand first: a condition has to hold for all that comes of it.
    quote!(#(#attributes)* #[::cohesive::event(#arguments)] #visibility struct #ident { #(#members,)* })
}

/// A variant as it holds its event.
fn held(item: &ItemEnum, variant: &Variant) -> TokenStream {
    let ident = &variant.ident;
    let docs = format!("A `{ident}` among the events of `{}`.", item.ident);
    let conditions = conditions(variant);
    quote!(#(#conditions)* #[doc = #docs] #ident(#ident),)
}

/// Under which conditions a variant is there.
fn conditions(variant: &Variant) -> Vec<&syn::Attribute> {
    variant.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect()
}
