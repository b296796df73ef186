//! `#[derive(Value)]`: a record, or by way of [`choice`](crate::choice) a list of names.

mod emit;

use proc_macro2::TokenStream;
use syn::spanned::Spanned as _;
use syn::{Fields, Item, ItemStruct};

use crate::choice;
use crate::message::members;
use crate::report::Report;

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let tokens = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Enum(_)) => return choice::expand(choice::Kind::Plain, item),
        Ok(Item::Struct(record)) => self::record(&mut report, record),
        Ok(other) => {
            report.error("COH0005", other.span(), "`#[derive(Value)]` belongs on a struct or an enum");
            TokenStream::new()
        }
        Err(error) => {
            report.unreadable(&error);
            TokenStream::new()
        }
    };
    let errors = report.into_tokens();
    quote::quote!(#tokens #errors)
}

fn record(report: &mut Report, mut record: ItemStruct) -> TokenStream {
    if !record.generics.params.is_empty() {
        report.error("COH0105", record.generics.span(), "a record has no generic parameters");
    }
    let Fields::Named(named) = &mut record.fields else {
        report.error_with_help(
            "COH0005",
            record.ident.span(),
            "the members of a record have names",
            format!("write `pub struct {} {{ … }}`; for an identifier, derive `Id`", record.ident),
        );
        return TokenStream::new();
    };
    let members = members(report, named);
    if report.is_clean() { emit::record(&record, &members) } else { TokenStream::new() }
}
