//! A table-driven reader for `#[name(flag, key = value)]`: unknown, repeated and misshapen arguments are reported
//! here, once, for every macro.

use cohesive_core::diagnostic::Diagnostic;
use cohesive_core::suggest::nearest;
use proc_macro2::{Punct, Spacing, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Path, Token, Type};

pub(crate) use crate::item::{docs, generic, no_cfg, once, personal_debug, stripped, wire};
use crate::report::{Report, narrowest};

/// What shape an argument has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `unique`
    Flag,
    /// `key = value`
    Value,
    /// `key = Type`
    Type,
    /// `key(…)`
    Call,
    /// `key(…)`, as often as wanted
    Calls,
    /// `key = value`, as often as wanted
    Values,
}

/// The arguments of one attribute.
pub(crate) struct Arguments {
    found: Vec<(String, Span, Given)>,
    /// Whether something could not be read, so that more may have been meant than was found.
    pub(crate) broken: bool,
}

/// What stands after the name of an argument.
enum Given {
    Nothing,
    Value(Expr),
    Type(Type),
    /// What stands in parentheses.
    Group(proc_macro2::Group),
    /// Something that was reported.
    Broken,
}

/// One argument as written.
struct Argument {
    path: Path,
    given: Given,
}

impl Argument {
    /// Reads arguments with commas between them.
    fn all(input: ParseStream<'_>, shape: impl Fn(&str) -> Option<Shape>) -> syn::Result<Vec<Self>> {
        let mut arguments = Vec::new();
        while !input.is_empty() {
            arguments.push(Self::one(input, &shape)?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(arguments)
    }

    /// Reads one argument; `shape` tells whether a type or an expression follows the name.
    fn one(input: ParseStream<'_>, shape: impl Fn(&str) -> Option<Shape>) -> syn::Result<Self> {
        let path = input.call(Path::parse_mod_style)?;
        if input.peek(syn::token::Paren) {
            let group = input.parse()?;
            return Ok(Self { path, given: Given::Group(group) });
        }
        if input.parse::<Option<Token![=]>>()?.is_none() {
            return Ok(Self { path, given: Given::Nothing });
        }
        let wants_type = shape(&path_text(&path)) == Some(Shape::Type);
        let given = if wants_type && input.fork().parse::<Type>().is_ok() {
            Given::Type(input.parse()?)
        } else {
            Given::Value(input.parse()?)
        };
        Ok(Self { path, given })
    }
}

impl Arguments {
    /// Reads `tokens` as the arguments of `#[attribute]`, which stands `within`.
    pub(crate) fn read(
        report: &mut Report,
        attribute: &str,
        permitted: &[(&str, Shape)],
        tokens: TokenStream,
        within: Span,
    ) -> Self {
        let mut arguments = Self { found: Vec::new(), broken: false };
        let shape = |name: &str| permitted.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape);
        let all = |input: ParseStream<'_>| Argument::all(input, shape);
        let read = match all.parse2(tokens) {
            Ok(read) => read,
            Err(error) => {
                let names = permitted.iter().map(|(name, _)| *name);
                let help = if permitted.is_empty() {
                    format!("write `#[{attribute}]`")
                } else {
                    format!("it takes {}, with commas between them", crate::report::listed(names))
                };
                report.error_with_help("COH0001", narrowest(error.span(), within), error.to_string(), help);
                arguments.broken = true;
                return arguments;
            }
        };
        for Argument { path, given } in read {
            let (name, span) = (path_text(&path), path.span());
            let Some(shape) = shape(&name) else {
                unknown(report, attribute, permitted, &name, span);
                continue;
            };
            let once = !matches!(shape, Shape::Calls | Shape::Values);
            if once && arguments.found.iter().any(|(known, _, _)| *known == name) {
                report.error_with_help(
                    "COH0003",
                    span,
                    format!("`{name}` is given twice"),
                    "keep one of them",
                );
                continue;
            }
            let (message, help) = match (shape, &given) {
                (Shape::Flag, Given::Nothing)
                | (Shape::Value | Shape::Values, Given::Value(_))
                | (Shape::Call | Shape::Calls, Given::Group(_))
                | (Shape::Type, Given::Type(_)) => {
                    arguments.found.push((name, span, given));
                    continue;
                }
                (Shape::Flag, _) => (format!("`{name}` takes no value"), format!("write `{name}`")),
                (Shape::Call | Shape::Calls, _) => {
                    (format!("`{name}` needs parentheses"), format!("write `{name}(…)`"))
                }
                (Shape::Value | Shape::Values, _) => {
                    (format!("`{name}` needs a value"), format!("write `{name} = …`"))
                }
                (Shape::Type, _) => (
                    format!("`{name}` needs a type"),
                    format!("write `{name} = Nothing`, or a type of yours"),
                ),
            };
            report.error_with_help("COH0004", span, message, help);
            arguments.broken = true;
            arguments.found.push((name, span, Given::Broken));
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
        self.found.iter().find_map(|(known, _, given)| match given {
            Given::Value(value) if known == name => Some(value),
            _ => None,
        })
    }

    /// What stands in the parentheses of every argument of this name, with its place.
    pub(crate) fn calls(&self, name: &str) -> impl Iterator<Item = (Span, TokenStream)> {
        self.found.iter().filter_map(move |(known, span, given)| match given {
            Given::Group(group) if known == name => Some((*span, group.stream())),
            _ => None,
        })
    }

    /// The values of every argument of this name, which have to be text.
    pub(crate) fn texts(&self, report: &mut Report, name: &str) -> Vec<(String, Span)> {
        let values = self.found.iter().filter_map(|(known, _, given)| match given {
            Given::Value(value) if known == name => Some(value),
            _ => None,
        });
        values.filter_map(|value| text_of(report, name, value)).collect()
    }

    /// A type.
    pub(crate) fn ty(&self, name: &str) -> Option<&Type> {
        self.found.iter().find_map(|(known, _, given)| match given {
            Given::Type(ty) if known == name => Some(ty),
            _ => None,
        })
    }

    /// A value that has to be text.
    pub(crate) fn text(&self, report: &mut Report, name: &str) -> Option<(String, Span)> {
        text_of(report, name, self.value(name)?)
    }
}

fn text_of(report: &mut Report, name: &str, value: &Expr) -> Option<(String, Span)> {
    if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value {
        return Some((text.value(), text.span()));
    }
    let help = format!("write `{name} = \"…\"`");
    report.error_with_help("COH0004", value.span(), format!("`{name}` needs text"), help);
    None
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
            let name = path_text(&pair.path);
            report.error_with_help(
                "COH0004",
                pair.eq_token.span(),
                format!("the arguments of `#[{name}]` stand in parentheses"),
                format!("write `#[{name}(…)]`"),
            );
            TokenStream::new()
        }
    }
}

