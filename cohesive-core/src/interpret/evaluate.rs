//! The value of an expression.

use crate::model::{Arm, BinaryOperator, Expr, FoldOperator, Literal, UnaryOperator};
use crate::value::Decimal;

use super::compare::{equal, order};
use super::{Content, Scope, Stop, calculate};

impl Scope<'_> {
    /// The value of `expr`.
    ///
    /// # Errors
    /// When it has none: a calculation without a result, a field that was not observed, or something that the model
    /// knows by its name only.
    pub fn evaluate(&mut self, expr: &Expr) -> Result<Content, Stop> {
        match expr {
            Expr::Field(name) => self.field(name).cloned(),
            Expr::Input(name) => self.parameter(name).cloned(),
            Expr::Context(name) => self.recorded(name),
            Expr::Local(name) => self.local(name).cloned(),
            Expr::Literal(value) => literal(*value),
            Expr::Path(path) => self.names.path(self.place, path),
            Expr::Unary(UnaryOperator::Not, operand) => Ok(Content::Bool(!self.truth(operand)?)),
            Expr::Unary(UnaryOperator::Negate, operand) => calculate::negate(&self.evaluate(operand)?),
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right),
            Expr::Call { receiver, method, arguments } => self.call(receiver, method, arguments),
            Expr::Member(record, name) => {
                let record = self.evaluate(record)?;
                let member = record.member(name).map(std::borrow::Cow::into_owned);
                member.ok_or_else(|| Stop::opaque(format!("`.{name}` of {}", record.kind())))
            }
            Expr::If { condition, then, otherwise } => {
                let holds = self.truth(condition)?;
                self.evaluate(if holds { then } else { otherwise })
            }
            Expr::Match { on, arms } => self.choose(on, arms),
            Expr::Record { name, members, base } => self.record(name, members, *base),
            Expr::Construct { name, arguments } => self.construct(name, arguments),
            Expr::List(items) => {
                items.iter().map(|item| self.evaluate(item)).collect::<Result<_, _>>().map(Content::List)
            }
            Expr::Concat(parts) => {
                let mut text = String::new();
                for part in *parts {
                    text.push_str(&shown(&self.evaluate(part)?)?);
                }
                Ok(Content::Text(text))
            }
            Expr::Fold { fold, list, binding, body } => self.fold(*fold, list, binding, body),
            Expr::Native { name, .. } => Err(Stop::opaque(format!("the helper `{name}`"))),
            Expr::Let { name, value, body } => {
                let shape = self.shape(value);
                let value = self.evaluate(value)?;
                let mark = self.mark();
                self.bind(name, value, shape);
                let result = self.evaluate(body);
                self.forget(mark);
                result
            }
        }
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// As for [`Scope::evaluate`].
    pub fn truth(&mut self, condition: &Expr) -> Result<bool, Stop> {
        match self.evaluate(condition)? {
            Content::Bool(holds) => Ok(holds),
            other => Err(Stop::opaque(format!("{} as a condition", other.kind()))),
        }
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Expr, right: &Expr) -> Result<Content, Stop> {
        match operator {
            BinaryOperator::And => return Ok(Content::Bool(self.truth(left)? && self.truth(right)?)),
            BinaryOperator::Or => return Ok(Content::Bool(self.truth(left)? || self.truth(right)?)),
            _ => {}
        }
        let (left, right) = (self.evaluate(left)?, self.evaluate(right)?);
        let ordered = |permitted: fn(std::cmp::Ordering) -> bool| {
            order(&left, &right).map(|order| Content::Bool(order.is_some_and(permitted)))
        };
        match operator {
            BinaryOperator::Equal => equal(&left, &right).map(Content::Bool),
            BinaryOperator::NotEqual => equal(&left, &right).map(|equal| Content::Bool(!equal)),
            BinaryOperator::Less => ordered(std::cmp::Ordering::is_lt),
            BinaryOperator::LessOrEqual => ordered(std::cmp::Ordering::is_le),
            BinaryOperator::Greater => ordered(std::cmp::Ordering::is_gt),
            BinaryOperator::GreaterOrEqual => ordered(std::cmp::Ordering::is_ge),
            calculation => calculate::binary(calculation, &left, &right),
        }
    }

    fn choose(&mut self, on: &Expr, arms: &[Arm]) -> Result<Content, Stop> {
        let shape = self.shape(on);
        let value = self.evaluate(on)?;
        for arm in arms {
            let mark = self.mark();
            let fits = self.fits(&arm.pattern, &value, shape.as_ref())?
                && arm.condition.as_ref().map_or(Ok(true), |condition| self.truth(condition))?;
            let result = fits.then(|| self.evaluate(&arm.value));
            self.forget(mark);
            if let Some(result) = result {
                return result;
            }
        }
        Err(Stop::opaque("a choice of which no way fits"))
    }

    fn fold(
        &mut self,
        fold: FoldOperator,
        list: &Expr,
        binding: &'static str,
        body: &Expr,
    ) -> Result<Content, Stop> {
        let shape = self.shape(list).and_then(|list| list.element());
        let items = match self.evaluate(list)? {
            Content::List(items) | Content::Set(items) => items,
            other => return Err(Stop::opaque(format!("a fold over {}", other.kind()))),
        };
        let mut folded = match fold {
            FoldOperator::Any => Content::Bool(false),
            FoldOperator::All => Content::Bool(true),
            FoldOperator::Count => Content::Size(0),
            FoldOperator::Sum => Content::Number(0),
            FoldOperator::Min | FoldOperator::Max | FoldOperator::Find => Content::Absent,
        };
        if fold == FoldOperator::Sum {
            folded = match (self.zero(list, binding, body), items.is_empty()) {
                (Err(stop), true) => return Err(stop),
                (zero, _) => zero.unwrap_or(folded),
            };
        }
        for item in items {
            let mark = self.mark();
            self.bind(binding, item.clone(), shape.clone());
            let value = self.evaluate(body);
            self.forget(mark);
            if step(fold, &mut folded, value?, item)? {
                break;
            }
        }
        Ok(folded)
    }
}

