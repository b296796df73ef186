//! The facts of an identifier.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

pub(crate) fn id(ident: &Ident, inner: &Type) -> TokenStream {
    let name = ident.to_string();
    let demand = quote_spanned!(inner.span()=> <#inner as ::cohesive::__private::IdContent>);
    let ordinary = ordinary(ident);
    let text = text(ident, inner);
    quote! {
        impl #ident {
            /// The identifier with this content.
            ///
            /// # Errors
            /// When the content is blank, too long or not printable.
            pub fn new(
                content: impl ::core::convert::Into<#inner>,
            ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
                let content = ::core::convert::Into::into(content);
                #demand::check_id(&content)?;
                ::core::result::Result::Ok(Self(content))
            }
        }
        #[automatically_derived]
        impl ::cohesive::__private::Value for #ident {
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
                <#inner as ::cohesive::__private::Value>::decode(datum).map(Self)
            }
            #[inline]
            fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
                ::cohesive::__private::IdContent::check_id(&self.0)
            }
        }
        #[automatically_derived]
        impl ::cohesive::__private::EntityId for #ident {}
        #ordinary
        #text
    }
}

/// Copies, comparison, order and hash, by content.
fn ordinary(ident: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::core::clone::Clone for #ident {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0))
            }
        }
        #[automatically_derived]
        impl ::core::cmp::PartialEq for #ident {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }
        #[automatically_derived]
        impl ::core::cmp::Eq for #ident {}
        #[automatically_derived]
        impl ::core::cmp::PartialOrd for #ident {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
            }
        }
        #[automatically_derived]
        impl ::core::cmp::Ord for #ident {
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                ::core::cmp::Ord::cmp(&self.0, &other.0)
            }
        }
        #[automatically_derived]
        impl ::core::hash::Hash for #ident {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(&self.0, state);
            }
        }
    }
}

/// Text and JSON forms.
fn text(ident: &Ident, inner: &Type) -> TokenStream {
    let name = ident.to_string();
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.debug_tuple(#name).field(&self.0).finish()
            }
        }
        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, formatter)
            }
        }
        #[automatically_derived]
        impl ::core::str::FromStr for #ident {
            type Err = ::cohesive::__private::Flaw;
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                <#inner as ::cohesive::__private::IdContent>::parse_id(text).map(Self)
            }
        }
        #[automatically_derived]
        impl ::cohesive::__private::serde::Serialize for #ident {
            fn serialize<S: ::cohesive::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::cohesive::__private::serde::Serialize::serialize(&self.0, serializer)
            }
        }
        #[automatically_derived]
        impl<'de> ::cohesive::__private::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let content: #inner = ::cohesive::__private::serde::Deserialize::deserialize(deserializer)?;
                Self::new(content).map_err(::cohesive::__private::serde::de::Error::custom)
            }
        }
    }
}
