//! The effects that an entity may request, for those who handle them.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::emit::produced;
use super::emit_input::of_message;
use super::parse::Block;
use crate::report::Report;

/// That whoever handles every effect handles those of the entity. With mistakes in the block it demands nothing.
pub(super) fn requests(report: &Report, block: &Block) -> TokenStream {
    let entity = &block.entity;
    let effects: Vec<&syn::Path> =
        produced(block).into_iter().filter(|(_, request)| *request).map(|(path, _)| path).collect();
    // A name that nobody gives to an effect, which it would hide.
    let handler = Ident::new("CohesiveHandler", proc_macro2::Span::call_site());
    let sound = report.is_clean() && !effects.is_empty();
    let (demands, visits) = if sound {
        let demands = effects
            .iter()
            .map(|effect| quote_spanned!(effect.span()=> #handler: ::cohesive::__private::Handle<#effect>,));
        let visits = effects.iter().map(|effect| of_message(effect, true, "show_to"));
        (quote!(where #(#demands)*), quote!(#(#visits(visitor);)*))
    } else {
        (TokenStream::new(), TokenStream::new())
    };
    let visitor = if sound { quote!(visitor) } else { quote!(_) };
    quote! {
        #[automatically_derived]
        impl<#handler> ::cohesive::__private::Requests<#handler> for #entity #demands {
            fn handlers(#visitor: &mut impl ::cohesive::__private::HandlerVisitor<#handler>) {
                #visits
            }
        }
    }
}