/// One more element of a fold; `true` ends it.
fn step(fold: FoldOperator, folded: &mut Content, value: Content, item: Content) -> Result<bool, Stop> {
    let holds = || match value {
        Content::Bool(holds) => Ok(holds),
        ref other => Err(Stop::opaque(format!("{} as a condition", other.kind()))),
    };
    match fold {
        FoldOperator::Any if holds()? => *folded = Content::Bool(true),
        FoldOperator::All if !holds()? => *folded = Content::Bool(false),
        FoldOperator::Find if holds()? => *folded = Content::present(item),
        FoldOperator::Any | FoldOperator::All | FoldOperator::Find => return Ok(false),
        FoldOperator::Count => {
            if let (true, Content::Size(count)) = (holds()?, &mut *folded) {
                *count += 1;
            }
            return Ok(false);
        }
        FoldOperator::Sum => {
            // What the shape did not tell, the first element does: a sum begins with zero of its type.
            let zero = match (&*folded, &value) {
                (Content::Number(0), Content::Decimal(_)) => Content::Decimal(Decimal::default()),
                (known, _) => known.clone(),
            };
            *folded = calculate::binary(BinaryOperator::Add, &zero, &value)?;
            return Ok(false);
        }
        FoldOperator::Min | FoldOperator::Max => {
            let better =
                match &*folded {
                    Content::Present(best) => {
                        let order = order(&value, best)?;
                        order.is_some_and(|order| {
                            if fold == FoldOperator::Min { order.is_lt() } else { order.is_gt() }
                        })
                    }
                    _ => true,
                };
            if better {
                *folded = Content::present(value);
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// The value of a literal.
pub(super) fn literal(literal: Literal) -> Result<Content, Stop> {
    Ok(match literal {
        Literal::Bool(value) => Content::Bool(value),
        Literal::Int(value) => Content::Number(value),
        Literal::Text(text) => Content::Text(text.to_owned()),
        Literal::Decimal(text) => {
            Content::Decimal(text.parse().map_err(|_| Stop::opaque(format!("the decimal `{text}`")))?)
        }
    })
}

/// A value as `format!` shows it.
fn shown(value: &Content) -> Result<String, Stop> {
    Ok(match value {
        Content::Text(text) => text.clone(),
        Content::Variant(..) => value.as_variant().map_or("", |variant| variant.wire).to_owned(),
        Content::Bool(_)
        | Content::Int32(_)
        | Content::Int64(_)
        | Content::UInt32(_)
        | Content::Size(_)
        | Content::Number(_)
        | Content::Decimal(_)
        | Content::Timestamp(_)
        | Content::Date(_)
        | Content::Duration(_)
        | Content::Uuid(_)
        | Content::Currency(_)
        | Content::Money(_) => value.to_string(),
        other => return Err(Stop::opaque(format!("{} as text", other.kind()))),
    })
}
