//! A table-driven reader for `#[name(flag, key = value)]`: unknown, repeated and misshapen arguments are reported
//! here, once, for every macro.

use cohesive_core::diagnostic::Diagnostic;
use cohesive_core::suggest::nearest;
use proc_macro2::{Span, TokenStream};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Token};

use crate::report::Report;

/// What shape an argument has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `unique`
    Flag,
    /// `key = value`
    Value,
}

/// The arguments of one attribute.
pub(crate) struct Arguments {
    found: Vec<(String, Span, Option<Expr>)>,
}

impl Arguments {
    /// Reads `tokens` as the arguments of `#[attribute]`.
    pub(crate) fn read(
        report: &mut Report,
        attribute: &str,
        permitted: &[(&str, Shape)],
        tokens: TokenStream,
    ) -> Self {
        let mut arguments = Self { found: Vec::new() };
        let metas = match Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens) {
            Ok(metas) => metas,
            Err(error) => {
                report.unreadable(&error);
                return arguments;
            }
        };
        for meta in metas {
            let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
            let span = meta.path().span();
            let Some((_, shape)) = permitted.iter().find(|(known, _)| *known == name) else {
                unknown(report, attribute, permitted, &name, span);
                continue;
            };
            if arguments.found.iter().any(|(known, _, _)| *known == name) {
                report.error("COH0003", span, format!("`{name}` is given twice"));
                continue;
            }
            match (shape, meta) {
                (Shape::Flag, Meta::Path(_)) => arguments.found.push((name, span, None)),
                (Shape::Value, Meta::NameValue(pair)) => arguments.found.push((name, span, Some(pair.value))),
                (Shape::Flag, _) => {
                    report.error_with_help(
                        "COH0004",
                        span,
                        format!("`{name}` takes no value"),
                        format!("write `{name}`"),
                    );
                }
                (Shape::Value, _) => {
                    report.error_with_help(
                        "COH0004",
                        span,
                        format!("`{name}` needs a value"),
                        format!("write `{name} = …`"),
                    );
                }
            }
        }
        arguments
    }

    /// Where a flag or a value is given.
    pub(crate) fn span(&self, name: &str) -> Option<Span> {
        self.found.iter().find(|(known, _, _)| known == name).map(|(_, span, _)| *span)
    }

    /// Whether a flag is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.span(name).is_some()
    }

    /// A value.
    pub(crate) fn value(&self, name: &str) -> Option<&Expr> {
        self.found.iter().find(|(known, _, _)| known == name).and_then(|(_, _, value)| value.as_ref())
    }

    /// A value that has to be text.
    pub(crate) fn text(&self, report: &mut Report, name: &str) -> Option<(String, Span)> {
        let value = self.value(name)?;
        if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value {
            return Some((text.value(), text.span()));
        }
        report.error_with_help(
            "COH0004",
            value.span(),
            format!("`{name}` needs text"),
            format!("write `{name} = \"…\"`"),
        );
        None
    }
}

fn unknown(report: &mut Report, attribute: &str, permitted: &[(&str, Shape)], name: &str, span: Span) {
    let at = report.at(span);
    let names = permitted.iter().map(|(name, _)| *name);
    let help = match nearest(name, names.clone()) {
        Some(similar) => format!("an argument with a similar name exists: `{similar}`"),
        None if permitted.is_empty() => format!("write `#[{attribute}]`"),
        None => format!("it takes {}", crate::report::listed(names)),
    };
    let message = format!("unknown argument `{name}` for `#[{attribute}]`");
    report.push(Diagnostic::error("COH0002", at, message).help(help));
}

/// The tokens within the parentheses of an attribute; none for a bare one.
pub(crate) fn tokens(report: &mut Report, attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            report.error("COH0004", pair.eq_token.span(), "write the arguments in parentheses");
            TokenStream::new()
        }
    }
}

/// Takes the attributes called `name` off an item.
pub(crate) fn take(attributes: &mut Vec<Attribute>, name: &str) -> Vec<Attribute> {
    let (taken, kept) = attributes.drain(..).partition(|attribute| attribute.path().is_ident(name));
    *attributes = kept;
    taken
}

/// The documentation of an item, as one text without indentation.
pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
        match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        }
    });
    let lines: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
    lines.join("\n").trim().to_owned()
}

/// The `#[wire = "…"]` name of a field or variant, taken off it.
pub(crate) fn wire(report: &mut Report, attributes: &mut Vec<Attribute>) -> Option<String> {
    let mut name = None;
    for attribute in take(attributes, "wire") {
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
                report.error_with_help("COH0004", other.span(), "a wire name is text", "write `#[wire = \"…\"]`");
            }
        }
    }
    name
}
