//! `#[derive(Value)]`: a record, or by way of [`choice`] a list of names.

mod emit;

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned as _;
use syn::{Fields, Item, ItemStruct};

use crate::message::{Of, members};
use crate::report::Report;
use crate::{attr, choice, emit_stub};

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut tokens = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Enum(_)) => return choice::expand(choice::Kind::Plain, item),
        Ok(Item::Struct(record)) => self::record(&mut report, record),
        Ok(other) => {
            report.error("COH0005", other.span(), "`#[derive(Value)]` belongs on a struct or an enum");
            TokenStream::new()
        }
        Err(error) => {
            report.unreadable(&error, Span::call_site());
            TokenStream::new()
        }
    };
    tokens.extend(emit_stub::errors(report));
    tokens
}

fn record(report: &mut Report, mut record: ItemStruct) -> TokenStream {
    if attr::generic(report, &record.generics, "a record") {
        return TokenStream::new();
    }
    let Fields::Named(named) = &mut record.fields else {
        report.error_with_help(
            "COH0005",
            record.ident.span(),
            "the members of a record have names",
            format!("write `pub struct {} {{ … }}`; for an identifier, derive `Id`", record.ident),
        );
        return emit_stub::value(&record.ident);
    };
    let members = members(report, named, Of::Record);
    emit::record(report, &record, &members)
}
