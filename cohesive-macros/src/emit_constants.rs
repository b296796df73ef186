//! The constants that expressions name, as values: a model holds their names only.

use std::collections::BTreeSet;

use cohesive_core::model::{Expr, Pattern, Rule, Step};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The paths of constants among expressions, in order, each once.
#[derive(Default)]
pub(crate) struct Constants(BTreeSet<&'static str>);

impl Constants {
    /// Takes note of the constants of an expression.
    pub(crate) fn expr(&mut self, expr: &Expr) {
        expr.each(&mut |part| match part {
            Expr::Path(path) => self.path(path),
            Expr::Match { arms, .. } => arms.iter().for_each(|arm| self.pattern(&arm.pattern)),
            _ => {}
        });
    }

    /// Takes note of the constants of a constraint.
    pub(crate) fn rule(&mut self, rule: &Rule) {
        match rule {
            Rule::Range { least, greatest, .. } => {
                least.iter().chain(greatest).for_each(|bound| self.expr(bound));
            }
            Rule::Check(condition) => self.expr(condition),
            Rule::Length { .. } | Rule::Pattern(_) => {}
        }
    }

    /// Takes note of the constants of steps.
    pub(crate) fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Let { value, .. } | Step::Set { value, .. } => self.expr(value),
                Step::Change { operands, .. } => operands.iter().for_each(|operand| self.expr(operand)),
                Step::Emit { payload, .. } | Step::Request { payload, .. } => self.expr(payload),
                Step::Reject { .. } => {}
                Step::If { condition, then, otherwise } => {
                    self.expr(condition);
                    self.steps(then);
                    self.steps(otherwise);
                }
                Step::Match { on, arms } => {
                    self.expr(on);
                    for arm in *arms {
                        self.pattern(&arm.pattern);
                        arm.condition.iter().for_each(|condition| self.expr(condition));
                        self.steps(arm.steps);
                    }
                }
            }
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Path(path) => self.path(path),
            Pattern::Construct { arguments: parts, .. } | Pattern::OneOf(parts) => {
                parts.iter().for_each(|part| self.pattern(part));
            }
            Pattern::Any | Pattern::Bind(_) | Pattern::Literal(_) => {}
        }
    }

    /// A variant with its type's name is found by the model; anything else has to be shown.
    fn path(&mut self, path: &'static str) {
        let last = path.rsplit("::").next().unwrap_or_default();
        let variant = path.contains("::") && last.contains(char::is_lowercase);
        if !variant && !matches!(last, "None" | "") {
            self.0.insert(path);
        }
    }

    /// The function that shows them; nothing where there are none.
    pub(crate) fn tokens(&self, function: &str) -> TokenStream {
        let function = Ident::new(function, Span::call_site());
        let named = self.0.iter().filter_map(|name| {
            let path: syn::Path = syn::parse_str(name).ok()?;
            Some(quote!(show(#name, ::cohesive::__private::Shown(&#path).constant());))
        });
        let named: Vec<TokenStream> = named.collect();
        if named.is_empty() {
            return TokenStream::new();
        }
        quote! {
            fn #function(
                show: &mut dyn ::core::ops::FnMut(
                    &'static str,
                    ::core::option::Option<::cohesive::__private::Constant>,
                ),
            ) {
                #(#named)*
            }
        }
    }
}
