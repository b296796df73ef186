//! Expressions as JSON.

use serde_json::{Value as Json, json};

use crate::model::{Expr, Literal, Pattern, UnaryOperator};

pub(super) fn expr(value: &Expr) -> Json {
    let all = |items: &[Expr]| items.iter().map(expr).collect::<Vec<_>>();
    match value {
        Expr::Field(name) => json!({ "field": name }),
        Expr::Input(name) => json!({ "input": name }),
        Expr::Context(name) => json!({ "context": name }),
        Expr::Local(name) => json!({ "local": name }),
        Expr::Path(name) => json!({ "path": name }),
        Expr::Literal(value) => literal(value),
        Expr::Unary(UnaryOperator::Not, operand) => json!({ "not": expr(operand) }),
        Expr::Unary(UnaryOperator::Negate, operand) => json!({ "negate": expr(operand) }),
        Expr::Binary(operator, left, right) => {
            json!({ "operator": operator.symbol(), "left": expr(left), "right": expr(right) })
        }
        Expr::Call { receiver, method, arguments } => {
            json!({ "call": method, "on": expr(receiver), "arguments": all(arguments) })
        }
        Expr::Member(record, name) => json!({ "member": name, "of": expr(record) }),
        Expr::If { condition, then, otherwise } => {
            json!({ "if": expr(condition), "then": expr(then), "else": expr(otherwise) })
        }
        Expr::Match { on, arms } => {
            let arms = arms.iter().map(|arm| {
                json!({
                    "pattern": pattern(&arm.pattern),
                    "condition": arm.condition.as_ref().map(expr),
                    "value": expr(&arm.value),
                })
            });
            json!({ "match": expr(on), "arms": arms.collect::<Vec<_>>() })
        }
        Expr::Record { name, members, base } => {
            let members = members.iter().map(|(name, value)| json!({ "name": name, "value": expr(value) }));
            let members = members.collect::<Vec<_>>();
            json!({ "record": name, "members": members, "base": base.map(expr) })
        }
        Expr::Native { name, reads, arguments } => {
            json!({ "native": name, "reads": reads, "arguments": all(arguments) })
        }
        Expr::Construct { name, arguments } => json!({ "construct": name, "arguments": all(arguments) }),
        Expr::List(items) => json!({ "list": all(items) }),
        Expr::Concat(parts) => json!({ "concat": all(parts) }),
        Expr::Fold { fold, list, binding, body } => {
            json!({ "fold": fold.word(), "list": expr(list), "binding": binding, "body": expr(body) })
        }
        Expr::Let { name, value, body } => json!({ "let": name, "value": expr(value), "body": expr(body) }),
    }
}

fn literal(value: &Literal) -> Json {
    match value {
        Literal::Bool(value) => json!({ "bool": value }),
        // As text, because JSON numbers are exact to 53 bits only.
        Literal::Int(value) => json!({ "int": value.to_string() }),
        Literal::Text(value) => json!({ "text": value }),
        Literal::Decimal(value) => json!({ "decimal": value }),
    }
}

pub(super) fn pattern(value: &Pattern) -> Json {
    match value {
        Pattern::Any => json!("any"),
        Pattern::Bind(name) => json!({ "bind": name }),
        Pattern::Literal(value) => json!({ "literal": literal(value) }),
        Pattern::Path(name) => json!({ "path": name }),
        Pattern::Construct { name, arguments } => {
            json!({ "construct": name, "arguments": arguments.iter().map(pattern).collect::<Vec<_>>() })
        }
        Pattern::OneOf(choices) => json!({ "one-of": choices.iter().map(pattern).collect::<Vec<_>>() }),
    }
}
