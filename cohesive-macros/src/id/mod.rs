//! `#[derive(Id)]`: a named identifier around text, a UUID or a whole number.

mod emit;

use proc_macro2::TokenStream;
use syn::spanned::Spanned as _;
use syn::{Fields, ItemStruct};

use crate::emit_stub;
use crate::report::Report;

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
    let plain = item.generics.const_params().next().is_none()
        && item.generics.lifetimes().next().is_none()
        && item.generics.where_clause.is_none();
    let mut fields = item.fields.iter();
    let (first, second, third) = (fields.next(), fields.next(), fields.next());
    if let (Fields::Unnamed(_), Some(inner), None, true) = (&item.fields, first, third, plain) {
        // A type parameter says what is identified, and a marker holds it.
        let marked = second.is_none_or(|marker| is_marker(&marker.ty));
        if marked && second.is_some() == item.generics.type_params().next().is_some() {
            return emit::id(item, &inner.ty);
        }
    }
    let span = if item.fields.is_empty() { item.ident.span() } else { item.fields.span() };
    let help = if item.generics.params.is_empty() {
        format!("write `pub struct {}(String);`", item.ident)
    } else {
        format!("write `pub struct {}<T>(String, PhantomData<fn() -> T>);`", item.ident)
    };
    let message = format!("the identifier `{}` is not one value with a name", item.ident);
    report.error_with_help("COH0140", span, message, help);
    if item.generics.params.is_empty() { emit_stub::identifier(&item.ident) } else { TokenStream::new() }
}

fn is_marker(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "PhantomData"))
}
