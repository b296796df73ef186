//! What stands on an item and in it, apart from the arguments of our attributes.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use crate::attr::take;
use crate::report::Report;

/// Refuses a `Debug` of the user's on something with personal data, which ours would hide.
pub(crate) fn personal_debug(
    report: &mut Report,
    item: &syn::ItemStruct,
    derived: &[String],
    personal: bool,
) {
    if personal && derived.iter().any(|name| name == "Debug") {
        let help = "leave out `Debug`: one that hides such values is generated";
        let message = format!("`Debug` would show what `{}` says about a person", item.ident);
        report.error_with_help("COH0156", item.ident.span(), message, help);
    }
}

/// Refuses generic parameters on `what`; tells whether there are any.
pub(crate) fn generic(report: &mut Report, generics: &syn::Generics, what: &str) -> bool {
    if generics.params.is_empty() {
        return false;
    }
    let message = format!("{what} has no generic parameters");
    report.error_with_help("COH0105", generics.params.span(), message, "name the types it is about");
    true
}

/// Takes `#[cfg]` off `what` and refuses it.
pub(crate) fn no_cfg(report: &mut Report, attributes: &mut Vec<Attribute>, what: &str, help: &str) {
    for attribute in take(attributes, "cfg") {
        let message = format!("{what} cannot depend on `cfg`");
        report.error_with_help("COH0115", attribute.path().span(), message, help);
    }
}

/// Takes off every field whose name is taken, and reports it.
pub(crate) fn once(report: &mut Report, fields: &mut syn::FieldsNamed, word: &str) {
    let mut known: Vec<syn::Ident> = Vec::new();
    let all = std::mem::take(&mut fields.named);
    for field in all {
        let Some(ident) = &field.ident else { continue };
        if known.contains(ident) {
            let message = format!("there is a {word} `{ident}` already");
            report.error_with_help(
                "COH0116",
                ident.span(),
                message,
                format!("give each {word} a name of its own"),
            );
            continue;
        }
        known.push(ident.clone());
        fields.named.push(field);
    }
}

/// The tokens without the attributes that only our macros know, for an item that could not be read further.
pub(crate) fn stripped(tokens: TokenStream) -> TokenStream {
    const OURS: &[&str] = &[
        "id",
        "lifecycle",
        "field_versions",
        "field",
        "wire",
        "pii",
        "create",
        "transition",
        "fact",
        "consumes",
        "native",
        "invariant",
    ];
    let ours = |group: &proc_macro2::Group| {
        group.stream().into_iter().next().is_some_and(|first| OURS.contains(&first.to_string().as_str()))
    };
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let after_hash = matches!(kept.last(), Some(TokenTree::Punct(hash)) if hash.as_char() == '#');
                if after_hash && ours(&group) {
                    kept.pop();
                    continue;
                }
                let mut inner = proc_macro2::Group::new(group.delimiter(), stripped(group.stream()));
                inner.set_span(group.span());
                kept.push(TokenTree::Group(inner));
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// The documentation of an item, as one text without indentation.
pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let lines =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
            match &attribute.meta {
                Meta::NameValue(pair) => match &pair.value {
                    Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            }
        });
    let text: Vec<String> = lines.collect();
    let lines: Vec<&str> = text.iter().flat_map(|lines| lines.split('\n')).map(str::trim).collect();
    lines.join("\n").trim().to_owned()
}

/// The `#[wire = "…"]` name of a field or variant, taken off it.
pub(crate) fn wire(report: &mut Report, attributes: &mut Vec<Attribute>) -> Option<String> {
    let mut name = None;
    for attribute in take(attributes, "wire") {
        if name.is_some() {
            report.error("COH0003", attribute.path().span(), "`#[wire]` is given twice");
        }
        match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if !text.value().trim().is_empty() => {
                    name = Some(text.value());
                }
                other => report.error_with_help(
                    "COH0004",
                    other.span(),
                    "a wire name is text",
                    "write `#[wire = \"…\"]`",
                ),
            },
            other => {
                report.error_with_help(
                    "COH0004",
                    other.span(),
                    "a wire name is text",
                    "write `#[wire = \"…\"]`",
                );
            }
        }
    }
    name
}
