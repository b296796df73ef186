//! `#[derive(Id)]`: a named identifier around text, a UUID or a whole number.

mod emit;

use proc_macro2::TokenStream;
use syn::spanned::Spanned as _;
use syn::{Fields, ItemStruct};

use crate::report::Report;

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut tokens = TokenStream::new();
    match syn::parse2::<ItemStruct>(item) {
        Ok(item) => match &item.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 && item.generics.params.is_empty() => {
                if let Some(inner) = fields.unnamed.first() {
                    tokens = emit::id(&item.ident, &inner.ty);
                }
            }
            other => {
                let span = if other.is_empty() { item.ident.span() } else { other.span() };
                report.error_with_help(
                    "COH0140",
                    span,
                    format!("the identifier `{}` is not one value with a name", item.ident),
                    format!("write `pub struct {}(String);`", item.ident),
                );
            }
        },
        Err(error) => report.error("COH0005", error.span(), "`#[derive(Id)]` belongs on a struct"),
    }
    tokens.extend(report.into_tokens());
    tokens
}
