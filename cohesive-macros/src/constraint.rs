//! What stands in `range(…)`, `length(…)`, `pattern(…)` and `check(…)`.

use cohesive_core::model::{At, Expr, Field, Rule, Type};
use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Ident, LitStr, RangeLimits, Token};

use crate::attr::{Arguments, Shape};
use crate::body::{Lowered, Scope, local};
use crate::name::{keep, keep_all, of, snake};
use crate::report::{Report, narrowest};

/// The constraints among the arguments of a field or a member.
pub(crate) const CONSTRAINTS: [(&str, Shape); 4] =
    [("range", Shape::Call), ("length", Shape::Call), ("pattern", Shape::Call), ("check", Shape::Calls)];

/// One constraint, as model data and as what to emit.
pub(crate) struct Constraint {
    pub(crate) name: &'static str,
    pub(crate) message: String,
    pub(crate) rule: Rule,
    pub(crate) at: At,
    pub(crate) demand: Demand,
    /// Where its word stands.
    pub(crate) span: Span,
}

/// What a constraint's code is made of.
pub(crate) enum Demand {
    /// Bounds, and whether the upper one is permitted itself.
    Range { least: Option<TokenStream>, greatest: Option<TokenStream>, inclusive: bool },
    /// The least and the greatest length.
    Length { least: u32, greatest: Option<u32> },
    /// A regular expression.
    Pattern(String),
    /// A condition, after the statements that fetch what it reads.
    Check { observations: TokenStream, condition: TokenStream },
}

/// What a condition of `check` may look at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// The fields of an entity.
    Entity,
    /// The members of a record or message, which has no rules over several of them.
    Record,
}

/// A thing and, after a comma, what to tell the caller.
struct Told<T> {
    thing: T,
    message: Option<LitStr>,
}

impl<T: Parse> Parse for Told<T> {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let thing = input.parse()?;
        let comma = input.parse::<Option<Token![,]>>()?.is_some();
        let message = if comma && !input.is_empty() { Some(input.parse()?) } else { None };
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { thing, message })
    }
}

struct Check {
    name: Ident,
    condition: syn::Expr,
    message: LitStr,
}

impl Parse for Check {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        let condition = input.parse()?;
        input.parse::<Token![,]>()?;
        let message = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { name, condition, message })
    }
}

/// Reads the constraints of the field or member `name`.
pub(crate) fn read(
    report: &mut Report,
    arguments: &Arguments,
    name: &str,
    within: Within,
) -> Vec<Constraint> {
    let mut found = Vec::new();
    for (span, tokens) in arguments.calls("range") {
        found.extend(range(report, name, span, tokens));
    }
    for (span, tokens) in arguments.calls("length") {
        found.extend(length(report, name, span, tokens));
    }
    for (span, tokens) in arguments.calls("pattern") {
        found.extend(pattern(report, name, span, tokens));
    }
    for (span, tokens) in arguments.calls("check") {
        if within == Within::Record {
            let help =
                "a record takes `range`, `length` and `pattern`; more is said by an invariant of the entity";
            report.error_with_help("COH0154", span, "a member has no `check`", help);
            continue;
        }
        found.extend(check(report, span, tokens));
    }
    found
}

fn parsed<T: Parse>(
    report: &mut Report,
    span: Span,
    tokens: TokenStream,
    what: &str,
    help: &str,
) -> Option<T> {
    match T::parse.parse2(tokens) {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            report.error_with_help("COH0004", narrowest(error.span(), span), what, help);
            None
        }
    }
}

/// Looks whether the constraints permit the default of their field.
pub(crate) fn default(
    report: &mut Report,
    name: &'static str,
    constraints: &[Constraint],
    value: Expr,
    span: Span,
) {
    let data = constraints.iter().map(|constraint| cohesive_core::model::Constraint {
        name: constraint.name,
        message: keep(&constraint.message),
        rule: constraint.rule,
        at: constraint.at,
    });
    let field = Field {
        default: Some(value),
        constraints: keep_all(data.collect()),
        ..Field::new(name, Type::Named(""), report.at(span))
    };
    for finding in cohesive_core::check::field(&field) {
        report.push(finding);
    }
}

