//! The facts of a record.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ItemStruct;

use crate::attr;
use crate::entity::of_value;
use crate::message::{Member, model_member};
use crate::report::Report;

pub(crate) fn record(report: &Report, item: &ItemStruct, members: &[Member]) -> TokenStream {
    let ident = &item.ident;
    let name = ident.to_string();
    let docs = attr::docs(&item.attrs);
    let model = members.iter().map(model_member);
    let idents: Vec<_> = members.iter().map(|member| &member.ident).collect();
    let checks = members.iter().map(|Member { ident, ty, .. }| {
        let check = of_value(ty, "check");
        quote!(#check(&self.#ident)?;)
    });
    let equal = idents.iter().map(|ident| quote!(self.#ident == other.#ident));
    let equal = equal.reduce(|one, other| quote!(#one && #other)).unwrap_or_else(|| quote!(true));
    let json = json(item, members, report.is_clean());
    quote! {
        #[automatically_derived]
        impl ::cohesive::__private::Value for #ident {
            const TYPE: ::cohesive::__private::model::Type =
                ::cohesive::__private::model::Type::Record(&::cohesive::__private::model::RecordType {
                    name: #name,
                    docs: #docs,
                    members: &[#(#model),*],
                    id: ::core::option::Option::None,
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
                ::core::result::Result::Ok(())
            }
        }
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
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.debug_struct(#name)#(.field(::core::stringify!(#idents), &self.#idents))*.finish()
            }
        }
        #json
    }
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
