//! `allow(COH0702, reason = "…")`: a finding that is right where it stands, with the reason in writing.

use cohesive_core::check::codes;
use cohesive_core::diagnostic::Severity;
use cohesive_core::model::Allowance;
use cohesive_core::suggest::nearest;
use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, Token};

use crate::attr::{self, Arguments, Shape};
use crate::name::keep;
use crate::report::{Report, narrowest};

/// What stands in the parentheses.
struct Written {
    codes: Vec<Ident>,
    settings: Vec<(Ident, Expr)>,
}

fn written(input: ParseStream<'_>) -> syn::Result<Written> {
    let mut written = Written { codes: Vec::new(), settings: Vec::new() };
    while !input.is_empty() {
        let name: Ident = input.parse()?;
        if input.parse::<Option<Token![=]>>()?.is_some() {
            written.settings.push((name, input.parse()?));
        } else {
            written.codes.push(name);
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(written)
}

/// The argument, for the tables of what attributes take.
pub(crate) const ALLOW: (&str, Shape) = ("allow", Shape::Calls);

/// What all `allow(…)` of one attribute allow.
pub(crate) fn all(report: &mut Report, arguments: &Arguments) -> Vec<Allowance> {
    arguments.calls("allow").flat_map(|(word, tokens)| read(report, tokens, word)).collect()
}

/// Takes `#[create]` off a method: what its author allows, if it is there.
pub(crate) fn creation(report: &mut Report, attributes: &mut Vec<Attribute>) -> Option<Vec<Allowance>> {
    let taken = attr::take(attributes, "create");
    if let Some(second) = taken.get(1) {
        report.error("COH0003", second.path().span(), "`#[create]` is given twice");
    }
    let first = taken.first()?;
    let (tokens, within) = (attr::tokens(report, first), first.path().span());
    let arguments = Arguments::read(report, "create", &[ALLOW], tokens, within);
    Some(all(report, &arguments))
}

/// Reads what stands in the parentheses of the `allow` at `word`.
pub(crate) fn read(report: &mut Report, tokens: TokenStream, word: Span) -> Vec<Allowance> {
    let written = match written.parse2(tokens) {
        Ok(written) if !written.codes.is_empty() => written,
        Ok(_) => {
            misshapen(report, word);
            return Vec::new();
        }
        Err(error) => {
            misshapen(report, narrowest(error.span(), word));
            return Vec::new();
        }
    };
    let reason = reason(report, &written, word);
    let mut allowances = Vec::new();
    for ident in &written.codes {
        if let (Some(code), Some(reason)) = (code(report, ident), reason) {
            allowances.push(Allowance { code, reason, at: report.at(ident.span()) });
        }
    }
    allowances
}

/// Reports an `allow` that has another form.
fn misshapen(report: &mut Report, span: Span) {
    let message = "an allowance names a code and a reason";
    report.error_with_help("COH0004", span, message, "write `allow(COH0702, reason = \"…\")`");
}

/// The reason; nothing where it was reported that there is none.
fn reason(report: &mut Report, written: &Written, word: Span) -> Option<&'static str> {
    let mut reason = None;
    let mut given = false;
    for (name, value) in &written.settings {
        if name != "reason" {
            let message = format!("unknown argument `{name}` for `allow`");
            let help = nearest(&name.to_string(), ["reason"]).map_or_else(
                || "it takes codes and `reason`".to_owned(),
                |similar| format!("an argument with a similar name exists: `{similar}`"),
            );
            report.error_with_help("COH0002", name.span(), message, help);
            given = true;
            continue;
        }
        if std::mem::replace(&mut given, true) {
            report.error_with_help("COH0003", name.span(), "`reason` is given twice", "keep one of them");
        }
        match value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if !text.value().trim().is_empty() => {
                reason = Some(keep(text.value().trim()));
            }
            _ => without_reason(report, name.span()),
        }
    }
    if !given {
        without_reason(report, written.codes.first().map_or(word, Ident::span));
    }
    reason
}

fn without_reason(report: &mut Report, span: Span) {
    report.error_with_help(
        "COH0020",
        span,
        "an allowance gives its reason in words",
        "write `reason = \"…\"`: why it is right here, for whoever reads it later",
    );
}

/// A code that can be allowed; nothing where it was reported that it cannot.
fn code(report: &mut Report, ident: &Ident) -> Option<&'static str> {
    let name = ident.to_string();
    let Some(code) = codes::of(&name) else {
        let allowed = codes::CODES.iter().filter(|code| code.severity != Severity::Error);
        let help = nearest(&name, allowed.map(|code| code.code)).map_or_else(
            || "write a code such as `COH0702`, as the finding shows it".to_owned(),
            |similar| format!("a similar code exists: `{similar}`"),
        );
        report.error_with_help("COH0021", ident.span(), format!("there is no code `{name}`"), help);
        return None;
    };
    if code.severity == Severity::Error {
        let message = format!("`{name}` is an error, and errors cannot be allowed");
        report.error_with_help(
            "COH0022",
            ident.span(),
            message,
            "mend it; only warnings and hints can be allowed",
        );
        return None;
    }
    Some(code.code)
}
