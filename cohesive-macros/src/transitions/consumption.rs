//! What stands in `#[consumes(…)]`: an event as a pattern, whose names are parameters.

use cohesive_core::model;
use proc_macro2::Span;
use syn::parse::Parser as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, FieldPat, Ident, Member, Meta, Pat, Path};

use crate::attr;
use crate::name::{keep_all, of as name_of};
use crate::report::{Report, narrowest};

/// The event that a transition follows, and what is taken from it.
pub(crate) struct Consumption {
    pub(crate) event: Path,
    pub(crate) bindings: Vec<Binding>,
    /// The members that are named and not taken: `_`.
    pub(crate) ignored: Vec<Ident>,
    /// Whether `..` stands for the others.
    pub(crate) rest: bool,
    /// The place of the members.
    pub(crate) braces: Span,
}

/// A member of the event, and the parameter that it fills.
pub(crate) struct Binding {
    pub(crate) member: Ident,
    pub(crate) parameter: Ident,
}

impl Consumption {
    /// The place of the event's name.
    pub(crate) fn span(&self) -> Span {
        self.event.segments.last().map_or_else(|| self.event.span(), |segment| segment.ident.span())
    }

    /// The event and what is taken from it, as far as one macro knows: the event by the name that is written here.
    pub(crate) fn model(&self, report: &mut Report) -> model::Consumption {
        let names = |binding: &Binding| (name_of(&binding.member), name_of(&binding.parameter));
        model::Consumption {
            event: self.event.segments.last().map(|segment| name_of(&segment.ident)).unwrap_or_default(),
            bindings: keep_all(self.bindings.iter().map(names).collect()),
            at: report.at(self.span()),
        }
    }
}

/// Takes `#[consumes(…)]` off a method: what it says, unless it cannot be read. It has a meaning only where the method is
/// one that `follows`: a creation or a transition.
pub(super) fn take(
    report: &mut Report,
    attributes: &mut Vec<Attribute>,
    follows: bool,
) -> Option<Consumption> {
    let taken = attr::take(attributes, "consumes");
    if let Some(second) = taken.get(1) {
        let help = "keep one of them; another event needs a transition of its own";
        report.error_with_help("COH0003", second.path().span(), "`#[consumes]` is given twice", help);
    }
    let first = taken.first()?;
    let at = first.path().span();
    if !follows {
        let message = "`#[consumes]` belongs beside `#[create]` or `#[transition]`";
        let help = "let a transition follow the event";
        report.error_with_help("COH0167", at, message, help);
        return None;
    }
    read(report, first, at)
}

fn read(report: &mut Report, attribute: &Attribute, at: Span) -> Option<Consumption> {
    let tokens = attr::tokens(report, attribute);
    if matches!(attribute.meta, Meta::NameValue(_)) {
        // That was said already.
        return None;
    }
    let pattern = match Pat::parse_single.parse2(tokens) {
        Ok(Pat::Struct(pattern)) if pattern.attrs.is_empty() && pattern.qself.is_none() => pattern,
        Ok(other) => return misshapen(report, narrowest(other.span(), at)),
        Err(error) => return misshapen(report, narrowest(error.span(), at)),
    };
    let mut consumption = Consumption {
        event: pattern.path,
        bindings: Vec::new(),
        ignored: Vec::new(),
        rest: pattern.rest.is_some(),
        braces: pattern.brace_token.span.join(),
    };
    for field in pattern.fields {
        match taken(&field) {
            Some((member, Some(parameter))) => consumption.bindings.push(Binding { member, parameter }),
            Some((member, None)) => consumption.ignored.push(member),
            None => return misshapen(report, field.pat.span()),
        }
    }
    Some(consumption)
}

/// A member of the pattern, and the name that it gets; no name for `_`. Nothing for any other pattern.
fn taken(field: &FieldPat) -> Option<(Ident, Option<Ident>)> {
    let Member::Named(member) = &field.member else { return None };
    if !field.attrs.is_empty() {
        return None;
    }
    match &*field.pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none() => {
            Some((member.clone(), Some(name.ident.clone())))
        }
        Pat::Wild(_) => Some((member.clone(), None)),
        _ => None,
    }
}

fn misshapen<T>(report: &mut Report, span: Span) -> Option<T> {
    let message = "`#[consumes]` takes an event whose members have the names of parameters";
    let help = "write `#[consumes(OrderPaid { order_id: id, amount, .. })]`";
    report.error_with_help("COH0004", span, message, help);
    None
}
