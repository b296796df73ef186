//! Values and conditions.

use cohesive_core::model::{Arm, Expr as Model, Literal, Pattern, UnaryOperator};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Lit, Member, UnOp};

use super::operator::{Calculation, operator};
use super::{Binding, Lowered, Scope, ident, observed};
use crate::attr::path_text;
use crate::name::{keep, keep_all, keep_one, of};

impl Scope<'_> {
    /// The expression as a value of its own.
    pub(crate) fn value(&mut self, expr: &Expr) -> Lowered {
        self.lower(expr).owned(expr.span())
    }

    /// The expression as a condition, with the condition's model.
    pub(crate) fn lower(&mut self, expr: &Expr) -> Lowered {
        match expr {
            Expr::Lit(literal) => self.literal(literal),
            Expr::Path(path) => self.path(path),
            Expr::Field(field) => self.field(field),
            Expr::Paren(inner) => {
                let Lowered { model, tokens, form } = self.lower(&inner.expr);
                Lowered { model, tokens: quote!((#tokens)), form }
            }
            // An expression that a `macro_rules!` handed on: it stays one, whatever stands around it.
            Expr::Group(inner) if !matches!(&*inner.expr, Expr::Lit(_) | Expr::Path(_) | Expr::Field(_)) => {
                let Lowered { model, tokens, form } = self.lower(&inner.expr);
                Lowered { model, tokens: quote!((#tokens)), form }
            }
            Expr::Group(inner) => self.lower(&inner.expr),
            Expr::Reference(inner) if inner.mutability.is_none() => {
                let Lowered { model, tokens, .. } = self.lower(&inner.expr);
                Lowered::value(model, quote!(&#tokens))
            }
            Expr::Unary(unary) => self.unary(unary),
            Expr::Binary(binary) => self.binary(binary),
            Expr::If(choice) => self.choice(choice),
            Expr::Match(choice) => self.choose(choice),
            Expr::MethodCall(call) => self.native(call).unwrap_or_else(|| self.method(call)),
            Expr::Call(call) => self.construct(call),
            Expr::Struct(record) => self.record(record),
            Expr::Macro(call) => self.macro_call(&call.mac),
            Expr::Block(block) if block.label.is_none() => self.block(&block.block.stmts, expr.span()),
            other => self.refuse(other),
        }
    }

    fn literal(&mut self, literal: &ExprLit) -> Lowered {
        let model = match &literal.lit {
            Lit::Bool(value) => Literal::Bool(value.value),
            Lit::Int(value) => Literal::Int(value.base10_parse().unwrap_or_default()),
            Lit::Str(value) => Literal::Text(keep(&value.value())),
            Lit::Float(value) => {
                self.report.error_with_help(
                    "COH0607",
                    value.span(),
                    "a binary float is not exact",
                    "use a whole number, or `Decimal::new(digits, scale)`: `1.50` is `Decimal::new(150, 2)`",
                );
                Literal::Int(0)
            }
            other => {
                self.report.error("COH0601", other.span(), "this literal is not available in a transition");
                Literal::Int(0)
            }
        };
        Lowered::value(Model::Literal(model), literal.to_token_stream())
    }

    fn path(&mut self, path: &syn::ExprPath) -> Lowered {
        let text = path_text(&path.path);
        if let Some(ident) = path.path.get_ident() {
            let name = of(ident);
            if let Some((_, binding)) = self.locals.iter().rev().find(|(local, _)| local == name) {
                let tokens = match binding {
                    Binding::Owned => quote!(#ident),
                    Binding::Reference => quote!((*#ident)),
                };
                return Lowered::place(Model::Local(name), tokens);
            }
            if self.parameters.iter().any(|parameter| parameter == name) {
                return Lowered::place(Model::Input(name), quote!(self.#ident));
            }
            if !name.starts_with(char::is_uppercase) {
                return self.unknown_name(ident, name);
            }
        }
        Lowered::value(Model::Path(keep(&text)), path.to_token_stream())
    }

    fn unknown_name(&mut self, ident: &syn::Ident, name: &str) -> Lowered {
        let known: Vec<&str> = self
            .parameters
            .iter()
            .map(String::as_str)
            .chain(self.locals.iter().map(|(local, _)| local.as_str()))
            .collect();
        let (message, help) = if name == "self" && self.has_state {
            (
                "a transition uses single fields, not the whole entity".to_owned(),
                "write `self.field`".to_owned(),
            )
        } else if name == "self" {
            ("a creation has no entity yet".to_owned(), "use the parameters".to_owned())
        } else if self.context.as_deref() == Some(name) {
            let help = format!("ask it for one thing, for example `{name}.now()`");
            ("the context is no value of its own".to_owned(), help)
        } else {
            let help = cohesive_core::suggest::nearest(name, known).map_or_else(
                || "a body sees `self.field`, its parameters, its own `let` names and constants".to_owned(),
                |similar| format!("a name with a similar spelling exists: `{similar}`"),
            );
            (format!("there is no `{name}` here"), help)
        };
        self.report.error_with_help("COH0603", ident.span(), message, help);
        Lowered::value(Model::Local(keep(name)), quote!(::core::unreachable!()))
    }

    fn field(&mut self, field: &syn::ExprField) -> Lowered {
        let Member::Named(name) = &field.member else {
            return self.refuse(&Expr::Field(field.clone()));
        };
        let text = of(name);
        if !is_self(&field.base) {
            let record = self.lower(&field.base);
            let tokens = record.tokens;
            return Lowered::place(Model::Member(keep_one(record.model), text), quote!(#tokens.#name));
        }
        if !self.has_state {
            let message = "there is no entity to read from here";
            self.report.error_with_help(
                "COH0603",
                field.base.span(),
                message,
                "use parameters and constants",
            );
            return Lowered::value(Model::Field(text), quote!(::core::unreachable!()));
        }
        self.reads.entry(text.to_owned()).or_insert_with(|| name.span());
        let local = observed(text);
        let tokens = if self.assigned.contains(text) {
            let member = ident(text, name.span());
            let draft = super::local("draft");
            quote!((*::cohesive::__private::current(&#draft.patch.#member, #local)))
        } else {
            quote!((*#local))
        };
        Lowered::place(Model::Field(text), tokens)
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Lowered {
        match unary.op {
            UnOp::Deref(_) => self.lower(&unary.expr),
            UnOp::Not(_) => {
                let operand = self.lower(&unary.expr);
                let tokens = operand.tokens;
                Lowered::value(Model::Unary(UnaryOperator::Not, keep_one(operand.model)), quote!(!#tokens))
            }
            UnOp::Neg(_) => {
                if let Expr::Lit(ExprLit { lit: Lit::Int(value), .. }) = &*unary.expr {
                    let number: i128 = value.base10_parse().unwrap_or_default();
                    return Lowered::value(Model::Literal(Literal::Int(-number)), unary.to_token_stream());
                }
                let operand = self.value(&unary.expr);
                let tokens = operand.tokens;
                Lowered::value(
                    Model::Unary(UnaryOperator::Negate, keep_one(operand.model)),
                    quote!(::cohesive::__private::arithmetic::negate(#tokens)?),
                )
            }
            _ => self.refuse(&Expr::Unary(unary.clone())),
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Lowered {
        let Some(operator) = operator(&binary.op).filter(|_| Calculation::assigned(&binary.op).is_none())
        else {
            return self.refuse(&Expr::Binary(binary.clone()));
        };
        if let Some(calculation) = Calculation::of(&binary.op) {
            let (left, right) = (self.value(&binary.left), self.value(&binary.right));
            return calculation.lowered(left, right);
        }
        let (left, right) = (self.lower(&binary.left), self.lower(&binary.right));
        let (left_tokens, right_tokens, symbol) = (left.tokens, right.tokens, &binary.op);
        Lowered::value(
            Model::Binary(operator, keep_one(left.model), keep_one(right.model)),
            quote!(#left_tokens #symbol #right_tokens),
        )
    }

    fn choice(&mut self, choice: &syn::ExprIf) -> Lowered {
        let Some((_, otherwise)) = &choice.else_branch else {
            self.report.error_with_help(
                "COH0601",
                choice.if_token.span,
                "a value needs an `else`",
                "write `if … { … } else { … }`",
            );
            return Lowered::value(Model::Literal(Literal::Bool(false)), quote!(::core::unreachable!()));
        };
        if let Expr::Let(binding) = &*choice.cond {
            let on = self.lower(&binding.expr);
            let mark = self.locals.len();
            let (pattern, pattern_tokens) = self.pattern(&binding.pat);
            let then = self.block(&choice.then_branch.stmts, choice.then_branch.span());
            self.locals.truncate(mark);
            let otherwise = self.value(otherwise);
            let (on_tokens, then_tokens, otherwise_tokens) = (on.tokens, then.tokens, otherwise.tokens);
            let arms = vec![
                Arm { pattern, condition: None, value: then.model },
                Arm { pattern: Pattern::Any, condition: None, value: otherwise.model },
            ];
            return Lowered::value(
                Model::Match { on: keep_one(on.model), arms: keep_all(arms) },
                quote!(match &#on_tokens { #pattern_tokens => #then_tokens, _ => #otherwise_tokens }),
            );
        }
        let condition = self.lower(&choice.cond);
        let then = self.block(&choice.then_branch.stmts, choice.then_branch.span());
        let otherwise = self.value(otherwise);
        let (condition_tokens, then_tokens, otherwise_tokens) =
            (condition.tokens, then.tokens, otherwise.tokens);
        Lowered::value(
            Model::If {
                condition: keep_one(condition.model),
                then: keep_one(then.model),
                otherwise: keep_one(otherwise.model),
            },
            quote!(if #condition_tokens { #then_tokens } else { #otherwise_tokens }),
        )
    }

    fn choose(&mut self, choice: &syn::ExprMatch) -> Lowered {
        let on = self.lower(&choice.expr);
        let mut arms = Vec::new();
        let mut tokens = TokenStream::new();
        for arm in &choice.arms {
            let mark = self.locals.len();
            let (pattern, guard) = guarded(&arm.pat);
            let (pattern, pattern_tokens) = self.pattern(pattern);
            let condition = guard.map(|guard| self.lower(guard));
            let value = self.value(&arm.body);
            self.locals.truncate(mark);
            let condition_tokens = condition.as_ref().map(|condition| {
                let tokens = &condition.tokens;
                quote!(if #tokens)
            });
            let value_tokens = value.tokens;
            tokens.extend(quote!(#pattern_tokens #condition_tokens => #value_tokens,));
            arms.push(Arm { pattern, condition: condition.map(|lowered| lowered.model), value: value.model });
        }
        let on_tokens = on.tokens;
        Lowered::value(
            Model::Match { on: keep_one(on.model), arms: keep_all(arms) },
            quote!(match &#on_tokens { #tokens }),
        )
    }
}

/// A pattern and its further condition.
pub(super) fn guarded(pattern: &syn::Pat) -> (&syn::Pat, Option<&Expr>) {
    match pattern {
        syn::Pat::Guard(guarded) => (&guarded.pat, Some(&guarded.guard)),
        other => (other, None),
    }
}

/// Whether this is the word `self`.
pub(super) fn is_self(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
}