fn range(report: &mut Report, name: &str, span: Span, tokens: TokenStream) -> Option<Constraint> {
    let (what, help) = ("`range` needs bounds", "write `range(1..=20)`, `range(0..)` or `range(..=100)`");
    let Told { thing, message } = parsed::<Told<syn::ExprRange>>(report, span, tokens, what, help)?;
    if thing.start.is_none() && thing.end.is_none() {
        report.error_with_help("COH0004", thing.span(), what, help);
        return None;
    }
    let mut bound = |bound: Option<Box<syn::Expr>>| -> Option<(Expr, TokenStream)> {
        let bound = bound?;
        let Lowered { model, tokens, .. } = Scope::new(report, false).value(&bound);
        Some((model, tokens))
    };
    let (least, greatest) = (bound(thing.start), bound(thing.end));
    let inclusive = matches!(thing.limits, RangeLimits::Closed(_));
    if let (Some((Expr::Literal(one), _)), Some((Expr::Literal(other), _))) = (&least, &greatest)
        && empty(one, other, inclusive)
    {
        let help = "put the lesser bound first";
        report.error_with_help("COH0155", span, "no value lies in this range", help);
        return None;
    }
    let words = match (&least, &greatest) {
        (Some((least, _)), Some((greatest, _))) if inclusive => format!("must be from {least} to {greatest}"),
        (Some((least, _)), Some((end, _))) => format!("must be at least {least} and less than {end}"),
        (Some((least, _)), None) => format!("must be at least {least}"),
        (None, Some((greatest, _))) if inclusive => format!("must be at most {greatest}"),
        (_, end) => {
            format!("must be less than {}", end.as_ref().map_or(String::new(), |(end, _)| end.to_string()))
        }
    };
    Some(Constraint {
        name: keep(&format!("{name}_range")),
        message: message.map_or(words, |message| message.value()),
        rule: Rule::Range {
            least: least.as_ref().map(|(model, _)| *model),
            greatest: greatest.as_ref().map(|(model, _)| *model),
            inclusive,
        },
        at: report.at(span),
        demand: Demand::Range {
            least: least.map(|(_, tokens)| tokens),
            greatest: greatest.map(|(_, tokens)| tokens),
            inclusive,
        },
        span,
    })
}

fn empty(
    least: &cohesive_core::model::Literal,
    greatest: &cohesive_core::model::Literal,
    inclusive: bool,
) -> bool {
    use cohesive_core::model::Literal::Int;
    matches!((least, greatest), (Int(least), Int(greatest)) if least > greatest || (!inclusive && least == greatest))
}

fn length(report: &mut Report, name: &str, span: Span, tokens: TokenStream) -> Option<Constraint> {
    let (what, help) =
        ("`length` needs whole numbers", "write `length(1..=40)`, `length(1..)` or `length(..=40)`");
    let Told { thing, message } = parsed::<Told<syn::ExprRange>>(report, span, tokens, what, help)?;
    let number = |bound: &Option<Box<syn::Expr>>| match bound.as_deref() {
        None => Ok(None),
        Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. })) => {
            number.base10_parse::<u32>().map(Some).map_err(|_| number.span())
        }
        Some(other) => Err(other.span()),
    };
    let (least, end) = match (number(&thing.start), number(&thing.end)) {
        (Ok(None), Ok(None)) => {
            report.error_with_help("COH0004", thing.span(), what, help);
            return None;
        }
        (Ok(least), Ok(end)) => (least.unwrap_or(0), end),
        (Err(span), _) | (_, Err(span)) => {
            report.error_with_help("COH0004", span, what, help);
            return None;
        }
    };
    let inclusive = matches!(thing.limits, RangeLimits::Closed(_));
    let greatest = end.map(|end| if inclusive { Some(end) } else { end.checked_sub(1) });
    if greatest.is_some_and(|greatest| greatest.is_none_or(|greatest| greatest < least)) {
        report.error_with_help("COH0155", span, "no value has this length", "put the lesser bound first");
        return None;
    }
    let greatest = greatest.flatten();
    let words = match greatest {
        Some(greatest) if greatest == least => format!("must have a length of {least}"),
        Some(greatest) if least == 0 => format!("must have a length of at most {greatest}"),
        Some(greatest) => format!("must have a length from {least} to {greatest}"),
        None => format!("must have a length of at least {least}"),
    };
    Some(Constraint {
        name: keep(&format!("{name}_length")),
        message: message.map_or(words, |message| message.value()),
        rule: Rule::Length { least, greatest },
        at: report.at(span),
        demand: Demand::Length { least, greatest },
        span,
    })
}

fn pattern(report: &mut Report, name: &str, span: Span, tokens: TokenStream) -> Option<Constraint> {
    let (what, help) = ("`pattern` needs a regular expression", "write `pattern(\"[A-Z]{3}\")`");
    let Told { thing, message } = parsed::<Told<LitStr>>(report, span, tokens, what, help)?;
    let source = thing.value();
    if let Err(error) = regex_lite::Regex::new(&source) {
        let help = "write it as the crate `regex-lite` reads it; it has to match the whole text";
        let message = format!("this is no regular expression: {error}");
        report.error_with_help("COH0151", thing.span(), message, help);
        return None;
    }
    Some(Constraint {
        name: keep(&format!("{name}_pattern")),
        message: message.map_or_else(|| format!("must match `{source}`"), |message| message.value()),
        rule: Rule::Pattern(keep(&source)),
        at: report.at(span),
        demand: Demand::Pattern(source),
        span,
    })
}

fn check(report: &mut Report, span: Span, tokens: TokenStream) -> Option<Constraint> {
    let what = "a check has a name, a condition and a message";
    let help = "write `check(LeavesAfterArrival: self.departure > self.arrival, \"…\")`";
    let Check { name, condition, message } = parsed(report, span, tokens, what, help)?;
    let mut scope = Scope::new(report, true);
    let Lowered { model, tokens, .. } = scope.lower(&condition);
    let observations = scope.observations(&local("view"));
    Some(Constraint {
        name: keep(&snake(of(&name))),
        message: message.value(),
        rule: Rule::Check(model),
        at: report.at(name.span()),
        demand: Demand::Check { observations, condition: tokens },
        span,
    })
}
