//! What stands in for a declaration with mistakes: compile errors, and types that let the rest of the crate compile.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use crate::report::Report;

/// The mistakes as compile errors, each at its token.
pub(crate) fn errors(report: Report) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (span, text) in report.into_findings() {
        tokens.extend(quote_spanned! {span=> ::core::compile_error! { #text } });
    }
    tokens
}

/// A value without content, for a type whose shape could not be read.
pub(crate) fn value(ident: &Ident) -> TokenStream {
    let unreachable = quote!(::core::unreachable!());
    quote! {
        impl ::cohesive::__private::Value for #ident {
            const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Opaque;
            fn encode(
                &self,
            ) -> ::core::result::Result<::cohesive::__private::Datum<'_>, ::cohesive::__private::Flaw> {
                #unreachable
            }
            fn decode(
                _: ::cohesive::__private::Datum<'_>,
            ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
                #unreachable
            }
            fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
                #unreachable
            }
        }
        impl ::core::clone::Clone for #ident {
            fn clone(&self) -> Self {
                #unreachable
            }
        }
        impl ::core::cmp::PartialEq for #ident {
            fn eq(&self, _: &Self) -> bool {
                #unreachable
            }
        }
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #unreachable
            }
        }
        impl ::cohesive::__private::serde::Serialize for #ident {
            fn serialize<S: ::cohesive::__private::serde::Serializer>(
                &self,
                _: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                #unreachable
            }
        }
        impl<'de> ::cohesive::__private::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
                _: D,
            ) -> ::core::result::Result<Self, D::Error> {
                #unreachable
            }
        }
    }
}

/// An identifier without content, for a type whose shape could not be read.
pub(crate) fn identifier(ident: &Ident) -> TokenStream {
    let (value, unreachable) = (value(ident), quote!(::core::unreachable!()));
    quote! {
        #value
        impl #ident {
            #[doc(hidden)]
            pub fn new<T>(_: T) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
                #unreachable
            }
        }
        impl ::cohesive::__private::EntityId for #ident {}
        impl ::core::cmp::Eq for #ident {}
        impl ::core::cmp::PartialOrd for #ident {
            fn partial_cmp(&self, _: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                #unreachable
            }
        }
        impl ::core::cmp::Ord for #ident {
            fn cmp(&self, _: &Self) -> ::core::cmp::Ordering {
                #unreachable
            }
        }
        impl ::core::hash::Hash for #ident {
            fn hash<H: ::core::hash::Hasher>(&self, _: &mut H) {
                #unreachable
            }
        }
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #unreachable
            }
        }
        impl ::core::str::FromStr for #ident {
            type Err = ::cohesive::__private::Flaw;
            fn from_str(_: &str) -> ::core::result::Result<Self, Self::Err> {
                #unreachable
            }
        }
    }
}

/// An owned type in place of a borrowed one.
pub(crate) fn owned(borrowed: &Type) -> Type {
    match borrowed {
        Type::Path(path) if path.path.is_ident("str") => text(),
        Type::Slice(slice) => {
            let element = &slice.elem;
            syn::parse_quote!(::cohesive::__private::Vec<#element>)
        }
        other => other.clone(),
    }
}

/// Text, in place of a type without a name.
pub(crate) fn text() -> Type {
    syn::parse_quote!(::cohesive::__private::String)
}
