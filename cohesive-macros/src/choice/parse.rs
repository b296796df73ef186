//! An enum as a closed list of names.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned as _;
use syn::{Fields, Ident, ItemEnum};

use super::Kind;
use crate::attr;
use crate::name;
use crate::report::Report;

/// What the enum says.
pub(crate) struct Choice {
    pub(crate) kind: Kind,
    pub(crate) ident: Ident,
    pub(crate) docs: String,
    pub(crate) variants: Vec<Variant>,
    /// Whether every variant is only a name.
    names: bool,
}

impl Choice {
    /// Whether this can be treated as a list of names, mistakes apart.
    pub(crate) fn is_list(&self) -> bool {
        self.names && !self.variants.is_empty()
    }
}

/// What a variant says.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) name: &'static str,
    pub(crate) wire: String,
    pub(crate) docs: String,
    pub(crate) initial: bool,
    /// Where `#[initial]` stands.
    initial_at: Option<Span>,
    pub(crate) terminal: bool,
}

pub(crate) fn choice(report: &mut Report, kind: Kind, item: TokenStream) -> Option<Choice> {
    let word = if kind == Kind::Lifecycle { "Lifecycle" } else { "Value" };
    let mut item: ItemEnum = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => {
            let message = format!("`#[derive({word})]` belongs on an enum");
            report.error_with_help(
                "COH0005",
                error.span(),
                message,
                "write `pub enum OrderStatus { #[initial] Open }`",
            );
            return None;
        }
    };
    if attr::generic(report, &item.generics, "a list of names") {
        return None;
    }
    let mut variants: Vec<Variant> = Vec::new();
    for variant in &mut item.variants {
        if variants.iter().any(|known| known.ident == variant.ident) {
            continue; // The compiler shows both places.
        }
        let read = read(report, kind, variant);
        if let Some(other) = variants.iter().find(|other| other.wire == read.wire) {
            report.error_with_help(
                "COH0112",
                read.ident.span(),
                format!("`{}` and `{}` have the same wire name `{}`", other.name, read.name, read.wire),
                "give one of them another name",
            );
        }
        variants.push(read);
    }
    if variants.is_empty() {
        let help = if kind == Kind::Lifecycle { "add a state: `#[initial] Open`" } else { "add a name" };
        report.error_with_help(
            "COH0123",
            item.ident.span(),
            format!("`{}` has no variants", item.ident),
            help,
        );
    } else if kind == Kind::Lifecycle {
        initial(report, &item.ident, &variants);
        variants
            .iter_mut()
            .skip_while(|variant| !variant.initial)
            .skip(1)
            .for_each(|variant| variant.initial = false);
        if let (true, Some(first)) = (variants.iter().all(|variant| !variant.initial), variants.first_mut()) {
            first.initial = true;
        }
    }
    let names = item.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit));
    Some(Choice { names, kind, docs: attr::docs(&item.attrs), ident: item.ident, variants })
}

fn read(report: &mut Report, kind: Kind, variant: &mut syn::Variant) -> Variant {
    let name = name::of(&variant.ident);
    if !matches!(variant.fields, Fields::Unit) {
        report.error_with_help(
            "COH0122",
            variant.fields.span(),
            format!("`{name}` carries data, and a name in a list is only a name"),
            "keep the data in a field of the entity",
        );
    }
    let initial = attr::marker(report, &mut variant.attrs, "initial");
    let terminal = attr::marker(report, &mut variant.attrs, "terminal");
    if kind == Kind::Plain
        && let Some(span) = initial.or(terminal)
    {
        report.error_with_help(
            "COH0005",
            span,
            "only a state of a lifecycle is initial or terminal",
            "derive `Lifecycle` instead of `Value`",
        );
    }
    let wire = attr::wire(report, &mut variant.attrs);
    Variant {
        name,
        wire: wire.unwrap_or_else(|| name.to_owned()),
        docs: attr::docs(&variant.attrs),
        initial: initial.is_some(),
        initial_at: initial,
        terminal: terminal.is_some(),
        ident: variant.ident.clone(),
    }
}

fn initial(report: &mut Report, lifecycle: &Ident, variants: &[Variant]) {
    let mut initial = variants.iter().filter(|variant| variant.initial);
    match (initial.next(), initial.next()) {
        (None, _) => {
            let first = variants.first().map_or("", |variant| variant.name);
            report.error_with_help(
                "COH0120",
                lifecycle.span(),
                format!("lifecycle `{lifecycle}` does not say where an entity starts"),
                format!("mark one state, for example `#[initial] {first}`"),
            );
        }
        (Some(first), Some(second)) => {
            let message = format!("lifecycle `{lifecycle}` starts in `{}` already", first.name);
            let span = second.initial_at.unwrap_or_else(|| second.ident.span());
            report.error_with_help("COH0121", span, message, "keep one `#[initial]`");
        }
        (Some(_), None) => {}
    }
}
