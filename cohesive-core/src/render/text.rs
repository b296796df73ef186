//! Expressions as people write them.

use std::fmt::{self, Display, Formatter};

use crate::model::{Expr, FoldOperator, Literal, Pattern, Rule, UnaryOperator};

impl Display for Literal {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Int(value) => write!(formatter, "{value}"),
            Self::Text(value) => write!(formatter, "{value:?}"),
            Self::Decimal(value) => formatter.write_str(value),
        }
    }
}

/// An expression reads as its author wrote it, apart from spacing and brackets that change nothing.
impl Display for Expr {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(formatter, "self.{name}"),
            Self::Input(name) | Self::Local(name) | Self::Path(name) => formatter.write_str(name),
            Self::Context(name) => write!(formatter, "context.{name}()"),
            Self::Literal(value) => value.fmt(formatter),
            Self::Unary(UnaryOperator::Not, operand) => write!(formatter, "!{}", Operand(operand)),
            Self::Unary(UnaryOperator::Negate, operand) => write!(formatter, "-{}", Operand(operand)),
            Self::Binary(operator, left, right) => {
                write!(formatter, "{} {} {}", Operand(left), operator.symbol(), Operand(right))
            }
            Self::Call { receiver, method, arguments } => {
                write!(formatter, "{}.{method}(", Operand(receiver))?;
                list(formatter, arguments)?;
                formatter.write_str(")")
            }
            Self::Member(record, name) => write!(formatter, "{}.{name}", Operand(record)),
            Self::If { condition, then, otherwise } => {
                write!(formatter, "if {condition} {{ {then} }} else {{ {otherwise} }}")
            }
            Self::Match { on, arms } => {
                write!(formatter, "match {on} {{ ")?;
                for (index, arm) in arms.iter().enumerate() {
                    let joint = if index == 0 { "" } else { ", " };
                    write!(formatter, "{joint}{}", arm.pattern)?;
                    if let Some(condition) = &arm.condition {
                        write!(formatter, " if {condition}")?;
                    }
                    write!(formatter, " => {}", arm.value)?;
                }
                formatter.write_str(" }")
            }
            Self::Record { name, members, base } => {
                write!(formatter, "{name} {{ ")?;
                for (index, (member, value)) in members.iter().enumerate() {
                    let joint = if index == 0 { "" } else { ", " };
                    write!(formatter, "{joint}{member}: {value}")?;
                }
                if let Some(base) = base {
                    write!(formatter, ", ..{base}")?;
                }
                formatter.write_str(" }")
            }
            Self::Construct { name, arguments } => {
                write!(formatter, "{name}(")?;
                list(formatter, arguments)?;
                formatter.write_str(")")
            }
            Self::List(items) => {
                formatter.write_str("vec![")?;
                list(formatter, items)?;
                formatter.write_str("]")
            }
            Self::Concat(parts) => concat(formatter, parts),
            Self::Fold { fold, list, binding, body } => folded(formatter, *fold, list, binding, body),
            Self::Native { name, arguments, .. } => {
                write!(formatter, "self.{name}(")?;
                list(formatter, arguments)?;
                formatter.write_str(")")
            }
            Self::Let { name, value, body } => write!(formatter, "{{ let {name} = {value}; {body} }}"),
        }
    }
}

/// An expression as part of another: in brackets where it needs them.
struct Operand<'a>(&'a Expr);

impl Display for Operand<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expr::Binary(..) | Expr::If { .. } | Expr::Match { .. } | Expr::Let { .. } => {
                write!(formatter, "({})", self.0)
            }
            other => other.fmt(formatter),
        }
    }
}

/// A fold, with the adapter that it is written with.
fn folded(
    formatter: &mut Formatter<'_>,
    fold: FoldOperator,
    list: &Expr,
    binding: &str,
    body: &Expr,
) -> fmt::Result {
    let (list, word) = (Operand(list), fold.word());
    match fold {
        FoldOperator::Any | FoldOperator::All | FoldOperator::Find => {
            write!(formatter, "{list}.iter().{word}(|{binding}| {body})")
        }
        FoldOperator::Count => write!(formatter, "{list}.iter().filter(|{binding}| {body}).{word}()"),
        FoldOperator::Sum | FoldOperator::Min | FoldOperator::Max => {
            write!(formatter, "{list}.iter().map(|{binding}| {body}).{word}()")
        }
    }
}

/// `format!`, with the parts that are text in the format itself.
fn concat(formatter: &mut Formatter<'_>, parts: &[Expr]) -> fmt::Result {
    let mut format = String::new();
    for part in parts {
        match part {
            Expr::Literal(Literal::Text(text)) => {
                format.push_str(&text.replace('{', "{{").replace('}', "}}"));
            }
            _ => format.push_str("{}"),
        }
    }
    write!(formatter, "format!({format:?}")?;
    for part in parts.iter().filter(|part| !matches!(part, Expr::Literal(Literal::Text(_)))) {
        write!(formatter, ", {part}")?;
    }
    formatter.write_str(")")
}

