//! Patterns of `match`, `if let` and `matches!`.

use cohesive_core::model::{Literal, Pattern};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Lit, Pat};

use super::Scope;
use crate::attr::path_text;
use crate::name::{keep, keep_all, of};

impl Scope<'_> {
    /// A pattern as model data and as code. Names it binds become references.
    pub(super) fn pattern(&mut self, pattern: &Pat) -> (Pattern, TokenStream) {
        let tokens = pattern.to_token_stream();
        let model = match pattern {
            Pat::Wild(_) => Pattern::Any,
            Pat::Ident(binding) if binding.subpat.is_none() && binding.by_ref.is_none() => {
                let name = of(&binding.ident);
                if name.starts_with(char::is_uppercase) {
                    Pattern::Path(name)
                } else {
                    self.bind_reference(name);
                    Pattern::Bind(name)
                }
            }
            Pat::Lit(ExprLit { lit, .. }) => self.literal_pattern(lit),
            Pat::Path(path) => Pattern::Path(keep(&path_text(&path.path))),
            Pat::TupleStruct(tuple) => {
                let arguments = tuple.elems.iter().map(|element| self.pattern(element).0).collect();
                Pattern::Construct { name: keep(&path_text(&tuple.path)), arguments: keep_all(arguments) }
            }
            Pat::Or(choice) => {
                Pattern::OneOf(keep_all(choice.cases.iter().map(|case| self.pattern(case).0).collect()))
            }
            Pat::Paren(inner) => self.pattern(&inner.pat).0,
            other => {
                self.report.error_with_help(
                    "COH0601",
                    other.span(),
                    "this pattern is not available in a transition",
                    "patterns are names, literals, variants and `|` between them",
                );
                self.bind_words(tokens.clone());
                Pattern::Any
            }
        };
        (model, quote!(#tokens))
    }

    fn literal_pattern(&mut self, literal: &Lit) -> Pattern {
        Pattern::Literal(match literal {
            Lit::Bool(value) => Literal::Bool(value.value),
            Lit::Int(value) => Literal::Int(value.base10_parse().unwrap_or_default()),
            Lit::Str(value) => Literal::Text(keep(&value.value())),
            other => {
                let expr = Expr::Lit(ExprLit { attrs: Vec::new(), lit: other.clone() });
                self.refuse(&expr);
                Literal::Bool(false)
            }
        })
    }
}
