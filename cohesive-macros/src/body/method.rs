//! The permitted methods: pure, total, and known to the model by name.

use cohesive_core::model::{Expr as Model, FoldOperator, Literal};
use cohesive_core::suggest::nearest;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprClosure, ExprLit, ExprMethodCall, Lit, Pat};

use super::{Lowered, Scope};
use crate::name::{keep_all, keep_one, of};

/// How a permitted method treats its receiver and arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Looks at the receiver; arguments are values.
    Looks,
    /// Consumes the receiver; arguments are values.
    Consumes,
    /// Calculates, so that there may be no result.
    Calculates,
}

/// The permitted methods, apart from `clone`, conversions to text and folds.
const METHODS: &[(&str, usize, Manner)] = &[
    ("is_some", 0, Manner::Looks),
    ("is_none", 0, Manner::Looks),
    ("is_empty", 0, Manner::Looks),
    ("is_zero", 0, Manner::Looks),
    ("len", 0, Manner::Looks),
    ("contains", 1, Manner::Looks),
    ("starts_with", 1, Manner::Looks),
    ("ends_with", 1, Manner::Looks),
    ("days_since", 1, Manner::Looks),
    ("plus_days", 1, Manner::Calculates),
    ("abs", 0, Manner::Calculates),
    ("round_dp", 1, Manner::Looks),
    ("min", 1, Manner::Consumes),
    ("max", 1, Manner::Consumes),
    ("or", 1, Manner::Consumes),
    ("unwrap_or", 1, Manner::Consumes),
    ("unwrap_or_default", 0, Manner::Consumes),
];

/// What the context can be asked for.
const CONTEXT: &[&str] = &["now", "actor", "correlation"];