fn list(formatter: &mut Formatter<'_>, items: &[Expr]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        let joint = if index == 0 { "" } else { ", " };
        write!(formatter, "{joint}{item}")?;
    }
    Ok(())
}

impl Display for Pattern {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => formatter.write_str("_"),
            Self::Bind(name) | Self::Path(name) => formatter.write_str(name),
            Self::Literal(value) => value.fmt(formatter),
            Self::Construct { name, arguments } => {
                write!(formatter, "{name}(")?;
                patterns(formatter, arguments, ", ")?;
                formatter.write_str(")")
            }
            Self::OneOf(choices) => patterns(formatter, choices, " | "),
        }
    }
}

fn patterns(formatter: &mut Formatter<'_>, patterns: &[Pattern], joint: &str) -> fmt::Result {
    for (index, pattern) in patterns.iter().enumerate() {
        let joint = if index == 0 { "" } else { joint };
        write!(formatter, "{joint}{pattern}")?;
    }
    Ok(())
}

/// A demand as it is written: `range(1..=20)`, `length(..=40)`, `pattern("[A-Z]{3}")`, or the condition.
impl Display for Rule {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range { least, greatest, inclusive } => {
                formatter.write_str("range(")?;
                bound(formatter, least.as_ref())?;
                formatter.write_str(if *inclusive && greatest.is_some() { "..=" } else { ".." })?;
                bound(formatter, greatest.as_ref())?;
                formatter.write_str(")")
            }
            Self::Length { least, greatest } => match greatest {
                Some(greatest) if *least == 0 => write!(formatter, "length(..={greatest})"),
                Some(greatest) => write!(formatter, "length({least}..={greatest})"),
                None => write!(formatter, "length({least}..)"),
            },
            Self::Pattern(pattern) => write!(formatter, "pattern({pattern:?})"),
            Self::Check(condition) => condition.fmt(formatter),
        }
    }
}

fn bound(formatter: &mut Formatter<'_>, bound: Option<&Expr>) -> fmt::Result {
    bound.map_or(Ok(()), |bound| Operand(bound).fmt(formatter))
}

#[cfg(test)]
mod tests {
    use crate::model::{Expr, FoldOperator, Literal, Rule};

    const LINES: Expr = Expr::Field("lines");
    const LINE: Expr = Expr::Local("line");
    const ONE: Expr = Expr::Literal(Literal::Int(1));
    const NINE: Expr = Expr::Literal(Literal::Int(9));

    #[test]
    fn folds_read_with_their_adapters() {
        let fold = |fold| Expr::Fold { fold, list: &LINES, binding: "line", body: &LINE }.to_string();
        assert_eq!(fold(FoldOperator::Any), "self.lines.iter().any(|line| line)");
        assert_eq!(fold(FoldOperator::All), "self.lines.iter().all(|line| line)");
        assert_eq!(fold(FoldOperator::Find), "self.lines.iter().find(|line| line)");
        assert_eq!(fold(FoldOperator::Count), "self.lines.iter().filter(|line| line).count()");
        assert_eq!(fold(FoldOperator::Sum), "self.lines.iter().map(|line| line).sum()");
        assert_eq!(fold(FoldOperator::Min), "self.lines.iter().map(|line| line).min()");
        assert_eq!(fold(FoldOperator::Max), "self.lines.iter().map(|line| line).max()");
    }

    #[test]
    fn texts_are_put_together_as_they_are_written() {
        const BRACES: Expr = Expr::Literal(Literal::Text("{a} \"b\" "));
        assert_eq!(Expr::Concat(&[BRACES, LINES]).to_string(), r#"format!("{{a}} \"b\" {}", self.lines)"#);
        assert_eq!(Expr::List(&[ONE, NINE]).to_string(), "vec![1, 9]");
    }

    #[test]
    fn constraints_read_as_they_are_written() {
        let range = |least, greatest, inclusive| Rule::Range { least, greatest, inclusive }.to_string();
        assert_eq!(range(Some(ONE), Some(NINE), true), "range(1..=9)");
        assert_eq!(range(Some(ONE), Some(NINE), false), "range(1..9)");
        assert_eq!(range(None, Some(NINE), true), "range(..=9)");
        assert_eq!(range(Some(ONE), None, false), "range(1..)");
        let length = |least, greatest| Rule::Length { least, greatest }.to_string();
        assert_eq!(length(0, Some(9)), "length(..=9)");
        assert_eq!(length(1, Some(9)), "length(1..=9)");
        assert_eq!(length(1, None), "length(1..)");
        assert_eq!(Rule::Pattern("\\d").to_string(), "pattern(\"\\\\d\")");
        assert_eq!(Rule::Check(LINES).to_string(), "self.lines");
    }
}
