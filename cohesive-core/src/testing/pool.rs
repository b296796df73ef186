//! Values that are worth trying again: those of the current state, of earlier inputs, and of the model's own
//! conditions.

use crate::interpret::{Content, Document, Interpreter};
use crate::model::{self, Expr, Literal, Pattern, Rule, Step, Type};
use crate::value::Decimal;

/// Values with their types.
#[derive(Debug, Default, Clone)]
pub(super) struct Pool(Vec<(Type, Content)>);

/// More values than one walk can use.
const LIMIT: usize = 256;

impl Pool {
    /// The values that the conditions of a model compare with, and the constants that its code names.
    pub(super) fn of(interpreter: &Interpreter) -> Self {
        let mut pool = Self::default();
        interpreter.constants().for_each(|constant| pool.plain(constant));
        let entity = interpreter.entity();
        for field in entity.structure.fields {
            field.constraints.iter().for_each(|constraint| pool.rule(&constraint.rule));
            if let model::Mutability::Computed(computed) = &field.mutability {
                pool.expr(computed);
            }
        }
        for invariant in entity.invariants {
            pool.expr(&invariant.condition);
        }
        for transition in entity.transitions {
            transition.guards.iter().for_each(|guard| pool.expr(&guard.condition));
            pool.steps(transition.steps);
            for parameter in transition.parameters {
                parameter.constraints.iter().for_each(|constraint| pool.rule(&constraint.rule));
            }
        }
        pool
    }

    /// The values of one type.
    pub(super) fn of_type<'a>(&'a self, ty: &'a Type) -> impl Iterator<Item = &'a Content> {
        self.0.iter().filter(move |(known, _)| known == ty).map(|(_, value)| value)
    }

    /// Takes the fields of an entity in.
    pub(super) fn fields(&mut self, structure: &model::Structure, state: &Document) {
        for field in structure.fields {
            if let Some(value) = state.get(field.name) {
                self.whole(&field.ty, value);
            }
        }
    }

    /// Takes the values of an input in.
    pub(super) fn parameters(&mut self, parameters: &[model::Parameter], input: &Document) {
        for parameter in parameters {
            if let Some(value) = input.get(parameter.name) {
                self.whole(&parameter.ty, value);
            }
        }
    }

    /// Takes a value in, with the values that it is made of.
    fn whole(&mut self, ty: &Type, value: &Content) {
        match (ty, value) {
            (Type::Optional(inner), Content::Present(value)) => self.whole(inner, value),
            (Type::List(inner), Content::List(items)) | (Type::Set(inner), Content::Set(items)) => {
                items.iter().take(4).for_each(|item| self.whole(inner, item));
            }
            (Type::Record(record), value) => {
                self.add(*ty, value.clone());
                for member in record.members {
                    if let Some(part) = value.member(member.name) {
                        self.whole(&member.ty, &part);
                    }
                }
            }
            (_, Content::Absent) => {}
            _ => self.add(*ty, value.clone()),
        }
    }

    fn add(&mut self, ty: Type, value: Content) {
        if self.0.len() < LIMIT && !self.0.iter().any(|known| known.1 == value && known.0 == ty) {
            self.0.push((ty, value));
        }
    }

    /// Takes in a value that says its type itself.
    fn plain(&mut self, value: &Content) {
        let ty = match value {
            Content::Int32(_) => Type::Int32,
            Content::Int64(_) => Type::Int64,
            Content::UInt32(_) => Type::UInt32,
            Content::Decimal(_) => Type::Decimal,
            Content::Text(_) => Type::Text,
            Content::Timestamp(_) => Type::Timestamp,
            Content::Date(_) => Type::Date,
            Content::Duration(_) => Type::Duration,
            Content::Uuid(_) => Type::Uuid,
            Content::Currency(_) => Type::Currency,
            Content::Variant(choice, _) => Type::Enum(choice),
            Content::Number(number) => return self.number(*number),
            Content::Size(size) => return self.number(i128::try_from(*size).unwrap_or_default()),
            _ => return,
        };
        self.add(ty, value.clone());
    }

    /// A number as it is written may be of any width.
    fn number(&mut self, number: i128) {
        let widths = [
            i32::try_from(number).ok().map(|number| (Type::Int32, Content::Int32(number))),
            i64::try_from(number).ok().map(|number| (Type::Int64, Content::Int64(number))),
            u32::try_from(number).ok().map(|number| (Type::UInt32, Content::UInt32(number))),
            Decimal::try_from_i128_with_scale(number, 0)
                .ok()
                .map(|number| (Type::Decimal, Content::Decimal(number))),
        ];
        widths.into_iter().flatten().for_each(|(ty, value)| self.add(ty, value));
    }