/// The arguments of all `#[field(…)]` of one field, member or parameter, and where the first of them stands.
pub(crate) fn field_tokens(report: &mut Report, attributes: &mut Vec<Attribute>) -> (TokenStream, Span) {
    let mut tokens: Vec<TokenTree> = Vec::new();
    let mut within = None;
    for attribute in take(attributes, "field") {
        within.get_or_insert(attribute.path().span());
        if !matches!(tokens.last(), None | Some(TokenTree::Punct(_))) {
            tokens.push(TokenTree::Punct(Punct::new(',', Spacing::Alone)));
        }
        tokens.extend(self::tokens(report, &attribute));
    }
    (tokens.into_iter().collect(), within.unwrap_or_else(Span::call_site))
}

/// Takes the marker `#[name]` off an item: where it stands, if it does. It has no arguments and stands once.
pub(crate) fn marker(report: &mut Report, attributes: &mut Vec<Attribute>, name: &str) -> Option<Span> {
    let taken = take(attributes, name);
    if let Some(second) = taken.get(1) {
        report.error("COH0003", second.path().span(), format!("`#[{name}]` is given twice"));
    }
    let first = taken.first()?;
    if !matches!(first.meta, Meta::Path(_)) {
        let message = format!("`#[{name}]` takes no arguments");
        report.error_with_help("COH0004", first.path().span(), message, format!("write `#[{name}]`"));
    }
    Some(first.path().span())
}

/// A path as text, without generics: `TenderStatus::Accepted`.
pub(crate) fn path_text(path: &Path) -> String {
    let segments: Vec<&str> = path.segments.iter().map(|segment| crate::name::of(&segment.ident)).collect();
    segments.join("::")
}

/// Takes the attributes called `name` off an item.
pub(crate) fn take(attributes: &mut Vec<Attribute>, name: &str) -> Vec<Attribute> {
    let (taken, kept) = attributes.drain(..).partition(|attribute| attribute.path().is_ident(name));
    *attributes = kept;
    taken
}