impl Scope<'_> {
    pub(super) fn method(&mut self, call: &ExprMethodCall) -> Lowered {
        if let Some(lowered) = self.context_call(call).or_else(|| self.fold(call)) {
            return lowered;
        }
        let name = of(&call.method);
        if name == "clone" && call.args.is_empty() {
            return self.value(&call.receiver);
        }
        if matches!(name, "to_owned" | "to_string")
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &*call.receiver
        {
            let model = Model::Literal(Literal::Text(crate::name::keep(&text.value())));
            return Lowered::value(model, quote!(::cohesive::__private::String::from(#text)));
        }
        let Some((_, arity, manner)) = METHODS.iter().find(|(known, _, _)| *known == name) else {
            return self.unknown_method(call, name);
        };
        if call.args.len() != *arity {
            let words = if *arity == 0 { "no argument" } else { "one argument" };
            let help = if *arity == 0 {
                format!("write `{name}()`")
            } else {
                format!("write `{name}(…)` with one value")
            };
            self.report.error_with_help(
                "COH0602",
                call.method.span(),
                format!("`{name}` takes {words}"),
                help,
            );
        }
        let receiver = match manner {
            Manner::Looks => self.lower(&call.receiver),
            Manner::Consumes | Manner::Calculates => self.value(&call.receiver),
        };
        let arguments: Vec<Lowered> = call.args.iter().map(|argument| self.value(argument)).collect();
        let (receiver_tokens, method) = (&receiver.tokens, &call.method);
        let tokens = arguments.iter().map(|argument| &argument.tokens);
        let tokens = if matches!(name, "min" | "max") {
            quote!(::core::cmp::Ord::#method(#receiver_tokens, #(#tokens),*))
        } else if *manner == Manner::Calculates {
            quote!(::cohesive::__private::arithmetic::#method(#receiver_tokens, #(#tokens),*)?)
        } else {
            quote!(#receiver_tokens.#method(#(#tokens),*))
        };
        let arguments = arguments.into_iter().map(|argument| argument.model).collect();
        Lowered::value(
            Model::Call { receiver: keep_one(receiver.model), method: name, arguments: keep_all(arguments) },
            tokens,
        )
    }

    fn unknown_method(&mut self, call: &ExprMethodCall, name: &str) -> Lowered {
        let names = || {
            METHODS.iter().map(|(name, _, _)| *name).chain(["clone", "any", "all", "sum", "count", "find"])
        };
        let help = match name {
            "unwrap" | "expect" => "use `unwrap_or(…)`, or `if let Some(value) = … { … }`".to_owned(),
            "await" => "request an effect, and let its reply come back as an input".to_owned(),
            _ => nearest(name, names()).map_or_else(
                || format!("the permitted methods are {}", crate::report::listed(names())),
                |similar| format!("a permitted method has a similar name: `{similar}`"),
            ),
        };
        let message = format!("`{name}` is not available in a transition");
        self.report.error_with_help("COH0602", call.method.span(), message, help);
        Lowered::value(Model::Literal(Literal::Bool(false)), quote!(::core::unreachable!()))
    }

    /// `context.now()` and its like.
    fn context_call(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let Expr::Path(path) = &*call.receiver else { return None };
        let ident = path.path.get_ident()?;
        if self.context.as_deref() != Some(of(ident))
            || self.locals.iter().any(|(local, _)| local == of(ident))
        {
            return None;
        }
        self.uses_context = true;
        let name = of(&call.method);
        if !CONTEXT.contains(&name) {
            let message = format!("a context has no `{name}`");
            let help = format!("it has {}", crate::report::listed(CONTEXT.iter().copied()));
            self.report.error_with_help("COH0602", call.method.span(), message, help);
        }
        let context = super::local("context");
        let tokens = match name {
            "actor" => quote!(::cohesive::__private::actor(#context)),
            "correlation" => quote!(::cohesive::__private::correlation(#context)),
            _ => quote!(#context.now()),
        };
        Some(Lowered::value(Model::Context(name), tokens))
    }

    /// `list.iter().any(|x| …)`, `.all`, `.find`, `.filter(|x| …).count()`, `.map(|x| …).sum()`, `.min()`, `.max()`.
    fn fold(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let name = of(&call.method);
        let (fold, source, closure) = match name {
            "any" => (FoldOperator::Any, &*call.receiver, call.args.first()),
            "all" => (FoldOperator::All, &*call.receiver, call.args.first()),
            "find" => (FoldOperator::Find, &*call.receiver, call.args.first()),
            "count" | "sum" | "min" | "max" if call.args.is_empty() => {
                let Expr::MethodCall(inner) = &*call.receiver else { return None };
                let (fold, expected) = match name {
                    "count" => (FoldOperator::Count, "filter"),
                    "sum" => (FoldOperator::Sum, "map"),
                    "min" => (FoldOperator::Min, "map"),
                    _ => (FoldOperator::Max, "map"),
                };
                if of(&inner.method) != expected {
                    return None;
                }
                (fold, &*inner.receiver, inner.args.first())
            }
            _ => return None,
        };
        let Expr::MethodCall(iter) = source else { return None };
        if of(&iter.method) != "iter" || !iter.args.is_empty() {
            return None;
        }
        let Some(Expr::Closure(closure)) = closure else { return None };
        Some(self.folded(fold, &iter.receiver, closure))
    }

    fn folded(&mut self, fold: FoldOperator, list: &Expr, closure: &ExprClosure) -> Lowered {
        let list = self.lower(list);
        let pattern = match closure.inputs.first() {
            Some(Pat::Reference(inner)) => Some(&*inner.pat),
            other => other,
        };
        let Some(Pat::Ident(binding)) = pattern else {
            return self.refuse(&Expr::Closure(closure.clone()));
        };
        let name = of(&binding.ident);
        let mark = self.mark();
        self.bind_reference(name);
        let outside = std::mem::replace(&mut self.within_closure, true);
        let body = self.value(&closure.body);
        self.within_closure = outside;
        self.forget(mark);
        let function = super::ident(fold.word(), proc_macro2::Span::call_site());
        let (ident, list_tokens, body_tokens) = (&binding.ident, &list.tokens, &body.tokens);
        let tokens: TokenStream = quote! {
            ::cohesive::__private::fold::#function(&#list_tokens, |#ident| ::core::result::Result::Ok(#body_tokens))?
        };
        Lowered::value(
            Model::Fold { fold, list: keep_one(list.model), binding: name, body: keep_one(body.model) },
            tokens,
        )
    }
}
