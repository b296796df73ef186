//! What stands in `#[transition(…)]` and `#[create(…)]`.

use cohesive_core::model::{Allowance, Conflict, Fact, Target};
use proc_macro2::{Group, Span, TokenStream};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::token::Paren;
use syn::{Ident, Path, Token};

use super::consumption::Consumption;
use crate::allow;
use crate::name::{keep_all, of as name_of};
use crate::report::{Report, narrowest};

/// A declared movement and policy.
#[derive(Default)]
pub(crate) struct Declaration {
    pub(crate) from: Vec<Ident>,
    pub(crate) to: Vec<Goal>,
    pub(crate) conflict: Option<(Conflict, Span)>,
    pub(crate) fact: Option<Fact>,
    /// The names of parameters in it.
    pub(crate) parameters: Vec<Ident>,
    pub(crate) allowances: Vec<Allowance>,
    /// The event that is followed.
    pub(crate) consumes: Option<Consumption>,
}

/// What the declaration is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// `#[transition(…)]`
    Transition,
    /// `#[fact(…)]`
    Fact,
}

impl Of {
    const fn word(self) -> &'static str {
        match self {
            Self::Transition => "transition",
            Self::Fact => "fact",
        }
    }

    /// The settings that it takes beside states.
    const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Transition => &["conflict", "allow"],
            Self::Fact => &["external_id", "occurred_at", "allow"],
        }
    }
}

/// One target of a movement.
pub(crate) enum Goal {
    /// A state.
    State(Ident),
    /// `_`: the state it started from.
    Stay,
}

impl Goal {
    /// The state, where it is one by name.
    pub(crate) const fn state(&self) -> Option<&Ident> {
        match self {
            Self::State(state) => Some(state),
            Self::Stay => None,
        }
    }
}

struct Parsed {
    from: Vec<Ident>,
    to: Vec<Goal>,
    settings: Vec<(Ident, Ident)>,
    allowances: Vec<(Ident, TokenStream)>,
    /// Where `_` stands in place of the states it may start from.
    any: Option<Span>,
    /// States that were written with their type.
    long: Vec<Path>,
}

