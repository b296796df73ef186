//! `#[cfg]` on fields, members and methods.
//!
//! An attribute macro sees its item before conditions within it are evaluated, and positions of columns must not
//! depend on what was left out. So the item is written twice, with and without the members under a condition, each
//! under that condition or its opposite, and each is read on its own.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned as _;
use syn::{Attribute, Fields, ImplItem, ItemImpl, ItemStruct, Meta};

use crate::report::Report;

/// More conditions than this would write the item more than sixteen times.
const CONDITIONS: usize = 4;

/// The attributes of methods that our macro reads; others may have any condition.
const OURS: [&str; 6] = ["create", "transition", "fact", "consumes", "native", "invariant"];

/// A struct with and without the members under its first condition; `None` when there is none.
pub(crate) fn structure(
    report: &mut Report,
    macro_name: &str,
    arguments: &TokenStream,
    item: &TokenStream,
) -> Option<TokenStream> {
    let item: ItemStruct = syn::parse2(item.clone()).ok()?;
    let Fields::Named(named) = &item.fields else { return None };
    let condition = first(report, named.named.iter().map(|field| field.attrs.as_slice()))?;
    let (mut with, mut without) = (item.clone(), item);
    if let (Fields::Named(with), Fields::Named(without)) = (&mut with.fields, &mut without.fields) {
        with.named.iter_mut().for_each(|field| lift(&mut field.attrs, &condition));
        let kept = std::mem::take(&mut without.named);
        without.named = kept.into_iter().filter(|field| !has(&field.attrs, &condition)).collect();
    }
    Some(both(macro_name, arguments, &condition, &with, &without))
}

/// A block with and without the methods under its first condition; `None` when there is none.
pub(crate) fn block(
    report: &mut Report,
    macro_name: &str,
    arguments: &TokenStream,
    item: &TokenStream,
) -> Option<TokenStream> {
    let item: ItemImpl = syn::parse2(item.clone()).ok()?;
    let condition = first(report, item.items.iter().filter_map(ours))?;
    let (mut with, mut without) = (item.clone(), item);
    for method in &mut with.items {
        if let ImplItem::Fn(method) = method {
            lift(&mut method.attrs, &condition);
        }
    }
    without.items.retain(|method| ours(method).is_none_or(|attributes| !has(attributes, &condition)));
    Some(both(macro_name, arguments, &condition, &with, &without))
}

/// The attributes of a method that our macro reads.
fn ours(item: &ImplItem) -> Option<&[Attribute]> {
    let ImplItem::Fn(method) = item else { return None };
    let known = |attribute: &Attribute| OURS.iter().any(|name| attribute.path().is_ident(name));
    method.attrs.iter().any(known).then_some(method.attrs.as_slice())
}

/// The first condition, unless there are too many of them.
fn first<'a>(report: &mut Report, members: impl Iterator<Item = &'a [Attribute]>) -> Option<TokenStream> {
    let mut found: Vec<String> = Vec::new();
    let mut first = None;
    for attribute in members.flatten().filter(|attribute| attribute.path().is_ident("cfg")) {
        let Some(condition) = condition(attribute) else { continue };
        let text = condition.to_string();
        if found.contains(&text) {
            continue;
        }
        found.push(text);
        if found.len() > CONDITIONS {
            let message = "there are more than four different conditions here";
            let help = "give members that belong together one condition, for example a feature of their own";
            report.error_with_help("COH0115", attribute.span(), message, help);
            return None;
        }
        first.get_or_insert(condition);
    }
    first
}

fn condition(attribute: &Attribute) -> Option<TokenStream> {
    let Meta::List(list) = &attribute.meta else { return None };
    attribute.path().is_ident("cfg").then(|| list.tokens.clone())
}

fn has(attributes: &[Attribute], wanted: &TokenStream) -> bool {
    let wanted = wanted.to_string();
    attributes.iter().filter_map(condition).any(|condition| condition.to_string() == wanted)
}

fn lift(attributes: &mut Vec<Attribute>, wanted: &TokenStream) {
    let wanted = wanted.to_string();
    attributes
        .retain(|attribute| condition(attribute).is_none_or(|condition| condition.to_string() != wanted));
}

fn both(
    macro_name: &str,
    arguments: &TokenStream,
    condition: &TokenStream,
    with: &impl ToTokens,
    without: &impl ToTokens,
) -> TokenStream {
    let name = Ident::new(macro_name, proc_macro2::Span::call_site());
    quote! {
        #[cfg(#condition)]
        #[::cohesive::#name(#arguments)]
        #with
        #[cfg(not(#condition))]
        #[::cohesive::#name(#arguments)]
        #without
    }
}
