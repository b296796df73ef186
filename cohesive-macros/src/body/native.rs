//! Calls of helpers whose bodies are not read.

use cohesive_core::model::Expr as Model;
use quote::quote;
use syn::ExprMethodCall;

use super::expression::is_self;
use super::{Lowered, Scope, ident};
use crate::name::{keep_all, of};

impl Scope<'_> {
    /// `self.score(…)`, where `score` is a helper of the block.
    pub(super) fn native(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let name = of(&call.method);
        let known = self.natives.iter().find(|helper| helper.name == name);
        let super::Helper { reads, function, .. } = known.filter(|_| is_self(&call.receiver))?.clone();
        let mut tokens = Vec::new();
        for read in &reads {
            // As every other reader does, a helper sees what was assigned before.
            let (word, member) = (&call.receiver, ident(read, call.method.span()));
            let field = self.lower(&syn::parse_quote!(#word.#member)).tokens;
            tokens.push(quote!(&#field));
        }
        let arguments: Vec<Lowered> = call.args.iter().map(|argument| self.value(argument)).collect();
        tokens.extend(arguments.iter().map(|argument| argument.tokens.clone()));
        let arguments = keep_all(arguments.into_iter().map(|argument| argument.model).collect());
        let model = Model::Native { name, reads: keep_all(reads), arguments };
        Some(Lowered::value(model, quote!(#function(#(#tokens),*))))
    }
}
