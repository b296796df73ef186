//! `properties!(Tender)`: the tests that the model writes.

mod emit;

use cohesive_core::suggest::nearest;
use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Ident, Lit, Path, Token};

use crate::emit_stub;
use crate::report::{Report, listed, narrowest};

/// What the macro is given.
struct Call {
    entity: Path,
    arguments: Vec<(Ident, Expr)>,
}

impl Parse for Call {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let entity = input.call(Path::parse_mod_style)?;
        let mut arguments = Vec::new();
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            arguments.push((name, input.parse()?));
        }
        Ok(Self { entity, arguments })
    }
}

/// How the properties of an entity are tested.
pub(crate) struct Properties {
    pub(crate) entity: Path,
    pub(crate) cases: Option<u32>,
    pub(crate) seed: Option<u64>,
    pub(crate) unreached: Vec<String>,
    pub(crate) refusing: Vec<String>,
    pub(crate) unmet: Vec<String>,
}

pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut output = match syn::parse2::<Call>(tokens) {
        Ok(call) => {
            let properties = read(&mut report, call);
            emit::tests(&properties)
        }
        Err(error) => {
            report.error_with_help(
                "COH0001",
                narrowest(error.span(), Span::call_site()),
                error.to_string(),
                "write `cohesive::properties!(Order)`, or `cohesive::properties!(Order, cases = 500, seed = 7)`",
            );
            TokenStream::new()
        }
    };
    output.extend(emit_stub::errors(report));
    output
}

fn read(report: &mut Report, call: Call) -> Properties {
    const KNOWN: [&str; 5] = ["cases", "seed", "unreached", "refusing", "unmet"];
    let mut properties = Properties {
        entity: call.entity,
        cases: None,
        seed: None,
        unreached: Vec::new(),
        refusing: Vec::new(),
        unmet: Vec::new(),
    };
    let mut known: Vec<String> = Vec::new();
    for (name, value) in &call.arguments {
        let text = name.to_string();
        if known.contains(&text) {
            let message = format!("`{text}` is given twice");
            report.error_with_help("COH0003", name.span(), message, "keep one of them");
        }
        match text.as_str() {
            "cases" => properties.cases = number(report, value),
            "seed" => properties.seed = number(report, value),
            "unreached" => properties.unreached = names(report, value),
            "refusing" => properties.refusing = names(report, value),
            "unmet" => properties.unmet = names(report, value),
            _ => {
                let help = nearest(&text, KNOWN).map_or_else(
                    || format!("it takes {}", listed(KNOWN)),
                    |similar| format!("an argument with a similar name exists: `{similar}`"),
                );
                let message = format!("unknown argument `{text}` for `properties!`");
                report.error_with_help("COH0002", name.span(), message, help);
            }
        }
        known.push(text);
    }
    properties
}

fn number<T: std::str::FromStr>(report: &mut Report, value: &Expr) -> Option<T>
where
    T::Err: std::fmt::Display,
{
    if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = value
        && let Ok(number) = number.base10_parse()
    {
        return Some(number);
    }
    report.error_with_help("COH0004", value.span(), "this has to be a whole number", "write `cases = 500`");
    None
}

fn names(report: &mut Report, value: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    let Expr::Array(list) = value else {
        let help = "write `unreached = [expire]`";
        report.error_with_help("COH0004", value.span(), "this has to be a list of transitions", help);
        return found;
    };
    for item in &list.elems {
        match item {
            Expr::Path(path) => match path.path.get_ident() {
                Some(ident) => found.push(crate::name::of(ident).to_owned()),
                None => report.error("COH0004", item.span(), "this has to be the name of a transition"),
            },
            other => report.error("COH0004", other.span(), "this has to be the name of a transition"),
        }
    }
    found
}
