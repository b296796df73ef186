//! Ways between steps: `if` and `match` in a body.

use cohesive_core::model::{Pattern, Step, StepArm};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Stmt};

use super::Scope;
use super::expression::guarded;
use super::step::{Outline, Reading};
use crate::name::keep_all;

impl Scope<'_> {
    pub(super) fn ways(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        choice: &syn::ExprIf,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        if let Expr::Let(binding) = &*choice.cond {
            let on = self.lower(&binding.expr);
            let mark = self.mark();
            let (pattern, pattern_tokens) = self.pattern(&binding.pat);
            let before = self.assigned.clone();
            let (then, then_tokens) = self.inner(reading, outline, &choice.then_branch.stmts);
            self.forget(mark);
            let after = std::mem::replace(&mut self.assigned, before);
            let (otherwise, otherwise_tokens) = self.otherwise(reading, outline, choice);
            self.assigned.extend(after);
            let arms = vec![
                StepArm { pattern, condition: None, steps: then },
                StepArm { pattern: Pattern::Any, condition: None, steps: otherwise },
            ];
            steps.push(Step::Match { on: on.model, arms: keep_all(arms) });
            let on_tokens = on.tokens;
            tokens.extend(quote!(match &#on_tokens {
                #pattern_tokens => { #then_tokens }
                _ => { #otherwise_tokens }
            }));
            return;
        }
        let condition = self.lower(&choice.cond);
        let before = self.assigned.clone();
        let (then, then_tokens) = self.inner(reading, outline, &choice.then_branch.stmts);
        let after = std::mem::replace(&mut self.assigned, before);
        let (otherwise, otherwise_tokens) = self.otherwise(reading, outline, choice);
        self.assigned.extend(after);
        let condition_tokens = condition.tokens;
        let otherwise_tokens =
            if otherwise.is_empty() { TokenStream::new() } else { quote!(else { #otherwise_tokens }) };
        tokens.extend(quote!(if #condition_tokens { #then_tokens } #otherwise_tokens));
        steps.push(Step::If { condition: condition.model, then, otherwise });
    }

    fn otherwise(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        choice: &syn::ExprIf,
    ) -> (&'static [Step], TokenStream) {
        match choice.else_branch.as_ref().map(|(_, otherwise)| &**otherwise) {
            None => (&[], TokenStream::new()),
            Some(Expr::Block(block)) => self.inner(reading, outline, &block.block.stmts),
            Some(other) => {
                let (mut steps, mut tokens) = (Vec::new(), TokenStream::new());
                self.effective(reading, outline, other, &mut steps, &mut tokens);
                (keep_all(steps), tokens)
            }
        }
    }

    pub(super) fn match_ways(
        &mut self,
        reading: &Reading<'_>,
        outline: &mut Outline,
        choice: &syn::ExprMatch,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        let on = self.lower(&choice.expr);
        let before = self.assigned.clone();
        let mut after = before.clone();
        let (mut arms, mut arm_tokens) = (Vec::new(), TokenStream::new());
        for arm in &choice.arms {
            self.assigned.clone_from(&before);
            let mark = self.mark();
            let (pattern, guard) = guarded(&arm.pat);
            let (pattern, pattern_tokens) = self.pattern(pattern);
            let condition = guard.map(|guard| self.lower(guard));
            let statements = match &*arm.body {
                Expr::Block(block) => block.block.stmts.clone(),
                single => vec![Stmt::Expr(single.clone(), None)],
            };
            let (inner, code) = self.inner(reading, outline, &statements);
            self.forget(mark);
            after.extend(self.assigned.iter().cloned());
            let condition_tokens = condition.as_ref().map(|condition| {
                let tokens = &condition.tokens;
                quote!(if #tokens)
            });
            arm_tokens.extend(quote!(#pattern_tokens #condition_tokens => { #code }));
            arms.push(StepArm { pattern, condition: condition.map(|lowered| lowered.model), steps: inner });
        }
        self.assigned = after;
        steps.push(Step::Match { on: on.model, arms: keep_all(arms) });
        let on_tokens = on.tokens;
        tokens.extend(quote!(match &#on_tokens { #arm_tokens }));
    }
}
