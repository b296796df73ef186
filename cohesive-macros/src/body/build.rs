//! Values that are put together: records, variants, lists, texts, and questions about a shape.

use cohesive_core::model::{Arm, Expr as Model, Literal, Pattern};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Lit, Member, Token};

use super::{Lowered, Scope};
use crate::attr::path_text;
use crate::name::{keep, keep_all, keep_one, of};

/// Functions that always have a result and nothing else.
const PURE: [&str; 10] = [
    "String::new",
    "String::from",
    "Vec::new",
    "BTreeSet::new",
    "Decimal::new",
    "Decimal::from",
    "Duration::days",
    "Duration::hours",
    "Duration::minutes",
    "Duration::seconds",
];

impl Scope<'_> {
    /// A record: its members, and the record that the others are taken from.
    pub(super) fn record(&mut self, record: &syn::ExprStruct) -> Lowered {
        let base = record.rest.as_deref().map(|base| self.value(base));
        let mut members = Vec::new();
        let mut tokens = TokenStream::new();
        for member in &record.fields {
            let value = self.value(&member.expr);
            let (name, value_tokens) = (&member.member, value.tokens);
            tokens.extend(quote_spanned!(member.span()=> #name: #value_tokens,));
            if let Member::Named(name) = &member.member {
                members.push((of(name), value.model));
            }
        }
        let path = &record.path;
        let rest = base.as_ref().map(|base| {
            let tokens = &base.tokens;
            quote!(..#tokens)
        });
        let base = base.map(|base| keep_one(base.model));
        Lowered::value(
            Model::Record { name: keep(&path_text(path)), members: keep_all(members), base },
            quote!(#path { #tokens #rest }),
        )
    }

    pub(super) fn construct(&mut self, call: &syn::ExprCall) -> Lowered {
        let Expr::Path(path) = &*call.func else {
            return self.refuse(&Expr::Call(call.clone()));
        };
        let name = path_text(&path.path);
        let last = path.path.segments.last().map(|segment| of(&segment.ident)).unwrap_or_default();
        if !last.starts_with(char::is_uppercase) && !PURE.contains(&name.as_str()) {
            self.report.error_with_help(
                "COH0601",
                path.span(),
                format!("`{name}` is a call, and a transition calls nothing"),
                "pass the value in as a parameter, or write the expression out",
            );
        }
        let arguments: Vec<Lowered> = call.args.iter().map(|argument| self.value(argument)).collect();
        let tokens = arguments.iter().map(|argument| &argument.tokens);
        let tokens = if name == "Decimal::new" {
            quote!(::cohesive::__private::decimal(#(#tokens),*)?)
        } else {
            quote!(#path(#(#tokens),*))
        };
        let arguments = arguments.into_iter().map(|argument| argument.model).collect();
        Lowered::value(Model::Construct { name: keep(&name), arguments: keep_all(arguments) }, tokens)
    }

    pub(super) fn macro_call(&mut self, call: &syn::Macro) -> Lowered {
        let name = path_text(&call.path);
        let parsed = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.tokens.clone());
        match (name.as_str(), parsed) {
            ("format", Ok(parts)) => self.concat(&parts, call),
            ("vec", Ok(items)) => {
                let items: Vec<Lowered> = items.iter().map(|item| self.value(item)).collect();
                let tokens = items.iter().map(|item| &item.tokens);
                let tokens = quote!(::cohesive::__private::Vec::from([#(#tokens),*]));
                let items = items.into_iter().map(|item| item.model).collect();
                Lowered::value(Model::List(keep_all(items)), tokens)
            }
            ("vec", Err(_)) => {
                let help = "write `vec![a, b]`";
                self.report.error_with_help("COH0609", call.path.span(), "a list names its elements", help);
                Lowered::value(Model::List(&[]), quote!(::core::unreachable!()))
            }
            ("matches", _) => self.matches(call),
            _ => {
                self.report.error_with_help(
                    "COH0609",
                    call.path.span(),
                    format!("`{name}!` is not available in a transition"),
                    "values may use `matches!`, `format!` and `vec!`; `requires!`, `emit!`, `request!` and \
                     `reject!` are statements",
                );
                Lowered::value(Model::Literal(Literal::Bool(false)), quote!(::core::unreachable!()))
            }
        }
    }

    fn matches(&mut self, call: &syn::Macro) -> Lowered {
        let parser = |input: syn::parse::ParseStream<'_>| {
            let on: Expr = input.parse()?;
            input.parse::<Token![,]>()?;
            let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<Option<Token![,]>>()?;
            Ok((on, pattern))
        };
        let (on, pattern) = match parser.parse2(call.tokens.clone()) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.report.unreadable(&error, call.path.span());
                return Lowered::value(Model::Literal(Literal::Bool(false)), quote!(false));
            }
        };
        let on = self.lower(&on);
        let mark = self.locals.len();
        let (pattern, pattern_tokens) = self.pattern(&pattern);
        self.locals.truncate(mark);
        let truth = |value| Model::Literal(Literal::Bool(value));
        let arms = vec![
            Arm { pattern, condition: None, value: truth(true) },
            Arm { pattern: Pattern::Any, condition: None, value: truth(false) },
        ];
        let on_tokens = on.tokens;
        Lowered::value(
            Model::Match { on: keep_one(on.model), arms: keep_all(arms) },
            quote!(::core::matches!(&#on_tokens, #pattern_tokens)),
        )
    }

    /// `format!("{} of {}", a, b)`: text with plain places.
    fn concat(&mut self, parts: &Punctuated<Expr, Token![,]>, call: &syn::Macro) -> Lowered {
        let mut rest = parts.iter();
        let template = match rest.next() {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => text.value(),
            _ => String::from("{"),
        };
        let place = parts.first().map_or_else(|| call.path.span(), syn::spanned::Spanned::span);
        let texts: Vec<&str> = template.split("{}").collect();
        let arguments: Vec<Lowered> = rest.map(|argument| self.lower(argument)).collect();
        if texts.len() != arguments.len() + 1 || texts.iter().any(|text| text.contains(['{', '}'])) {
            self.report.error_with_help(
                "COH0609",
                place,
                "text is put together with one plain `{}` for each value",
                "write `format!(\"{} of {}\", a, b)`",
            );
            return Lowered::value(Model::Concat(&[]), quote!(::core::unreachable!()));
        }
        let tokens = arguments.iter().map(|argument| &argument.tokens);
        let tokens = quote!(::cohesive::__private::format!(#template, #(#tokens),*));
        let mut model = Vec::new();
        let mut arguments = arguments.into_iter();
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                model.extend(arguments.next().map(|argument| argument.model));
            }
            if !text.is_empty() {
                model.push(Model::Literal(Literal::Text(keep(text))));
            }
        }
        Lowered::value(Model::Concat(keep_all(model)), tokens)
    }
}
