//! The facts of a record.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ItemStruct;

use crate::entity::of_value;
use crate::message::{Member, model_member};
use crate::report::Report;
use crate::{emit_constraint, emit_debug, model};

pub(crate) fn record(report: &Report, item: &ItemStruct, members: &[Member]) -> TokenStream {
    let ident = &item.ident;
    let name = crate::name::of(ident);
    let docs = crate::attr::docs(&item.attrs);
    let model = members.iter().map(|member| model_member(report, member));
    let idents: Vec<_> = members.iter().map(|member| &member.ident).collect();
    let checks = members.iter().map(|Member { ident, ty, .. }| {
        let check = of_value(ty, "check");
        quote!(#check(&self.#ident)?;)
    });
    let kept =
        members.iter().map(|member| emit_constraint::kept(report, &member.ident, &member.constraints, None));
    let (child, same_child) = child(item, members);
    let equal = idents.iter().map(|ident| quote!(self.#ident == other.#ident));
    let equal = equal.reduce(|one, other| quote!(#one && #other)).unwrap_or_else(|| quote!(true));
    let id = members.iter().find(|member| member.id).map(|Member { name, .. }| quote!(#name));
    let id = model::option(id);
    let debug = emit_debug::debug(
        ident,
        &TokenStream::new(),
        members.iter().map(|member| (&member.ident, member.personal)),
    );
    let json = json(item, members, report.is_clean());
    quote! {
        #[automatically_derived]
        impl ::cohesive::__private::Value for #ident {
            const TYPE: ::cohesive::__private::model::Type =
                ::cohesive::__private::model::Type::Record(&::cohesive::__private::model::RecordType {
                    name: #name,
                    docs: #docs,
                    members: &[#(#model),*],
                    id: #id,
                });
            fn encode(
                &self,
            ) -> ::core::result::Result<::cohesive::__private::Datum<'_>, ::cohesive::__private::Flaw> {
                ::cohesive::__private::encode_json(self)
            }
            fn decode(
                datum: ::cohesive::__private::Datum<'_>,
            ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
                ::cohesive::__private::decode_json(&datum)
            }
            fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
                #(#checks)*
                #(#kept)*
                ::core::result::Result::Ok(())
            }
            #same_child
        }
        #child
        #[automatically_derived]
        impl ::core::clone::Clone for #ident {
            fn clone(&self) -> Self {
                Self { #(#idents: ::core::clone::Clone::clone(&self.#idents),)* }
            }
        }
        #[automatically_derived]
        impl ::core::cmp::PartialEq for #ident {
            fn eq(&self, other: &Self) -> bool {
                #equal
            }
        }
        #debug
        #json
    }
}

/// What a record has that an entity holds a list of: an id by which it is found.
fn child(item: &ItemStruct, members: &[Member]) -> (TokenStream, TokenStream) {
    let Some(Member { ident: id, ty, .. }) = members.iter().find(|member| member.id) else {
        return (TokenStream::new(), TokenStream::new());
    };
    let ident = &item.ident;
    let child = quote! {
        #[automatically_derived]
        impl ::cohesive::__private::Child for #ident {
            type Id = #ty;
            fn child_id(&self) -> &Self::Id {
                &self.#id
            }
        }
    };
    let same_child = quote! {
        fn same_child(&self, other: &Self) -> bool {
            self.#id == other.#id
        }
    };
    (child, same_child)
}

/// JSON by way of a mirror of the struct, because a derive cannot add derives to the struct itself.
///
/// Names with mistakes are left out, so that nothing is reported twice.
fn json(item: &ItemStruct, members: &[Member], sound: bool) -> TokenStream {
    let ident = &item.ident;
    let remote = ident.to_string();
    let mirror = format_ident!("MirrorOf{}", ident);
    let fields = members.iter().map(|Member { ident, wire, ty, .. }| {
        let rename = sound.then(|| quote!(#[serde(rename = #wire)]));
        quote!(#rename #ident: #ty)
    });
    quote! {
        const _: () = {
            #[derive(::cohesive::__private::serde::Serialize, ::cohesive::__private::serde::Deserialize)]
            #[serde(remote = #remote, crate = "::cohesive::__private::serde", deny_unknown_fields)]
            struct #mirror { #(#fields,)* }
            #[automatically_derived]
            impl ::cohesive::__private::serde::Serialize for #ident {
                fn serialize<S: ::cohesive::__private::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    #mirror::serialize(self, serializer)
                }
            }
            #[automatically_derived]
            impl<'de> ::cohesive::__private::serde::Deserialize<'de> for #ident {
                fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    #mirror::deserialize(deserializer)
                }
            }
        };
    }
}
