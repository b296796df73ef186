//! The model as tokens: the constants that generated code holds.

use cohesive_core::model::{
    Allowance, Arm, At, BinaryOperator, Conflict, Expr, FoldOperator, Guard, Literal, Pattern, RejectionCase,
    Rule, Step, StepArm, UnaryOperator,
};
use proc_macro2::{Literal as Number, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::report::Report;

/// A place, as the line of the user's token.
pub(crate) fn at(report: &Report, at: At) -> TokenStream {
    let line = quote_spanned!(report.span(at)=> ::core::line!());
    quote!(::cohesive::__private::model::At(#line))
}

/// An optional constant.
pub(crate) fn option(value: Option<TokenStream>) -> TokenStream {
    let Some(value) = value else { return quote!(::core::option::Option::None) };
    quote!(::core::option::Option::Some(#value))
}

/// An expression.
pub(crate) fn expr(value: &Expr) -> TokenStream {
    let body = match value {
        Expr::Field(name) => quote!(Field(#name)),
        Expr::Input(name) => quote!(Input(#name)),
        Expr::Context(name) => quote!(Context(#name)),
        Expr::Local(name) => quote!(Local(#name)),
        Expr::Literal(value) => {
            let value = literal(value);
            quote!(Literal(#value))
        }
        Expr::Path(name) => quote!(Path(#name)),
        Expr::Unary(operator, operand) => {
            let operator = match operator {
                UnaryOperator::Not => quote!(Not),
                UnaryOperator::Negate => quote!(Negate),
            };
            let operand = expr(operand);
            quote!(Unary(::cohesive::__private::model::UnaryOperator::#operator, &#operand))
        }
        Expr::Binary(operator, left, right) => {
            let (operator, left, right) = (binary(*operator), expr(left), expr(right));
            quote!(Binary(::cohesive::__private::model::BinaryOperator::#operator, &#left, &#right))
        }
        Expr::Call { receiver, method, arguments } => {
            let receiver = expr(receiver);
            let arguments = arguments.iter().map(expr);
            quote!(Call { receiver: &#receiver, method: #method, arguments: &[#(#arguments),*] })
        }
        Expr::Member(record, name) => {
            let record = expr(record);
            quote!(Member(&#record, #name))
        }
        Expr::If { condition, then, otherwise } => {
            let (condition, then, otherwise) = (expr(condition), expr(then), expr(otherwise));
            quote!(If { condition: &#condition, then: &#then, otherwise: &#otherwise })
        }
        Expr::Match { on, arms } => {
            let on = expr(on);
            let arms = arms.iter().map(arm);
            quote!(Match { on: &#on, arms: &[#(#arms),*] })
        }
        Expr::Record { name, members, base } => {
            let members = members.iter().map(|(name, value)| {
                let value = expr(value);
                quote!((#name, #value))
            });
            let base = option(base.map(|base| {
                let base = expr(base);
                quote!(&#base)
            }));
            quote!(Record { name: #name, members: &[#(#members),*], base: #base })
        }
        Expr::Native { name, reads, arguments } => {
            let arguments = arguments.iter().map(expr);
            quote!(Native { name: #name, reads: &[#(#reads),*], arguments: &[#(#arguments),*] })
        }
        Expr::Construct { name, arguments } => {
            let arguments = arguments.iter().map(expr);
            quote!(Construct { name: #name, arguments: &[#(#arguments),*] })
        }
        Expr::List(items) => {
            let items = items.iter().map(expr);
            quote!(List(&[#(#items),*]))
        }
        Expr::Concat(parts) => {
            let parts = parts.iter().map(expr);
            quote!(Concat(&[#(#parts),*]))
        }
        Expr::Fold { fold, list, binding, body } => {
            let (fold, list, body) = (fold_operator(*fold), expr(list), expr(body));
            quote!(Fold { fold: #fold, list: &#list, binding: #binding, body: &#body })
        }
        Expr::Let { name, value, body } => {
            let (value, body) = (expr(value), expr(body));
            quote!(Let { name: #name, value: &#value, body: &#body })
        }
    };
    quote!(::cohesive::__private::model::Expr::#body)
}

fn literal(value: &Literal) -> TokenStream {
    let body = match value {
        Literal::Bool(value) => quote!(Bool(#value)),
        Literal::Int(value) => {
            let number = Number::i128_suffixed(*value);
            quote!(Int(#number))
        }
        Literal::Text(value) => quote!(Text(#value)),
        Literal::Decimal(value) => quote!(Decimal(#value)),
    };
    quote!(::cohesive::__private::model::Literal::#body)
}

fn binary(operator: BinaryOperator) -> TokenStream {
    let name = format_ident!("{}", format!("{operator:?}"));
    quote!(#name)
}

fn fold_operator(operator: FoldOperator) -> TokenStream {
    let name = format_ident!("{}", format!("{operator:?}"));
    quote!(::cohesive::__private::model::FoldOperator::#name)
}

fn arm(arm: &Arm) -> TokenStream {
    let pattern = pattern(&arm.pattern);
    let condition = option(arm.condition.as_ref().map(expr));
    let value = expr(&arm.value);
    quote!(::cohesive::__private::model::Arm { pattern: #pattern, condition: #condition, value: #value })
}

fn pattern(value: &Pattern) -> TokenStream {
    let body = match value {
        Pattern::Any => quote!(Any),
        Pattern::Bind(name) => quote!(Bind(#name)),
        Pattern::Literal(value) => {
            let value = literal(value);
            quote!(Literal(#value))
        }
        Pattern::Path(name) => quote!(Path(#name)),
        Pattern::Construct { name, arguments } => {
            let arguments = arguments.iter().map(pattern);
            quote!(Construct { name: #name, arguments: &[#(#arguments),*] })
        }
        Pattern::OneOf(patterns) => {
            let patterns = patterns.iter().map(pattern);
            quote!(OneOf(&[#(#patterns),*]))
        }
    };
    quote!(::cohesive::__private::model::Pattern::#body)
}

/// Steps, in order.
pub(crate) fn steps(report: &Report, values: &[Step]) -> TokenStream {
    let steps = values.iter().map(|value| step(report, value));
    quote!(&[#(#steps),*])
}

fn step(report: &Report, value: &Step) -> TokenStream {
    let body = match value {
        Step::Let { name, value } => {
            let value = expr(value);
            quote!(Let { name: #name, value: #value })
        }
        Step::Set { field, value, at: place } => {
            let (value, place) = (expr(value), at(report, *place));
            quote!(Set { field: #field, value: #value, at: #place })
        }
        Step::Change { field, change, operands, at: place } => {
            let (change, place) = (format_ident!("{}", format!("{change:?}")), at(report, *place));
            let operands = operands.iter().map(expr);
            quote!(Change {
                field: #field,
                change: ::cohesive::__private::model::Change::#change,
                operands: &[#(#operands),*],
                at: #place,
            })
        }
        Step::Emit { message, payload, at: place } => {
            let (payload, place) = (expr(payload), at(report, *place));
            quote!(Emit { message: #message, payload: #payload, at: #place })
        }
        Step::Request { message, payload, at: place } => {
            let (payload, place) = (expr(payload), at(report, *place));
            quote!(Request { message: #message, payload: #payload, at: #place })
        }
        Step::Reject { name } => quote!(Reject { name: #name }),
        Step::If { condition, then, otherwise } => {
            let (condition, then, otherwise) =
                (expr(condition), steps(report, then), steps(report, otherwise));
            quote!(If { condition: #condition, then: #then, otherwise: #otherwise })
        }
        Step::Match { on, arms } => {
            let on = expr(on);
            let arms = arms.iter().map(|arm| step_arm(report, arm));
            quote!(Match { on: #on, arms: &[#(#arms),*] })
        }
    };
    quote!(::cohesive::__private::model::Step::#body)
}

fn step_arm(report: &Report, arm: &StepArm) -> TokenStream {
    let pattern = pattern(&arm.pattern);
    let condition = option(arm.condition.as_ref().map(expr));
    let steps = steps(report, arm.steps);
    quote!(::cohesive::__private::model::StepArm { pattern: #pattern, condition: #condition, steps: #steps })
}

/// Allowances as the setting of an item; nothing where there are none.
pub(crate) fn allowances(report: &Report, values: &[Allowance]) -> TokenStream {
    if values.is_empty() {
        return TokenStream::new();
    }
    let values = values.iter().map(|Allowance { code, reason, at: place }| {
        let place = at(report, *place);
        quote!(::cohesive::__private::model::Allowance { code: #code, reason: #reason, at: #place })
    });
    quote!(allowances: &[#(#values),*],)
}

/// A guard.
pub(crate) fn guard(report: &Report, guard: &Guard) -> TokenStream {
    let Guard { name, message, condition, at: place } = guard;
    let (condition, place) = (expr(condition), at(report, *place));
    quote!(::cohesive::__private::model::Guard { name: #name, message: #message, condition: #condition, at: #place })
}

/// A refusal that a body declares.
pub(crate) fn rejection(report: &Report, case: &RejectionCase) -> TokenStream {
    let RejectionCase { name, message, at: place } = case;
    let place = at(report, *place);
    quote!(::cohesive::__private::model::RejectionCase { name: #name, message: #message, at: #place })
}

/// What a constraint demands.
pub(crate) fn rule(rule: &Rule) -> TokenStream {
    let body = match rule {
        Rule::Range { least, greatest, inclusive } => {
            let (least, greatest) = (option(least.as_ref().map(expr)), option(greatest.as_ref().map(expr)));
            quote!(Range { least: #least, greatest: #greatest, inclusive: #inclusive })
        }
        Rule::Length { least, greatest } => {
            let greatest = option(greatest.map(|greatest| quote!(#greatest)));
            quote!(Length { least: #least, greatest: #greatest })
        }
        Rule::Pattern(source) => quote!(Pattern(#source)),
        Rule::Check(condition) => {
            let condition = expr(condition);
            quote!(Check(#condition))
        }
    };
    quote!(::cohesive::__private::model::Rule::#body)
}

/// A conflict policy.
pub(crate) fn conflict(policy: Conflict) -> TokenStream {
    let name = format_ident!("{}", format!("{policy:?}"));
    quote!(::cohesive::__private::model::Conflict::#name)
}
