//! What stands in `#[transition(…)]` and `#[create(…)]`.

use cohesive_core::model::{Conflict, Target};
use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Ident, Path, Token};

use crate::name::{keep_all, of};
use crate::report::{Report, narrowest};

/// A declared movement and policy.
#[derive(Default)]
pub(crate) struct Declaration {
    pub(crate) from: Vec<Ident>,
    pub(crate) to: Vec<Goal>,
    pub(crate) conflict: Option<(Conflict, Span)>,
}

/// One target of a movement.
pub(crate) enum Goal {
    /// A state.
    State(Ident),
    /// `_`: the state it started from.
    Stay,
}

struct Parsed {
    from: Vec<Ident>,
    to: Vec<Goal>,
    settings: Vec<(Ident, Ident)>,
    /// States that were written with their type.
    long: Vec<Path>,
}

impl Parse for Parsed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut parsed = Self { from: Vec::new(), to: Vec::new(), settings: Vec::new(), long: Vec::new() };
        if input.peek(Ident) && !input.peek2(Token![=]) || input.peek(Ident) && input.peek2(Token![=>]) {
            let state = parsed.state(input)?;
            parsed.from.push(state);
            while input.parse::<Option<Token![|]>>()?.is_some() {
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
            let key = input.parse()?;
            input.parse::<Token![=]>()?;
            parsed.settings.push((key, input.parse()?));
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
pub(crate) fn read(report: &mut Report, tokens: TokenStream, at: Span) -> Declaration {
    let parsed = match Parsed::parse.parse2(tokens) {
        Ok(parsed) => parsed,
        Err(error) => {
            let span = narrowest(error.span(), at);
            report.error_with_help(
                "COH0004",
                span,
                "a transition leads from states to a state",
                "write `#[transition(Pending => Accepted)]`, or `#[transition(Open | Held => _ | Closed)]`",
            );
            return Declaration::default();
        }
    };
    for path in &parsed.long {
        let state = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let message = "a state stands here without its type";
        report.error_with_help("COH0004", path.span(), message, format!("write `{state}`"));
    }
    let mut declaration = Declaration { from: parsed.from, to: parsed.to, conflict: None };
    repeated(report, &declaration);
    for (key, value) in parsed.settings {
        if key != "conflict" {
            let name = of(&key);
            let message = format!("unknown argument `{name}` for `#[transition]`");
            let help = cohesive_core::suggest::nearest(name, ["conflict"]).map_or_else(
                || "it takes states and `conflict`".to_owned(),
                |similar| format!("an argument with a similar name exists: `{similar}`"),
            );
            report.error_with_help("COH0002", key.span(), message, help);
            continue;
        }
        if declaration.conflict.is_some() {
            report.error_with_help("COH0003", key.span(), "`conflict` is given twice", "keep one of them");
        }
        match of(&value) {
            "strict" => declaration.conflict = Some((Conflict::Strict, value.span())),
            "at_head" => declaration.conflict = Some((Conflict::AtHead, value.span())),
            other => {
                let message = format!("there is no conflict policy `{other}`");
                report.error_with_help("COH0004", value.span(), message, "write `strict` or `at_head`");
            }
        }
    }
    declaration
}

fn repeated(report: &mut Report, declaration: &Declaration) {
    let states = declaration.to.iter().filter_map(|goal| match goal {
        Goal::State(state) => Some(state),
        Goal::Stay => None,
    });
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
    /// The states it may start from, by name.
    pub(crate) fn starts(&self) -> &'static [&'static str] {
        keep_all(self.from.iter().map(of).collect())
    }

    /// Where it ends.
    pub(crate) fn target(&self) -> Target {
        let states: Vec<&'static str> = self
            .to
            .iter()
            .filter_map(|goal| match goal {
                Goal::State(state) => Some(of(state)),
                Goal::Stay => None,
            })
            .collect();
        let stay = self.to.iter().any(|goal| matches!(goal, Goal::Stay));
        match (states.as_slice(), stay) {
            ([], _) => Target::Same,
            ([only], false) => Target::State(only),
            _ => Target::OneOf { states: keep_all(states), stay },
        }
    }
}
