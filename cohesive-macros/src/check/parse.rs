//! What stands in `check!(…)`.

use cohesive_core::suggest::nearest;
use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Ident, Path, Token, bracketed};

use crate::report::{Report, listed, narrowest};

/// What is to be checked.
pub(super) enum Subject {
    /// Entities, each by itself.
    Entities(Vec<Path>),
    /// Entities together.
    System {
        /// The name of the test.
        name: Ident,
        entities: Vec<Path>,
        /// The events that belong to the system.
        events: Vec<Path>,
        /// The effects that belong to the system.
        effects: Vec<Path>,
    },
}

type List = (Ident, Vec<Path>);

/// `Tender, Shipment`, or `freight: [Tender, Shipment], events: […], effects: […]`.
enum Written {
    Entities(Vec<Path>),
    Lists(Vec<List>),
}

fn written(input: ParseStream<'_>) -> syn::Result<Written> {
    if !(input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::])) {
        let paths =
            Punctuated::<Path, Token![,]>::parse_separated_nonempty_with(input, Path::parse_mod_style)?;
        input.parse::<Option<Token![,]>>()?;
        return Ok(Written::Entities(paths.into_iter().collect()));
    }
    let lists = Punctuated::<List, Token![,]>::parse_terminated_with(input, list)?;
    Ok(Written::Lists(lists.into_iter().collect()))
}

fn list(input: ParseStream<'_>) -> syn::Result<List> {
    let name = input.parse()?;
    input.parse::<Token![:]>()?;
    let inner;
    bracketed!(inner in input);
    let paths = Punctuated::<Path, Token![,]>::parse_terminated_with(&inner, Path::parse_mod_style)?;
    Ok((name, paths.into_iter().collect()))
}

/// Reads what is to be checked; nothing where it cannot be read, or nothing is named.
pub(super) fn subject(report: &mut Report, tokens: TokenStream) -> Option<Subject> {
    match written.parse2(tokens) {
        Ok(Written::Entities(entities)) => Some(Subject::Entities(entities)),
        Ok(Written::Lists(lists)) => system(report, lists),
        Err(error) => {
            let help = "write `check!(Order)`, or `check!(shop: [Order, Parcel])` for a system";
            report.error_with_help(
                "COH0001",
                narrowest(error.span(), Span::call_site()),
                error.to_string(),
                help,
            );
            None
        }
    }
}

fn system(report: &mut Report, lists: Vec<List>) -> Option<Subject> {
    let mut lists = lists.into_iter();
    let (name, entities) = lists.next()?;
    let (mut events, mut effects) = (None, None);
    for (word, paths) in lists {
        let list = match word.to_string().as_str() {
            "events" => &mut events,
            "effects" => &mut effects,
            other => {
                unknown(report, other, &word);
                continue;
            }
        };
        if list.replace(paths).is_some() {
            report.error_with_help(
                "COH0003",
                word.span(),
                format!("`{word}` is given twice"),
                "keep one of them",
            );
        }
    }
    let (events, effects) = (events.unwrap_or_default(), effects.unwrap_or_default());
    Some(Subject::System { name, entities, events, effects })
}

fn unknown(report: &mut Report, name: &str, word: &Ident) {
    const KNOWN: [&str; 2] = ["events", "effects"];
    let help = nearest(name, KNOWN).map_or_else(
        || format!("after the entities it takes {}", listed(KNOWN)),
        |similar| format!("an argument with a similar name exists: `{similar}`"),
    );
    report.error_with_help("COH0002", word.span(), format!("unknown argument `{name}` for `check!`"), help);
}
