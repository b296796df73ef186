//! `Debug` for types that tell something about a person: such members are hidden.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::name;

/// `Debug` of a struct; `generics` stand after the name.
pub(crate) fn debug<'a>(
    ident: &Ident,
    generics: &TokenStream,
    members: impl Iterator<Item = (&'a Ident, bool)>,
) -> TokenStream {
    let title = name::of(ident);
    let members = members.map(|(member, personal)| {
        let name = name::of(member);
        if personal {
            quote!((#name, &::cohesive::__private::Personal))
        } else {
            quote!((#name, &self.#member))
        }
    });
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident #generics {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::cohesive::__private::debug_struct(formatter, #title, &[#(#members),*])
            }
        }
    }
}
