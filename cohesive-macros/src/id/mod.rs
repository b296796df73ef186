//! `#[derive(Id)]`: a named identifier around text, a UUID or a whole number.

mod emit;

use proc_macro2::TokenStream;
use syn::spanned::Spanned as _;
use syn::{Fields, ItemStruct};

use crate::report::Report;
use crate::{attr, emit_stub};

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut tokens = match syn::parse2::<ItemStruct>(item) {
        Ok(item) => identifier(&mut report, &item),
        Err(error) => {
            report.error_with_help(
                "COH0005",
                error.span(),
                "`#[derive(Id)]` belongs on a struct",
                "write `#[derive(Id)] pub struct OrderId(String);`",
            );
            TokenStream::new()
        }
    };
    tokens.extend(emit_stub::errors(report));
    tokens
}

fn identifier(report: &mut Report, item: &ItemStruct) -> TokenStream {
    if attr::generic(report, &item.generics, "an identifier") {
        return TokenStream::new();
    }
    let mut fields = item.fields.iter();
    if let (Fields::Unnamed(_), Some(inner), None) = (&item.fields, fields.next(), fields.next()) {
        return emit::id(&item.ident, &inner.ty);
    }
    let span = if item.fields.is_empty() { item.ident.span() } else { item.fields.span() };
    report.error_with_help(
        "COH0140",
        span,
        format!("the identifier `{}` is not one value with a name", item.ident),
        format!("write `pub struct {}(String);`", item.ident),
    );
    emit_stub::identifier(&item.ident)
}