impl Parse for Parsed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut parsed = Self {
            from: Vec::new(),
            to: Vec::new(),
            settings: Vec::new(),
            allowances: Vec::new(),
            any: None,
            long: Vec::new(),
        };
        let any = input.peek(Token![_]) && input.peek2(Token![=>]);
        let setting = input.peek2(Token![=]) && !input.peek2(Token![=>]) || input.peek2(Paren);
        if any || input.peek(Ident) && !setting {
            if any {
                parsed.any = Some(input.parse::<Token![_]>()?.span);
            } else {
                let state = parsed.state(input)?;
                parsed.from.push(state);
            }
            while !any && input.parse::<Option<Token![|]>>()?.is_some() {
                let state = parsed.state(input)?;
                parsed.from.push(state);
            }
            if input.parse::<Option<Token![=>]>>()?.is_some() {
                parsed.goal(input)?;
                while input.parse::<Option<Token![|]>>()?.is_some() {
                    parsed.goal(input)?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            if key == "allow" {
                let group: Option<Group> = if input.peek(Paren) { Some(input.parse()?) } else { None };
                parsed.allowances.push((key, group.map_or_else(TokenStream::new, |group| group.stream())));
            } else {
                input.parse::<Token![=]>()?;
                parsed.settings.push((key, input.parse()?));
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(parsed)
    }
}

impl Parsed {
    fn goal(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let stays = input.parse::<Option<Token![_]>>()?.is_some();
        let goal = if stays { Goal::Stay } else { Goal::State(self.state(input)?) };
        self.to.push(goal);
        Ok(())
    }

    fn state(&mut self, input: ParseStream<'_>) -> syn::Result<Ident> {
        let path = input.call(Path::parse_mod_style)?;
        let state = path.segments.last().map(|segment| segment.ident.clone());
        if path.segments.len() > 1 {
            self.long.push(path);
        }
        state.ok_or_else(|| input.error("expected a state"))
    }
}

/// Reads the arguments of an update.
pub(crate) fn read(report: &mut Report, of: Of, tokens: TokenStream, at: Span) -> Declaration {
    let parsed = match Parsed::parse.parse2(tokens) {
        Ok(parsed) => parsed,
        Err(error) => {
            let span = narrowest(error.span(), at);
            report.error_with_help(
                "COH0004",
                span,
                match of {
                    Of::Transition => "a transition leads from states to a state",
                    Of::Fact => "a fact names the parameter by which its source tells facts apart",
                },
                match of {
                    Of::Transition => {
                        "write `#[transition(Pending => Accepted)]`, or `#[transition(Open | Held => _ | Closed)]`"
                    }
                    Of::Fact => "write `#[fact(external_id = payment_id)]`, or `#[fact(_ => _ | Paid, external_id = payment_id)]`",
                },
            );
            return Declaration::default();
        }
    };
    for path in &parsed.long {
        let state = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let message = "a state stands here without its type";
        report.error_with_help("COH0004", path.span(), message, format!("write `{state}`"));
    }
    let allowances =
        parsed.allowances.into_iter().flat_map(|(word, tokens)| allow::read(report, tokens, word.span()));
    let allowances = allowances.collect();
    let mut declaration =
        Declaration { from: parsed.from, to: parsed.to, allowances, ..Declaration::default() };
    repeated(report, &declaration);
    starts(report, of, parsed.any, &declaration);
    let mut known: Vec<&str> = Vec::new();
    let given = |name: &str| {
        let setting = parsed.settings.iter().find(|(key, _)| name_of(key) == name);
        setting.map(|(_, value)| value)
    };
    for (key, _) in &parsed.settings {
        let name = name_of(key);
        if !of.settings().contains(&name) {
            unknown(report, of, key);
        } else if known.contains(&name) {
            let message = format!("`{name}` is given twice");
            report.error_with_help("COH0003", key.span(), message, "keep one of them");
        }
        known.push(name);
    }
    match of {
        Of::Transition => {
            declaration.conflict = given("conflict").and_then(|value| conflict(report, value));
        }
        Of::Fact => {
            let id = given("external_id").map(name_of);
            if id.is_none() {
                let help = "write `#[fact(external_id = payment_id)]`";
                let message = "a fact names the parameter by which its source tells facts apart";
                report.error_with_help("COH0161", at, message, help);
            }
            let occurred_at = given("occurred_at").map(name_of);
            let names = ["external_id", "occurred_at"].into_iter().filter_map(given);
            declaration.parameters = names.cloned().collect();
            declaration.fact = id.map(|external_id| Fact { external_id, occurred_at });
            declaration.conflict = Some((Conflict::AtHead, at));
        }
    }
    declaration
}

/// `_` in place of the states it may start from: facts come in any state, and other transitions name theirs.
fn starts(report: &mut Report, of: Of, any: Option<Span>, declaration: &Declaration) {
    match (of, any, declaration.from.first()) {
        (Of::Transition, Some(span), _) => {
            let help = "name the states, or leave them out where the state stays as it is";
            report.error_with_help("COH0004", span, "a transition says from which states it leads", help);
        }
        (Of::Fact, None, Some(state)) => {
            let help = "write `_ => …`, and let the body look at the state";
            let message = "a fact cannot be refused, so it comes in any state";
            report.error_with_help("COH0160", state.span(), message, help);
        }
        _ => {}
    }
}

fn unknown(report: &mut Report, of: Of, key: &Ident) {
    let name = name_of(key);
    let message = format!("unknown argument `{name}` for `#[{}]`", of.word());
    let help = cohesive_core::suggest::nearest(name, of.settings().iter().copied()).map_or_else(
        || format!("it takes states and {}", crate::report::listed(of.settings().iter().copied())),
        |similar| format!("an argument with a similar name exists: `{similar}`"),
    );
    report.error_with_help("COH0002", key.span(), message, help);
}

fn conflict(report: &mut Report, value: &Ident) -> Option<(Conflict, Span)> {
    const POLICIES: [Conflict; 4] =
        [Conflict::Strict, Conflict::Disjoint, Conflict::AtHead, Conflict::Manual];
    let name = name_of(value);
    let found = POLICIES.into_iter().find(|policy| policy.word() == name);
    if found.is_none() {
        let message = format!("there is no conflict policy `{name}`");
        let help = "write `strict`, `disjoint`, `at_head` or `manual`";
        report.error_with_help("COH0004", value.span(), message, help);
    }
    found.map(|policy| (policy, value.span()))
}

fn repeated(report: &mut Report, declaration: &Declaration) {
    let states = declaration.to.iter().filter_map(Goal::state);
    for list in [declaration.from.iter().collect::<Vec<_>>(), states.collect()] {
        for (index, state) in list.iter().enumerate() {
            if list.iter().take(index).any(|other| other == state) {
                let message = format!("the state `{state}` is named twice");
                report.error_with_help("COH0003", state.span(), message, "keep it once");
            }
        }
    }
}

impl Declaration {
    /// Where the parameter called `name` is named.
    pub(crate) fn parameter(&self, name: &str) -> Option<Span> {
        self.parameters.iter().find(|word| name_of(word) == name).map(Ident::span)
    }

    /// The states it may start from, by name.
    pub(crate) fn starts(&self) -> &'static [&'static str] {
        keep_all(self.from.iter().map(name_of).collect())
    }

    /// Where it ends.
    pub(crate) fn target(&self) -> Target {
        let states: Vec<&'static str> = self.to.iter().filter_map(Goal::state).map(name_of).collect();
        let stay = self.to.iter().any(|goal| matches!(goal, Goal::Stay));
        match (states.as_slice(), stay) {
            ([], _) => Target::Same,
            ([only], false) => Target::State(only),
            _ => Target::OneOf { states: keep_all(states), stay },
        }
    }
}
