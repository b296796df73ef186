//! Calls of helpers whose bodies are not read.

use cohesive_core::model::Expr as Model;
use quote::quote;
use syn::ExprMethodCall;

use super::expression::is_self;
use super::{Lowered, Scope};
use crate::name::{keep_all, of};

impl Scope<'_> {
    /// `self.score(…)`, where `score` is a helper of the block.
    pub(super) fn native(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let name = of(&call.method);
        let known = self.natives.iter().find(|helper| helper.name == name);
        let super::Helper { reads, function, .. } = known.filter(|_| is_self(&call.receiver))?.clone();
        if self.within_closure {
            let help = "name its result before: `let … = self.…();`";
            let message = "a helper is not called for each element";
            self.report.error_with_help("COH0601", call.method.span(), message, help);
        }
        let overlaid = reads.iter().any(|read| self.assigned.contains(*read));
        self.native_reads.extend(reads.iter().map(|read| (*read).to_owned()));
        let view = super::local(self.view);
        // As every other reader does, a helper sees what was assigned before.
        let view = if overlaid {
            let draft = super::local("draft");
            quote!(::cohesive::__private::overlay::<<Self as ::cohesive::__private::Input>::Entity>(#view, &#draft.patch))
        } else {
            quote!(#view)
        };
        let mut tokens = vec![view];
        let arguments: Vec<Lowered> = call.args.iter().map(|argument| self.value(argument)).collect();
        tokens.extend(arguments.iter().map(|argument| argument.tokens.clone()));
        let arguments = keep_all(arguments.into_iter().map(|argument| argument.model).collect());
        let model = Model::Native { name, reads: keep_all(reads), arguments };
        Some(Lowered::value(model, quote!(#function(#(#tokens),*)?)))
    }
}
