//! The facts of a structure, field by field.

use cohesive_core::model::FieldRole;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::parse::{Entity, Field, Rule};
use super::{emit_model, emit_rules};
use crate::body::local;
use crate::report::Report;
use crate::{emit_debug, emit_quiet};

pub(crate) fn entity(report: &Report, entity: &Entity) -> TokenStream {
    let sound = report.is_clean();
    let item = annotated(entity, sound);
    if entity.fields.is_empty() {
        return item;
    }
    let (patch, view) = companions(entity);
    let name = &entity.item.ident;
    let quiet = emit_quiet::quiet(&entity.item);
    let implementation = implementation(report, entity, sound);
    let references = if sound { emit_rules::references(entity) } else { TokenStream::new() };
    let stub = if entity.has_id() { TokenStream::new() } else { missing_id(entity) };
    // The implementation comes first, so that of many complaints about one type the first is about values.
    quote! {
        #quiet
        #[automatically_derived]
        impl ::cohesive::__private::Structure for #name #implementation
        #item
        #patch
        #view
        #references
        #stub
    }
}

/// What stands in for the id after it was reported missing.
fn missing_id(entity: &Entity) -> TokenStream {
    let (visibility, ident) = (&entity.item.vis, missing_id_ident(&entity.item.ident));
    let stub = crate::emit_stub::identifier(&ident);
    quote!(#[doc(hidden)] #visibility struct #ident; #stub)
}

fn missing_id_ident(name: &Ident) -> Ident {
    format_ident!("{}MissingId", name)
}

/// The user's struct with the derives that an entity needs, and names on the wire unless those have mistakes.
fn annotated(entity: &Entity, sound: bool) -> TokenStream {
    let mut item = entity.item.clone();
    if let (syn::Fields::Named(named), true) = (&mut item.fields, sound) {
        for (field, parsed) in named.named.iter_mut().zip(&entity.fields) {
            if parsed.wire != parsed.name {
                let wire = &parsed.wire;
                field.attrs.push(syn::parse_quote!(#[serde(rename = #wire)]));
            }
            for alias in &parsed.aliases {
                field.attrs.push(syn::parse_quote!(#[serde(alias = #alias)]));
            }
        }
    }
    let mut derived = entity.derived.clone();
    let debug = if entity.is_personal() && sound {
        derived.push("Debug".to_owned());
        let quiet = emit_quiet::quiet(&entity.item);
        let debug = debug(entity, &entity.item.ident, &TokenStream::new());
        quote!(#quiet #debug)
    } else {
        TokenStream::new()
    };
    let traits = crate::message::derives(&derived);
    quote! {
        #debug
        #traits
        #[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
        #item
    }
}

/// The types for some of the fields, by value and by reference.
fn companions(entity: &Entity) -> (TokenStream, TokenStream) {
    let (name, visibility) = (&entity.item.ident, &entity.item.vis);
    let (patch, view) = (patch_ident(name), view_ident(name));
    let members = entity.fields.iter().map(|Field { ident, ty, name, visibility, .. }| {
        let docs = format!("`{name}`, if it is there.");
        quote!(#[doc = #docs] #visibility #ident: ::core::option::Option<#ty>)
    });
    let references = entity.fields.iter().map(|Field { ident, ty, name, visibility, .. }| {
        let docs = format!("`{name}`, if it was observed.");
        quote!(#[doc = #docs] #visibility #ident: ::core::option::Option<&'a #ty>)
    });
    let name = crate::name::of(name);
    let patch_docs = format!("Some fields of a [`{name}`]: what a transition changed, or what was loaded.");
    let view_docs = format!("References to some or all fields of a [`{name}`].");
    let (derived, patch_debug, view_debug) = if entity.is_personal() {
        let lifetime = quote!(<'_>);
        (None, debug(entity, &patch, &TokenStream::new()), debug(entity, &view, &lifetime))
    } else {
        (Some(quote!(::core::fmt::Debug,)), TokenStream::new(), TokenStream::new())
    };
    (
        quote! {
            #patch_debug
            #[doc = #patch_docs]
            #[derive(
                ::core::clone::Clone, #derived ::core::default::Default, ::core::cmp::PartialEq,
            )]
            #visibility struct #patch { #(#members,)* }
        },
        quote! {
            #view_debug
            #[doc = #view_docs]
            #[derive(::core::clone::Clone, #derived ::core::marker::Copy)]
            #visibility struct #view<'a> { #(#references,)* }
        },
    )
}

/// `Debug` of the entity or a companion, without what tells something about a person.
fn debug(entity: &Entity, ident: &Ident, generics: &TokenStream) -> TokenStream {
    let members = entity.fields.iter().map(|field| (&field.ident, field.personal));
    emit_debug::debug(ident, generics, members)
}

fn patch_ident(name: &Ident) -> Ident {
    format_ident!("{}Patch", name)
}

fn view_ident(name: &Ident) -> Ident {
    format_ident!("{}View", name)
}

/// The model's name of a type.
pub(crate) fn value_type(ty: &syn::Type) -> TokenStream {
    of_value(ty, "TYPE")
}

/// Something that values have. The demand that the type is a value stands at the user's own tokens, and always in
/// this form; what it names is called where it stands and not handed on. So the compiler reports it once.
pub(crate) fn of_value(ty: &syn::Type, item: &str) -> TokenStream {
    let item = Ident::new(item, ty.span());
    quote_spanned!(ty.span()=> <#ty as ::cohesive::__private::Value>::#item)
}

fn implementation(report: &Report, entity: &Entity, sound: bool) -> TokenStream {
    let name = &entity.item.ident;
    let (patch, view) = (patch_ident(name), view_ident(name));
    let constant = emit_model::constant(report, entity);
    let (identity, status) = (identity(entity), status(entity));
    let (views, patches, columns, rules) =
        (views(entity), patches(entity), columns(entity), rules(entity, sound));
    let versions = emit_rules::field_versions(entity);
    let (join, constrained, constants) = if sound {
        (emit_rules::join(entity), emit_rules::constrained(entity), emit_rules::constants(entity))
    } else {
        (TokenStream::new(), TokenStream::new(), TokenStream::new())
    };
    quote! {
        {
            #constant
            type Patch = #patch;
            type View<'a> = #view<'a>;
            #identity
            #status
            #views
            #rules
            #patches
            #columns
            #join
            #versions
            #constrained
            #constants
        }
    }
}

fn identity(entity: &Entity) -> TokenStream {
    let Some(Field { ident, ty, .. }) = entity.fields.iter().find(|field| field.role == FieldRole::Id) else {
        let missing = missing_id_ident(&entity.item.ident);
        return quote! {
            type Id = #missing;
            fn id(&self) -> &Self::Id {
                &#missing
            }
            fn id_of(_: &Self::Patch) -> ::core::option::Option<&Self::Id> {
                ::core::option::Option::None
            }
        };
    };
    quote! {
        type Id = #ty;
        fn id(&self) -> &Self::Id {
            &self.#ident
        }
        fn id_of(patch: &Self::Patch) -> ::core::option::Option<&Self::Id> {
            patch.#ident.as_ref()
        }
    }
}

fn status(entity: &Entity) -> TokenStream {
    let Some(Field { ident, ty, .. }) = entity.fields.iter().find(|field| field.role == FieldRole::Lifecycle)
    else {
        return quote! {
            type Status = ::cohesive::__private::NoLifecycle;
            fn status(_: Self::View<'_>) -> ::core::option::Option<&Self::Status> {
                ::core::option::Option::None
            }
            fn set_status(_: &mut Self::Patch, _: Self::Status) {}
        };
    };
    quote! {
        type Status = #ty;
        fn status(view: Self::View<'_>) -> ::core::option::Option<&Self::Status> {
            view.#ident
        }
        fn set_status(patch: &mut Self::Patch, status: Self::Status) {
            patch.#ident = ::core::option::Option::Some(status);
        }
    }
}

fn views(entity: &Entity) -> TokenStream {
    let idents: Vec<&Ident> = entity.fields.iter().map(|field| &field.ident).collect();
    let view = view_ident(&entity.item.ident);
    quote! {
        #[inline]
        fn view(&self) -> Self::View<'_> {
            #view { #(#idents: ::core::option::Option::Some(&self.#idents),)* }
        }
        #[inline]
        fn narrow<'short, 'long: 'short>(view: Self::View<'long>) -> Self::View<'short> {
            view
        }
        #[inline]
        fn overlay<'a>(view: Self::View<'a>, patch: &'a Self::Patch) -> Self::View<'a> {
            #view { #(#idents: patch.#idents.as_ref().or(view.#idents),)* }
        }
        #[inline]
        fn observe(patch: &Self::Patch) -> Self::View<'_> {
            #view { #(#idents: patch.#idents.as_ref(),)* }
        }
    }
}

fn rules(entity: &Entity, sound: bool) -> TokenStream {
    let fills = entity.fields.iter().filter(|field| field.computed.is_none()).map(|field| fill(field, sound));
    let view = local("view");
    let computed: Vec<TokenStream> = entity
        .fields
        .iter()
        .filter_map(|field| field.computed.as_ref().map(|rule| (field, rule)))
        .filter(|_| sound)
        .map(|(Field { ident, .. }, Rule { observations, tokens, .. })| {
            quote! {
                patch.#ident = {
                    #observations
                    ::core::option::Option::Some(#tokens)
                };
            }
        })
        .collect();
    let (view_argument, binding) = if computed.is_empty() {
        (quote!(_), quote!(let patch = <Self::Patch as ::core::default::Default>::default();))
    } else {
        (quote!(#view), quote!(let mut patch = <Self::Patch as ::core::default::Default>::default();))
    };
    let sealed =
        entity.fields.iter().filter(|field| field.write_once).map(|Field { ident, name, ty, .. }| {
            let is_absent = of_value(ty, "is_absent");
            quote! {
                .or(::cohesive::__private::sealed(
                    view.#ident,
                    patch.#ident.as_ref(),
                    |value| #is_absent(value),
                    #name,
                ))
            }
        });
    let sealed: Vec<TokenStream> = sealed.collect();
    let (sealed_view, sealed_patch) =
        if sealed.is_empty() { (quote!(_), quote!(_)) } else { (quote!(view), quote!(patch)) };
    quote! {
        fn fill(patch: &mut Self::Patch) -> ::core::result::Result<(), ::cohesive::__private::Arithmetic> {
            #(#fills)*
            ::core::result::Result::Ok(())
        }
        fn compute(
            #view_argument: Self::View<'_>,
        ) -> ::core::result::Result<Self::Patch, ::cohesive::__private::Stop<::cohesive::__private::Refusal>> {
            #binding
            #(#computed)*
            ::core::result::Result::Ok(patch)
        }
        fn sealed(
            #sealed_view: Self::View<'_>,
            #sealed_patch: &Self::Patch,
        ) -> ::core::option::Option<&'static str> {
            ::core::option::Option::<&'static str>::None #(#sealed)*
        }
    }
}

fn fill(field: &Field, sound: bool) -> TokenStream {
    let (ident, ty) = (&field.ident, &field.ty);
    match (&field.default, field.role) {
        (Some(rule), _) if sound => {
            let tokens = &rule.tokens;
            quote! {
                if patch.#ident.is_none() {
                    patch.#ident = ::core::option::Option::Some(#tokens);
                }
            }
        }
        (_, FieldRole::Lifecycle) => quote! {
            ::cohesive::__private::start::<Self>(&mut patch.#ident);
        },
        _ => {
            let absent = of_value(ty, "absent");
            quote!(::cohesive::__private::fill(&mut patch.#ident, || #absent());)
        }
    }
}

fn patches(entity: &Entity) -> TokenStream {
    let idents: Vec<&Ident> = entity.fields.iter().map(|field| &field.ident).collect();
    let names: Vec<&str> = entity.fields.iter().map(|field| field.name).collect();
    let checks = entity.fields.iter().map(|field| of_value(&field.ty, "check"));
    let patch = patch_ident(&entity.item.ident);
    quote! {
        #[inline]
        fn trim(view: Self::View<'_>, patch: &mut Self::Patch) {
            #(::cohesive::__private::trim(view.#idents, &mut patch.#idents);)*
        }
        fn whole(&self) -> Self::Patch {
            #patch { #(#idents: ::core::option::Option::Some(::core::clone::Clone::clone(&self.#idents)),)* }
        }
        fn merge(patch: &mut Self::Patch, later: Self::Patch) {
            #(::cohesive::__private::merge(&mut patch.#idents, later.#idents);)*
        }
        fn complete(patch: Self::Patch) -> ::core::result::Result<Self, &'static str> {
            ::core::result::Result::Ok(Self {
                #(#idents: ::cohesive::__private::required(patch.#idents, #names)?,)*
            })
        }
        fn check(
            patch: &Self::Patch,
        ) -> ::core::option::Option<(&'static str, ::cohesive::__private::Flaw)> {
            ::core::option::Option::None
                #(.or_else(|| ::cohesive::__private::flaw(patch.#idents.as_ref(), |value| #checks(value), #names)))*
        }
    }
}

fn columns(entity: &Entity) -> TokenStream {
    let idents: Vec<&Ident> = entity.fields.iter().map(|field| &field.ident).collect();
    let positions: Vec<proc_macro2::Literal> =
        (0..idents.len()).map(proc_macro2::Literal::usize_unsuffixed).collect();
    let encodes = entity.fields.iter().map(|field| of_value(&field.ty, "encode"));
    let decodes = entity.fields.iter().map(|field| of_value(&field.ty, "decode"));
    quote! {
        fn encode<'a>(
            patch: &'a Self::Patch,
            show: &mut dyn ::core::ops::FnMut(usize, ::cohesive::__private::Datum<'a>),
        ) -> ::core::result::Result<(), (usize, ::cohesive::__private::Flaw)> {
            #(::cohesive::__private::show(#positions, patch.#idents.as_ref(), |value| #encodes(value), show)?;)*
            ::core::result::Result::Ok(())
        }
        fn decode(
            patch: &mut Self::Patch,
            column: usize,
            datum: ::cohesive::__private::Datum<'_>,
        ) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
            match column {
                #(#positions => ::cohesive::__private::read(&mut patch.#idents, #decodes(datum)),)*
                _ => ::cohesive::__private::no_column(),
            }
        }
    }
}