    fn rule(&mut self, rule: &Rule) {
        match rule {
            Rule::Range { least, greatest, .. } => {
                least.iter().chain(greatest).for_each(|bound| self.expr(bound));
            }
            Rule::Check(condition) => self.expr(condition),
            Rule::Length { .. } | Rule::Pattern(_) => {}
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Let { value, .. } | Step::Set { value, .. } => self.expr(value),
                Step::Change { operands, .. } => operands.iter().for_each(|operand| self.expr(operand)),
                Step::Emit { .. } | Step::Request { .. } | Step::Reject { .. } => {}
                Step::If { condition, then, otherwise } => {
                    self.expr(condition);
                    self.steps(then);
                    self.steps(otherwise);
                }
                Step::Match { on, arms } => {
                    self.expr(on);
                    for arm in *arms {
                        self.pattern(&arm.pattern);
                        arm.condition.iter().for_each(|condition| self.expr(condition));
                        self.steps(arm.steps);
                    }
                }
            }
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Literal(literal) => self.literal(*literal),
            Pattern::Construct { arguments: parts, .. } | Pattern::OneOf(parts) => {
                parts.iter().for_each(|part| self.pattern(part));
            }
            Pattern::Any | Pattern::Bind(_) | Pattern::Path(_) => {}
        }
    }

    fn literal(&mut self, literal: Literal) {
        match literal {
            Literal::Int(number) => self.number(number),
            Literal::Text(text) => self.add(Type::Text, Content::Text(text.to_owned())),
            Literal::Decimal(text) => {
                if let Ok(value) = text.parse() {
                    self.add(Type::Decimal, Content::Decimal(value));
                }
            }
            Literal::Bool(_) => {}
        }
    }

    /// Every literal of an expression, and the decimals that are put together from two numbers.
    fn expr(&mut self, expr: &Expr) {
        expr.each(&mut |part| match part {
            Expr::Literal(literal) => self.literal(*literal),
            Expr::Construct {
                name: "Decimal::new",
                arguments: [Expr::Literal(Literal::Int(digits)), Expr::Literal(Literal::Int(scale))],
            } => {
                let parts = i64::try_from(*digits).ok().zip(u32::try_from(*scale).ok());
                let decimal = parts.and_then(|(digits, scale)| Decimal::try_new(digits, scale).ok());
                if let Some(value) = decimal {
                    self.add(Type::Decimal, Content::Decimal(value));
                }
            }
            Expr::Match { arms, .. } => arms.iter().for_each(|arm| self.pattern(&arm.pattern)),
            _ => {}
        });
    }
}

/// The value next to this one, upwards or downwards, where its type has one.
pub(super) fn neighbour(value: &Content, upwards: bool) -> Option<Content> {
    use crate::value::{Duration, Timestamp};
    let by = if upwards { 1 } else { -1 };
    Some(match value {
        Content::Present(value) => Content::present(neighbour(value, upwards)?),
        Content::Int32(value) => Content::Int32(value.checked_add(by)?),
        Content::Int64(value) => Content::Int64(value.checked_add(by.into())?),
        Content::UInt32(value) => Content::UInt32(value.checked_add_signed(by)?),
        Content::Size(value) => {
            Content::Size(if upwards { value.checked_add(1)? } else { value.checked_sub(1)? })
        }
        Content::Number(value) => Content::Number(value.checked_add(by.into())?),
        Content::Decimal(value) => {
            let step = Decimal::try_new(by.into(), value.scale().min(2)).ok()?;
            Content::Decimal(value.checked_add(step)?)
        }
        Content::Money(money) => {
            let step = Decimal::try_new(by.into(), 2).ok()?;
            Content::Money(crate::value::Money { amount: money.amount.checked_add(step)?, ..*money })
        }
        Content::Timestamp(value) => {
            Content::Timestamp(Timestamp::from_micros(value.as_micros().checked_add(by.into())?).ok()?)
        }
        Content::Duration(value) => {
            Content::Duration(Duration::from_micros(value.as_micros().checked_add(by.into())?).ok()?)
        }
        Content::Date(value) => Content::Date(value.checked_plus_days(by.into())?),
        Content::Text(text) if upwards => Content::Text(format!("{text}a")),
        Content::Text(text) => {
            let mut shorter = text.clone();
            shorter.pop()?;
            Content::Text(shorter)
        }
        _ => return None,
    })
}
