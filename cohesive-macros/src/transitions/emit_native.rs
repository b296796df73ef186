//! The helpers whose bodies are not read: functions of the fields that they declare.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::native::{Native, stand_in};
use super::parse::Block;
use crate::body::local;
use crate::model;
use crate::report::Report;

/// The functions, in a block of their own.
pub(super) fn functions(block: &Block) -> TokenStream {
    if block.natives.is_empty() {
        return TokenStream::new();
    }
    let entity = &block.entity;
    let functions = block.natives.iter().map(|native| function(block, native));
    quote!(impl #entity { #(#functions)* })
}

fn function(block: &Block, native: &Native) -> TokenStream {
    let Native { function, fields, inputs, output, body, attributes, .. } = native;
    let (structure, view) = (super::emit_input::structure(block), local("view"));
    let fetched = fields.iter().map(|(field, name)| {
        let local = stand_in(name, field.span());
        quote_spanned!(field.span()=> let #local = ::cohesive::__private::observed(#view.#field, #name)?;)
    });
    let argument = if fields.is_empty() { quote!(_) } else { quote!(#view) };
    quote! {
        #(#attributes)*
        #[doc(hidden)]
        fn #function(
            #argument: #structure::View<'_>,
            #(#inputs),*
        ) -> ::core::result::Result<#output, ::cohesive::__private::Unobserved> {
            #(#fetched)*
            let value = move || -> #output #body;
            ::core::result::Result::Ok(value())
        }
    }
}

/// The function of a helper, from wherever it is called.
pub(super) fn path(entity: &Ident, function: &Ident) -> TokenStream {
    quote!(#entity::#function)
}

/// What stands in the body of a helper for a field.
pub(super) fn reference(local: &Ident) -> TokenStream {
    quote!((*#local))
}

/// The helpers as data.
pub(super) fn data(report: &Report, block: &Block) -> Option<TokenStream> {
    if block.natives.is_empty() {
        return None;
    }
    let natives = block.natives.iter().map(|native| {
        let cohesive_core::model::Native { name, docs, reads, at } = native.model;
        let at = model::at(report, at);
        quote! {
            ::cohesive::__private::model::Native { name: #name, docs: #docs, reads: &[#(#reads),*], at: #at }
        }
    });
    Some(quote!(&[#(#natives),*]))
}
