//! The facts of an identifier.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Generics, ItemStruct, Type};

pub(crate) fn id(item: &ItemStruct, inner: &Type) -> TokenStream {
    let ident = &item.ident;
    let name = crate::name::of(ident);
    let mut generics = item.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(::core::marker::Send));
        parameter.bounds.push(syn::parse_quote!(::core::marker::Sync));
        parameter.bounds.push(syn::parse_quote!('static));
    }
    let marker = (item.fields.len() > 1).then(|| quote!(, ::core::marker::PhantomData));
    let demand = quote_spanned!(inner.span()=> <#inner as ::cohesive::__private::IdContent>);
    let ordinary = ordinary(item, &generics, marker.as_ref());
    let text = text(item, inner, &generics, marker.as_ref());
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    quote! {
        impl #impl_generics #ident #ty_generics {
            /// The identifier with this content.
            ///
            /// # Errors
            /// When the content is blank, too long or not printable.
            pub fn new(
                content: impl ::core::convert::Into<#inner>,
            ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
                let content = ::core::convert::Into::into(content);
                #demand::check_id(&content)?;
                ::core::result::Result::Ok(Self(content #marker))
            }
        }
        #[automatically_derived]
        impl #impl_generics ::cohesive::__private::Value for #ident #ty_generics {
            const TYPE: ::cohesive::__private::model::Type =
                ::cohesive::__private::model::Type::Id(&::cohesive::__private::model::IdType {
                    name: #name,
                    inner: <#inner as ::cohesive::__private::Value>::TYPE,
                });
            fn encode(
                &self,
            ) -> ::core::result::Result<::cohesive::__private::Datum<'_>, ::cohesive::__private::Flaw> {
                ::cohesive::__private::Value::encode(&self.0)
            }
            fn decode(
                datum: ::cohesive::__private::Datum<'_>,
            ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
                <#inner as ::cohesive::__private::Value>::decode(datum).map(|content| Self(content #marker))
            }
            #[inline]
            fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
                ::cohesive::__private::IdContent::check_id(&self.0)
            }
        }
        #[automatically_derived]
        impl #impl_generics ::cohesive::__private::EntityId for #ident #ty_generics {}
        #ordinary
        #text
    }
}

/// Copies, comparison, order and hash, by content.
fn ordinary(item: &ItemStruct, generics: &Generics, marker: Option<&TokenStream>) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::clone::Clone for #ident #ty_generics {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0) #marker)
            }
        }
        #[automatically_derived]
        impl #impl_generics ::core::cmp::PartialEq for #ident #ty_generics {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }
        #[automatically_derived]
        impl #impl_generics ::core::cmp::Eq for #ident #ty_generics {}
        #[automatically_derived]
        impl #impl_generics ::core::cmp::PartialOrd for #ident #ty_generics {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
            }
        }
        #[automatically_derived]
        impl #impl_generics ::core::cmp::Ord for #ident #ty_generics {
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                ::core::cmp::Ord::cmp(&self.0, &other.0)
            }
        }
        #[automatically_derived]
        impl #impl_generics ::core::hash::Hash for #ident #ty_generics {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(&self.0, state);
            }
        }
    }
}

/// Text and JSON forms.
fn text(item: &ItemStruct, inner: &Type, generics: &Generics, marker: Option<&TokenStream>) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let mut with_lifetime = generics.clone();
    with_lifetime.params.insert(0, syn::parse_quote!('de));
    let (de_generics, _, _) = with_lifetime.split_for_impl();
    let name = crate::name::of(ident);
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::fmt::Debug for #ident #ty_generics {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::cohesive::__private::debug_tuple(formatter, #name, &self.0)
            }
        }
        #[automatically_derived]
        impl #impl_generics ::core::fmt::Display for #ident #ty_generics {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, formatter)
            }
        }
        #[automatically_derived]
        impl #impl_generics ::core::str::FromStr for #ident #ty_generics {
            type Err = ::cohesive::__private::Flaw;
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                <#inner as ::cohesive::__private::IdContent>::parse_id(text).map(|content| Self(content #marker))
            }
        }
        #[automatically_derived]
        impl #impl_generics ::cohesive::__private::serde::Serialize for #ident #ty_generics {
            fn serialize<S: ::cohesive::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::cohesive::__private::serde::Serialize::serialize(&self.0, serializer)
            }
        }
        #[automatically_derived]
        impl #de_generics ::cohesive::__private::serde::Deserialize<'de> for #ident #ty_generics {
            fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let content: #inner = ::cohesive::__private::serde::Deserialize::deserialize(deserializer)?;
                Self::new(content).map_err(::cohesive::__private::serde::de::Error::custom)
            }
        }
    }
}
