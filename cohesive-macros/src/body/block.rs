//! Blocks that end in a value, and the names they bind.

use cohesive_core::model::{Expr as Model, Literal};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::Stmt;
use syn::spanned::Spanned as _;

use super::{Binding, Lowered, Scope};
use crate::name::{keep_one, of};

impl Scope<'_> {
    /// A block that ends in a value: `let` statements, then the value.
    pub(super) fn block(&mut self, statements: &[Stmt], span: proc_macro2::Span) -> Lowered {
        let mark = self.locals.len();
        let mut lets = Vec::new();
        let mut tokens = TokenStream::new();
        let mut value = None;
        for (index, statement) in statements.iter().enumerate() {
            match statement {
                Stmt::Local(local) => {
                    if let Some((name, model, code)) = self.binding(local) {
                        lets.push((name, model));
                        tokens.extend(code);
                    }
                }
                Stmt::Expr(expr, None) if index + 1 == statements.len() => value = Some(self.value(expr)),
                Stmt::Macro(call) if call.semi_token.is_none() && index + 1 == statements.len() => {
                    value = Some(self.macro_call(&call.mac));
                }
                other => {
                    let message = "only `let` and a final value may stand here";
                    self.report.error_with_help(
                        "COH0601",
                        other.span(),
                        message,
                        "move the statement out of the value",
                    );
                }
            }
        }
        self.locals.truncate(mark);
        let Some(value) = value else {
            let help = "leave out the last `;`";
            self.report.error_with_help("COH0601", span, "this block has to end in a value", help);
            return Lowered::value(Model::Literal(Literal::Bool(false)), quote!(::core::unreachable!()));
        };
        let value_tokens = value.tokens;
        let tokens = if lets.is_empty() { value_tokens } else { quote!({ #tokens #value_tokens }) };
        let model = lets.into_iter().rev().fold(value.model, |body, (name, value)| Model::Let {
            name,
            value: keep_one(value),
            body: keep_one(body),
        });
        Lowered::value(model, tokens)
    }

    /// `let name = value;`, which binds the name for what follows.
    pub(super) fn binding(&mut self, local: &syn::Local) -> Option<(&'static str, Model, TokenStream)> {
        let (pattern, annotation) = match &local.pat {
            syn::Pat::Type(typed) => (&*typed.pat, Some(&typed.ty)),
            other => (other, None),
        };
        let (syn::Pat::Ident(binding), Some(init)) = (pattern, &local.init) else {
            self.report.error_with_help(
                "COH0601",
                local.span(),
                "a `let` here names one value",
                "write `let name = value;`",
            );
            self.bind_words(local.pat.to_token_stream());
            return None;
        };
        if binding.mutability.is_some() || binding.by_ref.is_some() || init.diverge.is_some() {
            let message = "a `let` here names one value that does not change";
            self.report.error_with_help("COH0601", local.span(), message, "write `let name = value;`");
        }
        let value = self.value(&init.expr);
        let name = of(&binding.ident);
        self.locals.push((name.to_owned(), Binding::Owned));
        let (ident, tokens) = (&binding.ident, value.tokens);
        let annotation = annotation.map(|ty| quote!(: #ty));
        Some((name, value.model, quote!(let #ident #annotation = #tokens;)))
    }

    /// Names bound by reference, as patterns and folds do.
    pub(super) fn bind_reference(&mut self, name: &str) {
        self.locals.push((name.to_owned(), Binding::Reference));
    }

    /// Names within a pattern that was refused, so that their uses are not refused too.
    pub(super) fn bind_words(&mut self, pattern: TokenStream) {
        for token in pattern {
            match token {
                TokenTree::Ident(word) => self.bind_reference(of(&word)),
                TokenTree::Group(group) => self.bind_words(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// How many local names there are, to be given to [`Scope::forget`].
    pub(super) fn mark(&self) -> usize {
        self.locals.len()
    }

    /// Forgets the local names since a mark.
    pub(super) fn forget(&mut self, mark: usize) {
        self.locals.truncate(mark);
    }
}
