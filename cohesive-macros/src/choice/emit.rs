//! The facts of a closed list of names.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::Kind;
use super::parse::{Choice, Variant};

pub(crate) fn choice(choice: &Choice) -> TokenStream {
    let Choice { ident, docs, variants, .. } = choice;
    let name = crate::name::of(ident);
    let lifecycle = choice.kind == Kind::Lifecycle;
    let idents: Vec<_> = variants.iter().map(|variant| &variant.ident).collect();
    let positions: Vec<Literal> = (0..variants.len()).map(Literal::usize_unsuffixed).collect();
    let model = variants.iter().map(|Variant { ident, name, wire, docs, initial, terminal, .. }| {
        let line = quote_spanned!(ident.span()=> ::core::line!());
        quote! {
            ::cohesive::__private::model::Variant {
                name: #name,
                wire: #wire,
                docs: #docs,
                initial: #initial,
                terminal: #terminal,
                at: ::cohesive::__private::model::At(#line),
            }
        }
    });
    let states = lifecycle.then(|| {
        let initial = variants.iter().find(|variant| variant.initial).map(|variant| &variant.ident);
        quote! {
            #[automatically_derived]
            impl ::cohesive::__private::LifecycleState for #ident {
                const STATES: &'static ::cohesive::__private::model::EnumType =
                    <Self as ::cohesive::__private::Choice>::CHOICES;
                const INITIAL: Self = Self::#initial;
                fn name(self) -> &'static str {
                    ::cohesive::__private::Choice::wire(self)
                }
            }
        }
    });
    let common = common(choice);
    quote! {
        #[automatically_derived]
        impl ::cohesive::__private::Choice for #ident {
            const CHOICES: &'static ::cohesive::__private::model::EnumType =
                &::cohesive::__private::model::EnumType {
                    name: #name,
                    docs: #docs,
                    file: ::core::file!(),
                    variants: &[#(#model),*],
                    lifecycle: #lifecycle,
                };
            const ALL: &'static [Self] = &[#(Self::#idents),*];
            #[inline]
            fn position(self) -> usize {
                match self {
                    #(Self::#idents => #positions,)*
                }
            }
        }
        #states
        #common
    }
}

/// What a value, a key and a JSON text need, all by way of the name.
fn common(choice: &Choice) -> TokenStream {
    let ident = &choice.ident;
    quote! {
        #[automatically_derived]
        impl ::core::clone::Clone for #ident {
            fn clone(&self) -> Self {
                *self
            }
        }
        #[automatically_derived]
        impl ::core::marker::Copy for #ident {}
        #[automatically_derived]
        impl ::core::cmp::PartialEq for #ident {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                ::cohesive::__private::Choice::position(*self) == ::cohesive::__private::Choice::position(*other)
            }
        }
        #[automatically_derived]
        impl ::core::cmp::Eq for #ident {}
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(::cohesive::__private::Choice::wire(*self))
            }
        }
        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(::cohesive::__private::Choice::wire(*self))
            }
        }
        #[automatically_derived]
        impl ::cohesive::__private::serde::Serialize for #ident {
            fn serialize<S: ::cohesive::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::cohesive::__private::Choice::write(*self, serializer)
            }
        }
        #[automatically_derived]
        impl<'de> ::cohesive::__private::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::cohesive::__private::Choice::read(deserializer)
            }
        }
        #[automatically_derived]
        impl ::cohesive::__private::Value for #ident {
            const TYPE: ::cohesive::__private::model::Type =
                ::cohesive::__private::model::Type::Enum(<Self as ::cohesive::__private::Choice>::CHOICES);
            fn encode(
                &self,
            ) -> ::core::result::Result<::cohesive::__private::Datum<'_>, ::cohesive::__private::Flaw> {
                ::core::result::Result::Ok(::cohesive::__private::Choice::datum(*self))
            }
            fn decode(
                datum: ::cohesive::__private::Datum<'_>,
            ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
                ::cohesive::__private::Choice::from_datum(&datum)
            }
            #[inline]
            fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
                ::core::result::Result::Ok(())
            }
        }
    }
}
