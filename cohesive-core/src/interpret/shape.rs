//! The type of an expression, where its value alone does not tell: the sum of an empty list, the default of an absent
//! value.

use crate::kernel::arithmetic::Arithmetic;
use crate::model::{BinaryOperator, Expr, FoldOperator, Literal, Type, UnaryOperator};
use crate::value::{Decimal, Duration, Money, Timestamp, Value as _};

use super::{Content, Scope, Stop};

/// What kind of value an expression has.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// A type of the model.
    Of(Type),
    /// A number of elements.
    Size,
    /// A whole number as it is written.
    Number,
    /// Something that may be absent.
    Optional(Box<Self>),
    /// A list of something.
    List(Box<Self>),
}

impl Shape {
    /// What an optional value holds.
    pub(super) fn inner(&self) -> Option<Self> {
        match self {
            Self::Of(Type::Optional(inner)) => Some(Self::Of(**inner)),
            Self::Optional(inner) => Some((**inner).clone()),
            _ => None,
        }
    }

    /// What a list or a set holds.
    pub(super) fn element(&self) -> Option<Self> {
        match self {
            Self::Of(Type::List(inner) | Type::Set(inner)) => Some(Self::Of(**inner)),
            Self::List(inner) => Some((**inner).clone()),
            _ => None,
        }
    }

    /// What `Default::default()` is for this type.
    pub(super) fn default_value(&self) -> Result<Content, Stop> {
        Ok(match self {
            Self::Of(ty) => match ty {
                Type::Bool => Content::Bool(false),
                Type::Int32 => Content::Int32(0),
                Type::Int64 => Content::Int64(0),
                Type::UInt32 => Content::UInt32(0),
                Type::Decimal => Content::Decimal(Decimal::default()),
                Type::Text => Content::Text(String::new()),
                Type::Bytes => Content::Bytes(Vec::new()),
                Type::Timestamp => Content::Timestamp(Timestamp::default()),
                Type::Duration => Content::Duration(Duration::default()),
                Type::Optional(_) => Content::Absent,
                Type::List(_) => Content::List(Vec::new()),
                Type::Set(_) => Content::Set(Vec::new()),
                Type::Uuid => Content::Uuid(crate::value::Uuid::nil()),
                other => return Err(Stop::opaque(format!("the default value of {other:?}"))),
            },
            Self::Size => Content::Size(0),
            Self::Number => Content::Number(0),
            Self::Optional(_) => Content::Absent,
            Self::List(_) => Content::List(Vec::new()),
        })
    }
}

