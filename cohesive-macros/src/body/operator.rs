//! Operators, and the checked functions behind those that calculate.

use cohesive_core::model::{BinaryOperator, Expr as Model, Literal};
use proc_macro2::{Ident, Span};
use quote::quote_spanned;
use syn::BinOp;
use syn::spanned::Spanned as _;

use super::Lowered;
use crate::name::keep_one;

/// An operator that calculates, with the checked function behind it.
#[derive(Clone, Copy)]
pub(super) struct Calculation {
    operator: BinaryOperator,
    function: &'static str,
    at: Span,
}

impl Calculation {
    /// The calculation that an operator stands for, if it stands for one.
    pub(super) fn of(op: &BinOp) -> Option<Self> {
        let operator = operator(op)?;
        let function = match operator {
            BinaryOperator::Add => "add",
            BinaryOperator::Subtract => "subtract",
            BinaryOperator::Multiply => "multiply",
            BinaryOperator::Divide => "divide",
            BinaryOperator::Remainder => "remainder",
            _ => return None,
        };
        Some(Self { operator, function, at: op.span() })
    }

    /// The calculation that an assignment such as `+=` stands for.
    pub(super) fn assigned(op: &BinOp) -> Option<Self> {
        let assigns = matches!(
            op,
            BinOp::AddAssign(_)
                | BinOp::SubAssign(_)
                | BinOp::MulAssign(_)
                | BinOp::DivAssign(_)
                | BinOp::RemAssign(_)
        );
        Self::of(op).filter(|_| assigns)
    }

    /// Its result. The call of the checked function stands where the operator does.
    pub(super) fn lowered(self, left: Lowered, right: Lowered) -> Lowered {
        let span = Span::mixed_site().located_at(self.at);
        let function = Ident::new(self.function, span);
        let model = Model::Binary(self.operator, keep_one(left.model), keep_one(right.model));
        // Numbers without a type get theirs from where they stand, which a call would hide.
        if let Some(number) = literal(&model) {
            let digits = proc_macro2::Literal::i128_unsuffixed(number.abs());
            let sign = (number < 0).then(|| quote_spanned!(span=> -));
            return Lowered::value(model, quote_spanned!(span=> #sign #digits));
        }
        let (left_tokens, right_tokens) = (left.tokens, right.tokens);
        Lowered::value(
            model,
            quote_spanned!(span=> ::cohesive::__private::arithmetic::#function(#left_tokens, #right_tokens)?),
        )
    }
}

/// The number that an expression of literals stands for.
fn literal(model: &Model) -> Option<i128> {
    match model {
        Model::Literal(Literal::Int(number)) => Some(*number),
        Model::Binary(operator, left, right) => {
            let (left, right) = (literal(left)?, literal(right)?);
            match operator {
                BinaryOperator::Add => left.checked_add(right),
                BinaryOperator::Subtract => left.checked_sub(right),
                BinaryOperator::Multiply => left.checked_mul(right),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The model's name of an operator, if it has one.
pub(super) fn operator(operator: &BinOp) -> Option<BinaryOperator> {
    Some(match operator {
        BinOp::Eq(_) => BinaryOperator::Equal,
        BinOp::Ne(_) => BinaryOperator::NotEqual,
        BinOp::Lt(_) => BinaryOperator::Less,
        BinOp::Le(_) => BinaryOperator::LessOrEqual,
        BinOp::Gt(_) => BinaryOperator::Greater,
        BinOp::Ge(_) => BinaryOperator::GreaterOrEqual,
        BinOp::And(_) => BinaryOperator::And,
        BinOp::Or(_) => BinaryOperator::Or,
        BinOp::Add(_) | BinOp::AddAssign(_) => BinaryOperator::Add,
        BinOp::Sub(_) | BinOp::SubAssign(_) => BinaryOperator::Subtract,
        BinOp::Mul(_) | BinOp::MulAssign(_) => BinaryOperator::Multiply,
        BinOp::Div(_) | BinOp::DivAssign(_) => BinaryOperator::Divide,
        BinOp::Rem(_) | BinOp::RemAssign(_) => BinaryOperator::Remainder,
        _ => return None,
    })
}