impl Scope<'_> {
    /// The type of an expression, as far as the model says it.
    pub(super) fn shape(&mut self, expr: &Expr) -> Option<Shape> {
        Some(match expr {
            Expr::Field(name) => Shape::Of(self.field_type(name)?),
            Expr::Input(name) => Shape::Of(self.parameter_type(name)?),
            Expr::Context("now") => Shape::Of(Type::Timestamp),
            Expr::Context("actor") => Shape::Of(Type::Optional(&Type::Text)),
            Expr::Context("correlation") | Expr::Concat(_) => Shape::Of(Type::Text),
            Expr::Local(name) => self.local_shape(name)?,
            Expr::Literal(literal) => match literal {
                Literal::Bool(_) => Shape::Of(Type::Bool),
                Literal::Int(_) => Shape::Number,
                Literal::Text(_) => Shape::Of(Type::Text),
                Literal::Decimal(_) => Shape::Of(Type::Decimal),
            },
            Expr::Path(path) => of_content(&self.names.path(self.place, path).ok()?)?,
            Expr::Unary(UnaryOperator::Not, _) => Shape::Of(Type::Bool),
            Expr::Unary(UnaryOperator::Negate, operand) => self.shape(operand)?,
            Expr::Binary(operator, left, right) => self.binary_shape(*operator, left, right)?,
            Expr::Call { receiver, method, .. } => self.call_shape(receiver, method)?,
            Expr::Member(record, name) => member_shape(&self.shape(record)?, name)?,
            Expr::If { then, otherwise, .. } => self.first_shape([*then, *otherwise].into_iter())?,
            Expr::Match { arms, .. } => self.first_shape(arms.iter().map(|arm| &arm.value))?,
            Expr::Record { name, .. } => Shape::Of(Type::Record(self.names.record(name)?)),
            Expr::Construct { name, arguments } => self.construct_shape(name, arguments)?,
            Expr::List(items) => Shape::List(Box::new(self.first_shape(items.iter())?)),
            Expr::Fold { fold, list, binding, body } => self.fold_shape(*fold, list, binding, body)?,
            Expr::Let { name, value, body } => {
                let shape = self.shape(value);
                self.within(name, shape, body)?
            }
            Expr::Context(_) | Expr::Native { .. } => return None,
        })
    }

    /// The shape that is known first; a number as it is written takes another's.
    fn first_shape<'e>(&mut self, values: impl Iterator<Item = &'e Expr>) -> Option<Shape> {
        let mut number = None;
        for value in values {
            match self.shape(value) {
                Some(Shape::Number) => number = Some(Shape::Number),
                Some(shape) => return Some(shape),
                None => {}
            }
        }
        number
    }

    fn within(&mut self, name: &'static str, shape: Option<Shape>, body: &Expr) -> Option<Shape> {
        let mark = self.mark();
        self.bind(name, Content::Absent, shape);
        let shape = self.shape(body);
        self.forget(mark);
        shape
    }

    fn binary_shape(&mut self, operator: BinaryOperator, left: &Expr, right: &Expr) -> Option<Shape> {
        use BinaryOperator::{Add, Divide, Multiply, Remainder, Subtract};
        if !matches!(operator, Add | Subtract | Multiply | Divide | Remainder) {
            return Some(Shape::Of(Type::Bool));
        }
        let (left, right) = (self.shape(left), self.shape(right));
        let instants = left == Some(Shape::Of(Type::Timestamp)) && left == right;
        if instants {
            return Some(Shape::Of(Type::Duration));
        }
        left.filter(|left| *left != Shape::Number).or(right)
    }

    fn call_shape(&mut self, receiver: &Expr, method: &str) -> Option<Shape> {
        Some(match method {
            "len" => Shape::Size,
            "days_since" => Shape::Of(Type::Int64),
            "plus_days" => Shape::Of(Type::Date),
            "min" | "max" | "or" | "abs" | "round_dp" => self.shape(receiver)?,
            "unwrap_or" | "unwrap_or_default" => self.shape(receiver)?.inner()?,
            _ => Shape::Of(Type::Bool),
        })
    }

    fn construct_shape(&mut self, name: &str, arguments: &[Expr]) -> Option<Shape> {
        Some(match name {
            "Some" => Shape::Optional(Box::new(self.shape(arguments.first()?)?)),
            "String::new" | "String::from" => Shape::Of(Type::Text),
            "Decimal::new" | "Decimal::from" => Shape::Of(Type::Decimal),
            "Bytes" => Shape::Of(Type::Bytes),
            _ if name.starts_with("Duration::") => Shape::Of(Type::Duration),
            _ => Shape::Of(Type::Id(self.names.id(name)?)),
        })
    }

    fn fold_shape(
        &mut self,
        fold: FoldOperator,
        list: &Expr,
        binding: &'static str,
        body: &Expr,
    ) -> Option<Shape> {
        match fold {
            FoldOperator::Any | FoldOperator::All => Some(Shape::Of(Type::Bool)),
            FoldOperator::Count => Some(Shape::Size),
            FoldOperator::Find => Some(Shape::Optional(Box::new(self.shape(list)?.element()?))),
            FoldOperator::Sum => {
                let element = self.shape(list)?.element();
                self.within(binding, element, body)
            }
            FoldOperator::Min | FoldOperator::Max => {
                let element = self.shape(list)?.element();
                self.within(binding, element, body).map(|shape| Shape::Optional(Box::new(shape)))
            }
        }
    }

    /// The sum of nothing, in the type that `body` has for an element of `list`.
    pub(super) fn zero(&mut self, list: &Expr, binding: &'static str, body: &Expr) -> Result<Content, Stop> {
        let shape = self.fold_shape(FoldOperator::Sum, list, binding, body);
        let shape = shape.ok_or_else(|| Stop::opaque("the sum of nothing, of a type that is not known"))?;
        match shape.default_value()? {
            zero @ (Content::Int32(_)
            | Content::Int64(_)
            | Content::UInt32(_)
            | Content::Size(_)
            | Content::Number(_)
            | Content::Decimal(_)) => Ok(zero),
            _ => Err(Arithmetic::Overflow.into()),
        }
    }
}

fn member_shape(record: &Shape, name: &str) -> Option<Shape> {
    let Shape::Of(Type::Record(record)) = record else { return None };
    record.members.iter().find(|member| member.name == name).map(|member| Shape::Of(member.ty))
}

/// The shape of a value that says it itself.
pub(super) fn of_content(value: &Content) -> Option<Shape> {
    Some(match value {
        Content::Present(inner) => Shape::Optional(Box::new(of_content(inner)?)),
        Content::Bool(_) => Shape::Of(Type::Bool),
        Content::Int32(_) => Shape::Of(Type::Int32),
        Content::Int64(_) => Shape::Of(Type::Int64),
        Content::UInt32(_) => Shape::Of(Type::UInt32),
        Content::Size(_) => Shape::Size,
        Content::Number(_) => Shape::Number,
        Content::Decimal(_) => Shape::Of(Type::Decimal),
        Content::Text(_) => Shape::Of(Type::Text),
        Content::Bytes(_) => Shape::Of(Type::Bytes),
        Content::Timestamp(_) => Shape::Of(Type::Timestamp),
        Content::Date(_) => Shape::Of(Type::Date),
        Content::Duration(_) => Shape::Of(Type::Duration),
        Content::Uuid(_) => Shape::Of(Type::Uuid),
        Content::Currency(_) => Shape::Of(Type::Currency),
        Content::Money(_) => Shape::Of(Money::TYPE),
        Content::Variant(choice, _) => Shape::Of(Type::Enum(choice)),
        Content::Absent | Content::Record(_) | Content::List(_) | Content::Set(_) | Content::Opaque(_) => {
            return None;
        }
    })
}
